"""Cooperation requests: who may do what, what is said, when they end, whom they fit."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from base.clock import now
from base.errors import Refusal
from base.personal import Texts, all_holdings
from chat.models import Membership, Message
from live.performing import perform
from matchmaking.access.requests import open_to
from matchmaking.events.requests import (
    AnswerRequest,
    ChangeRequest,
    EndRequest,
    NameRequest,
)
from matchmaking.models import CooperationRequest, RequestAnswer, RequestFit
from matchmaking.queries.fitting import fitting_organisations, fitting_requests
from matchmaking.queries.requests import asked_for, found_requests, request_state
from matchmaking.tasks.requests import expire, tell_of_requests
from members.models import Act, Appointment
from notices.models import Notice
from search.registry import sources
from tests.chat.reading import log
from tests.matchmaking.requesting import STANDINGS, World, counts, make_world

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def world(settings: Any) -> World:
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}
    return make_world()


def code_of(world: World, who: str, cmd: str, data: Any) -> str:
    """The refusal's code, "" if it was done; a refusal wrote nothing and told nobody."""
    before = counts()
    try:
        world.do(who, cmd, data)
    except Refusal as refusal:
        assert counts() == before
        return refusal.code
    return ""


MATRIX = {
    # author colleague accompanying other lonely blocked staff guest; whoever changes or renews one
    # becomes its contact, whom nobody blocks here.
    "request.post": ",,,forbidden,forbidden,forbidden,forbidden,not_found",
    "request.change": ",,,forbidden,forbidden,forbidden,forbidden,not_found",
    "request.end": ",,,not_found,not_found,not_found,not_found,not_found",
    "request.renew": ",,,forbidden,forbidden,forbidden,forbidden,not_found",
    "request.answer": ("forbidden,forbidden,forbidden,,forbidden,not_found,forbidden,not_found"),
}


@pytest.mark.parametrize("cmd", MATRIX)
def test_matrix_of_commands(world: World, cmd: str) -> None:
    pk = world.post()
    data: dict[str, Any] = {
        "request.post": world.words(),
        "request.change": ChangeRequest(id=pk, title="Another"),
        "request.end": EndRequest(id=pk, state="met"),
        "request.renew": NameRequest(id=pk),
        "request.answer": AnswerRequest(id=pk, organisation=world.festival.pk, text="Tere!"),
    }
    for who, expected in zip(STANDINGS, MATRIX[cmd].split(","), strict=True):
        found = code_of(world, who, cmd, data[cmd])
        # A guest has no topic to send commands on, or sees no organisation.
        assert (who, found) in {(who, expected), ("guest", "forbidden")}


READERS = ("stranger", "author", "accompanying", "other", "blocked", "staff", "guest")
PAGES = {
    # stranger author accompanying other blocked staff guest
    "/partners/requests/": "200 200 200 200 200 200 200",
    "/partners/requests/{members}/": "404 200 200 200 404 200 404",
    "/partners/requests/{everyone}/": "200 200 200 200 404 200 200",
    "/partners/requests/{ended}/": "404 200 200 404 404 404 404",
    "/partners/requests/{members}/edit/": "302 200 200 403 404 403 404",
    "/partners/{business}/requests/new/": "302 200 200 403 403 403 404",
    "/api/v1/requests/": "401 200 200 200 200 200 403",
    "/api/v1/requests/{ended}/": "401 200 200 404 404 404 403",
    "/api/v1/requests/{members}/fits/": "401 200 200 403 404 403 403",
    "/api/v1/matching/{festival}/requests/": "401 403 403 200 403 403 403",
}


def test_matrix_of_pages(world: World) -> None:
    places = {
        "members": world.post(),
        "everyone": world.post(audience="everyone"),
        "ended": world.post(),
        "business": world.business.pk,
        "festival": world.festival.pk,
    }
    world.do("author", "request.end", EndRequest(id=places["ended"], state="closed"))
    found = {}
    clients = [Client() for _ in READERS]
    for who, client in zip(READERS, clients, strict=True):
        if who in world.people:
            client.force_login(world.people[who])
    for page in PAGES:
        address = page.format(**places)
        found[page] = " ".join(str(client.get(address).status_code) for client in clients)
    assert found == PAGES


def test_request_is_told_to_those_who_keep_it_and_acts_are_kept(world: World) -> None:
    pk = world.post("accompanying")
    world.do("colleague", "request.change", ChangeRequest(id=pk, title="Dance, 30 minutes"))
    state = msgspec.to_builtins(request_state(world.row(pk)))
    for who in ("author", "colleague", "accompanying"):
        topic = f"member:{world.people[who].pk}"
        said = [data for name, data in log(topic) if name == "request.changed"]
        # What an event says is how its request is now; the contact is whoever changed it last.
        expected = {"author": 2, "colleague": 2, "accompanying": 1}[who]
        assert len(said) == expected
        if who != "accompanying":
            assert said[-1]["request"] == state
    assert [act.what for act in Act.objects.all()] == ["request.posted"]
    Appointment.objects.filter(member=world.people["colleague"]).delete()
    world.do("author", "request.renew", NameRequest(id=pk))
    topic = f"member:{world.people['colleague'].pk}"
    assert [data.get("gone") for name, data in log(topic) if name == "request.changed"] == [
        True
    ] * 2


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"title": " "}, ["title"]),
        ({"title": "x" * 121, "text": "y" * 2001}, ["text", "title"]),
        ({"deadline": "2020-01-01"}, ["deadline"]),
        ({"deadline": "soon"}, ["deadline"]),
        ({"needs": [], "offers": []}, ["needs"]),
        ({"needs": ["nonsense"], "sectors": ["XXX"], "countries": ["XX"]},
         ["countries", "needs", "sectors"]),
        ({"language": "no tag!", "audience": "nobody"}, ["audience", "language"]),
    ],
)  # fmt: skip
def test_wrong_words_are_refused(world: World, said: dict[str, Any], fields: list[str]) -> None:
    before = counts()
    with pytest.raises(Refusal) as refusal:
        world.post(**said)
    assert sorted(refusal.value.fields) == fields
    assert counts() == before


def test_ten_are_open_at_most(world: World) -> None:
    first = world.post()
    for _ in range(9):
        world.post()
    assert code_of(world, "author", "request.post", world.words()) == "request.too_many"
    world.do("author", "request.end", EndRequest(id=first, state="met"))
    world.post()
    renewal = NameRequest(id=first)
    assert code_of(world, "author", "request.renew", renewal) == "request.too_many"


def test_answer_opens_one_conversation_of_both(world: World) -> None:
    pk = world.post()
    data = AnswerRequest(id=pk, organisation=world.festival.pk, text="Come to **Kiel**!")
    done = world.do("other", "request.answer", data)
    again = world.do("other", "request.answer", data)
    assert (again["id"], again["topic"]) == (done["id"], done["topic"])
    inside = Membership.objects.inside().filter(channel=done["id"]).values_list("member", flat=True)
    assert set(inside) == {world.people["author"].pk, world.people["other"].pk}
    message = Message.objects.get()
    assert (message.author, message.text) == (world.people["other"], "Come to **Kiel**!")
    assert RequestAnswer.objects.get().channel_id == done["id"]
    # What was written in another tab is said there too, and not lost.
    more = AnswerRequest(id=pk, organisation=world.festival.pk, text="And in June?")
    assert world.do("other", "request.answer", more)["id"] == done["id"]
    texts = Message.objects.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["Come to **Kiel**!", "And in June?"]
    # The page of the request leads there.
    client = Client()
    client.force_login(world.people["author"])
    page = client.get(f"/partners/requests/{pk}/").content.decode()
    assert f'href="/chat/{done["id"]}/"' in page
    assert "Come to" not in page


def test_hard_rules_of_answers(world: World) -> None:
    pk = world.post(countries=["FI"])
    data = AnswerRequest(id=pk, organisation=world.festival.pk, text="Tere!")
    assert code_of(world, "other", "request.answer", data) == "request.elsewhere"
    world.do("author", "request.change", ChangeRequest(id=pk, countries=["DE"]))
    empty = AnswerRequest(id=pk, organisation=world.festival.pk, text=" ")
    assert code_of(world, "other", "request.answer", empty) == "chat.text_empty"
    world.do("author", "request.end", EndRequest(id=pk, state="closed"))
    assert code_of(world, "other", "request.answer", data) == "not_found"
    world.do("author", "request.renew", NameRequest(id=pk))
    assert code_of(world, "other", "request.answer", data) == ""


def test_deadline_ends_it_and_those_who_keep_it_hear_so(world: World) -> None:
    pk = world.post()
    other = world.post(deadline=(now() + timedelta(days=300)).date().isoformat())
    assert world.row(other).expires_at - now() < timedelta(days=91)
    CooperationRequest.objects.filter(pk=pk).update(expires_at=now())
    # It is over at once, whenever the job runs.
    reader = world.people["other"]
    assert list(open_to(reader).values_list("pk", flat=True)) == [other]
    expire()
    expire()
    assert [world.row(each).state for each in (pk, other)] == ["expired", "open"]
    told = Notice.objects.filter(kind="matchmaking.request_over").values_list("member", flat=True)
    assert sorted(told) == sorted(world.people[who].pk for who in ("author", "colleague"))
    topic = f"member:{world.people['author'].pk}"
    assert [name for name, _ in log(topic)].count("request.changed") == 3
    world.do("colleague", "request.renew", NameRequest(id=pk))
    assert (world.row(pk).state, world.row(pk).contact) == ("open", world.people["colleague"])
    CooperationRequest.objects.filter(pk=pk).update(deadline="2020-01-01", expires_at=now())
    assert code_of(world, "author", "request.renew", NameRequest(id=pk)) == "request.over"


def test_fits_both_ways_and_tells_no_more_than_is_wanted(world: World) -> None:
    ids = [world.post(title=f"Request {number}") for number in range(3)]
    world.post(needs=["investment"], offers=[])
    other, author = world.people["other"], world.people["author"]
    fits = fitting_organisations(world.row(ids[0]), 10)
    assert [each.profile.pk for each in fits] == [world.festival.pk]
    assert fits[0].reasons.sentences[0] == "You look for a festival invitation; they offer that."
    mine = fitting_requests(other, world.festival.pk)
    assert len(mine) == 2
    assert {each.request.pk for each in mine} <= set(ids)
    # The one whom the author blocks fits as well as the other, and neither hears of the other.
    assert (
        fitting_requests(
            world.people["blocked"],
            Appointment.objects.get(member=world.people["blocked"]).organisation_id,
        )
        == []
    )
    tell_of_requests()
    tell_of_requests()
    told = Notice.objects.filter(kind="matchmaking.request_fits")
    assert sorted(told.values_list("member", "subject")) == [(other.pk, ids[0]), (other.pk, ids[1])]
    assert RequestFit.objects.count() == 2
    # What was changed is told again to nobody who knows it.
    world.do("author", "request.change", ChangeRequest(id=ids[0], title="Anew"))
    tell_of_requests()
    assert told.count() == 2
    # Consent that is withdrawn is gone at once, as is an end.
    other.consents.get(purpose="matching").withdraw(now())
    assert fitting_organisations(world.row(ids[1]), 10) == []
    assert fitting_requests(other, world.festival.pk) == []
    Appointment.objects.filter(member=author).delete()
    assert world.row(ids[1]) not in open_to(other)


def test_filters_combine(world: World) -> None:
    music = world.post(sectors=["MUS.live"], needs=["touring"], languages=["de"])
    dance = world.post(title="Tants Tallinnas", offers=[])
    reader = world.people["other"]

    def found(words: str = "", **chosen: list[str]) -> list[int]:
        return [row.pk for row in found_requests(reader, asked_for(words, chosen))]

    assert found() == [dance, music]
    assert [found(sector=["MUS"]), found(need=["festival"]), found(offer=["coproduction"])] == [
        [music], [dance], [music]
    ]  # fmt: skip
    assert [found("tants loom"), found("TANTS", need=["touring"]), found("\x00")] == [
        [dance], [], [dance, music]
    ]  # fmt: skip
    assert [found(country=["EE"]), found(country=["DE"])] == [[dance, music], []]
    assert [found(language=["et"]), found(language=["de"])] == [[dance], [dance, music]]


def test_strangers_find_what_is_for_everyone(world: World) -> None:
    world.post(title="For members")
    page = Client().get("/").content.decode()
    assert "Open cooperation requests" not in page
    world.post(title="For all the world", audience="everyone")
    for address in ("/", "/partners/requests/"):
        page = Client().get(address).content.decode()
        assert ("For all the world" in page, "For members" in page) == (True, False)
    assert open_to(AnonymousUser()).count() == 1
    source = sources()["request"]
    ids = set(CooperationRequest.objects.values_list("pk", flat=True))
    assert {text.id for text in source.read(ids)} == ids
    shown = source.show(AnonymousUser(), ids)
    assert [each.title for each in shown.values()] == ["For all the world"]


def test_report_keeps_it_as_it_was(world: World) -> None:
    from moderation.registry import evidence_of

    pk = world.post()
    evidence = evidence_of(world.people["other"], "request", pk)
    assert (evidence.author, evidence.address) == (
        world.people["author"],
        f"/partners/requests/{pk}/",
    )
    assert evidence.context["it"]["text"].startswith("Festivals for a dance piece")
    with pytest.raises(Refusal):
        evidence_of(world.people["blocked"], "request", pk)


@pytest.mark.parametrize("texts", [Texts.LEAVE, Texts.TAKE])
def test_who_leaves_closes_or_takes_requests(world: World, texts: Texts) -> None:
    pk = world.post()
    (holdings,) = [each for each in all_holdings() if each.name == "matchmaking.requests"]
    files = {
        each.path: b"".join(each.chunks) for each in holdings.export(world.people["author"].pk)
    }
    assert b"Festivals for a dance piece" in files["matchmaking/requests.json"]
    for _ in holdings.erase(world.people["author"].pk, texts):
        pass
    rows = list(CooperationRequest.objects.values_list("pk", "state", "contact"))
    left = [(pk, "closed", None)] if texts is Texts.LEAVE else []
    assert [tuple(row) for row in rows] == left


def test_forms_say_what_ails_and_lose_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.people["author"])
    address = f"/partners/{world.business.pk}/requests/new/"
    said = {"title": "Тур", "text": "x", "language": "en", "audience": "everyone", "deadline": ""}
    answer = client.post(address, said)
    assert (answer.status_code, "Тур" in answer.content.decode()) == (422, True)
    said |= {"deadline": (now() + timedelta(days=9)).date().isoformat(), "needs": "touring"}
    answer = client.post(address, said)
    pk = CooperationRequest.objects.get().pk
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/partners/requests/{pk}/")
    edit = f"/partners/requests/{pk}/edit/"
    said |= {"seen": client.get(edit).context["form"]["seen"].value()}
    assert client.post(edit, said | {"title": "Тур 2"}).status_code == 302
    assert client.post(edit, said | {"text": "Another tab"}).status_code == 422
    assert (world.row(pk).title, world.row(pk).text) == ("Тур 2", "x")
    client.post(f"/partners/requests/{pk}/state/", {"state": "met"})
    assert world.row(pk).state == "met"
    client.post(f"/partners/requests/{pk}/state/", {"state": "open"})
    client.force_login(world.people["other"])
    answer = client.post(
        f"/partners/requests/{pk}/", {"organisation": world.festival.pk, "text": "Tere"}
    )
    channel = RequestAnswer.objects.get().channel_id
    assert answer.headers["Location"] == f"/chat/{channel}/"


def test_rest_writes_as_the_page_does(world: World) -> None:
    client = Client()
    client.force_login(world.people["author"])
    body = msgspec.to_builtins(world.words())
    made = client.post("/api/v1/requests/", body, JSON)
    pk = made.json()["id"]
    assert (made.status_code, made.json()["state"]) == (201, "open")
    changed = client.patch(f"/api/v1/requests/{pk}/", {"title": "Neu"}, JSON)
    assert (changed.status_code, changed.json()["title"]) == (200, "Neu")
    ended = client.post(f"/api/v1/requests/{pk}/end/", {"state": "met"}, JSON)
    assert (ended.status_code, ended.json()["state"]) == (200, "met")
    renewed = client.post(f"/api/v1/requests/{pk}/renew/", {}, JSON)
    assert (renewed.status_code, renewed.json()["state"]) == (200, "open")
    client.force_login(world.people["other"])
    body = {"organisation": world.festival.pk, "text": "Tere"}
    answered = client.post(f"/api/v1/requests/{pk}/answers/", body, JSON)
    assert answered.status_code == 201
    listed = client.get("/api/v1/requests/?need=festival").json()
    assert [row["id"] for row in listed["results"]] == [pk]
    fits = client.get(f"/api/v1/matching/{world.festival.pk}/requests/").json()
    assert [row["request"]["id"] for row in fits["results"]] == [pk]


def test_events_that_go_out_are_what_the_log_says(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    """A fresh event and the same one read back are the same, and fit the event's struct."""
    from live import announce
    from live.registry import topic_kinds

    told: list[announce.Commit] = []
    stop = announce.listen(told.extend)
    with django_capture_on_commit_callbacks(execute=True):
        pk = world.post()
    for cmd, data in (
        ("request.change", ChangeRequest(id=pk, sectors=["MUS"])),
        ("request.renew", NameRequest(id=pk)),
        ("request.end", EndRequest(id=pk, state="met")),
    ):
        told.clear()
        with django_capture_on_commit_callbacks(execute=True):
            world.do("author", cmd, data)
        assert [commit.topic for commit in told] == sorted(
            f"member:{world.people[who].pk}" for who in ("author", "colleague")
        )
        for commit in told:
            fresh = [msgspec.json.decode(entry.data) for entry in commit.entries]
            kept = log(commit.topic, commit.seq - len(fresh))
            assert [data for _name, data in kept] == fresh
            shape = topic_kinds()["member"].events["request.changed"]
            assert msgspec.to_builtins(msgspec.convert(fresh[0], shape)) == fresh[0]
    stop()


def test_nobody_writes_on_anothers_topic(world: World) -> None:
    pk = world.post()
    before = counts()
    topic = f"member:{world.people['author'].pk}"
    for who in STANDINGS[1:]:
        with pytest.raises(Refusal):
            perform(
                actor=world.people[who], cmd="request.renew", topic=topic, data=NameRequest(id=pk)
            )
    assert counts() == before
