"""One server with the demo, one Chromium, and members who are signed in."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.world import PATIENCE_MS, Desk, Office, desk
from tests.services import ServerProcess, Site

logging.getLogger("httpx").setLevel(logging.WARNING)
EMAILS = {
    "anna": "anna@demo.example",
    "jonas": "jonas@demo.example",
    "liina": "liina@demo.example",
    "staff": "staff@demo.example",
}
OpenDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; skipped where it is not installed, but not in CI."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("Chromium is missing, and CI has it")
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with the demo in it; asked for after Chromium, which may be missing."""
    site = Site.on_sqlite(tmp_path_factory.mktemp("demo"), WRITES_PER_S="50", WRITES_BURST="100")
    site.manage("seed", "-v0")
    return site


@pytest.fixture(scope="session")
def server(demo: Site) -> Iterator[ServerProcess]:
    """The process that serves it."""
    with demo.server() as process:
        yield process


@pytest.fixture(scope="session")
def states(browser: Browser, server: ServerProcess) -> dict[str, Any]:
    """Cookies of members who have signed in, by first name."""
    kept = {}
    for name, email in EMAILS.items():
        with desk(browser, server.port) as one:
            one.sign_in(email)
            kept[name] = one.context.storage_state()
    return kept


@pytest.fixture(scope="session")
def office(server: ServerProcess, states: dict[str, Any]) -> Iterator[Office]:
    """Anna and Jonas, signed in."""
    arranged = Office.of_browsers(server.url, {name: states[name] for name in ("anna", "jonas")})
    yield arranged
    arranged.close()


@pytest.fixture
def open_desk(
    browser: Browser, server: ServerProcess, states: dict[str, Any]
) -> Iterator[OpenDesk]:
    """Sits a member down at a browser; each must end without a complaint."""
    with ExitStack() as stack:

        def sit(name: str = "", *, cable: bool = False, **options: Any) -> Desk:
            state = states[name] if name else None
            return stack.enter_context(
                desk(browser, server.port, state=state, cable=cable, **options)
            )

        yield sit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    return tmp_path
