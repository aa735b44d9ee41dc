"""The page about leaving names every reason for which something stays."""

from base.personal import Outcome, all_holdings
from tests.docs.reading import rows_of, text_of


def test_what_stays_is_documented() -> None:
    said = text_of("docs/leaving.md").partition("## What stays")[2]
    fates = [fate for holdings in all_holdings() for fate in holdings.columns.values()]
    reasons = {fate.reason for fate in fates if fate.outcome == Outcome.KEPT}
    assert {row[0] for row in rows_of(said)} == reasons
