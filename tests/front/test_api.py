"""REST of what the operator writes and of the partners: everybody reads, staff write."""

from typing import Any

import pytest
from django.test import Client

from front.models import Partner, SiteText
from tests import factories

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def staff() -> Client:
    """A browser of staff."""
    client = Client()
    client.force_login(factories.member(is_staff=True))
    return client


def put(client: Client, path: str, body: object) -> Any:
    return client.put(f"/api/v1/{path}", body, content_type=JSON)


def test_staff_write_a_text_and_everybody_reads_it(staff: Client) -> None:
    said = put(staff, "site/texts/privacy/de/", {"text": "# Datenschutz"}).json()
    assert (said["text"], SiteText.objects.get().html) == (
        "# Datenschutz",
        "<h2>Datenschutz</h2>",
    )
    assert Client().get("/api/v1/site/texts/privacy/de/").json() == said
    assert Client().get("/api/v1/site/texts/").json()["results"] == [said]
    nothing = {"kind": "privacy", "language": "et", "text": "", "changed_at": None}
    assert Client().get("/api/v1/site/texts/privacy/et/").json() == nothing
    assert put(staff, "site/texts/privacy/de/", {"text": " "}).json()["text"] == ""
    assert SiteText.objects.count() == 0


def test_staff_choose_partners(staff: Client) -> None:
    lead, other = factories.organisation(name="Z"), factories.organisation(name="A")
    said = put(staff, "site/partners/", {"organisations": [other.pk], "lead": lead.pk}).json()
    assert [(p["organisation"]["name"], p["is_lead"]) for p in said["results"]] == [
        ("Z", True),
        ("A", False),
    ]
    assert Client().get("/api/v1/site/partners/").json() == said
    assert put(staff, "site/partners/", {"organisations": []}).json() == {"results": []}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("site/texts/privacy/de/", {"text": "\0"}, 422),
        ("site/texts/privacy/de/", {}, 422),
        ("site/texts/privacy/tlh/", {"text": "a"}, 404),
        ("site/texts/fame/de/", {"text": "a"}, 404),
        ("site/partners/", {"organisations": [10**6]}, 422),
        ("site/partners/", {"organisations": list(range(61))}, 422),
    ],
)
def test_what_is_wrong_writes_nothing(
    staff: Client, path: str, body: dict[str, Any], status: int
) -> None:
    assert put(staff, path, body).status_code == status
    assert (SiteText.objects.count(), Partner.objects.count()) == (0, 0)


def test_only_staff_write() -> None:
    organisation = factories.organisation()
    for standing in (None, {}, {"is_moderator": True, "is_organiser": True}, {"kind": "guest"}):
        client = Client()
        if standing is not None:
            client.force_login(factories.member(**standing))
        found = [
            put(client, "site/texts/terms/en/", {"text": "Mine"}).status_code,
            put(client, "site/partners/", {"organisations": [organisation.pk]}).status_code,
        ]
        assert found == ([401, 401] if standing is None else [403, 403])
    assert (SiteText.objects.count(), Partner.objects.count()) == (0, 0)
