"""What is kept of people in suggestions and introductions: who answered for an organisation.

Both are between organisations and stay; who answered is taken out. What was said in the
conversation is the chat's.
"""

from collections.abc import Iterator

from django.db.models import Q

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
from matchmaking.models import Introduction, Suggestion

_MEMBERS = ("proposed_by", "first_by", "second_by")


def export(member_id: int) -> Iterator[ExportFile]:
    """What one answered oneself: neither scores nor what others said are in it."""
    answers = Suggestion.objects.filter(answered_by=member_id).order_by("pk")
    columns = ("profile_id", "other_id", "answer", "why", "until", "answered_at")
    yield as_json("matchmaking/answers.json", answers.values(*columns).iterator())
    own = Introduction.objects.filter(
        Q(first_by=member_id) | Q(second_by=member_id) | Q(proposed_by=member_id)
    ).order_by("pk")
    yield as_json("matchmaking/introductions.json", (_row(row, member_id) for row in own))


def _row(row: Introduction, member_id: int) -> dict[str, object]:
    sides = ((row.first_by_id, row.first_said), (row.second_by_id, row.second_said))
    return {
        "first": row.first_id,
        "second": row.second_id,
        "proposed": row.proposed_by_id == member_id,
        "said": [said for who, said in sides if who == member_id],
        "made_at": row.made_at,
        "opened_at": row.opened_at,
    }


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Take the member out of answers and introductions."""
    yield from update_all(Suggestion.objects.filter(answered_by=member_id), answered_by=None)
    for name in _MEMBERS:
        rows = Introduction.objects.filter(**{name: member_id})
        yield from update_all(rows, **{name: None})


register_holdings(
    Holdings(
        name="matchmaking.introductions",
        columns={
            "matchmaking.Suggestion.answered_by": ANONYMISED,
            "matchmaking.Suggestion.terms": kept("numbers of a calculation"),
            "matchmaking.Suggestion.place": kept("a word of the program"),
            "matchmaking.Introduction.proposed_by": ANONYMISED,
            "matchmaking.Introduction.first_by": ANONYMISED,
            "matchmaking.Introduction.second_by": ANONYMISED,
        },
        export=export,
        erase=erase,
    )
)
