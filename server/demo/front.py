"""The demo's partners, and what it says on its legal pages."""

from django.db import transaction

from front.actions import choose_partners, write_text
from front.models import Partner, SiteText
from front.vocabulary import TextKind
from members.models import Member, Organisation
from server.demo import reading

LEAD = "Goethe-Institut"
PARTNERS = (
    LEAD, "Stadt Vilnius", "Creative Estonia", "Danish Cultural Institute",
    "European-Russian InnoPartnership", "Filmby Aarhus", "Hamburg Kreativ Gesellschaft",
    "Westpomeranian Region", "Media Dizajn+ / Szczecin Incubator of Art and Creative Industries",
    "Media Evolution City Malmö", "ARS BALTICA",
    "South-Eastern Finland University of Applied Sciences",
    "Tallinn University of Technology", "Tallinn Business Incubators",
)  # fmt: skip


@transaction.atomic
def fill_front(staff: Member) -> None:
    """Name the partners and write the texts, where nobody has done so."""
    if not Partner.objects.exists():
        found = {each.name: each for each in Organisation.objects.filter(name__in=PARTNERS)}
        choose_partners(actor=staff, organisations=list(found.values()), lead=found.get(LEAD))
    if not SiteText.objects.exists():
        for (kind, language), text in reading.texts().items():
            write_text(actor=staff, kind=TextKind(kind), language=language, text=text)
