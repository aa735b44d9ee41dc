"""What the demo's organisations look for and offer, and whom they met already."""

from collections.abc import Mapping
from datetime import timedelta

from base.clock import now
from live.performing import perform
from matchmaking.actions.suggestions import suggest_now
from matchmaking.events.profiles import SaveMatching
from matchmaking.events.suggestions import AnswerSuggestion
from matchmaking.models import MatchingProfile, Suggestion
from members.access import consents
from members.consent import QUESTIONS
from members.events import GiveConsent
from members.models import Appointment, Member, OrganisationLanguage, OrganisationSector
from members.vocabulary import Purpose
from server.demo import reading
from server.demo.projects import fill_projects, fill_requests

MEETS = (
    ("Hamburg Kreativ Gesellschaft", "Tartu Loomemajanduskeskus"),
    ("Emajõe Animatsioon", "Nordlicht Trickfilm"),
    ("Nordlicht Trickfilm", "Emajõe Animatsioon"),
)
"""Who is interested in whom, one after the other: the first waits for an answer."""


def fill_matching() -> None:
    """Give organisations matching profiles, requests and projects; look for suggestions."""
    speakers = _speakers()
    if not MatchingProfile.objects.exists():
        _fill_profiles(speakers)
    fill_requests(speakers)


def _fill_profiles(speakers: Mapping[str, Member]) -> None:
    houses = {}
    for number, row in enumerate(reading.matching()):
        speaker = speakers.get(row.organisation)
        if speaker is None:
            continue
        houses[row.organisation] = speaker
        _save(speaker, row)
        # Nobody is new on the same day as everybody else.
        made_at = now() - timedelta(days=100 - number)
        MatchingProfile.objects.filter(pk=speaker.organisation_id).update(made_at=made_at)
    # Who works together already is not suggested.
    fill_projects(speakers)
    for speaker in houses.values():
        suggest_now(organisation_id=speaker.organisation_id or 0)
    for seeker, other in MEETS:
        _meet(houses, seeker, other)


def _speakers() -> dict[str, Member]:
    """Who represents each organisation, by its name."""
    rows = Appointment.objects.granted().select_related("member", "organisation").order_by("-pk")
    return {
        row.organisation.name: row.member
        for row in rows
        if row.member.organisation_id == row.organisation_id
    }


def _save(speaker: Member, row: reading.DemoMatching) -> None:
    own, house = f"member:{speaker.pk}", speaker.organisation_id or 0
    if not consents(speaker, Purpose.MATCHING):
        version = QUESTIONS[Purpose.MATCHING].version
        data = GiveConsent(purpose=Purpose.MATCHING.value, version=version)
        perform(actor=speaker, cmd="consent.give", topic=own, data=data, key=None)
    sectors = OrganisationSector.objects.filter(organisation=house)
    languages = OrganisationLanguage.objects.filter(organisation=house)
    said = SaveMatching(
        organisation=house,
        needs=[*row.needs, *row.private],
        private_needs=list(row.private),
        offers=list(row.offers),
        wanted=list(row.wanted),
        sectors=list(sectors.values_list("code", flat=True)),
        languages=list(languages.values_list("language", flat=True)),
        language=row.language,
        looking_for=row.looking_for,
        offering=row.offering,
        budget=row.budget,
        programmes=list(row.programmes),
        weekly=4,
    )
    perform(actor=speaker, cmd="matching.save", topic=own, data=said, key=None)


def _meet(houses: Mapping[str, Member], seeker: str, other: str) -> None:
    """Say that one is interested in the other, where that was suggested."""
    one, two = houses[seeker], houses[other]
    pair = {"profile": one.organisation_id, "other": two.organisation_id}
    if not Suggestion.objects.filter(**pair).exists():
        return
    data = AnswerSuggestion(
        organisation=one.organisation_id or 0, other=two.organisation_id or 0, answer="interested"
    )
    perform(actor=one, cmd="suggestion.answer", topic=f"member:{one.pk}", data=data, key=None)
