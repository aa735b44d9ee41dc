"""A row that a page rendered and one that the script filled are the same."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenDesk
from tests.browser.world import Office, message, wait_live, write

pytestmark = pytest.mark.browser

# The settling animation and the exact time's wording are the script's own; spaces do not show.
PLAIN = """(rows) => rows.map((row) => {
  const copy = row.cloneNode(true);
  copy.classList.remove("settle");
  for (const time of copy.querySelectorAll("time")) time.removeAttribute("title");
  for (const each of [copy, ...copy.querySelectorAll("*")]) {
    each.removeAttribute("tabindex");
    const named = [...each.attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name } of named) each.removeAttribute(name);
    for (const { name, value } of named) each.setAttribute(name, value);
  }
  return copy.outerHTML.replace(/>\\s+</g, "><").replace(/\\s+/g, " ");
})"""


def rows(page: Page) -> list[str]:
    found: list[str] = page.locator(".message").evaluate_all(PLAIN)
    return found


def test_live_rows_are_the_page_s_rows(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    topic = f"chat:{room}"
    page = open_desk("anna").enter(room)
    first = office.do("jonas", "message.post", topic, text="Eins **fett**")["id"]
    office.do("jonas", "message.post", topic, text="Zwei", reply_to=first)
    third = office.do("anna", "message.post", topic, text="Kolm")["id"]
    office.do("anna", "message.edit", topic, id=third, text="Kolm ja pool")
    office.do("anna", "message.react", topic, id=first, emoji="👍", on=True)
    office.do("jonas", "message.react", topic, id=first, emoji="👏", on=True)
    gone = office.do("anna", "message.post", topic, text="Neli")["id"]
    office.do("anna", "message.delete", topic, id=gone)
    office.do("jonas", "message.post", topic, text="@here")
    office.do("anna", "message.post", topic, text="In the thread", thread=first)
    office.do("jonas", "message.forward", topic, channel=room, id=first)
    write(page, "Viis, written here")
    expect(message(page, "Viis, written here")).to_be_visible()
    expect(page.locator(".message-deleted")).to_have_count(1)
    live = rows(page)
    page.reload()
    wait_live(page)
    assert rows(page) == live
    assert len(live) == 7
