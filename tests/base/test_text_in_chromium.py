"""Chromium itself judges what becomes of known attacks: nothing runs, nothing is requested."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from base import text
from tests.base.judge import ATTRIBUTES, TAGS
from tests.base.test_text import shared

pytestmark = pytest.mark.browser

BATCH = 400

# Puts each piece of HTML into the page, then pokes at whatever came of it.
SHOW = """
async (pieces) => {
  for (const html of pieces) {
    const box = document.createElement("div");
    box.className = "box";
    document.body.append(box);
    box.innerHTML = html;
  }
  for (const element of document.querySelectorAll(".box *")) {
    for (const name of ["click", "mouseover", "focus", "toggle", "load", "error"]) {
      const event = new Event(name, { bubbles: true, cancelable: true });
      document.addEventListener(name, (e) => e.preventDefault(), { once: true, capture: true });
      element.dispatchEvent(event);
    }
  }
  await new Promise((done) => setTimeout(done, 50));
  const found = new Set();
  for (const element of document.querySelectorAll(".box *")) {
    found.add(element.localName + " " + element.namespaceURI);
    for (const attribute of element.attributes) {
      found.add(element.localName + "." + attribute.name);
    }
    if (element.localName === "a" && element.hasAttribute("href")) {
      found.add("scheme " + element.protocol);
    }
  }
  return [...found].sort();
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing, and CI has it")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def listen(page: Page) -> list[str]:
    """What the page does that rendered text must not do, as it happens."""
    events: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        events.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("request", lambda request: events.append(request.url))
    page.on("pageerror", lambda error: events.append(str(error)))
    return events


def around_attack(payload: str) -> str:
    """The attack as a name, a short name of an emoji, a task and a cell."""
    return text.render(
        f"@[{payload}](member:5) @[x](member:{payload}) :{payload}: @here{payload}\n\n"
        f"- [x] {payload}\n\n|a|\n|-|\n|@[{payload}](organisation:1)|\n"
    )


@pytest.mark.parametrize(
    "way", [text.render, text.clean, around_attack], ids=["render", "clean", "around"]
)
def test_chromium_runs_and_requests_nothing(page: Page, way: Callable[[str], str]) -> None:
    events = listen(page)
    pieces = [way(vector["payload"]) for vector in shared("xss_vectors_dev.jsonl.gz")]
    found: set[str] = set()
    for start in range(0, len(pieces), BATCH):
        page.set_content("<!doctype html><title>Vectors</title><body></body>")
        found |= set(page.evaluate(SHOW, pieces[start : start + BATCH]))
    assert events == []
    elements = {f"{tag} http://www.w3.org/1999/xhtml" for tag in TAGS}
    schemes = {f"scheme {scheme}:" for scheme in ("http", "https", "mailto", "about")}
    assert found - elements - ATTRIBUTES - schemes - {"scheme :"} == set()


def test_chromium_runs_what_is_not_cleaned(page: Page) -> None:
    events = listen(page)
    page.set_content("<!doctype html><title>Vectors</title><body></body>")
    page.evaluate(SHOW, ["<b onclick=\"alert('ran')\">x</b>"])
    assert events == ["ran"]
