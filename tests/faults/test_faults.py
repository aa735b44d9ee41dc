"""The promise holds whatever breaks: nothing acknowledged is lost, doubled or out of order."""

import sqlite3
import sys
from contextlib import closing

import pytest

from tests.faults.breakages import EXTRAS, FAULTS, MID_WRITE, REDIS_LOST, Fault
from tests.faults.cluster import Cluster
from tests.faults.run import Run

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("cluster", ["pubsub"], indirect=True)
async def test_the_promise_holds_on_two_processes(
    cluster: Cluster, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    await hold(cluster, fault, capsys)


@pytest.mark.parametrize("fault", [REDIS_LOST], ids=str)
@pytest.mark.parametrize("cluster", ["core"], indirect=True)
async def test_the_promise_holds_with_the_core_layer(
    cluster: Cluster, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    await hold(cluster, fault, capsys)


async def test_the_promise_holds_on_sqlite_killed_in_mid_write(
    embedded: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    await hold(embedded, MID_WRITE, capsys)
    with closing(sqlite3.connect(embedded.site.folder / "ports.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def hold(cluster: Cluster, fault: Fault, capsys: pytest.CaptureFixture[str]) -> None:
    """Run the fault; once more where only a time was missed, for others may use the machine."""
    run = await played(cluster, fault)
    tell(capsys, fault, run)
    if run.late and not run.broken:
        run = await played(cluster, fault)
        tell(capsys, fault, run)
    assert run.broken == []
    assert run.late == []
    assert [name for name in fault.proof if not run.counts[name]] == []


async def played(cluster: Cluster, fault: Fault) -> Run:
    """A run of the fault, over and compared; the cluster is whole again."""
    await cluster.open()
    run = Run(cluster, seconds=fault.seconds, clients=fault.clients, rate=fault.rate)
    for kind in fault.extras:
        run.add(kind, *EXTRAS[kind])
    try:
        async with run.under_load():
            await fault.breaks(run)
    finally:
        await cluster.close()
    return run


def tell(capsys: pytest.CaptureFixture[str], fault: Fault, run: Run) -> None:
    """Say the figures, also of runs that hold."""
    with capsys.disabled():
        sys.stdout.write(f"\n{fault}: {run.told()}\n")
        for what in [*run.broken[:5], *run.late[:5]]:
            sys.stdout.write(f"  {what}\n")
