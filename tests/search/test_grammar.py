"""Every text is a query or a refusal with a sentence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import Invalid
from search.grammar import Query, Term, parse, period
from search.words import Wanted


def test_all_of_it_together() -> None:
    query = parse(
        'puppet "open call" exhib* -dance -"no thanks" from:Anna in:"Calls and funding" '
        "has:link has:FILES lang:et after:2026-05 before:2027 FROM:@me in:#Harbour"
    )
    assert query == Query(
        terms=(
            Term("puppet"),
            Term("open call"),
            Term("exhib*", is_prefix=True),
            Term("dance", is_negated=True),
            Term("no thanks", is_negated=True),
        ),
        authors=("Anna", "me"),
        places=("Calls and funding", "Harbour"),
        languages=("et",),
        has=frozenset({"link", "file"}),
        since=date(2026, 5, 1),
        until=date(2027, 1, 1),
    )
    words = [Wanted("puppet"), Wanted("open"), Wanted("call"), Wanted("exhib", is_prefix=True)]
    assert query.wanted == words


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("https://example.org/a", ["https://example.org/a"]),
        ("re:mind me", ["re:mind", "me"]),
        ('12" vinyl', ['12"', "vinyl"]),
        ('"unclosed quote', ['"unclosed', "quote"]),
        ("co-operation", ["co-operation"]),
        ("OR AND NOT *", ["OR", "AND", "NOT"]),
        ("' & | ! <-> 'x':*", ["'x':*"]),
    ],
)
def test_what_is_no_filter_is_words(text: str, terms: list[str]) -> None:
    assert [term.text for term in parse(text).terms] == terms


def test_nothing_asked_is_an_empty_query() -> None:
    assert parse("  ").is_empty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("has:cats", ["has: takes link or file, not “cats”."]),
        ("lang:klingon", ["lang: takes the code of a language such as de or et, not “klingon”."]),
        ("on:sunday", ["on: takes a day such as 2026-05-31, a month or a year, not “sunday”."]),
        ("after:2026-02-30",
         ["after: takes a day such as 2026-05-31, a month or a year, not “2026-02-30”."]),
        ("from: anna", ["After from: something is missing, without a space before it."]),
        ("-from:anna x", ["-from: cannot be left out; only words can."]),
        ("-dance", ["Say what to look for too, not only what to leave out."]),
        ("👍 — !", ["There is no word in this to look for."]),
        ("a " * 17, ["Look for at most 16 words at once."]),
        ("x" * 301, ["A search has at most 300 characters."]),
        ("has:a has:b", ["has: takes link or file, not “a”.", "has: takes link or file, not “b”."]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(text: str, said: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text)
    assert refused.value.code == "search.query"
    assert [str(each) for each in refused.value.fields["q"]] == said


def test_leaving_out_alone_works_with_a_filter() -> None:
    assert parse("-dance from:me").terms == (Term("dance", is_negated=True),)


def test_periods() -> None:
    assert period("2024") == (date(2024, 1, 1), date(2025, 1, 1))
    assert period("2024-02") == (date(2024, 2, 1), date(2024, 3, 1))
    assert period("2024-2-9") == (date(2024, 2, 9), date(2024, 2, 10))
    assert [period(each) for each in ("0000", "9999-12-31", "2024-13", "x", "٢٠٢٤")] == [None] * 5


def test_days_narrow_one_another() -> None:
    assert parse("on:2026-05 after:2026-05-10").since == date(2026, 5, 10)
    assert parse("on:2026-05 before:2026-05-10").until == date(2026, 5, 10)


@given(st.text(max_size=320))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    try:
        query = parse(text)
    except Invalid:
        return
    assert query.is_empty == (not text.strip())
    assert all(wanted.word for wanted in query.wanted)
