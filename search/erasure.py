"""What the index keeps of people: copies of words, which go with what they are copied from."""

from collections.abc import Iterator

from base.personal import (
    ANONYMISED,
    Holdings,
    Texts,
    delete_all,
    kept,
    nothing_to_export,
    register_holdings,
    update_all,
)
from search.index import tidy
from search.models import Entry


def erase(member_id: int, texts: Texts) -> Iterator[None]:
    """Take the member's texts out of the index, or only the name off them.

    Others' texts that named the member were taken out by the apps above; either way the words go
    from SQLite's files too.
    """
    own = Entry.objects.filter(author_id=member_id)
    if texts is Texts.TAKE:
        yield from delete_all(own)
    else:
        yield from update_all(own, author=None)
    tidy()
    yield


register_holdings(
    Holdings(
        name="search.index",
        columns={
            "search.Entry.kind": kept("names a kind of thing, no person"),
            "search.Entry.language": kept("says which language a text is in"),
            "search.Entry.author": ANONYMISED,
        },
        export=nothing_to_export,
        erase=erase,
    )
)
