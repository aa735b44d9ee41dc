"""A client's copy of a topic: a snapshot, kept up with events as the contract asks."""

from bisect import insort
from copy import deepcopy
from operator import itemgetter
from typing import Any

import msgspec

from base.mentions import with_names
from chat.vocabulary import PAGE
from live.log import Range, heads, read
from live.registry import topic_kinds
from members.models import Member

State = dict[str, Any]


def snapshot(actor: Member, topic: str) -> State:
    """The snapshot of a topic as JSON."""
    kind, _, number = topic.partition(":")
    state: State = as_json(topic_kinds()[kind].snapshot(actor, int(number)))
    return state


def as_json(value: Any) -> Any:
    """The value as a client decodes it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def position(topic: str) -> int:
    """The head of a topic's log, 0 without one."""
    found = heads([topic]).get(topic)
    return found.seq if found else 0


def log(topic: str, since: int = 0) -> list[tuple[str, Any]]:
    """Names and data of the events after ``since``, as they are shown now."""
    found = heads([topic]).get(topic)
    if found is None:
        return []
    events: list[tuple[str, Any]] = []
    while True:
        part = read([Range(topic, found.id, since + len(events))])[topic]
        events += [(entry.event, msgspec.json.decode(entry.data)) for entry in part]
        if not part:
            return events


def kept_up(state: State, topic: str, events: list[tuple[str, Any]]) -> State:
    """The copy after these events."""
    state = deepcopy(state)
    apply = _apply_to_channel if topic.startswith("chat:") else _apply_to_member
    for name, data in events:
        if not data.get("gone"):
            apply(state, name, data)
    return state


# Events that tell one part of a message anew.
PARTS = {
    "message.reacted": "reactions",
    "message.pinned": "pinned",
    "message.marked": "language",
    "message.previewed": "previews",
    "thread.changed": "replies",
}


AS_IT_COMES = {
    "is_favourite": False,
    "is_muted": False,
    "level": "mentions",
    "section": None,
    "position": 0,
}


WHOLE = {"roles.changed": "roles", "sections.changed": "sections"}
"""Events that tell a part of a member's own things as a whole."""


def _apply_to_channel(state: State, name: str, data: Any) -> None:
    if name == "channel.changed":
        state["channel"] = dict(data["channel"])
    elif name in {"member.joined", "member.left", "member.removed"}:
        state["channel"]["members"] = data["total"]
    elif name == "member.role_changed":
        pass  # Roles stand in no snapshot.
    elif name == "person.changed":
        _name_anew(state, data["member"])
    elif name in PARTS:
        for row in state["messages"]:
            if row["id"] == data["id"]:
                row[PARTS[name]] = data[PARTS[name]]
    else:
        _put(state, name, data)


def _name_anew(state: State, card: Any) -> None:
    """Somebody has another card: wherever they are named."""
    people = state["channel"]["people"]
    people[:] = [card if each["id"] == card["id"] else each for each in people]
    for row in state["messages"]:
        if row["author"] and row["author"]["id"] == card["id"]:
            row["author"] = card
        replying = row["replies"]["people"] if row["replies"] else []
        mentioned = [each for each in row["mentions"] if each["kind"] == "member"]
        others = [(row[part] or {}).get("author") for part in ("reply_to", "forwarded")]
        for each in (*replying, *mentioned, *filter(None, others)):
            if each["id"] == card["id"]:
                each["name"] = card["name"]
        if any(each["id"] == card["id"] for each in mentioned):
            name = {("member", card["id"]): card["name"]}
            row["html"] = with_names(row["html"], name, keep_others=True)


def _put(state: State, name: str, data: Any) -> None:
    """A message came or changed: in its place, quoted anew by those that reply to it."""
    row = {key: value for key, value in data.items() if key != "excerpt"}
    rows = state["messages"]
    places = [place for place, old in enumerate(rows) if old["id"] == row["id"]]
    if places:
        rows[places[0]] = row
    elif row["thread"] is not None:
        pass  # It stands in a thread, which has a page of its own.
    elif len(rows) < PAGE or row["id"] > rows[0]["id"]:
        # Not always the newest: the posting of one that is deleted by now comes as gone, and what
        # is left of it comes after what was posted meanwhile.
        insort(rows, row, key=itemgetter("id"))
    for other in rows:
        quoted = other["reply_to"]
        if name != "message.posted" and quoted is not None and quoted["id"] == row["id"]:
            quoted["excerpt"] = data.get("excerpt", "")
    state["messages"] = rows[-PAGE:]


def _apply_to_member(state: State, name: str, data: Any) -> None:
    if name == "member.changed":
        state["profile"] = data
    elif name in WHOLE:
        state[WHOLE[name]] = data[WHOLE[name]]
    elif name == "consent.changed":
        state["consents"][data["purpose"]] = data["consent"]
    elif name == "channel.added":
        state["read"][data["channel"]["topic"]] = data["read_seq"]
    elif name == "channel.removed":
        state["read"].pop(f"chat:{data['id']}", None)
        state["places"].pop(f"chat:{data['id']}", None)
    elif name == "channel.placed":
        place = {key: value for key, value in data.items() if key != "channel"}
        state["places"][f"chat:{data['channel']}"] = place
        if place == AS_IT_COMES:
            del state["places"][f"chat:{data['channel']}"]
    elif name == "languages.chosen":
        state["languages"] = data
    elif name == "channel.read" and f"chat:{data['channel']}" in state["read"]:
        state["read"][f"chat:{data['channel']}"] = data["seq"]
    elif name in {"draft.saved", "draft.dropped"}:
        where = (data["channel"], data["thread"])
        others = [d for d in state["drafts"] if (d["channel"], d["thread"]) != where]
        state["drafts"] = ([data] if name == "draft.saved" else []) + others
    elif name in {"scheduled.saved", "scheduled.dropped"}:
        others = [row for row in state["scheduled"] if row["id"] != data["id"]]
        others += [data] if name == "scheduled.saved" else []
        state["scheduled"] = sorted(others, key=lambda row: (row["at"], row["id"]))
