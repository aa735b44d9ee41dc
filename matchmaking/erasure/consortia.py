"""What is kept of people in proposed consortia: who said yes for an organisation."""

from collections.abc import Iterator

from base.personal import (
    ANONYMISED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    kept,
    register_holdings,
    update_all,
)
from matchmaking.models import ConsortiumSeat


def export(member_id: int) -> Iterator[ExportFile]:
    """The consortia to which one said yes for an organisation."""
    own = ConsortiumSeat.objects.filter(by=member_id).order_by("pk")
    columns = ("consortium__title", "organisation_id", "consortium__made_at")
    yield as_json("matchmaking/consortia.json", own.values(*columns).iterator())


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Take the member out; what the organisation said stays its own."""
    yield from update_all(ConsortiumSeat.objects.filter(by=member_id), by=None)


register_holdings(
    Holdings(
        name="matchmaking.consortia",
        columns={
            "matchmaking.Consortium.title": kept("says what a project is called"),
            "matchmaking.Consortium.needs": kept("codes of what a project needs"),
            "matchmaking.ConsortiumSeat.by": ANONYMISED,
        },
        export=export,
        erase=erase,
    )
)
