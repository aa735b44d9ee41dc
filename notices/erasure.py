"""What is kept of what a member was told, and of how they want to be told: all of it goes."""

from collections.abc import Iterator

from base.clock import wire_time
from base.personal import (
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    register_holdings,
)
from notices.models import Delivery, Mailing, Notice, Preferences, Subscription


def export(member_id: int) -> Iterator[ExportFile]:
    """Notices by kind and number, settings, and the browsers that take push messages."""
    rows = Notice.objects.filter(member_id=member_id).order_by("pk")
    columns = ("kind", "group", "subject", "at", "read_at", "dismissed_at")
    yield as_json("notices/notices.json", rows.values(*columns).iterator())
    settings = Preferences.objects.filter(member_id=member_id)
    yield as_json("notices/settings.json", settings.values())
    browsers = Subscription.objects.filter(member_id=member_id).order_by("pk")
    yield as_json(
        "notices/browsers.json",
        ({"name": row.name, "made_at": wire_time(row.made_at)} for row in browsers),
    )


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Delete everything."""
    for model in (Delivery, Mailing, Notice, Preferences, Subscription):
        yield from delete_all(model._default_manager.filter(member_id=member_id))  # noqa: SLF001 - Django's documented name


register_holdings(
    Holdings(
        name="notices.notices",
        columns={
            "notices.Notice.member": ERASED,
            "notices.Notice.kind": ERASED,
            "notices.Notice.key": ERASED,
            "notices.Notice.group": ERASED,
            "notices.Notice.data": ERASED,
            "notices.Preferences.member": ERASED,
            "notices.Preferences.ways": ERASED,
            "notices.Mailing.member": ERASED,
            "notices.Delivery.member": ERASED,
            "notices.Subscription.member": ERASED,
            "notices.Subscription.endpoint": ERASED,
            "notices.Subscription.p256dh": ERASED,
            "notices.Subscription.auth": ERASED,
            "notices.Subscription.session_key": ERASED,
            "notices.Subscription.name": ERASED,
        },
        export=export,
        erase=erase,
    )
)
