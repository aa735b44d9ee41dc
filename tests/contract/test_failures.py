"""What a bug and a lost database look like from outside: temporary, and the socket stays open."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.client import new_key
from tests.contract.conftest import World
from tests.services import ServerProcess


@pytest.fixture(scope="module")
def troubled(world: World) -> Iterator[ServerProcess]:
    """One more process of the site, with the command that fails on request."""
    settings = "tests.contract.trouble.settings"
    with world.site.server(world.kind, DJANGO_SETTINGS_MODULE=settings) as server:
        yield server


@pytest.mark.parametrize(
    ("kind", "code", "status"), [("bug", "internal", 500), ("database", "unavailable", 503)]
)
async def test_failure_is_temporary_and_loses_nothing(
    world: World, troubled: ServerProcess, kind: str, code: str, status: int
) -> None:
    account, key = world.person(), new_key()
    async with world.socket(account, at=troubled) as socket:
        failed = await socket.ask("trouble.make", key=key, data={"kind": kind})
        assert failed["error"]["code"] == code
        assert failed["error"]["retry_after_s"] > 0
        # The socket is open, and the key was not used up: it still does another body.
        done = await socket.ask("trouble.make", key=key, data={"kind": "nothing"})
        assert done["ok"] == {"topic": "", "seq": 0}

    body: dict[str, Any] = {"ref": 1, "cmd": "trouble.make", "topic": "", "data": {"kind": kind}}
    async with world.rest(account, at=troubled) as rest:
        answer = await rest.post("/api/v1/commands/", json=body | {"key": new_key()})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["retry_after_s"] > 0
