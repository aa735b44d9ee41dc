"""Sentences of allauth that are translated here are still allauth's."""

from pathlib import Path

import allauth
from babel.messages.pofile import read_po

from members.wordings import SENTENCES


def test_allauth_still_says_what_is_translated_here() -> None:
    catalogue = Path(allauth.__file__).parent / "locale" / "de" / "LC_MESSAGES" / "django.po"
    with catalogue.open("rb") as file:
        said = {message.id for message in read_po(file)}
    assert [sentence for sentence in SENTENCES if sentence not in said] == []
