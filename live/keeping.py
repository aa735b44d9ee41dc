"""How long the log and its keys are kept; run by a periodic job."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from base.clock import now
from live.limits import KEY_DAYS
from live.models import Event, Topic, WriteKey

AT_ONCE = 5000


def forget_old_keys() -> int:
    """Delete idempotency keys beyond the promised days; returns how many.

    At most 5,000 in one statement, so that no writer waits long.
    """
    limit = now() - timedelta(days=KEY_DAYS)
    total = 0
    while True:
        old = WriteKey.objects.filter(at__lt=limit).values_list("member_id", "key", "at")
        part = list(old.order_by("at")[:AT_ONCE])
        if not part:
            return total
        last = part[-1][2]
        total += WriteKey.objects.filter(at__lte=last).delete()[0]


def trim_log(days: int) -> int:
    """Forget events older than so many days, topic by topic; returns how many.

    The newest event of a topic stays. A reader who is further behind is told to resync.
    """
    limit = now() - timedelta(days=days)
    total = 0
    stale = Event.objects.filter(at__lt=limit).values("topic_id").annotate(last=Max("seq"))
    for row in list(stale):
        with transaction.atomic():
            topic = Topic.objects.select_for_update().get(pk=row["topic_id"])
            first = min(row["last"] + 1, topic.seq)
            total += Event.objects.filter(topic=topic, seq__lt=first).delete()[0]
            Topic.objects.filter(pk=topic.pk).update(first_seq=first)
    return total
