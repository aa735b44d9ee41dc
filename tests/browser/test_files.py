"""Files in a room: attached in every way, resumed after a cut, shown to others, by keyboard."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenDesk
from tests.browser.test_rows import rows
from tests.browser.world import Office, wait_live

pytestmark = pytest.mark.browser
BIG = b"%PDF-1.4\n" + b"x" * (12 * 1024 * 1024)
DROP = """([data, name, type]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type }));
  const send = (kind) => document.querySelector("chat-room").dispatchEvent(
    new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
  send("dragover");
  send("drop");
}"""
PASTE = """([data, name, type]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], name, { type }));
  document.querySelector("#compose-text").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def photo(side: int = 400) -> bytes:
    """A picture."""
    buffer = BytesIO()
    Image.new("RGB", (side, side // 2), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def payload(name: str, content: bytes, kind: str = "application/pdf") -> FilePayload:
    """A file as the browser's own dialog gives it."""
    return {"name": name, "mimeType": kind, "buffer": content}


def encoded(name: str, content: bytes, kind: str = "image/png") -> list[str]:
    """A file as a script of the page can build it."""
    from base64 import b64encode

    return [b64encode(content).decode(), name, kind]


def attach(page: Page, *files: FilePayload) -> None:
    page.locator("#compose-files").set_input_files(list(files))


def test_files_are_attached_in_every_way_and_shown_to_others(
    open_desk: OpenDesk, office: Office
) -> None:
    room = office.room()
    jonas = open_desk("jonas").enter(room)
    page = open_desk("anna").enter(room)
    attach(page, payload("plan.pdf", b"%PDF-1.4\n"))
    page.evaluate(DROP, encoded("dropped.png", photo()))
    page.evaluate(PASTE, encoded("pasted.png", photo(200)))
    expect(page.locator('.upload[data-state="ready"]')).to_have_count(3)
    page.locator(".upload-alt:visible input").first.fill("The harbour at dawn")
    page.locator("#compose-text").press("Enter")
    shown = jonas.locator(".message-files")
    expect(shown.get_by_role("link", name=re.compile("plan.pdf"))).to_be_visible()
    expect(shown.get_by_alt_text("The harbour at dawn")).to_be_visible()
    expect(shown.get_by_alt_text("pasted.png")).to_be_visible()
    natural = shown.get_by_alt_text("The harbour at dawn").evaluate(
        "(picture) => picture.decode().then(() => [picture.naturalWidth, picture.naturalHeight])"
    )
    assert natural == [400, 200]
    expect(page.locator(".upload")).to_have_count(0)
    live = rows(page)
    page.reload()
    wait_live(page)
    assert rows(page) == live


def test_upload_goes_on_after_the_line_was_cut(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    desk = open_desk("anna", cable=True)
    # The server may still be storing the part whose answer was lost when the next one comes: 409.
    desk.may_refuse = True
    page = desk.enter(room)
    attach(page, payload("big.pdf", BIG))
    page.locator("#compose-text").fill("Here it comes")
    page.locator("#compose-text").press("Enter")
    desk.pull_the_cable()
    expect(page.locator('.upload[data-state="broken"]')).to_have_count(1)
    desk.plug_in()
    row = page.locator(".message[data-id]").filter(has_text="Here it comes")
    expect(row.get_by_role("link", name=re.compile("big.pdf"))).to_be_visible()
    assert office.said_in(room) == ["Here it comes"]


def test_refused_file_says_why_and_is_removed_by_keyboard(
    open_desk: OpenDesk, office: Office
) -> None:
    room = office.room()
    page = open_desk("anna").enter(room)
    attach(page, payload("broken.png", b"\x89PNG\r\n\x1a\nbroken", "image/png"))
    expect(page.locator(".upload-state")).to_have_text(
        "Not uploaded: This is not a picture that we can read."
    )
    page.locator("#compose-text").fill("Without it")
    page.locator("#compose-text").press("Enter")
    expect(page.locator('.composer [data-slot="error"]')).to_have_text(
        "A file was not uploaded. Try again or remove it."
    )
    page.get_by_role("button", name="Remove broken.png").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#compose-text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".message[data-id]").filter(has_text="Without it")).to_be_visible()


def test_files_of_a_draft_are_there_after_a_reload(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    page = open_desk("anna").enter(room)
    attach(page, payload("harbour.png", photo(), "image/png"))
    expect(page.locator('.upload[data-state="ready"]')).to_have_count(1)
    page.reload()
    wait_live(page)
    expect(page.locator(".upload-name")).to_have_text("harbour.png")
    page.locator("#compose-text").press("Enter")
    expect(page.locator(".message-files").get_by_alt_text("harbour.png")).to_be_visible()


def test_pictures_are_described_later_and_without_javascript(
    open_desk: OpenDesk, office: Office
) -> None:
    room = office.room()
    jonas = open_desk("jonas").enter(room)
    page = open_desk("anna", java_script_enabled=False).open(f"/chat/{room}/")
    attach(page, payload("harbour.png", photo(), "image/png"))
    page.get_by_role("button", name="Send").click()
    row = page.locator(".message[data-id]").last
    row.get_by_role("link", name="More", exact=True).click()
    page.get_by_label("What harbour.png shows").fill("Cranes in the fog")
    page.get_by_role("button", name="Save changes").click()
    expect(jonas.get_by_alt_text("Cranes in the fog")).to_be_visible()
