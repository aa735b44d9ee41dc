"""Organisations: who may change what, what it says to whom, how it is shown and found."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from base.errors import Conflict, Forbidden, Invalid, Refusal
from live.models import Event
from members.access import role_in, visible_organisations
from members.actions import Profile, sign_up
from members.events import (
    AccompanimentAsk,
    AccompanimentName,
    OrganisationChange,
    OrganisationCreate,
    RoleAsk,
    RoleEnd,
    RoleGrant,
)
from members.models import Act, Appointment, Member, Organisation, SiteSettings
from members.vocabulary import OrganisationRole, Registration
from tests import factories
from tests.members.organising import STANDINGS, House, do, house, rows, told
from tests.members.signing import sign_in

pytestmark = pytest.mark.django_db
JSON = "application/json"
WORDS = {"ok": "ok", "no": "forbidden", "h": "not_found"}

# In the order of STANDINGS.
COMMANDS: list[tuple[str, Callable[[House], Any], str]] = [
    ("organisation.create", lambda h: OrganisationCreate(name="New", country="EE"),
     "ok ok ok ok ok ok no"),
    ("organisation.change", lambda h: OrganisationChange(id=h.business.pk, town="Narva"),
     "ok ok ok no no ok h"),
    ("role.ask", lambda h: RoleAsk(organisation=h.business.pk, role="editor"),
     "ok ok ok ok ok ok no"),
    ("role.grant",
     lambda h: RoleGrant(organisation=h.business.pk, member=h.people["asking"].pk, role="editor"),
     "ok no no no no ok h"),
    ("role.end", lambda h: RoleEnd(organisation=h.business.pk, member=h.people["editor"].pk),
     "ok ok no no no ok h"),
    ("accompaniment.ask",
     lambda h: AccompanimentAsk(
         intermediary=factories.organisation(kind="network").pk,
         organisation=h.business.pk, side="organisation"),
     "ok no no no no no h"),
    ("accompaniment.end", lambda h: AccompanimentName(id=h.accompaniment.pk),
     "ok no ok h h ok h"),
]  # fmt: skip


@pytest.mark.parametrize(("cmd", "data", "wanted"), COMMANDS)
def test_who_may_use_a_command(cmd: str, data: Callable[[House], Any], wanted: str) -> None:
    place = house()
    command = data(place)
    found = []
    for standing in STANDINGS:
        before, point = rows(), transaction.savepoint()
        try:
            do(place.people[standing], cmd, command)
        except Refusal as refusal:
            found.append(refusal.code)
            assert rows() == before, f"{standing}: refused, and yet something was written"
        else:
            found.append("ok")
        transaction.savepoint_rollback(point)
    assert found == [WORDS[word] for word in wanted.split()]


def test_only_the_side_that_was_asked_confirms() -> None:
    place = house()
    network = factories.organisation(kind="network")
    asker = factories.appointment(organisation=network).member
    asked = AccompanimentAsk(
        intermediary=network.pk, organisation=place.business.pk, side="intermediary"
    )
    number = do(asker, "accompaniment.ask", asked)["id"]
    before = rows()
    for standing, code in (("editor", "forbidden"), ("outsider", "not_found")):
        with pytest.raises(Refusal) as refused:
            do(place.people[standing], "accompaniment.confirm", AccompanimentName(id=number))
        assert refused.value.code == code
    with pytest.raises(Forbidden):
        do(asker, "accompaniment.confirm", AccompanimentName(id=number))
    assert rows() == before
    do(place.people["representative"], "accompaniment.confirm", AccompanimentName(id=number))
    assert told("accompaniment.changed") == sorted([asker.pk, place.people["representative"].pk])


def test_two_wishes_meet() -> None:
    place = house()
    network = factories.organisation(kind="network")
    asker = factories.appointment(organisation=network).member
    pair = {"intermediary": network.pk, "organisation": place.business.pk}
    do(asker, "accompaniment.ask", AccompanimentAsk(**pair, side="intermediary"))
    with pytest.raises(Conflict) as refused:
        do(asker, "accompaniment.ask", AccompanimentAsk(**pair, side="intermediary"))
    assert refused.value.code == "accompaniment.exists"
    do(place.people["representative"], "accompaniment.ask",
       AccompanimentAsk(**pair, side="organisation"))  # fmt: skip
    row = network.accompanies.get()
    assert (row.state, row.confirmed_by) == ("holding", place.people["representative"])


def test_a_business_accompanies_nobody() -> None:
    place = house()
    before = rows()
    with pytest.raises(Invalid) as refused:
        do(place.people["representative"], "accompaniment.ask",
           AccompanimentAsk(intermediary=place.business.pk, organisation=place.incubator.pk,
                            side="intermediary"))  # fmt: skip
    assert (refused.value.code, rows()) == ("accompaniment.not_an_intermediary", before)


def test_an_act_for_another_is_kept_and_told_and_ones_own_is_not() -> None:
    place = house()
    people = place.people
    do(people["accompanying"], "organisation.change",
       OrganisationChange(id=place.business.pk, town="Narva"))  # fmt: skip
    act = Act.objects.get()
    assert (act.member, act.organisation, act.accompaniment, act.what) == (
        people["accompanying"], place.business, place.accompaniment, "organisation.changed",
    )  # fmt: skip
    assert told("organisation.acted") == [people["representative"].pk]
    do(people["editor"], "organisation.change",
       OrganisationChange(id=place.business.pk, town="Võru"))  # fmt: skip
    do(people["staff"], "organisation.change",
       OrganisationChange(id=place.business.pk, town="Valga"))  # fmt: skip
    assert Act.objects.count() == 1


def test_nobody_acts_after_the_end() -> None:
    place = house()
    do(place.people["representative"], "accompaniment.end",
       AccompanimentName(id=place.accompaniment.pk))  # fmt: skip
    before = rows()
    with pytest.raises(Forbidden):
        do(place.people["accompanying"], "organisation.change",
           OrganisationChange(id=place.business.pk, town="Narva"))  # fmt: skip
    assert rows() == before


def test_a_change_that_changes_nothing_is_no_act() -> None:
    place = house()
    change = OrganisationChange(id=place.business.pk, town="Tartu", sectors=[], languages=[])
    do(place.people["accompanying"], "organisation.change", change)
    assert (Act.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"kind": "circus"}, "kind"),
        ({"country": "XX"}, "country"),
        ({"region": "DE60"}, "region"),
        ({"country": "DE", "region": "EE008"}, "region"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://me:secret@example.org/"}, "website"),
        ({"website": "https://example.org/\0"}, "website"),
        ({"founded": 999}, "founded"),
        ({"founded": 3000}, "founded"),
        ({"size": "huge"}, "size"),
        ({"sectors": ["MUS.none"]}, "sectors"),
        ({"sectors": ["MUS"] * 9}, "sectors"),
        ({"languages": ["Estonian"]}, "languages"),
        ({"descriptions": {"xx": "?"}}, "descriptions"),
        ({"descriptions": {"et": "x" * 4001}}, "descriptions"),
    ],
)
def test_change_refuses_bad_values(words: dict[str, Any], field: str) -> None:
    place = house()
    before = rows()
    with pytest.raises(Invalid) as refused:
        do(place.people["representative"], "organisation.change",
           OrganisationChange(id=place.business.pk, **words))  # fmt: skip
    assert (list(refused.value.fields), rows()) == ([field], before)


def test_an_intermediary_that_accompanies_stays_one() -> None:
    place = house()
    with pytest.raises(Invalid) as refused:
        do(place.people["accompanying"], "organisation.change",
           OrganisationChange(id=place.incubator.pk, kind="business"))  # fmt: skip
    assert list(refused.value.fields) == ["kind"]


def test_names_are_unique_in_a_country() -> None:
    place = house()
    with pytest.raises(Conflict) as refused:
        do(place.people["outsider"], "organisation.create",
           OrganisationCreate(name=" LOOM ", country="EE"))  # fmt: skip
    assert refused.value.code == "organisation.exists"
    do(place.people["outsider"], "organisation.create",
       OrganisationCreate(name="Loom", country="LV"))  # fmt: skip
    assert Organisation.objects.filter(name="Loom").count() == 2


def test_a_new_name_is_told_to_everybody_whose_card_has_it() -> None:
    place = house()
    worker = factories.member(organisation=None)
    worker.organisation = place.business
    worker.save()
    do(place.people["representative"], "organisation.change",
       OrganisationChange(id=place.business.pk, name="Weavers"))  # fmt: skip
    assert told("member.changed") == [worker.pk]
    people = place.people
    assert told("roles.changed") == sorted(
        people[w].pk for w in ("representative", "editor", "asking")
    )


def test_whoever_makes_an_organisation_represents_it() -> None:
    maker = factories.member()
    made = do(maker, "organisation.create", OrganisationCreate(name="Loom", country="EE"))["id"]
    role = Appointment.objects.get(organisation=made)
    maker.refresh_from_db()
    assert (role.member, role.role, maker.organisation_id) == (maker, "representative", made)


def test_a_typed_name_represents_only_what_is_new(site: SiteSettings) -> None:
    known = factories.organisation(name="Loom", country="EE")
    client = Client()
    member = factories.member()
    client.force_login(member)
    client.patch("/api/v1/me/", {"organisation": "loom"}, JSON)
    assert Appointment.objects.filter(organisation=known).count() == 0
    client.patch("/api/v1/me/", {"organisation": "Weavers"}, JSON)
    assert [row.organisation.name for row in Appointment.objects.all()] == ["Weavers"]


def test_rest_makes_changes_and_filters(client: Client) -> None:
    member = factories.member(languages=["de"])
    client.force_login(member)
    body = {
        "name": "Loom", "country": "EE", "kind": "freelancer", "region": "EE008", "town": "Tartu",
        "sectors": ["CRA.textile"], "languages": ["et", "en"], "founded": 2012, "size": "solo",
        "descriptions": {"et": "Kangad", "de": "Stoffe"},
    }  # fmt: skip
    made = client.post("/api/v1/organisations/", body, JSON)
    assert made.status_code == 201
    number = made.json()["id"]
    wanted = body | {
        "id": number, "website": "", "logo": "", "is_public": False, "description": "Stoffe",
    }  # fmt: skip
    assert made.json() == wanted
    changed = client.patch(
        f"/api/v1/organisations/{number}/", {"descriptions": {"de": ""}, "founded": None}, JSON
    )
    assert (changed.status_code, changed.json()["descriptions"], changed.json()["founded"]) == (
        200, {"et": "Kangad"}, None,
    )  # fmt: skip
    factories.organisation(name="Other", country="LV")

    def names(query: str) -> list[str]:
        found = client.get(f"/api/v1/organisations/?{query}").json()["results"]
        return [row["name"] for row in found]

    for query in (
        "sector=CRA",
        "sector=CRA.textile",
        "language=en",
        "region=EE",
        "kind=freelancer",
    ):
        assert names(query) == ["Loom"], query
    assert names("sector=MUS") == names("region=LV") == []


def test_sectors_are_for_everyone(client: Client) -> None:
    body = client.get("/api/v1/sectors/", headers={"Accept-Language": "en"}).json()
    assert body["count"] == 77
    assert body["results"][1] == {
        "code": "MUS.create", "parent": "MUS", "label": "Composition, songwriting",
        "nace2": ["90.03"], "nace21": ["90.11"], "teilmarkt": "Musik", "domains": ["B"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/organisations/{business}/", "404 200 200 200 200 200 200 404"),
        ("/organisations/{business}/edit/", "302 200 200 200 403 403 200 404"),
        ("/organisations/{business}/people/", "302 200 200 200 200 200 200 404"),
        ("/organisations/{business}/accompaniment/", "302 200 200 403 403 403 200 404"),
        ("/organisations/{incubator}/portfolio/", "302 403 403 200 403 403 200 404"),
        ("/organisations/{business}/portfolio/", "302 404 404 404 404 404 404 404"),
        ("/organisations/new/", "302 200 200 200 200 200 200 404"),
        ("/staff/roles/", "302 403 403 403 403 403 200 404"),
        ("/api/v1/organisations/{business}/", "401 200 200 200 200 200 200 403"),
        ("/api/v1/organisations/{business}/roles/", "401 200 200 200 200 200 200 403"),
        ("/api/v1/organisations/{business}/acts/", "401 200 200 403 403 403 200 403"),
        ("/api/v1/organisations/{incubator}/portfolio/", "401 403 403 200 403 403 200 403"),
        ("/api/v1/accompaniments/", "401 200 200 200 200 200 200 403"),
    ],
)
def test_who_may_open_an_address(site: SiteSettings, path: str, statuses: str) -> None:
    place = house()
    address = path.format(business=place.business.pk, incubator=place.incubator.pk)
    found = []
    for standing in ("stranger", *STANDINGS):
        client = Client()
        if standing != "stranger":
            client.force_login(place.people[standing])
        found.append(client.get(address).status_code)
    assert found == [int(status) for status in statuses.split()]


def test_strangers_see_a_public_page_without_its_people(site: SiteSettings, client: Client) -> None:
    place = house()
    worker = factories.member(name="Mirja Member", organisation=None)
    worker.organisation = place.business
    worker.save()
    Organisation.objects.filter(pk=place.business.pk).update(is_public=True)
    text = client.get(f"/organisations/{place.business.pk}/").text
    assert ("Loom" in text, "Mirja" in text, "Hub" in text) == (True, False, False)


def picture(color: str) -> SimpleUploadedFile:
    """A small PNG."""
    from io import BytesIO

    buffer = BytesIO()
    Image.new("RGB", (40, 30), color).save(buffer, "PNG")
    return SimpleUploadedFile("logo.png", buffer.getvalue(), "image/png")


def test_a_logo_is_kept_replaced_and_removed(site: SiteSettings, client: Client) -> None:
    place = house()
    client.force_login(place.people["accompanying"])
    address = f"/organisations/{place.business.pk}/logo/"
    assert client.post(address, {"logo": picture("red")}).status_code == 302
    place.business.refresh_from_db()
    first, storage = place.business.logo.name, place.business.logo.storage
    assert storage.exists(first or "")
    assert Act.objects.get().what == "organisation.logo_changed"
    bad = SimpleUploadedFile("logo.svg", b"<svg onload='x'/>", "image/svg+xml")
    assert client.post(address, {"logo": bad}).status_code == 422
    assert client.post(address, {"drop": "1"}).status_code == 302
    place.business.refresh_from_db()
    assert (place.business.logo.name, Act.objects.count()) == ("", 2)
    client.force_login(place.people["outsider"])
    assert client.post(address, {"drop": "1"}).status_code == 403


def test_acting_is_said_on_every_page_until_it_ends(site: SiteSettings, client: Client) -> None:
    place = house()
    client.force_login(place.people["accompanying"])
    assert "acting" not in client.get("/organisations/new/").text
    client.post("/acting/", {"organisation": place.business.pk})
    assert "Act for myself again" in client.get("/organisations/new/").text
    do(place.people["representative"], "accompaniment.end",
       AccompanimentName(id=place.accompaniment.pk))  # fmt: skip
    assert "Act for myself again" not in client.get("/organisations/new/").text
    assert "acting_for" not in client.session
    assert client.post("/acting/", {"organisation": place.business.pk}).status_code == 403


def test_page_form_keeps_what_was_typed_and_saves_texts(site: SiteSettings, client: Client) -> None:
    place = house()
    client.force_login(place.people["editor"])
    address = f"/organisations/{place.business.pk}/edit/"
    typed = {
        "name": "Loom", "kind": "business", "country": "EE", "region": "DE60", "town": "Tartu",
        "sectors": ["CRA.textile"], "languages": ["et"], "new_language": "et", "new_text": "Kangad",
    }  # fmt: skip
    wrong = client.post(address, typed)
    assert (wrong.status_code, "Kangad" in wrong.text) == (422, True)
    assert client.post(address, typed | {"region": "EE008"}).status_code == 302
    assert list(place.business.texts.values_list("language", "text")) == [("et", "Kangad")]
    again = {"region": "EE008", "text_et": "Villane", "new_language": "", "new_text": ""}
    assert client.post(address, typed | again).status_code == 302
    assert list(place.business.texts.values_list("text", flat=True)) == ["Villane"]
    assert [row.code for row in place.business.sectors.all()] == ["CRA.textile"]


def test_a_text_that_another_added_meanwhile_stays(site: SiteSettings, client: Client) -> None:
    place = house()
    client.force_login(place.people["editor"])
    address = f"/organisations/{place.business.pk}/edit/"
    seen = client.get(address).context["form"]["seen"].value()
    typed = {"name": "Loom", "kind": "business", "country": "EE", "seen": seen}
    added = typed | {"new_language": "pl", "new_text": "Tkaniny"}
    assert client.post(address, added).status_code == 302
    refused = client.post(address, typed | {"town": "Tartu"})
    assert refused.status_code == 422
    assert "Tkaniny" in refused.text
    place.business.refresh_from_db()
    assert (place.business.town, place.business.texts.get().text) == ("", "Tkaniny")
    known = {"seen": refused.context["form"]["seen"].value(), "text_pl": "Tkaniny"}
    assert client.post(address, typed | {"town": "Tartu"} | known).status_code == 302
    place.business.refresh_from_db()
    assert (place.business.town, place.business.texts.get().text) == ("Tartu", "Tkaniny")


def signed_up(name: str, email: str = "new@example.org") -> Member:
    """Somebody who signed up naming an organisation, and has not signed in."""
    member = Member(email=email)
    member.set_password(factories.PASSWORD)
    said = Profile("New", name, "EE", [], "UTC")
    sign_up(member=member, profile=said, registration=Registration.OPEN)
    return member


def test_what_comes_with_a_sign_up_is_hidden_until_the_newcomer_signs_in() -> None:
    newcomer, reader = signed_up("Fresh"), factories.member()
    staff = factories.member(is_staff=True)
    made = Organisation.objects.get()
    address = reverse("members:organisation", args=[made.pk])
    assert [visible_organisations(who).count() for who in (reader, staff)] == [0, 1]
    client = Client()
    client.force_login(reader)
    assert client.get(address).status_code == 404
    sign_in(newcomer)
    assert visible_organisations(reader).get() == made
    assert client.get(address).status_code == 200
    assert role_in(newcomer, made) == OrganisationRole.REPRESENTATIVE


def test_a_name_that_nobody_confirmed_is_free() -> None:
    squatter, member = signed_up("Loom"), factories.member(country="EE")
    made = Organisation.objects.get()
    said = OrganisationCreate(name="LOOM", country="EE", kind="business")
    do(member, "organisation.create", said)
    own = Organisation.objects.get()
    assert own != made
    # The first comes late: they may ask for a role as everybody may.
    sign_in(squatter)
    squatter.refresh_from_db()
    assert (squatter.organisation, role_in(squatter, own)) == (None, "")
    second = signed_up("loom", "second@example.org")
    assert (second.organisation, role_in(second, own)) == (own, "")
