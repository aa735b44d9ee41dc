"""Which of the site's languages a text is in.

The model (py3langid's, restricted to the site's languages) is loaded once a process, when it is
first needed: 0.8 s, and 60 MiB that stay, NumPy among them. A guess takes 20 to 70 µs on an idle
core, whatever the text's length.
Invariant: what has no letters, such as a picture, a number or an address, is in no language.
"""

import re
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from base.languages import SITE_LANGUAGES

LOOKED_AT: Final = 200
"""Characters from which the language is told."""
SURE: Final = 0.5
ENOUGH_LETTERS: Final = 8
USUAL: Final = 5
"""A usual language is taken to be so much likelier than others; in a short text even more."""
USUAL_IN_SHORT: Final = 20
# What says nothing of the language: code, addresses, mentions, emoji's names.
_NOISE: Final = re.compile(
    r"```.*?```|`[^`]*`|]\([^)]*\)|\S+://\S+|www\.\S+|\S*@\S+|:\w+:", re.DOTALL
)
_LETTERS: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Guess:
    """How likely each of the site's languages is for one text.

    Attributes:
        likelihood: 0 to 1 by language, together 1; empty where the text has no letters.
        is_long: Whether the text has letters enough for its own judgement.
    """

    likelihood: Mapping[str, float]
    is_long: bool

    def among(self, usual: Collection[str]) -> str:
        """The language, for somebody who usually writes in those.

        Empty where there are no letters, or where it is unsure and none is usual.
        """
        more = USUAL if self.is_long else USUAL_IN_SHORT
        weighed = {
            tag: likely * (more if tag in usual else 1) for tag, likely in self.likelihood.items()
        }
        best = max(weighed, key=weighed.__getitem__, default="")
        if not best or best in usual:
            return best
        return best if weighed[best] >= SURE * sum(weighed.values()) else ""


NOTHING: Final = Guess({}, is_long=False)
_lock: Final = threading.Lock()


class _Model:
    """The loaded model; None until then."""

    identifier: "object | None" = None


def is_ready() -> bool:
    """Whether a guess would be quick; else it loads the model first."""
    return _Model.identifier is not None


def load() -> None:
    """Load the model unless it is; whoever comes meanwhile waits for it."""
    with _lock:
        if _Model.identifier is None:
            _Model.identifier = _identifier()


def _identifier() -> object:
    # NumPy and the model take time and memory that only writers need.
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
    from py3langid.modelio import load_model

    features, priors, languages, moves, rows, found = load_model(MODEL_DIR / MODEL_FILE)
    kept = [languages.index(tag) for tag in SITE_LANGUAGES]
    return LanguageIdentifier(
        np.ascontiguousarray(features[:, kept], dtype=np.float32),
        np.ascontiguousarray(priors[kept]),
        list(SITE_LANGUAGES),
        moves,
        found,
        norm_probs=True,
        tk_row=rows,
    )


def guess(text: str) -> Guess:
    """How likely each of the site's languages is; loads the model if it must."""
    words = " ".join(_NOISE.sub(" ", text[: 2 * LOOKED_AT]).split())[:LOOKED_AT]
    letters = len(_LETTERS.findall(words))
    if not letters:
        return NOTHING
    load()
    ranked: list[tuple[str, float]] = _Model.identifier.rank(words)  # type: ignore[attr-defined]
    return Guess(dict(ranked), is_long=letters >= ENOUGH_LETTERS and " " in words)
