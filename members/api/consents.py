"""REST: one's own consents and their history."""

import msgspec
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from base.errors import KeyMissing, NotFound
from base.ids import parse_key
from base.pagination import Pages
from live.openapi import KEY, shape
from live.performing import perform
from live.problems import fit
from members.api.permissions import signed_in
from members.consent import QUESTIONS
from members.events import ConsentState, consent_command
from members.models.consents import Consent
from members.models.people import Member
from members.queries.consents import consent_history, consents_now
from members.vocabulary import Purpose


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose: what is asked now, and how one's consent stands.

    Attributes:
        version: Of the words that are asked now; consent names it.
        dated: Since when these are the words, ISO 8601.
        words: What one agrees to, in the request's language.
    """

    purpose: str
    label: str
    version: int
    dated: str
    words: str
    consent: ConsentState


class Consents(msgspec.Struct, frozen=True, kw_only=True):
    """Every purpose that the site asks consent for."""

    consents: list[Asked]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What one decides about a purpose.

    Attributes:
        given: True gives consent, false takes it back.
        version: Of the words that one was shown; needed to give consent.
    """

    given: bool
    version: int = 0


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    """One time that consent was given, and when it was withdrawn."""

    class Meta:
        model = Consent
        fields = ("purpose", "version", "language", "given_at", "withdrawn_at")


def _asked(member: Member) -> list[Asked]:
    standing = consents_now(member)
    return [
        Asked(
            purpose=purpose,
            label=str(purpose.label),
            version=question.version,
            dated=question.now.dated.isoformat(),
            words=str(question.now.words),
            consent=standing[purpose],
        )
        for purpose, question in QUESTIONS.items()
    ]


class MyConsents(APIView):
    """One's own consents."""

    @extend_schema(operation_id="me_consents", responses=shape(Consents))
    def get(self, request: Request) -> Response:
        """Return every purpose and how one's consent to it stands."""
        return Response(msgspec.to_builtins(Consents(consents=_asked(signed_in(request)))))


class MyConsent(APIView):
    """One's own consent to one purpose."""

    @extend_schema(
        operation_id="me_consent_decide",
        request=shape(Decision),
        responses=shape(Asked),
        parameters=[KEY],
    )
    def put(self, request: Request, purpose: str) -> Response:
        """Give consent or take it back: once per `Idempotency-Key`, if one is sent."""
        if purpose not in Purpose.values:
            raise NotFound
        header = request.headers.get("Idempotency-Key")
        key = parse_key(header)
        if header and key is None:
            raise KeyMissing
        decision = fit(request.data, Decision)
        member = signed_in(request)
        cmd, data = consent_command(purpose, given=decision.given, version=decision.version)
        perform(actor=member, key=key, cmd=cmd, topic=f"member:{member.pk}", data=data)
        (asked,) = [each for each in _asked(member) if each.purpose == purpose]
        return Response(msgspec.to_builtins(asked))


@extend_schema_view(get=extend_schema(operation_id="me_consents_history"))
class MyConsentHistory(generics.ListAPIView[Consent]):
    """Every consent that one gave, the newest first."""

    serializer_class = ConsentSerializer
    pagination_class = Pages
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Consent]:
        """Return one's own history."""
        return consent_history(signed_in(self.request))
