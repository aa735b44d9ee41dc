"""``docs/protocol.md`` shows every command and event, each as its type has it."""

import uuid
from typing import Any

import msgspec

from base.ids import split_topic
from live import limits
from live.registry import commands, find_command, topic_kinds
from tests.docs.reading import code_of, examples_of, rows_of, text_of


def examples(field: str) -> list[dict[str, Any]]:
    """The examples that have the field."""
    return [said for said in examples_of(text_of("docs/protocol.md")) if field in said]


def kind_of(topic: str) -> str:
    parts = split_topic(topic)
    return parts[0] if parts else ""


def test_every_command_has_an_example_that_its_type_takes() -> None:
    shown = set()
    for said in examples("cmd"):
        if said["cmd"] in {"follow", "unfollow", "seen", "signal", "ping"}:
            continue
        command, _number = find_command(said["cmd"], said.get("topic", ""))
        data = msgspec.convert(said["data"], command.data)
        assert said["data"].items() <= msgspec.to_builtins(data).items()
        uuid.UUID(said["key"])
        shown.add((command.kind, command.name))
    assert shown == {(command.kind, command.name) for command in commands()}


def test_every_event_has_an_example_exactly_as_its_type_has_it() -> None:
    shown = set()
    for said in examples("event"):
        kind = kind_of(said["topic"])
        struct = topic_kinds()[kind].events[said["event"]]
        assert msgspec.to_builtins(msgspec.convert(said["data"], struct)) == said["data"]
        shown.add((kind, said["event"]))
    declared = {(k.name, event) for k in topic_kinds().values() for event in k.events}
    assert shown == declared


def test_tables_name_every_command_event_and_signal() -> None:
    text = text_of("docs/protocol.md")
    named = {code_of(row[0]) for row in rows_of(text)}
    declared = {command.name for command in commands()}
    declared |= {event for kind in topic_kinds().values() for event in kind.events}
    assert declared - named == set()
    signals = {said["signal"] for said in examples("signal")}
    for kind in topic_kinds().values():
        assert set(kind.signals) - signals == set()
        assert {derived.signal for derived in kind.derived} - signals == set()


def test_hello_announces_the_numbers_that_the_document_gives() -> None:
    (hello,) = examples("hello")
    assert hello["hello"]["protocol"] == limits.PROTOCOL
    assert hello["hello"]["beat_s"] == limits.BEAT_S
    assert hello["hello"]["limits"] == limits.announced()


def test_closing_codes_are_those_that_the_code_uses() -> None:
    rows = rows_of(text_of("docs/protocol.md"))
    said = {code for row in rows for code in row[0].split(", ") if code.isdigit()}
    assert said == {"1007", "1009", "1012", "4400", "4401", "4408", "4409", "4410", "4429"}
