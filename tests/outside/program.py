"""``python -m tests.outside.program FILE ARGUMENTS…``: run a program as it stands, asyncio mended.

Before Python 3.11.7 a transport that was told in ``connection_made`` to read nothing yet read all
the same, so a relay got data before it had dialled. Debian 12 has 3.11.2.
"""

import runpy
import sys
from asyncio import selector_events
from typing import Any


def mend() -> None:
    """Have transports heed a pause from the beginning, as later Pythons do."""
    transport: Any = selector_events._SelectorSocketTransport  # type: ignore[attr-defined]
    begin = transport._add_reader

    def heeding(self: Any, *arguments: Any) -> None:
        if self.is_reading():
            begin(self, *arguments)

    transport._add_reader = heeding


if __name__ == "__main__":
    if sys.version_info < (3, 11, 7):
        mend()
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
