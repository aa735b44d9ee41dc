"""How django-allauth is bent to this site: who may sign up, what is saved, what ends sockets.

allauth owns the flows (sign-in, sign-up, verification, reset, their rate limits and their silence
about which addresses exist); this adapter only says where our rows and rules come in.
"""

from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress, EmailConfirmationMixin
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from base.clock import now
from members.actions import change_password, sign_out, sign_up
from members.actions.organisations import confirm_organisations
from members.actions.security import Browser, note, note_sign_in
from members.forms import INVITATION_SESSION_KEY, SignUpForm
from members.links import RESTORE_LASTS, Restore, restore_token
from members.models import Member
from members.queries import interface_languages, site_settings, usable_invitation
from members.vocabulary import Registration, SecurityKind

SEEN_SESSION_KEY = "seen"
NOTED = {
    "account/email/password_changed": SecurityKind.PASSWORD_CHANGED,
    "account/email/password_set": SecurityKind.PASSWORD_CHANGED,
    "account/email/password_reset": SecurityKind.PASSWORD_RESET,
    "account/email/email_changed": SecurityKind.EMAIL_CHANGED,
    "mfa/email/totp_activated": SecurityKind.APP_ON,
    "mfa/email/totp_deactivated": SecurityKind.APP_OFF,
    "mfa/email/recovery_codes_generated": SecurityKind.CODES_MADE,
    "mfa/email/webauthn_added": SecurityKind.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": SecurityKind.PASSKEY_REMOVED,
    "socialaccount/email/account_connected": SecurityKind.PROVIDER_CONNECTED,
    "socialaccount/email/account_disconnected": SecurityKind.PROVIDER_REMOVED,
}
"""What allauth's mails are about, by the name of their template."""


def browser_of(request: HttpRequest) -> Browser:
    """Return where a request comes from."""
    adapter = AccountAdapter(request)
    return Browser(adapter.get_client_ip(request), adapter.get_http_user_agent(request))


class AccountAdapter(DefaultAccountAdapter):
    """Accounts of members: e-mail only, with the site's way of registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether this visitor may sign up: everybody, or holders of an invitation."""
        if site_settings().registration != Registration.INVITATION:
            return True
        token = request.session.get(INVITATION_SESSION_KEY, "")
        return usable_invitation(token) is not None

    def save_user(
        self, request: HttpRequest, user: Member, form: SignUpForm, **_commit: bool
    ) -> Member:
        """Save a new account with its profile.

        Two that sign up with one address at the same moment get the same answer, as if the
        second had come later.
        """
        user.email = form.cleaned_data["email"]
        if form.cleaned_data.get("password1"):
            user.set_password(form.cleaned_data["password1"])
        else:
            user.set_unusable_password()
        offered = dict(interface_languages(site_settings()))
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        try:
            sign_up(
                member=user,
                profile=form.profile(),
                registration=Registration(site_settings().registration),
                invitation_token=request.session.get(INVITATION_SESSION_KEY, ""),
                consents=form.consents(),
                locale=chosen if chosen in offered else "",
            )
        except IntegrityError as error:
            response = prevent_enumeration(request, email=user.email)
            raise ImmediateHttpResponse(response) from error
        request.session.pop(INVITATION_SESSION_KEY, None)
        return user

    def pre_login(self, request: HttpRequest, user: Member, **hints: Any) -> HttpResponse | None:
        """Stop those who are not active; who waits for approval verifies the address meanwhile."""
        if user.is_active:
            return None
        clear_login(request)
        if user.is_approved:
            return redirect("account_inactive")
        address = EmailAddress.objects.filter(user=user, verified=False).first()
        if address is None:
            return redirect("members:waiting")
        send_verification_email_to_address(request, address, signup=hints["signup"])
        return redirect("account_email_verification_sent")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and list the session among the member's own."""
        super().login(request, user)
        confirm_organisations(cast("Member", user))
        request.session[SEEN_SESSION_KEY] = int(now().timestamp())
        UserSession.objects.create_from_request(request)

    def post_login(self, request: HttpRequest, user: Member, **hints: Any) -> HttpResponse:
        """Note the sign-in among the recent activity, then go on as allauth does."""
        note_sign_in(member=user, browser=browser_of(request))
        return cast("HttpResponse", super().post_login(request, user, **hints))

    def logout(self, request: HttpRequest) -> None:
        """End this session and the sockets that it opened."""
        member, session_key = request.user, request.session.session_key
        with transaction.atomic():
            super().logout(request)
            if isinstance(member, Member):
                sign_out(member=member, session_key=session_key)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set a password and end the sockets that the old one had opened."""
        change_password(member=cast("Member", user), password=password)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Note what allauth tells the owner of an account, and tell it.

        Who loses an address gets a link that brings it back.
        """
        member, values = cast("Member", user), dict(context or {})
        kind = NOTED.get(template_prefix)
        if kind is not None:
            noted = note(member=member, kind=kind, browser=browser_of(self.request))
        if kind == SecurityKind.EMAIL_CHANGED and email:
            token = restore_token(Restore(member.pk, email, change_id=noted.pk))
            values["restore_url"] = absolute(self.request, "members:restore_address", token)
            values["restore_days"] = RESTORE_LASTS.days
        super().send_notification_mail(template_prefix, user, values, email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address of a password reset, on the site's own name."""
        return on_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationMixin
    ) -> str:
        """Return the address of an e-mail verification, on the site's own name."""
        return on_site(super().get_email_confirmation_url(request, emailconfirmation))

    def send_mail(self, template_prefix: str, email: str, context_: dict[str, Any]) -> None:
        """Send one of allauth's mails; they call the site by its name."""
        request = self.request or context.request
        site = {"name": site_settings().name, "domain": on_site(request.build_absolute_uri("/"))}
        values = {"request": request, "email": email, "current_site": site} | context_
        self.render_mail(template_prefix, email, values).send()


def on_site(address: str) -> str:
    """Return an absolute address of this site under `SITE_URL`, if that is set.

    Mails must not trust the Host header of whoever asked for them.
    """
    if not settings.SITE_URL:
        return address
    path = urlsplit(address)._replace(scheme="", netloc="").geturl()
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def absolute(request: HttpRequest, name: str, *args: Any) -> str:
    """Return the absolute address of a named page."""
    return on_site(request.build_absolute_uri(reverse(name, args=args)))
