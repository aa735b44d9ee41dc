"""No page is forgotten: whatever route answers with a page is judged by axe, in both themes.

The routes are those that Django knows, filled from the world in which costs are measured. A new
page of ours is judged without being named here; what libraries answer stands in `LIBRARIES`. What
`test_pages.py` judges more closely is left to it.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page

from tests.browser.test_pages import (
    COLOURS,
    MEMBERS,
    STAFF,
    STANDARDS,
    STRANGERS,
    sideways,
    violations,
)
from tests.browser.world import NARROW, Desk, desk, wait_live
from tests.costs.addresses import ADDRESSES
from tests.costs.test_costs import own_routes, routes
from tests.factories import PASSWORD
from tests.services import Site

pytestmark = pytest.mark.browser

THEMES: Final[tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...]] = (
    ("light", STANDARDS),
    ("dark", COLOURS),
)
NO_PAGES: Final = {
    "api/live-schema/": "JSON",
    "api/schema/": "JSON or YAML",
    "chat/<int:channel_id>/copies/<int:copy_id>/": "a file",
    "chat/<int:channel_id>/export/": "a file",
    "chat/<int:channel_id>/m/<int:message_id>/": "leads to the message in its room",
    "chat/<int:channel_id>/t/<int:message_id>/pane/": "a part of the room's page",
    "chat/previews/<int:preview_id>/": "a picture",
    "files/<uuid:file_id>/<str:name>": "a file",
    "files/<uuid:file_id>/thumbnail/": "a picture",
    "healthz": "JSON",
    "invitation/<str:token>/": "leads to signing up",
    "members/<int:member_id>/picture/<str:digest>/<int:size>/": "a picture",
    "members/export.csv": "a file",
    "metrics": "text",
    "organisations/export.csv": "a file",
    "partners/figures/<slug:name>.csv": "a file",
    "partners/meetings/<int:meeting_id>/rounds.csv": "a file",
    "readyz": "JSON",
    "service-worker.js": "a script",
    "settings/data/copy/<int:export_id>/": "a file",
    "setup/": "leads on once the site is set up; judged by test_the_first_run",
    "welcome/": "leads to its first step",
}
STRANGERS_ALONE: Final = {
    "notices/unsubscribe/<str:token>/",
    "portfolio/invitation/<str:token>/",
    "restore/<str:token>/",
}
"""Pages that letters lead to, read without an account."""
LIBRARIES: Final = {
    "accounts/2fa/reauthenticate/": "member",
    "accounts/2fa/recovery-codes/": "member",
    "accounts/2fa/recovery-codes/generate/": "owner",
    "accounts/2fa/totp/activate/": "owner",
    "accounts/2fa/totp/deactivate/": "member",
    "accounts/2fa/webauthn/add/": "plain",
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": "owner",
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": "owner",
    "accounts/3rdparty/": "owner",
    "accounts/3rdparty/login/cancelled/": "",
    "accounts/3rdparty/login/error/": "",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": "",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "",
    "accounts/confirm-email/": "",
    "accounts/inactive/": "",
    "accounts/logout/": "owner",
    "accounts/password/reset/done/": "",
    "accounts/password/reset/key/done/": "",
    "accounts/password/set/": "plain",
    "accounts/reauthenticate/": "owner",
}
"""Pages whose view is a library's, and who looks at them."""
LIBRARIES_NO_PAGES: Final = {
    "accounts/2fa/authenticate/": "judged by test_second_step_of_signing_in",
    "accounts/2fa/recovery-codes/download/": "a file",
    "accounts/2fa/webauthn/login/": "leads to the second step",
    "accounts/2fa/webauthn/reauthenticate/": "asks for a key; judged by test_passkeys.py",
    "accounts/3rdparty/signup/": "comes from another site; judged by tests/members",
    "accounts/login/code/confirm/": "not offered",
    r"accounts/oidc/^(?P<provider_id>[^/]+)/login/": "leads to another site",
    r"accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/": "comes from another site",
    "accounts/sessions/": "leads to our own page",
    "accounts/social/connections/": "leads on",
    "accounts/social/login/cancelled/": "leads on",
    "accounts/social/login/error/": "leads on",
    "accounts/social/signup/": "leads on",
    "i18n/setlang/": "takes writes",
    "media/<path:path>": "a file",
}
REFUSED_BY_OTHERS: Final = {"/accounts/3rdparty/login/error/": 401}
MADE_BY_HAND: Final = {
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": "accounts/2fa/webauthn/keys/{key}/edit/",
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": "accounts/2fa/webauthn/keys/{key}/remove/",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": "accounts/confirm-email/{confirmation}/",
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
        "accounts/password/reset/key/{reset}/"
    ),
}


@cache
def judged_elsewhere() -> frozenset[str]:
    """The routes of which `test_pages.py` judges an address."""
    paths = {path.partition("?")[0] for path in (*STRANGERS, *MEMBERS, *STAFF)} - {"/nowhere/"}
    return frozenset(resolve(path).route for path in paths)


def our_pages() -> list[str]:
    """Addresses of our pages that are judged here, with names in braces."""
    done = judged_elsewhere() | NO_PAGES.keys()
    return [
        address
        for route, asked in ADDRESSES.items()
        if route not in done and not route.startswith("api/v1/")
        for address in asked
    ]


@dataclass(frozen=True)
class Looking:
    """A site with one of everything.

    Attributes:
        names: What addresses hold in their braces.
        desks: By who looks; "" is a stranger.
        port: Where it is served.
    """

    names: dict[str, Any]
    port: int
    desks: dict[str, Desk]


@pytest.fixture(scope="module")
def looking(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looking]:
    """The site, served, and who looks at it."""
    site = Site.on_sqlite(
        tmp_path_factory.mktemp("every"), WRITES_PER_S="10000", WRITES_BURST="10000"
    )
    said = json.loads(site.run("-m", "tests.costs.site"))
    with ExitStack() as stack:
        server = stack.enter_context(site.server())
        desks = {"": stack.enter_context(desk(browser, server.port))}
        for name, session in said["sessions"].items():
            desks[name] = stack.enter_context(desk(browser, server.port))
            desks[name].context.add_cookies(
                [{"name": said["cookie"], "value": session, "url": server.url}]
            )
        desks[""].may_refuse = True
        yield Looking(said["names"], server.port, desks)


def glance(page: Page) -> dict[str, Any]:
    """What is wrong with the page at its narrowest, by theme."""
    wrong: dict[str, Any] = {}
    page.set_viewport_size(NARROW)
    for scheme, rules in THEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found: list[Any] = violations(page, rules)
        if (wider := sideways(page)) > 0:
            found.append(f"{wider} px sideways")
        if found:
            wrong[scheme] = found
    return wrong


def look(one: Desk, path: str) -> None:
    """Visit and judge; it is this page, and no other to which it leads."""
    tabs = one.context.pages
    page = tabs[0] if tabs else one.context.new_page()
    page.emulate_media(reduced_motion="reduce")
    answer = page.goto(path)
    assert answer is not None
    assert answer.status in {200, REFUSED_BY_OTHERS.get(path)}
    assert answer.request.redirected_from is None or "set-password" in answer.url
    if page.locator(".rail").count():
        wait_live(page)
    assert glance(page) == {}
    one.has_no_complaint()


@pytest.mark.parametrize("address", our_pages())
def test_pages_of_ours(looking: Looking, address: str) -> None:
    route = next(route for route, asked in ADDRESSES.items() if address in asked)
    reader = "" if route in STRANGERS_ALONE else "owner"
    look(looking.desks[reader], f"/{address.format(**looking.names)}")


@pytest.mark.parametrize("route", LIBRARIES)
def test_pages_of_libraries(looking: Looking, route: str) -> None:
    address = MADE_BY_HAND.get(route, route).format(**looking.names)
    look(looking.desks[LIBRARIES[route]], f"/{address}")


def test_second_step_of_signing_in(looking: Looking, browser: Browser) -> None:
    with desk(browser, looking.port) as one:
        page = one.open("/accounts/login/")
        page.locator("input[name=login]").fill(looking.names["email"])
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/accounts/2fa/authenticate/")
        assert glance(page) == {}


def test_what_is_left_out_is_no_page(looking: Looking) -> None:
    reader = looking.desks["owner"].context.request
    for route in NO_PAGES:
        for address in ADDRESSES[route]:
            answer = reader.get(f"/{address.format(**looking.names)}", max_redirects=0)
            is_page = answer.status == 200 and b"<html" in answer.body()[:2000]
            assert not is_page, address


def test_every_route_of_a_library_is_known() -> None:
    own = own_routes()
    others = {route for route, _ in routes() if not route.startswith("admin/")} - own
    assert others - judged_elsewhere() == LIBRARIES.keys() | LIBRARIES_NO_PAGES.keys()
    assert NO_PAGES.keys() | STRANGERS_ALONE <= ADDRESSES.keys()
