"""What members write, made safe to show: Markdown to HTML, plain excerpts, checked input.

Invariants:
    Text is kept to the letter: nothing here alters what is stored, it only refuses
    (``clean_text``) or derives (``render``, ``excerpt``).
    HTML leaves this module only through ``clean``, or as escaped text in ``p`` and ``br``.
    ``ALLOWED`` is the one allow-list; both cleaners are configured from it.
    No page makes a request to another origin because of what is rendered here: images become
    links.
    Time and size are bounded for any input: see ``MAX_DEPTH``, ``MAX_TOKENS``, ``MAX_HTML_BYTES``.
"""

import logging
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import nh3
from bleach.sanitizer import Cleaner
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from base import mentions
from base.emoji import with_emoji
from base.errors import Invalid

MAX_HTML_BYTES: Final = 80 * 1024
"""Longer HTML (UTF-8) is shown as plain text instead, so that an event stays under its limit."""

MAX_DEPTH: Final = 40
"""Elements within elements; the cleaners take quadratic time in it."""

MAX_TOKENS: Final = 30_000
"""Parts of a parsed text, as markdown-it counts them: bounds the time of the cleaners."""

MAX_OPENERS: Final = 1_000
"""Occurrences of one character that makes the parser look ahead, ``_LOOKAHEAD``."""

MAX_ADDRESSES: Final = 300
"""Beginnings of bare addresses: the search for their ends takes quadratic time."""

MAX_CELLS: Final = 20_000
"""Columns times lines, should the text be one table: short rows are filled up with cells."""

MAX_CONTINUED: Final = 100_000
"""Length of the marks before a line times lines, should all the others continue that one."""

HEADING_SHIFT: Final = 2
"""``# x`` becomes h3: h1 is the page's, h2 its parts'."""


@dataclass(frozen=True, slots=True)
class AllowList:
    """What rendered text may consist of.

    Attributes:
        attributes: per tag; None allows any value, a set these values only.
        schemes: of addresses that have one; relative addresses stay.
        rel: set on every link, replacing what it had.
    """

    tags: frozenset[str]
    attributes: Mapping[str, Mapping[str, frozenset[str] | None]]
    schemes: frozenset[str]
    rel: str


_ALIGNED: Final = {"class": frozenset({"align-left", "align-center", "align-right"})}

_TAGS: Final = frozenset({
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
})  # fmt: skip

ALLOWED: Final = AllowList(
    tags=_TAGS,
    attributes={
        "a": {"href": None, "title": None, "class": frozenset({"mention"})},
        "ol": {"start": None},
        "strong": {"class": frozenset({"mention"})},
        "td": _ALIGNED,
        "th": _ALIGNED,
    },
    schemes=frozenset({"http", "https", "mailto"}),
    rel="nofollow noopener noreferrer ugc",
)

_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_UNREADABLE: Final = re.compile("[\0\ud800-\udfff]")
_SCHEME: Final = re.compile(r"\s*([^/?#:]*):")

# Whatever may begin markup anywhere, or at the start of a line; what is left needs no parser.
# Controls are in it because the cleaners replace them.
_MARKUP: Final = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\\`*_~\[<|@]"
    r"|&[#A-Za-z0-9]"
    r"|https?:|mailto:|www\."
    r"|:[\w+-]{2,60}:"
    r"|^(?: {4}| {0,3}(?:[-+=>#]|[0-9]{1,9}[.)]))",
    re.IGNORECASE | re.MULTILINE,
)
_LOOKAHEAD: Final = "`[]<@"
_MARKS: Final = re.compile(r"^(?:[ \t]*(?:[-+*>]|[0-9]{1,9}[.)]))+", re.MULTILINE)
_ADDRESS: Final = re.compile(r"https?:|mailto:|www\.", re.IGNORECASE)


def has_markup(text: str) -> bool:
    """Whether rendering this text takes more than escaping it."""
    return _MARKUP.search(text) is not None


def render(text: str) -> str:
    """HTML of a text in the site's Markdown: CommonMark without raw HTML and images.

    Also tables, strikethrough, task lists, bare addresses, mentions and the short names of
    emoji; a line break is a line break.
    NUL and lone surrogates become U+FFFD. The result has no line end at its end, is a fixed
    point of ``clean``, and is at most ``MAX_HTML_BYTES``, or six bytes a character and 16 bytes a
    paragraph where even plain text is longer. Whatever would be slow or too long is shown as
    plain text.
    """
    if not _MARKUP.search(text):
        return _plain(text)
    text = _UNREADABLE.sub("\ufffd", text)
    tokens = _parse(text)
    if tokens is None:
        return _plain(text)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    if len(html.encode()) > MAX_HTML_BYTES:
        return _plain(text)
    html = clean(html.rstrip("\n"))
    return html if len(html.encode()) <= MAX_HTML_BYTES else _plain(text)


def clean(html: str) -> str:
    """HTML reduced to ``ALLOWED``; first by bleach, last by nh3. Cleaning twice changes nothing."""
    # What a browser would read in its place; else cleaning once more would change it.
    return _NH3.clean(_bleach(html)).replace("\r", "\n")


def excerpt(text: str, limit: int) -> str:
    """One line of plain text without markup, at most ``limit`` characters (>= 1).

    Shortened at a word where there is one near, never within a character and its marks, and
    then ends in ``…``.
    """
    tokens = None
    if _MARKUP.search(text):
        text = _UNREADABLE.sub("\ufffd", text)
        tokens = _parse(text)
    line = " ".join((text if tokens is None else "".join(_words(tokens))).split())
    if len(line) <= limit:
        return line
    end = limit - 1
    while end and _joins(line, end):
        end -= 1
    space = line.rfind(" ", end * 2 // 3, end + 1)
    return line[: space if space > 0 else end].rstrip() + "…"


def clean_text(
    text: str, max_length: int, *, field: str = "text", too_long: str = "text.too_long"
) -> str:
    """The text itself, unaltered, if it can be stored and is short enough.

    Args:
        text: as it came from outside.
        max_length: in characters (code points).
        field: the name under which a refusal reports.
        too_long: the refusal code for a longer text.

    Raises:
        Invalid: ``text.unreadable`` for NUL (which PostgreSQL cannot store) and lone surrogates
            (which UTF-8 cannot), ``too_long`` for a longer text.
    """
    if len(text) > max_length:
        detail = format_lazy(_("At most {limit} characters."), limit=_number(max_length))
        raise Invalid(code=too_long, detail=detail, fields={field: [detail]})
    if _UNREADABLE.search(text):
        detail = _("The text contains characters that cannot be stored.")
        raise Invalid(code="text.unreadable", detail=detail, fields={field: [detail]})
    return text


def one_line(text: str) -> str:
    """The text as a name is kept: on one line, without what nobody sees.

    Left out are controls, and marks that have no width or turn the direction of what follows: with
    them a name could pass for another, or turn the line around that it stands in.
    """
    return _UNSEEN.sub("", " ".join(text.split())).strip()


def _grouped(value: int) -> str:
    return number_format(value, force_grouping=True)


_number = lazy(_grouped, str)


class _Markdown(MarkdownIt):
    """The site's Markdown; safe to share between threads."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (markdown-it's name)
        """Other schemes than the allowed make no link: the text stays as it was written."""
        return _has_allowed_scheme(url)


def _markdown() -> _Markdown:
    markdown = _Markdown(
        "commonmark",
        {"html": False, "linkify": True, "breaks": True, "xhtmlOut": False, "langPrefix": ""},
    )
    markdown.enable(["table", "strikethrough", "linkify"])
    linkify = LinkifyIt(options={"fuzzy_link": False})
    # "Danke.Es" is no address: without a scheme only www. and e-mail addresses are links.
    linkify.add("ftp:", None).add("//", None)
    linkify.add("www.", {"validate": _www_length, "normalize": _www_address})
    markdown.linkify = linkify
    markdown.inline.ruler.before("link", "mention", mentions.rule)
    for rule in (_shift_headings, _tick_boxes, _link_images, _align_cells, _drop_info, _emoji):
        markdown.core.ruler.push(rule.__name__, rule)
    return markdown


def _www_length(linkify: LinkifyIt, text: str, position: int) -> int:
    pattern = linkify.re.setdefault(
        "www",
        re.compile(linkify.re["src_host_port_strict"] + linkify.re["src_path"], re.IGNORECASE),
    )
    found = pattern.match(text, position)
    return found.end() - position if found else 0


def _www_address(_linkify: LinkifyIt, match: Match) -> None:
    match.url = "https://" + match.url


def _shift_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + HEADING_SHIFT, 6)}"


def _tick_boxes(state: StateCore) -> None:
    """``- [x] done`` with a sign instead of an input, which would need a label."""
    for item, _paragraph, inline in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        if item.type == "list_item_open" and inline.type == "inline" and inline.children:
            first = inline.children[0]
            if first.type == "text" and first.content[:4] in _BOXES:
                first.content = _BOXES[first.content[:4]] + first.content[4:]


_BOXES: Final = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def _link_images(state: StateCore) -> None:
    """An image is a link to it, named by its description; within a link only the description."""
    for inline in state.tokens:
        if not any(child.type == "image" for child in inline.children or ()):
            continue
        children: list[Token] = []
        in_link = 0
        for child in inline.children or ():
            in_link += child.nesting if child.type in {"link_open", "link_close"} else 0
            if child.type != "image":
                children.append(child)
                continue
            source = str(child.attrs.get("src", ""))
            name = "".join(_words(child.children or [])).strip() or source
            shown = Token("text", "", 0, content=name)
            if in_link or not source:
                children.append(shown)
                continue
            attrs: dict[str, str | int | float] = {"href": source}
            if title := child.attrs.get("title"):
                attrs["title"] = title
            opened = Token("link_open", "a", 1, attrs=attrs)
            children += [opened, shown, Token("link_close", "a", -1)]
        inline.children = children


def _align_cells(state: StateCore) -> None:
    """Classes for alignment: the content security policy stops inline styles."""
    for token in state.tokens:
        style = token.attrs.pop("style", None) if token.type in {"th_open", "td_open"} else None
        if style is not None:
            token.attrs["class"] = "align-" + str(style).removeprefix("text-align:")


def _drop_info(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "fence":
            token.info = ""


def _emoji(state: StateCore) -> None:
    """Emoji for their short names, but not in code and bare addresses."""
    for inline in state.tokens:
        is_address = False
        for token in inline.children or ():
            if token.type == "link_open":
                is_address = token.info == "auto"
            elif token.type == "link_close":
                is_address = False
            elif token.type == "text" and not is_address:
                token.content = with_emoji(token.content)


_MARKDOWN: Final = _markdown()
_NESTING: Final = int(_MARKDOWN.options["maxNesting"])

# It describes its state at every step, which takes longer than the step.
logging.getLogger("markdown_it").setLevel(logging.INFO)


def _parse(text: str) -> list[Token] | None:
    """The tokens of a text, or None where it is cheaper to show it as it is."""
    if _is_costly(text):
        return None
    tokens = _MARKDOWN.parse(text)
    depth = 0
    for total, token in enumerate(_flat(tokens)):
        depth += token.nesting
        # Blocks within this many the parser would leave out.
        is_cut = token.block and token.nesting == 1 and token.level >= _NESTING - 1
        if is_cut or depth > MAX_DEPTH or total > MAX_TOKENS:
            return None
    return tokens


def _is_costly(text: str) -> bool:
    if any(text.count(character) > MAX_OPENERS for character in _LOOKAHEAD):
        return True
    if len(_ADDRESS.findall(text)) > MAX_ADDRESSES:
        return True
    lines = text.split("\n")
    columns = max(line.count("|") for line in lines)
    marks = max((len(found[0]) for found in _MARKS.finditer(text)), default=0)
    return columns * len(lines) > MAX_CELLS or marks * len(lines) > MAX_CONTINUED


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in _flat(tokens):
        if token.type in {"text", "code_inline", "code_block", "fence"}:
            yield token.content
        elif token.block or token.type in {"softbreak", "hardbreak"}:
            yield " "


def _joins(line: str, position: int) -> bool:
    """Whether the character there belongs to the one before it (marks, emoji sequences)."""
    here = line[position]
    return (
        unicodedata.category(here) in {"Mn", "Mc", "Me", "Cf"}
        or "\U0001f3fb" <= here <= "\U0001f3ff"
        or line[position - 1] == "\u200d"
    )


def _plain(text: str) -> str:
    """Escaped text, as the parser and both cleaners would give it back for text without markup."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if stripped := line.strip(" "):
            paragraphs[-1].append(stripped)
        elif paragraphs[-1]:
            paragraphs.append([])
    texts = (mdTrim("\n".join(lines)) for lines in paragraphs if lines)
    html = "\n".join("<p>" + text.replace("\n", "<br>\n") + "</p>" for text in texts)
    return html.replace("\xa0", "&nbsp;")


_local = threading.local()


def _bleach(html: str) -> str:
    """One cleaner per thread, since its parser keeps state."""
    cleaner: Cleaner | None = getattr(_local, "cleaner", None)
    if cleaner is None:
        cleaner = _local.cleaner = Cleaner(
            tags=ALLOWED.tags,
            attributes=_is_allowed,
            protocols=ALLOWED.schemes,
            strip=True,
        )
    return cleaner.clean(html)


def _is_allowed(tag: str, attribute: str, value: str) -> bool:
    values = ALLOWED.attributes.get(tag, {}).get(attribute, frozenset())
    if attribute == "href" and not _has_allowed_scheme(value):
        return False
    return values is None or value in values


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    # The filter comes after nh3 has set its own rel.
    return value if attribute == "rel" or _is_allowed(tag, attribute, value) else None


def _has_allowed_scheme(url: str) -> bool:
    """Whether the address is relative or of an allowed scheme; any other colon is neither."""
    scheme = _SCHEME.match(url)
    return scheme is None or scheme[1].lower() in ALLOWED.schemes


_NH3: Final = nh3.Cleaner(
    tags=set(ALLOWED.tags),
    attributes={
        tag: {name for name, values in attributes.items() if values is None}
        for tag, attributes in ALLOWED.attributes.items()
    },
    tag_attribute_values={
        tag: {name: set(values) for name, values in attributes.items() if values is not None}
        for tag, attributes in ALLOWED.attributes.items()
    },
    url_schemes=set(ALLOWED.schemes),
    attribute_filter=_filtered,
    link_rel=ALLOWED.rel,
    strip_comments=True,
)
