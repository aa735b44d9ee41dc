"""Every page: nothing for axe, nothing sideways, nothing from elsewhere, no complaint."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from base.clock import now
from tests.browser.conftest import OpenDesk
from tests.browser.world import NARROW, WIDE, Desk, Office, desk, wait_live
from tests.docs.reading import ROOT
from tests.services import ServerProcess, Site

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# A theme changes colours and nothing else; the rest is judged once per width.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
Look = tuple[Literal["light", "dark"], ViewportSize, dict[str, Any]]
LOOKS: tuple[Look, ...] = (
    ("light", WIDE, STANDARDS),
    ("dark", WIDE, COLOURS),
    ("light", NARROW, STANDARDS),
)
# Hundreds of endpoints, all alike: axe takes seconds for each look, so that one is enough.
LONG = "/api/docs/"
STRANGERS = (
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/about/",
    "/results/",
    "/imprint/",
    "/privacy/",
    "/terms/",
    "/api/docs/",
    "/partners/how/",
    "/partners/requests/",
    "/nowhere/",
)
MEMBERS = (
    "/",
    "/chat/",
    "/chat/1/",
    "/chat/1/edit/",
    "/chat/1/members/",
    "/chat/1/m/1/forward/",
    "/chat/1/pins/",
    "/chat/1/t/1/",
    "/chat/bookmarks/",
    "/chat/languages/",
    "/chat/new/",
    "/chat/scheduled/",
    "/chat/threads/",
    "/chat/unread/",
    "/members/",
    "/members/?q=a&country=EE",
    "/members/1/",
    "/members/2/",
    "/organisations/",
    "/organisations/new/",
    "/organisations/11/",
    "/organisations/11/people/",
    "/notices/",
    "/report/message/1/",
    "/search/",
    "/search/?q=film",
    "/about/",
    "/results/",
    "/welcome/origin/",
    "/welcome/interests/",
    "/welcome/consent/",
    "/settings/",
    "/settings/blocked/",
    "/settings/consent/",
    "/settings/data/",
    "/settings/languages/",
    "/settings/notifications/",
    "/settings/picture/",
    "/settings/security/",
    "/settings/security/activity/",
    "/settings/security/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/settings/tokens/",
)
STAFF = (
    "/staff/",
    "/staff/approvals/",
    "/staff/invitations/",
    "/staff/partners/",
    "/staff/roles/",
    "/staff/suspended/",
    "/staff/texts/",
    "/staff/texts/about/en/",
    "/moderation/reports/",
    "/partners/figures/",
    "/partners/figures/what-if/",
    "/organisations/11/edit/",
    "/organisations/11/people/",
    "/organisations/11/accompaniment/",
    "/accounts/email/",
    "/accounts/password/change/",
)


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe finds by these rules: rule, element, and what it says of it."""
    if not page.evaluate("() => 'axe' in globalThis"):
        # Evaluated by the debugger, which the page's policy does not concern.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
    )
    return [
        f"{rule['id']}: {node['target']} {node['any'][:1] and node['any'][0]['message']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate(
        "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider


def judge(page: Page, looks: tuple[Look, ...] = LOOKS) -> dict[str, Any]:
    """What is wrong with the page, by look."""
    wrong: dict[str, Any] = {}
    for scheme, size, rules in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found: list[Any] = violations(page, rules)
        if (wider := sideways(page)) > 0:
            found.append(f"{wider} px sideways")
        if found:
            wrong[f"{scheme}, {size['width']} px"] = found
    return wrong


def visit(desk_: Desk, path: str) -> Page:
    """The page, loaded and, for members, live; nothing moves. A desk has one tab for all visits."""
    tabs = desk_.context.pages
    page = tabs[0] if tabs else desk_.context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(path)
    if page.locator(".rail").count():
        wait_live(page)
    return page


@pytest.fixture(scope="module")
def visitors(
    browser: Browser, server: ServerProcess, states: dict[str, Any]
) -> Iterator[dict[str, Desk]]:
    """A stranger, a member and staff, who look at one page after the other."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(desk(browser, server.port, state=states.get(name)))
            for name in ("", "anna", "staff")
        }


@pytest.mark.parametrize("path", STRANGERS)
def test_pages_of_strangers(visitors: dict[str, Desk], path: str) -> None:
    one = visitors[""]
    one.may_refuse = path == "/nowhere/"
    assert judge(visit(one, path), LOOKS[-1:] if path == LONG else LOOKS) == {}
    one.has_no_complaint()


@pytest.mark.parametrize("path", MEMBERS)
def test_pages_of_members(visitors: dict[str, Desk], path: str) -> None:
    assert judge(visit(visitors["anna"], path)) == {}
    visitors["anna"].has_no_complaint()


@pytest.mark.parametrize("path", STAFF)
def test_pages_of_staff(visitors: dict[str, Desk], path: str) -> None:
    assert judge(visit(visitors["staff"], path)) == {}
    visitors["staff"].has_no_complaint()


def test_a_room_in_every_state(open_desk: OpenDesk, office: Office) -> None:
    """A message to reply to, an editor, a picker, a dialog, an unsent message, typing."""
    room = office.room("First", "Second")
    one = open_desk("anna", cable=True)
    page = visit(one, f"/chat/{room}/")
    row = page.locator(".message").last
    row.focus()
    page.keyboard.press("r")
    assert judge(page) == {}
    row.focus()
    page.keyboard.press("e")
    assert judge(page) == {}
    page.keyboard.press("Escape")
    page.keyboard.press("+")
    assert judge(page) == {}
    page.keyboard.press("Escape")
    page.keyboard.press("Delete")
    assert judge(page) == {}
    page.keyboard.press("Escape")
    one.pull_the_cable()
    page.locator("#compose-text").fill("Unsent")
    page.locator("#compose-text").press("Enter")
    page.locator('[data-standing="waiting"]').wait_for()
    assert judge(page) == {}


def test_what_a_member_keeps(open_desk: OpenDesk, office: Office) -> None:
    """Pages that are empty in the demo: threads, bookmarks, pins, what is scheduled, unread."""
    room = office.room("First")
    topic = f"chat:{room}"
    anna = int(open_desk("anna").open("/").locator("live-page").get_attribute("data-member") or 0)
    first = office.do("jonas", "message.post", topic, text=f"@[Anna](member:{anna})")["id"]
    office.do("jonas", "message.post", topic, text="In the thread", thread=first)
    office.do("anna", "message.post", topic, text="There, too", thread=first)
    office.do("anna", "message.pin", topic, id=first)
    office.do("anna", "message.bookmark", topic, id=first)
    later = (now() + timedelta(days=1)).isoformat()
    office.do("anna", "message.schedule", topic, text="Later", at=later)
    office.do("jonas", "message.post", topic, text="Not read yet")
    kept = (
        "/chat/unread/",
        "/chat/threads/",
        "/chat/bookmarks/",
        "/chat/scheduled/",
        "/notices/",
        f"/chat/{room}/t/{first}/",
        f"/chat/{room}/pins/",
    )
    one = open_desk("anna")
    assert {path: judge(visit(one, path)) for path in kept} == {path: {} for path in kept}


def test_the_menu(open_desk: OpenDesk) -> None:
    page = visit(open_desk("anna"), "/chat/")
    page.locator('[popovertarget="me"]').click()
    assert judge(page) == {}


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A new instance that nobody has set up."""
    site = Site.on_sqlite(tmp_path_factory.mktemp("empty"), SETUP_CODE="a-code")
    with site.server() as process:
        yield process


def test_the_first_run(browser: Browser, empty_server: ServerProcess) -> None:
    with desk(browser, empty_server.port) as one:
        page = visit(one, "/")
        assert page.url.endswith("/setup/")
        assert judge(page) == {}
        one.may_refuse = True
        page.get_by_label("Code").fill("wrong")
        page.get_by_role("button", name="Set up the site").click()
        page.locator(".errorlist").first.wait_for()
        assert judge(page) == {}
