"""A site that is set up."""

import pytest

from members.models import SiteSettings


@pytest.fixture(autouse=True)
def _site(db: None) -> None:
    """No page leads to the first run."""
    SiteSettings.objects.create(pk=1, is_set_up=True)
