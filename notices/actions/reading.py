"""What readers do with their own list of notices."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Invalid
from live.registry import Written
from live.units import append
from members.models import Member
from notices.access import notices_for, visible_notices
from notices.events import NoticeDismissed, NoticeRead
from notices.vocabulary import AT_ONCE


def read_notices(
    *, actor: Member, ids: Collection[int], up_to: int | None, read: bool
) -> Written | None:
    """Mark notices of one's own as read, or as unread again; doing it twice changes nothing.

    Raises:
        NotFound: one of the ids is no notice in the actor's list.
        Invalid: more than 200 ids, or everything up to one is to be unread.
    """
    _check(ids)
    if up_to is not None and not read:
        raise Invalid(fields={"up_to": [_("Name the notices that are unread again.")]})
    if up_to is not None:
        rows = visible_notices(actor).filter(pk__lte=up_to)
        ids = []
    else:
        rows = notices_for(actor, ids)
    changed = rows.filter(read_at__isnull=read)
    if changed.update(read_at=now() if read else None):
        said = NoticeRead(ids=sorted(ids), up_to=up_to, read=read)
        append(
            topic=f"member:{actor.pk}",
            event="notice.read",
            actor=actor,
            data=said,
            fresh=lambda: said,
        )
    return Written()


def dismiss_notices(*, actor: Member, ids: Collection[int]) -> Written:
    """Take notices off one's own list.

    Raises:
        NotFound: one of the ids is no notice in the actor's list.
        Invalid: more than 200 ids, or none.
    """
    _check(ids)
    if notices_for(actor, ids).update(dismissed_at=now()):
        said = NoticeDismissed(ids=sorted(ids))
        append(
            topic=f"member:{actor.pk}",
            event="notice.dismissed",
            actor=actor,
            data=said,
            fresh=lambda: said,
        )
    return Written()


def _check(ids: Collection[int]) -> None:
    if len(ids) > AT_ONCE:
        raise Invalid(fields={"ids": [_("At most 200 at once.")]})
