"""What is kept of a member's account: the row itself, addresses, sessions, invitations.

Tables of Django and allauth that hang on the member's row are here too. The row itself goes when
every app is done (`members.actions.leaving`), and with it what cascades from it.
"""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from base.clock import wire_time
from base.personal import (
    ANONYMISED,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    kept,
    register_holdings,
    update_all,
)
from members.actions.leaving import export_path
from members.models import Export, Invitation, Member, SecurityEvent


def export(member_id: int) -> Iterator[ExportFile]:
    """The account with its addresses, and the invitations that one made."""
    member = Member.objects.select_related("organisation").get(pk=member_id)
    yield as_json(
        "account/account.json",
        [
            {
                "id": member.pk,
                "email": member.email,
                "name": member.name,
                "organisation": member.organisation.name if member.organisation else None,
                "country": member.country,
                "languages": member.languages,
                "time_zone": member.time_zone,
                "locale": member.locale,
                "kind": member.kind,
                "is_moderator": member.is_moderator,
                "is_staff": member.is_staff,
                "joined_at": wire_time(member.joined_at),
                "last_login": wire_time(member.last_login) if member.last_login else None,
            }
        ],
    )
    yield as_json(
        "account/addresses.json",
        EmailAddress.objects.filter(user_id=member_id).values("email", "verified", "primary"),
    )
    happened = SecurityEvent.objects.filter(member_id=member_id).order_by("pk")
    yield as_json("account/activity.json", happened.values("kind", "at", "ip", "agent").iterator())
    sessions = UserSession.objects.filter(user_id=member_id).order_by("pk")
    yield as_json(
        "account/sessions.json", sessions.values("ip", "user_agent", "created_at", "last_seen_at")
    )
    keys = Authenticator.objects.filter(user_id=member_id).order_by("pk")
    yield as_json("account/second-steps.json", keys.values("type", "created_at", "last_used_at"))
    others = SocialAccount.objects.filter(user_id=member_id).order_by("pk")
    yield as_json(
        "account/other-accounts.json",
        others.values("provider", "uid", "extra_data", "date_joined", "last_login"),
    )
    made = Invitation.objects.filter(invited_by_id=member_id).order_by("pk")
    yield as_json(
        "account/invitations.json",
        made.values("email", "role", "created_at", "expires_at", "most_uses", "uses", "used_at"),
    )


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Delete what hangs on the account and does not go with its row."""
    came_by = Invitation.objects.filter(arrivals=member_id)
    yield from update_all(came_by.exclude(email=""), email="")
    made = Invitation.objects.filter(invited_by_id=member_id)
    yield from delete_all(made.filter(uses=0))
    yield from update_all(made, invited_by=None)
    for export in Export.objects.filter(member_id=member_id):
        export_path(export).unlink(missing_ok=True)
        export.delete()
        yield
    yield from delete_all(SecurityEvent.objects.filter(member_id=member_id))
    kind = ContentType.objects.get_for_model(Member)
    yield from delete_all(LogEntry.objects.filter(content_type=kind, object_id=str(member_id)))


register_holdings(
    Holdings(
        name="members.accounts",
        columns={
            "members.Member.email": ERASED,
            "members.Member.password": ERASED,
            "members.Member.name": ERASED,
            "members.Member.folded": ERASED,
            "members.Member.country": ERASED,
            "members.Member.languages": ERASED,
            "members.Member.time_zone": ERASED,
            "members.Member.locale": ERASED,
            "members.Member.card_hides": ERASED,
            "members.Member_groups.member": ERASED,
            "members.Member_user_permissions.member": ERASED,
            "members.Invitation.token_hash": kept("a digest of a random link"),
            "members.Invitation.email": ERASED,
            "members.Invitation.invited_by": ANONYMISED,
            "account.EmailAddress.user": ERASED,
            "mfa.Authenticator.user": ERASED,
            "socialaccount.SocialAccount.user": ERASED,
            "usersessions.UserSession.user": ERASED,
            "admin.LogEntry.user": ERASED,
            "members.SecurityEvent.member": ERASED,
            "members.SecurityEvent.ip": ERASED,
            "members.SecurityEvent.agent": ERASED,
            "members.Export.member": ERASED,
            "members.Allowance.cache_key": kept("counts tries, for an hour at most"),
            "members.Allowance.value": kept("moments alone"),
        },
        export=export,
        erase=erase,
    )
)
