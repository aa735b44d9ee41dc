"""Copies of large rooms: asked for by an owner, made by a job, told, fetched, forgotten."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from base.clock import now
from base.personal import Texts
from chat.actions import copies as actions
from chat.erasure import copies as erasure
from chat.events import CreateChannel, NameMember, PostMessage
from chat.events.keeping import ChangeRole
from chat.models import RoomCopy
from chat.pages import export
from chat.tasks import forget, write_copy
from chat.vocabulary import COPY_NOTICE, CopyForm
from members.models import Member, SiteSettings
from notices.kinds import kinds
from notices.models import Notice
from tests import factories
from tests.chat.conftest import do

pytestmark = pytest.mark.usefixtures("site")
JSON = "application/json"


@pytest.fixture(autouse=True)
def _small(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A room of three messages is large."""
    settings.EXPORT_ROOT = tmp_path / "exports"
    monkeypatch.setattr("chat.queries.copies.LARGE_ROOM", 2)


@pytest.fixture
def room(site: SiteSettings) -> tuple[Member, Member, int]:
    """A room's two owners, and its id."""
    owner, other = factories.member(name="Olga"), factories.member(name="Otto")
    number = do(owner, "channel.create", "", CreateChannel(name="Русский", is_public=False))["id"]
    topic = f"chat:{number}"
    do(owner, "member.add", topic, NameMember(member=other.pk))
    do(owner, "member.role", topic, ChangeRole(member=other.pk, role="owner"))
    for n in range(3):
        do(owner, "message.post", topic, PostMessage(text=f"Nr {n}"))
    return owner, other, number


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_large_room_is_not_sent_at_once(room: tuple[Member, Member, int]) -> None:
    owner, _other, number = room
    for address in (f"/chat/{number}/export/", f"/api/v1/channels/{number}/export/"):
        assert browser(owner).get(address).status_code == 409
    assert browser(owner).get(f"/chat/{number}/edit/").context["is_large"] is True


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_copy_is_made_by_a_job_told_and_fetched_by_who_asked(
    room: tuple[Member, Member, int], form: str
) -> None:
    owner, other, number = room
    path = f"/api/v1/channels/{number}/copies/"
    made = browser(owner).post(path, {"form": form}, content_type=JSON)
    row = RoomCopy.objects.get()
    assert (made.status_code, made.json()["file"]) == (202, None)
    assert DBTaskResult.objects.get().args_kwargs["args"] == [row.pk]
    assert browser(owner).get(f"{path}{row.pk}/file/").status_code == 404
    assert Notice.objects.count() == 0
    for _twice in range(2):
        write_copy.func(row.pk)
    (notice,) = Notice.objects.all()
    assert (notice.member_id, notice.kind, notice.subject) == (owner.pk, COPY_NOTICE, row.pk)
    said = browser(owner).get(f"{path}{row.pk}/").json()
    assert browser(owner).get(path).json()["results"] == [said]
    page = browser(owner).get(reverse("chat:copy", args=[number, row.pk]))
    whole = browser(owner).get(said["file"]).getvalue()
    assert page.getvalue() == whole
    assert len(whole) == said["size_bytes"]
    if form == "json":
        assert [r["text"] for r in json.loads(whole)["messages"]] == ["Nr 0", "Nr 1", "Nr 2"]
    else:
        assert (whole.decode().startswith("# Русский\n"), whole.count(b"**Olga**")) == (True, 3)
    for address in (said["file"], f"{path}{row.pk}/", reverse("chat:copy", args=[number, row.pk])):
        assert browser(other).get(address).status_code == 404
        assert browser(factories.member()).get(address).status_code == 404


def test_who_owns_the_room_no_more_has_lost_the_copy(room: tuple[Member, Member, int]) -> None:
    owner, other, number = room
    row = actions.ask_for_copy(actor=owner, channel_id=number, form=CopyForm.JSON)
    actions.make_copy(row=row)
    kind = kinds()[COPY_NOTICE]
    (facts,) = kind.facts(list(Notice.objects.all()))
    assert facts is not None
    assert kind.say([facts]) == "The copy of Русский is ready"
    do(other, "member.role", f"chat:{number}", ChangeRole(member=owner.pk, role="moderator"))
    assert browser(owner).get(reverse("chat:copy", args=[number, row.pk])).status_code == 403
    assert kind.facts(list(Notice.objects.all())) == [None]


def test_page_asks_and_shows_what_is_made(room: tuple[Member, Member, int]) -> None:
    owner, _other, number = room
    client = browser(owner)
    assert client.post(f"/chat/{number}/copies/", {"form": "json"}).status_code == 302
    assert "is being made" in client.get(f"/chat/{number}/edit/").content.decode()
    row = RoomCopy.objects.get(form="json")
    actions.make_copy(row=row)
    shown = client.get(f"/chat/{number}/edit/").content.decode()
    assert reverse("chat:copy", args=[number, row.pk]) in shown
    for _ in range(actions.COPIES_A_DAY):
        client.post(f"/chat/{number}/copies/")
    assert RoomCopy.objects.count() == actions.COPIES_A_DAY
    refused = client.post(f"/api/v1/channels/{number}/copies/", {}, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (429, "chat.too_many_copies")
    assert (RoomCopy.objects.count(), DBTaskResult.objects.count()) == (6, 6)


def test_files_go_with_their_time_and_their_member(room: tuple[Member, Member, int]) -> None:
    owner, other, number = room
    rows = [
        actions.ask_for_copy(actor=who, channel_id=number, form=CopyForm.JSON)
        for who in (owner, other)
    ]
    for row in rows:
        actions.make_copy(row=row)
    mine, theirs = (actions.copy_path(row) for row in rows)
    forget()
    assert (mine.exists(), theirs.exists()) == (True, True)
    RoomCopy.objects.filter(member=other).update(expires_at=now() - timedelta(seconds=1))
    assert browser(other).get(reverse("chat:copy", args=[number, rows[1].pk])).status_code == 404
    assert actions.forget_copies() == 1
    assert (mine.exists(), theirs.exists(), RoomCopy.objects.count()) == (True, False, 1)
    for _step in erasure.erase(owner.pk, Texts.LEAVE):
        pass
    assert (mine.exists(), RoomCopy.objects.count()) == (False, 0)


def test_wrong_form_is_refused(room: tuple[Member, Member, int]) -> None:
    owner, _other, number = room
    path = f"/api/v1/channels/{number}/copies/"
    answer = browser(owner).post(path, {"form": "pdf"}, content_type=JSON)
    assert (answer.status_code, RoomCopy.objects.count()) == (422, 0)
    assert set(export.FORMS) == {"json", "markdown"}
