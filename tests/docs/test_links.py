"""Links between documents lead somewhere, and commands that they name exist."""

import re
from pathlib import Path

import pytest

from tests.docs.reading import DOCS, ROOT, anchors_of, blocks_of, links_of, text_of

DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    broken = []
    for link in links_of(text_of(name)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        anchors = anchors_of(target.read_text("utf-8")) if anchor and target.exists() else {anchor}
        if not target.exists() or anchor not in anchors:
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", NAMES)
def test_make_targets_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    code = "\n".join([*re.findall(r"`([^`\n]+)`", text_of(name)), *blocks_of(text_of(name), "sh")])
    named = set(re.findall(r"\bmake ([a-z]+)", code))
    assert named - targets == set()


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_named_exist(name: str) -> None:
    """Paths in code type, such as `live/hub.py` or `chat/live.py: register`."""
    named = re.findall(r"`((?:[a-z_]+/)+[\w.\-]+\.(?:py|md|ts|css|html))\b", text_of(name))
    apart = {path for path in named if not (ROOT / path).exists()}
    relative = {path for path in apart if not list(ROOT.glob(f"*/{path}"))}
    assert relative == set()


def test_every_app_is_in_the_architecture() -> None:
    apps = {path.parent.name for path in Path(ROOT).glob("*/apps.py")}
    text = text_of("docs/architecture.md")
    assert {app for app in apps if f"| `{app}/` |" not in text} == set()
