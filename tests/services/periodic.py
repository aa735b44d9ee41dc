"""``python -m tests.services.periodic NAME…``: these periodic jobs now, as a worker runs them."""

import os
import sys

import django


def main() -> None:
    """Run each as long as there is something to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    django.setup()
    from jobs.periodic import _jobs

    for name in sys.argv[1:]:
        job = _jobs[name]
        assert job.needed is not None
        while job.needed():
            job.run()


if __name__ == "__main__":
    main()
