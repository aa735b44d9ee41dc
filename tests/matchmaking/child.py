"""A process with a market of its own: ``python -m tests.matchmaking.child DATABASE``.

For each id that it reads it writes whom that organisation would be suggested now.
"""

import sys

import django
from django.db import connection


def main(database: str) -> None:
    """Answer until nothing more is asked."""
    django.setup()
    connection.settings_dict["NAME"] = database
    from matchmaking.queries.market import fits

    for line in sys.stdin:
        found = sorted(pk for pk, _score, _place in fits(int(line), 10, ()))
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
