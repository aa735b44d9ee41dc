"""Bodies beyond the bound never reach Django."""

from typing import Any

import pytest

from server.bounded import BoundedBodies


async def ask(
    headers: list[tuple[bytes, bytes]], parts: list[bytes], **scope: str
) -> tuple[list[Any], list[Any]]:
    """What the application got, and what the client was answered; at most 10 bytes."""
    got: list[Any] = []
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]

    async def application(_scope: Any, receive: Any, send: Any) -> None:
        got.extend([await receive() for _ in parts])
        await send({"type": "http.response.start", "status": 200})

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    bounded = BoundedBodies(application, 10, 20)
    await bounded({"headers": headers, "path": "/", "method": "POST"} | scope, receive, send)
    return got, sent


async def test_body_within_the_bound_passes() -> None:
    got, sent = await ask([(b"content-length", b"10")], [b"12345", b"67890"])
    assert [message["body"] for message in got] == [b"12345", b"67890"]
    assert sent[0]["status"] == 200


async def test_body_that_says_it_is_too_large_is_refused_unread() -> None:
    got, sent = await ask([(b"content-length", b"11")], [b"12345678901"])
    assert (got, sent[0]["status"]) == ([], 413)


async def test_body_that_turns_out_too_large_ends() -> None:
    got, _sent = await ask([(b"transfer-encoding", b"chunked")], [b"12345678", b"901"])
    assert [message["type"] for message in got] == ["http.request", "http.disconnect"]


@pytest.mark.parametrize(
    ("path", "kind", "method", "status"),
    [
        ("/chat/17/", b"multipart/form-data; boundary=x", "POST", 200),
        ("/chat/17/", b"application/json", "POST", 413),
        ("/chat/17/", b"multipart/form-data; boundary=x", "PUT", 413),
        ("/chat/17/edit/", b"multipart/form-data; boundary=x", "POST", 413),
        ("/x/chat/17/", b"multipart/form-data; boundary=x", "POST", 413),
    ],
)
async def test_only_forms_with_files_may_be_larger(
    path: str, kind: bytes, method: str, status: int
) -> None:
    headers = [(b"content-length", b"20"), (b"content-type", kind)]
    _got, sent = await ask(headers, [b"1" * 20], path=path, method=method)
    assert sent[0]["status"] == status


async def test_form_with_files_has_a_bound_too() -> None:
    headers = [(b"content-length", b"21"), (b"content-type", b"multipart/form-data")]
    _got, sent = await ask(headers, [b"1" * 21], path="/chat/17/")
    assert sent[0]["status"] == 413
