"""Cooperation requests end, and those who keep them hear of it while one click still helps."""

from datetime import timedelta

import pytest
from django.test import Client

from base.clock import now
from matchmaking.models import CooperationRequest
from matchmaking.models.requests import end_of
from matchmaking.tasks.requests import remind_requests
from notices.models import Notice
from tests.matchmaking.requesting import make_world

pytestmark = pytest.mark.django_db


def test_those_who_keep_it_are_reminded_once_where_renewing_helps() -> None:
    world = make_world()
    far = (now() + timedelta(days=300)).date().isoformat()
    renewable, last = world.post(deadline=far), world.post(title="The last days")
    remind_requests()
    assert Notice.objects.count() == 0
    soon = now() + timedelta(days=6)
    CooperationRequest.objects.filter(pk=renewable).update(expires_at=soon)
    CooperationRequest.objects.filter(pk=last).update(deadline=soon.date(), expires_at=end_of(soon))
    remind_requests()
    remind_requests()
    told = Notice.objects.order_by("member_id").values_list("member", "kind", "subject")
    keepers = sorted(world.people[who].pk for who in ("author", "colleague"))
    assert list(told) == [(pk, "matchmaking.request_ends", renewable) for pk in keepers]
    client = Client()
    client.force_login(world.people["author"])
    assert "one click renews it" in client.get("/notices/").content.decode()
    page = client.get(f"/partners/requests/{renewable}/").content.decode()
    assert page.count("Renew for 90 days") == 1
    client.post(f"/partners/requests/{renewable}/state/", {"state": "open"})
    row = world.row(renewable)
    assert (row.reminded_at, row.expires_at > now() + timedelta(days=89)) == (None, True)
