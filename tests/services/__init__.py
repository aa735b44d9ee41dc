"""Throw-away PostgreSQL, Redis and server processes for the suites that need the real thing.

Everything binds loopback on a free port, keeps its files and logs in a temporary folder and is
gone when its context ends. Where a program is not installed, ``missing()`` says why a suite is
skipped.
"""

from tests.services.ports import free_port
from tests.services.postgres import Postgres
from tests.services.redis import Redis
from tests.services.servers import Account, ServerProcess, Site

__all__ = ["Account", "Postgres", "Redis", "ServerProcess", "Site", "free_port"]
