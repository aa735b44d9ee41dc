"""What may be asked of a consortium."""

from django.utils.translation import gettext as _

from matchmaking.engine.teams import PRESETS, Shape
from matchmaking.events.consortia import SeekTeam
from matchmaking.rules.profiles import MOST_FORMS
from matchmaking.vocabulary import MOST_PARTNERS, Cooperation


def shape_of(asked: SeekTeam) -> Shape:
    """Return what a team has to be: the preset's numbers, else those that are said."""
    given = Shape(asked.partners, asked.countries, asked.per_country)
    return PRESETS.get(asked.preset, given)


def team_errors(asked: SeekTeam) -> dict[str, list[str]]:
    """Return what is wrong with the fields, in the active language."""
    wrong: dict[str, list[str]] = {}
    if asked.preset and asked.preset not in PRESETS:
        wrong["preset"] = [_("This programme is not known.")]
    shape = shape_of(asked)
    if not 2 <= shape.partners <= MOST_PARTNERS:  # noqa: PLR2004 - one alone is no team
        wrong["partners"] = [_("A team has between 2 and 20 partners.")]
    if not 1 <= shape.countries <= shape.partners:
        wrong["countries"] = [_("There cannot be more countries than partners.")]
    if not 1 <= shape.per_country <= MOST_PARTNERS:
        wrong["per_country"] = [_("At least one partner of a country.")]
    if len(asked.needs) > MOST_FORMS or not set(asked.needs) <= set(Cooperation.values):
        wrong["needs"] = [_("One of these is not known.")]
    if len(set(asked.members)) >= shape.partners:
        wrong["members"] = [_("You named more partners than the team has.")]
    return wrong
