"""Refusals and what Django and REST framework raise, as problems of RFC 9457."""

import json

import pytest
from django.conf import settings
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


def test_a_body_that_is_too_large_is_refused_for_good(client: Client) -> None:
    client.force_login(factories.member())
    body = json.dumps({"text": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    answer = client.post("/api/v1/commands/", body, content_type="application/json")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "This is too large to be taken.",
        "status": 413,
        "code": "too_large",
        "detail": "This is too large to be taken.",
    }


@pytest.mark.parametrize("address", ["channels/", "commands/", "me/"])
def test_half_a_character_is_refused(client: Client, address: str) -> None:
    client.force_login(factories.member())
    sent = {"name": "\ud800", "key": "9b2f6a0e-6c0e-4f4c-9d55-0c4d5a1c7d10", "cmd": "x", "data": {}}
    call = client.patch if address == "me/" else client.post
    answer = call(f"/api/v1/{address}", json.dumps(sent), content_type="application/json")
    assert 400 <= answer.status_code < 500
