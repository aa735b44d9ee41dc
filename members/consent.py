"""What members are asked for their consent to: the words, by purpose and version.

A version is never changed once it was published: who gave consent gave it to these words. New
words are a new version at the end; where they ask for more than the older ones did, `least`
rises with them, and consent to an older version no longer counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.vocabulary import Purpose


@dataclass(frozen=True)
class Wording:
    """One version of a question; `words` is the sentence that a member agrees to."""

    dated: date
    words: Promise


@dataclass(frozen=True)
class Question:
    """What is asked for one purpose.

    Attributes:
        wordings: Version 1 first.
        least: The oldest version to which consent still counts.
    """

    wordings: tuple[Wording, ...]
    least: int = 1

    @property
    def version(self) -> int:
        """The version that is asked now."""
        return len(self.wordings)

    @property
    def now(self) -> Wording:
        """The words that are asked now."""
        return self.wordings[-1]


QUESTIONS: Final[Mapping[Purpose, Question]] = {
    Purpose.DIRECTORY: Question(
        (
            Wording(
                date(2026, 11, 23),
                _(
                    "Other members find me in the directory and see my profile, each field as far "
                    "as I open it. What I open to everyone can be read without an account."
                ),
            ),
        )
    ),
    Purpose.MATCHING: Question(
        (
            Wording(
                date(2026, 11, 23),
                _(
                    "My profile, my interests and what I take part in here are compared with "
                    "those of others: I get suggestions of partners, and others get me suggested, "
                    "always with the reason."
                ),
            ),
        )
    ),
    Purpose.DIGEST: Question(
        (
            Wording(
                date(2026, 11, 23),
                _("I get an e-mail from time to time with what is new for me here."),
            ),
        )
    ),
    Purpose.RECORDINGS: Question(
        (
            Wording(
                date(2026, 11, 23),
                _(
                    "Workshops may be recorded while I take part, with my voice, my picture and "
                    "what I write, and the recording may be shown with the workshop’s results."
                ),
            ),
        )
    ),
}
"""Every purpose, in the order in which it is asked."""
