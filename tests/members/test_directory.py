"""The directory: filters that combine, counts, what a hidden field gives away, the spreadsheet."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from live.performing import perform
from members.events import ProfileChange
from members.models import (
    Member,
    Organisation,
    OrganisationLanguage,
    OrganisationSector,
    Profile,
    ProfileSector,
    SpokenLanguage,
)
from members.queries.directory import (
    Facet,
    asked_for,
    found_members,
    found_organisations,
    member_facets,
    organisation_facets,
)
from members.tables import cell
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def house(name: str, *, sectors: str = "", languages: str = "", **fields: Any) -> Organisation:
    """An organisation with sectors and languages."""
    made = factories.organisation(name=name, **fields)
    OrganisationSector.objects.bulk_create(
        OrganisationSector(organisation=made, code=code) for code in sectors.split()
    )
    OrganisationLanguage.objects.bulk_create(
        OrganisationLanguage(organisation=made, language=tag) for tag in languages.split()
    )
    return made


def person(name: str, *, sectors: str = "", **fields: Any) -> Member:
    """A member with interests and the rows of their languages."""
    made = factories.member(name=name, **fields)
    ProfileSector.objects.bulk_create(
        ProfileSector(member=made, code=code) for code in sectors.split()
    )
    SpokenLanguage.objects.bulk_create(
        SpokenLanguage(member=made, language=tag) for tag in made.languages
    )
    return made


@pytest.fixture
def coast() -> list[Organisation]:
    """Four organisations around the sea."""
    return [
        house("Łódź Film", country="PL", kind="business", sectors="AVF", languages="pl en"),
        house("Öresund Dans", country="DK", kind="ngo", sectors="PER.dance", languages="da"),
        house("Tartu Trükk", country="EE", kind="business", sectors="LIT.publ VIS", town="Tartu",
              languages="et en"),
        house("ZZ Top", country="EE", kind="network", sectors="MUS MUS.live", languages="et"),
    ]  # fmt: skip


def totals(facets: list[Facet], name: str) -> dict[str, int]:
    """What a filter's options would find, by value."""
    (facet,) = [each for each in facets if each.name == name]
    return {option.value: option.total for option in facet.options}


def names(actor: Any, text: str = "", **chosen: list[str]) -> list[str]:
    """The organisations found, in their order."""
    return [row.name for row in found_organisations(actor, asked_for(text, chosen))]


def test_organisations_stand_by_name_whatever_the_letters(coast: list[Organisation]) -> None:
    assert names(factories.member()) == ["Łódź Film", "Öresund Dans", "Tartu Trükk", "ZZ Top"]


@pytest.mark.parametrize(
    ("text", "chosen", "expected"),
    [
        ("lodz", {}, ["Łódź Film"]),
        ("ORES dans", {}, ["Öresund Dans"]),
        ("trukk tartu", {}, ["Tartu Trükk"]),
        ("", {"country": ["EE", "DK"]}, ["Öresund Dans", "Tartu Trükk", "ZZ Top"]),
        ("", {"country": ["EE"], "kind": ["business"]}, ["Tartu Trükk"]),
        ("", {"sector": ["LIT"]}, ["Tartu Trükk"]),
        ("", {"sector": ["PER.dance", "MUS"]}, ["Öresund Dans", "ZZ Top"]),
        ("", {"language": ["en"], "sector": ["VIS"]}, ["Tartu Trükk"]),
        ("film", {"country": ["EE"]}, []),
        ("", {"country": ["XX"]}, []),
        ("", {"sector": ["NONE"], "language": ["x" * 300]}, []),
        ("100%_\x00", {"kind": ["\x00"]}, []),
        ("", {"country": ["PL\x00"], "sector": ["\x00"], "region": ["\x00"]}, ["Łódź Film"]),
    ],
)
def test_filters_combine(
    coast: list[Organisation], text: str, chosen: dict[str, list[str]], expected: list[str]
) -> None:
    assert names(factories.member(), text, **chosen) == expected


def test_count_is_what_choosing_the_option_would_show(coast: list[Organisation]) -> None:
    reader = factories.member()
    for text, chosen in (
        ("", {}),
        ("t", {"country": ["EE"]}),
        ("", {"kind": ["business"], "language": ["et", "pl"]}),
        ("", {"sector": ["MUS"]}),
    ):
        for facet in organisation_facets(reader, asked_for(text, chosen)).facets:
            for option in facet.options:
                alone = chosen | {facet.name: [option.value]}
                found = names(reader, text, **alone)
                assert option.total == len(found), (text, chosen, facet.name, option)


def test_sub_sectors_are_offered_where_their_sector_is_chosen(coast: list[Organisation]) -> None:
    reader = factories.member()
    offered = totals(organisation_facets(reader, asked_for("", {})).facets, "sector")
    assert offered == {"MUS": 1, "PER": 1, "VIS": 1, "LIT": 1, "AVF": 1}
    chosen = totals(
        organisation_facets(reader, asked_for("", {"sector": ["MUS"]})).facets, "sector"
    )
    assert chosen == offered | {"MUS.live": 1}


def test_strangers_find_what_is_public(client: Client, coast: list[Organisation]) -> None:
    Organisation.objects.filter(name="ZZ Top").update(is_public=True)
    assert names(AnonymousUser()) == ["ZZ Top"]
    facets = organisation_facets(AnonymousUser(), asked_for("", {})).facets
    assert (totals(facets, "country"), totals(facets, "sector")) == ({"EE": 1}, {"MUS": 1})
    page = client.get(reverse("members:organisations")).content.decode()
    assert ("ZZ Top" in page, "Tartu" in page, reverse("members:directory") in page) == (
        True, False, False,
    )  # fmt: skip


def perform_change(member: Member, change: ProfileChange) -> None:
    perform(actor=member, cmd="profile.change", topic=f"member:{member.pk}", data=change)


def test_people_are_found_by_what_members_see() -> None:
    firm = house("Loomekeskus", country="EE", kind="incubator")
    anna = person("Anna", country="EE", languages=["et"], organisation=firm, sectors="MUS.live")
    Profile.objects.create(member=anna, interests="Letterpress")
    shy = person("Shy", country="LV", languages=["lv"], organisation=firm, sectors="MUS.live")
    hidden = ("country", "languages", "organisation", "interests")
    Profile.objects.create(
        member=shy,
        interests="Letterpress",
        **{f"{name}_audience": "organisation" for name in hidden},
    )
    reader = factories.member(name="Reader", country="DE")

    def found(text: str = "", **chosen: list[str]) -> list[str]:
        return [each.name for each in found_members(reader, asked_for(text, chosen))]

    assert found() == ["Anna", "Reader", "Shy"]
    assert [found("letter"), found("loome"), found("anna loome")] == [["Anna"]] * 3
    perform_change(anna, ProfileChange(name="Päivi Ødegård", interests="Café «Łódź»"))
    assert [found(text) for text in ("paivi", "ODEGARD", "Päivi cafe", "lodz")] == [
        ["Päivi Ødegård"]
    ] * 4
    perform_change(anna, ProfileChange(name="Anna", interests=""))
    assert (found("paivi"), found("cafe")) == ([], [])
    assert (found(country=["LV"]), found(language=["lv"])) == ([], [])
    assert (found(kind=["incubator"]), found(sector=["MUS"])) == (["Anna"], ["Anna"])
    facets = member_facets(reader, asked_for("", {})).facets
    assert [totals(facets, name) for name in ("country", "language", "kind", "sector")] == [
        {"DE": 1, "EE": 1}, {"et": 1}, {"incubator": 1}, {"MUS": 1},
    ]  # fmt: skip


def test_whose_name_is_not_for_members_is_not_in_the_directory() -> None:
    member = person("Nora", languages=["et"])
    Profile.objects.create(member=member, name_audience="nobody")
    for reader in (factories.member(name="R", is_staff=True), member):
        assert "Nora" not in [each.name for each in found_members(reader, asked_for("", {}))]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/members/?q=a&country=EE&language=et&sector=MUS&kind=other", 14),
        ("/members/?view=table", 13),
        ("/organisations/?q=a&country=EE&language=et&sector=MUS&kind=other", 11),
        ("/organisations/?view=table", 10),
        ("/api/v1/members/?country=EE", 9),
        ("/api/v1/members/facets/", 6),
        ("/api/v1/organisations/facets/?sector=MUS", 7),
    ],
)
def test_cost_does_not_grow(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
    count: int,
) -> None:
    for number in range(count):
        firm = house(f"A{number}", country="EE", kind="other", sectors="MUS", languages="et")
        person(f"A{number}", country="EE", languages=["et"], organisation=firm, sectors="MUS")
    client.force_login(factories.member(organisation="Reader's"))
    client.get(address)
    with django_assert_num_queries(queries):
        answer = client.get(address)
    assert answer.status_code == 200


def test_address_says_everything(client: Client, coast: list[Organisation]) -> None:
    for number in range(31):
        factories.organisation(name=f"Studio {number:02}", country="LT")
    client.force_login(factories.member())
    answer = client.get("/organisations/?q=studio&country=LT&view=table&page=2")
    assert [row.name for row in answer.context["page"]] == ["Studio 30"]
    page = answer.content.decode()
    assert '"?q=studio&amp;country=LT&amp;view=table&amp;page=1"' in page
    assert 'value="LT" checked' in page
    assert "<table" in page


ALL = {"stranger": 302, "guest": 404, "member": 403, "moderator": 403, "staff": 200}


@pytest.mark.parametrize("name", ["directory_csv", "organisations_csv"])
def test_spreadsheet_is_for_organisers(signed_in: Any, people: Any, name: str) -> None:
    address = reverse(f"members:{name}")
    assert {who: signed_in(who).get(address).status_code for who in ALL} == ALL
    Member.objects.filter(pk=people["member"].pk).update(is_organiser=True)
    assert signed_in("member").get(address).status_code == 200


def test_spreadsheet_runs_no_formula_and_obeys_filter_and_audience(client: Client) -> None:
    house('=HYPERLINK("http://evil")', country="EE", town="+1", sectors="MUS")
    house("Other", country="DE")
    client.force_login(factories.member(name="-2+3", is_staff=True, country="EE"))
    secret = factories.member(name="@SUM(A1)", country="EE", languages=["et"])
    Profile.objects.create(member=secret, languages_audience="nobody", interests="\tcmd")
    factories.member(name="Unlisted", consents=())

    def table(address: str) -> list[list[str]]:
        answer = client.get(address)
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        text = answer.content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))[1:]

    (row,) = table("/organisations/export.csv?country=EE")
    assert (row[0], row[4], row[5]) == ('\'=HYPERLINK("http://evil")', "'+1", "Music")
    assert table("/members/export.csv") == [
        ["'-2+3", "", "Estonia", "", "", ""],
        ["'@SUM(A1)", "", "Estonia", "", "'\tcmd", ""],
    ]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1", "\n1"])
def test_cell_neutralises(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1", "Anna", "a=b", "Ö-1"])
def test_cell_leaves_other_texts_alone(text: str) -> None:
    assert cell(text) == text


def test_folded_column_follows_every_way_to_save() -> None:
    made = factories.organisation(name="Ärzte", town="Łódź")
    assert made.folded == "arzte\nlodz"
    made.name = "Öl"
    made.save(update_fields=["name"])
    (more,) = Organisation.objects.bulk_create([Organisation(name="ÉT", country="FI")])
    found = dict(Organisation.objects.values_list("name", "folded"))
    assert (found["Öl"], found["ÉT"], more.folded) == ("ol\nlodz", "et\n", "et\n")
    made.website = "https://ol.example"
    made.save(update_fields=["website"])
    assert Organisation.objects.get(name="Öl").folded == "ol\nlodz"


def test_rest_hides_what_the_page_hides(client: Client) -> None:
    member = person("Anna", languages=["et"], organisation="Loom")
    Profile.objects.create(
        member=member, about="secret", about_audience="nobody", organisation_audience="nobody"
    )
    client.force_login(factories.member(name="Reader"))
    (row,) = client.get("/api/v1/members/?search=anna").json()["results"]
    assert row == client.get(f"/api/v1/members/{member.pk}/").json()
    assert (row["organisation"], row["about"], row["languages"]) == (None, "", ["et"])
    assert client.get("/api/v1/members/?search=loom").json()["results"] == []
