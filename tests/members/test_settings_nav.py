"""The sections of one's own settings: every page shows the list, and which section it is of."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members import settings_nav
from tests import factories

pytestmark = pytest.mark.django_db


def current(path: str) -> list[str]:
    """The addresses of the sections that a page at this path belongs to."""
    return [link.url for link in settings_nav.links(path) if link.is_current]


def test_sections_stand_in_their_order_and_resolve() -> None:
    urls = [link.url for link in settings_nav.links("/")]
    ours = [reverse(f"members:{name}") for name in ("account", "security", "tokens")]
    assert [url for url in urls if url in ours] == ours


def test_page_belongs_to_the_section_with_the_longest_address() -> None:
    assert current("/settings/") == ["/settings/"]
    assert current("/settings/tokens/") == ["/settings/tokens/"]
    assert current("/settings/tokens/7/revoke/") == ["/settings/tokens/"]
    assert current("/members/") == []


def test_page_is_added_once_only() -> None:
    with pytest.raises(ValueError, match="members:account"):
        settings_nav.register("members:account", _("Profile"), icon="user", order=1)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("members:account", "members:account"),
        ("members:tokens", "members:tokens"),
        ("account_change_password", "members:security"),
    ],
)
def test_page_shows_the_list_with_its_section(client: Client, name: str, section: str) -> None:
    client.force_login(factories.member())
    page = client.get(reverse(name)).content.decode()
    for link in settings_nav.links(reverse(section)):
        mark = ' aria-current="page"' if link.is_current else ""
        # Beside the page on wide screens, above it on narrow ones.
        assert page.count(f'<a class="row" href="{link.url}"{mark}>') == 2
