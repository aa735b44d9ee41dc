"""The mails with notices: in the reader's language and zone, text and HTML, easy to be rid of.

Each carries the headers of RFC 8058, by which a mail program offers one click to unsubscribe. A
mail keeps its Message-ID however often it is tried, so a doubled one is shown once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.queries import site_settings
from notices.kinds import kinds
from notices.models import Mailing
from notices.queries import grouped, language_of, mailed_notices
from notices.rules import zone_named
from notices.vocabulary import MAILED, MailingKind, Way

SALT: Final = "notices.unsubscribe"


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """What a signed link ends: this way, for these kinds of notices (none named: the digest)."""

    member_id: int
    way: Way
    kinds: tuple[str, ...] = ()


def site_address(path: str) -> str:
    """The absolute address of a path of this site, for readers outside of it."""
    site = settings.SITE_URL.rstrip("/") or f"http://{settings.HOST}:{settings.PORT}"
    return f"{site}{path}"


def sign(wanted: Unsubscription) -> str:
    """A token that stands for an unsubscription; it does not run out."""
    return signing.dumps([wanted.member_id, wanted.way, *wanted.kinds], salt=SALT)


def read_token(token: str) -> Unsubscription | None:
    """What a token stands for; None where it is not ours."""
    try:
        member_id, way, *names = signing.loads(token, salt=SALT)
        return Unsubscription(member_id, Way(way), tuple(names))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def letter_for(mailing: Mailing) -> EmailMultiAlternatives | None:
    """The mail of a mailing as it is to be sent now; None if there is nothing left to say."""
    said = mailed_notices(mailing)
    if not said:
        return None
    member, site = mailing.member, site_settings()
    with (
        translation.override(language_of(member, site)),
        timezone.override(zone_named(member.time_zone)),
    ):
        groups = grouped(said[:MAILED])
        unsubscribe_url = unsubscribe_address(mailing, [row.kind for row, _facts in said])
        values = {
            "site": site,
            "member": member,
            "groups": [(group, site_address(group.url)) for group in groups],
            "more": max(len(said) - MAILED, 0),
            "is_digest": mailing.kind == MailingKind.DIGEST,
            "language": translation.get_language(),
            "list_url": site_address(reverse("notices:list")),
            "settings_url": site_address(reverse("notices:settings")),
            "unsubscribe_url": unsubscribe_url,
        }
        letter = EmailMultiAlternatives(
            subject=_subject(mailing, [group.text for group in groups], len(said), site.name),
            body=render_to_string("notices/mail/letter.txt", values),
            from_email=_sender(site.name),
            to=[member.email],
            headers=_headers(mailing, unsubscribe_url),
        )
        letter.attach_alternative(render_to_string("notices/mail/letter.html", values), "text/html")
    return letter


def unsubscribe_address(mailing: Mailing, names: Sequence[str]) -> str:
    """The address that ends mails like this one; empty where they cannot be ended."""
    if mailing.kind == MailingKind.DIGEST:
        wanted = Unsubscription(mailing.member_id, Way.DIGEST)
    else:
        ending = sorted({name for name in names if not kinds()[name].is_security})
        if not ending:
            return ""
        wanted = Unsubscription(mailing.member_id, Way.MAIL, tuple(ending))
    return site_address(reverse("notices:unsubscribe", args=[sign(wanted)]))


def _subject(mailing: Mailing, texts: Sequence[str], total: int, site_name: str) -> str:
    """One line; names of people and rooms may have been written with line ends."""
    if mailing.kind == MailingKind.DIGEST:
        text = _("What is new for you on %(site)s") % {"site": site_name}
    elif len(texts) == 1:
        text = texts[0]
    else:
        text = ngettext("%(total)s notification", "%(total)s notifications", total)
        text %= {"total": total}
    return " ".join(text.split())


def _sender(site_name: str) -> str:
    """The site's address under the site's name."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or " ".join(site_name.split()), address))


def _headers(mailing: Mailing, unsubscribe_url: str) -> dict[str, str]:
    host = urlsplit(site_address("/")).hostname or "localhost"
    headers = {
        "Message-ID": f"<notices.{mailing.pk}.{mailing.made_at.timestamp():.0f}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
