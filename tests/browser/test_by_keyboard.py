"""Two members use what the chat has by keyboard alone: no pointer, and no address but the first.

Invariant: whatever is pressed was reached by Tab, by arrow keys or by a shortcut of its own.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from base.clock import now
from chat.vocabulary import MAX_HERE
from tests.browser.conftest import OpenDesk
from tests.browser.keys import Keys
from tests.browser.world import NARROW, Office, message, wait_live
from tests.files.pictures import picture
from tests.services import Site

pytestmark = pytest.mark.browser


def test_a_room_is_made_and_looked_after(open_desk: OpenDesk) -> None:  # noqa: PLR0915 - one visit
    anna = Keys(open_desk("anna").open("/chat/"))
    anna.link("Open a room")
    anna.field("Name", "By keys")
    anna.field("What it is for", "To be used without a mouse")
    anna.reach(anna.page.get_by_label("Every member"))
    anna.press("ArrowDown")
    anna.button("Open room")
    anna.page.wait_for_url(re.compile(r"/chat/\d+/$"))
    wait_live(anna.page)
    room = anna.page.url

    anna.link("Room settings")
    anna.choose("Slow mode: one message of each member", "every 10")
    anna.button("Save changes")
    anna.page.wait_for_url(room)
    anna.link("Notifications, favourite, section")
    anna.field("New section", "Tools")
    anna.button("Add section")
    anna.choose("Section", "Tools")
    anna.use(anna.page.get_by_label(re.compile("Favourite:")), "Space")
    anna.use(anna.page.get_by_label(re.compile("Mute:")), "Space")
    anna.button("Save changes")
    anna.page.wait_for_url(room)
    row = anna.page.locator("channel-list li", has_text="By keys")
    expect(row).to_have_attribute("data-muted", "")

    # Whom one names without their reading along: said at once, and again once it is sent.
    wait_live(anna.page)
    anna.reach(anna.page.locator("#compose-text"))
    anna.type("Come in, @Liina")
    expect(anna.page.get_by_role("option").first).to_contain_text("cannot read this room")
    anna.press("Enter")
    warning = anna.page.locator('[data-slot="unreachable"]')
    expect(warning).to_have_text("Liina Saar cannot read this room and will not see this message.")
    anna.press("Enter")
    expect(warning).to_have_text("Cannot read this room and will not see your message: Liina Saar")

    anna.link("Members of this room")
    anna.button("Make link")
    address = anna.page.locator("code.secret").inner_text()
    wait_live(anna.page)
    anna.reach(anna.page.get_by_role("button", name="Make link"))
    # An address that one was given is typed.
    jonas = Keys(open_desk("jonas").open(address))
    jonas.button("Join room")
    jonas.page.wait_for_url(room)
    wait_live(jonas.page)
    # Who comes is there at once, and takes the place of nothing that has the focus.
    total = anna.page.locator("member-list [role=status]")
    expect(total).to_have_text("2 members")
    expect(anna.page.get_by_role("button", name="Make link")).to_be_focused()
    onlooker = jonas.page.context.new_page()
    onlooker.goto(f"{room}members/")
    own = onlooker.locator("member-list li", has_text="Jonas Brandt")
    expect(own).to_be_visible()
    jonas.say("Moin!")
    expect(message(jonas.page, "Moin!")).to_be_visible()
    jonas.say("Too fast")
    expect(jonas.page.locator(".message[data-standing]")).to_have_count(1)

    anna.choose("Role of Jonas Brandt", "Read")
    anna.button("Save the role of Jonas Brandt")
    expect(jonas.page.locator("#compose-text")).to_be_hidden()
    expect(own.locator(".badge")).to_have_text("Read only")
    # What it is about to read again may be refused in the moment in which he leaves.
    onlooker.close()
    anna.link("By keys")
    anna.page.wait_for_url(room)
    anna.link("Room settings")
    with anna.page.expect_download() as download:
        anna.link("JSON")
    assert download.value.suggested_filename == "by-keys.json"
    anna.button("Archive room")
    anna.page.wait_for_url(room)
    expect(anna.page.get_by_role("main")).to_contain_text("This room is closed for new messages.")
    expect(anna.page.locator("#compose-text")).to_have_count(0)
    expect(jonas.page.locator("#compose-text")).to_be_hidden()
    closed = jonas.page.locator('.content [data-slot="closed"]')
    expect(closed).to_have_text("This room is closed for new messages.")
    # On the smallest screen what stands beside a room has a page of its own.
    jonas.page.set_viewport_size(NARROW)
    leave = jonas.page.get_by_role("link", name="Leave room")
    expect(leave).to_be_hidden()
    jonas.link("About this room")
    expect(leave).to_be_visible()
    jonas.link("Back to the room")
    expect(leave).to_be_hidden()
    jonas.link("About this room")
    # Nobody of this room can come back alone, so they are asked.
    jonas.use(leave)
    jonas.link("Stay")
    jonas.page.wait_for_url(room)
    jonas.link("About this room")
    jonas.use(leave)
    jonas.button("Leave room")
    jonas.page.wait_for_url("**/chat/")


def test_messages_and_all_that_hangs_on_them(  # noqa: PLR0915 - one visit
    open_desk: OpenDesk, office: Office, demo: Site
) -> None:
    number = office.room("Wer kommt?")
    desk = open_desk("anna")
    anna, jonas = Keys(desk.enter(number)), Keys(open_desk("jonas").enter(number))
    title = anna.page.locator("h1").inner_text()
    # Told only at the press, a busy Chromium may open its own dialog first.
    anna.page.on("filechooser", lambda _chooser: None)
    jonas.reach(jonas.page.locator("#compose-text"))
    jonas.type("Hei @Anna")
    jonas.page.get_by_role("option").first.wait_for()
    jonas.press("Enter")
    jonas.type(":tada")
    jonas.page.get_by_role("option").first.wait_for()
    jonas.press("Enter")
    jonas.press("Enter")
    named = anna.page.locator(".message-for-me")
    expect(named.locator('[data-slot="text"]')).to_have_text("Hei @Anna Tamm 🎉")

    # React, reply, bookmark, pin, thread: at the message of Jonas.
    anna.newest()
    anna.press("+")
    anna.press("Enter")
    expect(jonas.page.locator('.message [data-slot="reaction"]')).to_have_count(1)
    anna.press("b")
    anna.press("p")
    expect(jonas.page.locator('[data-slot="pinned"]')).to_have_count(1)
    expect(named.locator('[data-slot="bookmark"]')).to_be_visible()
    anna.press("r")
    anna.type("Mina!")
    anna.press("Enter")
    expect(jonas.page.locator('[data-slot="quote-text"]')).to_have_text("Hei @Anna Tamm 🎉")
    anna.newest()
    anna.press("e")
    anna.press("End")
    anna.type(" Ja sina?")
    anna.press("Enter")
    expect(message(jonas.page, "Mina! Ja sina?")).to_be_visible()
    anna.item("All options")
    expect(anna.page.get_by_role("heading", name="Earlier versions")).to_be_visible()
    expect(anna.page.locator("#versions")).to_contain_text("Mina!")
    anna.choose("This message is in", "Finnish")
    anna.button("Change language")
    own = message(jonas.page, "Mina! Ja sina?").locator('[data-slot="text"]')
    expect(own).to_have_attribute("lang", "fi")
    wait_live(anna.page)
    anna.newest()
    anna.press("t")
    expect(anna.page.locator("#pane-compose-text")).to_be_focused()
    anna.type("In the thread")
    anna.press("Enter")
    expect(message(jonas.page, "Mina! Ja sina?").locator('[data-slot="thread"]')).to_be_visible()
    anna.press("Escape")
    expect(anna.page.locator(".context-pane chat-room")).to_have_count(0)
    anna.press("q")
    expect(anna.page.locator("#compose-text")).to_have_value("> Mina! Ja sina?\n\n")
    anna.type("Quoted")
    anna.press("Enter")
    expect(jonas.page.locator(".message blockquote", has_text="Mina! Ja sina?")).to_be_visible()

    # All who are here now; in a large room only who looks after it tells them.
    anna.say("@here on kohvi")
    expect(message(jonas.page, "@here on kohvi")).to_have_class(re.compile("message-for-me"))
    demo.run("-m", "tests.services.crowd", "people", str(number), str(MAX_HERE))
    jonas.say("@here as well")
    warnings = {each: each.page.locator('[data-slot="unreachable"]') for each in (jonas, anna)}
    expect(warnings[jonas]).to_have_text("This room is too large for @here: nobody was notified.")
    anna.say("@here to all")
    expect(message(jonas.page, "@here to all")).to_be_visible()
    expect(warnings[anna]).to_be_hidden()

    # What a link shows of its page is taken off, and stays off.
    anna.say("See https://harbour.example/plan")
    linked = message(jonas.page, "See https://harbour.example/plan")
    expect(linked).to_be_visible()
    number_of_linked = linked.get_attribute("data-id") or ""
    demo.run("-m", "tests.services.crowd", "preview", number_of_linked, "The harbour's plan")
    expect(linked.get_by_text("The harbour's plan")).to_be_visible()
    expect(linked.get_by_role("button", name="Remove this preview")).to_be_hidden()
    anna.newest()
    anna.button("Remove this preview")
    expect(linked.locator(".preview")).to_have_count(0)
    expect(anna.page.locator(".content .message:focus .preview")).to_have_count(0)
    expect(anna.page.locator(".content .message:focus")).to_have_count(1)

    # A permalink, unread from here, forward, delete.
    anna.newest()
    anna.press("l")
    expect(anna.page.locator('.content [data-slot="announce"]')).to_have_text("Link copied")
    anna.press("u")
    expect(anna.page.locator('[data-slot="new-line"]')).to_be_visible()
    anna.press("f")
    anna.choose("Forward to", title)
    anna.button("Forward message")
    anna.page.wait_for_url(f"**/chat/{number}/#end")
    expect(anna.page.locator('[data-slot="forward"]')).to_have_count(1)
    wait_live(anna.page)
    anna.newest()
    anna.press("Delete")
    anna.press("Enter")
    for each in (jonas, anna):
        expect(each.page.locator(".message-deleted")).to_have_count(1)
    expect(anna.page.locator(".message[data-standing]")).to_have_count(0)

    # A file, a draft on another device, a message for later.
    anna.reach(anna.page.get_by_label("Attach files"))
    with anna.page.expect_file_chooser() as chooser:
        anna.press("Enter")
    chooser.value.set_files([FilePayload(name="plan.png", mimeType="image/png", buffer=picture())])
    anna.reach(anna.page.locator("#compose-text"))
    expect(anna.page.locator(".composer-files li")).to_have_count(1)
    anna.type("The plan")
    anna.press("Enter")
    expect(message(jonas.page, "The plan").locator(".file")).to_have_count(1)
    other = Keys(open_desk("anna").enter(number))
    anna.newest()
    anna.press("r")
    anna.type("Half a sent")
    for page in (other.page, other.page.context.new_page()):
        if page != other.page:
            page.goto(f"/chat/{number}/")
        expect(page.locator("#compose-text")).to_have_value("Half a sent")
        expect(page.locator('[data-slot="reply-text"]')).to_have_text("The plan")
    # What was sent, here or there, is no draft any more: whoever sends something often leaves.
    other.reach(other.page.locator("#compose-text"))
    other.type("ence")
    expect(anna.page.locator("#compose-text")).to_have_value("Half a sentence")
    other.press("Enter")
    other.page.goto("/chat/bookmarks/")
    expect(message(anna.page, "Half a sentence").locator('[data-slot="quote"]')).to_be_visible()
    for each in (anna, other):
        each.page.goto(f"/chat/{number}/")
        wait_live(each.page)
        expect(each.page.locator("#compose-text")).to_have_value("")
    anna.reach(anna.page.locator("#compose-text"))
    anna.type("Half a sent")
    anna.use(anna.page.locator('[data-slot="later"] summary'))
    anna.reach(anna.page.locator("#compose-at"))
    # Chromium's own field has the month first, whatever the page's language.
    anna.type((now() + timedelta(days=2)).strftime("%m%d%Y"))
    anna.press("Tab")
    anna.type("0900AM")
    anna.button("Schedule message")
    anna.page.wait_for_url("**/chat/scheduled/")
    expect(anna.page.get_by_role("main")).to_contain_text("Half a sent")
    anna.use(anna.page.get_by_role("main").get_by_role("link", name=re.compile("^Test room")).last)
    wait_live(anna.page)

    # To a day, to the search, to the bookmarks.
    anna.reach(anna.page.locator("#jump-date"))
    anna.type("01012020")
    anna.button("Go")
    anna.page.wait_for_url("**date=2020-01-01")
    anna.press("Control+k")
    anna.type("kommt")
    anna.press("Enter")
    anna.page.wait_for_url("**/search/**kommt**")


def test_conversations_catching_up_and_keeping_apart(open_desk: OpenDesk, office: Office) -> None:  # noqa: PLR0915 - one visit
    number = office.room("Tere kõigile, täna alustame")
    anna = Keys(open_desk("anna").open("/chat/converse/"))
    anna.field("Find somebody by name or organisation", "Jonas Brandt")
    anna.press("Enter")
    anna.use(anna.page.get_by_role("checkbox", name=re.compile("Jonas Brandt")), "Space")
    anna.button("Begin conversation")
    anna.page.wait_for_url(re.compile(r"/chat/\d+/$"))
    wait_live(anna.page)
    direct = anna.page.url
    anna.say("Only for you")
    expect(message(anna.page, "Only for you")).to_be_visible()
    anna.link("New conversation")
    for name in ("Jonas Brandt", "Liina"):
        anna.field("Find somebody by name or organisation", name)
        anna.press("Enter")
        anna.use(anna.page.get_by_role("checkbox", name=re.compile(name)).last, "Space")
    anna.field("Name of the group", "Three of us")
    anna.button("Begin conversation")
    anna.page.wait_for_url(re.compile(r"/chat/\d+/$"))
    wait_live(anna.page)
    anna.say("Hello, both")
    expect(message(anna.page, "Hello, both")).to_be_visible()

    # Catching up: from room to room by arrows, read by M, entered by Enter.
    jonas = Keys(open_desk("jonas").open("/chat/unread/"))
    wait_live(jonas.page)
    parts = jonas.page.locator("unread-list section")
    before = parts.count()
    assert before >= 3
    jonas.reach(jonas.page.locator("unread-list").get_by_role("link").first)
    jonas.press("ArrowDown")
    jonas.press("m")
    expect(parts).to_have_count(before - 1)
    jonas.press("ArrowDown")
    jonas.press("Enter")
    jonas.page.wait_for_url(re.compile(r"/chat/\d+/"))

    # Languages that one does not read are folded, and unfolded by Space.
    jonas.page.goto("/chat/languages/")
    jonas.use(jonas.page.get_by_label("German"), "Space")
    jonas.reach(jonas.page.get_by_role("radio").first)
    for _ in range(3):
        if jonas.page.get_by_role("radio", name=re.compile("[Ff]old")).is_checked():
            break
        jonas.press("ArrowDown")
    jonas.button("Save languages")
    expect(jonas.page.get_by_role("main")).to_contain_text("Your languages are kept.")
    jonas.page.goto(f"/chat/{number}/")
    wait_live(jonas.page)
    jonas.newest()
    row = message(jonas.page, "Tere kõigile, täna alustame")
    expect(row.get_by_text("Show the text")).to_be_visible()
    jonas.use(row.locator('input[type="checkbox"]'), "Space")
    expect(row.locator('[data-slot="text"]')).to_be_visible()

    # Report a message, block its author, and be apart.
    jonas.newest()
    jonas.item("Report to the moderators")
    jonas.reach(jonas.page.get_by_role("radio").first)
    jonas.press("Space")
    jonas.button("Send report")
    jonas.page.wait_for_url("**/moderation/reports/**")
    jonas.link("Block this member")
    jonas.button("Block member")
    jonas.page.wait_for_url("**/settings/blocked/")
    anna.page.goto(direct)
    wait_live(anna.page)
    anna.say("Are you there?")
    expect(anna.page.locator('.message[data-standing="failed"]')).to_be_visible()
    anna.newest()
    anna.use(anna.page.get_by_role("button", name="Throw away"))
    expect(anna.page.locator('.message[data-standing="failed"]')).to_have_count(0)
    jonas.button("Unblock Anna Tamm")
    expect(jonas.page.get_by_role("main")).not_to_contain_text("Unblock Anna Tamm")
