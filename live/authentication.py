"""Bearer tokens for REST, the same that open sockets."""

from datetime import timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from base.clock import now
from live.credentials import find_token
from live.models import AccessToken

USE_NOTED_EVERY = timedelta(minutes=5)


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
        moment = now()
        if row.last_used_at is None or moment - row.last_used_at > USE_NOTED_EVERY:
            AccessToken.objects.filter(pk=row.pk).update(last_used_at=moment)
        # The middleware chose a language before it was known who asks; it also restores it.
        if locale := getattr(row.member, "locale", ""):
            translation.activate(locale)
        return row.member, row

    def authenticate_header(self, request: Request) -> str:
        """What ``WWW-Authenticate`` says, so that strangers get 401 and not 403."""
        return "Bearer"
