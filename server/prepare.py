"""What ``make run`` does before it serves: migrations, demo data, and what to tell the operator."""

import io
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

from server import environment as env

DEMO_MARK = "demo"
SIGN_INS = (
    ("anna@demo.example", "a member in Estonia"),
    ("jonas@demo.example", "a member in Germany"),
    ("liina@demo.example", "a moderator"),
    ("staff@demo.example", "staff"),
)


def prepare(host: str, port: int) -> None:
    """Bring the database up to date, fill the demo, say where the site is and who signs in.

    Raises:
        SystemExit: the data folder holds the demo, whose password is public, and a real site
            was asked for; or the other way round.
    """
    mark = settings.DATA_DIR / DEMO_MARK
    wants_demo = env.DEMO.flag()
    if mark.exists() and not wants_demo:
        sys.exit(
            f"{settings.DATA_DIR} holds the demo, whose password everybody knows.\n"
            "Choose another folder, e.g. DATA_DIR=var/site, or remove that one."
        )
    call_command("migrate", verbosity=0, interactive=False)
    if wants_demo and not mark.exists() and get_user_model().objects.exists():
        sys.exit(
            f"{settings.DATA_DIR} holds a site of its own, into which no demo belongs.\n"
            "Start it with DEMO=0, or give the demo another folder, e.g. DATA_DIR=var/demo."
        )
    if wants_demo and not mark.exists():
        sys.stdout.write("Filling the demo ...\n")
        sys.stdout.flush()
        call_command("seed", verbosity=0, stdout=io.StringIO())
        mark.touch()
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
    lines = ["", f"  Creative Ports: http://{shown}:{port}/"]
    if wants_demo:
        lines += [f"  {email:22} {what}" for email, what in SIGN_INS]
        lines += [f"  password: {settings.DEMO_PASSWORD}"]
    sys.stdout.write("\n".join([*lines, "", ""]))
    sys.stdout.flush()
