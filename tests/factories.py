"""One factory per model: each returns a saved row that is valid with no argument at all."""

from itertools import count
from typing import Any

from base.clock import now
from members.actions import record_consents
from members.models import Accompaniment, Appointment, Member, Organisation

PASSWORD = "quiet-harbour-27"
_numbers = count(1)


def organisation(**fields: Any) -> Organisation:
    """Return a saved organisation with a name of its own, without sectors, languages, texts."""
    values: dict[str, Any] = {"name": f"Atelier {next(_numbers)}", "country": "EE"} | fields
    return Organisation.objects.create(**values)


def member(**fields: Any) -> Member:
    """Return a saved, active member who signs in with `PASSWORD`; `organisation` may be a name.

    The member stands in the directory; `consents` says otherwise.
    """
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"member-{number}@example.org",
        "name": f"Member {number}",
        "country": "EE",
        "time_zone": "Europe/Tallinn",
        "password": PASSWORD,
    } | fields
    if isinstance(values.get("organisation"), str):
        values["organisation"] = organisation(name=values["organisation"])
    consents = values.pop("consents", ("directory",))
    made = Member.objects.create_user(**values)
    record_consents(member=made, purposes=consents)
    return made


def appointment(**fields: Any) -> Appointment:
    """Return a role that was granted, a representative's unless said otherwise."""
    values: dict[str, Any] = {"role": "representative", "granted_at": now()} | fields
    values.setdefault("member", None)
    values["member"] = values["member"] or member()
    values.setdefault("organisation", None)
    values["organisation"] = values["organisation"] or organisation()
    return Appointment.objects.create(**values)


def accompaniment(**fields: Any) -> Accompaniment:
    """Return an accompaniment that holds; `confirmed_at=None` for one that is asked for."""
    values: dict[str, Any] = {"asked_side": "intermediary", "confirmed_at": now()} | fields
    if "intermediary" not in values:
        values["intermediary"] = organisation(kind="incubator")
    if "organisation" not in values:
        values["organisation"] = organisation(kind="business")
    return Accompaniment.objects.create(**values)
