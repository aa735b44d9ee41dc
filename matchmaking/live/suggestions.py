"""What the topic `member:<id>` says and takes of suggestions and introductions."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from live.models import Event
from live.registry import EventData, Written
from matchmaking.access.profiles import own_people_of
from matchmaking.actions.introductions import (
    answer_introduction,
    move_introduction,
    propose_introduction,
)
from matchmaking.actions.suggestions import answer_suggestion, undo_answer
from matchmaking.events.suggestions import (
    AnswerIntroduction,
    AnswerSuggestion,
    IntroductionChanged,
    MoveIntroduction,
    ProposeIntroduction,
    SuggestionChanged,
    UndoAnswer,
)
from matchmaking.live.concerns import of_a_proposal, of_a_suggestion, of_an_introduction
from matchmaking.queries.introductions import introductions_of_events, own_introductions
from matchmaking.queries.suggestions import own_suggestions, suggestions_of_events
from members.live import declare_command, declare_event, declare_part
from members.models import Member

State = TypeVar("State")
Pair = tuple[int, int]


def _answer(actor: Member, data: AnswerSuggestion) -> Written:
    return answer_suggestion(
        actor=actor,
        organisation_id=data.organisation,
        other_id=data.other,
        answer=data.answer,
        why=data.why,
        weeks=data.weeks,
    )


def _undo(actor: Member, data: UndoAnswer) -> Written:
    return undo_answer(actor=actor, organisation_id=data.organisation, other_id=data.other)


def _propose(actor: Member, data: ProposeIntroduction) -> Written:
    return propose_introduction(
        actor=actor,
        intermediary_id=data.intermediary,
        first_id=data.first,
        second_id=data.second,
    )


def _say(actor: Member, data: AnswerIntroduction) -> Written:
    return answer_introduction(
        actor=actor, introduction_id=data.id, organisation_id=data.organisation, yes=data.yes
    )


def _move(actor: Member, data: MoveIntroduction) -> Written:
    return move_introduction(
        actor=actor, introduction_id=data.id, organisation_id=data.organisation, state=data.state
    )


def _presented(
    events: Sequence[Event],
    key: Callable[[Event], Pair],
    read: Callable[[Collection[Pair]], Mapping[Pair, State]],
    say: Callable[[State], EventData],
) -> Sequence[EventData | None]:
    """One event each, None for whoever has no role any more: old events may be read again."""
    keys = [key(event) for event in events]
    said = [event.data or {} for event in events]
    people, found = own_people_of({data["organisation"] for data in said}), read(set(keys))
    return [
        say(found[pair])
        if pair in found and data["member"] in people[data["organisation"]]
        else None
        for data, pair in zip(said, keys, strict=True)
    ]


def _suggestions(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What suggestions are now. Three queries."""
    return _presented(
        events,
        lambda event: ((event.data or {})["organisation"], (event.data or {})["other"]),
        suggestions_of_events,
        lambda state: SuggestionChanged(suggestion=state),
    )


def _introductions(events: Sequence[Event]) -> Sequence[EventData | None]:
    """What introductions are now, to each side what it may know. Two queries."""
    return _presented(
        events,
        lambda event: (event.subject or 0, (event.data or {})["organisation"]),
        introductions_of_events,
        lambda state: IntroductionChanged(introduction=state),
    )


def register() -> None:
    """Add commands, events and parts of the snapshot to `member:<id>`."""
    declare_event("suggestion.changed", SuggestionChanged, _suggestions)
    declare_event("introduction.changed", IntroductionChanged, _introductions)
    declare_part("suggestions", own_suggestions)
    declare_part("introductions", own_introductions)
    declare_command("suggestion.answer", AnswerSuggestion, _answer, of_a_suggestion)
    declare_command("suggestion.undo", UndoAnswer, _undo, of_a_suggestion)
    declare_command("introduction.propose", ProposeIntroduction, _propose, of_a_proposal)
    declare_command("introduction.answer", AnswerIntroduction, _say, of_an_introduction)
    declare_command("introduction.move", MoveIntroduction, _move, of_an_introduction)
