"""What the front app keeps of people: steps of their arrival, and who wrote the site's texts."""

from collections.abc import Iterator

from base.personal import (
    ANONYMISED,
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    kept,
    register_holdings,
)
from front.models import SiteText, StepTaken

OF_THE_SITE = kept("says what the site is")
OF_THE_LIBRARY = kept("what the programme published, written by the app that published it")


def _export(member_id: int) -> Iterator[ExportFile]:
    taken = StepTaken.objects.filter(member=member_id).order_by("at")
    yield as_json("front/arrival.json", taken.values("step", "state", "at"))


def _erase(member_id: int, _texts: Texts) -> Iterator[None]:
    StepTaken.objects.filter(member=member_id).delete()
    SiteText.objects.filter(changed_by=member_id).update(changed_by=None)
    yield


register_holdings(
    Holdings(
        name="front.arrival",
        columns={
            "front.StepTaken.member": ERASED,
            "front.StepTaken.step": ERASED,
            "front.SiteText.changed_by": ANONYMISED,
            "front.SiteText.language": OF_THE_SITE,
            "front.SiteText.text": OF_THE_SITE,
            "front.Result.key": OF_THE_LIBRARY,
            "front.Result.title": OF_THE_LIBRARY,
            "front.Result.summary": OF_THE_LIBRARY,
            "front.Result.language": OF_THE_LIBRARY,
            "front.Result.url": OF_THE_LIBRARY,
            "front.ResultLabel.code": OF_THE_LIBRARY,
        },
        export=_export,
        erase=_erase,
    )
)
