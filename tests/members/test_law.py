"""The event law of `member:<id>`: an old snapshot and the events since are the fresh snapshot.

Hypothesis makes up what people do with profiles, consents, organisations, roles and
accompaniments; after each step a copy of everybody's topic is taken, and in the end each copy, kept
up with the log, must equal a fresh snapshot. Here stands, too, that nobody writes on another's
topic, for every command that there is.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from base.errors import NotFound, Refusal
from chat.events import CreateChannel
from chat.events.languages import ChooseLanguages
from live import announce
from live.limits import writes
from live.models import Event, WriteKey
from live.performing import perform
from live.registry import commands, topic_kinds
from members.consent import QUESTIONS
from members.events import (
    AccompanimentAsk,
    AccompanimentName,
    GiveConsent,
    OrganisationChange,
    OrganisationCreate,
    ProfileChange,
    ProfileLink,
    RoleAsk,
    RoleEnd,
    RoleGrant,
    WithdrawConsent,
)
from members.models import Accompaniment, Member, Organisation
from tests import factories
from tests.chat.reading import as_json, kept_up, log, position, snapshot
from tests.members.organising import House, do, house

WHO = ("representative", "editor", "accompanying", "outsider", "asking", "staff")
READERS = ("representative", "accompanying", "outsider", "asking")
PERSON = st.sampled_from(WHO)
WHICH = st.integers(0, 3)
ROLE = st.sampled_from(["representative", "editor", "king"])
PURPOSE = st.sampled_from(["directory", "matching"])
Step = tuple[str, str, Any]

steps = st.one_of(
    st.tuples(
        st.just("profile.change"),
        PERSON,
        st.sampled_from(
            [
                {"name": " Anna  T. "},
                {"name": ""},
                {"organisation": "A new studio"},
                {"organisation": "LOOM"},
                {"organisation": ""},
                {"country": "LV", "languages": ["lv", "en"], "levels": {"lv": "native"}},
                {"audiences": {"languages": "nobody"}, "about": "Hei", "sectors": ["MUS"]},
                {"links": [ProfileLink(url="https://a.ee/")], "pronouns": "she"},
            ]
        ),
    ),
    st.tuples(st.just("consent.give"), PERSON, PURPOSE),
    st.tuples(st.just("consent.withdraw"), PERSON, PURPOSE),
    st.tuples(st.just("languages.choose"), PERSON, st.sampled_from([["de"], [], ["et", "x"]])),
    st.tuples(st.just("organisation.create"), PERSON, st.sampled_from(["Third", "Loom", ""])),
    st.tuples(
        st.just("organisation.change"),
        PERSON,
        st.tuples(WHICH, st.sampled_from(["Loom II", "Hub", "Loom"])),
    ),
    st.tuples(st.just("role.ask"), PERSON, st.tuples(WHICH, ROLE)),
    st.tuples(st.just("role.grant"), PERSON, st.tuples(WHICH, PERSON, ROLE)),
    st.tuples(st.just("role.end"), PERSON, st.tuples(WHICH, PERSON)),
    st.tuples(
        st.just("accompaniment.ask"),
        PERSON,
        st.tuples(WHICH, WHICH, st.sampled_from(["intermediary", "organisation"])),
    ),
    st.tuples(st.just("accompaniment.confirm"), PERSON, WHICH),
    st.tuples(st.just("accompaniment.end"), PERSON, WHICH),
)

# What chance finds rarely: a room of an organisation that opens and closes with a role, a name
# that stands on several cards, an accompaniment that ends and begins again.
INTERPLAY: list[Step] = [
    ("role.grant", "representative", (0, "asking", "editor")),
    ("organisation.change", "accompanying", (0, "Loom II")),
    ("profile.change", "outsider", {"organisation": "Loom II"}),
    ("organisation.change", "editor", (0, "Loom")),
    ("role.end", "representative", (0, "asking")),
    ("role.ask", "asking", (0, "representative")),
    ("role.grant", "staff", (0, "asking", "representative")),
    ("accompaniment.end", "representative", 0),
    ("accompaniment.ask", "accompanying", (1, 0, "intermediary")),
    ("accompaniment.confirm", "asking", 0),
    ("role.end", "representative", (0, "representative")),
    ("consent.withdraw", "editor", "directory"),
    ("consent.give", "editor", "directory"),
    ("languages.choose", "editor", ["de"]),
    ("languages.choose", "editor", []),
    ("organisation.create", "outsider", "Third"),
]


def organisation_at(which: int) -> int:
    """The id of one of the organisations, or of none."""
    ids = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    return ids[which] if which < len(ids) else 10**9


def accompaniment_at(which: int) -> int:
    """The id of one of the accompaniments that are not over, or of none."""
    ids = list(Accompaniment.objects.open().order_by("pk").values_list("pk", flat=True))
    return ids[which] if which < len(ids) else 10**9


def data_of(step: Step, place: House) -> Any:  # noqa: PLR0911 - one return per command
    """The data of a step's command."""
    people = place.people
    match step:
        case "profile.change", _, fields:
            return ProfileChange(**fields)
        case "consent.give", _, purpose:
            return GiveConsent(purpose=purpose, version=QUESTIONS[purpose].version)
        case "consent.withdraw", _, purpose:
            return WithdrawConsent(purpose=purpose)
        case "languages.choose", _, reads:
            return ChooseLanguages(reads=reads, others="fold" if reads else "show")
        case "organisation.create", _, name:
            return OrganisationCreate(name=name, country="EE")
        case "organisation.change", _, (which, name):
            return OrganisationChange(id=organisation_at(which), name=name)
        case "role.ask", _, (which, role):
            return RoleAsk(organisation=organisation_at(which), role=role)
        case "role.grant", _, (which, who, role):
            number = organisation_at(which)
            return RoleGrant(organisation=number, member=people[who].pk, role=role)
        case "role.end", _, (which, who):
            return RoleEnd(organisation=organisation_at(which), member=people[who].pk)
        case "accompaniment.ask", _, (first, second, side):
            pair = {
                "intermediary": organisation_at(first),
                "organisation": organisation_at(second),
            }
            return AccompanimentAsk(**pair, side=side)
        case (("accompaniment.confirm" | "accompaniment.end"), _, which):
            return AccompanimentName(id=accompaniment_at(which))
    raise AssertionError(step)


def topic_of(member: Member) -> str:
    return f"member:{member.pk}"


class EventLaw(TestCase):
    """Copies of members' topics that are kept up equal the topics."""

    @pytest.mark.slow
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(taken=st.lists(steps, max_size=12))
    @example(taken=INTERPLAY)
    def test_copy_from_anywhere_is_kept_up(self, taken: list[Step]) -> None:
        """From every position in the log."""
        place = house()
        room = CreateChannel(name="House", is_public=False, organisation=place.business.pk)
        owner = place.people["representative"]
        perform(actor=owner, cmd="channel.create", topic="", data=room)
        readers = [place.people[who] for who in READERS]
        topics = [topic_of(reader) for reader in readers]
        copies = [self.copies_of(topics, readers)]
        for step in taken:
            writes._buckets.clear()
            before = [position(topic) for topic in topics]
            actor = Member.objects.get(pk=place.people[step[1]].pk)
            try:
                do(actor, step[0], data_of(step, place))
            except Refusal:
                assert [position(topic) for topic in topics] == before
            copies.append(self.copies_of(topics, readers))
        for number, kept in enumerate(copies):
            for topic, (seq, state), (_, fresh) in zip(topics, kept, copies[-1], strict=True):
                assert kept_up(state, topic, log(topic, seq)) == fresh
                if number % 3 == 0:
                    # Rows that are newer than their seq, and everything applied twice.
                    events = log(topic, max(seq - 3, 0))
                    assert kept_up(state, topic, events + events) == fresh

    def copies_of(
        self, topics: Sequence[str], readers: Sequence[Member]
    ) -> list[tuple[int, dict[str, Any]]]:
        """Position and snapshot of each topic, now."""
        fresh = Member.objects.in_bulk([reader.pk for reader in readers])
        return [
            (position(topic), snapshot(fresh[reader.pk], topic))
            for topic, reader in zip(topics, readers, strict=True)
        ]


def asked(place: House) -> int:
    """An accompaniment of the business that it has to confirm."""
    return int(
        factories.accompaniment(
            intermediary=factories.organisation(kind="network"),
            organisation=place.business,
            confirmed_at=None,
        ).pk
    )


ONE_OF_EACH: list[tuple[str, str, Callable[[House], Any]]] = [
    ("profile.change", "outsider", lambda h: ProfileChange(name="Otto O.")),
    ("profile.change", "outsider", lambda h: ProfileChange(organisation="A new studio")),
    ("consent.give", "outsider", lambda h: GiveConsent(purpose="matching", version=1)),
    ("consent.withdraw", "outsider", lambda h: WithdrawConsent(purpose="directory")),
    ("languages.choose", "outsider", lambda h: ChooseLanguages(reads=["de"], others="fold")),
    ("organisation.create", "outsider", lambda h: OrganisationCreate(name="Third", country="EE")),
    ("organisation.change", "editor", lambda h: OrganisationChange(id=h.business.pk, name="II")),
    (
        "organisation.change",
        "accompanying",
        lambda h: OrganisationChange(id=h.business.pk, town="Narva"),
    ),
    ("role.ask", "outsider", lambda h: RoleAsk(organisation=h.business.pk, role="editor")),
    (
        "role.grant",
        "representative",
        lambda h: RoleGrant(
            organisation=h.business.pk, member=h.people["asking"].pk, role="editor"
        ),
    ),
    (
        "role.end",
        "representative",
        lambda h: RoleEnd(organisation=h.business.pk, member=h.people["editor"].pk),
    ),
    (
        "accompaniment.ask",
        "representative",
        lambda h: AccompanimentAsk(
            intermediary=factories.organisation(kind="network").pk,
            organisation=h.business.pk,
            side="organisation",
        ),
    ),
    ("accompaniment.confirm", "representative", lambda h: AccompanimentName(id=asked(h))),
    (
        "accompaniment.end",
        "representative",
        lambda h: AccompanimentName(id=h.accompaniment.pk),
    ),
]


@pytest.fixture
def committed() -> Any:
    """What the hub would be told: every entry that was made without reading the log."""
    facts: list[announce.Commit] = []
    stop = announce.listen(facts.extend)
    yield facts
    stop()


def own_commands() -> set[str]:
    """What one does with profile, consent and organisations, and the languages one reads."""
    ours = {c.name for c in commands() if c.kind == "member" and "members" in c.data.__module__}
    return ours | {"languages.choose"}


def test_every_command_is_under_the_law() -> None:
    assert own_commands() == {cmd for cmd, _who, _data in ONE_OF_EACH}


@pytest.mark.django_db
@pytest.mark.parametrize(("cmd", "who", "data"), ONE_OF_EACH)
def test_fresh_events_say_what_the_log_says_in_their_shape(
    committed: list[announce.Commit],
    django_capture_on_commit_callbacks: Any,
    cmd: str,
    who: str,
    data: Callable[[House], Any],
) -> None:
    """What goes out at once and what is read back are the same bytes, and fit their structs."""
    place = house()
    said = data(place)
    with django_capture_on_commit_callbacks(execute=True):
        do(place.people[who], cmd, said)
    assert committed
    shapes = topic_kinds()["member"].events
    for commit in committed:
        known = [msgspec.json.decode(entry.data) for entry in commit.entries]
        kept = log(commit.topic, commit.seq - len(known))
        assert [data for _, data in kept] == known
        assert [entry.event for entry in commit.entries] == [name for name, _ in kept]
        for event, shown in kept:
            assert as_json(msgspec.convert(shown, shapes[event])) == shown


@pytest.mark.django_db
def test_nobody_writes_on_anothers_topic_nor_without_an_account() -> None:
    """Every command of one's own topic, by everybody else, staff too; and by who is suspended."""
    place = house()
    victim = place.people["outsider"]
    suspended = place.people["asking"]
    suspended.is_active = False
    suspended.save()
    found = {}
    said = [(cmd, data(place)) for cmd, _who, data in ONE_OF_EACH]
    before = (Event.objects.count(), WriteKey.objects.count(), Organisation.objects.count())
    for cmd, data in said:
        for who in (*WHO, "guest"):
            actor, topic = place.people[who], topic_of(victim)
            if actor == victim:
                continue
            with pytest.raises(Refusal) as refusal:
                perform(actor=actor, cmd=cmd, topic=topic, data=data)
            found[cmd, who] = type(refusal.value)
    assert set(found.values()) == {NotFound}
    now = (Event.objects.count(), WriteKey.objects.count(), Organisation.objects.count())
    assert now == before


@pytest.mark.django_db
@pytest.mark.parametrize(("cmd", "_who", "data"), ONE_OF_EACH)
def test_what_a_guest_may(cmd: str, _who: str, data: Callable[[House], Any]) -> None:
    """A guest has a name, consents and languages, and is nobody in organisations."""
    place = house()
    said, guest = data(place), place.people["guest"]
    before = Event.objects.count()
    own = {"profile.change", "consent.give", "consent.withdraw", "languages.choose"}
    if cmd in own:
        do(guest, cmd, said)
        return
    with pytest.raises(Refusal):
        do(guest, cmd, said)
    assert Event.objects.count() == before
