"""What the topic `member:<id>` says and takes of organisations: roles, accompaniments, acts."""

from live.registry import Written
from live.showing import by_subject
from members.actions.accompaniments import (
    ask_accompaniment,
    confirm_accompaniment,
    end_accompaniment,
)
from members.actions.organisations import change_organisation, create_organisation
from members.actions.roles import ask_role, end_role, grant_role
from members.events import (
    AccompanimentAsk,
    AccompanimentChanged,
    AccompanimentName,
    OrganisationActed,
    OrganisationChange,
    OrganisationCreate,
    RoleAsk,
    RoleEnd,
    RoleGrant,
    RolesChanged,
)
from members.live import declare_command, declare_event, declare_part
from members.models import Member
from members.queries.accompaniments import accompaniments_by_id, acts_by_id
from members.queries.roles import own_roles, roles_now


def _create(actor: Member, words: OrganisationCreate) -> Written:
    return create_organisation(actor=actor, words=words)


def _change(actor: Member, change: OrganisationChange) -> Written:
    return change_organisation(actor=actor, change=change)


def _ask_role(actor: Member, data: RoleAsk) -> Written:
    return ask_role(actor=actor, organisation_id=data.organisation, role=data.role)


def _grant_role(actor: Member, data: RoleGrant) -> Written:
    return grant_role(
        actor=actor, organisation_id=data.organisation, member_id=data.member, role=data.role
    )


def _end_role(actor: Member, data: RoleEnd) -> Written:
    return end_role(actor=actor, organisation_id=data.organisation, member_id=data.member)


def _ask(actor: Member, data: AccompanimentAsk) -> Written:
    return ask_accompaniment(
        actor=actor,
        intermediary_id=data.intermediary,
        organisation_id=data.organisation,
        side=data.side,
    )


def _confirm(actor: Member, data: AccompanimentName) -> Written:
    return confirm_accompaniment(actor=actor, accompaniment_id=data.id)


def _end(actor: Member, data: AccompanimentName) -> Written:
    return end_accompaniment(actor=actor, accompaniment_id=data.id)


def register() -> None:
    """Add commands, events and the part of the snapshot to `member:<id>`."""
    declare_event("roles.changed", RolesChanged, by_subject(roles_now))
    declare_event("accompaniment.changed", AccompanimentChanged, by_subject(accompaniments_by_id))
    declare_event("organisation.acted", OrganisationActed, by_subject(acts_by_id))
    declare_part("roles", own_roles)
    declare_command("organisation.create", OrganisationCreate, _create)
    declare_command("organisation.change", OrganisationChange, _change)
    declare_command("role.ask", RoleAsk, _ask_role)
    declare_command("role.grant", RoleGrant, _grant_role)
    declare_command("role.end", RoleEnd, _end_role)
    declare_command("accompaniment.ask", AccompanimentAsk, _ask)
    declare_command("accompaniment.confirm", AccompanimentName, _confirm)
    declare_command("accompaniment.end", AccompanimentName, _end)
