"""``docs/errors.md`` lists every code that the code can answer with, and its HTTP status."""

import ast
import re
from importlib import import_module
from pathlib import Path

from rest_framework import exceptions

from base.errors import Refusal
from tests.docs.reading import ROOT, code_of, rows_of, text_of

APPS = (
    "base", "live", "jobs", "search", "files", "members", "front", "notices", "moderation", "chat",
    "matchmaking", "server",
)  # fmt: skip
# What Django REST Framework says by itself; see live/problems.py for those that it renames.
FRAMEWORK = (
    exceptions.NotAuthenticated,
    exceptions.AuthenticationFailed,
    exceptions.MethodNotAllowed,
    exceptions.NotAcceptable,
)


def sources() -> list[Path]:
    found = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def classes() -> dict[str, type[Refusal]]:
    """All refusals by name, those of modules that nobody has imported yet as well."""
    for path in sources():
        if re.search(
            r"class \w+\((\w*Refusal|TooMany|Conflict|Invalid|Forbidden)\)", path.read_text()
        ):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found: dict[str, type[Refusal]] = {}
    waiting = [Refusal]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting += kind.__subclasses__()
    return found


def raised() -> set[tuple[str, int]]:
    """Every code with its status: of classes, of ``code="…"`` and of what hands codes on."""
    kinds = classes()
    found = {(kind.code, kind.status) for kind in kinds.values()}
    found |= {(error.default_code, error.status_code) for error in FRAMEWORK}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                for word in node.keywords:
                    value = word.value.value if isinstance(word.value, ast.Constant) else None
                    if word.arg == "code" and name in kinds and isinstance(value, str):
                        found.add((value, kinds[name].status))
                    if word.arg == "too_long" and isinstance(value, str):
                        found.add((value, 422))
            if isinstance(node, ast.FunctionDef) and node.name == "clean_text":
                for default in node.args.kw_defaults:
                    value = default.value if isinstance(default, ast.Constant) else None
                    if isinstance(value, str) and "." in value:
                        found.add((value, 422))
    return found


def test_every_code_stands_there_once_with_its_status() -> None:
    rows = rows_of(text_of("docs/errors.md"))
    assert sorted((code_of(row[0]), int(row[1])) for row in rows) == sorted(raised())


def test_every_code_has_a_meaning_and_an_advice() -> None:
    rows = rows_of(text_of("docs/errors.md"))
    assert [row[0] for row in rows if len(row) != 4 or not all(row)] == []
