"""The demo's partners, what it says on its legal pages, and its library."""

from django.db import transaction
from django.urls import reverse

from base.clock import now
from base.errors import NotFound
from front.actions import Entry, choose_partners, publish_result, write_text
from front.models import Partner, Result, SiteText
from front.vocabulary import ResultKind, TextKind
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
    if not Result.objects.exists():
        fill_results()


def fill_results() -> None:
    """Publish the demo's results, as the parts of the site publish theirs."""
    for each in reading.results().values():
        publish_result(
            Entry(
                key=f"demo:{each.name}",
                kind=ResultKind(each.kind),
                title=each.title,
                summary=each.summary,
                url=reverse("demo_result", args=[each.name]),
                language=each.language,
                themes=each.themes,
                countries=each.countries,
                published_at=reading.moment(each.at, now()),
            )
        )


def result_for(name: str) -> tuple[Result, str]:
    """Return a result that the demo published, labels loaded, and its text. Two queries.

    Raises:
        NotFound: `not_found`, there is none, or this site is no demo.
    """
    said = reading.results().get(name)
    found = Result.objects.prefetch_related("labels").filter(key=f"demo:{name}").first()
    if said is None or found is None:
        raise NotFound
    return found, said.text
