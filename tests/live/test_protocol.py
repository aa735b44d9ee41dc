"""The protocol without I/O: whatever comes in, what the window takes, how frames are cut."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from live import limits
from live.protocol import (
    Connection,
    Dropped,
    Follow,
    Input,
    Ping,
    Seen,
    Signal,
    Stranger,
    Unfollow,
    Window,
    Wish,
    Write,
    Wrong,
    frames,
    joined,
    needs_resync,
    parse,
)

KEY = "9b2f6a0e-1c7d-4f5e-9a34-0d8f3b1c2a55"
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["follow", "seen", "signal", "ping", "message.post", "chat:1", KEY])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)
MESSAGES = st.dictionaries(
    st.sampled_from(
        ["ref", "cmd", "topic", "topics", "since", "epoch", "key", "data", "heads", "signal"]
    ),
    JSON,
)


@given(MESSAGES)
def test_every_object_means_something(message: dict[str, Any]) -> None:
    said = parse(message)
    ref = getattr(said, "ref", 0)
    assert ref is None or (type(ref) is int and abs(ref) <= 2**53 - 1)
    if isinstance(said, Write):
        assert isinstance(said.data, dict)
        assert said.cmd not in {"follow", "unfollow", "seen", "signal", "ping"}


@given(st.text() | st.binary() | JSON.map(json.dumps))
def test_no_frame_breaks_a_connection(frame: str | bytes) -> None:
    connection = Connection(heard_at=0.0)
    said = connection.receive(frame, 5.0)
    assert connection.heard_at == 5.0
    try:
        is_object = isinstance(frame, str) and isinstance(json.loads(frame), dict)
    except (ValueError, RecursionError):
        is_object = False
    assert connection.strikes == (0 if is_object else 1)
    if not is_object:
        assert said == Wrong(None)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"ref": 1, "cmd": "ping"}, Ping(1)),
        ({"ref": 1, "cmd": "ping", "surplus": 5}, Ping(1)),
        ({"ref": True, "cmd": "ping"}, Wrong(None)),
        ({"ref": 2**53, "cmd": "ping"}, Wrong(None)),
        ({"ref": 1.0, "cmd": "ping"}, Wrong(None)),
        ({"ref": 1}, Wrong(1)),
        ({"ref": 1, "cmd": "x" * 65}, Wrong(1)),
        ({"ref": 1, "cmd": "unfollow", "topic": "chat:1"}, Unfollow(1, "chat:1")),
        ({"ref": 1, "cmd": "unfollow", "topic": ""}, Wrong(1)),
        (
            {"ref": 1, "cmd": "follow", "topic": "chat:1"},
            Follow(1, (Wish("chat:1"),), is_list=False),
        ),
        (
            {"ref": 1, "cmd": "follow", "topics": [{"topic": "a:1", "since": 0, "epoch": "e"}]},
            Follow(1, (Wish("a:1", 0, "e"),), is_list=True),
        ),
        ({"ref": 1, "cmd": "follow", "topic": "chat:1", "since": True}, Wrong(1)),
        ({"ref": 1, "cmd": "follow", "topics": [{"topic": "a:1"}, 5]}, Wrong(1)),
        ({"cmd": "seen", "heads": {"chat:1": 5, "chat:2": -1, "chat:3": "6"}}, Seen({"chat:1": 5})),
        ({"cmd": "seen", "heads": [5]}, Dropped()),
        (
            {"cmd": "signal", "topic": "chat:1", "signal": "typing", "data": {"on": True}},
            Signal("chat:1", "typing", {"on": True}),
        ),
        ({"cmd": "signal", "topic": "chat:1", "signal": "x", "data": {"x": "y" * 1020}}, Dropped()),
        ({"ref": 1, "cmd": "message.post", "key": "x"}, Wrong(1, "key.missing")),
        ({"ref": 1, "cmd": "message.post", "key": KEY.replace("-", "")}, Wrong(1, "key.missing")),
        ({"ref": 1, "cmd": "message.post", "data": None}, Wrong(1)),
    ],
)  # fmt: skip
def test_what_a_command_means(message: dict[str, Any], said: Input) -> None:
    assert parse(message) == said


def test_third_strike_ends_it_and_good_frames_forgive_nothing() -> None:
    connection = Connection(heard_at=0.0)
    said = [connection.receive(frame, 1.0) for frame in ("1", '{"cmd": 5}', b"{}", "{}", "[]")]
    assert said == [Wrong(None), Wrong(None), Wrong(None), Wrong(None), Stranger()]


class Reader(RuleBasedStateMachine):
    """A window beside a plain list of what is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.window = Window()
        self.under_way: list[tuple[str, int, int]] = []
        self.heads = {"a": 0, "b": 0}

    @rule(topic=st.sampled_from("ab"), count=st.integers(1, 90), size=st.integers(1, 4000))
    def send(self, topic: str, count: int, size: int) -> None:
        """A frame of so many events, each of that size, goes out if the window takes it."""
        fits = self.window.takes(count, count * size)
        waits = sum(s for _, _, s in self.under_way)
        assert fits == (
            not self.under_way
            or (
                len(self.under_way) + count <= limits.WINDOW_EVENTS
                and waits + count * size <= limits.WINDOW_BYTES
            )
        )
        assert self.window.admit(topic, (self.heads[topic] + count, count, count * size)) == fits
        if fits:
            first = self.heads[topic] + 1
            self.heads[topic] += count
            self.under_way += [(topic, seq, size) for seq in range(first, first + count)]

    @rule(topic=st.sampled_from("ab"), back=st.integers(0, 120))
    def see(self, topic: str, back: int) -> None:
        """The reader has applied a topic up to somewhere, also within a frame."""
        seq = self.heads[topic] - back
        left = [(t, s, size) for t, s, size in self.under_way if t != topic or s > seq]
        assert self.window.seen(topic, seq) == (len(left) < len(self.under_way))
        self.under_way = left

    @rule(topic=st.sampled_from("ab"))
    def forget(self, topic: str) -> None:
        """The topic is no longer followed."""
        self.window.forget(topic)
        self.under_way = [one for one in self.under_way if one[0] != topic]

    @invariant()
    def counts_agree(self) -> None:
        """What the window holds is what is under way; never more than it may be."""
        assert self.window.events == len(self.under_way)
        assert self.window.events <= limits.WINDOW_EVENTS
        assert self.window.size_bytes == sum(size for _, _, size in self.under_way)


TestReader = Reader.TestCase


@given(st.lists(st.integers(0, 130_000), max_size=40))
def test_frames_are_whole_in_order_and_never_too_large(sizes: list[int]) -> None:
    messages = [json.dumps({"n": n, "x": "y" * size}).encode() for n, size in enumerate(sizes)]
    parts = list(frames(messages))
    assert [message for part in parts for message in part] == messages
    for part in parts:
        payload = joined(part)
        assert len(payload) <= limits.FRAME_BYTES_OUT
        said = json.loads(payload)
        assert isinstance(said, dict if len(part) == 1 else list)
    # No two neighbours would have fitted one frame.
    for one, two in pairwise(parts):
        assert len(joined([*one, two[0]])) > limits.FRAME_BYTES_OUT


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, False),
        ({"epoch": "other"}, True),
        ({"epoch": None}, False),
        ({"since": 101}, True),
        ({"since": 100}, False),
        ({"since": 39}, True),
        ({"since": 40}, False),
        ({"since": 49, "reach_since": 50}, True),
        ({"since": 50, "reach_since": 50}, False),
        ({"head": 1090}, False),
        ({"head": 1091}, True),
        ({"head": 5000, "most": None}, False),
    ],
)
def test_resync_where_the_log_cannot_help(changed: dict[str, Any], wanted: bool) -> None:
    facts: dict[str, Any] = {
        "since": 90, "epoch": "e", "log_epoch": "e", "head": 100, "first_seq": 41, "reach_since": 0
    }  # fmt: skip
    assert needs_resync(**facts | changed) is wanted
