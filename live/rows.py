"""Rows in bulk: few statements, whose text is put together once per model.

Django's ORM compiles every statement anew, which costs a short write several times what the
database does. These functions know one shape each, all columns of one table, and leave values
and conversions to the model's own fields. They are for writes and for what every event is read
with; reads that choose columns or join are QuerySets.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Field, Model

Row = TypeVar("Row", bound=Model)
Convert = Callable[..., Any]
AT_ONCE = 250
_Columns = tuple[tuple[Field[Any, Any], str], ...]


@cache
def _columns(model: type[Model]) -> _Columns:
    """The model's columns as fields, with their quoted names; the same on every database."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's documented name
    return tuple((field, f'"{field.column}"') for field in fields)


@cache
def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'  # noqa: SLF001 - Django's documented name


@cache
def _converters(model: type[Model], _vendor: str) -> tuple[tuple[int, Any, Convert], ...]:
    """What turns a column's database value into the field's, by position."""
    connection = connections[DEFAULT_DB_ALIAS]
    found: list[tuple[int, Any, Convert]] = []
    for place, (field, _) in enumerate(_columns(model)):
        column = field.get_col(_table(model))
        of_both = connection.ops.get_db_converters(column) + field.get_db_converters(connection)
        found += [(place, column, convert) for convert in of_both]
    return tuple(found)


def given(
    connection: BaseDatabaseWrapper, types: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[str, list[Any]]:
    """Rows of values as a query with columns ``column1``, ``column2``, …, and its parameters.

    Args:
        connection: Where the query is to run.
        types: PostgreSQL's types of the columns. There the rows go as one array per column,
            which keeps the statement short: its driver reads every mark in Python.
        rows: Values as the driver takes them; at least one row.
    """
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{each}[]" for each in types)
        names = ", ".join(f"column{place}" for place in range(1, len(types) + 1))
        return (
            f"SELECT * FROM unnest({arrays}) AS given({names})",  # noqa: S608 - types alone
            [list(column) for column in zip(*rows, strict=True)],
        )
    marks = "(" + ", ".join(["%s"] * len(types)) + ")"
    return (
        "VALUES " + ", ".join([marks] * len(rows)),
        [value for row in rows for value in row],
    )


@cache
def _type(field: Field[Any, Any]) -> str:
    """PostgreSQL's type of a column, without its size: a cast to a size would cut values."""
    return (field.db_type(connections[DEFAULT_DB_ALIAS]) or "").partition("(")[0]


def insert(rows: Sequence[Model]) -> None:
    """Insert new rows of one model; ids that the database gives are known afterwards.

    A statement for 250 rows; nothing is saved of rows that refer to unsaved ones.
    """
    for start in range(0, len(rows), AT_ONCE):
        _insert(rows[start : start + AT_ONCE])


def _insert(rows: Sequence[Model]) -> None:
    # The thread's own connection; the proxy django.db.connection looks it up at each touch.
    connection = connections[DEFAULT_DB_ALIAS]
    model = type(rows[0])
    columns, auto = _columns(model), ""
    if isinstance(columns[0][0], AutoField) and rows[0].pk is None:
        auto, columns = columns[0][1], columns[1:]
    ready = [(field.attname, field.get_db_prep_save) for field, _ in columns]
    source, values = given(
        connection,
        [_type(field) for field, _ in columns],
        [[save(getattr(row, name), connection) for name, save in ready] for row in rows],
    )
    names = ", ".join(name for _, name in columns)
    sql = f"INSERT INTO {_table(model)} ({names}) {source}"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {auto}" if auto else sql, values)
        if auto:
            for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = pk
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as Django does


def fetch(
    model: type[Row],
    by: Sequence[str],
    wanted: Sequence[Sequence[Any]],
    also: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    """Rows whose columns ``by`` have one of the ``wanted`` values, in no order.

    Args:
        model: Whose rows, all columns of them.
        by: Attribute names, e.g. ``("channel_id", "member_id")``; an index serves them.
        wanted: Values, as many as ``by`` in each; one statement for 250 of them.
        also: Further attributes of each row, as SQL of ours over the model's table.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    table = _table(model)
    by_name = {field.attname: (field, name) for field, name in _columns(model)}
    keys = [by_name[name][0] for name in by]
    equal = " AND ".join(
        f"{table}.{by_name[name][1]} = given.column{place}" for place, name in enumerate(by, 1)
    )
    distinct = list(dict.fromkeys(tuple(each) for each in wanted))
    for start in range(0, len(distinct), AT_ONCE):
        source, values = given(
            connection,
            [_type(field) for field in keys],
            [
                [
                    field.get_db_prep_value(value, connection)
                    for field, value in zip(keys, each, strict=True)
                ]
                for each in distinct[start : start + AT_ONCE]
            ],
        )
        # SQLite reads the whole table for "(a, b) IN (VALUES …)"; joined in this order, which
        # CROSS JOIN fixes there, it looks each row up in the index.
        joined = f"({source}) AS given CROSS JOIN {table} WHERE {equal}"
        yield from _read(model, joined, values, also or {})


def select(model: type[Row], where: str, values: Sequence[Any]) -> Iterator[Row]:
    """Rows, all columns of them, that a condition chooses; it may end in ``ORDER BY``.

    Args:
        model: Whose rows.
        where: SQL of ours with ``%s`` for each value; never a word from outside.
        values: As the driver takes them.
    """
    yield from _read(model, f"{_table(model)} WHERE {where}", values, {})


def _read(
    model: type[Row], source: str, values: Sequence[Any], also: Mapping[str, str]
) -> Iterator[Row]:
    connection = connections[DEFAULT_DB_ALIAS]
    table, columns = _table(model), _columns(model)
    names = [field.attname for field, _ in columns]
    chosen = ", ".join([*(f"{table}.{name}" for _, name in columns), *also.values()])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {chosen} FROM {source}", values)  # noqa: S608 - SQL of ours
        found = cursor.fetchall()
    converters = _converters(model, connection.vendor)
    for row in found:
        fields = list(row)
        for at, column, convert in converters:
            fields[at] = convert(fields[at], column, connection)
        found_row = model.from_db(connection.alias, names, fields[: len(names)])
        for name, value in zip(also, fields[len(names) :], strict=True):
            setattr(found_row, name, value)
        yield found_row
