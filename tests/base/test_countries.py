"""Countries are those of ISO 3166-1, named in the reader's language, the region first."""

from django.utils import translation

from base import countries
from base.languages import SITE_LANGUAGES


def test_every_country_has_a_name_in_every_site_language() -> None:
    assert len(countries.COUNTRIES) == 249
    for locale in SITE_LANGUAGES:
        choices = countries.country_choices(locale=locale)
        assert {code for code, _name in choices} == countries.COUNTRIES
        assert [code for code, name in choices if code == name] == []


def test_the_region_comes_first_and_each_part_is_sorted() -> None:
    choices = countries.country_choices(locale="de")
    assert [name for _code, name in choices[:9]] == [
        "Dänemark",
        "Deutschland",
        "Estland",
        "Finnland",
        "Lettland",
        "Litauen",
        "Polen",
        "Russland",
        "Schweden",
    ]
    assert [name for _code, name in choices[9:12]] == ["Afghanistan", "Ägypten", "Ålandinseln"]


def test_a_part_of_the_countries_keeps_the_order() -> None:
    assert countries.country_choices(["AT", "SE", "EE", "XX"], "en") == [
        ("EE", "Estonia"),
        ("SE", "Sweden"),
        ("AT", "Austria"),
    ]


def test_the_active_language_is_the_default() -> None:
    with translation.override("fi"):
        assert countries.country_name("EE") == "Viro"
        assert countries.country_choices(["EE"]) == [("EE", "Viro")]
    assert countries.country_name("EE", "lv") == "Igaunija"
    assert countries.country_name("XX", "lv") == "XX"
