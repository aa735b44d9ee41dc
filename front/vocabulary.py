"""Closed lists of the front app."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MAX_TEXT: Final = 40_000
MAX_TITLE: Final = 200
MAX_SUMMARY: Final = 1_000
MAX_KEY: Final = 80
MAX_STEP: Final = 32
MOST_PARTNERS: Final = 60


class TextKind(TextChoices):
    """The pages that the operator writes, each in the languages of the site."""

    ABOUT = "about", _("About")
    IMPRINT = "imprint", _("Imprint")
    PRIVACY = "privacy", _("Privacy")
    TERMS = "terms", _("Terms of use")


class ResultKind(TextChoices):
    """What the public library holds."""

    REPORT = "report", _("Report")
    MINUTES = "minutes", _("Minutes")
    MODULE = "module", _("Learning module")
    CASE = "case", _("Case")


class Axis(TextChoices):
    """By what a result is found, beside its kind and language."""

    THEME = "theme", _("Theme")
    COUNTRY = "country", _("Country")


class StepState(TextChoices):
    """What became of one step of a member's arrival."""

    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
