"""Writes of web push: which browsers take it, and what was sent to them."""

from collections.abc import Callable, Collection, Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from base.clock import now
from base.errors import Invalid, TooMany
from live.limits import writes
from members.models import Member
from notices.access import subscription_for
from notices.events import SubscribeBrowser
from notices.models import Delivery, Subscription
from notices.pushing import Outcome, are_keys, is_endpoint
from notices.vocabulary import FAILURES, MAX_BROWSERS, MAX_ENDPOINT, MAX_NAME, PUSHED_AT_ONCE, Way


def subscribe(*, actor: Member, session_key: str, browser: SubscribeBrowser) -> Subscription:
    """Have a browser take push messages for as long as it is signed in; again changes nothing.

    A browser belongs to whoever subscribed it last. Of more than 20 the oldest goes.

    Raises:
        Invalid: an address that is none of a push service, or keys that are none.
        TooMany: the member writes too fast.
    """
    if not writes.take(actor.pk):
        raise TooMany
    if len(browser.endpoint) > MAX_ENDPOINT or not is_endpoint(browser.endpoint):
        raise Invalid(fields={"endpoint": [_("This is not the address of a push service.")]})
    if not are_keys(browser.p256dh, browser.auth):
        raise Invalid(fields={"p256dh": [_("These are not the keys of a browser.")]})
    with transaction.atomic():
        row, _made = Subscription.objects.update_or_create(
            endpoint=browser.endpoint,
            defaults={
                "member": actor,
                "session_key": session_key,
                "p256dh": browser.p256dh,
                "auth": browser.auth,
                "name": " ".join(browser.name.split())[:MAX_NAME],
                "failures": 0,
            },
        )
        own = Subscription.objects.filter(member=actor).order_by("-pk").values_list("pk", flat=True)
        Subscription.objects.filter(pk__in=list(own[MAX_BROWSERS:])).delete()
    return row


def unsubscribe(*, actor: Member, subscription_id: int) -> None:
    """Have a browser take no more push messages.

    Raises:
        NotFound: no browser of the actor's.
    """
    subscription_for(actor, subscription_id).delete()


def take_due(enqueue: Callable[[list[int]], object]) -> int:
    """Take what is due by push; returns how much. Each is taken once, and not again.

    Args:
        enqueue: Called with ids of deliveries, in the transaction that takes them.
    """
    ready = Delivery.objects.filter(way=Way.PUSH, is_settled=False, due_at__lte=now())
    with transaction.atomic():
        locked = ready.select_for_update(skip_locked=True, no_key=True).order_by("due_at")
        ids = list(locked.values_list("pk", flat=True)[:PUSHED_AT_ONCE])
        if ids:
            Delivery.objects.filter(pk__in=ids).update(is_settled=True)
            enqueue(ids)
    return len(ids)


def note_outcomes(outcomes: Mapping[int, Outcome]) -> Collection[int]:
    """Write down what became of messages; returns the subscriptions to try again."""

    def those(wanted: Outcome) -> list[int]:
        return [pk for pk, outcome in outcomes.items() if outcome == wanted]

    with transaction.atomic():
        Subscription.objects.filter(pk__in=those(Outcome.TAKEN)).update(used_at=now(), failures=0)
        again = Subscription.objects.filter(pk__in=those(Outcome.LATER))
        again.update(failures=F("failures") + 1)
        Subscription.objects.filter(pk__in=those(Outcome.GONE)).delete()
        again.filter(failures__gte=FAILURES).delete()
    return list(again.values_list("pk", flat=True))
