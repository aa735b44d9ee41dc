"""Sentences of allauth that are translated here, since its own German says Du where we say Sie.

What stands here comes into our catalogues, which Django asks before those of libraries; a sentence
that allauth no longer has is of no use any more (a test says so).
"""

from typing import Final

from django.utils.translation import gettext_noop as _

SENTENCES: Final = (
    _("You have confirmed %(email)s."),
    _("Your primary email address must be verified."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("You cannot remove your primary email address."),
    _("You cannot add more than %d email addresses."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("Your password has been changed."),
    _("Be patient, you are sending too many requests."),
    _("Your account has no password set up."),
    _("Your account has no verified email address."),
    _(
        "An account already exists with this email address. Please sign in to that account first, "
        "then connect your %s account."
    ),
)
