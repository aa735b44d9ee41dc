"""Writes: what they change, whom they refuse, and which sockets they end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from base.clock import now
from base.errors import Conflict, Forbidden
from live.credentials import REVOCATIONS
from live.models import Event
from members import actions
from members.models import Invitation, Member
from members.rules import invitation_hash
from members.vocabulary import Registration
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "https://ports.example/accounts/login/"
PROFILE = actions.Profile("Eva", "", "EE", [], "UTC")


def revocations() -> list[Any]:
    """What was said on the internal topic of revocations, without what is null."""
    said = Event.objects.filter(topic__name=REVOCATIONS).values_list("data", flat=True)
    return [
        {name: fact for name, fact in (facts or {}).items() if fact is not None} for facts in said
    ]


def newcomer() -> Member:
    """An unsaved account."""
    return Member(email="eva@example.org")


def test_suspension_ends_everything_and_can_be_undone() -> None:
    staff, member = factories.member(is_staff=True), factories.member()
    actions.suspend_member(actor=staff, member=member)
    member.refresh_from_db()
    assert (member.is_active, member.is_suspended) == (False, True)
    assert revocations() == [{"member": member.pk}]
    actions.reactivate_member(actor=staff, member=member)
    member.refresh_from_db()
    assert member.is_active


def test_suspension_refused_changes_nothing() -> None:
    member = factories.member()
    with pytest.raises(Forbidden):
        actions.suspend_member(actor=factories.member(is_moderator=True), member=member)
    member.refresh_from_db()
    assert (member.is_active, revocations()) == (True, [])


def test_reactivation_does_not_replace_approval() -> None:
    waiting = factories.member(is_active=False, is_approved=False)
    with pytest.raises(Conflict):
        actions.reactivate_member(actor=factories.member(is_staff=True), member=waiting)


def test_decline_deletes_only_who_waits() -> None:
    staff = factories.member(is_staff=True)
    waiting = factories.member(is_active=False, is_approved=False)
    actions.decline_member(actor=staff, member=waiting)
    assert list(Member.objects.all()) == [staff]
    other = factories.member()
    with pytest.raises(Conflict):
        actions.decline_member(actor=staff, member=other)
    assert Member.objects.count() == 2


def test_approval_is_decided_once_and_mailed(django_capture_on_commit_callbacks: Any) -> None:
    staff = factories.member(is_staff=True)
    waiting = factories.member(is_active=False, is_approved=False, locale="de")
    with django_capture_on_commit_callbacks(execute=True):
        actions.approve_member(actor=staff, member=waiting, sign_in_at=ADDRESS)
    assert [sent.to for sent in mail.outbox] == [[waiting.email]]
    assert ADDRESS in mail.outbox[0].body
    with pytest.raises(Conflict):
        actions.approve_member(actor=staff, member=waiting, sign_in_at=ADDRESS)


@pytest.mark.parametrize("who", [{}, {"is_moderator": True}])
def test_only_staff_invite_approve_and_decline(who: dict[str, bool]) -> None:
    actor = factories.member(**who)
    waiting = factories.member(is_active=False, is_approved=False)
    with pytest.raises(Forbidden):
        actions.invite(actor=actor)
    with pytest.raises(Forbidden):
        actions.approve_member(actor=actor, member=waiting, sign_in_at=ADDRESS)
    with pytest.raises(Forbidden):
        actions.decline_member(actor=actor, member=waiting)
    waiting.refresh_from_db()
    assert (waiting.is_approved, Invitation.objects.count()) == (False, 0)


def test_invitation_is_used_once() -> None:
    _invitation, token = actions.invite(actor=factories.member(is_staff=True), role="staff")
    assert Invitation.objects.get().token_hash == invitation_hash(token)
    first = newcomer()
    actions.sign_up(
        member=first,
        profile=PROFILE,
        registration=Registration.INVITATION,
        invitation_token=token,
    )
    assert first.is_staff
    second = Member(email="second@example.org")
    with pytest.raises(Conflict):
        actions.sign_up(
            member=second,
            profile=PROFILE,
            registration=Registration.OPEN,
            invitation_token=token,
        )
    assert not Member.objects.filter(email="second@example.org").exists()


def test_invitation_that_ran_out_lets_nobody_in() -> None:
    staff = factories.member(is_staff=True)
    _invitation, token = actions.invite(actor=staff, lasts=timedelta(days=1))
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    with pytest.raises(Conflict):
        actions.sign_up(
            member=newcomer(),
            profile=PROFILE,
            registration=Registration.OPEN,
            invitation_token=token,
        )
    assert list(Member.objects.all()) == [staff]


def test_invitation_skips_the_wait() -> None:
    _invitation, token = actions.invite(actor=factories.member(is_staff=True))
    member = newcomer()
    actions.sign_up(
        member=member,
        profile=PROFILE,
        registration=Registration.APPROVAL,
        invitation_token=token,
    )
    assert (member.is_active, member.is_staff, member.is_moderator) == (True, False, False)


def test_withdrawn_invitation_is_gone_and_a_used_one_stays() -> None:
    staff = factories.member(is_staff=True)
    invitation, token = actions.invite(actor=staff)
    actions.withdraw_invitation(actor=staff, invitation=invitation)
    assert not Invitation.objects.exists()
    invitation, token = actions.invite(actor=staff)
    actions.sign_up(
        member=newcomer(),
        profile=PROFILE,
        registration=Registration.OPEN,
        invitation_token=token,
    )
    with pytest.raises(Conflict):
        actions.withdraw_invitation(actor=staff, invitation=invitation)


def test_sign_up_without_invitation_is_refused_where_one_is_needed() -> None:
    with pytest.raises(Forbidden):
        actions.sign_up(member=newcomer(), profile=PROFILE, registration=Registration.INVITATION)
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [{"email": "Upper@example.org"}, {"is_active": True, "is_approved": False}, {"kind": "bot"}],
)
def test_database_refuses_impossible_members(broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.bulk_create([Member(**({"email": "x@example.org"} | broken))])


def test_organisation_names_are_unique_in_a_country_whatever_their_case() -> None:
    known = factories.organisation(name="Loom", country="EE")
    assert actions.named_organisation(" loom ", "EE") == (known, False)
    other, is_new = actions.named_organisation("Loom", "LV")
    assert other is not None
    assert (other == known, is_new) == (False, True)
    assert actions.named_organisation("  ", "EE") == (None, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.organisation(name="LOOM", country="EE")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_up_at_the_same_moment_one_is_refused() -> None:
    choices = actions.SiteChoices(name="Nord", languages=["en"], registration="open")
    start = Barrier(2)

    def set_up(email: str) -> str:
        try:
            start.wait(timeout=10)
            actions.set_up_site(
                choices=choices, name="Eva", email=email, password=factories.PASSWORD, code=""
            )
        except Conflict as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(set_up, ["a@example.org", "b@example.org"]))
    assert sorted(answers) == ["done", "setup.done"]
    assert Member.objects.count() == 1
