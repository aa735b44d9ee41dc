"""What was committed, told to this process's hub.

A process without a hub (a command, the worker) tells nobody: the hubs' tick finds the new heads
within about a second.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live.log import Entry


@dataclass(frozen=True, slots=True)
class Commit:
    """What one transaction appended to one topic: its new head, and entries if they are known."""

    topic: str
    topic_id: int
    seq: int
    entries: "tuple[Entry, ...]"


_listeners: list[Callable[[Sequence[Commit]], None]] = []


def listen(listener: Callable[[Sequence[Commit]], None]) -> Callable[[], None]:
    """Call the listener after every commit, in the committing thread; returns how to stop."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def committed(facts: Sequence[Commit]) -> None:
    """Tell all listeners."""
    for listener in tuple(_listeners):
        listener(facts)
