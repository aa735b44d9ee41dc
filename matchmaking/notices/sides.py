"""Drafts of what several organisations share: to the people of each, of its own side alone."""

from collections.abc import Mapping

from base.clock import now
from matchmaking.access.profiles import own_people_of
from notices.kinds import Draft


def drafts_of_sides(
    kind: str, noun: str, said: Mapping[tuple[int, int], str], *, again: str = ""
) -> list[Draft]:
    """What own people are told of things that organisations share. One query.

    Args:
        kind: Of notice.
        noun: What the things are called in keys.
        said: What is told, by the id of the thing and of the organisation whose people are told.
        again: Set where the same may be told once more.
    """
    people, moment = own_people_of({house for _, house in said}), now()
    return [
        Draft(
            member_id=member,
            kind=kind,
            key=f"{noun}:{pk}:{house}:{what}{again}",
            group=f"{noun}:{pk}",
            subject=pk,
            at=moment,
            data={"organisation": house, "what": what},
        )
        for (pk, house), what in said.items()
        for member in sorted(people[house])
    ]
