"""REST: who gets what, pages, search, and changing one's own account."""

from collections.abc import Callable

import pytest
from django.test import Client

from members.models import FIELDS, Member
from members.vocabulary import OrganisationKind
from tests import factories

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
JSON = "application/json"


@pytest.mark.parametrize("who", ["guest", "member", "moderator", "staff"])
def test_me_is_oneself(people: dict[str, Member], signed_in: SignedIn, who: str) -> None:
    answer = signed_in(who).get("/api/v1/me/")
    assert (answer.status_code, answer.json()["id"]) == (200, people[who].pk)


def test_me_refuses_strangers(client: Client) -> None:
    assert client.get("/api/v1/me/").status_code in {401, 403}


def test_me_shape(client: Client) -> None:
    member = factories.member(
        name="Anna Tamm", organisation="Loom", languages=["et"], is_moderator=True
    )
    client.force_login(member)
    assert client.get("/api/v1/me/").json() == {
        "id": member.pk,
        "name": "Anna Tamm",
        "email": member.email,
        "card": {
            "id": member.pk,
            "name": "Anna Tamm",
            "organisation": "Loom",
            "country": "EE",
            "organisation_id": member.organisation_id,
        },
        "languages": ["et"],
        "time_zone": "Europe/Tallinn",
        "locale": "",
        "details": {
            "pronouns": "",
            "picture": "",
            "levels": {},
            "working_hours": {"days": [], "start": "", "end": ""},
            "interests": "",
            "sectors": [],
            "about": "",
            "links": [],
            "audiences": dict.fromkeys(FIELDS, "members"),
        },
        "kind": "member",
        "roles": ["moderator"],
    }


@pytest.mark.parametrize("path", ["members/", "members/{member}/", "organisations/",
                                  "organisations/{organisation}/"])  # fmt: skip
def test_directory_is_for_members(signed_in: SignedIn, path: str) -> None:
    subject = factories.member(organisation="Loom")
    address = "/api/v1/" + path.format(member=subject.pk, organisation=subject.organisation_id)
    statuses = {
        who: signed_in(who).get(address).status_code
        for who in ("stranger", "guest", "member", "moderator", "staff")
    }
    assert statuses.pop("stranger") in {401, 403}
    assert statuses == {"guest": 403, "member": 200, "moderator": 200, "staff": 200}


def test_members_are_searched_and_paged(client: Client) -> None:
    for number in range(3):
        factories.member(name=f"Anna {number}", country="LV")
    client.force_login(factories.member(name="Bert"))

    def names(query: str) -> list[str]:
        return [row["name"] for row in client.get(f"/api/v1/members/?{query}").json()["results"]]

    assert names("search=anna") == ["Anna 0", "Anna 1", "Anna 2"]
    assert names("country=EE") == ["Bert"]
    assert names("limit=2&page=2") == ["Anna 2", "Bert"]


def test_organisations_are_filtered(client: Client) -> None:
    factories.organisation(name="Loom", kind=OrganisationKind.INCUBATOR, town="Tartu")
    factories.organisation(name="Kino", country="LT")
    client.force_login(factories.member())

    def names(query: str) -> list[str]:
        rows = client.get(f"/api/v1/organisations/?{query}").json()["results"]
        return [row["name"] for row in rows]

    assert names("") == ["Kino", "Loom"]
    assert names("search=tartu") == ["Loom"]
    assert names("country=LT") == ["Kino"]
    assert names("kind=incubator") == ["Loom"]


def test_patch_me_changes_only_what_it_names(client: Client) -> None:
    member = factories.member(name="Anna", organisation="Loom", languages=["et"])
    client.force_login(member)
    answer = client.patch("/api/v1/me/", {"name": "Anna Tamm", "locale": "de"}, JSON)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["name"], body["card"]["organisation"], body["languages"], body["locale"]) == (
        "Anna Tamm", "Loom", ["et"], "de",
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": 5}, {"country": "XX"}, {"languages": ["english"]},
     {"time_zone": "Mars/Base"}, {"locale": "tlh"}, {"languages": "en"}, []],
)  # fmt: skip
def test_patch_me_refuses_bad_values(client: Client, change: object) -> None:
    member = factories.member(name="Anna")
    client.force_login(member)
    assert client.patch("/api/v1/me/", change, JSON).status_code == 422
    member.refresh_from_db()
    assert member.name == "Anna"


def test_patch_me_is_done_once_per_key(client: Client) -> None:
    member = factories.member()
    client.force_login(member)
    key = {"Idempotency-Key": "9b2f6a0e-1111-4222-8333-444455556666"}
    first = client.patch("/api/v1/me/", {"name": "First"}, JSON, headers=key)
    client.patch("/api/v1/me/", {"name": "Second"}, JSON)
    again = client.patch("/api/v1/me/", {"name": "First"}, JSON, headers=key)
    other = client.patch("/api/v1/me/", {"name": "Third"}, JSON, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    member.refresh_from_db()
    assert member.name == "Second"
