"""The keyboard alone is enough: post, reply, react, edit, delete, and back to writing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenDesk
from tests.browser.world import Office, message

pytestmark = pytest.mark.browser


def focused_text(page: Page) -> str:
    """What the message that has the focus says."""
    row = page.locator(".message:focus")
    expect(row).to_have_count(1)
    return row.locator('[data-slot="text"]').inner_text()


def test_writing_and_replying_by_keys(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    office.do("jonas", "message.post", f"chat:{room}", text="Wer kommt?")
    page = open_desk("anna").enter(room)
    keys, field = page.keyboard, page.locator("#compose-text")
    # From the top of the page to the field, by Tab alone.
    for _ in range(60):
        keys.press("Tab")
        if field.evaluate("(field) => field === document.activeElement"):
            break
    expect(field).to_be_focused()
    keys.type("Mina!")
    keys.press("Shift+Enter")
    keys.type("Ja sina?")
    keys.press("Enter")
    expect(page.locator('.message[data-id] [data-slot="text"]')).to_have_count(2)
    expect(field).to_be_focused()

    keys.press("ArrowUp")
    assert focused_text(page) == "Mina!\nJa sina?"
    keys.press("ArrowUp")
    assert focused_text(page) == "Wer kommt?"
    keys.press("r")
    expect(field).to_be_focused()
    keys.type("Kaks")
    keys.press("Enter")
    reply = message(page, "Kaks")
    expect(reply.locator('[data-slot="quote-author"]')).to_have_text("Jonas Brandt")
    expect(reply.locator('[data-slot="quote-text"]')).to_have_text("Wer kommt?")
    assert office.said_in(room) == ["Wer kommt?", "Mina!\nJa sina?", "Kaks"]


def test_editing_reacting_and_deleting_by_keys(open_desk: OpenDesk, office: Office) -> None:
    room = office.room("Kaks")
    page = open_desk("anna").enter(room)
    keys, field = page.keyboard, page.locator("#compose-text")
    field.press("ArrowUp")
    assert focused_text(page) == "Kaks"
    keys.press("e")
    expect(page.locator(".message textarea")).to_be_focused()
    keys.type(" inimest")
    keys.press("Enter")
    expect(message(page, "Kaks inimest").locator('[data-slot="edited"]')).to_be_visible()
    assert focused_text(page) == "Kaks inimest"
    keys.press("e")
    keys.type("XXX")
    keys.press("Escape")
    assert focused_text(page) == "Kaks inimest"

    keys.press("+")
    expect(page.get_by_role("button", name="thumbs up")).to_be_focused()
    keys.press("ArrowRight")
    keys.press("Enter")
    reaction = message(page, "Kaks inimest").locator('[data-slot="reaction"]')
    expect(reaction).to_have_attribute("aria-pressed", "true")
    assert focused_text(page) == "Kaks inimest"

    keys.press("Delete")
    dialog = page.get_by_role("dialog", name="Delete this message?")
    expect(dialog).to_contain_text("Kaks inimest")
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    keys.press("Delete")
    expect(dialog.get_by_role("button", name="Delete message")).to_be_focused()
    keys.press("Enter")
    expect(page.locator(".message-deleted")).to_have_count(1)
    keys.press("Escape")
    expect(field).to_be_focused()
    assert office.said_in(room) == [""]


def test_only_one_message_is_a_tab_stop(open_desk: OpenDesk, office: Office) -> None:
    room = office.room(*(f"Line {n}" for n in range(20)))
    page = open_desk("anna").enter(room)
    stops = "(all) => all.filter((each) => each.tabIndex === 0 && each.offsetParent).length"
    rows = page.locator(".message, .message a, .message button")
    assert rows.evaluate_all(stops) == 0
    page.locator("#compose-text").press("ArrowUp")
    assert page.locator(".message").evaluate_all(stops) == 1


def test_keys_of_others_messages_change_nothing(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    office.do("jonas", "message.post", f"chat:{room}", text="Jonas wrote this")
    page = open_desk("anna").enter(room)
    # Anna owns the room and may delete, but the words stay Jonas' own.
    page.locator("#compose-text").press("ArrowUp")
    page.keyboard.press("e")
    expect(page.locator(".message textarea")).to_have_count(0)
    assert focused_text(page) == "Jonas wrote this"


def test_tools_are_one_tab_stop_and_the_menu_reaches_the_rest(
    open_desk: OpenDesk, office: Office
) -> None:
    room = office.room()
    office.do("jonas", "message.post", f"chat:{room}", text="Wer kommt?")
    page = open_desk("anna").enter(room)
    keys, row = page.keyboard, page.locator(".message[data-id]")
    page.locator("#compose-text").press("ArrowUp")
    bar = row.get_by_role("toolbar")
    stops = "(all) => all.filter((each) => each.tabIndex === 0 && each.offsetParent).length"
    assert bar.locator("button").evaluate_all(stops) == 1
    keys.press("Tab")
    while not bar.get_by_role("button", name="React").evaluate(
        "(b) => b === document.activeElement"
    ):
        keys.press("Tab")
    for name in ("Reply", "Reply in a thread", "Bookmark"):
        keys.press("ArrowRight")
        expect(bar.get_by_role("button", name=name, exact=True)).to_be_focused()
    assert bar.locator("button").evaluate_all(stops) == 1
    keys.press("Enter")
    expect(row.locator('[data-slot="bookmark"]')).to_be_visible()
    expect(bar.get_by_role("button", name="Bookmark")).to_have_attribute("aria-pressed", "true")
    # Anna may not edit what Jonas said: the arrows pass the tool by.
    keys.press("End")
    more = bar.get_by_role("button", name="More")
    expect(more).to_be_focused()
    keys.press("Enter")
    menu = page.get_by_role("menu")
    items = menu.get_by_role("menuitem")
    expect(items).to_have_text(
        [
            "Quote", "Forward", "Copy link", "Pin to the room", "Mark unread from here",
            "Report to the moderators", "Block Jonas Brandt", "All options",
        ]
    )  # fmt: skip
    expect(items.first).to_be_focused()
    keys.press("Escape")
    expect(more).to_be_focused()
    keys.press("Enter")
    for _ in range(3):
        keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator('[data-slot="announce"]')).to_have_text("Pinned to the room")
    expect(more).to_be_focused()
    expect(row.locator('[data-slot="pinned"]')).to_be_visible()
    keys.press("Enter")
    expect(items.nth(3)).to_have_text("Take off the pins")
    keys.press("End")
    keys.press("ArrowUp")
    keys.press("Enter")
    page.wait_for_url("**/block/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jonas Brandt")
    page.reload()
    page.goto(f"/chat/{room}/")
    expect(row.locator('[data-slot="bookmark"]')).to_be_visible()
    expect(row.get_by_role("link", name="Jonas Brandt")).to_be_visible()
