"""Messages say their language; readers fold away what they do not read."""

from collections.abc import Callable

import pytest
from django.test import Client

from base import detection
from base.errors import Refusal
from chat.events import EditMessage, PostMessage
from chat.events.languages import ChooseLanguages, MarkMessage
from chat.models import LanguageChoice, Message
from chat.queries.languages import languages_read
from live.models import Event
from members.models import Member, SiteSettings
from tests.chat.conftest import Room, do

ESTONIAN = "Kas keegi teab head puutöökoda Tartus, kes teeks väikest sarja?"
GERMAN = "Wir suchen noch einen Partner aus Litauen für die Ausstellung."


def say(room: Room, text: str, who: str = "member") -> Message:
    reply = do(room.people[who], "message.post", room.topic, PostMessage(text=text))
    return Message.objects.get(pk=reply["id"])


def usually(member: Member, *languages: str) -> None:
    member.languages = list(languages)
    member.save()


def test_a_message_is_in_the_language_of_its_words(make_room: Callable[..., Room]) -> None:
    room = make_room()
    usually(room.people["member"], "en")
    assert (say(room, ESTONIAN).language, say(room, GERMAN).language) == ("et", "de")


def test_a_short_one_is_in_a_language_that_its_author_uses(make_room: Callable[..., Room]) -> None:
    room = make_room()
    usually(room.people["member"], "fi", "en")
    assert (say(room, "Hei").language, say(room, "👍").language) == ("fi", "")


def test_its_author_says_which_it_is_and_an_edit_leaves_that(
    make_room: Callable[..., Room],
) -> None:
    room = make_room()
    said = say(room, GERMAN)
    author = room.people["member"]
    do(author, "message.mark", room.topic, MarkMessage(id=said.pk, language="nds"))
    do(author, "message.edit", room.topic, EditMessage(id=said.pk, text=ESTONIAN))
    said.refresh_from_db()
    assert said.language == "nds"
    assert Event.objects.filter(event="message.marked").count() == 1
    do(author, "message.mark", room.topic, MarkMessage(id=said.pk, language="nds"))
    assert Event.objects.filter(event="message.marked").count() == 1


def test_an_edit_in_another_language_is_noticed(make_room: Callable[..., Room]) -> None:
    room = make_room()
    said = say(room, GERMAN)
    edit = EditMessage(id=said.pk, text=ESTONIAN)
    do(room.people["member"], "message.edit", room.topic, edit)
    said.refresh_from_db()
    assert said.language == "et"


def test_no_language_is_refused(make_room: Callable[..., Room]) -> None:
    room = make_room()
    before = Event.objects.count()
    data = MarkMessage(id=room.said, language="<b>")
    with pytest.raises(Refusal) as refused:
        do(room.people["member"], "message.mark", room.topic, data)
    assert (refused.value.code, Event.objects.count()) == ("invalid", before)


def test_a_quick_text_waits_for_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from chat.actions.messages import is_quick

    detection.load()
    assert is_quick("Tere") is True
    monkeypatch.setattr(detection._Model, "identifier", None)
    assert is_quick("Tere") is False


def choose(member: Member, *reads: str, others: str = "fold") -> None:
    data = ChooseLanguages(reads=list(reads), others=others)
    do(member, "languages.choose", f"member:{member.pk}", data)


def test_who_says_nothing_reads_the_languages_of_the_profile(
    make_room: Callable[..., Room],
) -> None:
    owner = make_room().people["owner"]
    usually(owner, "et", "en")
    now = languages_read(owner)
    assert (now.reads, now.others) == (["et", "en"], "show")
    choose(owner, "de", others="hide")
    now = languages_read(owner)
    assert (now.reads, now.others) == (["de"], "hide")
    choose(owner, others="hide")
    usually(owner)
    now = languages_read(owner)
    assert (now.reads, now.others) == ([], "show")


@pytest.mark.parametrize(
    "data",
    [
        ChooseLanguages(reads=["xx"], others="fold"),
        ChooseLanguages(reads=["de"] * 21, others="fold"),
        ChooseLanguages(reads=["de"], others="burn"),
    ],
)
def test_a_bad_choice_is_refused(make_room: Callable[..., Room], data: ChooseLanguages) -> None:
    owner = make_room().people["owner"]
    with pytest.raises(Refusal):
        do(owner, "languages.choose", f"member:{owner.pk}", data)
    assert LanguageChoice.objects.count() == 0


@pytest.mark.parametrize("others", ["show", "fold", "hide"])
def test_the_page_folds_what_the_reader_does_not_read(
    make_room: Callable[..., Room], site: SiteSettings, others: str
) -> None:
    room = make_room()
    owner = room.people["owner"]
    say(room, GERMAN)
    say(room, GERMAN, "owner")
    choose(owner, "en", "et", others=others)
    client = Client()
    client.force_login(owner)
    page = client.get(f"/chat/{room.id}/").content.decode()
    folded = page.count(f'data-foreign="{others}"')
    named = page.count('data-slot="language">German<')
    assert (folded, named) == (0 if others == "show" else 1, 1)


def test_the_settings_keep_the_choice(make_room: Callable[..., Room], site: SiteSettings) -> None:
    owner = make_room().people["owner"]
    client = Client()
    client.force_login(owner)
    answer = client.post("/chat/languages/", {"reads": ["de", "et"], "others": "hide"})
    assert answer.status_code == 302
    now = languages_read(owner)
    assert (sorted(now.reads), now.others) == (["de", "et"], "hide")
    assert client.post("/chat/languages/", {"others": "burn"}).status_code == 422
