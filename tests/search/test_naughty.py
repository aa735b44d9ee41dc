"""The big list of naughty strings is kept to the letter: stored, found, shown, exported."""

import json

import pytest
from django.test import Client

from base.errors import Refusal
from base.personal import as_json
from chat.models import Message
from members.models import Member, SiteSettings
from search.grammar import parse
from search.words import folded, plain
from tests.base.test_text import shared
from tests.search.conftest import found, index, room, say


@pytest.mark.slow
def test_naughty_strings_are_kept_found_and_shown_to_the_letter(anna: Member) -> None:
    SiteSettings.objects.create(pk=1, is_set_up=True)
    channel = room(anna)
    said: dict[int, str] = {}
    refused = []
    for text in shared("blns.json"):
        try:
            said[say(anna, channel, text)] = text
        except Refusal as refusal:
            refused.append((text, refusal.code))
    assert {code for _, code in refused} <= {"chat.text_empty", "text.unreadable"}
    assert [text for text, _ in refused if text.strip() and "\0" not in text] == []
    index()
    assert dict(Message.objects.values_list("pk", "text")) == said
    # What is found is what a reader sees: "&lt;b&gt;" is "<b>".
    for pk, html in Message.objects.values_list("pk", "html"):
        if words := folded(plain(html)).split()[:3]:
            assert pk in found(anna, f'"{" ".join(words)}" from:me', limit=600), said[pk]
    client = Client()
    client.force_login(anna)
    shown: dict[int, str] = {}
    page = {"has_before": True}
    while page["has_before"]:
        before = f"&before={min(shown)}" if shown else ""
        page = client.get(f"/api/v1/channels/{channel}/messages/?limit=100{before}").json()
        shown |= {row["id"]: row["text"] for row in page["results"]}
    assert shown == said
    export = b"".join(as_json("x", [{"text": text} for text in said.values()]).chunks)
    assert [row["text"] for row in json.loads(export)] == list(said.values())


def test_any_naughty_string_is_a_search_or_a_refusal() -> None:
    codes = set()
    for text in shared("blns.json"):
        try:
            parse(text)
        except Refusal as refusal:
            codes.add(refusal.code)
    assert codes == {"search.query"}
