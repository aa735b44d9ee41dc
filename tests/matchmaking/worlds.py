"""The same world going two ways, and all that somebody else can see of it."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from base.personal import all_holdings
from matchmaking.models import Consortium, CooperationRequest
from matchmaking.queries.market import forget
from matchmaking.tasks.suggestions import suggest
from members.models import Member
from notices.models import Notice
from tests.chat.reading import log
from tests.matchmaking.matching import House

WRITTEN = {"chat", "live", "matchmaking", "notices"}
Pages = Callable[[Member, int], list[str]]
CHANGING = re.compile(
    r'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"|data-token="[^"]*"|"seq": ?\d+'
    r'|"epoch":"[^"]*"|data-epoch="[^"]*"|<time[^>]*>[^<]*</time>'
    r"|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)"
)


def matching_pages(member: Member, of: int) -> list[str]:
    """Where an organisation's matching is seen."""
    return [
        "/", "/notices/", f"/partners/{of}/", f"/partners/{of}/introductions/",
        f"/partners/{of}/profile/", f"/api/v1/matching/{of}/",
        f"/api/v1/matching/{of}/suggestions/", f"/api/v1/matching/{of}/introductions/",
        "/api/v1/matching/", f"/api/v1/topics/member:{member.pk}/",
    ]  # fmt: skip


def team_pages(member: Member, of: int) -> list[str]:
    """Where consortia are seen."""
    return [
        "/", "/notices/", f"/partners/{of}/consortia/", f"/api/v1/matching/{of}/consortia/",
        f"/api/v1/topics/member:{member.pk}/", "/partners/groups/",
        *(f"/partners/{of}/consortia/{pk}/" for pk in _ids(Consortium)),
    ]  # fmt: skip


def request_pages(member: Member, of: int) -> list[str]:
    """Where cooperation requests are seen."""
    return [
        "/", "/notices/", "/partners/requests/", "/api/v1/requests/", "/chat/",
        f"/api/v1/matching/{of}/requests/", f"/api/v1/topics/member:{member.pk}/",
        *(f"/partners/requests/{pk}/" for pk in _ids(CooperationRequest)),
        *(f"/api/v1/requests/{pk}/fits/" for pk in _ids(CooperationRequest)),
    ]  # fmt: skip


def _ids(table: type[Model]) -> list[int]:
    return list(table._default_manager.order_by("pk").values_list("pk", flat=True))


def pages_of(member: Member, of: int, pages: Pages = matching_pages) -> list[str]:
    """All that a member is shown of an organisation's matching, without what always changes."""
    client = Client()
    client.force_login(member)
    return [CHANGING.sub("", client.get(at).content.decode()) for at in pages(member, of)]


def exported(member: Member) -> bytes:
    """The member's copy of what matchmaking keeps."""
    parts = [each for each in all_holdings() if each.name.startswith("matchmaking.")]
    return b"".join(b"".join(file.chunks) for part in parts for file in part.export(member.pk))


def seen_by(side: House, pages: Pages = matching_pages) -> list[Any]:
    """All that an organisation's person can get to see."""
    said = CHANGING.sub("", json.dumps(log(f"member:{side.member.pk}")))
    told = list(Notice.objects.filter(member=side.member).values_list("kind", "group", "data"))
    kept = CHANGING.sub("", exported(side.member).decode())
    return [pages_of(side.member, side.id, pages), said, told, kept]


def after(world: Callable[[], Any], watcher: Callable[[], list[Any]]) -> list[Any]:
    """What the watcher sees after something was done, which is undone again."""
    # PostgreSQL counts on after a rollback, of other tests too: the same thing shall have the same
    # number again.
    made = [model for model in apps.get_models() if model._meta.app_label in WRITTEN]
    with connection.cursor() as cursor:
        for reset in connection.ops.sequence_reset_sql(no_style(), made):
            cursor.execute(reset)
    mark = transaction.savepoint()
    try:
        world()
        suggest()
        return watcher()
    finally:
        transaction.savepoint_rollback(mark)
        forget()
