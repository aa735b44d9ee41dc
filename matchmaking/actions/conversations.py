"""The conversation that an introduction opens, with a brief on both sides."""

from django.utils import translation
from django.utils.translation import gettext as _

from base.countries import country_name
from base.languages import SITE_LANGUAGES
from base.text import excerpt
from chat.actions.channels import let_in
from chat.models import Channel
from chat.vocabulary import MAX_NAME, MAX_PURPOSE, Kind, Level, Role
from matchmaking.models import Introduction, MatchingProfile
from matchmaking.queries.reasons import listed
from matchmaking.vocabulary import Cooperation, Facet
from members.models import Member


def open_conversation(actor: Member, row: Introduction) -> Channel:
    """Make the conversation of two speakers who both agreed, inside the unit of the second yes."""
    speakers = [member for member in (row.first_by, row.second_by) if member is not None]
    sides = [row.first, row.second]
    half = (MAX_NAME - 3) // 2
    channel = Channel.objects.create(
        kind=Kind.GROUP,
        name=" · ".join(excerpt(side.organisation.name, half) for side in sides),
        purpose=brief(sides),
        is_public=False,
    )
    let_in(actor, channel, speakers, Role.MEMBER, Level.ALL)
    return channel


def brief(sides: list[MatchingProfile]) -> str:
    """Return what both should know of each other, in a language that both work in.

    Everybody in a conversation reads the same, so it is written once: in the first site language
    that both named, else in English. Private needs are not in it.
    """
    common = set.intersection(*(set(side.codes(Facet.LANGUAGE)) for side in sides))
    language = next((tag for tag in SITE_LANGUAGES if tag in common), "en")
    half = (MAX_PURPOSE - 1) // 2
    with translation.override(language):
        return "\n".join(excerpt(_of(side), half) for side in sides)


def _of(side: MatchingProfile) -> str:
    name, country = side.organisation.name, country_name(side.organisation.country)
    parts = []
    if needs := side.codes(Facet.NEED):
        parts.append(
            _("Looks for: %(forms)s.") % {"forms": listed(str(Cooperation(c).label) for c in needs)}
        )
    if offers := side.codes(Facet.OFFER):
        parts.append(
            _("Offers: %(forms)s.") % {"forms": listed(str(Cooperation(c).label) for c in offers)}
        )
    return " ".join([f"{name} ({country}).", *parts])
