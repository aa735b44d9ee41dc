"""What a page says and keeps when something is refused, taken away or restored."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenDesk
from tests.browser.world import Office, message, texts, wait_live, write
from tests.services import ServerProcess, Site

pytestmark = pytest.mark.browser

TOO_LONG = "word " * 2001


def test_a_refused_message_is_kept_until_its_writer_decides(
    open_desk: OpenDesk, office: Office
) -> None:
    room = office.room()
    page = open_desk("anna").enter(room)
    write(page, TOO_LONG)
    failed = page.locator('[data-standing="failed"]')
    expect(failed.locator('[data-slot="state-text"]')).to_have_text(
        re.compile(r"^Not sent: At most 10,000 characters\.$")
    )
    page.reload()
    wait_live(page)
    expect(failed).to_have_count(1)
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_have_count(1)
    failed.get_by_role("button", name="Change text").click()
    expect(failed).to_have_count(0)
    field = page.locator("#compose-text")
    expect(field).to_have_value(TOO_LONG)
    field.fill("short")
    field.press("Enter")
    expect(message(page, "short")).to_be_visible()
    write(page, TOO_LONG)
    failed.get_by_role("button", name="Throw away").click()
    expect(failed).to_have_count(0)
    assert office.said_in(room) == ["short"]

    # The same for an edit; of a message that is gone meanwhile its writer keeps the words.
    row = message(page, "short")
    number = int(row.get_attribute("data-id") or 0)
    field.press("ArrowUp")
    page.keyboard.press("e")
    page.locator(".message-editor textarea").fill(TOO_LONG)
    page.keyboard.press("Enter")
    failed.get_by_role("button", name="Change text").click()
    expect(failed).to_have_count(0)
    expect(page.locator(".message-editor textarea")).to_have_value(TOO_LONG)
    page.locator(".message-editor textarea").fill("shorter")
    office.do("anna", "message.delete", f"chat:{room}", id=number)
    page.keyboard.press("Enter")
    failed.get_by_role("button", name="Change text").click()
    expect(field).to_have_value("shorter")
    expect(page.locator(".message-deleted")).to_have_count(1)


def test_whoever_is_removed_is_told_and_hears_no_more(open_desk: OpenDesk, office: Office) -> None:
    room = office.room("First")
    page = open_desk("jonas").enter(room)
    jonas = int(page.locator("chat-room").get_attribute("data-me") or 0)
    office.do("anna", "member.remove", f"chat:{room}", member=jonas)
    expect(page.get_by_role("alert")).to_have_text("You are no longer in this room.")
    expect(page.locator("#compose-text")).to_be_hidden()
    office.do("anna", "message.post", f"chat:{room}", text="Not for Jonas")
    expect(page.locator(f'channel-list li[data-topic="chat:{room}"]')).to_have_count(0)
    assert texts(page) == ["First"]


def test_signing_out_in_one_tab_ends_the_other(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    desk = open_desk()
    desk.sign_in("jonas@demo.example")
    desk.may_refuse = True
    page, other = desk.enter(room), desk.open("/settings/")
    wait_live(other)
    other.locator('[popovertarget="me"]').click()
    other.get_by_role("button", name="Sign out", exact=True).click()
    expect(other.locator(".rail")).to_have_count(0)
    expect(page.locator('[data-slot="connection"]')).to_have_text("signed out")
    link = page.get_by_role("link", name="Sign in again")
    assert link.get_attribute("href") == f"/accounts/login/?next=%2Fchat%2F{room}%2F"


def test_after_a_restore_everybody_starts_from_a_snapshot(
    open_desk: OpenDesk, office: Office, demo: Site, server: ServerProcess
) -> None:
    room = office.room("One", "Two")
    anna_at, jonas_at = open_desk("anna"), open_desk("jonas")
    anna, jonas = anna_at.enter(room), jonas_at.enter(room)
    anna_at.may_break = jonas_at.may_break = True
    server.terminate()
    server.wait(15)
    try:
        demo.manage("new_epoch")
    finally:
        server.start()
    write(anna, "Three")
    for page in (anna, jonas):
        expect(message(page, "Three")).to_be_visible(timeout=40_000)
        assert texts(page) == ["One", "Two", "Three"]
    assert office.said_in(room) == ["One", "Two", "Three"]
