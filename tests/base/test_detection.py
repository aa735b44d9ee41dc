"""The language of a text: by itself where it says enough, else one that its author usually uses."""

import threading

import pytest

from base import detection
from base.detection import NOTHING, guess

SENTENCES = {
    "en": "Can we move the call to Thursday? The venue is only free then.",
    "de": "Wir suchen noch einen Partner aus Litauen für die Ausstellung im Mai.",
    "et": "Kas keegi teab head puutöökoda Tartus, kes teeks väikest sarja?",
    "pl": "Szukamy partnera z Litwy na wystawę w maju.",
    "da": "Hvem kommer med til mødet i morgen i København?",
    "fi": "Tapaaminen on huomenna kello kymmenen Helsingissä.",
    "lt": "Ar kas nors ateina į susitikimą rytoj Vilniuje?",
    "lv": "Vai kāds nāk uz tikšanos rīt Rīgā?",
    "ru": "Кто придёт завтра на встречу?",
    "sv": "Hej alla, vi ses imorgon på mötet i Malmö.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_told_whatever_its_author_usually_writes(language: str) -> None:
    sentence = guess(SENTENCES[language])
    assert sentence.among([]) == sentence.among(["en", "de"]) == language


@pytest.mark.parametrize(
    ("text", "usual", "language"),
    [
        ("Hei", ["fi", "en"], "fi"),
        ("Tere!", ["et"], "et"),
        ("Labdien", ["lv"], "lv"),
        ("Привет", ["de", "en"], "ru"),
        ("Guten Morgen", ["en"], "de"),
        ("ok", ["pl"], "pl"),
        ("ok", [], ""),
        ("ok", ["sme"], ""),
    ],
)
def test_a_short_text_is_in_a_usual_language_unless_it_speaks_against(
    text: str, usual: list[str], language: str
) -> None:
    assert guess(text).among(usual) == language


@pytest.mark.parametrize(
    "text", ["", "👍 12:30", "https://example.org/foo", "`code only`", "a@example.org", ":tada:"]
)
def test_what_says_nothing_is_in_no_language(text: str) -> None:
    assert guess(text) is NOTHING
    assert NOTHING.among(["en"]) == ""


def test_code_and_addresses_do_not_count() -> None:
    text = (
        "Kas keegi teab head töökoda? https://the.example.org/and/this `the quick brown fox jumps`"
    )
    assert guess(text).among([]) == "et"


def test_threads_that_come_first_together_load_the_model_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(detection._Model, "identifier", None)
    made = []
    build = detection._identifier

    def counted() -> object:
        made.append(1)
        return build()

    monkeypatch.setattr(detection, "_identifier", counted)
    assert detection.is_ready() is False
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(guess(SENTENCES["et"]).among([])))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (found, made, detection.is_ready()) == (["et"] * 4, [1], True)
