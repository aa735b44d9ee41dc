"""``python -m tests.browser.picture``: makes ``docs/room.png`` from the demo."""

import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.world import Desk, wait_live
from tests.docs.reading import DOCS
from tests.services import Site


def main() -> None:
    """Anna looks at the demo's first room while two others are there and one types."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with (
        tempfile.TemporaryDirectory(prefix="ports-picture-") as folder,
        sync_playwright() as playwright,
    ):
        site = Site.on_sqlite(Path(folder))
        site.manage("seed", "-v0")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with site.server() as server:
            pages = []
            for name in ("liina", "jonas", "anna"):
                desk = Desk(browser, server.url, None, color_scheme="light")
                desk.sign_in(f"{name}@demo.example")
                pages.append(desk.enter(1))
            _, jonas, anna = pages
            anna.get_by_text("3 here").wait_for()
            anna.locator('[data-slot="log"]').evaluate("(log) => { log.scrollTop = 0; }")
            wait_live(anna)
            jonas.locator("#compose-text").press_sequentially("Moin")
            anna.get_by_text("Jonas Brandt is typing…").wait_for()
            taken = anna.screenshot(animations="disabled")
        browser.close()
    Image.open(BytesIO(taken)).convert("RGB").save(DOCS / "room.png", optimize=True)


if __name__ == "__main__":
    main()
