"""Members of the demo: named ones from the data files, and a crowd of any size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from base.clock import now
from members.consent import QUESTIONS
from members.models import (
    Consent,
    Member,
    Organisation,
    OrganisationSector,
    Profile,
    ProfileSector,
    SiteSettings,
    SpokenLanguage,
)
from server.demo import reading
from server.demo.organisations import fill_organisations, fill_roles

DOMAIN = "demo.example"
ZONES = {
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "FI": "Europe/Helsinki",
    "LT": "Europe/Vilnius",
    "LV": "Europe/Riga",
    "PL": "Europe/Warsaw",
    "RU": "Europe/Moscow",
    "SE": "Europe/Stockholm",
}
LEVELS = ("native", "C1", "B2", "A2")
LANGUAGES = {
    "DE": "de", "DK": "da", "EE": "et", "FI": "fi", "LT": "lt", "LV": "lv", "PL": "pl", "RU": "ru",
    "SE": "sv",
}  # fmt: skip


@dataclass(frozen=True)
class SignIn:
    """A demo account that is printed at start."""

    key: str
    what: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@{DOMAIN}"


SIGN_INS = (
    SignIn("anna", "a member in Estonia"),
    SignIn("jonas", "a member in Germany"),
    SignIn("liina", "moderates"),
    SignIn("staff", "runs the site"),
)


@transaction.atomic
def fill_people() -> dict[str, Member]:
    """Return the demo's named members by key, made where they are missing; the site is set up."""
    site, _made = SiteSettings.objects.get_or_create(pk=1)
    if not site.is_set_up:
        site.is_set_up = True
        site.save(update_fields=["is_set_up"])
    organisations = fill_organisations()
    wanted = {person.key: person for person in reading.people()}
    known = set(Member.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
    password = _shared_password()
    missing = [
        _member(
            email=_email(key),
            name=person.name,
            organisation=organisations[person.organisation],
            languages=list(person.languages),
            password=password,
            is_moderator=key in {"liina", "staff"},
            is_staff=key == "staff",
            is_superuser=key == "staff",
            joined_at=now() - timedelta(days=20 + 3 * number),
        )
        for number, (key, person) in enumerate(wanted.items())
        if _email(key) not in known
    ]
    _save(missing)
    rows = Member.objects.select_related("organisation").filter(
        email__in=[_email(key) for key in wanted]
    )
    people = {member.email.partition("@")[0]: member for member in rows}
    # Who signs in to look round should be somebody there.
    shown = {sign_in.key for sign_in in SIGN_INS}
    fill_roles(dict(sorted(people.items(), key=lambda each: each[0] not in shown)))
    return people


def fill_crowd(total: int) -> None:
    """Make members until there are so many, from all nine countries in turn."""
    missing = total - Member.objects.count()
    if missing <= 0:
        return
    first = Member.objects.filter(email__startswith="crowd-").count()
    firms = _by_country(Organisation.objects.order_by("id"))
    names = reading.names()
    countries = sorted(names)
    password = _shared_password()
    crowd = []
    for number in range(first, first + missing):
        turn, place = divmod(number, len(countries))
        country = countries[place]
        crowd.append(
            _member(
                email=f"crowd-{number + 1}@{DOMAIN}",
                name=" ".join(names[country][turn % len(names[country])]),
                organisation=firms[country][turn % len(firms[country])],
                languages=[LANGUAGES[country], "en"],
                password=password,
            )
        )
    _save(crowd)


def _member(*, organisation: Organisation, **fields: object) -> Member:
    return Member(
        organisation=organisation,
        country=organisation.country,
        time_zone=ZONES[organisation.country],
        **fields,
    )


def _save(members: Iterable[Member]) -> None:
    """Insert members whose addresses count as verified, and who consent to everything."""
    made = Member.objects.bulk_create(members, batch_size=500)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=m, email=m.email, verified=True, primary=True) for m in made],
        batch_size=500,
    )
    Consent.objects.bulk_create(
        [
            Consent(
                member=member, purpose=purpose, version=question.version, language="en",
                given_at=member.joined_at,
            )
            for member in made
            for purpose, question in QUESTIONS.items()
        ],
        batch_size=500,
    )  # fmt: skip
    _fill_profiles(made)


def _fill_profiles(members: Sequence[Member]) -> None:
    """Say how well they speak their languages, and that their organisation's sectors interest them.

    Every third is shown to everyone by name, organisation and country.
    """
    SpokenLanguage.objects.bulk_create(
        [
            SpokenLanguage(member=member, language=tag, level=LEVELS[min(place, len(LEVELS) - 1)])
            for member in members
            for place, tag in enumerate(member.languages)
        ],
        batch_size=500,
    )
    houses = {member.organisation_id for member in members}
    codes: dict[int, list[str]] = {}
    for row in OrganisationSector.objects.filter(organisation__in=houses):
        codes.setdefault(row.organisation_id, []).append(row.code)
    ProfileSector.objects.bulk_create(
        [
            ProfileSector(member=member, code=code)
            for member in members
            for code in codes.get(member.organisation_id or 0, [])
        ],
        batch_size=500,
    )
    open_to_all = {f"{name}_audience": "everyone" for name in ("name", "organisation", "country")}
    Profile.objects.bulk_create(
        [Profile(member=member, work_days="12345", **open_to_all) for member in members[::3]],
        batch_size=500,
    )


def _by_country(organisations: Iterable[Organisation]) -> Mapping[str, list[Organisation]]:
    found: dict[str, list[Organisation]] = {}
    for organisation in organisations:
        found.setdefault(organisation.country, []).append(organisation)
    return found


def _shared_password() -> str:
    """One hash for all demo members: hashing is slow on purpose, and there may be thousands."""
    return make_password(settings.DEMO_PASSWORD)


def _email(key: str) -> str:
    return f"{key}@{DOMAIN}"
