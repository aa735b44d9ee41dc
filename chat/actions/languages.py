"""Which language a message is in: told from its words, or said by its author."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from base.detection import Guess, guess
from base.errors import Forbidden, Invalid, NotFound
from base.languages import is_language_tag
from chat.access import message_in, require
from chat.events.languages import MessageMarked
from chat.models import LanguageChoice, Message
from chat.vocabulary import Others
from live.registry import Written
from live.units import append
from members.models import Member
from members.queries.languages import own_languages

MOST_LANGUAGES: Final = 20


def language_of(guessed: Guess, author: Member) -> str:
    """The language of a new text of this author; empty where it says nothing of it. No query."""
    return guessed.among(own_languages(author))


def language_after_edit(message: Message, guessed: Guess, author: Member) -> str:
    """The language of a message with a new text: the author's own choice stays."""
    before = language_of(guess(message.text), author)
    is_chosen = message.language not in {"", before}
    return message.language if is_chosen else language_of(guessed, author)


def mark_message(*, actor: Member, channel_id: int, message_id: int, language: str) -> Written:
    """Say which language one's own message is in; the same again changes nothing.

    Raises:
        NotFound: no such message for this actor, or it was deleted.
        Forbidden: somebody else's message.
        Invalid: no language's tag.
    """
    channel, _membership = require(actor, channel_id, "message.mark")
    message = message_in(channel, message_id)
    if message.deleted_at is not None:
        raise NotFound
    if message.author_id != actor.pk:
        raise Forbidden
    if not is_language_tag(language):
        raise Invalid(fields={"language": [_("Choose a language.")]})
    if message.language != language:
        message.language = language
        message.save(update_fields=["language"])
        append(
            topic=channel.topic,
            event="message.marked",
            actor=actor,
            subject=message,
            fresh=partial(MessageMarked, id=message.pk, language=language),
        )
    return Written(message)


def choose_languages(*, actor: Member, reads: Sequence[str], others: str) -> Written:
    """Say which languages one reads, and what becomes of messages in others.

    Raises:
        Invalid: no languages' tags, too many of them, or nothing that could become of others.
    """
    if len(reads) > MOST_LANGUAGES or not all(is_language_tag(tag) for tag in reads):
        raise Invalid(fields={"reads": [_("Choose languages.")]})
    if others not in Others.values:
        raise Invalid(fields={"others": [_("Choose what becomes of other languages.")]})
    LanguageChoice.objects.update_or_create(
        member=actor, defaults={"reads": list(dict.fromkeys(reads)), "others": others}
    )
    append(
        topic=f"member:{actor.pk}",
        event="languages.chosen",
        actor=actor,
        subject=actor,
    )
    return Written()
