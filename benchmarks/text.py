"""How long rendering takes: the fast path, the full path, and what each cleaner costs in it.

``python -m benchmarks.text`` prints a table: microseconds a message (median of the rounds, and
the spread between the quartiles), and how many times the fast path each step takes.
"""

import os
import statistics
import time
from collections.abc import Callable

import django

ROUNDS = 15
PLAIN = (
    "Tere kõigile! Wir suchen für unser Projekt noch Partner in Lettland und Litauen, am besten "
    "Leute aus Design und Musik.\nWho would like to join us in Szczecin this autumn? Anna"
)
MARKED = (
    "**Tere kõigile!** Wir suchen noch *Partner* in Lettland und Litauen:\n\n- Design\n- Musik, "
    "siehe https://ports.example/projects/17\n\nWho would `join` us in [Szczecin](/w/9/)? > Anna"
)


def microseconds(call: Callable[[str], object], text: str) -> tuple[float, float]:
    """Median and interquartile range of a call, in µs; a round lasts about 20 ms."""
    started = time.perf_counter()
    call(text)
    times = max(1, int(0.02 / (time.perf_counter() - started)))
    rounds = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        for _time in range(times):
            call(text)
        rounds.append((time.perf_counter() - started) / times * 1e6)
    low, middle, high = statistics.quantiles(rounds, n=4)
    return middle, high - low


def main() -> None:
    """Measure and print."""
    from base import text

    markdown = text._MARKDOWN  # noqa: SLF001 - the steps are measured one by one
    html = {each: markdown.render(each) for each in (PLAIN, MARKED)}
    steps: list[tuple[str, str, Callable[[str], object], str]] = [
        ("plain", "render (fast path)", text.render, PLAIN),
        ("plain", "parse and write", markdown.render, PLAIN),
        ("plain", "bleach", text._bleach, html[PLAIN]),  # noqa: SLF001
        ("plain", "nh3", text._NH3.clean, html[PLAIN]),  # noqa: SLF001
        ("marked", "render (full path)", text.render, MARKED),
        ("marked", "parse and write", markdown.render, MARKED),
        ("marked", "bleach", text._bleach, html[MARKED]),  # noqa: SLF001
        ("marked", "nh3", text._NH3.clean, html[MARKED]),  # noqa: SLF001
    ]
    fast = 0.0
    print("| text | step | µs | spread | x fast path |\n|---|---|---:|---:|---:|")
    for kind, name, call, argument in steps:
        median, spread = microseconds(call, argument)
        fast = fast or median
        print(f"| {kind} | {name} | {median:.1f} | {spread:.1f} | {median / fast:.1f} |")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    main()
