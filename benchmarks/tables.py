"""What the benchmarks print: Markdown tables of medians and their spread."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How large a run is.

    Attributes:
        rounds: Measured stretches per figure.
        seconds: Length of each.
        is_full: Whether the large sizes are wanted too.
    """

    rounds: int = 3
    seconds: float = 4.0
    is_full: bool = False


def figure(values: Iterable[float], digits: int = 1) -> str:
    """The median, and least to greatest: ``9.8 (9.5–10.4)``."""
    known = sorted(values)
    if not known:
        return "–"
    low, middle, high = known[0], statistics.median(known), known[-1]
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def median(values: Iterable[float]) -> float:
    """The median."""
    return statistics.median(values)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; the first column names the row, the others are figures."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * (len(columns) - 1))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)
