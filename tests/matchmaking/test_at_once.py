"""Both sides act at the same moment, on connections of their own: one of the two orders holds."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from base.clock import now
from base.errors import Refusal
from chat.models import Channel
from matchmaking.actions.profiles import market_changed
from matchmaking.actions.suggestions import suggest_now
from matchmaking.events.consortia import AnswerConsortium, ProposeConsortium
from matchmaking.events.groups import BeginGroup, SaveTask
from matchmaking.events.requests import AnswerRequest, PostRequest
from matchmaking.events.suggestions import MoveIntroduction, ProposeIntroduction
from matchmaking.models import Consortium, GroupTask, Introduction, ProjectGroup, Suggestion
from matchmaking.queries.introductions import going_on_of
from matchmaking.tasks.suggestions import again, close
from tests import factories
from tests.matchmaking.matching import House, answer, do, house, save, say, suggest, undo

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 2


@pytest.fixture(autouse=True)
def _unhurried(settings: Any) -> None:
    """Nobody is too fast here."""
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}


def at_once(*jobs: Callable[[], object]) -> list[str]:
    """Do all of it at the same moment; each one's refusal, "" where it was done."""
    ready, codes = threading.Barrier(len(jobs)), [""] * len(jobs)
    errors: list[Exception] = []

    def run(place: int, job: Callable[[], object]) -> None:
        try:
            ready.wait(10)
            job()
        except Refusal as refusal:
            codes[place] = refusal.code
        except Exception as error:  # noqa: BLE001 - the test fails on any
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    return codes


def move(of: House, row: Introduction, state: str) -> None:
    data = MoveIntroduction(id=row.pk, organisation=of.id, state=state)
    do(of.member, "introduction.move", data)


def between(one: House, other: House) -> list[Introduction]:
    """The introductions of two, the oldest first."""
    ids = sorted((one.id, other.id))
    return list(Introduction.objects.filter(first=ids[0], second=ids[1]).order_by("pk"))


def counter() -> Callable[[], int]:
    """How many conversations were opened since."""
    before = Channel.objects.count()
    return lambda: Channel.objects.count() - before


def sides() -> tuple[House, House]:
    """Two who fit, suggested to each other."""
    one = house("EE", needs=["festival"], offers=["residency"], weekly=20)
    other = house("FI", needs=["residency"], offers=["festival"], weekly=20)
    suggest(one, other)
    return one, other


def both_agree_and_move_on() -> None:
    one, other = sides()
    opened = counter()
    wish = partial(answer, said="interested")
    assert at_once(partial(wish, one, other), partial(wish, other, one)) == ["", ""]
    (row,) = between(one, other)
    assert (row.state, opened()) == ("open", 1)
    codes = at_once(partial(move, one, row, "met"), partial(move, other, row, "closed"))
    row.refresh_from_db()
    # Closed is the end: met after it is refused, before it is passed.
    assert (row.state, codes[1]) == ("closed", "")
    assert codes[0] in {"", "introduction.over"}
    assert (going_on_of(one.id), going_on_of(other.id)) == ([], [])


def a_yes_taken_back_meets_a_yes() -> None:
    one, other = sides()
    opened = counter()
    answer(one, other, "interested")
    (row,) = between(one, other)
    codes = at_once(partial(undo, one, other), partial(say, other, row, yes=True))
    row.refresh_from_db()
    is_open = row.state == "open"
    assert (row.channel_id is not None, opened()) == (is_open, int(is_open))
    if is_open:
        assert (row.first_said, row.second_said, codes) == ("yes", "yes", ["introduction.over", ""])
    else:
        # Taken back first: the other's yes came too late, or waits for another of the first's.
        assert codes[0] == ""
        assert [each.said for each in going_on_of(one.id)] == []


def a_proposal_and_two_wishes_make_one_introduction() -> None:
    one, other = sides()
    hub = factories.organisation(kind="incubator", country="EE")
    helper = factories.member(organisation=hub)
    factories.appointment(member=helper, organisation=hub)
    for side in (one, other):
        factories.accompaniment(intermediary=hub, organisation=side.organisation)
    proposal = ProposeIntroduction(intermediary=hub.pk, first=one.id, second=other.id)
    wish = partial(answer, said="interested")
    codes = at_once(
        partial(do, helper, "introduction.propose", proposal),
        partial(wish, one, other),
        partial(wish, other, one),
    )
    (row,) = between(one, other)
    assert (codes, row.state) == (["", "", ""], "open")


def the_last_two_agree_and_all_begin_the_group() -> None:
    opened = counter()
    houses = [house(code, needs=["festival"]) for code in ("DE", "EE", "FI")]
    lead, *others = houses
    data = ProposeConsortium(
        organisation=lead.id, title="Harbours", members=[each.id for each in others]
    )
    pk = do(lead.member, "consortium.propose", data)["id"]

    def of_each(cmd: str, of: list[House], shape: Callable[[House], Any]) -> list[str]:
        return at_once(*(partial(do, each.member, cmd, shape(each)) for each in of))

    def yes(of: House) -> AnswerConsortium:
        return AnswerConsortium(consortium=pk, organisation=of.id, yes=True)

    assert of_each("consortium.answer", others, yes) == ["", ""]
    assert Consortium.objects.get(pk=pk).state == "agreed"
    begun = of_each("group.begin", houses, lambda of: BeginGroup(organisation=of.id, consortium=pk))
    assert (begun, opened()) == ([""] * 3, 1)
    group = ProjectGroup.objects.get(consortium=pk)
    made = of_each(
        "task.save", houses, lambda of: SaveTask(group=group.pk, title=of.organisation.name)
    )
    assert made == [""] * 3
    places = GroupTask.objects.filter(group=group).values_list("position", flat=True)
    assert sorted(places) == [0, 1, 2]


def two_colleagues_answer_one_request() -> None:
    opened = counter()
    keeper, other = house("DE"), house("EE")
    colleague = factories.member(organisation=other.organisation)
    factories.appointment(member=colleague, organisation=other.organisation, role="editor")
    post = PostRequest(
        organisation=keeper.id, title="In May", text="By the water", language="en",
        needs=["festival"], deadline=(now() + timedelta(days=9)).date().isoformat(),
    )  # fmt: skip
    pk = do(keeper.member, "request.post", post)["id"]
    said = AnswerRequest(id=pk, organisation=other.id, text="Tere!")
    codes = at_once(
        partial(do, other.member, "request.answer", said),
        partial(do, colleague, "request.answer", said),
    )
    assert (sorted(codes), opened()) == (["", "request.answered"], 1)


def jobs_look_on_while_both_answer() -> None:
    """Nobody waits for what somebody else holds and waits for: a job is not done again at once."""
    one, other = sides()
    wish = partial(answer, said="interested")
    answer(one, other, "later")
    Suggestion.objects.filter(profile=one.id).update(until=now())
    codes = at_once(
        *(partial(suggest_now, organisation_id=each.id) for each in (one, other)),
        again,
        close,
        partial(wish, one, other),
        partial(wish, other, one),
        partial(save, one, excluded=["SE"]),
        partial(market_changed, organisation_ids=[other.id, one.id]),
    )
    (row,) = between(one, other)
    assert (set(codes), row.state) == ({""}, "open")


def test_whatever_is_done_at_once_comes_out_as_if_one_came_first() -> None:
    """All of it in one: emptying the database takes longer than filling it."""
    for _ in range(ROUNDS):
        both_agree_and_move_on()
        a_yes_taken_back_meets_a_yes()
        jobs_look_on_while_both_answer()
        a_proposal_and_two_wishes_make_one_introduction()
        the_last_two_agree_and_all_begin_the_group()
        two_colleagues_answer_one_request()
