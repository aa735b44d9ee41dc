"""What is kept of a member's consents: the member's own history, which goes with the account."""

from collections.abc import Iterator

from base.personal import (
    ERASED,
    ExportFile,
    Holdings,
    Texts,
    as_json,
    delete_all,
    register_holdings,
)
from members.models import Consent


def export(member_id: int) -> Iterator[ExportFile]:
    """Every consent with its withdrawal."""
    given = Consent.objects.filter(member=member_id).order_by("pk")
    yield as_json(
        "account/consents.json",
        given.values("purpose", "version", "language", "given_at", "withdrawn_at"),
    )


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Delete them: of somebody who is not known any more nothing can be proved."""
    yield from delete_all(Consent.objects.filter(member=member_id))


register_holdings(
    Holdings(
        name="members.consents",
        columns={"members.Consent.member": ERASED, "members.Consent.language": ERASED},
        export=export,
        erase=erase,
    )
)
