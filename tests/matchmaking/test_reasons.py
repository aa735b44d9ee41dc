"""Reasons in words: of every term, from both sides, and no more than the reader may know."""

from dataclasses import fields

import pytest
from django.utils import translation

from matchmaking.engine.market import Explanation, Term
from matchmaking.engine.profiles import Profile
from matchmaking.engine.weights import Weights
from matchmaking.queries.reasons import reasons_for, reasons_of
from members.models import Organisation
from moderation.models import Block
from tests.matchmaking.matching import begin_group, house

MINE = Profile(1, "EE", region="EE001", kind="ngo")
THEIRS = Organisation(pk=2, country="FI", region="FI1B1", kind="business")
PARTS = {
    "reciprocal": (("festival",), ("residency",)),
    "sectors": (("VIS",), ("VIS",)),
    "sought": (("glass", "sand"), ("glasses", "sands")),
    "offered": (("glass",), ("glasses",)),
    "programmes": (("creative-europe",), ("creative-europe",)),
    "network": (("7", "8"), ("7", "8")),
    "country": (("EE",), ("FI",)),
    "region": (("EE001",), ("FI1B1",)),
    "kind": (("ngo",), ("business",)),
    "experience": ((), ()),
    "sizes": (("micro",), ("small",)),
    "fresh": ((), ()),
}
SAID = {
    "reciprocal": (
        "You look for a festival invitation; they offer that.",
        "They look for a residency; you offer that.",
    ),
    "sectors": ("You work in the same field: Visual arts and photography.",),
    "sought": ("What they offer has much of what you describe: “glass”, “sand”.",),
    "offered": ("You write of what they describe: “glasses”.",),
    "programmes": ("Both of you work with: Creative Europe.",),
    "network": ("You both work with: Sadam.",),
    "country": ("Organisations of your two countries often work together: Estonia and Finland.",),
    "region": (
        "Organisations of your regions often work together: Põhja-Eesti and Helsinki-Uusimaa.",
    ),
    "kind": (
        "Organisations like the two of you often work together: "
        "Non-governmental organisation and Creative business.",
    ),
    "experience": ("They have worked with partners from here before.",),
    "sizes": (
        "They are as large as the partners you look for.",
        "You are as large as the partners they look for.",
    ),
    "fresh": ("They confirmed not long ago what they look for.",),
}


def explained(*names: str) -> Explanation:
    terms = [Term(name, 0.5, 0.1, *PARTS[name]) for name in names]
    return Explanation(
        0.5,
        fits=True,
        terms=tuple(terms),
        languages=("en",),
        wants_them=False,
        wanted_by_them=False,
    )


@pytest.mark.parametrize("name", [each.name for each in fields(Weights)])
def test_every_term_is_said_in_words_in_every_language(name: str) -> None:
    found = reasons_of(MINE, THEIRS, explained(name), {7: "Sadam"})
    assert found.sentences == SAID[name]
    with translation.override("de"):
        assert len(reasons_of(MINE, THEIRS, explained(name), {}).sentences) == len(SAID[name])


def test_what_most_have_is_said_last() -> None:
    found = reasons_of(MINE, THEIRS, explained("offered", "network", "sectors"), {})
    assert found.sentences == (
        "You have partners in common.",
        "You work in the same field: Visual arts and photography.",
        "You write of what they describe: “glasses”.",
    )


@pytest.mark.django_db
def test_a_partner_in_common_is_named_only_to_whom_it_may_be() -> None:
    one = house("EE", needs=[], offers=[])
    hub = house("LV", name="Centrs", needs=[], offers=[])
    other = house("FI", needs=[], offers=[])
    begin_group(one, hub)
    begin_group(hub, other)

    def said() -> tuple[str, ...]:
        return reasons_for(one.id, {other.id: other.organisation})[other.id].sentences

    assert said()[0] == "You both work with: Centrs."
    block = Block.objects.create(blocker=hub.member, blocked=one.member)
    assert said()[0] == "You have partners in common."
    block.delete()
    # Memory still has what consented a moment ago.
    hub.member.consents.all().delete()
    assert said()[0] == "You have partners in common."
