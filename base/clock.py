"""The one clock: every time that is stored comes from here, aware and in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, UTC, microseconds kept."""
    return datetime.now(UTC)


def wire_time(moment: datetime) -> str:
    """A moment as the wire writes it: ISO 8601, UTC, milliseconds, ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
