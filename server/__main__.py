"""``python -m server``: one server process, uvicorn or Daphne, and its end without loss.

On SIGTERM it takes no new connections, lets commands under way be answered, sends every socket
``bye`` and closes it with 1012, all within ten seconds. In the embedded default the background
worker runs in a thread.
"""

import argparse
import gc
import os
import sys
import threading

from server import environment as env


def main() -> None:
    """Read the command line and serve until a signal ends it."""
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    parser.add_argument("--host", default=env.HOST.text(), help="address to bind")
    parser.add_argument("--port", type=int, default=env.PORT.number(), help="port to bind")
    parser.add_argument("--server", default=env.ASGI_SERVER.text(), choices=("uvicorn", "daphne"))
    parser.add_argument(
        "--prepare", action="store_true", help="migrate first, fill the demo if DEMO=1"
    )
    chosen = parser.parse_args()
    os.environ["HOST"] = chosen.host
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

    # Half a million new objects that all stay: looking for garbage among them would take longer
    # than making them.
    gc.disable()
    import django

    from base import detection

    # The first text that somebody writes would wait most of a second for the model. It is unpacked
    # beside the imports: once sockets come back after a crash, it would take seconds.
    threading.Thread(target=detection.load, name="language-model", daemon=True).start()
    django.setup()
    from django.conf import settings

    if chosen.prepare:
        from server.prepare import prepare

        prepare(chosen.host, chosen.port)
    worker = None
    if settings.RUNS_WORKER:
        from jobs.worker import Worker

        worker = Worker()
        worker.start()
    if settings.SETUP_CODE:
        from members.queries import is_first_run

        if is_first_run():
            sys.stderr.write(f"set-up code: {settings.SETUP_CODE}\n")
    # What is loaded now stays, and sockets live long: to look through all of it for garbage every
    # few hundred objects took a tenth of a busy room's time.
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()
    try:
        if chosen.server == "daphne":
            from server import daphne_server

            daphne_server.serve(chosen.host, chosen.port, env.LISTEN_BACKLOG.number())
        else:
            from server import uvicorn_server

            uvicorn_server.serve(chosen.host, chosen.port, env.LISTEN_BACKLOG.number())
    finally:
        if worker is not None:
            worker.stop()


if __name__ == "__main__":
    main()
