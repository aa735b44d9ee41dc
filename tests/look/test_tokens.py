"""The colours hold their contrast in both themes, computed from tokens.css itself."""

import math
import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "src" / "tokens.css"
COLOUR = r"oklch\(\s*([\d.]+) ([\d.]+) ([\d.]+)\s*\)"
PAIR = re.compile(rf"--([\w-]+):\s*light-dark\({COLOUR},\s*{COLOUR}\);")

Oklch = tuple[float, float, float]
THEMES = ("light", "dark")
GROUNDS = ("ground", "raised", "sunken")
TINTS = ("action-soft", "live-soft", "danger-soft", "ok-soft")
FLAG_TONES = ("sea", "slate", "moss", "teal", "plum", "rust", "heather", "ochre")

TEXT = (
    *product(("ink", "ink-soft", "action", "action-strong"), (*GROUNDS, *TINTS)),
    *product(("danger", "ok", "live-ink"), (*GROUNDS, *TINTS)),
    *product(("action-ink",), ("action", "action-strong", "danger", "danger-strong")),
    *product(("rail-ink", "rail-soft"), ("rail", "rail-raised")),
)
CONTROLS = (
    *product(("edge", "focus", "live"), GROUNDS),
    *product(("rail-focus", "rail-live"), ("rail", "rail-raised")),
    *product((f"flag-{tone}" for tone in FLAG_TONES), ("flag-paper", "flag-sand")),
)


def tokens(text: str) -> dict[str, tuple[Oklch, Oklch]]:
    """Every colour pair of a stylesheet by name: light and dark, as lightness, chroma and hue."""
    found = {}
    for name, *numbers in PAIR.findall(text):
        lightness, chroma, hue, *dark = map(float, numbers)
        found[name] = ((lightness, chroma, hue), (dark[0], dark[1], dark[2]))
    return found


def linear_srgb(colour: Oklch) -> tuple[float, float, float]:
    """Linear-light sRGB of an OKLCH colour (Björn Ottosson's matrices); outside 0..1: no sRGB."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def contrast(one: Oklch, other: Oklch) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""

    def luminance(colour: Oklch) -> float:
        red, green, blue = (min(1.0, max(0.0, part)) for part in linear_srgb(colour))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


ALL = tokens(TOKENS.read_text(encoding="utf-8"))


def test_conversion_agrees_with_known_colours() -> None:
    black, white, red = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.627955, 0.257683, 29.2339)
    assert contrast(black, white) == pytest.approx(21, abs=0.01)
    assert contrast(red, white) == pytest.approx(4.0, abs=0.01)


def test_every_colour_of_the_file_is_read() -> None:
    text = TOKENS.read_text(encoding="utf-8")
    assert len(ALL) == len(re.findall(r"--[\w-]+:\s*light-dark\(", text))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("minimum", "pairs"), [(4.5, TEXT), (3.0, CONTROLS)], ids=["text", "controls"]
)
def test_pairs_hold_their_contrast(
    theme: str, minimum: float, pairs: tuple[tuple[str, str], ...]
) -> None:
    which = THEMES.index(theme)
    weak = {
        f"{above} on {below}": round(ratio, 2)
        for above, below in pairs
        if (ratio := contrast(ALL[above][which], ALL[below][which])) < minimum
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_colours_exist_in_srgb(theme: str) -> None:
    which = THEMES.index(theme)
    outside = [
        name
        for name, pair in ALL.items()
        if not all(-0.002 <= part <= 1.002 for part in linear_srgb(pair[which]))
    ]
    assert outside == []
