"""Pure calculations of the front: the outline of a page's text."""

import re
from functools import lru_cache

from base.text import render

# What ``base.text.render`` makes: no attributes, and never an h1.
_HEADING = re.compile(r"<h([2-6])>(.*?)</h\1>", re.DOTALL)
_TOP = 2


def outlined(html: str) -> str:
    """Rendered text whose headings start at h2, below the page's own, and leave no level out.

    A screen reader's list of headings has no holes then, whatever signs the text was written with.
    """
    above: list[int] = []

    def placed(found: re.Match[str]) -> str:
        level = int(found[1])
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        tag = f"h{_TOP + len(above) - 1}"
        return f"<{tag}>{found[2]}</{tag}>"

    return _HEADING.sub(placed, html)


@lru_cache(maxsize=64)
def page_html(text: str) -> str:
    """What the operator wrote, as the HTML of a page: by the rules of today, whenever it was."""
    return outlined(render(text))
