"""What the database searches: writing it, and the condition that a query is, on either database.

PostgreSQL holds a text twice in one vector: in the words' stems, by the configuration of the
text's own language where PostgreSQL has one, and as folded words. A query asks for either, in all
languages, so nobody has to say which language to look in. SQLite holds the folded words alone:
there, "exhibitions" does not find "exhibition", and ``exhibition*`` finds both.
"""

from collections.abc import Collection, Sequence
from typing import Final

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
    """The conditions on an entry that a query's words make. One query on PostgreSQL, else none."""
    if not query.terms:
        return []
    wanted = [term for term in query.terms if not term.is_negated]
    unwanted = [term for term in query.terms if term.is_negated]
    if connection.vendor == "postgresql":
        stems = _stems(query)
        found = "search_entry.vector @@ %s::tsquery"
        pairs = [
            (found, " & ".join(stems[term] for term in wanted)),
            (f"NOT {found}", " | ".join(stems[term] for term in unwanted)),
        ]
    else:
        found = "search_entry.id IN (SELECT rowid FROM search_words WHERE words MATCH %s)"
        pairs = [
            (found, " AND ".join(map(_match, wanted))),
            (found.replace(" IN ", " NOT IN "), " OR ".join(map(_match, unwanted))),
        ]
    return [
        RawSQL(sql, [asked], output_field=BooleanField())  # noqa: S611 - SQL of ours, marks alone
        for sql, asked in pairs
        if asked
    ]


def _stems(query: Query) -> dict[Term, str]:
    """Each term as PostgreSQL's query: its folded words, or its stems in any language meant.

    Each form stands there once: PostgreSQL takes what is said twice for twice as frequent, and
    then reads by time where it should read the index.
    """
    wanted = {configuration(tag) for tag in query.languages or CONFIGURATIONS} - {"simple"}
    given: list[tuple[Term, str, str]] = []
    found: dict[Term, dict[str, None]] = {}
    for term in query.terms:
        *before, last = words(fold(term.text))
        if term.is_prefix:
            found[term] = {" <-> ".join([*before, f"{last}:*"]): None}
        else:
            found[term] = {}
            given.append((term, "simple", " ".join([*before, last])))
            given += [(term, stem, term.text) for stem in sorted(wanted)]
    if given:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT phraseto_tsquery(given.words::regconfig, given.said)::text
                FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS given(words, said, place)
                ORDER BY given.place
                """,
                [[stem for _, stem, _ in given], [said for _, _, said in given]],
            )
            for (term, _, _), (form,) in zip(given, cursor.fetchall(), strict=True):
                if form:
                    found[term][form] = None
    return {term: f"({' | '.join(f'({form})' for form in forms)})" for term, forms in found.items()}


def _match(term: Term) -> str:
    """A term as FTS5's query: a string in quotation marks, in which nothing is an operator."""
    return '"' + folded(term.text) + '"' + "*" * term.is_prefix


def tidy() -> None:
    """Have SQLite forget the words of deleted entries now, which its index keeps for a while."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")
