"""Reading Markdown documents as tests need them."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(name: str) -> str:
    """A document of the repository, by its path."""
    return (ROOT / name).read_text(encoding="utf-8")


def rows_of(text: str) -> list[list[str]]:
    """The cells of all tables' rows, heads and rules left out."""
    rows: list[list[str]] = []
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if set(line) <= set("|-: ") or (following and set(following) <= set("|-: ")):
            continue
        rows.append([cell.strip() for cell in line[1:].removesuffix("|").split("|")])
    return rows


def code_of(cell: str) -> str:
    """What a cell says in code type, "" where nothing."""
    found = re.fullmatch(r"`([^`]*)`", cell.strip())
    return found[1] if found else ""


def blocks_of(text: str, language: str) -> list[str]:
    """The fenced blocks of that language."""
    return [body for kind, body in _FENCE.findall(text) if kind == language]


def examples_of(text: str) -> list[dict[str, Any]]:
    """The JSON examples: one object a line."""
    lines = [line for block in blocks_of(text, "json") for line in block.splitlines()]
    return [json.loads(line) for line in lines if "…" not in line and "–" not in line]


def links_of(text: str) -> list[str]:
    """Targets of links and pictures outside of code."""
    without = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))
    return _LINK.findall(without)


def anchors_of(text: str) -> set[str]:
    """The anchors that headings get."""
    heads = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", head.lower().replace("`", "")).strip().replace(" ", "-")
        for head in heads
    }
