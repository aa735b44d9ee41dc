"""Profiles: who sees which field, how they are changed, and what a hidden field gives away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from base.clock import now
from base.errors import Invalid, NotFound
from live.models import Event
from members.access import Actor
from members.events import ProfileLink, WorkingHours
from members.models import (
    FIELDS,
    Appointment,
    Member,
    Profile,
    ProfileSector,
    SpokenLanguage,
)
from members.queries import (
    ShownProfile,
    member_card,
    member_cards,
    profile_for,
    profile_of,
    profiles_for,
)
from members.vocabulary import Audience, OrganisationRole
from tests import factories
from tests.members.test_live import change, events, snapshot

pytestmark = pytest.mark.django_db
WHO = ("anonymous", "guest", "member", "colleague", "staff", "self")

# By audience, in the order of WHO; staff see name, organisation and country of everybody.
SEEN = {
    Audience.EVERYONE: "yes yes yes yes yes yes",
    Audience.MEMBERS: "no no yes yes yes yes",
    Audience.ORGANISATION: "no no no yes no yes",
    Audience.NOBODY: "no no no no no yes",
}
IDENTITY = {"name", "organisation", "country"}
HIDDEN: dict[str, Any] = {
    "pronouns": "", "picture": "", "organisation": None, "country": "", "languages": [],
    "time_zone": "", "working_hours": None, "interests": "", "about": "", "links": [],
}  # fmt: skip


def full_profile(**audiences: str) -> Member:
    """A member who has said something in every field; every audience is everyone but these."""
    member = factories.member(name="Anna Tamm", organisation="Loomekeskus", languages=["et", "en"])
    Profile.objects.create(
        member=member,
        pronouns="she",
        picture="0123456789abcdef",
        work_days="12345",
        interests="letterpress",
        about="I print.",
        links=[{"label": "", "url": "https://example.org/"}],
        **dict.fromkeys([f"{name}_audience" for name in FIELDS], "everyone")
        | {f"{name}_audience": audience for name, audience in audiences.items()},
    )
    SpokenLanguage.objects.create(member=member, language="et", level="native")
    ProfileSector.objects.create(member=member, code="DES")
    return member


def readers(member: Member) -> dict[str, Actor]:
    """One of each who might read the member's profile."""
    colleague = factories.member()
    appoint(colleague, member)
    return {
        "anonymous": AnonymousUser(),
        "guest": factories.member(kind="guest"),
        "member": factories.member(),
        "colleague": colleague,
        "staff": factories.member(is_staff=True),
        "self": member,
    }


def appoint(member: Member, other: Member) -> None:
    """Give a member a role in another's organisation."""
    assert other.organisation is not None
    Appointment.objects.create(
        member=member,
        organisation=other.organisation,
        role=OrganisationRole.EDITOR,
        granted_at=now(),
    )


def has(shown: ShownProfile, field: str) -> bool:
    """Whether a field of the full profile is shown, and not only announced."""
    value = getattr(shown, field)
    assert (field in shown.fields) == (value != HIDDEN.get(field, ""))
    return field in shown.fields


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("field", FIELDS)
def test_who_sees_a_field(field: str, audience: Audience) -> None:
    member = full_profile(**{field: audience})
    found = []
    for who, reader in readers(member).items():
        try:
            shown = profile_of(reader, member.pk)
        except NotFound:
            assert field == "name", who
            found.append("no")
        else:
            found.append("yes" if has(shown, field) else "no")
    expected = SEEN[audience].split()
    if field in IDENTITY:
        expected[WHO.index("staff")] = "yes"
    assert found == expected


@pytest.mark.parametrize("audience", list(Audience))
def test_card_beside_what_one_writes_hides_what_the_profile_hides(audience: Audience) -> None:
    member = factories.member(organisation="Loomekeskus", country="EE")
    change(member, audiences={"organisation": audience})
    member.refresh_from_db()
    is_open = audience in {Audience.EVERYONE, Audience.MEMBERS}
    wanted = ("Loomekeskus", member.organisation_id) if is_open else ("", None)
    for card in (member_card(member), member_cards([member.pk])[member.pk]):
        assert (card["organisation"], card["organisation_id"]) == wanted
        assert (card["name"], card["country"]) == (member.name, "EE")
    change(member, audiences={"country": audience, "organisation": "members"})
    member.refresh_from_db()
    for card in (member_card(member), member_cards([member.pk])[member.pk]):
        assert (card["organisation"], card["country"]) == ("Loomekeskus", "EE" if is_open else "")
    # One's own settings show what one said.
    assert snapshot(member)["profile"]["member"]["country"] == "EE"


def test_levels_and_sectors_go_with_their_fields() -> None:
    member = full_profile(languages="nobody", interests="nobody")
    shown = profile_of(factories.member(), member.pk)
    assert (shown.languages, shown.levels, shown.sectors, shown.interests) == ([], {}, [], "")
    own = profile_of(member, member.pk)
    assert (own.languages, own.levels, own.sectors) == (["et", "en"], {"et": "native"}, ["DES"])


def test_picture_is_no_address_where_it_is_hidden() -> None:
    shown = profile_of(factories.member(), full_profile(picture="organisation").pk)
    assert (shown.picture, shown.large_picture) == ("", "")


def test_same_name_of_organisation_makes_no_colleague() -> None:
    member = full_profile(about="organisation")
    pretender = factories.member()
    pretender.organisation = member.organisation
    pretender.save()
    assert profile_of(pretender, member.pk).about == ""
    appoint(pretender, member)
    assert profile_of(pretender, member.pk).about == "I print."


def test_role_that_is_only_asked_for_makes_no_colleague() -> None:
    member, other = full_profile(about="organisation"), factories.member()
    appoint(other, member)
    Appointment.objects.update(granted_at=None)
    assert profile_of(other, member.pk).about == ""


def test_without_a_row_everything_is_for_members() -> None:
    member = factories.member(languages=["et"])
    assert profile_of(factories.member(), member.pk).languages == ["et"]
    with pytest.raises(NotFound):
        profile_of(AnonymousUser(), member.pk)


def test_without_consent_there_is_no_profile() -> None:
    member = full_profile()
    member.consents.all().delete()
    seen = {}
    for who, reader in readers(member).items():
        try:
            seen[who] = profile_of(reader, member.pk).name
        except NotFound:
            seen[who] = ""
    assert {who for who, name in seen.items() if name} == {"staff", "self"}


def test_roles_and_joining_are_for_members() -> None:
    member = full_profile()
    Member.objects.filter(pk=member.pk).update(is_moderator=True)
    stranger = profile_of(AnonymousUser(), member.pk)
    assert (stranger.roles, stranger.joined_at) == ([], None)
    shown = profile_of(factories.member(), member.pk)
    assert (shown.roles, shown.joined_at) == (["moderator"], member.joined_at)


@pytest.mark.parametrize("count", [1, 3])
def test_profiles_cost_the_same_for_any_number(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    reader = factories.member()
    members = [factories.member(organisation=f"House {n}") for n in range(count)]
    with django_assert_num_queries(4):
        assert [shown.id for shown in profiles_for(reader, members)] == [m.pk for m in members]
    assert profiles_for(reader, []) == []


CHANGES: list[dict[str, Any]] = [
    {"pronouns": " she/her "},
    {"languages": ["en", "et", "en"], "levels": {"et": "native", "en": "C1", "fi": "A1"}},
    {"working_hours": WorkingHours(days=[5, 1], start="09:00", end="17:30")},
    {"interests": "Bücher, книги", "sectors": ["MUS", "LIT.comic", "MUS"]},
    {"about": "Õhtu\nja hommik"},
    {"links": [ProfileLink(url="https://näide.ee/?a=1", label=" My  site ")]},
    {"audiences": {"about": "everyone", "name": "nobody"}},
]


@pytest.mark.parametrize("fields", CHANGES)
def test_old_snapshot_and_event_give_the_fresh_snapshot(fields: dict[str, Any]) -> None:
    member = factories.member(languages=["et"])
    SpokenLanguage.objects.create(member=member, language="et", level="C2")
    copy = snapshot(member)
    change(member, **fields)
    (said,) = events(member)
    copy["profile"] = said
    assert copy["profile"] == snapshot(member)["profile"]


def test_change_writes_what_it_names_and_nothing_else() -> None:
    member = factories.member(languages=["et"])
    for fields in CHANGES:
        change(member, **fields)
    member.refresh_from_db()
    details = snapshot(member)["profile"]["details"]
    assert (member.languages, details["levels"]) == (["en", "et"], {"en": "C1", "et": "native"})
    assert (details["pronouns"], details["interests"], details["about"]) == (
        "she/her", "Bücher, книги", "Õhtu\nja hommik",
    )  # fmt: skip
    assert details["working_hours"] == {"days": [1, 5], "start": "09:00", "end": "17:30"}
    assert details["sectors"] == ["MUS", "LIT.comic"]
    assert details["links"] == [{"url": "https://näide.ee/?a=1", "label": "My site"}]
    assert {name: said for name, said in details["audiences"].items() if said != "members"} == {
        "about": "everyone", "name": "nobody",
    }  # fmt: skip
    change(member, languages=["et", "de"])
    spoken = list(SpokenLanguage.objects.values_list("language", "level"))
    assert spoken == [("et", "native"), ("de", "")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"pronouns": "x" * 41}, ["pronouns"]),
        ({"about": "a\x00b"}, ["about"]),
        ({"interests": "x" * 601}, ["interests"]),
        ({"levels": {"et": "D1"}}, ["levels"]),
        ({"levels": {"Estonian": "C1"}}, ["levels"]),
        ({"working_hours": WorkingHours(days=[0])}, ["working_hours"]),
        ({"working_hours": WorkingHours(days=[1, 1])}, ["working_hours"]),
        ({"working_hours": WorkingHours(days=[1], start="09:00")}, ["working_hours"]),
        ({"working_hours": WorkingHours(days=[1], start="9:00", end="25:00")}, ["working_hours"]),
        ({"sectors": ["XXX"]}, ["sectors"]),
        ({"sectors": ["MUS"] * 21}, ["sectors"]),
        ({"links": [ProfileLink(url="javascript:alert(1)")]}, ["links"]),
        ({"links": [ProfileLink(url="https://")]}, ["links"]),
        ({"links": [ProfileLink(url="https://a b.example/")]}, ["links"]),
        ({"links": [ProfileLink(url="https://a.example/")] * 9}, ["links"]),
        ({"audiences": {"email": "nobody"}}, ["audiences"]),
        ({"audiences": {"name": "friends"}}, ["audiences"]),
    ],
)
def test_change_refuses_bad_details(fields: dict[str, Any], wrong: list[str]) -> None:
    member = factories.member()
    with pytest.raises(Invalid) as caught:
        change(member, **fields)
    assert sorted(caught.value.fields) == wrong
    assert (Event.objects.count(), Profile.objects.count()) == (0, 0)


def test_profile_for_whom_one_may_not_know_is_not_found() -> None:
    member = full_profile(name="nobody")
    check: Callable[..., Any] = profile_for
    with pytest.raises(NotFound):
        check(factories.member(), member)
    assert check(member, member).name == "Anna Tamm"
