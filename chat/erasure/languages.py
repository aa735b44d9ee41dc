"""What the chat keeps of the languages that a member reads."""

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
from chat.models import LanguageChoice


def export(member_id: int) -> Iterator[ExportFile]:
    """The choice."""
    rows = LanguageChoice.objects.filter(member_id=member_id)
    yield as_json("chat/languages.json", rows.values("reads", "others"))


def erase(member_id: int, _texts: Texts) -> Iterator[None]:
    """Forget it."""
    yield from delete_all(LanguageChoice.objects.filter(member_id=member_id))


register_holdings(
    Holdings(
        name="chat.languages",
        columns={"chat.LanguageChoice.member": ERASED, "chat.LanguageChoice.reads": ERASED},
        export=export,
        erase=erase,
    )
)
