"""Rows in bulk: few statements, whose text is put together once per model.

Django's ORM compiles every statement anew, which costs a short write several times what the
database does. These two functions know one shape each, all columns of one table, and leave
values and conversions to the model's own fields. They are for the write path; reads that choose
columns, join or sort are QuerySets.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
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
    names = ", ".join(name for _, name in columns)
    row_marks = "(" + ", ".join(["%s"] * len(columns)) + ")"
    sql = (
        f"INSERT INTO {_table(model)} ({names}) VALUES "  # noqa: S608 - names of the model alone
        + ", ".join([row_marks] * len(rows))
        + (f" RETURNING {auto}" if auto else "")
    )
    ready = [(field.attname, field.get_db_prep_save) for field, _ in columns]
    values = [save(getattr(row, name), connection) for row in rows for name, save in ready]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if auto:
            for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = pk
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as Django does


def fetch(model: type[Row], by: Sequence[str], wanted: Sequence[Sequence[Any]]) -> Iterator[Row]:
    """Rows whose columns ``by`` have one of the ``wanted`` values, in no order.

    Args:
        model: Whose rows, all columns of them.
        by: Attribute names, e.g. ``("channel_id", "member_id")``; an index serves them.
        wanted: Values, as many as ``by`` in each; one statement for 250 of them.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    columns = _columns(model)
    keys = {field.attname: (field, name) for field, name in columns}
    names = [field.attname for field, _ in columns]
    chosen = ", ".join(name for _, name in columns)
    place = ", ".join(keys[each][1] for each in by)
    marks = "(" + ", ".join(["%s"] * len(by)) + ")"
    converters = _converters(model, connection.vendor)
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        sql = (
            f"SELECT {chosen} FROM {_table(model)} WHERE ({place}) IN (VALUES "  # noqa: S608 - as above
            + ", ".join([marks] * len(part))
            + ")"
        )
        values = [
            keys[name][0].get_db_prep_value(value, connection)
            for each in part
            for name, value in zip(by, each, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        for row in found:
            fields = list(row)
            for at, column, convert in converters:
                fields[at] = convert(fields[at], column, connection)
            yield model.from_db(connection.alias, names, fields)
