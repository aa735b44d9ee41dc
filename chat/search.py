"""What the search finds of the chat: messages."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chat.access import visible_channels, visible_messages
from chat.models import Membership, Message
from chat.queries import titles_of
from chat.queries.excerpts import excerpts
from chat.queries.previews import LINK
from chat.vocabulary import Kind
from members.access import Actor
from members.models import Member
from members.queries.cards import member_card
from search.registry import Found, Person, Place, Source, register
from search.texts import Text
from search.vocabulary import MAX_NAMES
from search.words import fold, plain

MAX_PLACES = 500


def _read(ids: Collection[int]) -> Sequence[Text]:
    """Texts of those messages that still say something, with what they pass on. One query."""
    rows = Message.objects.filter(pk__in=ids, deleted_at=None).select_related("forward")
    return [
        Text(
            id=row.pk,
            place_id=row.channel_id,
            title="",
            body=_said(row),
            language=row.language,
            author_id=row.author_id,
            at=row.posted_at,
            has_link=any(LINK in html for html in _htmls(row)),
            has_file=row.has_files,
        )
        for row in rows
    ]


def _htmls(row: Message) -> list[str]:
    """What a message says, and then what it passes on."""
    return [row.html, row.forward.html] if row.is_forward else [row.html]


def _said(row: Message) -> str:
    """The same as plain text."""
    return "\n".join(filter(None, map(plain, _htmls(row))))


def _walk(after: int, limit: int, topic: str) -> Sequence[int]:
    rows = Message.objects.filter(pk__gt=after, deleted_at=None)
    if topic:
        rows = rows.filter(channel_id=int(topic.partition(":")[2]))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def _show(actor: Actor, ids: Collection[int]) -> Mapping[int, Found]:
    """One query; two more for messages without a text of their own, one for conversations."""
    rows = list(
        visible_messages(actor)
        .filter(pk__in=ids)
        .select_related("channel", "author__organisation", "forward")
    )
    silent = excerpts(row for row in rows if not row.text and not row.is_forward)
    titles = titles_of((row.channel for row in rows), actor.pk or 0)
    return {
        row.pk: _found(row, _place(row.channel_id, titles), silent.get(row.pk, "")) for row in rows
    }


def _found(row: Message, place: Place, instead: str) -> Found:
    return Found(
        id=row.pk,
        url=reverse("chat:permalink", args=[row.channel_id, row.pk]),
        place=place,
        title="",
        body=_said(row) or instead,
        language=row.language,
        author=_person(row.author) if row.author else None,
        at=row.posted_at,
    )


def _person(author: Member) -> Person:
    """An author with what their profile does not hide."""
    card = member_card(author)
    return Person(
        id=card["id"],
        name=card["name"],
        organisation=card["organisation"],
        country=card["country"],
        url=reverse("members:profile", args=[author.pk]),
    )


def _place(channel_id: int, titles: Mapping[int, str]) -> Place:
    return Place(channel_id, titles[channel_id], reverse("chat:channel", args=[channel_id]))


def _places(actor: Actor, name: str) -> Sequence[Place]:
    """Channels with these words in their names, or in those of the others in a conversation.

    Only those called just so, if there are any. Two queries.
    """
    rows = visible_channels(actor).order_by("name", "pk")
    if name:
        others = Membership.objects.inside().exclude(member=actor.pk)
        named = others.filter(channel=OuterRef("pk"), member__folded__contains=fold(name))
        talks = ~Q(kind=Kind.CHANNEL) & Q(name="") & Q(Exists(named))
        rows = rows.filter(Q(name__icontains=name) | talks)
    channels = list(rows[:MAX_PLACES])
    titles = titles_of(channels, actor.pk or 0)
    found = [_place(channel.pk, titles) for channel in channels]
    exact = [place for place in found if place.name.casefold() == name.casefold()]
    return exact or found


def _authors(actor: Actor, name: str) -> Sequence[int]:
    """Who said something that the actor may read, by a part of the name."""
    said = visible_messages(actor).filter(author=OuterRef("pk"))
    rows = Member.objects.filter(Exists(said), folded__contains=fold(name)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:MAX_NAMES])


def register_messages() -> None:
    """Have messages found."""
    register(
        Source(
            kind="message",
            label=_("Messages"),
            topics=("chat",),
            events=("message.posted", "message.edited", "message.deleted"),
            read=_read,
            walk=_walk,
            visible=visible_messages,
            show=_show,
            places=_places,
            authors=_authors,
        )
    )
