"""The demo's data files, read into plain records.

Times are kept as distances from now (`5d 09:40`: five days ago at 09:40 UTC; `41m`: 41 minutes
ago), so the conversations are always recent.
"""

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zlib import crc32

DATA = Path(__file__).parent / "data"
EVERYONE = "everyone"
_AT = re.compile(r"(?:(?P<days>\d+)d (?P<hour>\d\d):(?P<minute>\d\d)|(?P<minutes>\d+)m)")


def moment(at: str, now: datetime) -> datetime:
    """Return the time that lies so far back from now; a form as the module's docstring says."""
    found = _AT.fullmatch(at)
    if found is None:
        message = f"not a time: {at}"
        raise ValueError(message)
    if found["minutes"]:
        return now - timedelta(minutes=int(found["minutes"]))
    day = now - timedelta(days=int(found["days"]))
    return day.replace(
        hour=int(found["hour"]), minute=int(found["minute"]), second=0, microsecond=0
    )


@dataclass(frozen=True)
class DemoOrganisation:
    """A row of `organisations.csv`, with its descriptions.

    Attributes:
        accompanied_by: Name of an intermediary, "" for none.
        descriptions: Text by language; English always, others from `descriptions.csv`.
    """

    name: str
    country: str
    town: str
    region: str
    kind: str
    sectors: tuple[str, ...]
    languages: tuple[str, ...]
    founded: int
    size: str
    website: str
    accompanied_by: str
    descriptions: dict[str, str]


@dataclass(frozen=True)
class DemoPerson:
    """A row of `people.csv`; `key` is the name by which rooms refer to the person."""

    key: str
    name: str
    organisation: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class DemoMessage:
    """One message of a room.

    Attributes:
        at: When it was written, as the module's docstring says.
        reply_to: Label of an earlier message of the room, "" for none.
        reactions: Keys of people by emoji.
    """

    at: str
    by: str
    text: str
    language: str
    label: str
    reply_to: str
    reactions: dict[str, tuple[str, ...]]

    def posted_at(self, now: datetime) -> datetime:
        """Return when the message was written, seen from this moment."""
        return moment(self.at, now)


@dataclass(frozen=True)
class DemoRoom:
    """A channel with its messages, in the order they were written; `members` are keys of people.

    Attributes:
        members: None for everybody.
    """

    name: str
    purpose: str
    is_public: bool
    members: tuple[str, ...] | None
    messages: tuple[DemoMessage, ...]


@dataclass(frozen=True)
class DemoMatching:
    """A row of `matching.csv`; `private` are further needs, which nobody else sees."""

    organisation: str
    needs: tuple[str, ...]
    private: tuple[str, ...]
    offers: tuple[str, ...]
    wanted: tuple[str, ...]
    language: str
    programmes: tuple[str, ...]
    looking_for: str
    offering: str
    budget: str


def matching() -> list[DemoMatching]:
    """Return what organisations look for and offer."""
    return [
        DemoMatching(
            organisation=row["organisation"],
            needs=tuple(row["needs"].split()),
            private=tuple(row["private"].split()),
            offers=tuple(row["offers"].split()),
            wanted=tuple(row["wanted"].split()),
            language=row["language"],
            programmes=tuple(row["programmes"].split()),
            looking_for=row["looking_for"],
            offering=row["offering"],
            budget=row["budget"],
        )
        for row in _rows("matching.csv")
    ]


@dataclass(frozen=True)
class DemoRequest:
    """A row of `requests.csv`; `days` is how far ahead its deadline lies."""

    organisation: str
    needs: tuple[str, ...]
    offers: tuple[str, ...]
    sectors: tuple[str, ...]
    countries: tuple[str, ...]
    language: str
    audience: str
    days: int
    title: str
    text: str


def requests() -> list[DemoRequest]:
    """Return the cooperation requests of the demo, the oldest first."""
    return [
        DemoRequest(
            organisation=row["organisation"],
            needs=tuple(row["needs"].split()),
            offers=tuple(row["offers"].split()),
            sectors=tuple(row["sectors"].split()),
            countries=tuple(row["countries"].split()),
            language=row["language"],
            audience=row["audience"],
            days=int(row["days"]),
            title=row["title"],
            text=row["text"],
        )
        for row in _rows("requests.csv")
    ]


def organisations() -> list[DemoOrganisation]:
    """Return all organisations of the demo, the lead partner first."""
    texts: dict[str, dict[str, str]] = {}
    for row in _rows("descriptions.csv"):
        texts.setdefault(row["organisation"], {})[row["language"]] = row["text"]
    return [
        DemoOrganisation(
            name=row["name"],
            country=row["country"],
            town=row["town"],
            region=row["region"],
            kind=row["kind"],
            sectors=tuple(row["sectors"].split()),
            languages=tuple(row["languages"].split()),
            founded=int(row["founded"]),
            size=row["size"],
            website=row["website"],
            accompanied_by=row["accompanied_by"],
            descriptions={"en": row["description"], **texts.get(row["name"], {})},
        )
        for row in _rows("organisations.csv")
    ]


def people() -> list[DemoPerson]:
    """Return all people of the demo, those with sign-ins first."""
    return [
        DemoPerson(
            key=row["key"],
            name=row["name"],
            organisation=row["organisation"],
            languages=tuple(row["languages"].split()),
        )
        for row in _rows("people.csv")
    ]


def names() -> dict[str, list[tuple[str, str]]]:
    """Return given and family names by country: every pair that `names.csv` allows, mixed."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for row in _rows("names.csv"):
        found = pairs.setdefault(row["country"], [])
        found += [(g, f) for g in row["given"].split() for f in row["family"].split()]
    # Mixed the same way every time, so that neighbours in a list do not share a name.
    return {
        country: sorted(found, key=lambda pair: crc32(" ".join(pair).encode()))
        for country, found in pairs.items()
    }


def rooms() -> list[DemoRoom]:
    """Return the rooms of the demo, the one for everybody first."""
    return [_room(path) for path in sorted((DATA / "rooms").glob("*.toml"))]


def _room(path: Path) -> DemoRoom:
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    members = found["members"]
    return DemoRoom(
        name=found["name"],
        purpose=found["purpose"],
        is_public=found.get("is_public", True),
        members=None if members == EVERYONE else tuple(members.split()),
        messages=tuple(
            DemoMessage(
                at=message["at"],
                by=message["by"],
                text=message["text"].strip(),
                language=message["lang"],
                label=message.get("label", ""),
                reply_to=message.get("reply_to", ""),
                reactions={e: tuple(k.split()) for e, k in message.get("reactions", {}).items()},
            )
            for message in found["message"]
        ),
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class DemoResult:
    """A file of `results`, whose name is `name`: an entry of the library, and what it says."""

    name: str
    kind: str
    language: str
    at: str
    title: str
    summary: str
    themes: tuple[str, ...]
    countries: tuple[str, ...]
    text: str


@cache
def results() -> Mapping[str, DemoResult]:
    """Return what the demo's library holds, by name."""
    found = {}
    for path in sorted((DATA / "results").glob("*.toml")):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        themes, countries = (tuple(said.pop(name).split()) for name in ("themes", "countries"))
        found[path.stem] = DemoResult(name=path.stem, themes=themes, countries=countries, **said)
    return found


def texts() -> dict[tuple[str, str], str]:
    """What the site says on its pages, by kind and language."""
    found = {}
    for path in sorted((DATA / "texts").glob("*.md")):
        kind, language = path.stem.split(".")
        found[kind, language] = path.read_text(encoding="utf-8")
    return found
