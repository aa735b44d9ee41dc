"""Rooms, words, people and notices are found by keyboard alone, and what was found is used."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenDesk
from tests.browser.keys import Keys
from tests.browser.world import Office, message, wait_live
from tests.services import Site

pytestmark = pytest.mark.browser
SHOWN = """async () => {
  const ready = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 300; tries++) {
    const [it] = await ready.getNotifications();
    if (it) return [it.title, it.body, it.tag, it.lang, it.data];
    await new Promise((done) => setTimeout(done, 100));
  }
}"""


def test_room_is_joined_and_words_are_found_in_it(
    open_desk: OpenDesk, office: Office, demo: Site
) -> None:
    number = office.room("Kajakas over the harbour", "Kajakas: https://example.org/kajakas")
    office.do("jonas", "channel.leave", f"chat:{number}")
    jonas = Keys(open_desk("jonas").open("/chat/"))
    jonas.use(jonas.page.locator(f'.list-pane a[href="/chat/{number}/"]'))
    jonas.button("Join room")
    expect(jonas.page.locator("#compose-text")).to_be_visible()
    wait_live(jonas.page)
    jonas.say("Kajakas, too")
    expect(message(jonas.page, "Kajakas, too")).to_be_visible()
    jonas.link("Notifications, favourite, section")
    jonas.reach(jonas.page.locator("input[name=level]:checked"))
    jonas.press("ArrowDown")
    chosen = jonas.page.locator("input[name=level]:checked").get_attribute("value")
    jonas.button("Save changes")
    jonas.page.wait_for_url(f"**/chat/{number}/")
    jonas.link("Notifications, favourite, section")
    expect(jonas.page.locator("input[name=level]:checked")).to_have_attribute("value", chosen or "")
    demo.run("-m", "tests.services.periodic", "search.message")

    # Words, then filters that combine; the address tells the truth.
    jonas.press("Control+k")
    jonas.type("kajakas")
    jonas.press("Enter")
    jonas.page.wait_for_url("**/search/**kajakas**")
    results = jonas.page.locator(".search-results > li")
    expect(results).to_have_count(3)
    jonas.use(jonas.page.locator(".search-filters summary"))
    jonas.field("From", "Anna")
    jonas.use(jonas.page.get_by_label("With a link"), "Space")
    jonas.reach(jonas.page.get_by_label("First day"))
    jonas.type("01012020")
    jonas.reach(jonas.page.locator(".search .button"), back=True)
    jonas.press("Enter")
    jonas.page.wait_for_url("**has_link=on**")
    expect(results).to_have_count(1)
    expect(jonas.page.locator("input[name=by]")).to_have_value("Anna")
    jonas.use(results.locator("a.search-text"))
    jonas.page.wait_for_url(re.compile(rf"/chat/{number}/\?message="))
    wait_live(jonas.page)
    expect(jonas.page.locator(".message:focus, .message:target")).to_have_count(1)


def test_people_and_organisations_are_found_and_written_to(open_desk: OpenDesk) -> None:
    anna = Keys(open_desk("anna").open("/"))
    anna.use(anna.page.locator(".rail").get_by_role("link", name="Members"))
    anna.page.wait_for_url("**/members/")
    total = anna.page.locator(".directory-found [role=status]")
    before = total.inner_text()
    for facet, value in (("Country", "country-DE"), ("Language", "language-de")):
        anna.use(anna.page.locator(".facet > summary", has_text=facet))
        box = anna.page.locator(f"#{value}")
        anna.use(box, "Space")
        anna.page.wait_for_url(re.compile(value.replace("-", "=")))
        # Whoever filters goes on from where they were.
        expect(box).to_be_checked()
        expect(box).to_be_focused()
    expect(total).not_to_have_text(before)
    anna.link("As a table")
    anna.page.wait_for_url("**view=table**")
    expect(anna.page.locator("main table")).to_be_visible()
    assert "country=DE" in anna.page.url
    anna.field("Name, organisation or interest", "Jonas")
    anna.press("Enter")
    anna.page.wait_for_url("**q=Jonas**")
    anna.use(anna.page.get_by_role("main").get_by_role("link", name="Jonas Brandt"))
    anna.page.wait_for_url(re.compile(r"/members/\d+/$"))
    anna.button("Write a message")
    anna.page.wait_for_url(re.compile(r"/chat/\d+/$"))
    wait_live(anna.page)

    anna.page.goto("/members/")
    anna.use(anna.page.locator(".tabs").get_by_role("link", name="Organisations"))
    anna.page.wait_for_url("**/organisations/")
    anna.use(anna.page.locator(".facet > summary", has_text="Sector"))
    first = anna.page.locator(".facet input[name=sector]").first
    anna.use(first, "Space")
    anna.page.wait_for_url("**sector=**")
    anna.use(anna.page.locator(".directory-found a.row").first)
    anna.page.wait_for_url(re.compile(r"/organisations/\d+/$"))


def test_notices_are_read_and_put_away(open_desk: OpenDesk, office: Office, demo: Site) -> None:
    number = office.room()
    # It begins with what is said from now on.
    demo.run("-m", "tests.services.periodic", "chat.notices")
    jonas = Keys(open_desk("jonas").open("/"))
    me = jonas.page.locator("live-page").get_attribute("data-member")
    for text in ("one", "two"):
        office.do("anna", "message.post", f"chat:{number}", text=f"{text} @[J](member:{me})")
    demo.run("-m", "tests.services.periodic", "chat.notices")
    jonas.use(jonas.page.locator('.rail a[href="/notices/"]'))
    jonas.page.wait_for_url("**/notices/")
    row = jonas.page.locator(".notice-row").first
    expect(row.locator(".row-unread")).to_have_count(1)
    jonas.use(row.get_by_role("button", name="Mark as read"))
    expect(row.locator(".row-unread")).to_have_count(0)
    before = jonas.page.locator(".notice-row").count()
    jonas.use(row.get_by_role("button", name="Take off the list"))
    expect(jonas.page.locator(".notice-row")).to_have_count(before - 1)
    jonas.link("Notification settings")
    jonas.page.wait_for_url("**/settings/notifications/")
    # The browser has no push service here; what such a service brings it gets by hand.
    said = {"title": "Ports", "body": "Anna replied", "url": "/chat/", "tag": "1:2", "lang": "en"}
    assert shown_of(jonas.page, said) == ["Ports", "Anna replied", "1:2", "en", "/chat/"]


def shown_of(page: Page, said: dict[str, str]) -> list[str]:
    """What the site's worker shows of a push message: title, text, tag, language, address."""
    page.context.grant_permissions(["notifications"])
    page.evaluate("navigator.serviceWorker.register('/service-worker.js')")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    browser, known = page.context.new_cdp_session(page), list[dict[str, str]]()
    update = "ServiceWorker.workerRegistrationUpdated"
    browser.on(update, lambda event: known.extend(event["registrations"]))
    browser.send("ServiceWorker.enable")
    for _ in range(100):
        if known:
            break
        page.evaluate("new Promise((done) => setTimeout(done, 50))")
    where = {"origin": page.evaluate("origin"), "registrationId": known[0]["registrationId"]}
    browser.send("ServiceWorker.deliverPushMessage", {**where, "data": json.dumps(said)})
    shown: list[str] = page.evaluate(SHOWN)
    return shown
