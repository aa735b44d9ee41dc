"""Matching profiles: who keeps them, when they count, what they say; and what is said of it all."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from base.clock import now
from base.errors import Invalid
from base.personal import Texts, all_holdings
from live.models import Event
from matchmaking.access.profiles import counting
from matchmaking.actions.suggestions import suggest_now
from matchmaking.engine.profiles import Profile
from matchmaking.events.profiles import NameMatching
from matchmaking.models import Choice, Introduction, MatchingProfile, Suggestion
from matchmaking.queries.market import asking_profile, current_market, fits
from matchmaking.queries.profiles import matching_now
from matchmaking.tasks.suggestions import again, close, remind, suggest
from matchmaking.vocabulary import Facet, Programme
from members.events import OrganisationChange
from members.models import Act, Consent, Member
from members.sectors import sectors
from notices.models import Notice
from tests import factories
from tests.chat.reading import log, position, snapshot
from tests.matchmaking.matching import House, answer, do, house, introduce, pair, save, undo
from tests.matchmaking.matching import suggest as look

pytestmark = pytest.mark.django_db


def empty(**member: Any) -> House:
    """An organisation with its representative, without a matching profile."""
    organisation = factories.organisation(country="EE")
    person = factories.member(organisation=organisation, **member)
    factories.appointment(member=person, organisation=organisation)
    return House(organisation, person)


def test_a_form_fills_a_profile_shares_it_with_consent_and_shows_suggestions() -> None:
    own = empty()
    other = house("FI", needs=["residency"], offers=["festival"])
    client = Client()
    client.force_login(own.member)
    assert f"/partners/{own.id}/profile/" in client.get("/partners/").content.decode()
    said = {"needs": ["festival", "investment"], "private_needs": ["investment", "space"],
            "offers": ["residency"], "languages": ["en"], "weekly": "5"}  # fmt: skip
    address = f"/partners/{own.id}/profile/"
    assert client.post(address, said).url == f"/partners/{own.id}/"  # type: ignore[attr-defined]
    assert list(counting().filter(pk=own.id)) == []
    assert client.post(address, said | {"consent": "on"}).status_code == 302
    state = matching_now([own.id])[own.id]
    assert (state.is_shared, state.contact, state.complete_percent) == (True, own.member.pk, 50)
    assert (state.needs, state.private_needs) == (["festival", "investment"], ["investment"])
    assert state.missing[0] == "sectors"
    assert f'id="s-{other.id}"' in client.get("/partners/").content.decode()
    assert Consent.objects.filter(member=own.member, purpose="matching").count() == 1


def test_who_saves_last_does_not_undo_unseen_what_a_colleague_saved(client: Client) -> None:
    own = house(needs=["festival"], offers=["residency"])
    client.force_login(own.member)
    address = f"/partners/{own.id}/profile/"
    form = client.get(address).context["form"]
    said = {"needs": ["festival"], "offers": ["residency"], "languages": ["en"], "weekly": "5"}
    said |= {"seen": form["seen"].value()}
    assert client.post(address, said | {"needs": ["festival", "space"]}).status_code == 302
    refused = client.post(address, said | {"looking_for": "A stage"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
    assert ">A stage</textarea>" in refused.content.decode().replace("\n", "")
    profile = MatchingProfile.objects.get()
    assert (profile.codes(Facet.NEED), profile.looking_for) == (["festival", "space"], "")
    fresh = refused.context["form"]["seen"].value()
    again = client.post(address, said | {"looking_for": "A stage", "seen": fresh})
    assert again.status_code == 302
    profile = MatchingProfile.objects.get()
    assert (profile.codes(Facet.NEED), profile.looking_for) == (["festival"], "A stage")


def test_an_intermediary_keeps_a_profile_and_every_act_is_on_record() -> None:
    own = empty(consents=("directory", "matching"))
    hub = factories.organisation(kind="incubator")
    helper = factories.member(consents=("directory", "matching"))
    factories.appointment(member=helper, organisation=hub)
    factories.accompaniment(intermediary=hub, organisation=own.organisation)
    save(own, helper, needs=["festival"], offers=["space"])
    do(helper, "matching.rest", NameMatching(organisation=own.id))
    do(helper, "matching.renew", NameMatching(organisation=own.id))
    acts = Act.objects.order_by("pk").values_list("what", "member", "organisation")
    assert list(acts) == [
        (f"matching.{what}", helper.pk, own.id) for what in ("saved", "rested", "renewed")
    ]
    assert counting().get().contact == helper
    save(own, is_contact=True)
    assert counting().get().contact == own.member
    assert Act.objects.count() == 3


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"needs": ["gold"]}, "needs"),
        ({"offers": [str(number) for number in range(13)]}, "offers"),
        ({"sectors": list(sectors())[:9]}, "sectors"),
        ({"private_needs": ["space"]}, "private_needs"),
        ({"wanted": ["FI"], "excluded": ["FI"]}, "excluded"),
        ({"languages": ["xx"]}, "languages"),
        ({"programmes": ["gold"]}, "programmes"),
        ({"programmes": Programme.values[:13]}, "programmes"),
        ({"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "ends_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"budget": "much"}, "budget"),
        ({"weekly": 21}, "weekly"),
        ({"looking_for": "x" * 1201}, "looking_for"),
    ],
)
def test_what_does_not_fit_is_refused_by_field_and_changes_nothing(
    said: dict[str, Any], field: str
) -> None:
    own = house("EE")
    before = list(Choice.objects.values()), MatchingProfile.objects.values().get()
    events = Event.objects.count()
    with pytest.raises(Invalid) as refused:
        save(own, **said)
    assert list(refused.value.fields) == [field]
    after = list(Choice.objects.values()), MatchingProfile.objects.values().get()
    assert (after, Event.objects.count()) == (before, events)


def test_one_is_reminded_once_and_renews_by_one_click() -> None:
    own = house("EE", looking_for="x", language="en")
    remind()
    assert Notice.objects.count() == 0
    MatchingProfile.objects.update(expires_at=now() + timedelta(days=6))
    remind()
    remind()
    assert list(Notice.objects.values_list("member", "kind")) == [
        (own.member.pk, "matchmaking.profile")
    ]
    client = Client()
    client.force_login(own.member)
    assert "/partners/" in client.get("/notices/").content.decode()
    client.post(f"/partners/{own.id}/profile/renew/")
    profile = MatchingProfile.objects.get()
    assert profile.expires_at > now() + timedelta(days=89)
    assert profile.reminded_at is None


def test_a_new_suggestion_is_told_once_a_day_and_put_off_ones_come_back() -> None:
    one, other = pair()
    suggest()
    suggest()
    told = Notice.objects.order_by("member").values_list("member", "kind", "subject")
    assert list(told) == [
        (side.member.pk, "matchmaking.suggestions", side.id) for side in (one, other)
    ]
    answer(one, other, "later", weeks=1)
    Suggestion.objects.filter(profile=one.id).update(until=now())
    again()
    assert Suggestion.objects.get(profile=one.id).answer == ""


def test_whose_account_goes_is_in_no_profile_answer_or_introduction() -> None:
    one, other = pair()
    introduce(one, other)
    for part in all_holdings():
        if part.name in {"matchmaking.profiles", "matchmaking.introductions"}:
            list(part.erase(one.member.pk, Texts.TAKE))
    row = Introduction.objects.get()
    assert (row.first_by, row.second_by) == (None, other.member)
    assert Suggestion.objects.get(profile=one.id).answered_by is None
    assert list(counting().values_list("pk", flat=True)) == [other.id]
    assert suggest_now(organisation_id=one.id) == []


def test_what_an_organisation_says_of_itself_is_in_the_market_at_once() -> None:
    one, other = pair()
    assert [pk for pk, *_rest in fits(one.id, 5, ())] == [other.id]
    change = OrganisationChange(id=other.id, country="EE", size="small")
    do(other.member, "organisation.change", change)
    assert current_market().suggest(one.id) == []


def test_funding_programmes_are_said_everywhere_and_bring_closer() -> None:
    one, other, third = *pair(), house("SE", needs=["residency"], offers=["festival"])
    client = Client()
    client.force_login(one.member)
    chosen = ["national", "interreg-bsr", "creative-europe"]
    said = {"needs": ["festival"], "offers": ["residency"], "weekly": "5", "programmes": chosen}
    assert client.post(f"/partners/{one.id}/profile/", said).status_code == 302
    save(other, programmes=["national"])
    save(third, programmes=["interreg-bsr", "national"])
    # In the order of the form, as everybody reads them.
    shown = client.get(f"/api/v1/matching/{one.id}/").json()["programmes"]
    assert shown == ["creative-europe", "interreg-bsr", "national"]
    page = client.get(f"/partners/{one.id}/profile/").content.decode()
    assert page.count('name="programmes"') == len(Programme.values)
    assert page.count('name="programmes" value="interreg-bsr" id="id_programmes_7" checked') == 1
    assert [pk for pk, *_rest in fits(one.id, 5, ())] == [third.id, other.id]
    whys = current_market().explain_all(read(one), [other.id, third.id])
    values = [{term.name: term.value for term in whys[each.id].terms} for each in (other, third)]
    # What everybody has at home brings nobody closer.
    assert [each.get("programmes") for each in values] == [None, 0.5]
    (kept,) = [part for part in all_holdings() if part.name == "matchmaking.profiles"]
    (file,) = kept.export(one.member.pk)
    assert b'"interreg-bsr"' in b"".join(file.chunks)


def read(of: House) -> Profile:
    found = asking_profile(of.id)
    assert found is not None
    return found


PARTS = {
    "matching.changed": ("matching", ("organisation",)),
    "suggestion.changed": ("suggestions", ("organisation", "other")),
    "introduction.changed": ("introductions", ("id", "organisation")),
}


def kept_up(state: dict[str, Any], events: list[tuple[str, Any]]) -> dict[str, Any]:
    """The parts of a snapshot after these events, as a client keeps them."""
    state = deepcopy(state)
    for name, data in events:
        if name not in PARTS or data.get("gone"):
            continue
        part, key = PARTS[name]
        (thing,) = data.values()
        same = [all(row[k] == thing[k] for k in key) for row in state[part]]
        rows = [row for row, is_same in zip(state[part], same, strict=True) if not is_same]
        is_over = thing.get("is_open") is False or thing.get("state") == "closed"
        rows += [] if is_over else [thing]
        state[part] = sorted(rows, key=lambda row: [str(row[k]) for k in key])
    return state


def parts(member: Member) -> dict[str, Any]:
    """What the snapshot has of matching, in the copy's order."""
    state = snapshot(member, f"member:{member.pk}")
    return {
        part: sorted(state[part], key=lambda row: [str(row[k]) for k in key])
        for part, key in PARTS.values()
    }


def test_a_snapshot_and_the_events_since_are_the_fresh_snapshot() -> None:
    one, other = pair()
    members = (one.member, other.member)
    kept: list[tuple[Member, dict[str, Any], int]] = []

    def keep() -> None:
        kept.extend((each, parts(each), position(f"member:{each.pk}")) for each in members)

    def run_out() -> None:
        Introduction.objects.update(answer_by=now())
        close()

    for step in (
        lambda: look(one, other),
        lambda: save(one, needs=["festival"], private_needs=["festival"], weekly=3),
        lambda: answer(one, other, "interested"),
        lambda: undo(one, other),
        lambda: answer(one, other, "interested"),
        lambda: answer(other, one, "declined"),
        run_out,
        lambda: undo(other, one),
        lambda: introduce(one, other),
        lambda: do(one.member, "matching.rest", NameMatching(organisation=one.id)),
    ):
        keep()
        step()
    for member, state, seq in kept:
        assert kept_up(state, log(f"member:{member.pk}", seq)) == parts(member)
