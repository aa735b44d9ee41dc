"""The steps of arrival that belong to no other app: what the members app asks of newcomers."""

from django.utils.translation import gettext_lazy as _

from front.forms import ConsentStep, InterestsStep, OriginStep
from front.steps import Step, register_step
from members.access import consents
from members.models import Member
from members.models.profiles import ProfileSector
from members.vocabulary import Purpose


def _has_origin(member: Member) -> bool:
    return bool(member.country and member.organisation_id and member.languages)


def _has_interests(member: Member) -> bool:
    return ProfileSector.objects.filter(member=member).exists()


def _is_found(member: Member) -> bool:
    return consents(member, Purpose.DIRECTORY)


def register() -> None:
    """Add the steps."""
    register_step(
        Step(
            name="origin",
            title=_("Say where you come from"),
            why=_("Your organisation and country stand beside your name wherever you speak."),
            order=10,
            is_done=_has_origin,
            form=OriginStep,
        )
    )
    register_step(
        Step(
            name="interests",
            title=_("Say what you look for"),
            why=_("Others see at a glance what you could do together."),
            order=20,
            is_done=_has_interests,
            form=InterestsStep,
        )
    )
    register_step(
        Step(
            name="consent",
            title=_("Choose who may find you"),
            why=_("Nobody sees you in the directory or as a partner unless you agree."),
            order=30,
            is_done=_is_found,
            form=ConsentStep,
        )
    )
