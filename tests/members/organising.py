"""Organisations with people of every standing, and how tests do things for them."""

from dataclasses import dataclass
from typing import Any

import msgspec

from live.models import Event, WriteKey
from live.performing import perform
from members.models import (
    Accompaniment,
    Act,
    Appointment,
    Invitation,
    Member,
    Organisation,
    OrganisationLanguage,
    OrganisationSector,
    OrganisationText,
    PortfolioInvitation,
)
from tests import factories

STANDINGS = ("representative", "editor", "accompanying", "outsider", "asking", "staff", "guest")
TABLES = (
    Accompaniment, Act, Appointment, Event, Invitation, Member, Organisation, OrganisationLanguage,
    OrganisationSector, OrganisationText, PortfolioInvitation, WriteKey,
)  # fmt: skip


@dataclass(frozen=True)
class House:
    """A business, the incubator that accompanies it, and people of every standing to it."""

    business: Organisation
    incubator: Organisation
    accompaniment: Accompaniment
    people: dict[str, Member]


def house() -> House:
    """Return a business `Loom`, accompanied by an incubator `Hub`."""
    business = factories.organisation(name="Loom", kind="business", town="Tartu")
    incubator = factories.organisation(name="Hub", kind="incubator")
    people = {
        "representative": factories.member(name="Rita"),
        "editor": factories.member(name="Edda"),
        "accompanying": factories.member(name="Anna"),
        "outsider": factories.member(name="Otto"),
        "asking": factories.member(name="Asta"),
        "staff": factories.member(name="Stina", is_staff=True),
        "guest": factories.member(name="Gert", kind="guest"),
    }
    factories.appointment(member=people["representative"], organisation=business)
    factories.appointment(member=people["editor"], organisation=business, role="editor")
    factories.appointment(member=people["accompanying"], organisation=incubator)
    factories.appointment(member=people["asking"], organisation=business, granted_at=None)
    accompaniment = factories.accompaniment(intermediary=incubator, organisation=business)
    return House(business, incubator, accompaniment, people)


def do(member: Member, cmd: str, data: msgspec.Struct) -> dict[str, Any]:
    """Do a command of the member's own topic."""
    return perform(actor=member, cmd=cmd, topic=f"member:{member.pk}", data=data)


def rows() -> list[Any]:
    """All that a write about organisations could change."""
    return [list(model._default_manager.order_by("pk").values()) for model in TABLES]


def told(name: str) -> list[int]:
    """The members whose topic has an event of this name, by id."""
    topics = Event.objects.filter(event=name).values_list("topic__name", flat=True)
    return sorted({int(topic.partition(":")[2]) for topic in topics})
