"""Writes of REST that no command says: a key that comes again makes nothing more."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from chat.events import CreateChannel
from chat.models import RoomCopy
from live.models import WriteKey
from live.performing import perform
from members.models import Export, Invitation, SiteSettings
from tests import factories
from tests.members.organising import house
from tests.members.signing import sign_in, trusted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
CSV = "name,country,email\nAtelier Meer,DE,post@example.org\n"
MADE = (Export, Invitation, RoomCopy, DBTaskResult, WriteKey)


@pytest.fixture
def site() -> SiteSettings:
    """The settings of a site that is set up."""
    return SiteSettings.objects.create(pk=1, is_set_up=True)


def counts() -> list[int]:
    return [model._default_manager.count() for model in MADE]


def case(name: str) -> tuple[Client, str, dict[str, Any], dict[str, Any]]:
    """Who writes, where, what, and another body, which the same key is no good for."""
    if name == "portfolio":
        place = house()
        path = f"organisations/{place.incubator.pk}/portfolio/invitations/"
        client = trusted(sign_in(place.people["accompanying"]))
        return client, path, {"csv": CSV}, {"csv": CSV.replace("post@", "other@")}
    member = factories.member(is_organiser=True)
    client = trusted(sign_in(member))
    if name == "copy":
        made = perform(actor=member, cmd="channel.create", topic="", data=CreateChannel(name="R"))
        return client, f"channels/{made['id']}/copies/", {"form": "json"}, {"form": "markdown"}
    if name == "invitation":
        return client, "invitations/", {"most_uses": 3}, {"most_uses": 4}
    return client, "me/exports/", {}, {}


@pytest.mark.parametrize(
    ("name", "status"), [("portfolio", 201), ("copy", 202), ("invitation", 201), ("export", 202)]
)
def test_same_key_makes_nothing_more(name: str, status: int) -> None:
    client, path, body, other = case(name)
    key = str(uuid.uuid4())

    def post(body: Any, key: str | None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return client.post(f"/api/v1/{path}", body, "application/json", headers=headers)

    first = post(body, key)
    before = counts()
    again = post(body, key)
    assert (first.status_code, again.status_code, counts()) == (status, 200, before)
    # The link of an invitation, too, which is kept nowhere.
    assert again.json() == first.json()
    if other != body:
        reused = post(other, key)
        assert (reused.status_code, reused.json()["code"]) == (409, "key.reused")
    assert (post(body, "no uuid").json()["code"], counts()) == ("key.missing", before)
    if name != "portfolio":
        assert post(body, str(uuid.uuid4())).status_code == status
        assert post(body, None).status_code == status
        assert counts() != before


def test_a_refusal_does_not_use_the_key_up() -> None:
    member = factories.member()
    client = trusted(sign_in(member))
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    for organises, status in ((False, 403), (True, 201)):
        member.is_organiser = organises
        member.save()
        said = client.post("/api/v1/invitations/", {}, "application/json", headers=headers)
        assert (said.status_code, Invitation.objects.count()) == (status, int(organises))
