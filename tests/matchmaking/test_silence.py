"""A no to a team, a private need, an answer to another's request: nobody else sees a difference.

Each test lets the same world go two ways and compares all that somebody else can see.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from base.clock import now
from matchmaking.events.consortia import AnswerConsortium, ProposeConsortium
from matchmaking.events.profiles import SaveMatching
from matchmaking.events.requests import AnswerRequest, EndRequest, PostRequest
from matchmaking.events.rounds import NextRound, PlanMeeting
from matchmaking.models import Consortium, CooperationRequest, Meeting
from matchmaking.notices.consortia import drafts_of_consortia
from matchmaking.tasks.requests import tell_of_requests
from members.models import Member
from notices.actions.telling import tell
from tests import factories
from tests.matchmaking.matching import House, do, house
from tests.matchmaking.worlds import after, pages_of, request_pages, seen_by, team_pages

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Houses = tuple[House, House, House]


@pytest.fixture
def houses() -> Houses:
    """Three of three countries, each with something for the others."""
    return (
        house("DE", name="Werft", needs=["festival"], offers=["residency"]),
        house("EE", name="Sadam", needs=["residency"], offers=["festival"]),
        house("FI", name="Majakka", needs=["residency", "touring"], offers=["festival"]),
    )


def proposed(houses: Houses) -> Consortium:
    lead, *others = houses
    data = ProposeConsortium(
        organisation=lead.id, title="Harbours", members=[each.id for each in others]
    )
    return Consortium.objects.get(pk=do(lead.member, "consortium.propose", data)["id"])


def say(of: House, row: Consortium, *, yes: bool) -> None:
    data = AnswerConsortium(consortium=row.pk, organisation=of.id, yes=yes)
    do(of.member, "consortium.answer", data)
    tell(drafts_of_consortia([row.pk]))


def test_a_no_to_a_team_looks_like_no_answer_now_and_when_it_runs_out(houses: Houses) -> None:
    lead, silent, third = houses
    row = proposed(houses)
    tell(drafts_of_consortia([row.pk]))
    hub = factories.organisation(kind="incubator")
    helper = factories.member(organisation=hub)
    factories.appointment(member=helper, organisation=hub)
    factories.accompaniment(intermediary=hub, organisation=silent.organisation)

    def others() -> list[Any]:
        return [
            seen_by(lead, team_pages),
            seen_by(third, team_pages),
            pages_of(helper, silent.id, team_pages),
        ]

    def run_out() -> list[Any]:
        Consortium.objects.update(answer_by=now())
        tell(drafts_of_consortia([row.pk]))
        return others()

    quiet, ended = after(lambda: None, others), after(lambda: None, run_out)
    refuse: Callable[[], None] = lambda: say(silent, row, yes=False)  # noqa: E731 - one of two ways
    assert after(refuse, others) == quiet
    assert after(refuse, run_out) == ended

    def agreed(*, first: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            first()
            say(third, row, yes=True)

        return run

    waits = after(agreed(first=lambda: None), others)
    assert after(agreed(first=refuse), others) == waits
    # The same comparison is not blind: a yes shows.
    assert waits != quiet


def posted(by: House, **said: Any) -> CooperationRequest:
    data = PostRequest(
        organisation=by.id,
        title="Ten days in May",
        text="A house by the water",
        language="en",
        deadline=(now() + timedelta(days=30)).date().isoformat(),
        **said,
    )
    return CooperationRequest.objects.get(pk=do(by.member, "request.post", data)["id"])


def test_a_private_need_shows_in_no_request_team_or_round(houses: Houses) -> None:
    secret, *rest = houses
    staff = factories.member(is_organiser=True)
    public = {"needs": ["festival"], "private_needs": []}
    private = {"needs": ["festival", "investment"], "private_needs": ["investment"]}

    def world(said: dict[str, Any]) -> Callable[[], None]:
        def run() -> None:
            do(secret.member, "matching.save", SaveMatching(organisation=secret.id, **said))
            save = SaveMatching(organisation=rest[0].id, offers=["festival", "investment"])
            do(rest[0].member, "matching.save", save)
            posted(rest[0], offers=["investment"], needs=["residency"])
            tell_of_requests()
            people = [each.member.pk for each in houses]
            meeting = do(staff, "meeting.plan", PlanMeeting(title="Fair", size=2, members=people))
            for _ in range(2):
                do(staff, "meeting.next", NextRound(meeting=meeting["id"]))

        return run

    def others() -> list[Any]:
        return [
            *(seen_by(each, request_pages) for each in rest),
            built_by(rest[0]),
            rounds_of(staff),
        ]

    seen = after(world(private), others)
    assert seen == after(world(public), others)

    # It does its work for those whose need it is.
    def mine() -> list[str]:
        return pages_of(secret.member, secret.id, request_pages)

    assert after(world(private), mine) != after(world(public), mine)


def built_by(side: House) -> str:
    """The team that one is proposed."""
    client = Client()
    client.force_login(side.member)
    asked = {"partners": 3, "countries": 3, "needs": ["festival"]}
    at = f"/api/v1/matching/{side.id}/consortia/best/"
    return client.post(at, asked, content_type="application/json").content.decode()


def rounds_of(organiser: Member) -> list[str]:
    """All rounds of all meetings, as the organiser takes them away."""
    client = Client()
    client.force_login(organiser)
    tables = [f"/partners/meetings/{row.pk}/rounds.csv" for row in Meeting.objects.all()]
    return [client.get(address).content.decode() for address in tables]


def test_what_is_answered_and_how_it_ended_stays_with_who_keeps_a_request(houses: Houses) -> None:
    keeper, answering, looking = houses
    row = posted(keeper, needs=["festival"])
    tell_of_requests()

    def answered() -> None:
        data = AnswerRequest(id=row.pk, organisation=answering.id, text="Tere!")
        do(answering.member, "request.answer", data)

    def ended(state: str) -> Callable[[], object]:
        return lambda: do(keeper.member, "request.end", EndRequest(id=row.pk, state=state))

    def third() -> list[Any]:
        return seen_by(looking, request_pages)

    open_ = after(lambda: None, third)
    assert after(answered, third) == open_
    found = after(ended("met"), third)
    assert (after(ended("closed"), third), found != open_) == (found, True)
    # Who answered and was not taken is told no more than everybody.
    answered()
    told = after(ended("met"), lambda: seen_by(answering, request_pages))
    assert after(ended("closed"), lambda: seen_by(answering, request_pages)) == told
