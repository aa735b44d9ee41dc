"""``docs/operations.md``: the metrics are those that exist, and a restored log says so."""

import re
import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from prometheus_client import REGISTRY

from jobs import metrics as _jobs_metrics  # noqa: F401 - registers them
from live import log
from live import metrics as _live_metrics  # noqa: F401 - registers them
from tests.docs.reading import code_of, rows_of, text_of
from tests.services import Site


def test_every_metric_of_ours_stands_there_with_its_type() -> None:
    names = {}
    for family in REGISTRY.collect():
        if family.name.startswith(("live_", "jobs_")):
            counted = family.type == "counter"
            names[f"{family.name}_total" if counted else family.name] = family.type
    said = {
        code_of(name): kind.split(",")[0]
        for name, kind, *_ in rows_of(text_of("docs/operations.md"))
        if code_of(name).startswith(("live_", "jobs_"))
    }
    assert said == names


@pytest.mark.django_db
def test_new_epoch_changes_the_epoch_and_says_to_restart() -> None:
    before = log.epoch()
    said = StringIO()
    call_command("new_epoch", stdout=said)
    after = log.epoch()
    assert after != before
    found = re.search(r"^epoch: (.+)$", said.getvalue(), re.MULTILINE)
    assert found is not None
    assert uuid.UUID(found[1]) == after
    assert "restart" in said.getvalue()


@pytest.mark.django_db
def test_new_epoch_of_a_log_that_never_had_one() -> None:
    said = StringIO()
    call_command("new_epoch", stdout=said)
    assert str(log.epoch()) in said.getvalue()


def test_the_procfile_is_as_described() -> None:
    lines = text_of("Procfile").splitlines()
    processes = [tuple(line.split(": ", 1)) for line in lines]
    rows = rows_of(text_of("docs/operations.md"))
    said = [(code_of(row[0]), code_of(row[1])) for row in rows]
    assert [process for process in processes if process not in said] == []


@pytest.mark.slow
def test_health_and_metrics_are_answered_on_plain_http_where_pages_are_not(tmp_path: Path) -> None:
    site = Site.on_sqlite(tmp_path, HTTPS_ONLY="1", DJANGO_SETTINGS_MODULE="server.settings")
    said = site.run(
        "-c",
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client(SERVER_NAME='127.0.0.1')\n"
        "for path in ('/healthz', '/readyz', '/metrics', '/'):\n"
        "    print(client.get(path).status_code)",
    )
    assert said.split() == ["200", "200", "200", "301"]


@pytest.mark.parametrize(
    ("variables", "asks"),
    [
        ({"HOST": "127.0.0.1", "TRUST_PROXY": "0"}, False),
        ({"HOST": "192.0.2.1", "TRUST_PROXY": "0"}, True),
        ({"HOST": "127.0.0.1", "TRUST_PROXY": "1"}, True),
    ],
)
def test_who_can_be_reached_by_strangers_asks_for_a_set_up_code(
    tmp_path: Path, variables: dict[str, str], asks: bool
) -> None:
    site = Site(tmp_path, SETUP_CODE="", **variables)
    said = site.run("-c", "from server import settings; print(len(settings.SETUP_CODE))")
    assert said.split() == ["12" if asks else "0"]
