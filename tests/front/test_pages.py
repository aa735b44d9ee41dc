"""The pages of the front app, as strangers, members and staff see them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from front.actions import Entry, publish_result
from front.models import Partner, Result, SiteText, StepTaken
from front.vocabulary import ResultKind
from members.models import Consent, Member
from members.models.profiles import ProfileSector
from server.demo.front import fill_results
from tests import factories


def entry(number: int, **fields: Any) -> Entry:
    """A result of its own."""
    values: dict[str, Any] = {
        "key": f"workshop:{number}:minutes",
        "kind": ResultKind.MINUTES,
        "title": f"Minutes {number}",
        "url": f"/workshops/{number}/minutes/",
        "language": "en",
    } | fields
    return Entry(**values)


def titles(client: Client, query: str = "") -> list[str]:
    """What the library shows."""
    return [result.title for result in client.get(f"/results/{query}").context["page"]]


def totals(client: Client, query: str = "") -> dict[str, dict[str, int]]:
    """The library's filters with their counts."""
    facets = client.get(f"/results/{query}").context["facets"]
    return {facet.name: {o.code: o.total for o in facet.options} for facet in facets}


def test_strangers_see_the_newest_results_first(client: Client) -> None:
    assert [part.name for part in client.get("/").context["parts"]] == []
    for number in range(6):
        publish_result(entry(number))
    (part,) = client.get("/").context["parts"]
    assert [result.title for result in part.data["results"]] == [
        "Minutes 5", "Minutes 4", "Minutes 3", "Minutes 2",
    ]  # fmt: skip


def test_filters_combine_and_count_under_one_another(client: Client) -> None:
    publish_result(entry(1, themes=["MUS.live", "MUS"], countries=["EE", "DE"]))
    publish_result(entry(2, themes=["MUS"], countries=["PL"], language="pl"))
    publish_result(entry(3, kind=ResultKind.CASE, themes=["DES"], countries=["EE"]))
    assert titles(client) == ["Minutes 3", "Minutes 2", "Minutes 1"]
    assert titles(client, "?theme=MUS") == ["Minutes 2", "Minutes 1"]
    assert titles(client, "?theme=MUS&country=EE") == ["Minutes 1"]
    assert titles(client, "?theme=MUS&kind=case") == []
    assert totals(client, "?theme=MUS") == {
        "kind": {"minutes": 2},
        "theme": {"DES": 1, "MUS": 2},
        "country": {"EE": 1, "DE": 1, "PL": 1},
        "language": {"en": 1, "pl": 1},
    }
    assert totals(client, "?theme=MUS&kind=case")["kind"] == {"minutes": 2, "case": 0}
    for strange in ("?kind=%00", "?theme=%00MUS%00", f"?country={'E' * 5000}", "?language=%F0%9F"):
        assert client.get(f"/results/{strange}").status_code == 200
        assert client.get(f"/api/v1/results/{strange}").status_code == 200


def test_library_over_rest_is_public(client: Client) -> None:
    publish_result(entry(1, themes=["MUS.live"], countries=["EE", "DE"], summary="What we said"))
    publish_result(entry(2))
    answer = client.get("/api/v1/results/?country=EE").json()
    (row,) = answer["results"]
    assert row | {"id": 0, "published_at": ""} == {
        "id": 0,
        "kind": "minutes",
        "title": "Minutes 1",
        "summary": "What we said",
        "language": "en",
        "url": "/workshops/1/minutes/",
        "themes": ["MUS"],
        "countries": ["DE", "EE"],
        "published_at": "",
    }


@pytest.mark.parametrize(
    "wrong",
    [{"url": "//elsewhere.example/"}, {"url": "https://elsewhere.example/"}, {"themes": ["XXX"]},
     {"countries": ["XX"]}, {"language": "xx"}],
)  # fmt: skip
def test_a_result_with_a_wrong_fact_is_a_bug(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="workshop:1:minutes"):
        publish_result(entry(1, **wrong))
    assert Result.objects.count() == 0


def test_legal_pages_speak_the_readers_language_or_say_that_they_do_not(client: Client) -> None:
    staff = factories.member(is_staff=True)
    assert "Not written yet" in client.get("/imprint/").text
    client.force_login(staff)
    client.post("/staff/texts/imprint/en/", {"text": "# Who\n\nAda <script>alert(1)</script>"})
    client.post("/staff/texts/imprint/de/", {"text": "Wer"})
    client.logout()
    english = client.get("/imprint/").text
    assert "<h2>Who</h2>" in english or "<h3>Who</h3>" in english
    assert "<script>alert" not in english
    assert (
        '<div class="prose" lang="de"><p>Wer</p>'
        in client.get("/imprint/", headers={"accept-language": "de"}).text
    )
    other = client.get("/imprint/", headers={"accept-language": "et"}).text
    assert '<div class="prose" lang="en">' in other
    client.force_login(staff)
    client.post("/staff/texts/imprint/de/", {"text": "  "})
    assert [text.language for text in SiteText.objects.all()] == ["en"]


def test_only_staff_writes_the_sites_words(client: Client) -> None:
    client.force_login(factories.member())
    for url in ("/staff/texts/", "/staff/texts/terms/en/", "/staff/partners/"):
        assert client.get(url).status_code == 403
    assert client.post("/staff/texts/terms/en/", {"text": "Mine"}).status_code == 403
    assert SiteText.objects.count() == 0
    assert client.post("/staff/partners/", {}).status_code == 403


def test_a_text_that_cannot_be_stored_keeps_what_was_typed(client: Client) -> None:
    client.force_login(factories.member(is_staff=True))
    answer = client.post("/staff/texts/terms/en/", {"text": "x" * 40_001})
    assert (answer.status_code, SiteText.objects.count()) == (422, 0)
    assert "x" * 40_001 in answer.text


def test_partners_stand_on_the_about_page_the_lead_first(client: Client) -> None:
    aarhus = factories.organisation(name="Aarhus Film", country="DK")
    goethe = factories.organisation(name="Zentrum", country="DE")
    client.force_login(factories.member(is_staff=True))
    client.post("/staff/partners/", {"partners": [aarhus.pk], "lead": goethe.pk})
    client.logout()
    shown = client.get("/about/").context["partners"]
    assert [(each.organisation.name, each.is_lead) for each in shown] == [
        ("Zentrum", True),
        ("Aarhus Film", False),
    ]
    client.force_login(factories.member(is_staff=True))
    client.post("/staff/partners/", {"partners": [aarhus.pk]})
    assert [(each.organisation_id, each.is_lead) for each in Partner.objects.all()] == [
        (aarhus.pk, False)
    ]


def test_a_result_of_the_demo_is_there_only_once_it_is_published(client: Client) -> None:
    assert client.get("/demo/kontrakt/").status_code == 404
    fill_results()
    assert "Modul: ett avtal" in client.get("/demo/kontrakt/").text
    assert client.get("/demo/nothing/").status_code == 404
    (part,) = client.get("/").context["parts"]
    assert len(part.data["results"]) == 4


def test_home_names_the_organisations_in_which_one_has_a_role(client: Client) -> None:
    role = factories.appointment()
    factories.appointment(member=role.member, granted_at=None)
    client.force_login(role.member)
    parts = {part.name: part.data for part in client.get("/").context["parts"]}
    assert [each.organisation for each in parts["own"]["roles"]] == [role.organisation]
    client.force_login(factories.member())
    assert "own" not in {part.name for part in client.get("/").context["parts"]}


@pytest.mark.parametrize(
    ("standing", "offered"),
    [({}, []), ({"is_organiser": True}, ["/staff/invitations/"]),
     ({"is_moderator": True}, ["/moderation/reports/"]),
     ({"is_staff": True}, ["/staff/", "/moderation/reports/"])],
)  # fmt: skip
def test_everybody_finds_their_desk_and_the_legal_pages(
    client: Client, standing: dict[str, bool], offered: list[str]
) -> None:
    client.force_login(factories.member(**standing))
    page = client.get("/").text
    desks = ("/staff/", "/staff/invitations/", "/moderation/reports/")
    assert [path for path in desks if f'href="{path}"' in page] == offered
    for path in ("/about/", "/imprint/", "/privacy/", "/terms/"):
        assert f'href="{path}"' in page


def test_a_newcomer_takes_some_steps_and_skips_others(client: Client) -> None:
    newcomer = factories.member(country="", time_zone="UTC", consents=())
    client.force_login(newcomer)
    offered = [step.name for step in client.get("/").context["steps"]]
    assert offered[0] == "origin"
    assert client.get("/welcome/")["Location"] == reverse("front:step", args=["origin"])

    said = {"country": "LV", "organisation": "Rīgas Tipogrāfija", "languages": ["lv", "en"]}
    answer = client.post("/welcome/origin/", said)
    assert answer.status_code == 302
    now = Member.objects.get(pk=newcomer.pk)
    assert (now.country, now.time_zone) == ("LV", "Europe/Riga")
    assert now.organisation is not None
    assert now.organisation.name == "Rīgas Tipogrāfija"
    assert sorted(now.languages) == ["en", "lv"]

    client.post("/welcome/interests/", {"sectors": ["MUS", "DES.graphic"], "interests": "Saunad"})
    chosen = ProfileSector.objects.filter(member=newcomer)
    assert [row.code for row in chosen] == ["DES.graphic", "MUS"]
    client.post("/welcome/consent/", {"skip": "1"})
    assert Consent.objects.filter(member=newcomer).count() == 0
    taken = dict(StepTaken.objects.filter(member=newcomer).values_list("step", "state"))
    assert taken == {"origin": "done", "interests": "done", "consent": "skipped"}
    assert taken.keys() & {step.name for step in client.get("/").context["steps"]} == set()


def test_consent_of_the_arrival_is_on_record_only_where_it_was_ticked(client: Client) -> None:
    newcomer = factories.member(consents=())
    client.force_login(newcomer)
    client.post("/welcome/consent/", {"directory": "on"})
    assert [each.purpose for each in Consent.objects.filter(member=newcomer)] == ["directory"]


def test_a_step_with_a_mistake_keeps_what_was_typed(client: Client) -> None:
    client.force_login(factories.member(country=""))
    answer = client.post("/welcome/origin/", {"country": "", "organisation": "Võru Käsitöö"})
    assert answer.status_code == 422
    assert "Võru Käsitöö" in answer.text
    assert StepTaken.objects.count() == 0


def test_arrival_is_for_members(client: Client) -> None:
    assert client.get("/welcome/").status_code == 302
    assert client.get("/welcome/origin/")["Location"].startswith("/accounts/login/")
    client.force_login(factories.member())
    assert client.get("/welcome/nothing/").status_code == 404
