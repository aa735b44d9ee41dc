"""``manage.py worker``: background work in a process of its own."""

import signal

from django.core.management.base import BaseCommand

from jobs.worker import Worker


class Command(BaseCommand):
    """Runs tasks and periodic jobs until SIGTERM or SIGINT, then ends within seconds."""

    help = "Run background tasks and periodic jobs until SIGTERM; start as many as needed."

    def handle(self, *_args: object, **_options: object) -> None:
        """Start, wait for a signal, stop; a second signal ends at once."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        worker = Worker()
        worker.start()
        try:
            worker.join()
        except KeyboardInterrupt:
            worker.stop()
