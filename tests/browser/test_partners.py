"""From an empty matching profile to an open conversation, in two languages; axe on the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenDesk
from tests.browser.test_pages import judge
from tests.browser.world import WIDE, wait_live

pytestmark = pytest.mark.browser


def fill(page: Page, needs: str, offers: str) -> int:
    """Say what is looked for and offered, from the empty page on; returns whose profile it is."""
    page.goto("/partners/")
    page.locator(".empty a.button").click()
    page.wait_for_url(re.compile(r"/partners/\d+/profile/"))
    page.locator(f'input[name="needs"][value="{needs}"]').check()
    page.locator(f'input[name="offers"][value="{offers}"]').check()
    page.locator("#id_offering").fill("Tõlgime, übersetzen, переводим")
    # Fitting requests count towards the number too.
    page.locator("#id_weekly").fill("20")
    page.locator('.form button[type="submit"]').click()
    page.wait_for_url(re.compile(r"/partners/\d+/$"))
    return int(page.url.split("/")[-2])


def interested(page: Page, other: int) -> None:
    """Say that one is interested in another."""
    page.locator(f'#s-{other} button[name="answer"][value="interested"]').click()


def test_from_an_empty_profile_to_an_open_conversation(open_desk: OpenDesk) -> None:
    first = open_desk("liina", locale="et-EE").context.new_page()
    second = open_desk("staff", locale="de-DE").context.new_page()
    estonian = fill(first, "eu-lead", "translation")
    german = fill(second, "translation", "eu-lead")
    expect(first.locator("html")).to_have_attribute("lang", "et")
    expect(second.locator("html")).to_have_attribute("lang", "de")

    # Saving anew looks for suggestions at once; else it is done within a day.
    first.goto(f"/partners/{estonian}/profile/")
    first.locator('.form button[type="submit"]').click()
    first.wait_for_url(re.compile(r"/partners/\d+/$"))
    expect(first.locator(f"#s-{german}")).to_be_visible()
    wait_live(first)
    expect(second.locator(f"#s-{estonian} .reasons li")).not_to_have_count(0)
    second.emulate_media(reduced_motion="reduce")
    interested(second, estonian)
    expect(second.locator(f"#s-{estonian}")).to_have_count(0)
    # Told while the page is open; nothing on it moves before its reader wants it.
    news = first.locator('news-line [data-slot="news"]')
    expect(news).to_be_visible()
    news.locator("a").click()
    expect(first.locator(f"#s-{german} .badge-live")).to_be_visible()
    interested(first, german)
    first.wait_for_url(re.compile(r"/chat/\d+/"))
    room = first.url.rstrip("/").rpartition("/")[2]

    for path in ("", "introductions/", "profile/"):
        second.goto(f"/partners/{german}/{path}")
        assert judge(second) == {}
        second.set_viewport_size(WIDE)
    second.goto(f"/partners/{german}/introductions/")
    second.locator(f'a.button[href="/chat/{room}/"]').click()
    wait_live(second)
    second.locator("#compose-text").fill("Guten Tag nach Tallinn!")
    second.locator("#compose-text").press("Enter")
    expect(first.get_by_text("Guten Tag nach Tallinn!")).to_be_visible()
