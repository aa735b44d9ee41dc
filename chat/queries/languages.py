"""Reads about languages: which ones a member reads."""

from collections.abc import Sequence

from base.languages import SITE_LANGUAGES, language_name
from chat.events.languages import LanguagesChosen
from chat.models import LanguageChoice
from chat.vocabulary import Others
from live.models import Event
from live.showing import subjects
from members.models import Member
from members.queries.languages import own_languages


def languages_read(member: Member) -> LanguagesChosen:
    """The languages that a member reads, and what becomes of others. One query.

    Somebody who has said nothing reads the languages of the profile.
    """
    chosen = languages_chosen(member)
    reads = chosen.reads or own_languages(member)
    # Whoever names no language at all would read none.
    return LanguagesChosen(reads=reads, others=chosen.others if reads else Others.SHOW.value)


def languages_chosen(member: Member) -> LanguagesChosen:
    """What a member said of languages; no language where it is those of the profile. One query."""
    return _chosen(LanguageChoice.objects.filter(member=member).first())


def _chosen(row: LanguageChoice | None) -> LanguagesChosen:
    # The profile's languages are not in here: they change without an event of the chat.
    return LanguagesChosen(
        reads=list(row.reads) if row else [], others=row.others if row else Others.SHOW.value
    )


def languages_of_events(events: Sequence[Event]) -> Sequence[LanguagesChosen | None]:
    """What the events show now, by position; None for members who are gone. Two queries."""
    ids = subjects(events)
    members = set(Member.objects.filter(pk__in=ids).values_list("pk", flat=True))
    rows = LanguageChoice.objects.in_bulk(ids)
    return [
        _chosen(rows.get(event.subject or 0)) if event.subject in members else None
        for event in events
    ]


def language_names() -> dict[str, str]:
    """The site's languages by tag, with their names in the active one."""
    return {tag: language_name(tag) for tag in SITE_LANGUAGES}
