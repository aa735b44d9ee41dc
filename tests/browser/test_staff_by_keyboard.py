"""Who runs the site, organises or moderates does it by keyboard alone, and no page is forgotten.

Which pages are theirs follows from the routes: in the end each of them was asked for on the way.
"""

import re
from typing import Final

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import OpenDesk
from tests.browser.keys import Keys
from tests.browser.world import Office, desk, wait_live
from tests.costs.test_costs import own_routes
from tests.services import ServerProcess, Site
from tests.services.servers import PASSWORD

pytestmark = pytest.mark.browser
THEIRS: Final = re.compile(
    r"staff/|(members|organisations)/export\.csv$|members/<int:member_id>/(suspend|reactivate)/$"
    r"|moderation/reports/$|partners/figures/"
)
HOUSE: Final = 11
"""An organisation of the demo in which Jonas has no role."""


class Asked(set[str]):
    """The routes that somebody asked for."""

    def watch(self, page: Page) -> None:
        """Note from now on what this tab asks for."""
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.note(request.url)

    def note(self, url: str) -> None:
        """Note an address; a tab does not tell of those of downloads."""
        path = "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]
        try:
            self.add(resolve(path).route)
        except Resolver404:
            return


def menu(who: Keys, name: str) -> None:
    """Choose from one's own menu."""
    who.use(who.page.locator('[popovertarget="me"]'))
    who.use(who.page.locator("#me").get_by_role("link", name=name, exact=True))
    expect(who.page.locator("h1")).to_be_visible()


def tab(who: Keys, name: str) -> None:
    """Go to one of the tabs of the page."""
    who.use(who.page.locator(".tabs").get_by_role("link", name=name, exact=True))
    expect(who.page.locator(".tabs [aria-current=page]")).to_have_text(name)


def says(who: Keys, text: str) -> None:
    """Wait until the page says so."""
    expect(who.page.get_by_role("main")).to_contain_text(text)


def test_whoever_runs_the_site_forgets_no_page(
    open_desk: OpenDesk, browser: Browser, server: ServerProcess, demo: Site, office: Office
) -> None:
    asked = Asked()
    staff = Keys(open_desk("staff").open("/"))
    asked.watch(staff.page)
    menu(staff, "Running the site")
    name_the_site(staff)
    let_in_and_suspend(staff, demo)
    grant_a_role(staff, office)
    invite(staff)
    write_a_page(staff)
    name_the_lead(staff)
    take_tables_along(staff, asked)

    (organiser,) = demo.people(1, is_organiser="1")
    with desk(browser, server.port) as other:
        other.sign_in(organiser.email, PASSWORD)
        invites = Keys(other.open("/"))
        menu(invites, "Invitations")
        invite(invites)

    room = office.room("Not nice at all")
    text = office.newest_in(room)
    office.do("jonas", "content.report", f"member:{office.id_of('jonas')}", kind="message",
              object=text, reason="harassment", note="Please look")  # fmt: skip
    liina = Keys(open_desk("liina").open("/"))
    asked.watch(liina.page)
    menu(liina, "Reports")
    report = liina.page.locator(".report").first
    expect(report).to_contain_text("Not nice at all")
    liina.use(report.get_by_role("link", name="where it was written"))
    liina.page.wait_for_url(f"**/chat/{room}/**")
    wait_live(liina.page)
    assert {route for route in own_routes() if THEIRS.match(route)} - asked == set()


def name_the_site(staff: Keys) -> None:
    """Another name, which every page bears."""
    staff.field("Name of the site", "Ports of the North")
    staff.button("Save settings")
    says(staff, "The settings are saved.")
    expect(staff.page).to_have_title(re.compile("Ports of the North"))


def let_in_and_suspend(staff: Keys, demo: Site) -> None:
    """Of two who ask for an account one is let in, the other is not; that one goes and returns."""
    waiting = {"is_active": "0", "is_approved": "0"}
    asks, stranger = demo.people(2, **waiting)
    tab(staff, "Requests")
    staff.button(f"Decline {stranger.name}")
    says(staff, f"The request of {stranger.name} is deleted.")
    staff.button(f"Approve {asks.name}")
    says(staff, f"{asks.name} is a member now.")
    staff.page.goto(f"/members/{asks.id}/")
    staff.button("Suspend member")
    says(staff, "This member is suspended.")
    menu(staff, "Running the site")
    tab(staff, "Suspended")
    staff.use(staff.page.get_by_role("main").get_by_role("link", name=re.compile(asks.name)))
    staff.button("Give access again")
    says(staff, f"{asks.name} has access again.")


def grant_a_role(staff: Keys, office: Office) -> None:
    """A wish is granted, and the role is ended where it is held."""
    own = f"member:{office.id_of('jonas')}"
    office.do("jonas", "role.ask", own, organisation=HOUSE, role="editor")
    menu(staff, "Running the site")
    tab(staff, "Roles")
    staff.button("Grant it to Jonas Brandt")
    says(staff, "The role is granted.")
    staff.page.goto(f"/organisations/{HOUSE}/people/")
    staff.button("End role of Jonas Brandt")
    says(staff, "The role has ended.")


def invite(who: Keys) -> None:
    """An invitation is made and taken back."""
    if who.page.locator(".tabs").count():
        menu(who, "Running the site")
        tab(who, "Invitations")
    who.field("E-mail address", "somebody@example.org")
    who.button("Make invitation")
    says(who, "Send this link to the person you invite")
    who.button("Withdraw")
    says(who, "The invitation is withdrawn.")


def write_a_page(staff: Keys) -> None:
    """A page in one more language."""
    tab(staff, "Texts")
    staff.use(staff.page.locator('a[href="/staff/texts/terms/lv/"]'))
    staff.field("Text", "Vispirms lasi.")
    staff.button("Save text")
    says(staff, "The text is saved.")
    expect(staff.page.locator('a[href="/staff/texts/terms/lv/"]')).to_contain_text("written")


def name_the_lead(staff: Keys) -> None:
    """Another lead partner; all partners stay chosen."""
    staff.link("Choose the partners")
    staff.choose("Lead partner", "ARS BALTICA")
    staff.button("Save partners")
    says(staff, "The partners are saved.")
    expect(staff.page.locator(".row", has_text="Lead partner")).to_contain_text("ARS BALTICA")
    expect(staff.page.locator("section[aria-labelledby=partners] .row")).to_have_count(14)


def take_tables_along(staff: Keys, asked: Asked) -> None:
    """The directory and the figures as files for spreadsheets; settings are tried."""
    for path, file in (("/members/", "members.csv"), ("/organisations/", "organisations.csv")):
        staff.page.goto(path)
        with staff.page.expect_download() as download:
            staff.link("CSV")
        assert download.value.suggested_filename == file
        asked.note(download.value.url)
    staff.page.goto("/partners/figures/")
    table = staff.page.locator("details.fold", has=staff.page.get_by_text("CSV")).first
    if table.get_attribute("open") is None:
        staff.use(table.locator("summary"))
    with staff.page.expect_download() as download:
        staff.use(table.get_by_role("link", name=re.compile("^CSV")))
    assert download.value.suggested_filename.endswith(".csv")
    asked.note(download.value.url)
    tab(staff, "What if")
    staff.button("Try these settings")
    expect(staff.page).to_have_url(re.compile(r"/what-if/\?"))
