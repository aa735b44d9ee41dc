"""Invitations: whose they are, which roles they give, how many they let in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from base.errors import Conflict, Forbidden, NotFound
from members import actions
from members.access import invitation_for, roles_to_give
from members.actions import Profile, invite, withdraw_invitation
from members.models import Invitation, Member
from members.queries import open_invitations
from members.vocabulary import Registration, Role
from tests import factories

pytestmark = pytest.mark.django_db

PROFILE = Profile(name="Eva", organisation="", country="EE", languages=[], time_zone="UTC")


def come(token: str, number: int) -> Member:
    """Sign somebody up by this link."""
    member = Member(email=f"guest-{number}@example.org")
    actions.sign_up(
        member=member,
        profile=PROFILE,
        registration=Registration.INVITATION,
        invitation_token=token,
    )
    return member


def organiser() -> Member:
    return factories.member(is_organiser=True)


@pytest.mark.parametrize(
    ("standing", "roles"),
    [
        ({}, []),
        ({"is_moderator": True}, []),
        ({"kind": "guest", "is_organiser": True}, []),
        ({"is_organiser": True}, [Role.MEMBER, Role.ORGANISER]),
        ({"is_staff": True}, list(Role)),
    ],
)
def test_nobody_gives_more_than_they_have(standing: dict[str, object], roles: list[Role]) -> None:
    actor = factories.member(**standing)
    assert roles_to_give(actor) == roles
    for role in Role:
        if role in roles:
            invite(actor=actor, role=role)
        else:
            with pytest.raises(Forbidden):
                invite(actor=actor, role=role)
    assert Invitation.objects.count() == len(roles)


def test_link_for_three_lets_three_in_and_no_fourth() -> None:
    invitation, token = invite(actor=organiser(), role=Role.ORGANISER, most_uses=3)
    came = [come(token, number) for number in range(3)]
    with pytest.raises(Conflict, match=r"invitation\.used"):
        come(token, 3)
    invitation.refresh_from_db()
    assert invitation.uses == 3
    assert list(invitation.arrivals.order_by("pk")) == came
    assert {member.is_organiser for member in came} == {True}
    assert Member.objects.filter(email="guest-3@example.org").exists() is False


def test_link_for_one_address_is_for_one() -> None:
    invitation, _token = invite(actor=organiser(), email="Eva@Example.org", most_uses=9)
    assert (invitation.email, invitation.most_uses) == ("eva@example.org", 1)


def test_withdrawn_link_lets_nobody_in_and_its_arrivals_stay() -> None:
    actor = organiser()
    invitation, token = invite(actor=actor, most_uses=2)
    member = come(token, 1)
    withdraw_invitation(actor=actor, invitation=invitation)
    with pytest.raises(Conflict):
        come(token, 2)
    with pytest.raises(Conflict):
        withdraw_invitation(actor=actor, invitation=invitation)
    assert list(open_invitations(actor)) == []
    assert list(Invitation.objects.get().arrivals.all()) == [member]


def test_organisers_see_their_own_links_and_staff_all() -> None:
    one, other, staff = organiser(), organiser(), factories.member(is_staff=True)
    mine = invite(actor=one)[0]
    assert [list(open_invitations(actor)) for actor in (one, other, staff)] == [[mine], [], [mine]]
    assert invitation_for(one, mine.pk) == invitation_for(staff, mine.pk) == mine
    with pytest.raises(NotFound):
        invitation_for(other, mine.pk)


@pytest.mark.usefixtures("site")
def test_page_makes_a_link_and_shows_it_once(client: Client) -> None:
    client.force_login(organiser())
    address = reverse("members:staff_invitations")
    data = {"email": "", "role": "member", "lasts": "30", "most_uses": "20"}
    made = client.post(address, data)
    assert made.status_code == 200
    link = made.context["link"]
    invitation = Invitation.objects.get()
    lasts_s = (invitation.expires_at - invitation.created_at).total_seconds()
    assert invitation.most_uses == 20
    assert lasts_s == pytest.approx(timedelta(days=30).total_seconds(), abs=5)
    assert client.get(address).context["link"] == ""
    assert Client().get(link).status_code == 302
    refused = client.post(address, data | {"role": "staff"})
    assert (refused.status_code, Invitation.objects.count()) == (422, 1)
