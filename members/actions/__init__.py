"""Writes of the members app; each checks its rule, writes, and tells whom it concerns.

Whatever takes access away (suspension, a new password, signing out, a revoked token) calls
`live.credentials.revoke` in the same transaction, so that open sockets close within seconds.
"""

from members.actions.accompaniments import (
    ask_accompaniment,
    confirm_accompaniment,
    end_accompaniment,
)
from members.actions.accounts import (
    approve_member,
    change_password,
    decline_member,
    reactivate_member,
    sign_out,
    sign_up,
    suspend_member,
)
from members.actions.acts import record_act
from members.actions.consents import give_consent, record_consents, withdraw_consent
from members.actions.invitations import invite, use_invitation, withdraw_invitation
from members.actions.organisations import (
    change_logo,
    change_organisation,
    create_organisation,
    named_organisation,
)
from members.actions.profiles import Profile, change_profile
from members.actions.roles import ask_role, end_role, grant_role
from members.actions.site import SiteChoices, change_site, set_up_site

__all__ = [
    "Profile",
    "SiteChoices",
    "approve_member",
    "ask_accompaniment",
    "ask_role",
    "change_logo",
    "change_organisation",
    "change_password",
    "change_profile",
    "change_site",
    "confirm_accompaniment",
    "create_organisation",
    "decline_member",
    "end_accompaniment",
    "end_role",
    "give_consent",
    "grant_role",
    "invite",
    "named_organisation",
    "reactivate_member",
    "record_act",
    "record_consents",
    "set_up_site",
    "sign_out",
    "sign_up",
    "suspend_member",
    "use_invitation",
    "withdraw_consent",
    "withdraw_invitation",
]
