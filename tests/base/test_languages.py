"""Languages have names in every site language and are sorted as people there expect."""

import pytest
from django.utils import translation

from base import languages


def test_no_language_stands_twice_and_all_are_named() -> None:
    assert len(languages.LANGUAGES) == len(set(languages.LANGUAGES)) == 195
    for locale in languages.SITE_LANGUAGES:
        choices = languages.language_choices(locale)
        assert sorted(tag for tag, _name in choices) == sorted(languages.LANGUAGES)
        assert {tag for tag, _name in choices[:10]} == set(languages.SITE_LANGUAGES)
    assert [tag for tag in languages.LANGUAGES if languages.language_name(tag, "en") == tag] == []


@pytest.mark.parametrize(
    ("tag", "locale", "name"),
    [
        ("de", "de", "Deutsch"),
        ("de", "et", "Saksa"),
        ("lv", "pl", "Łotewski"),
        ("pt-BR", "en", "Portuguese (Brazil)"),
        ("xx-nonsense", "en", "xx-nonsense"),
        ("", "en", ""),
    ],
)
def test_language_name_is_in_the_asked_language(tag: str, locale: str, name: str) -> None:
    assert languages.language_name(tag, locale) == name


def test_own_names_are_those_of_the_language_itself() -> None:
    for tag, own in languages.SITE_LANGUAGES.items():
        assert languages.language_name(tag, tag).casefold().startswith(own.casefold())


@pytest.mark.parametrize(
    ("active", "name"), [("de", "Estnisch"), ("de-at", "Estnisch"), ("nl", "Estonian")]
)
def test_the_active_language_is_the_default(active: str, name: str) -> None:
    with translation.override(active):
        assert languages.language_name("et") == name
        assert dict(languages.language_choices())["et"] == name


@pytest.mark.parametrize("tag", ["de", "ltg", "sr-Latn", "pt-BR", "sr-Latn-RS", "es-419"])
def test_language_tags_are_accepted(tag: str) -> None:
    assert languages.is_language_tag(tag) is True


@pytest.mark.parametrize(
    "tag", ["", "DE", "xx", "de-de", "de_DE", "de-DE-x-a", "de\n", None, 5, []]
)
def test_other_tags_are_not(tag: object) -> None:
    assert languages.is_language_tag(tag) is False


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("sv", ["Albanien", "Zambia", "Åland", "Österrike"]),
        ("da", ["Albanien", "Zambia", "Ægypten", "Østrig", "Åland"]),
        ("et", ["Austria", "Saksa", "Šveits", "Zambia", "Tai", "Venemaa"]),
        ("de", ["Ägypten", "Albanien", "Österreich", "Zypern"]),
        ("pl", ["Azja", "Ąćź", "Łotwa", "Malta", "Źdź"]),
        ("lt", ["Cipras", "Čadas", "Danija", "Įė", "Japonija"]),
        ("ru", ["Дания", "Ёж", "Жан"]),
    ],
)
def test_names_are_sorted_by_the_alphabet_of_the_language(locale: str, names: list[str]) -> None:
    shuffled = names[::-1]
    assert sorted(shuffled, key=lambda name: languages.sort_key(name, locale)) == names
