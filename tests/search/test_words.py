"""Words are compared without case and accents; a snippet is a part of the text, to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.text import render
from search.words import Wanted, fold, folded, plain, snippet


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Łódź, Ærø & Œuvre", "lodz aero oeuvre"),
        ("STRASSE Straße", "strasse strasse"),
        ("Привет, ёлка! Йод", "привет елка иод"),
        ("foo_bar re:mind 1,5", "foo bar re mind 1 5"),
        ("A\u030angstro\u0308m Ångström", "angstrom angstrom"),
        ("👍 — …", ""),
    ],
)
def test_folded(text: str, words: str) -> None:
    assert folded(text) == words


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def marked(text: str, *words: str, limit: int = 220) -> str:
    """The snippet with brackets around what is marked."""
    pieces = snippet(text, [Wanted(w.rstrip("*"), is_prefix=w.endswith("*")) for w in words], limit)
    return "".join(f"[{each.text}]" if each.is_match else each.text for each in pieces)


def test_snippet_marks_words_and_their_endings() -> None:
    assert marked("Kõik näitused, NÄITUS!", "naitus") == "Kõik [näitused], [NÄITUS]!"
    assert marked("An art party", "art") == "An [art] party"
    assert marked("An art party", "art*") == "An [art] party"
    assert marked("arts and artists", "art*") == "[arts] and [artists]"
    assert marked("<b>bold</b>", "b") == "<[b]>bold</[b]>"


def test_snippet_of_a_long_text_begins_near_the_match() -> None:
    text = "before " * 60 + "harbour " + "after " * 60
    shown = marked(text, "harbour", limit=100)
    assert shown.startswith("…before ")
    assert shown.endswith("after…")
    assert "[harbour]" in shown


@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=5), max_size=3), st.booleans())
def test_pieces_are_a_part_of_the_text(text: str, words: list[str], is_prefix: bool) -> None:
    wanted = [Wanted(word, is_prefix) for each in words for word in folded(each).split()]
    pieces = snippet(text, wanted, 80)
    if pieces and pieces[0].text == "…" and not text.startswith("…"):
        pieces = pieces[1:]
    joined = "".join(piece.text for piece in pieces)
    assert joined in text or joined.removesuffix("…") in text
    assert all(piece.text for piece in pieces)


def test_plain_keeps_words_whole_and_apart() -> None:
    html = render('**Werk**statt <b>\n\n- a\n- b & c\n\n[x](https://e.example "a > b")')
    assert plain(html) == "Werkstatt <b> a b & c x"
