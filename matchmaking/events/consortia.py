"""What is asked and said of consortia, and the commands about them on `member:<id>`."""

import msgspec

from live.registry import EventData
from members.events import OrganisationCard


class SeekTeam(msgspec.Struct, frozen=True, kw_only=True):
    """What a team has to be.

    Attributes:
        preset: `creative_europe_small`, `creative_europe_medium`, `creative_europe_large`,
            `interreg`, or "" where the three numbers say it.
        partners: Organisations of the team, the lead among them, 2 to 20.
        countries: Different countries, at least.
        per_country: Organisations of one country, at most.
        needs: Forms of cooperation that the team is to cover together, at most 12.
        members: Organisations that are in it in any case, beside the lead.
    """

    preset: str = ""
    partners: int = 3
    countries: int = 3
    per_country: int = 1
    needs: list[str] = []
    members: list[int] = []


class SeatFound(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation of a team that was found, and why.

    Attributes:
        is_lead: It asked.
        is_fixed: It was asked for by name.
        brings_country: No other of the team is from its country.
        needs: Forms that it offers, of those that are needed.
        alone: Those of them that nobody else in the team offers.
        replacements: Who could take its place, the best first, at most three.
    """

    organisation: OrganisationCard
    is_lead: bool
    is_fixed: bool
    brings_country: bool
    needs: list[str]
    alone: list[str]
    replacements: list[OrganisationCard]


class TeamFound(msgspec.Struct, frozen=True, kw_only=True):
    """The best team that was found, or the nearest to one.

    Attributes:
        proof: `best` of all that were weighed, `good` (nothing better was found), or `partial`:
            something is missing.
        weighed: Organisations among whom it was chosen.
        nobody: Forms that nobody offers who could be asked.
        together: Forms that somebody offers, but no team of this shape together with the others.
        lacks_countries: Countries that are missing.
        lacks_partners: Organisations that are missing.
        apart: Pairs of those asked for by name that cannot be in one team, so there is none; it is
            never said why.
    """

    proof: str
    weighed: int
    seats: list[SeatFound]
    nobody: list[str]
    together: list[str]
    lacks_countries: int
    lacks_partners: int
    apart: list[list[OrganisationCard]]


class ProposeConsortium(msgspec.Struct, frozen=True, kw_only=True):
    """A team that one's organisation proposes and would lead.

    Attributes:
        organisation: One's own; one has a role in it.
        title: At most 120 characters.
        members: The other organisations, 1 to 19.
        needs: Forms of cooperation that it is to cover.
    """

    organisation: int
    title: str
    members: list[int]
    needs: list[str] = []


class AnswerConsortium(msgspec.Struct, frozen=True, kw_only=True):
    """What one's organisation says to a consortium; a no is silent."""

    consortium: int
    organisation: int
    yes: bool


class CloseConsortium(msgspec.Struct, frozen=True, kw_only=True):
    """The lead gives a proposed consortium up."""

    consortium: int
    organisation: int


class ConsortiumNow(msgspec.Struct, frozen=True, kw_only=True):
    """A consortium as one of its organisations may know it.

    Attributes:
        organisation: Whose view it is.
        state: `proposed`, `agreed` or `closed`.
        said: What one's own organisation said: `yes`, `no` or "".
        is_mine_to_answer: One's own has not answered and still may.
        agreed: How many said yes; who did is not told before all have.
        answer_by: When it runs out unless all agree, ISO 8601.
        group: The project group that it became, if it did.
    """

    id: int
    organisation: int
    title: str
    lead: OrganisationCard
    members: list[OrganisationCard]
    needs: list[str]
    state: str
    said: str
    is_mine_to_answer: bool
    agreed: int
    answer_by: str
    group: int | None


class ConsortiumChanged(EventData, frozen=True, kw_only=True):
    """A consortium of one's organisation is this now, as far as it may know."""

    consortium: ConsortiumNow
