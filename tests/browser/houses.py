"""Organisations that look for partners, each with one person in front of a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.browser.world import Office
from tests.services import Account


@dataclass(frozen=True)
class House:
    """An organisation and who represents it.

    Attributes:
        id: Of the organisation.
        account: The person's.
    """

    id: int
    name: str
    account: Account


def settle(people: Sequence[Account], url: str, plan: Sequence[dict[str, Any]]) -> list[House]:
    """Make organisations, each of which the person at the same place of the list represents.

    Args:
        people: Who are new here, at least as many.
        url: Of a process that serves it.
        plan: What each organisation says of itself; where `matching` is among it, that is its
            matching profile, and its person consents to suggestions.
    """
    made = []
    programs = Office.of_programs(url, {each.name: each.token for each in people})
    for account, said in zip(people, plan, strict=False):
        own, matching = f"member:{account.id}", said.get("matching")
        page = {name: value for name, value in said.items() if name != "matching"}
        pk = programs.do(account.name, "organisation.create", own, **page)["id"]
        if matching is not None:
            programs.do(account.name, "consent.give", own, purpose="matching", version=1)
            programs.do(account.name, "matching.save", own, organisation=pk, **matching)
        made.append(House(pk, said["name"], account))
    programs.close()
    return made


def accompany(url: str, hub: House, *others: House) -> None:
    """The hub offers to accompany the others, and they agree."""
    programs = Office.of_programs(
        url, {each.account.name: each.account.token for each in (hub, *others)}
    )
    for each in others:
        asked = programs.do(
            hub.account.name,
            "accompaniment.ask",
            f"member:{hub.account.id}",
            intermediary=hub.id,
            organisation=each.id,
            side="intermediary",
        )
        programs.do(
            each.account.name,
            "accompaniment.confirm",
            f"member:{each.account.id}",
            id=asked["id"],
        )
    programs.close()
