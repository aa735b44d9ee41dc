"""The front end's types of the wire are those of the structs, and say what may be left out."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from live.typescript import live_types


def interface(name: str) -> list[str]:
    """The lines of one interface."""
    _head, _start, rest = live_types().partition(f"export interface {name} {{\n")
    return [line.strip() for line in rest.partition("\n}\n")[0].splitlines()]


def test_the_committed_types_are_current() -> None:
    call_command("livetypes", "--check", stdout=io.StringIO())


def test_check_refuses_types_that_are_not_current(settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "static/src/live").mkdir(parents=True)
    with pytest.raises(CommandError, match=r"run manage\.py livetypes"):
        call_command("livetypes", "--check")
    call_command("livetypes")
    call_command("livetypes", "--check")
    (tmp_path / "static/src/live/schema.ts").write_text("export {};\n")
    with pytest.raises(CommandError, match=r"run manage\.py livetypes"):
        call_command("livetypes", "--check")


def test_a_command_may_leave_out_what_has_a_default() -> None:
    assert interface("PostMessage")[:2] == ["text: string;", "reply_to?: number | null;"]
    assert interface("React") == ["id: number;", "emoji: string;", "on?: boolean;"]
    assert interface("ProfileChange")[0] == "name?: string;"


def test_what_the_server_says_has_all_its_fields() -> None:
    assert interface("Card")[-1] == "organisation_id: number | null;"
    assert interface("MessageReacted") == [
        "id: number;",
        "reactions: readonly ReactionTotal[];",
    ]


def test_events_and_commands_are_found_by_name() -> None:
    assert '"message.posted": MessagePosted;' in interface("Events")
    assert '"message.post": PostMessage;' in interface("Commands")
