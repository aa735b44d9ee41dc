"""What members do with themselves and their organisations, by keyboard alone; axe on the way.

Invariant: whatever is pressed was reached by Tab; addresses are typed, as into the address bar.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Browser, expect

from tests.browser.keys import Keys
from tests.browser.test_pages import judge
from tests.browser.world import Desk, desk, wait_live
from tests.services import Account, ServerProcess, Site
from tests.services.servers import PASSWORD

pytestmark = pytest.mark.browser


class Person(Keys):
    """Somebody's keyboard, with which they signed in."""

    def __init__(self, at: Desk, account: Account) -> None:
        super().__init__(at.open("/accounts/login/"))
        self.account = account
        self.page.emulate_media(reduced_motion="reduce")
        self.fill("input[name=login]", account.email)
        self.fill("input[name=password]", PASSWORD)
        self.press("Enter")
        self.page.locator(".rail").wait_for()

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)

    def say_the_password(self) -> None:
        """Show that it is oneself, where that is asked."""
        if "/reauthenticate/" in self.page.url:
            self.fill("input[name=password]", PASSWORD)
            with self.page.expect_navigation():
                self.press("Enter")


@pytest.fixture
def two(browser: Browser, server: ServerProcess, demo: Site) -> Iterator[tuple[Person, Person]]:
    """A founder and a helper, who are new here."""
    first, second = demo.people(2)
    with desk(browser, server.port) as one, desk(browser, server.port) as other:
        yield Person(one, first), Person(other, second)


def test_all_of_it(two: tuple[Person, Person], tmp_path: Path) -> None:
    founder, helper = two
    arrive(founder)
    say_who_one_is(founder)
    hub = found(founder, "Keyboard Hub", "Incubator")
    loom = found(helper, "Keyboard Loom", "Creative")
    ask_and_grant_a_role(founder, helper, hub)
    accompany(founder, helper, hub, loom)
    invite_by_file(founder, hub, tmp_path)
    find_somebody(helper, founder.account.name)
    choose_what_one_is_told(helper)
    keep_the_account(helper)
    leave_and_stay(helper)


def test_another_browser_is_signed_out(browser: Browser, server: ServerProcess, demo: Site) -> None:
    (account,) = demo.people(1)
    with desk(browser, server.port) as one, desk(browser, server.port) as other:
        here, there = Person(one, account), Person(other, account)
        other.may_refuse = True
        there.go("/chat/")
        wait_live(there.page)
        here.go("/settings/security/sessions/")
        here.submit("main tbody form button")
        here.say_the_password()
        expect(there.page.locator('[data-slot="connection"]')).to_have_text("signed out")
        there.go("/settings/")
        expect(there.page).to_have_url(re.compile("/accounts/login/"))


def arrive(who: Person) -> None:
    """The first steps: one is skipped like the other."""
    who.go("/welcome/")
    for _ in range(9):
        if "/welcome/" not in who.page.url:
            break
        who.submit("main form button[name=skip]")
    expect(who.page).not_to_have_url(re.compile("/welcome/"))


def say_who_one_is(who: Person) -> None:
    """A profile with audiences, and consent taken back and given."""
    who.go("/settings/")
    who.fill("input[name=pronouns]", "she/her")
    who.reach("select[name=pronouns_audience]")
    who.type("Nobody")
    who.submit("main form button[type=submit]")
    who.sees("Your profile is saved.")
    expect(who.page.locator("select[name=pronouns_audience]")).to_have_value("nobody")
    for _ in range(2):
        who.go("/settings/consent/")
        section = who.page.locator("section[aria-labelledby=consent-directory] .badge").first
        before = section.inner_text()
        who.submit("section[aria-labelledby=consent-directory] button[name=given]")
        expect(section).not_to_have_text(before)


def found(who: Person, name: str, kind: str) -> str:
    """An organisation, which its maker represents; its path."""
    who.go("/organisations/new/")
    who.fill("input[name=name]", name)
    who.reach("select[name=kind]")
    who.type(kind)
    who.reach("select[name=country]")
    who.type("Estonia")
    who.submit("main form button[type=submit]")
    who.sees("You represent it.")
    return who.page.url.partition("?")[0]


def ask_and_grant_a_role(founder: Person, helper: Person, hub: str) -> None:
    """The helper asks to be an editor, the founder agrees."""
    helper.go(f"{hub}people/")
    helper.reach("select[name=role]")
    helper.type("Editor")
    helper.submit("form[action$='/ask/'] button[type=submit]")
    founder.go(f"{hub}people/")
    founder.submit("button[name=grant]")
    helper.go(f"{hub}people/")
    expect(helper.page.locator(".badge-ok").filter(has_text="Editor")).to_be_visible()
    assert judge(helper.page) == {}


def accompany(founder: Person, helper: Person, hub: str, loom: str) -> None:
    """The hub offers, the loom agrees, and what is done is acted for it."""
    founder.go(loom)
    founder.submit("button[name=as]")
    helper.go(f"{loom}accompaniment/")
    helper.submit("button[name=confirm]")
    helper.sees("Both sides agree now.")
    assert judge(helper.page) == {}
    founder.go(f"{hub}portfolio/")
    founder.submit("button[name=organisation]")
    expect(founder.page).to_have_url(loom)


def invite_by_file(who: Person, hub: str, folder: Path) -> None:
    """A file at a field that Tab reaches; the invitation waits and is taken back."""
    file = folder / "all.csv"
    file.write_text("name,country,email\nTanzhaus Ost,DE,ost@example.org\n")
    who.go(f"{hub}portfolio/")
    who.reach("input[type=file]")
    # The window that opens from there is the system's, and its keys are not ours.
    who.page.locator("input[type=file]:focus").set_input_files(file)
    who.submit("form[enctype] button[type=submit]")
    who.sees("Tanzhaus Ost")
    assert judge(who.page) == {}
    who.submit("form[action*=withdraw] button")
    expect(who.page.get_by_text("Tanzhaus Ost")).to_have_count(0)


def find_somebody(who: Person, name: str) -> None:
    """The directory's words and filters."""
    who.go("/members/")
    who.fill("main input[type=search]", name)
    who.press("Enter")
    expect(who.page).to_have_url(re.compile("[?&]q="))
    expect(who.page.locator("#directory").get_by_text(name, exact=True).first).to_be_visible()


def choose_what_one_is_told(who: Person) -> None:
    """A way of one kind of notice switched, and kept."""
    who.go("/settings/notifications/")
    who.reach("main table input[type=checkbox]")
    box = who.page.locator("main table input[type=checkbox]:focus")
    name = box.get_attribute("name")
    before = box.is_checked()
    who.press("Space")
    who.submit("main form button[type=submit]")
    kept = who.page.locator(f"main table input[name='{name}']")
    expect(kept).to_be_checked(checked=not before)


def keep_the_account(who: Person) -> None:
    """A token, a second factor, another address; each of them taken back."""
    who.go("/settings/tokens/")
    who.fill("main form input[name=name]", "My program")
    who.submit("main form:has(input[name=name]) button[type=submit]")
    who.say_the_password()
    expect(who.page.locator("main code.secret")).to_be_visible()
    who.submit("main table button.button-danger")
    who.sees("revoked")
    who.go("/accounts/2fa/totp/activate/")
    counter = next(yield_hotp_counters_from_time())
    secret = who.page.locator("code.secret").inner_text()
    who.fill("input[name=code]", format_hotp_value(hotp_value(secret, counter)))
    who.submit("main .form button[type=submit]")
    expect(who.page).not_to_have_url(re.compile("/activate/"))
    who.go("/accounts/2fa/totp/deactivate/")
    who.submit("main form button[type=submit]")
    expect(who.page).not_to_have_url(re.compile("/deactivate/"))
    who.go("/accounts/email/")
    who.fill("main input[name=email]", "another@example.org")
    who.submit("main button[name=action_add]")
    who.sees("another@example.org")
    who.submit("main button[name=action_remove]")
    expect(who.page.locator("main button[name=action_remove]")).to_have_count(0)


def leave_and_stay(who: Person) -> None:
    """Asking to leave, with the password, and taking it back."""
    who.go("/settings/data/")
    who.reach("input[name=texts]")
    who.press("ArrowDown")
    who.reach("input[name=is_sure]")
    who.press("Space")
    who.submit("main form button.button-danger")
    who.say_the_password()
    who.sees("Your account is erased on")
    assert judge(who.page) == {}
    who.submit("form[action$='/stay/'] button")
    who.sees("Nothing is erased.")
