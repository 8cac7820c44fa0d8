"""Suggestions from a text in words: what is suggested, and which terms say so (X1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_list, say_note
from huimin_flow.catalogue.terms import Area, Argument, LifeStage

if TYPE_CHECKING:
    from huimin_flow.model.rulebook import Rulebook
    from huimin_flow.model.sensing.suggestions import Proposed, Suggestion


def proposed_words(made: Suggestion, book: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield a suggestion in lines: area, life stage, and who else is in charge."""
    area, stage, other = made.area, made.life_stage, made.elsewhere
    yield (
        Argument.AREA.spoken,
        grounded(Area(area.subject).spoken, area) if area else say("没有建议"),
    )
    yield (
        Argument.LIFE_STAGE.spoken,
        grounded(LifeStage(stage.subject).spoken, stage) if stage else say("没有建议"),
    )
    if other is not None:
        bodies = book.rules.referral_bodies
        name = bodies.get(other.subject, other.subject)
        yield say("可能不属本局职责,可转"), grounded(name, other)


def grounded(name: str, proposed: Proposed) -> str:
    """Return a suggestion with its points, and the terms that earned them."""
    terms = say_list(
        say(
            "{part}“{term}”{points}分",
            part=ground.part.spoken,
            term=ground.term,
            points=ground.points,
        )
        for ground in proposed.grounds
    )
    points = say("{points}分", points=proposed.points)
    return say_note(f"{name} {points}", terms)
