"""Bringing organisations into a portfolio: invited by a file, mailed, answered one by one."""

from collections.abc import Sequence

from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.clock import now
from base.errors import Conflict, Forbidden, Invalid, NotFound
from live.registry import Written
from live.units import unit
from members.access.organisations import is_representative, organisation_for
from members.actions.accompaniments import agree_at_once, require_possible
from members.actions.organisations import create_organisation
from members.events import OrganisationCreate
from members.links import portfolio_token
from members.models.invitations import Invitation
from members.models.organisations import Organisation
from members.models.people import Member
from members.models.portfolio import PortfolioInvitation
from members.portfolio_csv import Invited
from members.queries.site import site_settings
from members.rules import INVITATION_LASTS, invitation_hash, new_invitation_token

MOST_WAITING = 500


def invite_into_portfolio(
    *, actor: Member, intermediary_id: int, invited: Sequence[Invited], site_at: str
) -> list[PortfolioInvitation]:
    """Invite organisations to be accompanied, all of them or none; mails leave after the commit.

    Each gets a link that lets its reader sign up, too, and works once.

    Args:
        actor: Who invites.
        intermediary_id: In whose name.
        invited: As `members.portfolio_csv.read_invited` gives it.
        site_at: The site's own address, which the links begin with.

    Raises:
        NotFound: `not_found`.
        Forbidden: `forbidden`, does not represent the intermediary.
        Invalid: `accompaniment.not_an_intermediary`; `portfolio.file`, an address has an open
            invitation already.
        Conflict: `portfolio.too_many`, more would wait for an answer than may.
    """
    intermediary = organisation_for(actor, intermediary_id)
    if not is_representative(actor, intermediary):
        raise Forbidden
    if not intermediary.may_accompany:
        raise Invalid(code="accompaniment.not_an_intermediary")
    with transaction.atomic():
        # The lock makes two files that come at once wait for one another.
        Organisation.objects.select_for_update().get(pk=intermediary.pk)
        _require_room(intermediary, invited)
        made = [_invite(actor, intermediary, each) for each in invited]
        transaction.on_commit(lambda: _enqueue([row.pk for row in made], site_at))
    return made


def _require_room(intermediary: Organisation, invited: Sequence[Invited]) -> None:
    waiting = PortfolioInvitation.objects.waiting().filter(intermediary=intermediary)
    if waiting.count() + len(invited) > MOST_WAITING:
        raise Conflict(
            code="portfolio.too_many",
            detail=gettext_lazy("Too many invitations wait for an answer already."),
        )
    known = set(waiting.values_list("invitation__email", flat=True))
    wrong = [
        _("Line %(line)d: %(problem)s.")
        % {"line": each.line, "problem": _("this address was invited already")}
        for each in invited
        if each.email in known
    ]
    if wrong:
        raise Invalid(code="portfolio.file", fields={"file": wrong})


def _invite(actor: Member, intermediary: Organisation, invited: Invited) -> PortfolioInvitation:
    invitation = Invitation.objects.create(
        token_hash=invitation_hash(new_invitation_token()),
        email=invited.email,
        invited_by=actor,
        expires_at=now() + INVITATION_LASTS,
    )
    # The mail is written later, and the token is kept nowhere: it is made from the row's id.
    invitation.token_hash = invitation_hash(portfolio_token(invitation.pk))
    invitation.save(update_fields=["token_hash"])
    return PortfolioInvitation.objects.create(
        invitation=invitation,
        intermediary=intermediary,
        name=invited.name,
        country=invited.country,
        town=invited.town,
        kind=invited.kind,
        language=invited.language,
    )


def _enqueue(ids: Sequence[int], site_at: str) -> None:
    from members.tasks import mail_portfolio_invitation

    for pk in ids:
        mail_portfolio_invitation.enqueue(pk, site_at)


def mail_invitation(*, invitation_id: int, site_at: str) -> None:
    """Mail the link of an invitation that waits, once, in its language."""
    row = (
        PortfolioInvitation.objects.waiting()
        .select_related("invitation__invited_by", "intermediary")
        .filter(pk=invitation_id, mailed_at=None)
        .first()
    )
    if row is None:
        return
    site = site_settings()
    token = portfolio_token(row.invitation_id)
    path = reverse("members:portfolio_invitation", args=[token])
    asker = row.invitation.invited_by
    with translation.override(row.language or (site.languages or ["en"])[0]):
        send_mail(
            _("%(intermediary)s would like to accompany %(name)s")
            % {"intermediary": row.intermediary.name, "name": row.name},
            _(
                "Hello,\n\n%(asker)s of %(intermediary)s invites %(name)s to %(site)s, where the"
                " creative industries around the Baltic Sea meet.\n\nIf you agree,"
                " %(intermediary)s may act for %(name)s there. You see everything that is done for"
                " you, and can end it at any time. Nothing happens before you confirm:\n\n"
                "%(address)s\n\nThe link works once, for two weeks."
            )
            % {
                "asker": asker.name if asker else row.intermediary.name,
                "intermediary": row.intermediary.name,
                "name": row.name,
                "site": site.name,
                "address": f"{site_at.rstrip('/')}{path}",
            },
            None,
            [row.invitation.email],
        )
    PortfolioInvitation.objects.filter(pk=row.pk).update(mailed_at=now())


def accept_invitation(
    *, actor: Member, invitation: PortfolioInvitation, organisation_id: int | None
) -> Organisation:
    """Agree to be accompanied, for an organisation that one represents; it holds at once.

    Without an organisation a new one is made, as the invitation names it.

    Raises:
        NotFound: `not_found`.
        Forbidden: `forbidden`, does not represent the organisation.
        Invalid, Conflict: as for making an organisation, and for an accompaniment;
            `invitation.used`, it was answered in the meantime.
    """
    with unit():
        if organisation_id is None:
            words = OrganisationCreate(
                name=invitation.name,
                country=invitation.country,
                kind=invitation.kind,
                town=invitation.town,
            )
            made = create_organisation(actor=actor, words=words).subject
            if not isinstance(made, Organisation):
                raise NotFound
            organisation = made
        else:
            organisation = organisation_for(actor, organisation_id)
            if not is_representative(actor, organisation):
                raise Forbidden
        require_possible(invitation.intermediary, organisation)
        row = agree_at_once(
            actor=actor,
            intermediary=invitation.intermediary,
            organisation=organisation,
            asked_by=invitation.invitation.invited_by,
        )
        _answer(invitation, accompaniment_id=row.pk)
    return organisation


def decline_invitation(*, invitation: PortfolioInvitation) -> None:
    """Say no to an invitation; whoever holds its link may.

    Raises:
        Conflict: `invitation.used`, it was answered in the meantime.
    """
    with transaction.atomic():
        _answer(invitation, accompaniment_id=None)


def withdraw_portfolio_invitation(
    *, actor: Member, intermediary_id: int, invitation_id: int
) -> Written:
    """Take an invitation back that nobody has answered; its link works no more.

    Raises:
        NotFound: `not_found`, no such invitation of this intermediary.
        Forbidden: `forbidden`, does not represent it.
    """
    intermediary = organisation_for(actor, intermediary_id)
    if not is_representative(actor, intermediary):
        raise Forbidden
    row = PortfolioInvitation.objects.filter(
        pk=invitation_id, intermediary=intermediary, answered_at=None
    ).first()
    if row is None:
        raise NotFound
    with transaction.atomic():
        Invitation.objects.filter(pk=row.invitation_id).update(withdrawn_at=now())
        row.delete()
    return Written(intermediary)


def _answer(invitation: PortfolioInvitation, *, accompaniment_id: int | None) -> None:
    """Use an invitation up, its link to sign up with as well."""
    waiting = PortfolioInvitation.objects.filter(pk=invitation.pk, answered_at=None)
    if waiting.update(answered_at=now(), accompaniment=accompaniment_id) == 0:
        raise Conflict(
            code="invitation.used",
            detail=gettext_lazy("This invitation was used already or has run out."),
        )
    Invitation.objects.usable().filter(pk=invitation.invitation_id).update(withdrawn_at=now())
