"""`manage.py seed`: the demo is whole, filling it again changes nothing, its log is consistent."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from chat.models import Channel, Membership, Message
from front.models import Result, ResultLabel
from front.vocabulary import ResultKind
from live.credentials import find_token
from live.models import Event, Topic
from matchmaking.models import (
    Consortium,
    CooperationRequest,
    GroupTask,
    ProjectGroup,
    Suggestion,
)
from members.models import Member, Organisation, SiteSettings
from server.demo import reading
from server.demo.people import SIGN_INS

NINE = {"DE", "DK", "EE", "FI", "LT", "LV", "PL", "RU", "SE"}


def seed(*args: Any) -> list[str]:
    """Run the command; its lines of output."""
    out = StringIO()
    call_command("seed", *args, stdout=out)
    return out.getvalue().splitlines()


def counts() -> list[int]:
    """How many rows of each kind there are."""
    models = (
        Member, Organisation, Channel, Membership, Message, Event, EmailAddress,
        CooperationRequest, Consortium, ProjectGroup, GroupTask, Suggestion, Result,
    )  # fmt: skip
    return [model.objects.count() for model in models]


@pytest.mark.slow
@pytest.mark.django_db
def test_seed_fills_the_demo_once() -> None:
    lines = seed()
    assert [line.split()[0] for line in lines] == [s.email for s in SIGN_INS] + ["password:"]
    first = counts()
    seed()
    assert counts() == first
    assert SiteSettings.objects.get().is_set_up
    assert set(Organisation.objects.values_list("country", flat=True)) == NINE
    channel = Channel.objects.order_by("id")[0]
    assert channel.is_public
    assert channel.memberships.count() == Member.objects.count()
    languages = set(Message.objects.values_list("language", flat=True))
    assert languages == {"en", "de", "et", "fi", "pl", "lv", "lt", "ru", "sv", "da"}
    requests = CooperationRequest.objects.lasting().values_list("language", flat=True)
    assert len(requests) == len(reading.requests())
    assert {"en", "de", "et", "pl", "da", "ru"} == set(requests)
    states = Consortium.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["agreed", "proposed"]
    assert ProjectGroup.objects.get().people.count() == 3
    results = Result.objects.all()
    assert set(results.values_list("kind", flat=True)) == set(ResultKind.values)
    assert set(ResultLabel.objects.filter(axis="country").values_list("code", flat=True)) <= NINE
    for each in results:
        page = Client().get(each.url)
        assert (page.status_code, each.title in page.text) == (200, True)


@pytest.mark.slow
@pytest.mark.django_db
def test_seed_lets_the_demo_people_sign_in() -> None:
    seed()
    for sign_in in SIGN_INS:
        client = Client()
        client.post(
            "/accounts/login/", {"login": sign_in.email, "password": settings.DEMO_PASSWORD}
        )
        assert client.get("/api/v1/me/").json()["email"] == sign_in.email
    roles = Member.objects.filter(email__in=[s.email for s in SIGN_INS]).order_by("id")
    assert [(m.is_moderator, m.is_staff, m.is_superuser) for m in roles] == [
        (False, False, False), (False, False, False), (True, False, False), (True, True, True),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db
def test_seed_writes_a_log_without_gaps_that_names_every_message() -> None:
    seed()
    for topic in Topic.objects.all():
        seqs = list(topic.events.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, topic.seq + 1))
    for message in Message.objects.select_related("channel"):
        event = Event.objects.get(topic__name=message.channel.topic, seq=message.seq)
        assert (event.event, event.subject, event.by_id, event.at) == (
            "message.posted", message.pk, message.author_id, message.posted_at,
        )  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db
def test_seed_prints_tokens_and_nothing_else() -> None:
    lines = seed("--tokens", "70")
    assert len(lines) == 70
    channel = Channel.objects.order_by("id")[0]
    inside = set(channel.memberships.values_list("member_id", flat=True))
    owners = set()
    for line in lines:
        assert re.fullmatch(r"\S+@demo\.example cp_\S+", line)
        row = find_token(line.split()[-1])
        assert row is not None
        owners.add(row.member_id)
    assert len(owners) == 70
    assert owners <= inside


@pytest.mark.slow
@pytest.mark.django_db
def test_seed_makes_as_many_members_and_messages_as_asked() -> None:
    seed("--members", "300", "--messages", "200")
    assert Member.objects.count() == 300
    channel = Channel.objects.order_by("id")[0]
    assert (channel.messages.count(), channel.memberships.count()) == (200, 300)
    posted = list(channel.messages.order_by("id").values_list("posted_at", flat=True))
    assert posted == sorted(posted)


def test_data_names_only_people_and_organisations_that_exist() -> None:
    organisations = {row.name for row in reading.organisations()}
    people = {person.key for person in reading.people()}
    assert {person.organisation for person in reading.people()} <= organisations
    for room in reading.rooms():
        inside = people if room.members is None else set(room.members)
        assert inside <= people
        labels: set[str] = set()
        for said in room.messages:
            assert {said.by, *(key for keys in said.reactions.values() for key in keys)} <= inside
            assert said.reply_to in {"", *labels}
            labels |= {said.label} - {""}
