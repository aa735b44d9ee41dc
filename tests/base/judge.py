"""An independent judge of rendered HTML: what it does not name is a finding.

It repeats the allow-list on purpose, so that a change of the code's list alone is found.
"""

import re
from html.parser import HTMLParser
from typing import Final

_VOID: Final = {"br", "hr"}
TAGS: Final = _VOID | {
    "a", "blockquote", "code", "em", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES: Final = {
    "a.class", "a.href", "a.rel", "a.title", "ol.start", "strong.class", "td.class", "th.class",
}  # fmt: skip
_SAFE_ADDRESS: Final = re.compile(r"(?:https?:|mailto:|[^:]*$|[^:]*[/?#])", re.IGNORECASE)
_REL: Final = "nofollow noopener noreferrer ugc"


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.findings: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.findings.append(f"tag {tag}")
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "a" and ("rel", _REL) not in attrs:
            self.findings.append(f"link without rel {attrs}")
        self.findings += [
            f"attribute {name}={value!r} of {tag}"
            for name, value in attrs
            if not _is_known(tag, name, value or "")
        ]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.findings.append(f"unbalanced {tag}")

    def handle_comment(self, data: str) -> None:
        self.findings.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.findings.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.findings.append(f"instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.findings.append(f"section {data!r}")


def _is_known(tag: str, name: str, value: str) -> bool:
    match name:
        case "href":
            is_safe = _SAFE_ADDRESS.match("".join(value.split())) is not None
        case "rel":
            is_safe = value == _REL
        case "class" if tag in {"a", "strong"}:
            is_safe = value == "mention"
        case "class":
            is_safe = value in {"align-left", "align-center", "align-right"}
        case _:
            is_safe = True
    return is_safe and f"{tag}.{name}" in ATTRIBUTES


def findings(html: str) -> list[str]:
    """What in a piece of HTML may not be there; empty where all is well."""
    judge = _Judge()
    try:
        judge.feed(html)
        judge.close()
    except AssertionError as broken:
        return [f"not HTML: {broken}"]
    judge.findings += [f"open {tag}" for tag in judge.open]
    judge.findings += ["raw <"] if re.search(r"<(?![a-z/])", html) else []
    return judge.findings
