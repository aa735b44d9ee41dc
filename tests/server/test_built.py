"""Names of static files: hashed by the build, kept for years, plain where nothing was built."""

from pathlib import Path
from typing import Any

import pytest
from whitenoise.middleware import WhiteNoiseMiddleware

from server.built import BuiltStorage


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A build of one script, and what it is called."""
    settings.STATICFILES_DIRS = [tmp_path]
    settings.DEBUG = False
    (tmp_path / "main-ABCD1234.js").write_text("1")
    (tmp_path / "service-worker.js").write_text("2")
    (tmp_path / "manifest.json").write_text('{"main.js": "main-ABCD1234.js"}')
    return tmp_path


def test_page_names_what_the_build_made(folder: Path) -> None:
    storage = BuiltStorage()
    assert storage.url("main.js") == "/static/main-ABCD1234.js"
    assert storage.url("service-worker.js") == "/static/service-worker.js"
    assert storage.url("admin/css/base.css") == "/static/admin/css/base.css"


def test_without_a_manifest_names_are_plain(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    assert BuiltStorage().url("main.js") == "/static/main.js"


def test_running_process_keeps_to_one_build(folder: Path) -> None:
    storage = BuiltStorage()
    storage.url("main.js")
    (folder / "manifest.json").write_text('{"main.js": "main-ZZZZ9999.js"}')
    assert storage.url("main.js") == "/static/main-ABCD1234.js"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("main-ABCD1234.js", True),
        ("fonts/inter-latin-2PJX7QWE.woff2", True),
        ("icons-0A1B2C3D.svg", True),
        ("main.js", False),
        ("service-worker.js", False),
        ("admin/css/base.css", False),
        ("manifest.json", False),
    ],
)
def test_only_hashed_names_are_kept_for_years(name: str, kept: bool) -> None:
    found = WhiteNoiseMiddleware(lambda _request: None).immutable_file_test("", f"/static/{name}")
    assert bool(found) is kept
