"""Leaving: a copy of what is one's own, the wish to be erased, and the erasure itself.

Nothing of an erasure is lost when the worker dies: every step is a transaction of its own, and a
run begins with what is still there.
"""

import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from time import monotonic

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.clock import now
from base.errors import Conflict, TooMany
from base.personal import ExportFile, Texts, all_holdings
from members.actions.security import NOWHERE, Browser, end_everything, note
from members.models.leaving import Departure, Export
from members.models.people import Member
from members.queries.site import site_settings
from members.vocabulary import LeavingTexts, SecurityKind

GRACE = timedelta(days=14)
EXPORT_LASTS = timedelta(days=7)
EXPORTS_A_DAY = 3
EXPORT_BYTES = 10 * 1024**3
_logger = structlog.get_logger("members.leaving")


def ask_to_leave(
    *, actor: Member, texts: LeavingTexts, browser: Browser = NOWHERE, stay_at: str = ""
) -> Departure:
    """Begin the time of grace, after which the member is erased; the member gets a mail.

    Args:
        actor: Who leaves.
        texts: What becomes of what they contributed.
        browser: Where it was asked from.
        stay_at: The address of the page that takes it back, for the mail.

    Raises:
        Conflict: `leaving.asked`, it was asked for already; `leaving.last_staff`, nobody would
            be left to run the site.
    """
    due = now() + GRACE
    try:
        with transaction.atomic():
            if actor.is_staff and not _others_run_the_site(actor):
                raise Conflict(
                    code="leaving.last_staff",
                    detail=gettext_lazy("Nobody else runs this site. Make somebody staff first."),
                )
            row = Departure.objects.create(member_number=actor.pk, texts=texts, due_at=due)
            Member.objects.filter(pk=actor.pk).update(leaving_at=due)
            actor.leaving_at = due
            note(member=actor, kind=SecurityKind.LEAVING, browser=browser)
    except IntegrityError as error:
        raise Conflict(
            code="leaving.asked", detail=gettext_lazy("You have asked for this already.")
        ) from error
    _write_leaving(actor, due, stay_at)
    return row


def _others_run_the_site(actor: Member) -> bool:
    staff = Member.objects.filter(is_staff=True, is_active=True, leaving_at=None)
    return staff.select_for_update().exclude(pk=actor.pk).exists()


def _write_leaving(member: Member, due: datetime, stay_at: str) -> None:
    """Mail a member when they are erased and how they stay, in their language."""
    site = site_settings()
    with translation.override(member.locale or settings.LANGUAGE_CODE):
        until = date_format(due, "DATETIME_FORMAT")
        send_mail(
            _("You are leaving %(site)s") % {"site": site.name},
            _(
                "Hello %(name)s,\n\nyou asked us to erase your account at %(site)s. We do so on "
                "%(until)s (UTC). If you change your mind, sign in before and say so:\n%(address)s"
            )
            % {"name": member.name, "site": site.name, "until": until, "address": stay_at},
            None,
            [member.email],
        )


def stay(*, actor: Member, browser: Browser = NOWHERE) -> None:
    """Take the wish to leave back.

    Raises:
        Conflict: `leaving.not_asked`, there is none, or the erasure has begun.
    """
    with transaction.atomic():
        row = Departure.objects.open().filter(member_number=actor.pk)
        if not row.update(cancelled_at=now()):
            raise Conflict(
                code="leaving.not_asked", detail=gettext_lazy("You have not asked to leave.")
            )
        Member.objects.filter(pk=actor.pk).update(leaving_at=None)
        actor.leaving_at = None
        note(member=actor, kind=SecurityKind.STAYING, browser=browser)


def erase_departed(*, budget: timedelta) -> int:
    """Erase those whose time of grace is over, for a while; returns how many are done.

    What is not finished goes on at the next call.
    """
    deadline, done = monotonic() + budget.total_seconds(), 0
    for row in Departure.objects.due().order_by("due_at"):
        steps = _erasure(row)
        while monotonic() < deadline:
            if next(steps, None) is None:
                done += 1
                break
        else:
            return done
    return done


def _erasure(row: Departure) -> Iterator[str]:
    """The steps of one erasure; each says what it did, and the last one has marked the row."""
    number, texts = row.member_number, Texts(row.texts)
    if _close_account(number):
        yield "closed"
    # Twice: others may have named the member while the first round was under way.
    for _round in range(2):
        for holdings in all_holdings():
            for _step in holdings.erase(number, texts):
                yield holdings.name
    with transaction.atomic():
        Member.objects.filter(pk=number).delete()
        Departure.objects.filter(pk=row.pk).update(erased_at=now())
    _logger.info("member erased", member=number, texts=row.texts)


def _close_account(number: int) -> bool:
    """Sign a member out for good, so that nothing is written while it is erased."""
    member = Member.objects.filter(pk=number, is_active=True).first()
    if member is None:
        return False
    with transaction.atomic():
        member.is_active = False
        member.set_unusable_password()
        member.save(update_fields=["is_active", "password"])
        end_everything(member=member)
    return True


def ask_for_export(*, actor: Member, browser: Browser = NOWHERE) -> Export:
    """Have a job put together what is the member's own; it is there for `EXPORT_LASTS`.

    Raises:
        TooMany: `leaving.exports_too_many`, three were asked for within a day.
    """
    from members.tasks import write_export

    with transaction.atomic():
        Member.objects.select_for_update().filter(pk=actor.pk).first()
        lately = Export.objects.filter(member=actor, asked_at__gt=now() - timedelta(days=1))
        if lately.count() >= EXPORTS_A_DAY:
            raise TooMany(
                code="leaving.exports_too_many",
                detail=gettext_lazy("You can ask for three copies a day."),
            )
        row = Export.objects.create(member=actor, expires_at=now() + EXPORT_LASTS)
        note(member=actor, kind=SecurityKind.EXPORT_ASKED, browser=browser)
        write_export.enqueue(row.pk)
    return row


def export_path(export: Export) -> Path:
    """Return where the file of an export lies, whether it is there yet or not."""
    return Path(settings.EXPORT_ROOT) / f"{export.key}.zip"


def make_export(*, export: Export) -> None:
    """Write an export's zip and say that it is there; doing it twice does no harm.

    Memory stays flat: every file is read and written in pieces.
    """
    if export.made_at is not None:
        return
    path = export_path(export)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as target:
        _write_zip(target, export.member)
    unfinished.replace(path)
    Export.objects.filter(pk=export.pk).update(made_at=now(), size_bytes=path.stat().st_size)


def _write_zip(target: zipfile.ZipFile, member: Member) -> None:
    written, taken = 0, set[str]()
    with target.open("README.txt", "w") as file:
        file.write(_about(member).encode())
    for holdings in all_holdings():
        for part in holdings.export(member.pk):
            with target.open(_free_name(part, taken), "w", force_zip64=True) as file:
                for chunk in part.chunks:
                    written += len(chunk)
                    if written > EXPORT_BYTES:
                        message = f"export of member {member.pk} is larger than {EXPORT_BYTES}"
                        raise ValueError(message)
                    file.write(chunk)


def _free_name(part: ExportFile, taken: set[str]) -> str:
    """The name of a part within the zip: nothing leads out of it, and none comes twice."""
    steps = [step for step in PurePosixPath(part.path).parts if step not in {"/", "..", "."}]
    name = wanted = "/".join(steps)
    count = 1
    while name in taken:
        count += 1
        place = PurePosixPath(wanted)
        name = str(place.with_name(f"{place.stem}-{count}{place.suffix}"))
    taken.add(name)
    return name


def _about(member: Member) -> str:
    """What the zip says of itself, in the member's language."""
    site = site_settings()
    with translation.override(member.locale or settings.LANGUAGE_CODE):
        return _(
            "This is what %(site)s keeps of %(name)s, as of %(when)s.\n\n"
            "JSON files hold one row a line. Markdown files hold what you wrote, as text. "
            "What others wrote, and what they said of you, is theirs and not here.\n"
        ) % {"site": site.name, "name": member.name, "when": now().isoformat(timespec="minutes")}


def forget_exports() -> int:
    """Delete exports whose time is over, and files that no row names; returns how many files."""
    root = Path(settings.EXPORT_ROOT)
    Export.objects.filter(expires_at__lte=now()).delete()
    kept = {str(key) for key in Export.objects.values_list("key", flat=True)}
    gone = 0
    for path in root.glob("*.*") if root.exists() else ():
        if path.stem not in kept:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
