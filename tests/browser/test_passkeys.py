"""A passkey from the first to the last: made, signed in with, refused to who cannot unlock it."""

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.test_pages import judge
from tests.browser.world import Desk
from tests.services import ServerProcess, Site
from tests.services.servers import PASSWORD

pytestmark = pytest.mark.browser


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """A device that keeps passkeys and says yes at once, as Chromium plays it; and its id."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return device, str(made["authenticatorId"])


def test_passkey_signs_in_and_goes(browser: Browser, server: ServerProcess, demo: Site) -> None:
    (account,) = demo.people(1)
    # Passkeys belong to a name; an address of numbers has none.
    one = Desk(browser, f"http://localhost:{server.port}", None)
    page = one.open("/accounts/login/")
    page.emulate_media(reduced_motion="reduce")
    device, number = authenticator(page)
    page.get_by_label("E-mail address").fill(account.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".rail").wait_for()

    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
    add = page.get_by_role("button", name="Add a passkey")
    expect(add).to_be_visible()
    assert judge(page) == {}
    add.click()
    expect(page).not_to_have_url(f"{one.base}/accounts/2fa/webauthn/add/")
    keys = device.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert [key["rpId"] for key in keys] == ["localhost"]

    def sign_out() -> None:
        page.goto("/accounts/logout/")
        with page.expect_navigation():
            page.locator("main form button[type=submit]").click()
        page.goto("/accounts/login/")

    sign_out()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.locator(".rail").wait_for()
    page.goto("/settings/")
    expect(page.locator("input[name=name]")).to_have_value(account.name)

    sign_out()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/settings/")
    expect(page).to_have_url(f"{one.base}/accounts/login/?next=/settings/")
    one.context.close()
    assert one.complaints == []
