"""The index follows the rows: new, edited and deleted texts, also after a crash or a rebuild."""

import pytest
from django.core.management import call_command
from django.db import connection

from base.personal import Texts
from chat.events import DeleteMessage, EditMessage
from chat.events.messages import ForwardMessage
from chat.models import Message
from jobs.models import Cursor
from live.models import Event, Topic
from live.performing import perform
from members.models import Member
from search.erasure import erase
from search.grammar import parse
from search.models import Entry
from search.queries import find
from tests import factories
from tests.search.conftest import found, index, room, say


def test_what_is_said_is_found_after_the_next_run(anna: Member) -> None:
    channel = room(anna)
    said = say(anna, channel, "Puppet theatre on **Fri**day")
    assert found(anna, "theatre") == []
    index()
    assert found(anna, "theatre") == found(anna, "friday puppet") == [said]
    assert found(anna, "friday ballet") == []


def test_an_edit_is_found_by_its_new_words_alone(anna: Member) -> None:
    channel = room(anna)
    said = say(anna, channel, "Puppet theatre")
    index()
    data = EditMessage(id=said, text="Shadow theatre")
    perform(actor=anna, cmd="message.edit", topic=f"chat:{channel}", data=data)
    index()
    assert (found(anna, "puppet"), found(anna, "shadow")) == ([], [said])
    assert Entry.objects.count() == 1


def test_what_is_passed_on_is_found_where_it_is_read(anna: Member) -> None:
    """In the words and the language of what was said first, with the comment."""
    other = factories.member()
    closed, open_one = room(anna, "Closed", is_public=False), room(anna, "Open")
    said = say(anna, closed, "Nukuteater **reedel** https://nuku.example/", language="et")
    topic = f"chat:{open_one}"
    ids = [
        perform(actor=anna, cmd="message.forward", topic=topic, data=data)["id"]
        for data in (
            ForwardMessage(channel=closed, id=said, text="Puppets, look"),
            ForwardMessage(channel=closed, id=said, text=""),
        )
    ]
    index()
    assert found(anna, "nukuteater reedel") == [*reversed(ids), said]
    for query in ("nukuteater", "nukuteater lang:et has:link"):
        assert found(other, query) == ids[::-1]
    assert found(other, "puppets nukuteater") == ids[:1]
    page = find(other, parse("nukuteater")).results
    assert [each.found.body for each in page] == [
        "Nukuteater reedel https://nuku.example/",
        "Puppets, look\nNukuteater reedel https://nuku.example/",
    ]
    perform(actor=anna, cmd="message.delete", topic=topic, data=DeleteMessage(id=ids[0]))
    index()
    assert found(other, "nukuteater") == ids[1:]


def test_what_is_deleted_is_hidden_at_once_and_then_gone(anna: Member) -> None:
    channel = room(anna)
    said = say(anna, channel, "Puppet theatre")
    index()
    data = DeleteMessage(id=said)
    perform(actor=anna, cmd="message.delete", topic=f"chat:{channel}", data=data)
    assert found(anna, "puppet") == []
    assert Entry.objects.count() == 1
    index()
    assert Entry.objects.count() == words_kept() == 0


def words_kept() -> int:
    """Rows whose words are in the index."""
    table = "search_entry" if connection.vendor == "postgresql" else "search_words"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - names of ours
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def test_a_run_that_died_is_made_up_for(anna: Member) -> None:
    channel = room(anna)
    said = [say(anna, channel, f"theatre {n}") for n in range(3)]
    index()
    # As if the process had died before the cursor moved: the batch comes again.
    Cursor.objects.update(seq=1)
    Entry.objects.filter(object_id=said[1]).delete()
    index()
    assert found(anna, "theatre") == said[::-1]
    assert Entry.objects.count() == words_kept() == 3


def test_a_trimmed_log_loses_nothing(anna: Member) -> None:
    channel = room(anna)
    said = [say(anna, channel, f"theatre {n}") for n in range(3)]
    Event.objects.filter(seq__lt=5).delete()
    Topic.objects.filter(name=f"chat:{channel}").update(first_seq=5)
    index()
    assert found(anna, "theatre") == said[::-1]


def test_a_rebuild_makes_it_anew(anna: Member) -> None:
    channel = room(anna)
    said = say(anna, channel, "theatre")
    index()
    before = Entry.objects.get()
    Message.objects.filter(pk=said).update(html="<p>cinema</p>")
    Entry.objects.create(kind="gone", object_id=1, place_id=1, at=before.at)
    call_command("search_rebuild")
    assert (found(anna, "theatre"), found(anna, "cinema")) == ([], [said])
    assert Entry.objects.count() == words_kept() == 1


@pytest.mark.parametrize(("texts", "left"), [(Texts.TAKE, 1), (Texts.LEAVE, 2)])
def test_who_leaves_is_not_found(anna: Member, texts: Texts, left: int) -> None:
    other = factories.member(name="Ilze")
    channel = room(anna)
    say(anna, channel, "theatre of Anna")
    kept = say(anna, channel, "theatre of Ilze")
    Message.objects.filter(pk=kept).update(author=other)
    index()
    for _ in erase(anna.pk, texts):
        pass
    assert Entry.objects.filter(author=anna).count() == 0
    assert Entry.objects.count() == words_kept() == left


# SQLite's index would keep deleted words in its file for a while.
INDEX = {
    "sqlite": "SELECT block FROM search_words_data",
    "postgresql": "SELECT convert_to(entry::text, 'UTF8') FROM search_entry AS entry",
}


def test_words_go_from_the_index_s_own_tables_too(anna: Member) -> None:
    channel = room(anna)
    say(anna, channel, "Kanarienvogel")
    say(anna, channel, "another")
    index()
    for _ in erase(anna.pk, Texts.TAKE):
        pass
    with connection.cursor() as cursor:
        cursor.execute(INDEX[connection.vendor])
        blocks = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert b"kanarien" not in blocks
