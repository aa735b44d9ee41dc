"""What is said of project groups on `member:<id>`, and the commands about them."""

import msgspec

from live.registry import EventData
from members.events import Card, OrganisationCard


class BeginGroup(msgspec.Struct, frozen=True, kw_only=True):
    """An introduction to which both agreed, or a consortium to which all did, becomes a group.

    Attributes:
        organisation: One's own, a side of it; one has a role in it.
        introduction: Id, or 0.
        consortium: Id, or 0; exactly one of both is said.
        title: What the group is called; the consortium's title, or both names, if it is empty.
    """

    organisation: int
    introduction: int = 0
    consortium: int = 0
    title: str = ""


class ChangeGroup(msgspec.Struct, frozen=True, kw_only=True):
    """What a group is called and until when it runs; what is left out stays.

    Attributes:
        ends_on: A date within ten years; "" for no end.
        is_closed: Whether it is ended; its board is then read only.
    """

    group: int
    title: str | msgspec.UnsetType = msgspec.UNSET
    ends_on: str | msgspec.UnsetType = msgspec.UNSET
    is_closed: bool | msgspec.UnsetType = msgspec.UNSET


class AddPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A member with a role in one of the group's organisations is to take part."""

    group: int
    member: int


class LeaveGroup(msgspec.Struct, frozen=True, kw_only=True):
    """One takes part no longer; the conversation is left too."""

    group: int


class SaveTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task is new or changed; what is left out stays.

    Attributes:
        id: The task's, 0 for a new one.
        title: At most 160 characters.
        who: Who does it, one of the group; 0 for nobody.
        state: `todo`, `doing` or `done`.
        position: Its place among the tasks of its state, from 0; beyond the last is the last.
    """

    group: int
    id: int = 0
    title: str | msgspec.UnsetType = msgspec.UNSET
    who: int | msgspec.UnsetType = msgspec.UNSET
    state: str | msgspec.UnsetType = msgspec.UNSET
    position: int | msgspec.UnsetType = msgspec.UNSET


class DropTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task is to be deleted."""

    group: int
    id: int


class TaskNow(msgspec.Struct, frozen=True, kw_only=True):
    """A task; `who` is one of the group's people, null where nobody was named."""

    id: int
    title: str
    who: int | None
    state: str


class GroupNow(msgspec.Struct, frozen=True, kw_only=True):
    """A group as its people see it.

    Attributes:
        channel: Its conversation, null once that is gone.
        tasks: By state (`todo`, `doing`, `done`) and place.
        made_at: ISO 8601, UTC.
        ends_on: A date, null without an end.
    """

    id: int
    title: str
    channel: int | None
    organisations: list[OrganisationCard]
    people: list[Card]
    tasks: list[TaskNow]
    made_at: str
    ends_on: str | None
    is_closed: bool


class GroupChanged(EventData, frozen=True, kw_only=True):
    """A group of one's is this now; null once one takes part no longer."""

    id: int
    group: GroupNow | None
