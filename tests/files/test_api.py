"""Uploads over REST: whole, in parts, cut off, in the wrong place, beyond the quota."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from files.models import Account, File
from tests import factories
from tests.files.conftest import kept
from tests.files.pictures import picture

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"a" * 5000


@pytest.fixture
def anna(client: Client) -> Any:
    member = factories.member(name="Anna")
    client.force_login(member)
    return member


def announce(client: Client, size: int, name: str = "report.pdf", **more: Any) -> Any:
    headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
    body = {"name": name, "size_bytes": size} | more
    return client.post("/api/v1/files/", body, "application/json", headers=headers)


def send(client: Client, file_id: str, offset: int, part: bytes) -> Any:
    return client.patch(
        f"/api/v1/files/{file_id}/",
        part,
        "application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


def upload(client: Client, content: bytes, name: str = "report.pdf", **more: Any) -> Any:
    said = announce(client, len(content), name, **more).json()
    return send(client, said["id"], 0, content).json()


@pytest.mark.usefixtures("anna")
def test_upload_in_parts_becomes_a_file(client: Client, folder: Path) -> None:
    answer = announce(client, len(PDF))
    said = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/files/{said['id']}/")
    first = send(client, said["id"], 0, PDF[:2000])
    assert (first.status_code, first.json()["state"], first["Upload-Offset"]) == (
        200, "uploading", "2000",
    )  # fmt: skip
    asked = client.head(f"/api/v1/files/{said['id']}/")
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("2000", str(len(PDF)))
    last = send(client, said["id"], 2000, PDF[2000:]).json()
    assert (last["state"], last["error"], last["file"]) == (
        "ready",
        None,
        {
            "id": said["id"], "name": "report.pdf", "type": "application/pdf",
            "size_bytes": len(PDF), "width": None, "height": None, "alt": "",
            "url": f"/files/{said['id']}/report.pdf", "thumbnail": None, "plays": False,
        },
    )  # fmt: skip
    assert kept(folder) == [uuid.UUID(said["id"]).hex]


@pytest.mark.usefixtures("anna")
def test_part_at_the_wrong_place_says_the_right_one(client: Client) -> None:
    said = announce(client, len(PDF)).json()
    send(client, said["id"], 0, PDF[:2000])
    answer = send(client, said["id"], 1000, PDF[1000:])
    assert (answer.status_code, answer.json()["code"], answer.json()["offset"]) == (
        409, "files.offset", 2000,
    )  # fmt: skip
    assert File.objects.get().received_bytes == 2000


@pytest.mark.usefixtures("anna")
def test_upload_resumes_after_a_cut(client: Client) -> None:
    said = announce(client, len(PDF)).json()
    send(client, said["id"], 0, PDF[:2000])
    # The link broke while these were written: on disk, but never counted.
    with (Path(_parts()) / uuid.UUID(said["id"]).hex).open("ab") as part:
        part.write(b"half a part")
    offset = int(client.head(f"/api/v1/files/{said['id']}/")["Upload-Offset"])
    done = send(client, said["id"], offset, PDF[offset:]).json()
    assert (offset, done["state"], done["file"]["size_bytes"]) == (2000, "ready", len(PDF))
    assert File.objects.get().sha256 == _sha256(PDF)


def _parts() -> Any:
    from django.conf import settings

    return settings.FILES["parts"]


def _sha256(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


@pytest.mark.usefixtures("anna")
def test_more_than_announced_is_refused(client: Client, folder: Path) -> None:
    said = announce(client, 100).json()
    answer = send(client, said["id"], 0, PDF)
    assert (answer.status_code, answer.json()["code"]) == (422, "files.too_long")
    assert (File.objects.get().received_bytes, File.objects.get().state) == (0, "uploading")
    assert client.delete(f"/api/v1/files/{said['id']}/").status_code == 204
    assert (kept(folder), File.objects.count()) == ([], 0)


@pytest.mark.usefixtures("anna")
def test_complete_upload_takes_no_more(client: Client) -> None:
    done = upload(client, PDF)
    answer = send(client, done["id"], len(PDF), b"x")
    assert (answer.status_code, answer.json()["code"]) == (409, "files.complete")


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("size", "code"),
    [(0, "files.empty"), (-1, "files.empty"), (20 * 1024**2 + 1, "files.too_large")],
)
def test_size_is_bounded(client: Client, size: int, code: str) -> None:
    answer = announce(client, size)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (File.objects.count(), Account.objects.count()) == (0, 0)


@pytest.mark.usefixtures("anna")
def test_same_announcement_twice_is_one_upload(client: Client) -> None:
    key = str(uuid.uuid4())
    first, again = announce(client, 100, key=key), announce(client, 100, key=key)
    assert (first.json()["id"], File.objects.count()) == (again.json()["id"], 1)
    other = announce(client, 101, key=key)
    assert (other.status_code, other.json()["code"]) == (409, "key.reused")


def test_quota_counts_what_was_announced(client: Client, anna: Any, settings: Any) -> None:
    settings.FILES = settings.FILES | {"member_bytes": 250}
    announce(client, 200)
    answer = announce(client, 51)
    assert (answer.status_code, answer.json()["code"]) == (409, "files.quota")
    assert (answer.json()["quota_bytes"], answer.json()["used_bytes"]) == (250, 200)
    assert File.objects.count() == 1
    assert announce(client, 50).status_code == 201
    assert Account.objects.get().name == f"member:{anna.pk}"


def test_cancelled_and_refused_uploads_give_their_room_back(client: Client, anna: Any) -> None:
    said = announce(client, 5000).json()
    client.delete(f"/api/v1/files/{said['id']}/")
    refused = upload(client, b"\x89PNG\r\n\x1a\nbroken", "a.png")
    assert (refused["state"], refused["error"]["code"]) == ("refused", "files.picture_unreadable")
    assert Account.objects.get(pk=f"member:{anna.pk}").used_bytes == 0


@pytest.mark.usefixtures("anna")
def test_kept_bytes_take_the_place_of_announced_ones(client: Client, folder: Path) -> None:
    upload(client, picture("PNG", (900, 700)) + b"\0" * 9000, "a.png")
    on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert (Account.objects.get().used_bytes, len(kept(folder))) == (on_disk, 2)


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_do_not_exceed_the_quota(settings: Any) -> None:
    settings.FILES = settings.FILES | {"member_bytes": 1000}
    member = factories.member()

    def one(_number: int) -> int:
        client = Client()
        client.force_login(member)
        try:
            return int(announce(client, 400).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(one, range(6)))
    assert sorted(answers) == [201, 201, 409, 409, 409, 409]
    assert (Account.objects.get().used_bytes, File.objects.count()) == (800, 2)


@pytest.mark.usefixtures("anna")
def test_uploads_of_others_do_not_exist(client: Client) -> None:
    said = announce(client, 100).json()
    stranger = Client()
    stranger.force_login(factories.member())
    address = f"/api/v1/files/{said['id']}/"
    assert [
        stranger.get(address).status_code,
        stranger.head(address).status_code,
        send(stranger, said["id"], 0, b"x").status_code,
        stranger.delete(address).status_code,
        stranger.put(f"{address}alt/", {"alt": "x"}, "application/json").status_code,
        Client().get(address).status_code,
        Client().post("/api/v1/files/", {}, "application/json").status_code,
    ] == [404, 404, 404, 404, 404, 401, 401]
    assert File.objects.get().received_bytes == 0


@pytest.mark.usefixtures("anna")
def test_unfinished_uploads_are_bounded(client: Client) -> None:
    answers = [announce(client, 10).status_code for _ in range(21)]
    assert answers == [201] * 20 + [429]


def test_accounts_say_what_is_left(client: Client, anna: Any, settings: Any) -> None:
    announce(client, 70)
    assert client.get("/api/v1/file-accounts/").json() == {
        "results": [
            {
                "account": f"member:{anna.pk}",
                "used_bytes": 70,
                "quota_bytes": settings.FILES["member_bytes"],
            }
        ]
    }


@pytest.mark.usefixtures("anna")
def test_description_is_kept_with_the_picture(client: Client) -> None:
    done = upload(client, picture("PNG"), "harbour.png")
    address = f"/api/v1/files/{done['id']}/alt/"
    body = client.put(address, {"alt": "Гавань утром"}, "application/json").json()
    assert body["file"]["alt"] == "Гавань утром"
    answer = client.put(address, {"alt": "x" * 1001}, "application/json")
    assert (answer.status_code, File.objects.get().alt) == (422, "Гавань утром")
