"""The kinds of acts that intermediaries do for others: each app declares its own, in `apps.py`.

An act is kept with the name of its kind and the id of its subject, never with words; what it was
is said by the app that declared it, in the reader's language.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ActKind:
    """A kind of act.

    Attributes:
        name: Dotted and lasting, past tense: `organisation.changed`.
        label: What was done, as a sentence without a subject: "Changed the page".
        link: A subject's id to the address where one sees it; "" for nowhere.
    """

    name: str
    label: Promise
    link: Callable[[int], str] | None = None


_kinds: dict[str, ActKind] = {}


def declare_act(kind: ActKind) -> None:
    """Add a kind of act; a name is used once."""
    if kind.name in _kinds:
        message = f"the act {kind.name} is declared twice"
        raise ValueError(message)
    _kinds[kind.name] = kind


def act_kind(name: str) -> ActKind | None:
    """Return the kind of this name; None for one whose app is gone."""
    return _kinds.get(name)


declare_act(ActKind("organisation.changed", _("Changed the page of the organisation")))
declare_act(ActKind("organisation.logo_changed", _("Changed the logo")))
