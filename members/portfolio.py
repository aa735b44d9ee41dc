"""What a portfolio shows of each accompanied organisation: columns that the apps above fill.

A column says states and dates, never anybody's words. One that no app registers is not shown.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Cell:
    """One line in a cell: a text in the reader's language, and where it leads ("" for nowhere)."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Column:
    """A column of the portfolio.

    Attributes:
        name: Unique, `<app>.<what>`.
        label: Its heading.
        read: ids of organisations to the lines of each, at most 5, in a constant number of
            queries; organisations without any may be left out.
    """

    name: str
    label: Promise
    read: Callable[[Collection[int]], Mapping[int, Sequence[Cell]]]


_columns: dict[str, Column] = {}


def register_column(column: Column) -> None:
    """Add a column, after those that are there; a name is used once."""
    if column.name in _columns:
        message = f"the column {column.name} is registered twice"
        raise ValueError(message)
    _columns[column.name] = column


def columns() -> Sequence[Column]:
    """Return all columns in the order of their registration."""
    return tuple(_columns.values())
