"""What must never leak: a no, a score, a private need, whoever looks and wherever.

Each test lets the same world go two ways and compares all that somebody else can see.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.clock import now
from base.errors import Refusal
from live.models import Event
from matchmaking.events.profiles import NameMatching, SaveMatching
from matchmaking.events.suggestions import (
    AnswerIntroduction,
    AnswerSuggestion,
    MoveIntroduction,
    ProposeIntroduction,
    UndoAnswer,
)
from matchmaking.models import Introduction, MatchingProfile, Suggestion
from matchmaking.tasks.suggestions import close
from members.models import Act, Consent
from tests import factories
from tests.chat.reading import snapshot
from tests.matchmaking.matching import (
    answer,
    do,
    house,
    introduce,
    pair,
    say,
    undo,
)
from tests.matchmaking.matching import suggest as look
from tests.matchmaking.worlds import after, pages_of, seen_by

pytestmark = pytest.mark.django_db


def test_a_no_looks_like_no_answer_now_and_when_it_runs_out() -> None:
    one, other = pair()
    look(one, other)
    answer(one, other, "interested")
    row = Introduction.objects.get()

    def run_out() -> list[Any]:
        Introduction.objects.update(answer_by=now())
        close()
        return seen_by(one)

    silent = after(lambda: None, lambda: seen_by(one))
    ended = after(lambda: None, run_out)
    for no in (
        lambda: answer(other, one, "declined", why="country"),
        lambda: answer(other, one, "later"),
        lambda: say(other, row, yes=False),
        lambda: (say(other, row, yes=False), undo(other, one)),
    ):
        assert after(no, lambda: seen_by(one)) == silent
        assert after(no, run_out) == ended
    # The same comparison is not blind: a yes shows.
    assert after(lambda: say(other, row, yes=True), lambda: seen_by(one)) != silent


def test_a_no_without_a_question_shows_nowhere_either() -> None:
    one, other = pair()
    look(one, other)
    quiet = after(lambda: None, lambda: seen_by(one))
    assert after(lambda: answer(other, one, "declined", why="known"), lambda: seen_by(one)) == quiet
    asked = after(lambda: answer(one, other, "interested"), lambda: seen_by(one))

    def declined_first() -> None:
        answer(other, one, "declined")
        answer(one, other, "interested")

    assert after(declined_first, lambda: seen_by(one)) == asked


def test_a_private_need_is_nowhere_that_others_look() -> None:
    one, other = pair()
    third = house("SE", needs=["residency", "investment"], offers=["festival", "investment"])
    look(one, other, third)
    public = {"needs": ["festival"], "private_needs": []}
    private = {"needs": ["festival", "investment"], "private_needs": ["investment"]}

    def world(said: dict[str, Any]) -> Callable[[], None]:
        def run() -> None:
            do(one.member, "matching.save", SaveMatching(organisation=one.id, **said))
            Suggestion.objects.all().delete()
            MatchingProfile.objects.update(suggested_at=None)
            look(third, other, one)
            answer(one, third, "interested")
            answer(third, one, "interested")

        return run

    def others() -> list[Any]:
        rows = Suggestion.objects.exclude(profile=one.id).order_by("profile", "other")
        numbers = list(rows.values_list("profile", "other", "place", "terms"))
        channel = Introduction.objects.values_list("channel__purpose", "channel__name")
        return [seen_by(third), seen_by(other), numbers, list(channel)]

    seen = after(world(private), others)
    assert seen == after(world(public), others)
    mine = after(world(private), lambda: pages_of(one.member, one.id))
    assert "investment" in mine[5]


def test_no_score_leaves_the_server() -> None:
    one, other = pair()
    look(one, other)
    introduce(one, other)
    said = json.dumps(seen_by(one))
    assert '"score' not in said.replace("\\", "")
    row = Suggestion.objects.get(profile=one.id)
    assert row.score > 0
    assert str(row.score)[:6] not in said


def test_who_accompanies_sees_a_state_and_no_answer() -> None:
    one, other = pair()
    hub = factories.organisation(kind="incubator")
    helper = factories.member(organisation=hub)
    factories.appointment(member=helper, organisation=hub)
    factories.accompaniment(intermediary=hub, organisation=other.organisation)
    look(one, other)
    answer(one, other, "interested")

    def watch() -> list[str]:
        return pages_of(helper, other.id)

    silent = after(lambda: None, watch)
    assert after(lambda: answer(other, one, "declined"), watch) == silent
    assert "Accepted by one side" in silent[3]
    assert "s-" + str(one.id) not in silent[2]


# Standing: representative, editor, through an intermediary, of the other side, outsider, staff,
# guest.
STANDINGS = ("own", "editor", "helper", "across", "outsider", "staff", "guest")
MATRIX: list[tuple[str, Callable[..., Any], str]] = [
    ("matching.save", lambda w: SaveMatching(organisation=w["one"]), "y y y f f f n"),
    ("matching.renew", lambda w: NameMatching(organisation=w["one"]), "y y y f f f n"),
    ("matching.rest", lambda w: NameMatching(organisation=w["one"]), "y y y f f f n"),
    ("suggestion.answer",
     lambda w: AnswerSuggestion(organisation=w["one"], other=w["other"], answer="declined"),
     "y y f f f f n"),
    ("suggestion.undo", lambda w: UndoAnswer(organisation=w["one"], other=w["other"]),
     "y y f f f f n"),
    ("introduction.answer",
     lambda w: AnswerIntroduction(id=w["row"], organisation=w["one"], yes=False), "y y f f f f n"),
    ("introduction.move",
     lambda w: MoveIntroduction(id=w["open"], organisation=w["one"], state="met"), "y y f f f f n"),
    ("introduction.propose",
     lambda w: ProposeIntroduction(intermediary=w["hub"], first=w["one"], second=w["other"]),
     "f f y f f f n"),
]  # fmt: skip
PAGES = [
    ("/partners/{one}/", "y y y f f f n"),
    ("/partners/{one}/introductions/", "y y y f f f n"),
    ("/partners/{one}/profile/", "y y y f f f n"),
    ("/api/v1/matching/{one}/", "y y y f f f f"),
    ("/api/v1/matching/{one}/suggestions/", "y y f f f f f"),
    ("/api/v1/matching/{one}/introductions/", "y y f f f f f"),
]
WORDS = {"y": "", "f": "forbidden", "n": "not_found"}
STATUS = {"y": 200, "f": 403, "n": 404}


@pytest.fixture
def world() -> dict[str, Any]:
    one, other = pair()
    third = house("SE", needs=["residency"], offers=["festival"])
    opened = introduce(one, third)
    look(one, other)
    answer(other, one, "interested")
    hub = factories.organisation(kind="incubator")
    people = {
        "own": one.member,
        "editor": factories.member(),
        "helper": factories.member(),
        "across": other.member,
        "outsider": factories.member(),
        "staff": factories.member(is_staff=True),
        "guest": factories.member(kind="guest"),
    }
    factories.appointment(member=people["editor"], organisation=one.organisation, role="editor")
    factories.appointment(member=people["helper"], organisation=hub)
    for side in (one, other):
        factories.accompaniment(intermediary=hub, organisation=side.organisation)
    row = Introduction.objects.of(other.id).get()
    return {
        "one": one.id, "other": other.id, "row": row.pk, "open": opened.pk, "hub": hub.pk,
        "people": people,
    }  # fmt: skip


def counts() -> list[int]:
    models = (Act, Consent, Event, Introduction, MatchingProfile, Suggestion)
    return [model.objects.count() for model in models]


@pytest.mark.parametrize(("cmd", "data", "wanted"), MATRIX)
def test_matrix_of_commands(
    world: dict[str, Any], cmd: str, data: Callable[..., Any], wanted: str
) -> None:
    for standing, word in zip(STANDINGS, wanted.split(), strict=True):
        mark, before, code = transaction.savepoint(), counts(), ""
        try:
            do(world["people"][standing], cmd, data(world))
        except Refusal as refusal:
            code = refusal.code
            assert counts() == before
        assert code == WORDS[word], standing
        transaction.savepoint_rollback(mark)


def test_matrix_of_pages_and_addresses(world: dict[str, Any]) -> None:
    for address, wanted in PAGES:
        path = address.format(one=world["one"])
        found = []
        for standing in STANDINGS:
            client = Client()
            client.force_login(world["people"][standing])
            found.append(client.get(path).status_code)
        assert found == [STATUS[word] for word in wanted.split()], path
        assert Client().get(path).status_code in {302, 401}


def test_pages_ask_as_much_for_three_as_for_one() -> None:
    one = house("EE", weekly=10)
    house("FI", needs=["residency"], offers=["festival"])
    look(one)
    introduced = house("LV", needs=["residency"], offers=["festival"])
    introduce(one, introduced)

    def cost() -> list[int]:
        client = Client()
        client.force_login(one.member)
        found = []
        for address in ("", "introductions/", "profile/"):
            client.get(f"/partners/{one.id}/{address}")
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/partners/{one.id}/{address}")
            found.append(len(asked))
        for address in ("suggestions/", "introductions/"):
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/api/v1/matching/{one.id}/{address}")
            found.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            snapshot(one.member, f"member:{one.member.pk}")
        return [*found, len(asked)]

    before = cost()
    for country in ("SE", "LT"):
        more = house(country, needs=["residency"], offers=["festival"])
        introduce(one, more)
    for country in ("PL", "DE"):
        house(country, needs=["residency"], offers=["festival"])
    look(one)
    assert cost() == before
