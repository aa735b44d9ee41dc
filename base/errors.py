"""The one tree of refusals that actions and doors raise.

A refusal is an expected answer, not a bug: nothing was written, the code is stable and
documented in ``docs/errors.md``, the detail is in the reader's language. Three mappers turn
it into a socket error (``live``), a REST problem (RFC 9457) and a page.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_Text = str | Promise


class Refusal(Exception):  # noqa: N818 - the project's own word; "error" would say "bug"
    """An expected refusal with a stable code.

    Attributes:
        code: Dotted and stable, what programs look at.
        status: The HTTP twin of the code.
        detail: One sentence for people, translated when it is turned into text.
        fields: Messages by field name, for what was wrong with the input.
        retry_after_s: Seconds after which the same call may succeed; None where it is final.
        facts: Further members of the answer, JSON values only.
    """

    code: str = "invalid"
    status: ClassVar[int] = 422
    default_detail: ClassVar[_Text] = _("This is not possible.")
    retry_after_s: float | None = None

    def __init__(
        self,
        *,
        code: str | None = None,
        detail: _Text | None = None,
        fields: Mapping[str, Sequence[_Text]] | None = None,
        retry_after_s: float | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.detail: _Text = detail or self.default_detail
        self.fields: Mapping[str, Sequence[_Text]] = fields or {}
        if retry_after_s is not None:
            self.retry_after_s = retry_after_s
        self.facts = facts

    def as_dict(self) -> dict[str, Any]:
        """The refusal as the wire's error object, in the active language."""
        answer: dict[str, Any] = {"code": self.code, "detail": str(self.detail)}
        if self.fields:
            answer["fields"] = {name: [str(m) for m in ms] for name, ms in self.fields.items()}
        if self.retry_after_s is not None:
            answer["retry_after_s"] = self.retry_after_s
        return answer | self.facts


class Malformed(Refusal):
    """The call has not the form that it must have."""

    code = "malformed"
    status = 400
    default_detail = _("This is not a valid command.")


class Unknown(Refusal):
    """There is no such command."""

    code = "unknown"
    status = 400
    default_detail = _("This command does not exist here.")


class TooLarge(Refusal):
    """The body of a request is larger than any that means something here."""

    code = "too_large"
    status = 413
    default_detail = _("This is too large to be taken.")


class Invalid(Refusal):
    """The values are not acceptable."""

    default_detail = _("Please correct the marked fields.")


class KeyMissing(Invalid):
    """A write came without a usable idempotency key."""

    code = "key.missing"
    default_detail = _("A write needs a key, a UUID made once per write.")


class Forbidden(Refusal):
    """Seen, but not allowed."""

    code = "forbidden"
    status = 403
    default_detail = _("You may not do this.")


class NotFound(Refusal):
    """Not there, or not for this reader: both look the same."""

    code = "not_found"
    status = 404
    default_detail = _("This does not exist, or you may not see it.")


class Conflict(Refusal):
    """It contradicts what stands already."""

    code = "conflict"
    status = 409
    default_detail = _("This contradicts what was done before.")


class KeyReused(Conflict):
    """The same key came with another body."""

    code = "key.reused"
    default_detail = _("This key belongs to another write.")


class TooMany(Refusal):
    """Too much at once; the same call may succeed later."""

    code = "rate.limited"
    status = 429
    default_detail = _("That was too fast. Please wait a moment.")
    retry_after_s: float | None = 1.0


class Unavailable(Refusal):
    """Something this needs is away for the moment."""

    code = "unavailable"
    status = 503
    default_detail = _("This is not available at the moment. Please try again.")
    retry_after_s = 1.0


class Internal(Refusal):
    """A bug on our side; it was logged."""

    code = "internal"
    status = 500
    default_detail = _("Something went wrong on our side. Please try again.")
    retry_after_s = 5.0
