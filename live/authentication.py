"""Bearer tokens for REST, the same that open sockets."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from live.credentials import find_token, note_use
from live.models import AccessToken
from live.scopes import READ, WRITE, area_of_view, require


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``; never in an address."""

    def authenticate(self, request: Request) -> tuple[Any, AccessToken] | None:
        """The member and token row; None where no bearer token was sent."""
        kind, _sep, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        row = find_token(token.strip())
        if row is None:
            raise AuthenticationFailed(_("This token is not valid."))
        note_use(row)
        self._require_scope(request, row)
        # The middleware chose a language before it was known who asks; it also restores it.
        if locale := getattr(row.member, "locale", ""):
            translation.activate(locale)
        return row.member, row

    def _require_scope(self, request: Request, row: AccessToken) -> None:
        """Refuse what the token is not for; the core's own views look at topic and command.

        Raises:
            ScopeMissing: ``scope.missing``.
        """
        view = (request.parser_context or {}).get("view")
        area = area_of_view(view) if view is not None else ""
        if area != "live":
            require(row.scopes, area, READ if request.method in SAFE_METHODS else WRITE)

    def authenticate_header(self, request: Request) -> str:
        """What ``WWW-Authenticate`` says, so that strangers get 401 and not 403."""
        return "Bearer"
