"""The file by which an intermediary invites organisations: read line by line, judged as a whole.

The first line names the columns, in any order; `name`, `country` and `email` are required. A file
is taken whole or not at all.
"""

import csv
import io
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from base.countries import COUNTRIES
from base.languages import SITE_LANGUAGES
from base.text import one_line
from members.organisation import NAME_LENGTH, TOWN_LENGTH
from members.vocabulary import OrganisationKind

MOST_BYTES = 256 * 1024
MOST_LINES = 200
EMAIL_LENGTH = 254
REQUIRED = ("name", "country", "email")
COLUMNS = (*REQUIRED, "town", "kind", "language")


@dataclass(frozen=True)
class Invited:
    """One organisation to invite.

    Attributes:
        line: Of the file, from 1, for messages.
        email: In lower case.
        kind: A kind of organisation; a creative business where the file says none.
        language: Of the site, in which the mail is written; "" for the site's own.
    """

    line: int
    name: str
    country: str
    email: str
    town: str = ""
    kind: str = OrganisationKind.BUSINESS
    language: str = ""


def read_invited(data: bytes) -> tuple[list[Invited], list[str]]:
    """Return the lines of a file and what is wrong with it, line by line, in the active language.

    UTF-8 with or without a mark, commas, semicolons or tabs between the cells: as spreadsheets
    save it.
    """
    if len(data) > MOST_BYTES:
        return [], [_("The file is larger than 256 KB.")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [_("The file is not in UTF-8. Save it again with this encoding.")]
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return [], [_("This is not a CSV file: a quotation mark is missing.")]
    names = [cell.strip().casefold() for cell in rows[0]] if rows else []
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        columns = {"columns": ", ".join(missing)}
        return [], [_("The first line must name the columns; missing: %(columns)s.") % columns]
    return _judged([(n, row) for n, row in enumerate(rows[1:], 2) if any(row)], names)


def _judged(rows: list[tuple[int, list[str]]], names: list[str]) -> tuple[list[Invited], list[str]]:
    if len(rows) > MOST_LINES:
        return [], [_("At most %(limit)d lines at once.") % {"limit": MOST_LINES}]
    if not rows:
        return [], [_("The file names nobody.")]
    found: list[Invited] = []
    wrong: list[str] = []
    addresses: dict[str, int] = {}
    for number, row in rows:
        invited = _invited(number, dict(zip(names, (cell.strip() for cell in row), strict=False)))
        problems = _problems(invited)
        first = addresses.setdefault(invited.email, number)
        if first != number:
            problems.append(_("the address stands in line %(line)d already") % {"line": first})
        found.append(invited)
        wrong += [_("Line %(line)d: %(problem)s.") % {"line": number, "problem": problem}
                  for problem in problems]  # fmt: skip
    return (found, []) if not wrong else ([], wrong)


def _invited(number: int, cells: dict[str, str]) -> Invited:
    return Invited(
        line=number,
        name=one_line(cells.get("name", "")),
        country=cells.get("country", "").upper(),
        email=cells.get("email", "").lower(),
        town=one_line(cells.get("town", "")),
        kind=cells.get("kind", "").lower() or OrganisationKind.BUSINESS,
        language=cells.get("language", "").lower(),
    )


def _problems(invited: Invited) -> list[str]:
    problems = []
    if not invited.name or len(invited.name) > NAME_LENGTH or "\0" in invited.name:
        problems.append(_("a name of 1 to %(limit)d characters is needed") % {"limit": NAME_LENGTH})
    if invited.country not in COUNTRIES:
        problems.append(_("the country is a code of two letters, such as EE"))
    if not _is_address(invited.email):
        problems.append(_("this is not an e-mail address"))
    if len(invited.town) > TOWN_LENGTH or "\0" in invited.town:
        problems.append(_("the town is too long"))
    if invited.kind not in OrganisationKind.values:
        kinds = {"kinds": ", ".join(OrganisationKind.values)}
        problems.append(_("the kind is one of %(kinds)s") % kinds)
    if invited.language and invited.language not in SITE_LANGUAGES:
        languages = {"languages": ", ".join(SITE_LANGUAGES)}
        problems.append(_("the language is one of %(languages)s") % languages)
    return problems


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_LENGTH
