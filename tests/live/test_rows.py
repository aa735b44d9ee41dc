"""Rows in bulk: what goes in comes out, and every look-up is one in an index."""

import uuid
from typing import Any

import pytest
from django.db import connection

from chat.models import Channel, Membership, Message, Reaction
from live.models import WriteKey
from live.rows import fetch, insert
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_come_back_as_they_went_in() -> None:
    member = factories.member()
    kept = [
        WriteKey(
            member_id=member.pk, key=uuid.uuid4(), digest=n.to_bytes(16, "big"), reply={"seq": n}
        )
        for n in range(300)
    ]
    insert(kept)
    found = {
        row.key: row
        for row in fetch(WriteKey, ("member_id", "key"), [(member.pk, row.key) for row in kept])
    }
    assert {
        key: (row.member_id, bytes(row.digest), row.reply, row.at) for key, row in found.items()
    } == {row.key: (member.pk, row.digest, row.reply, row.at) for row in kept}


def test_new_rows_get_ids_in_their_order() -> None:
    channels = [Channel(name=f"Room {n}") for n in range(300)]
    insert(channels)
    assert [row.name for row in Channel.objects.order_by("id")] == [row.name for row in channels]
    assert [row.pk for row in channels] == list(
        Channel.objects.order_by("id").values_list("id", flat=True)
    )
    assert not any(row._state.adding for row in channels)


def test_what_is_wanted_twice_comes_once() -> None:
    channel = Channel(name="Room")
    insert([channel])
    assert list(fetch(Channel, ("id",), [(channel.pk,), (channel.pk,)])) == [channel]
    assert list(fetch(Channel, ("id",), [])) == []


@pytest.mark.parametrize(
    ("model", "by", "wanted"),
    [
        (WriteKey, ("member_id", "key"), [(1, uuid.uuid4()), (2, uuid.uuid4())]),
        (Membership, ("channel_id", "member_id"), [(1, 1), (1, 2)]),
        (Message, ("id",), [(1,), (2,)]),
        (Reaction, ("message_id",), [(1,), (2,)]),
    ],
)
def test_every_look_up_uses_an_index(
    model: type[Any], by: tuple[str, ...], wanted: list[tuple[Any, ...]]
) -> None:
    said: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        list(fetch(model, by, wanted))
    (sql, params) = said[0]
    assert not scans(model._meta.db_table, sql, params)


def scans(table: str, sql: str, params: Any) -> bool:
    """Whether the planner reads the whole table, though it could avoid it where an index serves."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps = [row[3].split()[:2] for row in cursor.fetchall()]
            assert table in [step[1] for step in steps]
            return ["SCAN", table] in steps
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert table in plan
    return f"Seq Scan on {table}" in plan
