"""Words of a text as the search compares them: cut, lower case, without accents; marks in a text.

Invariant: index and query are folded by the same function, on every database, so a search for
"Lodz" finds "Łódź" and the other way round.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from search.vocabulary import SNIPPET

_WORD: Final = re.compile(r"[^\W_]+")
_MARKED_WORD: Final = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_TAG: Final = re.compile(r"<(/?(?:a|code|em|s|span|strong)\b)?(?:[^<>\"]|\"[^\"]*\")*>")
# Letters that Unicode does not take apart.
_LETTERS: Final = str.maketrans({
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n",
})  # fmt: skip
_MARKS: Final = {"Mn", "Me"}
_LEAD: Final = SNIPPET // 4
_SHORTEST_STEM: Final = 4
_LONGEST_ENDING: Final = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it is what was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """One folded word that is looked for; a prefix stands for every word that begins so."""

    word: str
    is_prefix: bool = False


def fold(text: str) -> str:
    """The text in the form in which words are compared."""
    if text.isascii():
        return text.lower()
    # Compatibility forms may be capitals, and case folding may compose (Unicode, D146).
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    letters = apart.translate(_LETTERS)
    return "".join(letter for letter in letters if unicodedata.category(letter) not in _MARKS)


def words(text: str) -> list[str]:
    """The words of a text in order, as they are written."""
    return _WORD.findall(text)


def folded(text: str) -> str:
    """The folded words of a text, with a space between each two: what goes into the index."""
    return " ".join(_WORD.findall(fold(text)))


def plain(cleaned: str) -> str:
    """The words of rendered and cleaned HTML, in one line."""
    return " ".join(html.unescape(_TAG.sub(lambda tag: "" if tag[1] else " ", cleaned)).split())


def snippet(text: str, wanted: Sequence[Wanted], limit: int = SNIPPET) -> list[Piece]:
    """A part of the text around the first word that is looked for, cut into pieces.

    A reading aid: a word is also marked where it differs from the wanted one by an ending. Without
    the ellipses the pieces together are a part of the text, to the letter; nothing is HTML.
    """
    found = [(at, end) for at, end in _matches(text, wanted) if at < end]
    start = max(0, found[0][0] - _LEAD) if found and len(text) > limit else 0
    if start:
        space = text.find(" ", start, found[0][0])
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + limit)
    if end < len(text):
        space = text.rfind(" ", start + limit * 2 // 3, end)
        end = space if space >= 0 else end
    pieces = [Piece("…", is_match=False)] if start else []
    place = start
    for at, until in found:
        if at < place or until > end:
            continue
        if at > place:
            pieces.append(Piece(text[place:at], is_match=False))
        pieces.append(Piece(text[at:until], is_match=True))
        place = until
    if place < end:
        pieces.append(Piece(text[place:end], is_match=False))
    if end < len(text):
        pieces.append(Piece("…", is_match=False))
    return pieces


def _matches(text: str, wanted: Sequence[Wanted]) -> Iterator[tuple[int, int]]:
    """Where the words stand that are looked for."""
    exact = {each.word for each in wanted}
    for found in _MARKED_WORD.finditer(text):
        word = fold(found[0])
        if word in exact or any(_is_like(word, each) for each in wanted):
            yield found.span()


def _is_like(word: str, wanted: Wanted) -> bool:
    if wanted.is_prefix:
        return word.startswith(wanted.word)
    shortest = max(_SHORTEST_STEM, len(wanted.word) - _LONGEST_ENDING)
    if len(word) > len(wanted.word) + _LONGEST_ENDING or len(word) < shortest:
        return False
    return word[:shortest] == wanted.word[:shortest] and len(wanted.word) >= _SHORTEST_STEM
