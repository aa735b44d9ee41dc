"""Whom a text names: found in its HTML, and called by the names they have now."""

from base.mentions import HERE, mentioned_in, with_names
from base.text import excerpt, render

ANNA = ("member", 5)


def test_each_is_found_once_and_in_order() -> None:
    html = render("@here @[B](member:6) @[A](member:5) @[B](member:6) @[A](organisation:5)")
    assert mentioned_in(html) == [("member", 6), ANNA, ("organisation", 5), HERE]


def test_nothing_else_that_is_written_names_anybody() -> None:
    for written in (
        "`@[A](member:5)`",
        "```\n@here\n```",
        '<a class="mention" href="/members/5/">@A</a>',
        "[@A](/members/5/)",
        '[@A](/members/5/ "x" class="mention")',
        "**@A** @[A]( member:5)",
    ):
        assert mentioned_in(render(written)) == []


def test_names_are_those_of_today() -> None:
    html = render("**@[Anna](member:5)** and @[Old](member:6)")
    named = with_names(html, {ANNA: "Anna <Saar>"}, keep_others=True)
    assert named == html.replace("@Anna", "@Anna &lt;Saar&gt;")
    assert mentioned_in(named) == [ANNA, ("member", 6)]


def test_whoever_is_unknown_becomes_text() -> None:
    html = render("@[Anna](member:5) and @[A & B](member:6)")
    named = with_names(html, {ANNA: "Anna"}, keep_others=False)
    assert mentioned_in(named) == [ANNA]
    assert named.endswith(" and @A &amp; B</p>")


def test_excerpts_say_the_name_alone() -> None:
    assert excerpt("Tere @[Anna Tamm](member:5), @here :+1:", 80) == "Tere @Anna Tamm, @here 👍"
