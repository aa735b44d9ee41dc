"""Portfolios: columns of other parts, invitations by file that are all sent or none, answers."""

from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import gettext_lazy

from members import portfolio
from members.actions.portfolio import mail_invitation
from members.links import portfolio_token
from members.models import Invitation, Organisation, PortfolioInvitation, SiteSettings
from members.portfolio import Cell, Column
from members.portfolio_csv import read_invited
from members.vocabulary import Gap
from tests import factories
from tests.members.organising import House, house, rows

pytestmark = pytest.mark.django_db
GOOD = "name,country,email\nAtelier Meer,de,Post@Example.org\n"


def send(client: Client, place: House, text: str | bytes) -> int:
    """Send a file of invitations; return the status."""
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("people.csv", data, "text/csv")
    answer = client.post(f"/organisations/{place.incubator.pk}/portfolio/", {"file": file})
    return answer.status_code


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_file_is_read_as_spreadsheets_save_it(delimiter: str) -> None:
    head = "\ufeffEmail,Name,Country,Town,Kind,Language"
    text = f"{head}\r\nA@b.example, Õie  Luik ,ee,,freelancer,et\r\n\r\n"
    found, wrong = read_invited(text.replace(",", delimiter).encode())
    assert wrong == []
    assert [(r.line, r.name, r.country, r.email, r.kind, r.language) for r in found] == [
        (2, "Õie Luik", "EE", "a@b.example", "freelancer", "et")
    ]


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"", 1),
        (b"name,country\nA,EE\n", 1),
        (b"name,country,email\n", 1),
        (b"name,country,email\n\xff,EE,a@b.example\n", 1),
        (b'name,country,email\n"A,EE,a@b.example\n', 1),
        (b"name,country,email\nA,Estonia,nowhere\n", 2),
        (b"name,country,email\nA,EE,a@b.example\nB,EE,A@b.example\n", 1),
        (b"name,country,email,kind,language\nA,EE,a@b.example,circus,tlh\n", 2),
        (b"name,country,email\n" + b"A,EE,a@b.example\n" * 201, 1),
        (b"x" * (257 * 1024), 1),
    ],
)
def test_what_is_wrong_with_a_file_is_said_line_by_line(data: bytes, problems: int) -> None:
    found, wrong = read_invited(data)
    assert (found, len(wrong)) == ([], problems)


def test_nobody_is_invited_while_a_line_is_wrong(site: SiteSettings, client: Client) -> None:
    place = house()
    client.force_login(place.people["accompanying"])
    before = rows()
    assert send(client, place, GOOD + "Second,XX,post@second.example\n") == 422
    assert (rows(), mail.outbox) == (before, [])


def test_only_who_represents_it_invites(site: SiteSettings, client: Client) -> None:
    place = house()
    editor = factories.appointment(organisation=place.incubator, role="editor").member
    for actor in (editor, place.people["staff"], place.people["outsider"]):
        client.force_login(actor)
        before = rows()
        assert send(client, place, GOOD) == 403
        assert rows() == before


def test_invited_twice_is_refused_and_writes_nothing(site: SiteSettings, client: Client) -> None:
    place = house()
    client.force_login(place.people["accompanying"])
    assert send(client, place, GOOD) == 302
    before = rows()
    assert (
        send(client, place, "name,country,email\nNew,EE,n@b.example\nX,DE,post@example.org\n")
        == 422
    )
    assert rows() == before


@pytest.fixture
def invited(site: SiteSettings) -> tuple[House, PortfolioInvitation, str]:
    """A house whose incubator has invited one organisation, and the link's path."""
    place = house()
    client = Client()
    client.force_login(place.people["accompanying"])
    assert send(client, place, GOOD) == 302
    row = PortfolioInvitation.objects.get()
    return place, row, f"/portfolio/invitation/{portfolio_token(row.invitation_id)}/"


def test_mail_goes_once_and_its_link_works(
    invited: tuple[House, PortfolioInvitation, str], client: Client
) -> None:
    _place, row, path = invited
    for _ in range(2):
        mail_invitation(invitation_id=row.pk, site_at="https://ports.example/")
    assert [message.to for message in mail.outbox] == [["post@example.org"]]
    assert f"https://ports.example{path}" in mail.outbox[0].body
    assert client.get(path).status_code == 200
    assert client.get(path.replace("invitation/", "invitation/1")).status_code == 410


def test_a_newcomer_may_sign_up_by_the_link(
    invited: tuple[House, PortfolioInvitation, str], client: Client
) -> None:
    _place, row, path = invited
    SiteSettings.objects.update(registration="invitation")
    client.get(path)
    assert client.get("/accounts/signup/?email=post@example.org").status_code == 200
    assert client.session["invitation"] == portfolio_token(row.invitation_id)


def test_agreeing_makes_the_organisation_and_the_accompaniment(
    invited: tuple[House, PortfolioInvitation, str], client: Client
) -> None:
    place, row, path = invited
    client.force_login(place.people["outsider"])
    assert client.post(path, {"organisation": ""}).status_code == 302
    row.refresh_from_db()
    made = Organisation.objects.get(name="Atelier Meer", country="DE", kind="business")
    assert row.accompaniment is not None
    assert (row.accompaniment.organisation, row.accompaniment.state) == (made, "holding")
    assert row.accompaniment.confirmed_by == place.people["outsider"]
    before = rows()
    assert client.post(path, {"organisation": ""}).status_code == 410
    assert (rows(), Invitation.objects.usable().count()) == (before, 0)


def test_agreeing_for_an_organisation_of_ones_own(
    invited: tuple[House, PortfolioInvitation, str], client: Client
) -> None:
    place, row, path = invited
    own = factories.appointment()
    client.force_login(own.member)
    assert client.post(path, {"organisation": str(place.business.pk)}).status_code == 422
    assert client.post(path, {"organisation": str(own.organisation.pk)}).status_code == 302
    row.refresh_from_db()
    assert row.accompaniment is not None
    assert row.accompaniment.organisation == own.organisation


def test_declining_ends_the_link(
    invited: tuple[House, PortfolioInvitation, str], client: Client
) -> None:
    _place, row, path = invited
    assert client.post(path, {"decline": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.answered_at is not None, row.accompaniment) == (True, None)
    assert client.get(path).status_code == 410


def test_withdrawn_invitation_opens_nothing(
    invited: tuple[House, PortfolioInvitation, str], client: Client
) -> None:
    place, row, path = invited
    address = f"/organisations/{place.incubator.pk}/portfolio/{row.pk}/withdraw/"
    client.force_login(place.people["outsider"])
    assert client.post(address).status_code == 403
    client.force_login(place.people["accompanying"])
    assert client.post(address).status_code == 302
    assert client.get(path).status_code == 410
    assert Invitation.objects.usable().count() == 0


@pytest.fixture
def column() -> Iterator[Column]:
    """A column as an app above registers it."""
    made = Column(
        "test.open", gettext_lazy("Open"),
        lambda ids: {pk: [Cell("2 open", "/elsewhere/")] for pk in ids},
    )  # fmt: skip
    portfolio.register_column(made)
    yield made
    portfolio._columns.pop("test.open")


def test_columns_of_other_parts_and_gaps_are_shown_of_those_that_agreed(
    site: SiteSettings, client: Client, column: Column
) -> None:
    place = house()
    asked = factories.organisation(name="Asked")
    factories.accompaniment(intermediary=place.incubator, organisation=asked, confirmed_at=None)
    client.force_login(place.people["accompanying"])
    body = client.get(f"/api/v1/organisations/{place.incubator.pk}/portfolio/").json()
    found = {row["organisation"]["name"]: (row["state"], row["columns"]["test.open"], row["gaps"])
             for row in body["results"]}  # fmt: skip
    gaps = [gap.value for gap in Gap if gap != Gap.REPRESENTATIVE]
    assert found == {
        "Loom": ("holding", [{"text": "2 open", "url": "/elsewhere/"}], gaps),
        "Asked": ("asked", [], []),
    }
    page = client.get(f"/organisations/{place.incubator.pk}/portfolio/").text
    assert 'href="/elsewhere/"' in page
