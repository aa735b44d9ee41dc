"""The marks and links that every page shows."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Template
from django.templatetags.static import static
from django.test import RequestFactory
from django.utils.formats import date_format
from django.utils.translation import override

from server import navigation
from server.templatetags.look import PATTERNS, TONES, flag_number, theme


def test_neighbouring_organisations_have_different_flags() -> None:
    numbers = [flag_number(organisation_id) for organisation_id in range(1, 257)]
    assert sorted(numbers) == list(range(PATTERNS * TONES))


def test_flag_is_drawn_from_the_id_alone() -> None:
    drawn = Template("{% load look %}{% flag 7 'flag-small' %}").render(Context())
    assert flag_number(7) == 195
    assert drawn == (
        '<svg class="flag flag-tone-12 flag-small" width="36" height="36" aria-hidden="true">'
        f'<use href="{static("flags.svg")}#p3"/></svg>'
    )


def test_nobody_s_flag_is_the_plain_mark() -> None:
    drawn = Template("{% load look %}{% flag None %}").render(Context())
    assert 'class="flag flag-tone-none"' in drawn


def test_icon_escapes_what_it_is_given() -> None:
    drawn = Template("{% load look %}{% icon name %}").render(Context({"name": '"><b>'}))
    assert "<b>" not in drawn


@pytest.mark.parametrize(
    ("cookie", "chosen"),
    [("dark", "dark"), ("light", "light"), ("", ""), ('dark"><script>', "")],
)
def test_theme_is_one_of_two_or_the_system_s(cookie: str, chosen: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert theme(Context({"request": request})) == chosen


def _stranger(path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


def test_strangers_see_no_link_to_what_is_for_members() -> None:
    public = {str(part.label) for part in navigation.PARTS if part.is_public}
    assert {link.label for link in navigation.links(_stranger("/"))} <= public


def test_parts_that_do_not_exist_here_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    there = navigation.Part("account_login", navigation.PARTS[0].label, "log-in", is_public=True)
    absent = navigation.Part("nowhere:at-all", navigation.PARTS[1].label, "x", is_public=True)
    monkeypatch.setattr(navigation, "PARTS", (absent, there))
    [link] = navigation.links(_stranger("/accounts/login/"))
    assert (link.url, link.icon, link.is_current) == ("/accounts/login/", "log-in", True)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_times_are_written_as_in_europe(language: str) -> None:
    moment = datetime(2026, 11, 3, 17, 5, tzinfo=UTC)
    names = ("TIME_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")
    with override(language):
        written = [date_format(moment, name) for name in names]
        short = date_format(moment, "SHORT_DATE_FORMAT")
    assert [text.replace(".", ":")[-5:] for text in written] == ["17:05"] * len(names)
    assert "11/03" not in short
    assert "  " not in "".join(written)
