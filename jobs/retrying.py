"""How often and when a failed task is tried again.

A refusal without ``retry_after_s`` is final: trying again would be refused again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from base.errors import Refusal

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to try again.

    Attributes:
        attempts: how often the task is run at most, the first time included.
        first_delay: after the first failure; doubled after each further one.
        longest_delay: no delay is longer.
    """

    attempts: int
    first_delay: timedelta
    longest_delay: timedelta

    def delay_after(self, attempt: int) -> timedelta:
        """How long to wait after this failed attempt; the first is 1."""
        # The exponent is bounded: a timedelta overflows long before an int does.
        doublings = min(attempt - 1, 20)
        return min(self.first_delay * (1 << doublings), self.longest_delay)

    def allows_another(self, attempt: int, error: BaseException) -> bool:
        """Whether a task is run again after this error in this attempt; the first is 1."""
        is_final = isinstance(error, Refusal) and error.retry_after_s is None
        return attempt < self.attempts and not is_final


ONCE = RetryPolicy(attempts=1, first_delay=timedelta(0), longest_delay=timedelta(0))

_policies: dict[Callable[..., Any], RetryPolicy] = {}


def retrying(
    *,
    attempts: int = 5,
    first_delay: timedelta = timedelta(seconds=10),
    longest_delay: timedelta = timedelta(hours=1),
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Have a task tried again when it raises; stands below ``@task()``."""
    policy = RetryPolicy(attempts, first_delay, longest_delay)

    def register(function: Callable[P, T]) -> Callable[P, T]:
        _policies[function] = policy
        return function

    return register


def policy_of(function: Callable[..., Any]) -> RetryPolicy:
    """The policy of a task's function; ``ONCE`` where it has none."""
    return _policies.get(function, ONCE)
