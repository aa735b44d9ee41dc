"""What every suite relies on: a migrated database, cheap hashes, no silent skips in CI.

``--with-database`` leaves out what asks no database: what is the same on any of them runs once.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tests.services import migrated
from tests.services.postgres import MIGRATED


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what the stages on PostgreSQL ask for."""
    parser.addoption("--with-database", action="store_true", help="only tests that use a database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what asks no database, if told so: no mark, no fixture and no class that does."""
    if not config.getoption("--with-database"):
        return
    asking = [item for item in items if _asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _asks_a_database(item)])
    items[:] = asking


def _asks_a_database(item: pytest.Item) -> bool:
    from django.test import TransactionTestCase

    owner = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))
        or (isinstance(owner, type) and issubclass(owner, TransactionTestCase))
    )


def pytest_configure() -> None:
    """Hash passwords cheaply; how well they are hashed is Django's subject.

    Static files are looked for when they are asked for: else every test client, which loads the
    middleware for itself, would first read all of them, at four times the cost of its request.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> bool:
    """The test database begins as a copy of a migrated one; what that lacks is still applied."""
    from django.db import connection

    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        name = Path(test["NAME"])
        for beside in ("", "-wal", "-shm"):
            name.with_name(name.name + beside).unlink(missing_ok=True)
        shutil.copy(migrated.sqlite(), name)
        return True
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED])
        test["TEMPLATE"] = MIGRATED if cursor.fetchone() else None
    return False


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
