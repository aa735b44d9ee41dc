"""What a page on the web says of itself: title, description, site and picture, from its HTML.

The HTML is a stranger's: only plain words and one address leave here, and their length is bounded.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

MAX_TITLE: Final = 200
MAX_DESCRIPTION: Final = 400
MAX_SITE: Final = 100
MAX_URL: Final = 2000
# Encodings of the web alone: Python has others, which unpack or rewrite.
_CHARSET: Final = re.compile(
    r"utf-?8|utf-16(?:le|be)?|us-ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125\d|cp125\d|koi8-[ru]"
    r"|big5|gbk|gb2312|gb18030|shift_jis|euc-(?:jp|kr)|macintosh|ibm866"
)
_META: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE
)
_LOOKED_AT: Final = 4096
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# As browsers read them.
_MEANT: Final = {"us-ascii": "cp1252", "iso-8859-1": "cp1252", "macintosh": "mac-roman"}
_UNSHOWN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What a page says of itself; any of it may be empty.

    Attributes:
        picture: Absolute address of its picture.
    """

    title: str
    description: str
    site: str
    picture: str


def decoded(body: bytes, charset: str) -> str:
    """The text of a page: by its byte order mark, its header, its own word, else UTF-8."""
    for mark, name in _MARKS.items():
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    own = _META.search(body[:_LOOKED_AT])
    named = own[1].decode("ascii").lower() if own else ""
    # A page in UTF-16 could not say so in ASCII.
    named = "utf-8" if named.startswith("utf-16") else named
    for name in (charset.lower(), named):
        if _CHARSET.fullmatch(name):
            return body.decode(_MEANT.get(name, name), "replace")
    return body.decode("utf-8", "replace")


def card_of(html: str, url: str) -> LinkCard:
    """What the HTML of the page at that address says of it."""
    tree = LexborHTMLParser(html)
    said: dict[str, str] = {}
    for meta in tree.css("meta")[:200]:
        given = meta.attributes
        name = (given.get("property") or given.get("name") or "").strip().lower()
        content = given.get("content") or ""
        if content.strip():
            said.setdefault(name, content)
    title = tree.css_first("title")
    picture = said.get("og:image:secure_url") or said.get("og:image") or said.get("twitter:image")
    return LinkCard(
        title=_line(
            said.get("og:title") or said.get("twitter:title") or (title.text() if title else ""),
            MAX_TITLE,
        ),
        description=_line(
            said.get("og:description")
            or said.get("twitter:description")
            or said.get("description", ""),
            MAX_DESCRIPTION,
        ),
        site=_line(said.get("og:site_name", ""), MAX_SITE),
        picture=_absolute(picture or "", url),
    )


def _line(text: str, limit: int) -> str:
    """One line without characters that change how others are read, shortened."""
    line = " ".join(_UNSHOWN.sub(" ", text[: limit * 8]).split())
    line = line.encode("utf-8", "replace").decode()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _absolute(picture: str, url: str) -> str:
    try:
        found = urljoin(url, picture.strip()) if picture.strip() else ""
    except ValueError:
        return ""
    return found if found.startswith(("https://", "http://")) and len(found) <= MAX_URL else ""
