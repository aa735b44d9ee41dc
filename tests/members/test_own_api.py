"""REST of what is one's own and of inviting: the writes of the pages, by session and token."""

import uuid
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django_tasks_db.models import DBTaskResult

from base.clock import now
from files.actions import take_file
from files.models import File
from live.credentials import create_token
from live.models import Event
from members.actions.leaving import ask_for_export, make_export
from members.models import (
    Departure,
    Export,
    Invitation,
    Member,
    Organisation,
    PortfolioInvitation,
    Profile,
    SecurityEvent,
    SiteSettings,
)
from tests import factories
from tests.files.pictures import CANARY, located
from tests.members.organising import House, house
from tests.members.signing import sign_in, trusted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
JSON = "application/json"


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, settings: Any) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILES = settings.FILES | {"parts": tmp_path / "parts"}
    settings.STORAGES = settings.STORAGES | {
        "files": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }


def program(member: Member, *scopes: str) -> Client:
    """A program of the member, with a token for everything unless said otherwise."""
    token = create_token(member=member, name="A program", scopes=scopes or ("read", "write"))
    return Client(headers={"Authorization": f"Bearer {token}"})


def upload(member: Member, data: bytes, name: str = "me.jpg") -> str:
    """A ready file of the member's own that belongs to nothing."""
    return str(take_file(actor=member, name=name, size_bytes=len(data), content=BytesIO(data)).pk)


def put(client: Client, path: str, body: object) -> Any:
    return client.put(f"/api/v1/{path}", body, content_type=JSON)


def post(client: Client, path: str, body: object) -> Any:
    return client.post(f"/api/v1/{path}", body, content_type=JSON)


class TestPictures:
    def test_an_upload_becomes_one_s_picture_and_goes_again(self) -> None:
        member = factories.member()
        client, file = program(member), upload(member, located((800, 400)))
        for _again in range(2):
            answer = put(client, "me/picture/", {"file": file})
            digest = Profile.objects.get(member=member).picture
            assert (answer.status_code, digest in answer.json()["details"]["picture"]) == (
                200,
                True,
            )
        large = next(Path(p) for p in Path(settings_files()).rglob("*-320.jpg"))
        assert CANARY not in large.read_bytes()
        assert list(
            Event.objects.filter(event="member.changed").values_list("topic__name", flat=True)
        ) == [f"member:{member.pk}"]
        answer = client.delete("/api/v1/me/picture/")
        assert (answer.status_code, answer.json()["details"]["picture"]) == (200, "")
        assert Profile.objects.get(member=member).picture == ""

    def test_what_is_no_ready_picture_of_one_s_own_changes_nothing(self) -> None:
        member, other = factories.member(), factories.member()
        text = upload(member, b"words\n", "a.txt")
        taken = upload(member, located())
        File.objects.filter(pk=taken).update(place="chat")
        found = {
            put(program(member), "me/picture/", {"file": file}).json()["code"]
            for file in (text, taken, upload(other, located()), str(uuid.uuid4()), "x")
        }
        assert found == {
            "files.picture_unreadable",
            "files.attached",
            "not_found",
            "invalid",
        }
        assert (Profile.objects.count(), Event.objects.count()) == (0, 0)

    def test_logo_is_changed_by_who_edits_the_page(self) -> None:
        place = house()
        path = f"organisations/{place.business.pk}/logo/"
        statuses = {}
        for name, member in place.people.items():
            file = upload(member, located())
            statuses[name] = put(program(member), path, {"file": file}).status_code
            was = Organisation.objects.get(pk=place.business.pk).logo.name
            assert bool(was) is (statuses[name] == 200)
            gone = program(member).delete(f"/api/v1/{path}").status_code
            assert gone == statuses[name]
        assert statuses == {
            "representative": 200, "editor": 200, "accompanying": 200, "outsider": 403,
            "asking": 403, "staff": 200, "guest": 403,
        }  # fmt: skip
        assert Organisation.objects.get(pk=place.business.pk).logo.name == ""


def settings_files() -> str:
    from django.core.files.storage import storages

    return str(storages["files"].location)  # type: ignore[attr-defined]


class TestSessions:
    def test_each_and_all_are_signed_out(self) -> None:
        member = factories.member()
        here, there, third = (sign_in(member) for _ in range(3))
        stranger = sign_in(factories.member())
        found = here.get("/api/v1/me/sessions/").json()["results"]
        assert [row["is_current"] for row in found] == [True, False, False]
        key = there.session.session_key
        ended = UserSession.objects.get(session_key=key).pk
        assert stranger.delete(f"/api/v1/me/sessions/{ended}/").status_code == 404
        assert UserSession.objects.filter(user=member).count() == 3
        assert here.delete(f"/api/v1/me/sessions/{ended}/").status_code == 204
        assert [c.get("/api/v1/me/").status_code for c in (here, there, third)] == [200, 401, 200]
        assert here.delete("/api/v1/me/sessions/").json() == {"ended": 1}
        assert [c.get("/api/v1/me/").status_code for c in (here, third)] == [200, 401]
        assert program(member).delete("/api/v1/me/sessions/").json() == {"ended": 1}
        assert here.get("/api/v1/me/").status_code == 401
        assert stranger.get("/api/v1/me/").status_code == 200
        said = SecurityEvent.objects.filter(member=member, kind="session-ended")
        assert (said.count(), Event.objects.filter(event="revoked").count()) == (3, 3)


class TestLeaving:
    def test_copy_is_asked_for_made_and_fetched(self) -> None:
        member = factories.member()
        client = trusted(sign_in(member))
        made = post(client, "me/exports/", {})
        row = Export.objects.get()
        assert (made.status_code, made.json()["made_at"], made.json()["file"]) == (202, None, None)
        assert DBTaskResult.objects.get().args_kwargs["args"] == [row.pk]
        address = f"/api/v1/me/exports/{row.pk}/"
        assert client.get(f"{address}file/").status_code == 404
        make_export(export=row)
        said = client.get(address).json()
        assert client.get("/api/v1/me/exports/").json()["results"] == [said]
        content = client.get(said["file"]).getvalue()
        assert zipfile.ZipFile(BytesIO(content)).testzip() is None
        for other in (trusted(sign_in(factories.member())), program(factories.member())):
            assert [other.get(a).status_code for a in (address, said["file"])] == [404, 404]

    def test_who_is_not_sure_or_has_a_narrow_token_gets_nothing(self) -> None:
        member = factories.member()
        export = ask_for_export(actor=member)
        make_export(export=export)
        unsure = Client()
        unsure.force_login(member)
        narrow = program(member, "members:read", "members:write")
        before = [Event.objects.count(), SecurityEvent.objects.count()]
        for client, code in ((unsure, "account.unsure"), (narrow, "scope.missing")):
            answers = [
                client.get(f"/api/v1/me/exports/{export.pk}/file/"),
                post(client, "me/exports/", {}),
                post(client, "me/leaving/", {"texts": "take"}),
            ]
            assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, code)] * 3
        assert (Export.objects.count(), Departure.objects.count()) == (1, 0)
        assert [Event.objects.count(), SecurityEvent.objects.count()] == before

    def test_leaving_is_asked_for_and_taken_back(self) -> None:
        member = factories.member()
        client = program(member)
        stays = {"leaving_at": None, "texts": None, "grace_days": 14}
        assert client.get("/api/v1/me/leaving/").json() == stays
        assert post(client, "me/leaving/", {"texts": "burn"}).status_code == 422
        made = post(client, "me/leaving/", {"texts": "leave"})
        assert (made.status_code, made.json()["texts"]) == (201, "leave")
        assert client.get("/api/v1/me/leaving/").json() == made.json()
        assert post(client, "me/leaving/", {"texts": "take"}).json()["code"] == "leaving.asked"
        assert client.delete("/api/v1/me/leaving/").json() == stays
        assert client.delete("/api/v1/me/leaving/").json()["code"] == "leaving.not_asked"
        said = SecurityEvent.objects.order_by("id").values_list("kind", flat=True)
        assert list(said) == ["leaving", "staying"]


class TestInvitations:
    def test_organiser_makes_lists_and_withdraws(self) -> None:
        organiser = factories.member(is_organiser=True)
        client = program(organiser)
        wish = {"email": "Eva@Example.org", "role": "organiser", "days": 3}
        made = post(client, "invitations/", wish).json()
        link = made.pop("link")
        assert Client().get(link).status_code == 302
        row = Invitation.objects.get()
        assert (row.email, row.role, row.most_uses) == ("eva@example.org", "organiser", 1)
        assert row.expires_at - now() == pytest.approx(timedelta(days=3), abs=timedelta(seconds=9))
        assert client.get("/api/v1/invitations/").json()["results"] == [made]
        other = program(factories.member(is_organiser=True))
        assert other.get("/api/v1/invitations/").json()["results"] == []
        path = f"/api/v1/invitations/{row.pk}/"
        assert (other.delete(path).status_code, Invitation.objects.count()) == (404, 1)
        assert (client.delete(path).status_code, Invitation.objects.count()) == (204, 0)

    @pytest.mark.parametrize(
        "wish",
        [
            {"email": "nobody"},
            {"email": f"{'a' * 260}@b.org"},
            {"role": "king"},
            {"days": 0},
            {"days": 91},
            {"most_uses": 501},
        ],
    )
    def test_what_the_form_refuses_is_refused(self, wish: dict[str, object]) -> None:
        answer = post(program(factories.member(is_staff=True)), "invitations/", wish)
        assert (answer.status_code, list(answer.json()["fields"])) == (422, list(wish))
        assert Invitation.objects.count() == 0

    @pytest.mark.parametrize(
        ("standing", "role"), [({}, "member"), ({"is_organiser": True}, "staff")]
    )
    def test_nobody_gives_more_than_they_have(self, standing: dict[str, Any], role: str) -> None:
        client = program(factories.member(**standing))
        assert post(client, "invitations/", {"role": role}).json()["code"] == "forbidden"
        assert client.get("/api/v1/invitations/").status_code == (200 if standing else 403)
        assert Invitation.objects.count() == 0


CSV = "name,country,email\nAtelier Meer,DE,post@example.org\n"


class TestPortfolio:
    def test_file_invites_and_one_is_withdrawn(self, site: SiteSettings) -> None:
        place = house()
        client = program(place.people["accompanying"])
        path = f"organisations/{place.incubator.pk}/portfolio/invitations/"
        made = post(client, path, {"csv": CSV})
        assert (made.status_code, made.json()) == (201, {"invited": 1})
        (row,) = client.get(f"/api/v1/{path}").json()["results"]
        assert (row["name"], row["email"]) == ("Atelier Meer", "post@example.org")
        again = post(client, path, {"csv": CSV})
        assert (again.json()["code"], PortfolioInvitation.objects.count()) == ("portfolio.file", 1)
        assert client.delete(f"/api/v1/{path}{row['id']}/").status_code == 204
        assert PortfolioInvitation.objects.count() == 0

    @pytest.mark.parametrize("text", ["", "name\nA\n", CSV + "B,XX,b@b.b\n", "name\ud800,"])
    def test_nobody_is_invited_while_a_line_is_wrong(self, text: str) -> None:
        place = house()
        client = program(place.people["accompanying"])
        path = f"organisations/{place.incubator.pk}/portfolio/invitations/"
        answer = client.post(f"/api/v1/{path}", {"csv": text}, content_type=JSON)
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["csv"])
        assert PortfolioInvitation.objects.count() == 0

    def test_only_who_represents_it_invites(self) -> None:
        place: House = house()
        editor = factories.appointment(organisation=place.incubator, role="editor").member
        path = f"organisations/{place.incubator.pk}/portfolio/invitations/"
        for actor in (editor, place.people["staff"], place.people["outsider"]):
            assert post(program(actor), path, {"csv": CSV}).status_code == 403
        assert PortfolioInvitation.objects.count() == 0


def test_a_token_writes_only_where_it_may() -> None:
    """One scope rules all of these addresses: that of their area."""
    member = factories.member(is_staff=True)
    reader, writer = program(member, "members:read"), program(member, "members:write")
    paths = ("me/sessions/", "me/exports/", "me/leaving/", "invitations/")
    assert [reader.get(f"/api/v1/{path}").status_code for path in paths] == [200] * 4
    assert [writer.get(f"/api/v1/{path}").status_code for path in paths] == [403] * 4
    refused = [
        put(reader, "me/picture/", {}),
        reader.delete("/api/v1/me/picture/"),
        reader.delete("/api/v1/me/sessions/"),
        reader.delete("/api/v1/me/leaving/"),
        post(reader, "invitations/", {}),
        put(reader, "site/partners/", {}),
    ]
    assert {answer.json()["code"] for answer in refused} == {"scope.missing"}
