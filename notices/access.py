"""Who may see and do what with notices: each member with their own, nobody else."""

from collections.abc import Collection

from base.errors import NotFound
from members.access import Actor, is_member
from members.models import Member
from notices.models import Notice, NoticeQuerySet, Subscription


def visible_notices(actor: Actor) -> NoticeQuerySet:
    """The notices in the actor's list, in no order; whether each still shows is another matter."""
    if not is_member(actor):
        return Notice.objects.none()
    return Notice.objects.filter(member=actor).listed()


def notices_for(actor: Member, ids: Collection[int]) -> NoticeQuerySet:
    """The notices with these ids in the actor's list.

    Raises:
        NotFound: one of them is missing or another's.
    """
    found = visible_notices(actor).filter(pk__in=ids)
    if found.count() != len(set(ids)):
        raise NotFound
    return found


def subscription_for(actor: Member, subscription_id: int) -> Subscription:
    """A browser of the actor's that takes push messages.

    Raises:
        NotFound: there is none with this id, or it is another's.
    """
    found = Subscription.objects.filter(member=actor, pk=subscription_id).first()
    if found is None:
        raise NotFound
    return found
