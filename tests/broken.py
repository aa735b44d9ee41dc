"""``python -m tests.broken``: break the core on purpose, and see the suites go red.

Each mistake is one that systems of this kind were found to make. It is made in a copy of the
checkout, and the named tests run there: the command fails where they still pass. With ``--list``
it only says what it would do.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Mistake:
    """One way to break the promise.

    Attributes:
        changes: What is replaced by what, in which file.
        tests: What of the suites is run; a part of them must fail.
    """

    name: str
    changes: tuple[tuple[str, str, str], ...]
    tests: tuple[str, ...]


CONTRACT = ("tests/contract", "-k", "sqlite-uvicorn and not takes_long")
MISTAKES = (
    Mistake(
        "a plain sequence instead of the counter under the topic's lock",
        (
            ("live/units.py", "        head.seq += 1\n", "        head.seq = next(_numbers)\n"),
            (
                "live/units.py",
                "\n@dataclass\nclass _Head:",
                "\n_numbers = iter(range(1, 10**9))\n\n\n@dataclass\nclass _Head:",
            ),
        ),
        ("tests/live/test_units.py", "tests/chat/test_law.py"),
    ),
    Mistake(
        "the hint before the commit",
        (
            (
                "live/units.py",
                "transaction.on_commit(lambda: announce.committed(facts))",
                "announce.committed(facts)",
            ),
        ),
        ("tests/live/test_units.py",),
    ),
    Mistake(
        "no key look-up",
        (
            (
                "live/performing.py",
                "    place = (job.actor_id, job.key)\n    if place in used:",
                "    place = (job.actor_id, job.key)\n    if False and place in used:",
            ),
        ),
        ("tests/live/test_units.py",),
    ),
    Mistake(
        "whoever was removed is served on",
        (
            (
                "live/delivery.py",
                'for member in entry.access.get("out", ()):',
                "for member in ():",
            ),
        ),
        (*CONTRACT, "-k", "sqlite-uvicorn and removal"),
    ),
    Mistake(
        "a failed job leaves the topics behind that it made",
        (
            (
                "live/units.py",
                "            del self.heads[name]\n",
                "            self.heads[name]\n",
            ),
        ),
        ("tests/live/test_units.py",),
    ),
    Mistake(
        "a window without an end",
        (
            (
                "live/protocol.py",
                "            self.events + events <= limits.WINDOW_EVENTS\n",
                "            self.events + events <= 10**9\n",
            ),
        ),
        ("tests/live/test_protocol.py",),
    ),
    Mistake(
        "an event that says a difference: reactions without those that were there",
        (
            (
                "chat/actions/messages.py",
                "fresh=partial(MessageReacted, id=message.pk, reactions=totals)",
                "fresh=partial(MessageReacted, id=message.pk, reactions=totals[-1:])",
            ),
            (
                "chat/live/messages.py",
                "        return MessageReacted(id=message.pk, reactions=totals)",
                "        return MessageReacted(id=message.pk, reactions=totals[-1:])",
            ),
        ),
        ("tests/chat/test_law.py",),
    ),
)


def copy_of_checkout(folder: Path) -> None:
    """All that git knows of, as it stands now, and the built front end."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in listed.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / "static" / "dist").symlink_to(ROOT / "static" / "dist")


def caught(mistake: Mistake) -> list[str]:
    """The tests that fail with this mistake."""
    with tempfile.TemporaryDirectory(prefix="ports-broken-") as name:
        folder = Path(name)
        copy_of_checkout(folder)
        for path, old, new in mistake.changes:
            text = (folder / path).read_text(encoding="utf-8")
            assert old in text, f"{mistake.name}: {path} has changed; so must this list"
            (folder / path).write_text(text.replace(old, new), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--tb=no", "--show-capture=no", *mistake.tests],
            cwd=folder,
            env=os.environ | {"DATA_DIR": str(folder / "var"), "CI": ""},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode in {0, 1}, f"the tests could not run:\n{done.stdout}{done.stderr}"
    return [line for line in done.stdout.splitlines() if line.startswith("FAILED")]


def main() -> int:
    """Make every mistake; returns 1 where one was not found out."""
    parser = argparse.ArgumentParser(prog="python -m tests.broken", description=__doc__)
    parser.add_argument("--list", action="store_true", help="say what would be broken")
    parser.add_argument("--only", default="", help="mistakes whose name holds this")
    chosen = parser.parse_args()
    missed = 0
    for mistake in (one for one in MISTAKES if chosen.only in one.name):
        sys.stdout.write(f"\n{mistake.name}\n")
        if chosen.list:
            continue
        failed = caught(mistake)
        missed += not failed
        sys.stdout.write("\n".join(failed or ["NOT FOUND OUT"]) + "\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
