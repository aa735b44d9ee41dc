"""Independent programs, written from the protocol alone, find nothing wrong."""

import pytest

from tests.outside.conftest import Judge

pytestmark = [pytest.mark.faults, pytest.mark.slow]
STARVED = 3


@pytest.mark.parametrize("check", ["promise", "refuse", "rest"])
def test_black_box_finds_no_problem(check: str, demo: Judge) -> None:
    done = demo.run("blackbox.py", check)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [("kill9+cut+ackloss", 22), ("redis-kill", 12), ("slow", 48), ("storm", 12)],
)
def test_fault_harness_finds_the_promise_kept(
    fault: str, seconds: int, two_processes: Judge
) -> None:
    for _ in range(2):
        done = two_processes.run("faults.py", fault, "--seconds", str(seconds))
        if done.returncode != STARVED:
            break
    else:
        pytest.fail(f"the machine was too busy, twice, to judge times: {done.stdout[-2000:]}")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
