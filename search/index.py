"""What the database searches: writing it, and the condition that a query is, on either database.

PostgreSQL holds a text twice in one vector: in the words' stems, by the configuration of the
text's own language where PostgreSQL has one, and as folded words. A query asks for either, in all
languages, so nobody has to say which language to look in. SQLite holds the folded words alone:
there, "exhibitions" does not find "exhibition", and ``exhibition*`` finds both.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from search.grammar import Query, Term
from search.models import Entry
from search.texts import Text
from search.vocabulary import MAX_BODY
from search.words import fold, folded, words

CONFIGURATIONS: Final = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "fi": "finnish",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nn": "norwegian",
    "ru": "russian",
    "sv": "swedish",
}
"""PostgreSQL's text search by language; languages that are not here have no stems."""


def configuration(language: str) -> str:
    """The name of the configuration for a language, given by its tag."""
    return CONFIGURATIONS.get(language.partition("-")[0], "simple")


def write(kind: str, texts: Sequence[Text]) -> None:
    """Put texts into the index, in place of what it held of the same rows. Two statements."""
    if not texts:
        return
    entries = Entry.objects.bulk_create(
        [
            Entry(
                kind=kind,
                object_id=text.id,
                place_id=text.place_id,
                author_id=text.author_id,
                language=text.language,
                at=text.at,
                has_link=text.has_link,
                has_file=text.has_file,
            )
            for text in texts
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["place_id", "author", "language", "at", "has_link", "has_file"],
    )
    rows = [
        (entry.pk, text.title, text.body[:MAX_BODY], text.language)
        for entry, text in zip(entries, texts, strict=True)
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What is no word stands between the parts, so that no phrase reaches over their ends.
            cursor.execute(
                """
                UPDATE search_entry SET vector = ts_delete(
                    setweight(to_tsvector(given.words::regconfig, given.title), 'A')
                    || '_:2' || to_tsvector(given.words::regconfig, given.body)
                    || '_:2' || to_tsvector('simple', given.folded),
                    '_')
                FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
                    AS given(id, words, title, body, folded)
                WHERE search_entry.id = given.id
                """,
                [
                    [pk for pk, *_ in rows],
                    [configuration(language) for *_, language in rows],
                    [title for _, title, _, _ in rows],
                    [body for _, _, body, _ in rows],
                    [folded(f"{title} {body}") for _, title, body, _ in rows],
                ],
            )
        else:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_words (rowid, words) VALUES (%s, %s)",
                [(pk, folded(f"{title} {body}")) for pk, title, body, _ in rows],
            )


def forget(kind: str, ids: Collection[int]) -> None:
    """Take rows out of the index. One statement."""
    if ids:
        Entry.objects.filter(kind=kind, object_id__in=ids).delete()


def matching(query: Query) -> list[RawSQL]:
    """The conditions on an entry that a query's words make."""
    wanted = [term for term in query.terms if not term.is_negated]
    unwanted = [term for term in query.terms if term.is_negated]
    if connection.vendor == "postgresql":
        found, no = "search_entry.vector @@ ({})", "NOT search_entry.vector @@ ({})"
        return [
            *_conditions(found, " && ", [_tsquery(term, query.languages) for term in wanted]),
            *_conditions(no, " || ", [_tsquery(term, query.languages) for term in unwanted]),
        ]
    found = "search_entry.id IN (SELECT rowid FROM search_words WHERE words MATCH {})"
    no = found.replace(" IN ", " NOT IN ")
    return [
        *([_condition(found.format("%s"), [" AND ".join(map(_match, wanted))])] if wanted else []),
        *([_condition(no.format("%s"), [" OR ".join(map(_match, unwanted))])] if unwanted else []),
    ]


def _conditions(sql: str, joint: str, parts: Sequence[tuple[str, list[Any]]]) -> list[RawSQL]:
    if not parts:
        return []
    values = [value for _, given in parts for value in given]
    return [_condition(sql.format(joint.join(part for part, _ in parts)), values)]


def _condition(sql: str, values: list[Any]) -> RawSQL:
    return RawSQL(sql, values, output_field=BooleanField())  # noqa: S611 - SQL of ours, marks alone


def _tsquery(term: Term, languages: Sequence[str]) -> tuple[str, list[Any]]:
    """A term as PostgreSQL's query: its stems in every language that may be meant, or its words."""
    plain = words(fold(term.text))
    if term.is_prefix:
        *before, last = plain
        parts = [*before, f"{last}:*"]
        return "to_tsquery('simple', %s)", [" <-> ".join(parts)]
    wanted = {configuration(tag) for tag in languages or CONFIGURATIONS} - {"simple"}
    stems = sorted(wanted)
    marks = [
        "phraseto_tsquery('simple', %s)",
        *["phraseto_tsquery(%s::regconfig, %s)"] * len(stems),
    ]
    values = [" ".join(plain), *(value for stem in stems for value in (stem, term.text))]
    return "(" + " || ".join(marks) + ")", values


def _match(term: Term) -> str:
    """A term as FTS5's query: a string in quotation marks, in which nothing is an operator."""
    return '"' + folded(term.text) + '"' + "*" * term.is_prefix


def tidy() -> None:
    """Have SQLite forget the words of deleted entries now, which its index keeps for a while."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")
