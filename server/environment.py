"""Every environment variable that the project reads, declared once.

``docs/settings.md`` lists them all; a test compares the two.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, its default as text, what it is for."""

    name: str
    default: str
    purpose: str

    def text(self) -> str:
        """The value that is set, or the default."""
        return os.environ.get(self.name, "") or self.default

    def flag(self) -> bool:
        """Whether the value says yes (``1``, ``true``, ``yes``, ``on``)."""
        return self.text().lower() in {"1", "true", "yes", "on"}

    def number(self) -> int:
        """The value as a whole number."""
        return int(self.text())

    def items(self) -> list[str]:
        """The value as a list, cut at commas."""
        return [part.strip() for part in self.text().split(",") if part.strip()]


DATA_DIR = Variable("DATA_DIR", "var", "Folder of the database, secret key and uploads.")
DEBUG = Variable("DEBUG", "0", "Django's debug pages; for development only.")
DEMO = Variable("DEMO", "0", "Fill an empty database with the demo; `make run` sets it to 1.")
DEMO_PASSWORD = Variable("DEMO_PASSWORD", "baltic-ports-demo", "Password of the demo sign-ins.")
HOST = Variable("HOST", "127.0.0.1", "Address to bind.")
PORT = Variable("PORT", "8000", "Port to bind.")
ASGI_SERVER = Variable("ASGI_SERVER", "uvicorn", "`uvicorn` or `daphne`.")
ALLOWED_HOSTS = Variable(
    "ALLOWED_HOSTS", "", "Host names the site answers to, cut at commas; `*` for any."
)
SITE_URL = Variable("SITE_URL", "", "Address of the site in mails, e.g. https://ports.example.")
SECRET_KEY = Variable("SECRET_KEY", "", "Signing key; made under DATA_DIR when empty.")
SETUP_CODE = Variable(
    "SETUP_CODE", "", "Code that the first-run page asks for; made at start when empty."
)
DATABASE_URL = Variable("DATABASE_URL", "", "PostgreSQL address; SQLite under DATA_DIR if empty.")
DATABASE_POOL = Variable("DATABASE_POOL", "12", "Most PostgreSQL connections of one process.")
REDIS_URL = Variable("REDIS_URL", "", "Redis address; the in-memory layer when empty.")
REDIS_LAYER = Variable("REDIS_LAYER", "pubsub", "channels-redis layer: `pubsub` or `core`.")
TRUST_PROXY = Variable(
    "TRUST_PROXY", "0", "Believe X-Forwarded-Proto and -For of the proxy in front."
)
HTTPS_ONLY = Variable("HTTPS_ONLY", "0", "Cookies over HTTPS only, HSTS, redirect from http.")
EMAIL_URL = Variable("EMAIL_URL", "", "smtp://user:password@host:port; the console when empty.")
EMAIL_FROM = Variable("EMAIL_FROM", "ports@localhost", "Sender of mails.")
VAPID_PRIVATE_KEY = Variable(
    "VAPID_PRIVATE_KEY", "", "Key of push messages, base64url; made under DATA_DIR when empty."
)
OIDC_PROVIDERS = Variable(
    "OIDC_PROVIDERS",
    "",
    "JSON list of OpenID Connect providers: id, name, issuer, client_id, client_secret.",
)
WORKER = Variable(
    "WORKER", "", "Run the worker in a thread of the server: 1, 0; empty: 1 on SQLite."
)
LOG_LEVEL = Variable("LOG_LEVEL", "info", "Least level that is logged.")
METRICS_TOKEN = Variable("METRICS_TOKEN", "", "Bearer token of /metrics; loopback only when empty.")
LINK_PREVIEWS = Variable(
    "LINK_PREVIEWS", "1", "Fetch the pages that messages link to, and show what they are."
)
LOG_DAYS = Variable("LOG_DAYS", "0", "Days that events are kept for replay; 0 keeps all.")
WRITES_PER_S = Variable("WRITES_PER_S", "10", "Writes a member may make a second, sustained.")
WRITES_BURST = Variable("WRITES_BURST", "30", "Writes a member may make at once.")
FILE_MAX_MB = Variable("FILE_MAX_MB", "20", "Largest file that members may attach, in MB.")
FILE_QUOTA_ORGANISATION_MB = Variable(
    "FILE_QUOTA_ORGANISATION_MB", "5000", "Files that an organisation may keep, in MB."
)
FILE_QUOTA_MEMBER_MB = Variable(
    "FILE_QUOTA_MEMBER_MB", "500", "Files that a member without an organisation may keep, in MB."
)
LISTEN_BACKLOG = Variable("LISTEN_BACKLOG", "2048", "Connections that may wait to be accepted.")

VARIABLES = tuple(value for value in globals().values() if isinstance(value, Variable))


def data_dir() -> Path:
    """The data folder, made if it was missing."""
    folder = Path(DATA_DIR.text())
    folder = folder if folder.is_absolute() else ROOT / folder
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_secret(name: str) -> str:
    """A random text kept in a file of the data folder that only its owner reads."""
    path = data_dir() / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        made = secrets.token_urlsafe(50)
        file.write(made)
    return made


def build_id() -> str:
    """The id of the front end that is built, or ``unbuilt``."""
    path = ROOT / "static" / "dist" / "build.txt"
    return path.read_text(encoding="ascii").strip() if path.exists() else "unbuilt"


def oidc_apps() -> list[dict[str, Any]]:
    """The OpenID Connect providers as allauth takes them.

    Raises:
        ValueError: the variable is no JSON list, or a provider lacks a field.
    """
    fields = ("id", "name", "issuer", "client_id", "client_secret")
    given = json.loads(OIDC_PROVIDERS.text() or "[]")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        message = "OIDC_PROVIDERS is not a JSON list of objects"
        raise ValueError(message)
    apps = []
    for one in given:
        missing = [name for name in fields if not isinstance(one.get(name), str)]
        if missing:
            message = f"OIDC_PROVIDERS: {one.get('id', '?')} lacks {', '.join(missing)}"
            raise ValueError(message)
        apps.append(
            {
                "provider_id": one["id"],
                "name": one["name"],
                "client_id": one["client_id"],
                "secret": one["client_secret"],
                "settings": {"server_url": one["issuer"]},
            }
        )
    return apps
