"""Who sees whom, and who may suspend whom."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from base.errors import Forbidden, NotFound
from members import access
from members.models import Member
from tests import factories

pytestmark = pytest.mark.django_db
People = dict[str, Member | None]


def actor(people: People, who: str) -> access.Actor:
    """The person, or nobody."""
    return people[who] or AnonymousUser()


def add_address(member: Member, *, verified: bool, primary: bool) -> None:
    """Give a member an address of allauth's."""
    EmailAddress.objects.create(
        user=member,
        email=f"{verified}-{member.email}".lower(),
        verified=verified,
        primary=primary,
    )


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("stranger", []),
        ("guest", []),
        ("member", ["active", "changing", "own"]),
        ("moderator", ["active", "changing", "own"]),
        ("staff", ["active", "changing", "guest", "own", "suspended", "unverified", "waiting"]),
        ("superuser", ["active", "changing", "guest", "own", "suspended", "unverified", "waiting"]),
    ],
)
def test_visible_members_depend_on_who_asks(people: People, who: str, sees: list[str]) -> None:
    shown = {
        "active": factories.member(),
        "changing": factories.member(),
        "guest": factories.member(kind="guest"),
        "suspended": factories.member(is_active=False),
        "unverified": factories.member(),
        "waiting": factories.member(is_active=False, is_approved=False),
    }
    add_address(shown["unverified"], verified=False, primary=True)
    add_address(shown["changing"], verified=True, primary=True)
    add_address(shown["changing"], verified=False, primary=False)
    person = people[who]
    if person is not None:
        shown["own"] = person
    found = []
    for name, member in sorted(shown.items()):
        try:
            access.member_for(actor(people, who), member.pk)
        except NotFound:
            continue
        found.append(name)
    assert found == sees


def test_member_for_hides_what_does_not_exist(people: People) -> None:
    with pytest.raises(NotFound):
        access.member_for(actor(people, "staff"), 10**9)


@pytest.mark.parametrize("who", ["stranger", "guest"])
def test_organisation_for_hides_from_those_outside(people: People, who: str) -> None:
    organisation = factories.organisation()
    assert access.organisation_for(actor(people, "member"), organisation.pk) == organisation
    with pytest.raises(NotFound):
        access.organisation_for(actor(people, who), organisation.pk)


def test_token_for_finds_only_ones_own(people: People) -> None:
    owner, other = factories.member(), factories.member()
    token = owner.tokens.create(name="backup", digest=b"x" * 32)
    assert access.token_for(owner, token.pk) == token
    with pytest.raises(NotFound):
        access.token_for(other, token.pk)


@pytest.mark.parametrize("who", ["stranger", "guest", "member", "moderator"])
def test_require_staff_refuses_others(people: People, who: str) -> None:
    with pytest.raises(Forbidden):
        access.require_staff(actor(people, who))


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("stranger", "member", False),
        ("member", "moderator", False),
        ("moderator", "member", False),
        ("staff", "member", True),
        ("staff", "staff", False),
        ("staff", "superuser", False),
        ("superuser", "staff", True),
        ("superuser", "superuser", False),
    ],
)
def test_can_suspend(people: People, who: str, whom: str, *, may: bool) -> None:
    member = people[whom]
    assert member is not None
    assert access.can_suspend(actor(people, who), member) is may
