"""The steps of a member's arrival, which take three minutes together; each may be skipped.

Apps register steps from their ``apps.py``. A step with a form is a page of the arrival; one without
is a link. Home offers the first three that are neither done nor skipped.
Invariants: names are used once; a step that somebody did elsewhere counts as done.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from front.forms import StepForm
from members.models import Member


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        title: What one does, as a verb phrase.
        why: One sentence: what one gets from it.
        order: Place among the steps, the least first.
        is_done: Whether the member has done it, here or elsewhere; one query at most.
        url_name: Where it is done without a form here.
        form: Its form here.
    """

    name: str
    title: Promise
    why: Promise
    order: int
    is_done: Callable[[Member], bool]
    url_name: str = ""
    form: type[StepForm] | None = None

    @property
    def url(self) -> str:
        """Where the step is done."""
        if self.form is not None:
            return reverse("front:step", args=[self.name])
        return reverse(self.url_name)


_steps: dict[str, Step] = {}


def register_step(step: Step) -> None:
    """Add a step; its name is used once."""
    if step.name in _steps:
        message = f"the arrival has a step {step.name} already"
        raise ValueError(message)
    _steps[step.name] = step


def all_steps() -> list[Step]:
    """All steps in their order."""
    return sorted(_steps.values(), key=lambda step: (step.order, step.name))


def arrival_steps() -> list[Step]:
    """The steps that are pages of the arrival, in their order."""
    return [step for step in all_steps() if step.form is not None]
