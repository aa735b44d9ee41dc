"""What is kept of people in meeting rounds: that one took part, and with whom one sat."""

from collections.abc import Iterator

from base.personal import (
    ANONYMISED,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
    update_all,
)
from matchmaking.models import Meeting, MeetingPlace, MeetingSeat


def export(member_id: int) -> Iterator[ExportFile]:
    """The meetings that one planned, and at which table one sat; not who else sat there."""
    own = Meeting.objects.filter(host=member_id).order_by("pk")
    yield as_json("matchmaking/meetings.json", own.values("title", "size", "made_at").iterator())
    seats = MeetingSeat.objects.filter(place__member=member_id).order_by("pk")
    columns = ("round__meeting__title", "round__number", "table")
    yield as_json("matchmaking/meeting_seats.json", seats.values(*columns).iterator())


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Take the member out of every meeting; those that they planned stay with the organisers."""
    yield from delete_all(MeetingSeat.objects.filter(place__member=member_id))
    yield from delete_all(MeetingPlace.objects.filter(member=member_id))
    yield from update_all(Meeting.objects.filter(host=member_id), host=None)


register_holdings(
    Holdings(
        name="matchmaking.rounds",
        columns={
            "matchmaking.Meeting.host": ANONYMISED,
            "matchmaking.Meeting.title": kept("says what an event is called"),
            "matchmaking.MeetingPlace.member": ERASED,
        },
        export=export,
        erase=erase,
    )
)
