"""Who sees whom, and who may suspend whom."""

import pytest
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


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("stranger", []),
        ("guest", []),
        ("member", ["active", "own"]),
        ("moderator", ["active", "own"]),
        ("staff", ["active", "guest", "own", "suspended", "waiting"]),
        ("superuser", ["active", "guest", "own", "suspended", "waiting"]),
    ],
)
def test_visible_members_depend_on_who_asks(people: People, who: str, sees: list[str]) -> None:
    shown = {
        "active": factories.member(),
        "guest": factories.member(kind="guest"),
        "suspended": factories.member(is_active=False),
        "waiting": factories.member(is_active=False, is_approved=False),
    }
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
