"""A thread beside its room: opened and closed by keys, kept by the address, read by itself."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenDesk
from tests.browser.world import NARROW, Office, message, wait_live

pytestmark = pytest.mark.browser


def test_a_thread_opens_beside_its_room(open_desk: OpenDesk, office: Office) -> None:
    room = office.room("Before", "Wer kommt?", "After")
    topic = f"chat:{room}"
    desk = open_desk("anna")
    page = desk.enter(room)
    keys, pane = page.keyboard, page.locator(".context-pane")
    beside = pane.locator("chat-room")
    page.locator("#compose-text").press("ArrowUp")
    keys.press("ArrowUp")
    row = page.locator(".content .message:focus")
    root = int(row.get_attribute("data-id") or 0)

    keys.press("t")
    field = page.locator("#pane-compose-text")
    expect(field).to_be_focused()
    assert page.url.endswith(f"/chat/{room}/?thread={root}")
    keys.type("Mina!")
    keys.press("Enter")
    expect(beside.locator('.message[data-id] [data-slot="text"]')).to_have_text(
        ["Wer kommt?", "Mina!"]
    )
    # The room shows the reply's number, not the reply; both live over one follow.
    link = page.locator(f'#m-{root} [data-slot="thread"]')
    expect(link).to_contain_text("1 reply")
    office.do("jonas", "message.post", topic, text="Mina ka", thread=root)
    office.do("jonas", "message.post", topic, text="In the room")
    expect(message(page, "Mina ka")).to_have_count(1)
    expect(beside.locator(".message[data-id]")).to_have_count(3)
    expect(message(page, "In the room")).to_have_count(1)
    expect(link).to_contain_text("2 replies")
    office.do("anna", "message.react", topic, id=root, emoji="👍", on=True)
    expect(page.locator('.reaction[aria-pressed="true"]')).to_have_count(2)

    keys.press("Escape")
    expect(beside).to_have_count(0)
    expect(page.locator(f"#m-{root}")).to_be_focused()
    expect(pane.get_by_role("heading", name="Here now")).to_be_visible()
    assert page.url.endswith(f"/chat/{room}/")

    # "Back" and "forward" are the thread's opening and closing too; a reload keeps it open.
    page.go_forward()
    expect(beside.locator(".message[data-id]")).to_have_count(3)
    page.reload()
    wait_live(page)
    expect(beside.locator(".message[data-id]")).to_have_count(3)
    office.do("jonas", "message.post", topic, text="After the reload", thread=root)
    expect(beside.locator(".message[data-id]")).to_have_count(4)
    assert page.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map((each) => each.id)).size"
        " === document.querySelectorAll('[id]').length"
    )

    # On a small screen it takes the room's place, and what is not seen is not read there.
    page.set_viewport_size(NARROW)
    expect(page.locator(".content")).to_be_hidden()
    expect(beside.locator("#pane-compose-text")).to_be_visible()
    beside.get_by_role("link", name="Close the thread").click()
    expect(page.locator(".content")).to_be_visible()
    page.locator(f'#m-{root} [data-slot="thread"]').click()
    page.wait_for_url(f"**/chat/{room}/t/{root}/")


def test_a_pane_ends_with_the_room(open_desk: OpenDesk, office: Office) -> None:
    room = office.room("Root")
    topic = f"chat:{room}"
    page = open_desk("jonas").enter(room)
    jonas = int(page.locator("chat-room").get_attribute("data-me") or 0)
    page.locator("#compose-text").press("ArrowUp")
    page.keyboard.press("t")
    expect(page.locator("#pane-compose-text")).to_be_focused()
    office.do("anna", "member.remove", topic, member=jonas)
    expect(page.get_by_role("alert").get_by_text("You are no longer in this room.")).to_have_count(
        2
    )
    expect(page.locator("#pane-compose-text")).to_be_hidden()
    assert office.said_in(room) == ["Root"]
