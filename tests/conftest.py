"""What every suite relies on: cheap password hashes, fresh allowances, no silent skips in CI."""

import os

import pytest
from django.conf import settings


def pytest_configure() -> None:
    """Hash passwords cheaply; how well they are hashed is Django's subject."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _fresh_allowances() -> None:
    """Nobody has written yet: ids of members repeat from test to test."""
    from live.limits import writes

    writes._buckets.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true a test that was skipped is a test that failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI", "").lower() != "true":
        return
    if reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why the run failed where only skips made it fail."""
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped and os.environ.get("CI", "").lower() == "true":
        terminalreporter.write_line(f"CI: {skipped} skipped, and a skip is a failure.", red=True)
