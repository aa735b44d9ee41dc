"""What a token may do: read or write, everywhere or in one area.

An area is an app: the one whose view answers, whose topic is read, whose struct a command takes. A
scope is ``read``, ``write``, ``<area>:read`` or ``<area>:write``; neither implies the other. A
session, and whatever else is no token, may do all that its member may.
"""

from collections.abc import Collection, Iterable
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from base.errors import Forbidden, Unknown
from live.registry import Command, TopicKind, find_command, find_topic

READ, WRITE = "read", "write"
EVERYTHING = (READ, WRITE)
Scopes = Collection[str] | None


class ScopeMissing(Forbidden):
    """The token was not made for this."""

    code = "scope.missing"
    default_detail = _("This token may not do that. Make one with more rights.")


def areas() -> list[str]:
    """The apps that programs can speak to, by name."""
    here = (config for config in apps.get_app_configs() if _is_ours(config.path))
    found = (config.label for config in here if find_spec(f"{config.name}.api"))
    return sorted(label for label in found if label != "live")


def _is_ours(path: str) -> bool:
    return str(path).rpartition("/")[0] == str(settings.BASE_DIR)


def known_scopes() -> list[str]:
    """All scopes that a token can have: the wide ones first."""
    return [*EVERYTHING, *(f"{area}:{verb}" for area in areas() for verb in EVERYTHING)]


def allows(scopes: Scopes, area: str, verb: str) -> bool:
    """Whether who has these scopes, None for no limit, may read or write there."""
    return scopes is None or verb in scopes or f"{area}:{verb}" in scopes


def require(scopes: Scopes, area: str, verb: str) -> None:
    """Let through who may.

    Raises:
        ScopeMissing: ``scope.missing``.
    """
    if not allows(scopes, area, verb):
        raise ScopeMissing


def scopes_of(request: Any) -> Scopes:
    """The scopes of a REST request's token; None where there is none."""
    return getattr(request.auth, "scopes", None)


def area_of_view(view: Any) -> str:
    """The area that a REST view belongs to."""
    return str(type(view).__module__).partition(".")[0]


def area_of_command(command: Command) -> str:
    """The area that a command belongs to."""
    return command.data.__module__.partition(".")[0]


def area_of_topic(kind: TopicKind) -> str:
    """The area that a kind of topic belongs to."""
    return kind.reach.__module__.partition(".")[0]


def usable(scopes: Scopes, topic: str, can: Iterable[str]) -> tuple[str, ...]:
    """Those of what one can do at a topic that these scopes allow, in their order."""
    if scopes is None:
        return tuple(can)
    return tuple(name for name in can if allows(scopes, _area_of(name, topic), WRITE))


def _area_of(name: str, topic: str) -> str:
    """The area of something that one can do at a topic; some of it is done over REST alone."""
    try:
        return area_of_command(find_command(name, topic)[0])
    except Unknown:
        return area_of_topic(find_topic(topic)[0])
