"""What every test of matchmaking relies on: nobody is too fast, and nothing is remembered."""

import pytest
from django.conf import LazySettings

from matchmaking.queries.market import forget


@pytest.fixture(autouse=True)
def _unhurried(settings: LazySettings) -> None:
    """Nobody is too fast here."""
    settings.LIVE = {"writes_per_s": 10_000, "burst": 10_000}


@pytest.fixture(autouse=True)
def _nothing_held() -> None:
    """What a test before this one had in its market was never committed."""
    forget()
