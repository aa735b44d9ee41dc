"""Database reads for the event loop: a few threads whose connections stay open."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

THREADS = 3
P = ParamSpec("P")
T = TypeVar("T")
_logger = structlog.get_logger("live.readers")


class Readers:
    """Runs functions that read the database, outside the event loop.

    A connection that broke (the database was restarted) is replaced and the read done again,
    once; a second failure is the caller's to handle.
    """

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="live-read")

    async def run(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``read(*args)`` returns.

        Raises:
            django.db.OperationalError: the database is away.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: again(read, *args, **kwargs))

    def stop(self) -> None:
        """Take no more reads."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def again(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``read``, once more on a fresh connection if the kept one broke."""
    try:
        return read(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        _logger.warning("read again", error=str(error).strip())
        connection.close()
    try:
        return read(*args, **kwargs)
    except (OperationalError, InterfaceError):
        connection.close()
        raise
