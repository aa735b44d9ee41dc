"""Consortia through every door: sought, proposed, agreed to, declined without anybody hearing."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from live.models import Event
from live.registry import topic_kinds
from matchmaking.actions.profiles import market_changed
from matchmaking.events.consortia import (
    AnswerConsortium,
    CloseConsortium,
    ProposeConsortium,
    SeekTeam,
)
from matchmaking.models import Choice, Consortium, ConsortiumSeat, MatchingProfile, Suggestion
from matchmaking.notices.consortia import CONSORTIUM, drafts_of_consortia
from matchmaking.queries.consortia import consortia_of, found_team
from matchmaking.queries.market import are_apart, current_market
from matchmaking.rules.consortia import shape_of
from matchmaking.vocabulary import Facet
from members.models import Member
from moderation.models import Block
from notices.actions.telling import tell
from notices.kinds import kinds
from notices.models import Notice
from tests import factories
from tests.matchmaking.teams import House, do, house

pytestmark = pytest.mark.django_db
PLACES = {"de": "DE", "ee": "EE", "fi": "FI", "pl": "PL", "fi2": "FI"}


@pytest.fixture
def houses() -> dict[str, House]:
    """A German lead and four others; space is offered by a Finnish house alone."""
    offers = {"ee": ["training"], "fi": ["space"], "pl": ["training"], "fi2": ["training"]}
    return {
        key: house(code, offers=offers.get(key, []), needs=["training", "space"])
        for key, code in PLACES.items()
    }


def proposed(houses: dict[str, House], *others: str) -> Consortium:
    lead = houses["de"]
    data = ProposeConsortium(
        organisation=lead.id,
        title="Łódź–Tartu",
        members=[houses[key].id for key in others],
        needs=["space"],
    )
    return Consortium.objects.get(pk=do(lead.person, "consortium.propose", data)["id"])


def answer(at: House, row: Consortium, *, yes: bool) -> dict[str, Any]:
    data = AnswerConsortium(consortium=row.pk, organisation=at.id, yes=yes)
    return do(at.person, "consortium.answer", data)


def told(member: Member) -> int:
    return Event.objects.filter(topic__name=f"member:{member.pk}").count()


def test_a_team_covers_the_needs_says_why_and_what_is_missing(houses: dict[str, House]) -> None:
    lead = houses["de"].id
    asked = SeekTeam(partners=3, countries=3, per_country=1, needs=["space", "training"])
    found = found_team(lead, shape_of(asked), asked.needs, [])
    assert found is not None
    assert found.proof == "best"
    seats = {seat.organisation.id: seat for seat in found.seats}
    assert found.seats[0].is_lead
    assert set(seats) & {houses["ee"].id, houses["pl"].id} != set()
    assert seats[houses["fi"].id].alone == ["space"]
    assert seats[houses["fi"].id].replacements == []
    (third,) = set(seats) - {lead, houses["fi"].id}
    other = ({houses["ee"].id, houses["pl"].id} - {third}).pop()
    assert [each.id for each in seats[third].replacements] == [other]
    lacking = found_team(lead, shape_of(SeekTeam(partners=5, countries=5)), ["residency"], [])
    assert lacking is not None
    assert (lacking.proof, lacking.nobody, lacking.lacks_countries) == ("partial", ["residency"], 1)
    fixed = found_team(lead, shape_of(SeekTeam(partners=2, countries=2)), [], [houses["pl"].id])
    assert fixed is not None
    assert [seat.organisation.id for seat in fixed.seats] == [lead, houses["pl"].id]
    assert fixed.seats[1].is_fixed


def test_who_is_apart_or_rests_is_in_no_team(houses: dict[str, House]) -> None:
    lead, shape = houses["de"].id, shape_of(SeekTeam(partners=3, countries=3))
    Block.objects.create(blocker=houses["fi"].person, blocked=houses["de"].person)
    Block.objects.create(blocker=houses["ee"].person, blocked=houses["pl"].person)
    found = found_team(lead, shape, [], [])
    assert found is not None
    members = {seat.organisation.id for seat in found.seats}
    assert houses["fi"].id not in members
    assert not {houses["ee"].id, houses["pl"].id} <= members
    # Who asks for both by name hears that they cannot be together, and not why.
    both = found_team(lead, shape, [], [houses["ee"].id, houses["pl"].id])
    assert both is not None
    assert (both.proof, both.seats, both.lacks_partners) == ("partial", [], 0)
    assert [[each.id for each in pair] for pair in both.apart] == [
        sorted([houses["ee"].id, houses["pl"].id])
    ]
    named = [houses["ee"].id, houses["pl"].id]
    with pytest.raises(Invalid) as blocked:
        proposed(houses, "ee", "pl")
    # A block is not told from a country that is left out, here neither.
    Block.objects.all().delete()
    profile = houses["ee"].profile
    Choice.objects.create(profile=profile, facet=Facet.EXCLUDED, code="PL")
    market_changed(organisation_ids=[profile.pk])
    with pytest.raises(Invalid) as excluded:
        proposed(houses, "ee", "pl")
    assert excluded.value.fields == blocked.value.fields
    assert not Consortium.objects.exists()
    Suggestion.objects.bulk_create(Suggestion(profile_id=lead, other_id=pk) for pk in named)
    client = Client()
    client.force_login(houses["de"].person)
    asked = {"seek": "1", "partners": "3", "countries": "3", "per_country": "1"}
    page = client.get(
        f"/partners/{lead}/consortia/new/",
        asked | {"members": named},
    )
    assert "These two cannot be in one team" in page.content.decode()
    houses["de"].rest()
    assert found_team(lead, shape, [], []) is None


def test_who_is_kept_apart_for_a_proposal_is_so_for_the_builder() -> None:
    said: list[tuple[str, dict[str, list[str]]]] = [
        ("DE", {}), ("EE", {"wanted": ["DE"]}), ("FI", {"excluded": ["EE"]}), ("FI", {}),
        ("LV", {"language": ["lv"]}), ("PL", {"language": []}),
    ]  # fmt: skip
    ids = []
    for country, codes in said:
        one = house(country)
        if "language" in codes:
            one.profile.choices.filter(facet=Facet.LANGUAGE).delete()
        Choice.objects.bulk_create(
            Choice(profile=one.profile, facet=facet, code=code)
            for facet, values in codes.items()
            for code in values
        )
        ids.append(one.id)
    market_changed(organisation_ids=ids)
    rows = MatchingProfile.objects.select_related("organisation").in_bulk(ids)
    found = [[one != other and are_apart(rows[one], rows[other]) for other in ids] for one in ids]
    assert found == current_market().apart(ids).tolist()
    assert sum(map(sum, found)) == 14


def test_all_agree_and_a_no_is_heard_by_nobody(houses: dict[str, House]) -> None:
    row = proposed(houses, "ee", "fi")
    answer(houses["ee"], row, yes=True)
    before = {key: (told(each.person), consortia_of(each.id)) for key, each in houses.items()}
    answer(houses["fi"], row, yes=False)
    for key in ("de", "ee"):
        assert (told(houses[key].person), consortia_of(houses[key].id)) == before[key]
    assert told(houses["fi"].person) == before["fi"][0] + 1
    assert consortia_of(houses["fi"].id) == []
    # A yes that is taken back is counted no more, by whomever.
    own = houses["ee"]
    client = Client()
    client.force_login(own.person)
    page = f"/partners/{own.id}/consortia/{row.pk}/"
    assert "2 of 3 agreed" in client.get(page).content.decode()
    assert "Take it back" in client.get(page).content.decode()
    assert client.post(page, {"say": "no"}).status_code == 302
    assert [each.agreed for each in consortia_of(houses["de"].id)] == [1]
    answer(own, row, yes=True)
    # Whoever changes their mind is heard.
    answer(houses["fi"], row, yes=True)
    row.refresh_from_db()
    assert row.state == "agreed"
    (seen,) = consortia_of(houses["ee"].id)
    assert (seen.state, seen.agreed, seen.group) == ("agreed", 3, None)
    with pytest.raises(Conflict) as caught:
        answer(houses["fi"], row, yes=False)
    assert caught.value.code == "consortium.over"


def test_it_runs_out_and_can_be_given_up(houses: dict[str, House]) -> None:
    row = proposed(houses, "ee")
    Consortium.objects.update(answer_by=now() - timedelta(seconds=1))
    (seen,) = consortia_of(houses["ee"].id)
    assert (seen.state, seen.is_mine_to_answer) == ("closed", False)
    with pytest.raises(Conflict):
        answer(houses["ee"], row, yes=True)
    other = proposed(houses, "pl")
    close = CloseConsortium(consortium=other.pk, organisation=houses["pl"].id)
    with pytest.raises(Forbidden):
        do(houses["pl"].person, "consortium.close", close)
    close = CloseConsortium(consortium=other.pk, organisation=houses["de"].id)
    do(houses["de"].person, "consortium.close", close)
    with pytest.raises(Conflict):
        answer(houses["pl"], other, yes=True)


def test_what_cannot_be_is_refused_and_nothing_is_written(houses: dict[str, House]) -> None:
    lead, other = houses["de"], houses["ee"]
    resting = house("LV")
    resting.rest()
    outsider, guest = factories.member(), factories.member(kind="guest")
    staff = factories.member(is_staff=True)
    sound = ProposeConsortium(organisation=lead.id, title="x", members=[other.id])
    replaced = msgspec.structs.replace
    row = proposed(houses, "fi")
    count = Event.objects.count()
    wrong: list[tuple[Member, str, msgspec.Struct, type[Refusal]]] = [
        (lead.person, "consortium.propose", replaced(sound, title=" "), Invalid),
        (lead.person, "consortium.propose", replaced(sound, title="x" * 121), Invalid),
        (lead.person, "consortium.propose", replaced(sound, members=[lead.id]), Invalid),
        (lead.person, "consortium.propose", replaced(sound, needs=["gold"]), Invalid),
        (lead.person, "consortium.propose", replaced(sound, members=[resting.id]), Conflict),
        (lead.person, "consortium.propose", replaced(sound, members=[2**62]), Conflict),
        (lead.person, "consortium.propose", replaced(sound, organisation=other.id), Forbidden),
        (lead.person, "consortium.propose", replaced(sound, organisation=2**62), NotFound),
    ]
    answered = AnswerConsortium(consortium=row.pk, organisation=houses["fi"].id, yes=True)
    wrong += [(each, "consortium.answer", answered, Forbidden) for each in (outsider, staff)]
    wrong += [(guest, "consortium.answer", answered, Refusal)]
    strange = replaced(answered, organisation=other.id)
    wrong += [(other.person, "consortium.answer", strange, NotFound)]
    for actor, cmd, data, refusal in wrong:
        with pytest.raises(refusal):
            do(actor, cmd, data)
    for _ in range(4):
        proposed(houses, "ee")
    with pytest.raises(Conflict) as caught:
        proposed(houses, "ee")
    assert caught.value.code == "consortium.too_many"
    assert Consortium.objects.count() == 5
    assert ConsortiumSeat.objects.filter(said="yes").count() == 5
    assert Event.objects.count() == count + 4 * 2


def test_only_own_people_see_and_answer_on_pages_and_rest(
    houses: dict[str, House], client: Client
) -> None:
    row = proposed(houses, "ee")
    of = houses["ee"].id
    reads = [
        reverse("matchmaking:consortia", args=[of]),
        reverse("matchmaking:consortium_build", args=[of]),
        reverse("matchmaking:consortium", args=[of, row.pk]),
        f"/api/v1/matching/{of}/consortia/",
        f"/api/v1/matching/{of}/consortia/{row.pk}/",
    ]
    standings = {
        "own": (houses["ee"].person, [200] * 5),
        "other": (houses["de"].person, [403] * 5),
        "outsider": (factories.member(), [403] * 5),
        "staff": (factories.member(is_staff=True), [403] * 5),
        "guest": (factories.member(kind="guest"), [404] * 3 + [403] * 2),
    }
    for actor, statuses in standings.values():
        client.force_login(actor)
        assert [client.get(address).status_code for address in reads] == statuses
        if statuses[0] != 200:
            assert client.post(reads[2], {"say": "yes"}).status_code == statuses[0]
            best = client.post(f"{reads[3]}best/", {}, content_type="application/json")
            assert best.status_code == statuses[3]
    client.logout()
    assert [client.get(address).status_code for address in reads] == [302] * 3 + [401] * 2
    assert ConsortiumSeat.objects.get(organisation=of).said == ""


def test_the_page_seeks_proposes_and_answers(houses: dict[str, House], client: Client) -> None:
    lead, other = houses["de"], houses["ee"]
    client.force_login(lead.person)
    address = reverse("matchmaking:consortium_build", args=[lead.id])
    query = {"seek": "1", "preset": "creative_europe_small", "needs": ["space"]}
    page = client.get(address, query)
    assert page.status_code == 200
    team = page.context["team"]
    assert "The only one of the team to offer: Space" in page.content.decode()
    members = [seat.organisation.id for seat in team.seats if not seat.is_lead]
    wrong = client.post(address, {"title": "", "members": members})
    assert wrong.status_code == 422
    body = {"title": "Together", "members": [other.id], "needs": ["space"]}
    done = client.post(address, body)
    row = Consortium.objects.get()
    shown = reverse("matchmaking:consortium", args=[lead.id, row.pk])
    assert (done.status_code, done.headers["Location"]) == (302, shown)
    assert client.get(shown).status_code == 200
    client.force_login(other.person)
    page_of_other = reverse("matchmaking:consortium", args=[other.id, row.pk])
    client.post(page_of_other, {"say": "yes"})
    row.refresh_from_db()
    assert row.state == "agreed"
    assert "Begin a project group" in client.get(page_of_other).content.decode()
    bad = client.get(address.replace(str(lead.id), str(other.id)), {"seek": "1", "partners": "99"})
    assert bad.status_code == 422


def test_rest_seeks_proposes_and_answers(houses: dict[str, House], client: Client) -> None:
    lead, other = houses["de"], houses["ee"]
    client.force_login(lead.person)
    address = f"/api/v1/matching/{lead.id}/consortia/"
    json: dict[str, Any] = {"content_type": "application/json"}
    asked = {"partners": 3, "countries": 3, "needs": ["space"]}
    best = client.post(f"{address}best/", asked, **json)
    assert (best.status_code, best.json()["proof"]) == (200, "best")
    assert "score" not in best.content.decode()
    assert client.post(f"{address}best/", {"partners": 1}, **json).status_code == 422
    made = client.post(address, {"title": "x", "members": [other.id]}, **json)
    assert made.status_code == 201
    pk = made.json()["id"]
    client.force_login(other.person)
    own = f"/api/v1/matching/{other.id}/consortia/{pk}/"
    assert client.get(own).json()["is_mine_to_answer"] is True
    assert client.post(own, {"yes": True}, **json).json()["state"] == "agreed"
    assert client.delete(own).status_code == 403


def test_every_copy_kept_up_by_events_is_the_snapshot(houses: dict[str, House]) -> None:
    kind = topic_kinds()["member"]
    row, second = proposed(houses, "ee", "fi"), proposed(houses, "pl")
    answer(houses["ee"], row, yes=True)
    answer(houses["fi"], row, yes=True)
    answer(houses["pl"], second, yes=False)
    close = CloseConsortium(consortium=second.pk, organisation=houses["de"].id)
    do(houses["de"].person, "consortium.close", close)
    for each in houses.values():
        topic = f"member:{each.person.pk}"
        events = Event.objects.filter(topic__name=topic, event="consortium.changed")
        copy: dict[int, Any] = {}
        for said in msgspec.to_builtins(kind.present(list(events.order_by("seq")))):
            state = said["consortium"]
            copy[state["id"]] = state
        kept = {
            pk: state
            for pk, state in copy.items()
            if state["state"] != "closed" and state["said"] != "no"
        }
        fresh = msgspec.to_builtins(kind.snapshot(each.person, each.person.pk)["consortia"])
        assert kept == {state["id"]: state for state in fresh}


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_few_and_many(
    count: int,
    houses: dict[str, House],
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        row = proposed(houses, *["ee", "fi", "pl"][:count])
    lead = houses["de"].id
    client.force_login(houses["de"].person)
    costs = {
        reverse("matchmaking:consortia", args=[lead]): 16,
        reverse("matchmaking:consortium", args=[lead, row.pk]): 17,
        reverse("matchmaking:consortium_build", args=[lead]) + "?seek=1": 23,
        f"/api/v1/matching/{lead}/consortia/": 9,
    }
    for address, queries in costs.items():
        client.get(address)
        with django_assert_num_queries(queries, info=address):
            assert client.get(address).status_code == 200


def test_who_is_asked_is_told_and_all_of_what_they_agreed(houses: dict[str, House]) -> None:
    row = proposed(houses, "ee", "fi")
    answer(houses["fi"], row, yes=False)

    def now_told() -> list[tuple[int, str]]:
        # What a follower is told of twice is one notice.
        for _ in range(2):
            tell(drafts_of_consortia([row.pk]))
        rows = Notice.objects.filter(kind=CONSORTIUM).order_by("pk")
        return [(each.member_id, each.data["what"]) for each in rows]

    assert now_told() == [(houses["ee"].person.pk, "asked")]
    kind = kinds()[CONSORTIUM]
    (facts,) = kind.facts(list(Notice.objects.all()))
    assert facts is not None
    lead = houses["de"].organisation.name
    asks = f"{lead} asks you into the consortium “Łódź–Tartu”: please answer"
    assert (kind.say([facts]), facts.is_seen) == (asks, False)
    answer(houses["ee"], row, yes=True)
    answer(houses["fi"], row, yes=True)
    agreed = sorted((houses[key].person.pk, "agreed") for key in ("de", "ee", "fi"))
    assert sorted(now_told()[1:]) == agreed
    found = kind.facts(list(Notice.objects.order_by("pk")))
    assert [each is not None and each.is_seen for each in found] == [True, False, False, False]
    assert found[1] is not None
    assert kind.say([found[1]]) == f"All agreed to the consortium “Łódź–Tartu” of {lead}"
    house_of = houses["ee"].organisation
    house_of.appointments.all().delete()
    assert kind.facts(list(Notice.objects.order_by("pk")[:1])) == [None]
