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
