"""Writes of the front app: the operator's texts and partners, the library, steps of arrival."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from base.clock import now
from base.countries import COUNTRIES
from base.languages import SITE_LANGUAGES, is_language_tag
from base.text import clean_text
from front.models import Partner, Result, ResultLabel, SiteText, StepTaken
from front.vocabulary import (
    MAX_SUMMARY,
    MAX_TEXT,
    MAX_TITLE,
    Axis,
    ResultKind,
    StepState,
    TextKind,
)
from members.access import Actor, require_staff
from members.models import Member, Organisation
from members.sectors import is_sector


def write_text(*, actor: Actor, kind: TextKind, language: str, text: str) -> SiteText | None:
    """Say something on one of the site's pages in one language; an empty text removes it.

    Raises:
        Forbidden: the actor is not staff.
        Invalid: ``text.too_long``, ``text.unreadable``.
    """
    require_staff(actor)
    if language not in SITE_LANGUAGES:
        message = f"{language} is not one of the site's languages"
        raise ValueError(message)
    clean_text(text, MAX_TEXT)
    if not text.strip():
        SiteText.objects.filter(kind=kind, language=language).delete()
        return None
    values = {
        "text": text,
        "changed_at": now(),
        "changed_by": actor,
    }
    written, _made = SiteText.objects.update_or_create(
        kind=kind, language=language, defaults=values
    )
    return written


def choose_partners(
    *, actor: Actor, organisations: Collection[Organisation], lead: Organisation | None
) -> None:
    """Say who runs the site together; whoever is not named is no partner any longer.

    Raises:
        Forbidden: the actor is not staff.
    """
    require_staff(actor)
    with transaction.atomic():
        Partner.objects.exclude(organisation__in=organisations).delete()
        Partner.objects.bulk_create(
            [Partner(organisation=each) for each in organisations], ignore_conflicts=True
        )
        Partner.objects.update(is_lead=False)
        if lead is not None:
            Partner.objects.filter(organisation=lead).update(is_lead=True)


@dataclass(frozen=True)
class Entry:
    """What the library says of one result.

    Attributes:
        key: Who publishes it knows it by this, e.g. ``workshop:17:minutes``.
        url: Where it is read, within the site: a path.
        language: BCP 47.
        themes: Codes of sectors; a sub-sector stands for its sector.
        countries: ISO 3166-1 alpha-2.
        published_at: Now, unless it says else.
    """

    key: str
    kind: ResultKind
    title: str
    url: str
    language: str
    summary: str = ""
    themes: Collection[str] = ()
    countries: Collection[str] = ()
    published_at: datetime | None = field(default=None)


def publish_result(entry: Entry) -> Result:
    """Put a result into the public library, or say anew what it is; what is too long is cut.

    Call it in the transaction that publishes the thing itself.

    Raises:
        ValueError: the address leaves the site, or a code is unknown: a bug of the caller.
    """
    parts = urlsplit(entry.url)
    themes = {code.partition(".")[0] for code in entry.themes}
    is_known = all(map(is_sector, themes)) and set(entry.countries) <= COUNTRIES
    if parts.scheme or parts.netloc or not entry.url.startswith("/") or not is_known:
        message = f"{entry.key} has an address outside the site, or an unknown theme or country"
        raise ValueError(message)
    if not is_language_tag(entry.language):
        message = f"{entry.key} has no known language"
        raise ValueError(message)
    values: dict[str, Any] = {
        "kind": entry.kind,
        "title": entry.title[:MAX_TITLE],
        "summary": entry.summary[:MAX_SUMMARY],
        "language": entry.language,
        "url": entry.url,
    }
    if entry.published_at is not None:
        values["published_at"] = entry.published_at
    with transaction.atomic():
        result, _made = Result.objects.update_or_create(key=entry.key, defaults=values)
        labels = [(Axis.THEME, code) for code in sorted(themes)]
        labels += [(Axis.COUNTRY, code) for code in sorted(set(entry.countries))]
        ResultLabel.objects.filter(result=result).delete()
        ResultLabel.objects.bulk_create(
            [ResultLabel(result=result, axis=axis, code=code) for axis, code in labels]
        )
    return result


def withdraw_result(key: str) -> None:
    """Take a result out of the library; nothing happens where it is not in it."""
    Result.objects.filter(key=key).delete()


def take_step(*, actor: Member, step: str, state: StepState) -> None:
    """Note what the member did with a step of the arrival; done stays done."""
    if state == StepState.DONE:
        StepTaken.objects.update_or_create(
            member=actor, step=step, defaults={"state": state, "at": now()}
        )
    else:
        StepTaken.objects.get_or_create(member=actor, step=step, defaults={"state": state})
