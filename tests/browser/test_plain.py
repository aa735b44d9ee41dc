"""Without JavaScript the pages are plain forms, and they are enough."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenDesk
from tests.browser.world import Office, message

pytestmark = pytest.mark.browser


def all_of(row: Locator) -> None:
    """Follow a message's link to all that can be done, which shows when one points at it."""
    row.hover()
    row.get_by_role("link", name="More", exact=True).click()


def test_a_room_works_without_javascript(open_desk: OpenDesk, office: Office) -> None:
    room = office.room("First")
    jonas = open_desk("jonas").enter(room)
    page = open_desk("anna", java_script_enabled=False).open(f"/chat/{room}/")
    page.locator("#compose-text").fill("Plain post")
    page.get_by_role("button", name="Send").click()
    expect(message(page, "Plain post")).to_be_visible()
    expect(message(jonas, "Plain post")).to_be_visible()
    all_of(message(page, "First"))
    page.get_by_role("link", name="Reply", exact=True).click()
    page.locator("#compose-text").fill("Plain reply")
    page.get_by_role("button", name="Send").click()
    expect(message(page, "Plain reply").locator('[data-slot="quote-text"]')).to_have_text("First")
    all_of(message(page, "Plain post"))
    page.get_by_label("Text").fill("Plain edit")
    page.get_by_role("button", name="Save changes").click()
    expect(message(page, "Plain edit")).to_be_visible()
    all_of(message(page, "Plain edit"))
    page.get_by_role("button", name="Delete message").click()
    expect(page.locator(".message-deleted")).to_have_count(1)
    expect(jonas.locator(".message-deleted")).to_have_count(1)
    assert office.said_in(room) == ["First", "", "Plain reply"]


def test_sending_a_plain_form_twice_posts_once(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    desk = open_desk("anna", java_script_enabled=False)
    page = desk.open(f"/chat/{room}/")
    form = page.content()
    key = re.search(r'name="key" value="([^"]+)"', form)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert key is not None
    assert token is not None
    body = {"key": key[1], "csrfmiddlewaretoken": token[1], "text": "Once", "reply_to": ""}
    for _ in range(2):
        answer = desk.context.request.post(f"/chat/{room}/", form=body)
        assert answer.status == 200
    assert office.said_in(room) == ["Once"]


def test_a_room_is_joined_and_left_without_javascript(open_desk: OpenDesk, office: Office) -> None:
    room = office.room("First")
    page = open_desk("liina", java_script_enabled=False).open(f"/chat/{room}/")
    page.get_by_role("button", name="Join room").click()
    expect(page.locator("#compose-text")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Leave room").click()
    page.goto(f"/chat/{room}/")
    expect(page.get_by_role("button", name="Join room")).to_be_visible()
