"""People and organisations named in a text: ``@[Anna Tamm](member:5)``, and ``@here``.

The name in brackets is what the text says without any of this; the number is who is meant, also
after they took another name. Invariant: a mention in rendered HTML is exactly what :func:`rule`
made of one, since nothing that a member writes can carry the class ``mention``.
"""

import re
from collections.abc import Mapping
from typing import Final

from markdown_it.rules_inline import StateInline

ADDRESSES: Final = {"member": "/members/{}/", "organisation": "/organisations/{}/"}
"""Where each kind of thing that can be named has its page."""

HERE: Final = ("here", 0)
"""Everybody who is in the place where it is said."""

FORMER: Final = "@…"
"""What is left of the mention of a member who was erased."""

Mentioned = tuple[str, int]
"""A kind of thing and its number; the number of ``here`` is 0."""

_NAMED: Final = re.compile(r"@\[([^\[\]\n]{1,160})\]\((member|organisation):([1-9][0-9]{0,17})\)")
_HERE: Final = re.compile(r"@here(?![\w@-]|\.\w)", re.IGNORECASE)
_KINDS: Final = {address.split("/")[1]: kind for kind, address in ADDRESSES.items()}
_LINK: Final = re.compile(
    r'<a (?=[^>]*class="mention")[^>]*href="/(members|organisations)/([0-9]+)/"[^>]*>@(.*?)</a>'
)
_HERE_HTML: Final = '<strong class="mention">@here</strong>'


def rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """The parser's rule for both forms."""
    if state.src[state.pos] != "@":
        return False
    named = _NAMED.match(state.src, state.pos, state.posMax)
    here = None if named else _HERE.match(state.src, state.pos, state.posMax)
    if here and state.pos and _is_word(state.src[state.pos - 1]):
        return False
    found = named or here
    if found is None:
        return False
    if not silent:
        tag, attrs = "strong", {"class": "mention"}
        if named:
            tag, attrs["href"] = "a", ADDRESSES[named[2]].format(named[3])
        kind = "link" if named else "strong"
        opened = state.push(f"{kind}_open", tag, 1)
        opened.attrs = {**attrs}
        state.push("text", "", 0).content = f"@{named[1]}" if named else "@here"
        state.push(f"{kind}_close", tag, -1)
    state.pos = found.end()
    return True


def _is_word(character: str) -> bool:
    return character.isalnum() or character in "_.@-"


def mentioned_in(html: str) -> list[Mentioned]:
    """Whom rendered HTML names, each once, in order."""
    if 'class="mention"' not in html:
        return []
    found = [(_KINDS[link[1]], int(link[2])) for link in _LINK.finditer(html)]
    return list(dict.fromkeys(found + ([HERE] if _HERE_HTML in html else [])))


def with_names(html: str, names: Mapping[Mentioned, str], *, keep_others: bool) -> str:
    """The HTML with the names that those mentioned have now.

    Args:
        html: As :func:`base.text.render` made it.
        names: What they are called, as plain text.
        keep_others: Whether a mention without a name here stays as it was written; else it
            becomes mere text.
    """

    def replaced(link: re.Match[str]) -> str:
        name = names.get((_KINDS[link[1]], int(link[2])))
        if name is None:
            return link[0] if keep_others else "@" + link[3]
        start, end = link.start(3) - link.start(), link.end(3) - link.start()
        return link[0][:start] + _escaped(name) + link[0][end:]

    return _LINK.sub(replaced, html)


def without_member(text: str, number: int) -> str:
    """A text, or HTML rendered from one, that names this member no more: an ellipsis is left."""
    if f"(member:{number})" in text:
        text = _NAMED.sub(
            lambda said: FORMER if said.group(2, 3) == ("member", str(number)) else said[0], text
        )
    address = ADDRESSES["member"].format(number)
    if f'href="{address}"' in text:
        text = _LINK.sub(lambda link: FORMER if f'href="{address}"' in link[0] else link[0], text)
    return text


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
