"""REST takes what its own OpenAPI document allows, and more, without a failure of the server."""

import contextlib
import json
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from live.credentials import create_token
from live.limits import writes
from members.models import SiteSettings
from tests import factories

BOUNDED = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)


def send(client: Client, case: Any, token: str) -> int:
    """Send a generated call as a program does; its status."""
    asked = case.as_transport_kwargs(base_url="http://testserver")
    body = asked.get("data")
    if asked.get("json") is not None or body is None:
        body = json.dumps(asked.get("json", {}))
    query = urlencode(asked.get("params") or {}, doseq=True, errors="surrogatepass")
    headers = {name: str(value) for name, value in (asked.get("headers") or {}).items()}
    headers.pop("Content-Type", None)
    headers["Authorization"] = f"Bearer {token}"
    answer = client.generic(
        asked["method"],
        asked["url"].removeprefix("http://testserver"),
        body if isinstance(body, str | bytes) else json.dumps(body, default=str),
        content_type="application/json",
        QUERY_STRING=query,
        headers=headers,
    )
    return answer.status_code


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_call_makes_the_server_fail(mode: GenerationMode) -> None:
    SiteSettings.objects.create(pk=1, is_set_up=True)
    staff = factories.member(is_staff=True, is_moderator=True)
    token = create_token(member=staff, name="fuzz")
    client = Client(raise_request_exception=False)
    document = client.get("/api/schema/?format=json").json()
    failed: set[str] = set()
    called = 0
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case: Any) -> None:
            nonlocal called
            writes.give_back(staff.pk)
            called += 1
            status = send(client, case, token)
            if status >= 500 and status != 503:
                failed.add(
                    f"{case.operation.label}: {status} for {case.as_transport_kwargs()}"[:600]
                )

        with contextlib.suppress(Unsatisfiable):  # nothing is wrong where all is allowed
            call()
    assert sorted(failed) == []
    assert called > 100
