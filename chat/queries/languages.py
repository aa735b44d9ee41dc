"""Reads about languages: which ones a member reads."""

from collections.abc import Sequence

from base.languages import SITE_LANGUAGES, language_name
from chat.events.languages import LanguagesChosen
from chat.models import LanguageChoice
from chat.vocabulary import Others
from live.models import Event
from members.models import Member
from members.queries.languages import own_languages


def languages_read(member: Member) -> LanguagesChosen:
    """The languages that a member reads, and what becomes of others. One query.

    Somebody who has said nothing reads the languages of the profile.
    """
    return _chosen(member, LanguageChoice.objects.filter(member=member).first())


def _chosen(member: Member, row: LanguageChoice | None) -> LanguagesChosen:
    reads = (row.reads if row else None) or own_languages(member)
    # Whoever names no language at all would read none.
    return LanguagesChosen(reads=reads, others=row.others if row and reads else Others.SHOW.value)


def languages_of_events(events: Sequence[Event]) -> Sequence[LanguagesChosen | None]:
    """What the events show now, by position; None for members who are gone. Two queries."""
    ids = {event.subject for event in events if event.subject is not None}
    members = Member.objects.in_bulk(ids)
    rows = LanguageChoice.objects.in_bulk(ids)
    return [
        _chosen(members[event.subject or 0], rows.get(event.subject or 0))
        if event.subject in members
        else None
        for event in events
    ]


def language_names() -> dict[str, str]:
    """The site's languages by tag, with their names in the active one."""
    return {tag: language_name(tag) for tag in SITE_LANGUAGES}
