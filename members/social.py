"""How sign-in by an organisation's own account (OpenID Connect) is bent to this site."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from members.models import Member
from members.profile import NAME_LENGTH


class SocialAdapter(DefaultSocialAccountAdapter):
    """Accounts that another site vouches for; the profile is asked for as for everybody."""

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> Member:
        """Fill the new account with the address and name that the provider gives."""
        member: Member = sociallogin.user
        member.email = str(data.get("email") or "").strip().lower()
        member.name = " ".join(str(data.get("name") or "").split())[:NAME_LENGTH]
        return member

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """Return what the form of the first sign-in begins with."""
        found: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return found | {"name": sociallogin.user.name}
