"""How files are read: by whom, and that no page ever runs one."""

import uuid
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.files.storage import storages
from django.db import connections
from django.test import AsyncClient, Client

from files import access
from files.models import Account, File
from files.vocabulary import State
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = bytes(range(256)) * 2000


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    """No thread of these tests keeps a connection to the tests' database."""
    yield
    await sync_to_async(connections.close_all)()


def a_file(owner: Any, content: bytes = WORDS, **fields: Any) -> File:
    """A ready file with this content."""
    account, _made = Account.objects.get_or_create(name=f"member:{owner.pk}")
    values = {
        "name": "talk.mp3",
        "content_type": "audio/mpeg",
        "announced_bytes": len(content),
        "received_bytes": len(content),
        "kept_bytes": len(content),
        "size_bytes": len(content),
        "sha256": "0" * 64,
        "state": State.READY,
    }
    file = File.objects.create(owner=owner, account=account, **(values | fields))
    storages["files"].save(file.stored, BytesIO(content))
    if file.is_picture:
        storages["files"].save(file.stored_thumbnail, BytesIO(b"small"))
    return file


async def read(owner: Any, address: str, **headers: str) -> tuple[Any, bytes]:
    client = AsyncClient()
    await client.aforce_login(owner)
    answer: Any = await client.get(address, headers=headers)
    if answer.streaming:
        return answer, b"".join([part async for part in answer.streaming_content])
    return answer, answer.content


def address_of(file: File) -> str:
    return f"/files/{file.pk}/any-name"


async def test_file_is_streamed_whole_and_private() -> None:
    owner = await _member()
    file = await _file(owner)
    answer, body = await read(owner, address_of(file))
    assert (answer.status_code, body == WORDS) == (200, True)
    assert {
        name: answer[name]
        for name in (
            "Content-Type", "Content-Length", "Cache-Control", "X-Content-Type-Options",
            "Content-Security-Policy", "Cross-Origin-Resource-Policy", "Content-Disposition",
        )
    } == {
        "Content-Type": "audio/mpeg",
        "Content-Length": str(len(WORDS)),
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": "inline; filename=\"talk.mp3\"; filename*=UTF-8''talk.mp3",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-99", 206, 0, 99),
        ("bytes=511000-", 206, 511_000, 511_999),
        ("bytes=-10", 206, 511_990, 511_999),
        ("bytes=100-9999999", 206, 100, 511_999),
        ("bytes=0-1,5-6", 200, 0, 511_999),
        ("lines=1-2", 200, 0, 511_999),
        ("bytes=-", 200, 0, 511_999),
        ("bytes=0-", 200, 0, 511_999),
    ],
)
async def test_players_get_the_range_they_ask_for(
    asked: str, status: int, first: int, last: int
) -> None:
    owner = await _member()
    file = await _file(owner)
    answer, body = await read(owner, address_of(file), range=asked)
    assert (answer.status_code, body == WORDS[first : last + 1]) == (status, True)
    expected = f"bytes {first}-{last}/512000" if status == 206 else None
    assert (answer.headers.get("Content-Range"), answer["Content-Length"]) == (
        expected, str(last - first + 1),
    )  # fmt: skip


@pytest.mark.parametrize("asked", ["bytes=512000-", "bytes=9-3", "bytes=-0"])
async def test_range_that_is_not_there_is_said(asked: str) -> None:
    owner = await _member()
    answer, body = await read(owner, address_of(await _file(owner)), range=asked)
    assert (answer.status_code, answer["Content-Range"], body) == (416, "bytes */512000", b"")


async def test_unchanged_file_is_not_sent_again() -> None:
    owner = await _member()
    file = await _file(owner)
    answer, body = await read(owner, address_of(file), **{"if-none-match": f'"{file.sha256}"'})
    assert (answer.status_code, body) == (304, b"")


@pytest.mark.parametrize(
    "kind",
    [
        "application/octet-stream", "application/pdf", "text/plain", "application/zip",
        "image/tiff", "image/heic",
    ],
)  # fmt: skip
async def test_everything_else_is_a_download(kind: str) -> None:
    owner = await _member()
    file = await _file(owner, content_type=kind, name='Ä "x".pdf')
    answer, _body = await read(owner, address_of(file))
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"_ _x_.pdf\"; filename*=UTF-8''%C3%84%20%22x%22.pdf"
    )


async def test_thumbnails_are_of_pictures() -> None:
    owner = await _member()
    picture = await _file(owner, content_type="image/png", width=3, height=2)
    sound = await _file(owner)
    answer, body = await read(owner, f"/files/{picture.pk}/thumbnail/")
    assert (answer.status_code, answer["Content-Type"], body) == (200, "image/webp", b"small")
    answer, _body = await read(owner, f"/files/{sound.pk}/thumbnail/")
    assert answer.status_code == 404


async def test_what_belongs_to_nothing_is_its_owners_alone() -> None:
    owner, other = await _member(), await _member()
    file = await _file(owner)
    stranger = await AsyncClient().get(address_of(file))
    answer, _body = await read(other, address_of(file))
    assert (answer.status_code, stranger.status_code) == (404, 404)


async def test_place_is_asked_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, other = await _member(), await _member()
    letting_in = {other.pk}
    monkeypatch.setattr(access, "_places", {})
    access.register_place("shelf", lambda actor, ids: ids if actor.pk in letting_in else [], set)
    file = await _file(owner, place="shelf")
    seen = [(await read(who, address_of(file)))[0].status_code for who in (owner, other)]
    letting_in.clear()
    then = [(await read(who, address_of(file)))[0].status_code for who in (owner, other)]
    assert (seen, then) == ([404, 200], [404, 404])


@pytest.mark.parametrize("state", [State.UPLOADING, State.REFUSED, State.GONE])
async def test_only_what_is_ready_is_read(state: State) -> None:
    owner = await _member()
    answer, _body = await read(owner, address_of(await _file(owner, state=state)))
    assert answer.status_code == 404


async def test_missing_bytes_are_not_found() -> None:
    owner = await _member()
    file = await _file(owner)
    storages["files"].delete(file.stored)
    answer, _body = await read(owner, address_of(file))
    assert answer.status_code == 404


def test_addresses_that_are_none_are_not_found(client: Client) -> None:
    client.force_login(factories.member())
    assert [
        client.get(f"/files/{uuid.uuid4()}/x").status_code,
        client.get("/files/17/x").status_code,
        client.get(f"/files/{uuid.uuid4()}/../../secret_key").status_code,
    ] == [404, 404, 404]


async def _member() -> Any:
    return await sync_to_async(factories.member)()


async def _file(owner: Any, **fields: Any) -> File:
    return await sync_to_async(a_file)(owner, **fields)
