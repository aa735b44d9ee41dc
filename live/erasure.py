"""What the core keeps of people: who acted, used keys, access tokens.

The log itself stays whole: events name rows and numbers, never words, and of who is gone they
lose the ``by``. One's own topic goes, since nobody is left who may read it.
"""

from collections.abc import Iterator

from base.clock import wire_time
from base.personal import (
    ANONYMISED,
    AT_ONCE,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
)
from live.models import AccessToken, Event, Topic, WriteKey

NUMBERS = kept("names rows by their numbers")


def export(member_id: int) -> Iterator[ExportFile]:
    """One's access tokens: what they are for and when they were used, never the secret."""
    rows = AccessToken.objects.filter(member_id=member_id).order_by("pk").iterator()
    yield as_json(
        "account/tokens.json",
        (
            {
                "name": row.name,
                "scopes": row.scopes,
                "made_at": wire_time(row.made_at),
                "last_used_at": wire_time(row.last_used_at) if row.last_used_at else None,
                "revoked_at": wire_time(row.revoked_at) if row.revoked_at else None,
            }
            for row in rows
        ),
    )


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Delete keys, tokens and the own topic, and take the name off every event."""
    yield from delete_all(WriteKey.objects.filter(member_id=member_id))
    yield from delete_all(AccessToken.objects.filter(member_id=member_id))
    own = Topic.objects.filter(name=f"member:{member_id}")
    yield from delete_all(Event.objects.filter(topic__in=own))
    own.delete()
    written = Event.objects.filter(by_id=member_id)
    # One look through the log, without a lock; then by the primary key.
    for topic in list(written.order_by().values_list("topic_id", flat=True).distinct()):
        here = written.filter(topic_id=topic).order_by("seq").values_list("seq", flat=True)
        while places := list(here[:AT_ONCE]):
            Event.objects.filter(topic_id=topic, seq__in=places).update(by=None, key=None)
            yield


register_holdings(
    Holdings(
        name="live.log",
        columns={
            "live.Topic.name": NUMBERS,
            "live.Event.event": kept("a name from a closed list"),
            "live.Event.by": ANONYMISED,
            "live.Event.data": NUMBERS,
            "live.Event.access": NUMBERS,
            "live.WriteKey.member": ERASED,
            "live.WriteKey.digest": ERASED,
            "live.WriteKey.reply": ERASED,
            "live.AccessToken.member": ERASED,
            "live.AccessToken.name": ERASED,
            "live.AccessToken.digest": ERASED,
            "live.AccessToken.scopes": ERASED,
        },
        export=export,
        erase=erase,
    )
)
