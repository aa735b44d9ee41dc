"""Closed lists of matchmaking; values are stored and on the wire, labels are translated."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROFILE_LASTS: Final = timedelta(days=90)
"""How long a matching profile counts unless it is renewed."""
REMINDED_BEFORE: Final = timedelta(days=7)
"""How long before the end one is reminded."""
TEXT_LENGTH: Final = 1200
"""Characters of "looking for" and of "offering"."""
DEFAULT_WEEKLY: Final = 5
MOST_WEEKLY: Final = 20
"""Suggestions that an organisation gets in seven days, as it may choose."""


class Facet(models.TextChoices):
    """What a code of a matching profile says."""

    SECTOR = "sector", _("Sectors")
    OFFER = "offer", _("What you offer")
    NEED = "need", _("What you look for")
    WANTED = "wanted", _("Countries you look in")
    EXCLUDED = "excluded", _("Countries you leave out")
    LANGUAGE = "language", _("Languages you can work in")
    SIZE = "size", _("Sizes of partners")
    PROGRAMME = "programme", _("Funding programmes")


class Cooperation(models.TextChoices):
    """The forms of cooperation that one offers or needs: one vocabulary for both."""

    COPRODUCTION = "coproduction", pgettext_lazy("cooperation", "Co-production")
    COMMISSION = "commission", pgettext_lazy("cooperation", "Commissions")
    DISTRIBUTION = "distribution", pgettext_lazy("cooperation", "Distribution")
    LICENSING = "licensing", pgettext_lazy("cooperation", "Licensing")
    REPRESENTATION = "representation", pgettext_lazy("cooperation", "Representation")
    TOURING = "touring", pgettext_lazy("cooperation", "Touring and booking")
    FESTIVAL = "festival", pgettext_lazy("cooperation", "Festival invitation")
    EXHIBITION = "exhibition", pgettext_lazy("cooperation", "Exhibition exchange")
    RESIDENCY = "residency", pgettext_lazy("cooperation", "Residency")
    SPACE = "space", pgettext_lazy("cooperation", "Space")
    FAIR = "fair", pgettext_lazy("cooperation", "Trade-fair stand")
    TRAINING = "training", pgettext_lazy("cooperation", "Training")
    MENTORING = "mentoring", pgettext_lazy("cooperation", "Mentoring")
    EXCHANGE = "exchange", pgettext_lazy("cooperation", "Staff exchange")
    RESEARCH = "research", pgettext_lazy("cooperation", "Research")
    TRANSLATION = "translation", pgettext_lazy("cooperation", "Translation")
    EU_PARTNER = "eu-partner", pgettext_lazy("cooperation", "Partner in an EU project")
    EU_LEAD = "eu-lead", pgettext_lazy("cooperation", "Lead of an EU project")
    INVESTMENT = "investment", pgettext_lazy("cooperation", "Investment")
    MARKET = "market", pgettext_lazy("cooperation", "Market knowledge")
    LANDING = "landing", pgettext_lazy("cooperation", "Soft landing")

    @property
    def sought(self) -> str:
        """The form as it stands after "look for", in the active language."""
        return str(_SOUGHT[self])


_SOUGHT: Final[Mapping[str, Promise]] = {
    "coproduction": pgettext_lazy("after: look for", "a co-production"),
    "commission": pgettext_lazy("after: look for", "commissions"),
    "distribution": pgettext_lazy("after: look for", "distribution"),
    "licensing": pgettext_lazy("after: look for", "licences"),
    "representation": pgettext_lazy("after: look for", "representation"),
    "touring": pgettext_lazy("after: look for", "touring and booking"),
    "festival": pgettext_lazy("after: look for", "a festival invitation"),
    "exhibition": pgettext_lazy("after: look for", "an exhibition exchange"),
    "residency": pgettext_lazy("after: look for", "a residency"),
    "space": pgettext_lazy("after: look for", "space"),
    "fair": pgettext_lazy("after: look for", "a trade-fair stand"),
    "training": pgettext_lazy("after: look for", "training"),
    "mentoring": pgettext_lazy("after: look for", "mentoring"),
    "exchange": pgettext_lazy("after: look for", "a staff exchange"),
    "research": pgettext_lazy("after: look for", "joint research"),
    "translation": pgettext_lazy("after: look for", "translation"),
    "eu-partner": pgettext_lazy("after: look for", "a partner for an EU project"),
    "eu-lead": pgettext_lazy("after: look for", "a lead for an EU project"),
    "investment": pgettext_lazy("after: look for", "an investment"),
    "market": pgettext_lazy("after: look for", "market knowledge"),
    "landing": pgettext_lazy("after: look for", "a soft landing"),
}


class Programme(models.TextChoices):
    """Funding programmes that pay for cooperation around the Baltic Sea, by their own names.

    Those of the Union are of its budget of 2021 to 2027, but are mostly called the same before and
    after; the regions of Interreg as https://interreg.eu/programmes/ has them.
    """

    CREATIVE_EUROPE = "creative-europe", "Creative Europe"
    CULTURE_MOVES = "culture-moves", "Culture Moves Europe"
    ERASMUS = "erasmus", "Erasmus+"
    HORIZON = "horizon", "Horizon Europe"
    DIGITAL = "digital-europe", "Digital Europe"
    CERV = "cerv", "Citizens, Equality, Rights and Values"
    BAUHAUS = "new-bauhaus", "New European Bauhaus"
    INTERREG_BALTIC_SEA = "interreg-bsr", "Interreg Baltic Sea Region"
    INTERREG_SOUTH_BALTIC = "interreg-south", "Interreg South Baltic"
    INTERREG_CENTRAL_BALTIC = "interreg-central", "Interreg Central Baltic"
    INTERREG_EE_LV = "interreg-ee-lv", "Interreg Estonia–Latvia"
    INTERREG_LV_LT = "interreg-lv-lt", "Interreg Latvia–Lithuania"
    INTERREG_LT_PL = "interreg-lt-pl", "Interreg Lithuania–Poland"
    INTERREG_DE_DK = "interreg-de-dk", "Interreg Germany–Denmark"
    INTERREG_DE_PL = "interreg-de-pl", "Interreg Mecklenburg-Vorpommern / Brandenburg / Polska"
    INTERREG_OKS = "interreg-oks", "Interreg Öresund-Kattegat-Skagerrak"
    INTERREG_AURORA = "interreg-aurora", "Interreg Aurora"
    INTERREG_ARCTIC = "interreg-arctic", "Interreg Northern Periphery and Arctic"
    INTERREG_EUROPE = "interreg-europe", "Interreg Europe"
    NORDIC_POINT = "nordic-point", "Nordic Culture Point"
    NORDIC_BALTIC = "nordic-baltic", "Nordic-Baltic Mobility Programme for Culture"
    NORDIC_FUND = "nordic-fund", "Nordic Culture Fund"
    BALTIC_FUND = "baltic-fund", "Baltic Culture Fund"
    SWEDISH_INSTITUTE = "swedish-inst", "Swedish Institute"
    EEA_NORWAY = "eea-norway", "EEA and Norway Grants"
    CBSS = "cbss", "CBSS Project Support Facility"
    NATIONAL = "national", _("National funding")
    REGIONAL = "regional", _("Funding of a region or town")
    FOUNDATION = "foundation", _("Foundations")


AT_HOME: Final = frozenset({Programme.NATIONAL, Programme.REGIONAL, Programme.FOUNDATION})
"""Funding that everybody has at home: it is said, and brings nobody closer."""


class Budget(models.TextChoices):
    """How much money a cooperation would move, as its organisation sees it."""

    XS = "xs", _("Less than 5,000 €")
    S = "s", _("5,000 to 25,000 €")
    M = "m", _("25,000 to 100,000 €")
    L = "l", _("100,000 to 500,000 €")
    XL = "xl", _("More than 500,000 €")


class Missing(models.TextChoices):
    """What would help a matching profile; each label says what to do."""

    NEEDS = "needs", _("Choose what you look for")
    OFFERS = "offers", _("Choose what you offer")
    SECTORS = "sectors", _("Choose sectors")
    LANGUAGES = "languages", _("Name languages you can work in")
    LOOKING_FOR = "looking_for", _("Describe what you look for")
    OFFERING = "offering", _("Describe what you offer")
    WANTED = "wanted", _("Name countries you look in")
    TIME = "time", _("Say when it should happen")
    BUDGET = "budget", _("Say how large it may be")


ANSWERED_WITHIN: Final = timedelta(days=14)
"""After so long an introduction that not both have agreed to is over."""
ASKED_AFTER: Final = timedelta(days=30)
"""After so long without a change both sides are asked how an introduction goes."""
OPEN_FOR: Final = timedelta(days=28)
"""How long a suggestion stays where nobody answers it."""
AGAIN_AFTER: Final = timedelta(days=90)
"""After so long one who was suggested without an answer may be suggested again."""
MOST_LATER: Final = timedelta(days=366)


class Answer(models.TextChoices):
    """What an organisation says of a suggestion; the other side hears only of interest."""

    INTERESTED = "interested", _("Interested")
    LATER = "later", _("Not now")
    DECLINED = "declined", _("Not this one")


class Why(models.TextChoices):
    """Why a suggestion is not the one; nobody else ever sees it."""

    KNOWN = "known", _("We know each other already")
    SECTOR = "sector", _("Their field is too far from ours")
    NEEDS = "needs", _("They do not offer what we look for")
    COUNTRY = "country", _("The country does not suit us")
    SIZE = "size", _("Their size does not suit us")
    OTHER = "other", _("Another reason")


class IntroductionState(models.TextChoices):
    """How far an introduction has come."""

    PROPOSED = "proposed", pgettext_lazy("introduction", "Proposed")
    ACCEPTED = "accepted", pgettext_lazy("introduction", "Accepted by one side")
    OPEN = "open", pgettext_lazy("introduction", "In conversation")
    MET = "met", pgettext_lazy("introduction", "Met")
    COOPERATING = "cooperating", pgettext_lazy("introduction", "Cooperating")
    CLOSED = "closed", pgettext_lazy("introduction", "Closed")


WAITING: Final = frozenset({IntroductionState.PROPOSED, IntroductionState.ACCEPTED})
"""States in which not both have agreed."""
RUNNING: Final = frozenset(
    {IntroductionState.OPEN, IntroductionState.MET, IntroductionState.COOPERATING}
)
"""States in which both have agreed and it goes on."""


class Said(models.TextChoices):
    """What one side said to an introduction; a no is silent."""

    NOTHING = "", _("Nothing yet")
    YES = "yes", _("Yes")
    NO = "no", _("No")


REQUEST_LASTS: Final = timedelta(days=90)
"""How long a cooperation request is open unless it is renewed; its deadline may end it before."""
MOST_AHEAD: Final = timedelta(days=366)
"""How far ahead a deadline may lie."""
REQUEST_TITLE: Final = 120
REQUEST_TEXT: Final = 2000
ANSWER_TEXT: Final = 1200
MOST_OPEN_REQUESTS: Final = 10
"""Open requests of one organisation."""


class RequestState(models.TextChoices):
    """What became of a cooperation request."""

    OPEN = "open", pgettext_lazy("request", "Open")
    MET = "met", pgettext_lazy("request", "Partner found")
    CLOSED = "closed", pgettext_lazy("request", "Closed")
    EXPIRED = "expired", pgettext_lazy("request", "Expired")


class RequestAudience(models.TextChoices):
    """Who may read a cooperation request; its author chooses."""

    EVERYONE = "everyone", pgettext_lazy("request", "Everyone, also on the front page")
    MEMBERS = "members", pgettext_lazy("request", "Members of this site")


MEETING_TITLE: Final = 120
MOST_AT_A_MEETING: Final = 300
"""People who may take part in meeting rounds."""
MOST_ROUNDS: Final = 20
"""Rounds of one meeting."""
MOST_AHEAD_ROUNDS: Final = 10
"""Rounds that are planned ahead at once."""


class GroupSize(models.IntegerChoices):
    """How many people meet at a table."""

    PAIRS = 2, _("Pairs")
    THREES = 3, _("Groups of three")
    FOURS = 4, _("Groups of four")


class WaitsWhy(models.TextChoices):
    """Why somebody waits in a round, as the engine says it."""

    ALONE = "alone", _("Nobody else is here.")
    COUNTRY = "country", _("Everybody else is from the same country.")
    LANGUAGE = "language", _("Nobody from another country speaks a common language.")
    MET = "met", _("Has met everybody who would fit.")
    TAKEN = "taken", _("Everybody who would fit sits with others.")


PROJECT_TITLE: Final = 120
MOST_PARTNERS: Final = 20
"""Organisations of one consortium."""
MOST_PROPOSED: Final = 5
"""Proposals of one organisation that wait for answers."""
MOST_WEIGHED: Final = 1000
"""Organisations among whom partners of a consortium are sought."""


class ConsortiumState(models.TextChoices):
    """How far a proposed consortium has come."""

    PROPOSED = "proposed", pgettext_lazy("consortium", "Proposed")
    AGREED = "agreed", pgettext_lazy("consortium", "All agreed")
    CLOSED = "closed", pgettext_lazy("consortium", "Closed")


MOST_TASKS: Final = 100
"""Tasks of one project group."""
MOST_GROUP_YEARS: Final = 10
TASK_TITLE: Final = 160


class TaskState(models.TextChoices):
    """Where a task stands on a group's board."""

    TODO = "todo", pgettext_lazy("task", "To do")
    DOING = "doing", pgettext_lazy("task", "Under way")
    DONE = "done", pgettext_lazy("task", "Done")
