"""The app's entry in Django, and its one command."""

from enum import StrEnum
from typing import Any

import msgspec
from django.apps import AppConfig
from django.db import OperationalError

from live.registry import Command, Written, register_command


class Kind(StrEnum):
    """What goes wrong."""

    BUG = "bug"
    DATABASE = "database"
    NOTHING = "nothing"


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Data of ``trouble.make``."""

    kind: Kind


def _make(_actor: Any, _number: int, data: Trouble) -> Written:
    if data.kind == Kind.BUG:
        message = "the bug that was asked for"
        raise RuntimeError(message)
    if data.kind == Kind.DATABASE:
        raise OperationalError
    return Written()


class TroubleConfig(AppConfig):
    """Trouble."""

    name = "tests.contract.trouble"
    label = "trouble"

    def ready(self) -> None:
        """Register the command, which belongs to no topic."""
        register_command(Command("trouble.make", "", Trouble, _make))
