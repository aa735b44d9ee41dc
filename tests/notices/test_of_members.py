"""What members hear of organisations, accompaniments and the safety of their accounts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from base.clock import now
from jobs.periodic import _jobs
from live.units import unit
from members.actions.accompaniments import tell_accompaniment
from members.actions.roles import tell_roles
from members.actions.security import note
from members.models import Accompaniment, Appointment, Member, Organisation, SiteSettings
from members.vocabulary import OrganisationRole, SecurityKind, Side
from notices.actions.mailing import make_mailings
from notices.models import Notice, Preferences
from notices.queries import grouped, notice_page, unread_counts
from notices.tasks import send_mailing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def gather() -> Callable[[], None]:
    """Runs the job that gathers; it has begun."""
    run: Callable[[], None] = _jobs["notices.members"].run  # type: ignore[assignment]
    run()
    return run


def texts(member: Member) -> list[str]:
    """What stands in a member's list."""
    return [group.text for group in grouped(notice_page(member).shown)]


def representative(house: Organisation, name: str) -> Member:
    member = factories.member(name=name)
    Appointment.objects.create(
        member=member,
        organisation=house,
        role=OrganisationRole.REPRESENTATIVE,
        granted_at=now(),
    )
    return member


@pytest.fixture
def houses(site: SiteSettings) -> tuple[Member, Member, Organisation, Organisation]:
    hub = factories.organisation(name="Hub", kind="incubator")
    studio = factories.organisation(name="Studio", kind="business")
    return representative(hub, "Hanna Hub"), representative(studio, "Sten Studio"), hub, studio


def test_accompaniment_is_told_to_who_is_to_answer_and_then_to_who_asked(
    houses: Any, gather: Callable[[], None]
) -> None:
    hanna, sten, hub, studio = houses
    row = Accompaniment.objects.create(
        intermediary=hub, organisation=studio, asked_side=Side.INTERMEDIARY, asked_by=hanna
    )
    with unit():
        tell_accompaniment(actor=hanna, row=row)
    gather()
    assert (texts(hanna), texts(sten)) == (
        [], ["Hanna Hub asks for an accompaniment with Hub: please answer"],
    )  # fmt: skip
    Accompaniment.objects.update(confirmed_at=now(), confirmed_by=sten)
    with unit():
        tell_accompaniment(actor=sten, row=row)
    gather()
    assert texts(hanna) == ["The accompaniment with Studio is agreed"]
    assert unread_counts([sten.pk]) == {sten.pk: {"unread": 0}}, "it was answered"
    Appointment.objects.filter(member=hanna).delete()
    assert texts(hanna) == [], "who no longer represents it sees no more of it"


def test_wish_for_a_role_is_told_to_representatives_and_the_answer_to_who_wished(
    houses: Any, gather: Callable[[], None]
) -> None:
    hanna, sten, hub, _studio = houses
    eva = factories.member(name="Eva Editor")
    wish = Appointment.objects.create(member=eva, organisation=hub, role=OrganisationRole.EDITOR)
    with unit():
        tell_roles(actor=eva, member_ids=[eva.pk, hanna.pk])
    gather()
    assert (texts(eva), texts(sten)) == ([], [])
    assert texts(hanna) == ["Eva Editor asks for a role in Hub: please answer"]
    wish.granted_at, wish.granted_by = now(), hanna
    wish.save()
    with unit():
        tell_roles(actor=hanna, member_ids=[eva.pk, hanna.pk])
    gather()
    assert texts(eva) == ["You have a role in Hub now"]
    assert unread_counts([hanna.pk]) == {hanna.pk: {"unread": 0}}


def test_security_comes_by_mail_at_once_whatever_is_switched_off(
    site: SiteSettings, gather: Callable[[], None], settings: Any
) -> None:
    settings.SITE_URL = "https://ports.example"
    member = factories.member()
    Preferences.objects.create(member=member, is_off=True)
    note(member=member, kind=SecurityKind.SIGNED_IN)
    note(member=member, kind=SecurityKind.TOKEN_MADE)
    gather()
    said = "Your account: Access token made. If it was not you, change your password."
    assert texts(member) == [said]
    make_mailings(send_mailing.func)
    (letter,) = mail.outbox
    assert letter.subject == said
    assert "List-Unsubscribe" not in letter.extra_headers
    assert Notice.objects.count() == 1


def test_gathering_again_tells_nothing_twice(houses: Any, gather: Callable[[], None]) -> None:
    hanna, _sten, _hub, _studio = houses
    note(member=hanna, kind=SecurityKind.NEW_DEVICE)
    gather()
    note(member=hanna, kind=SecurityKind.SIGNED_IN)
    gather()
    assert Notice.objects.count() == 1
