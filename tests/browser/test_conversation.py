"""Two members talk, and whatever breaks in between, everything stands there once, in order."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenDesk
from tests.browser.world import Office, message, texts, wait_live, write
from tests.services import ServerProcess, Site

pytestmark = pytest.mark.browser


def expect_texts(page: Page, wanted: list[str]) -> None:
    """All rows say this, in this order, and the server has them all."""
    expect(page.locator(".message[data-id]")).to_have_count(len(wanted))
    expect(page.locator('[data-slot="unsent"] .message')).to_have_count(0)
    assert texts(page) == wanted


def test_two_members_talk(open_desk: OpenDesk, office: Office) -> None:
    room = office.room("First")
    anna, jonas = open_desk("anna").enter(room), open_desk("jonas").enter(room)
    write(anna, "Tere!")
    expect(message(jonas, "Tere!")).to_be_visible()
    write(jonas, "Moin!")
    expect(message(anna, "Moin!")).to_be_visible()
    write(anna, "Kuidas läheb?")
    for page in (anna, jonas):
        expect(message(page, "Kuidas läheb?")).to_be_visible()
        expect_texts(page, ["First", "Tere!", "Moin!", "Kuidas läheb?"])
    assert office.said_in(room) == ["First", "Tere!", "Moin!", "Kuidas läheb?"]
    author = message(jonas, "Tere!").locator('[data-slot="author"]')
    assert author.text_content() == "Anna Tamm"


def test_quotes_follow_what_they_quote(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    first = office.do("anna", "message.post", f"chat:{room}", text="Meet at seven")["id"]
    office.do("jonas", "message.post", f"chat:{room}", text="Good", reply_to=first)
    page = open_desk("liina").enter(room)
    quote = message(page, "Good").locator('[data-slot="quote-text"]')
    expect(quote).to_have_text("Meet at seven")
    office.do("anna", "message.edit", f"chat:{room}", id=first, text="Meet at *eight*")
    expect(quote).to_have_text("Meet at eight")
    office.do("anna", "message.delete", f"chat:{room}", id=first)
    expect(quote).to_have_text("")


def test_whoever_is_called_otherwise_is_so_in_an_open_room(
    open_desk: OpenDesk, office: Office, demo: Site
) -> None:
    room = office.room()
    topic, jonas = f"chat:{room}", office.id_of("jonas")
    said = office.do("jonas", "message.post", topic, text="Tere!")["id"]
    office.do("anna", "message.post", topic, text=f"@[J](member:{jonas}) hei", reply_to=said)
    talk = office.do("anna", "conversation.start", "", members=[jonas])["topic"]
    desk = open_desk("anna")
    page, other = desk.enter(room), desk.open("/chat/bookmarks/")
    wait_live(other)
    listed = other.locator(f'channel-list li[data-topic="{talk}"] .row-text')
    rows = page.locator(".message[data-id]")
    office.do("jonas", "profile.change", f"member:{jonas}", name="Jonas <B>")
    number = talk.partition(":")[2]
    job = "from chat.actions.people import retell_people, tell_lists;"
    job += f"retell_people([{jonas}]); tell_lists([{number}])"
    try:
        demo.manage("shell", "-c", job)
        expect(rows.nth(0).locator('[data-slot="author"]')).to_have_text("Jonas <B>")
        expect(rows.nth(1).locator('[data-slot="quote-author"]')).to_have_text("Jonas <B>")
        expect(rows.nth(1).locator("a.mention")).to_have_text("@Jonas <B>")
        # The list of rooms beside any other page says so as well.
        expect(listed).to_have_text("Jonas <B>")
    finally:
        office.do("jonas", "profile.change", f"member:{jonas}", name="Jonas Brandt")


def test_what_is_written_offline_goes_when_the_network_is_back(
    open_desk: OpenDesk, office: Office
) -> None:
    room = office.room()
    desk = open_desk("anna", cable=True)
    anna, jonas = desk.enter(room), open_desk("jonas").enter(room)
    # Not Anna's: its answer could still be on its way, and it would count among what waits.
    write(jonas, "before")
    expect(message(anna, "before")).to_be_visible()
    desk.pull_the_cable()
    expect(anna.locator('[data-slot="connection"]')).to_contain_text("offline")
    write(anna, "one")
    write(anna, "two")
    write(anna, "three")
    expect(anna.locator('[data-standing="waiting"]')).to_have_count(3)
    expect(anna.locator('[data-slot="connection"]')).to_have_text("offline: 3 waiting")
    write(jonas, "meanwhile")
    expect(message(jonas, "meanwhile")).to_be_visible()
    desk.plug_in()
    wait_live(anna)
    wanted = ["before", "meanwhile", "one", "two", "three"]
    for page in (anna, jonas):
        expect(message(page, "three")).to_be_visible()
        expect_texts(page, wanted)
    assert office.said_in(room) == wanted


def test_what_is_written_offline_survives_the_tab(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    desk = open_desk("anna", cable=True)
    anna = desk.enter(room)
    desk.pull_the_cable()
    write(anna, "kept one")
    write(anna, "kept two")
    expect(anna.locator('[data-standing="waiting"]')).to_have_count(2)
    anna.close()
    assert office.said_in(room) == []
    desk.plug_in()
    again = desk.enter(room)
    expect(message(again, "kept two")).to_be_visible()
    expect_texts(again, ["kept one", "kept two"])
    assert office.said_in(room) == ["kept one", "kept two"]


def test_a_write_whose_answer_was_lost_stands_there_once(
    open_desk: OpenDesk, office: Office
) -> None:
    room = office.room()
    desk = open_desk("anna", cable=True)
    anna, jonas = desk.enter(room), open_desk("jonas").enter(room)
    # The browser hears nothing more, but what it says still arrives.
    anna.evaluate(
        """() => {
          const send = WebSocket.prototype.send;
          WebSocket.prototype.send = function (text) {
            if (text.includes("message.post")) this.onmessage = null;
            return send.call(this, text);
          };
          globalThis.mended = () => { WebSocket.prototype.send = send; };
        }"""
    )
    write(anna, "said once")
    expect(message(jonas, "said once")).to_be_visible()
    expect(anna.locator('[data-standing="sending"]')).to_have_count(1)
    anna.evaluate("() => globalThis.mended()")
    desk.pull_the_cable()
    expect(anna.locator('[data-slot="connection"]')).to_contain_text("offline")
    desk.plug_in()
    wait_live(anna)
    for page in (anna, jonas):
        expect_texts(page, ["said once"])
    assert office.said_in(room) == ["said once"]


def test_two_tabs_of_one_member(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    desk = open_desk("anna", cable=True)
    first, second = desk.enter(room), desk.enter(room)
    write(first, "from the first")
    expect(message(second, "from the first")).to_be_visible()
    write(second, "from the second")
    expect(message(first, "from the second")).to_be_visible()
    desk.pull_the_cable()
    expect(first.locator('[data-slot="connection"]')).to_contain_text("offline")
    write(first, "offline")
    # Both tabs show what waits; only the one that wrote it sends it.
    for page in (first, second):
        expect(page.locator('[data-slot="unsent"] .message')).to_have_count(1)
    desk.plug_in()
    wanted = ["from the first", "from the second", "offline"]
    for page in (first, second):
        wait_live(page)
        expect(message(page, "offline")).to_be_visible()
        expect_texts(page, wanted)
    assert office.said_in(room) == wanted


@pytest.fixture
def restarting(server: ServerProcess) -> Iterator[ServerProcess]:
    """The server, which runs again afterwards whatever became of the test."""
    yield server
    if not server.is_running:
        server.start()


@pytest.mark.parametrize("how", ["drained", "killed"])
def test_the_server_restarts_in_between(
    open_desk: OpenDesk, office: Office, restarting: ServerProcess, how: str
) -> None:
    room = office.room()
    anna_at, jonas_at = open_desk("anna"), open_desk("jonas")
    anna, jonas = anna_at.enter(room), jonas_at.enter(room)
    write(anna, "before")
    expect(message(jonas, "before")).to_be_visible()
    anna_at.may_break = jonas_at.may_break = True
    if how == "drained":
        restarting.terminate()
        restarting.wait(15)
    else:
        restarting.kill()
    write(anna, "while it was away")
    write(anna, "and once more")
    restarting.start()
    wanted = ["before", "while it was away", "and once more"]
    for page in (anna, jonas):
        expect(message(page, "and once more")).to_be_visible(timeout=40_000)
        expect_texts(page, wanted)
        wait_live(page)
    assert office.said_in(room) == wanted


def test_signing_out_with_unsent_writing_asks_first(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    desk = open_desk(cable=True)
    desk.sign_in("anna@demo.example")
    anna = desk.enter(room)
    desk.pull_the_cable()
    write(anna, "not to be lost by accident")
    expect(anna.locator('[data-standing="waiting"]')).to_have_count(1)
    dialog = anna.locator('[data-slot="unsent"]').and_(anna.get_by_role("dialog"))

    def sign_out() -> None:
        anna.locator('[popovertarget="me"]').click()
        anna.get_by_role("button", name="Sign out", exact=True).click()

    sign_out()
    expect(dialog).to_contain_text("Not sent yet: 1.")
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    expect(anna.locator('[data-standing="waiting"]')).to_have_count(1)
    # Held back on this side, so that the browser may sign out while the message waits.
    anna.evaluate("() => { WebSocket.prototype.send = () => undefined; }")
    desk.plug_in()
    anna.keyboard.press("Escape")
    sign_out()
    dialog.get_by_role("button", name="Sign out and throw away").click()
    expect(anna.locator(".rail")).to_have_count(0)
    desk.sign_in("anna@demo.example")
    again = desk.enter(room)
    expect(again.locator(".message")).to_have_count(0)
    assert office.said_in(room) == []


def test_new_messages_steal_neither_focus_nor_scroll(open_desk: OpenDesk, office: Office) -> None:
    room = office.room(*(f"Line {n}\n\nof a long room" for n in range(30)))
    anna = open_desk("anna").enter(room)
    log = anna.locator('[data-slot="log"]')
    expect(anna.locator(".message[data-id]")).to_have_count(30)
    log.evaluate("(log) => { log.scrollTop = log.scrollHeight / 2; }")
    expect(anna.locator(".room-jump")).to_be_visible()
    field = anna.locator("#compose-text")
    field.fill("half a sentence")
    before = log.evaluate("(log) => log.scrollTop")
    for n in range(3):
        office.do("jonas", "message.post", f"chat:{room}", text=f"New {n}")
    expect(message(anna, "New 2")).to_be_attached()
    assert log.evaluate("(log) => log.scrollTop") == before
    expect(field).to_be_focused()
    assert field.input_value() == "half a sentence"
    expect(anna.locator(".room-jump")).to_have_text("3 new")
    expect(anna.locator('[data-slot="announce"]')).to_have_text(
        "Jonas Brandt: New 0\nJonas Brandt: New 1\nJonas Brandt: New 2"
    )
    anna.locator(".room-jump").click()
    expect(anna.locator(".room-jump")).to_be_hidden()
    # At the end, the end is where one stays.
    office.do("jonas", "message.post", f"chat:{room}", text="New 3")
    expect(message(anna, "New 3")).to_be_in_viewport()


def test_typing_and_presence_show(open_desk: OpenDesk, office: Office) -> None:
    room = office.room()
    anna = open_desk("anna").enter(room)
    present = anna.locator("#present")
    expect(present).to_contain_text("Anna Tamm")
    expect(present).not_to_contain_text("Jonas Brandt")
    jonas_at = open_desk("jonas")
    jonas = jonas_at.enter(room)
    expect(present).to_contain_text("Jonas Brandt")
    expect(anna.locator('[data-slot="here-text"]')).to_have_text("2 here")
    jonas.locator("#compose-text").press_sequentially("Hm")
    expect(anna.locator('[data-slot="typing"]')).to_have_text("Jonas Brandt is typing…")
    expect(jonas.locator('[data-slot="typing"]')).to_have_text("")
    jonas.locator("#compose-text").press("Enter")
    expect(message(anna, "Hm")).to_be_visible()
    expect(anna.locator('[data-slot="typing"]')).to_have_text("")
    jonas.close()
    expect(present).not_to_contain_text("Jonas Brandt")


def test_unread_counts_come_and_go(open_desk: OpenDesk, office: Office) -> None:
    room, elsewhere = office.room(), office.room()
    desk = open_desk("jonas")
    jonas = desk.enter(elsewhere)
    row = jonas.locator(f'channel-list li[data-topic="chat:{room}"]')
    expect(row.locator('[data-slot="unread"]')).to_be_hidden()
    for n in range(2):
        office.do("anna", "message.post", f"chat:{room}", text=f"Unread {n}")
    expect(row.locator('[data-slot="unread-number"]')).to_have_text("2")
    # Read in another tab, it is read here.
    other = desk.enter(room)
    other.bring_to_front()
    expect(message(other, "Unread 1")).to_be_visible()
    expect(row.locator('[data-slot="unread"]')).to_be_hidden()
