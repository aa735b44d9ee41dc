"""Background work of consortia: those who are asked, and all when it is agreed, are told."""

from collections.abc import Sequence

from jobs.following import Change, following
from matchmaking.notices.consortia import drafts_of_consortia
from notices.actions.telling import tell


@following(
    name="matchmaking.consortia",
    kinds=("member",),
    events=("consortium.changed",),
    from_now=True,
)
def follow(changes: Sequence[Change]) -> None:
    """Tell of what is proposed or agreed now; each is told once."""
    tell(drafts_of_consortia({each.subject for each in changes if each.subject}))
