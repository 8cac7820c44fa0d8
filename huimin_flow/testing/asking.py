"""A survey from the draw to its end, with so many satisfied people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.model.executing.surveys import Survey, SurveyAnswer

if TYPE_CHECKING:
    from huimin_flow.flow import Flow
    from huimin_flow.model.core.organization import Actor


def ask(
    flow: Flow,
    number: str,
    frame: Sequence[str],
    drawn: int,
    satisfied: int,
    by: Actor,
) -> Survey:
    """Ask so many people of a frame about an item; the others are dissatisfied."""
    key = flow.surveys.draw(number, frame, drawn, by=by).key
    good, bad = RatingLevel.SATISFIED, RatingLevel.DISSATISFIED
    answers = [
        SurveyAnswer(code=each.code, level=good if n < satisfied else bad)
        for n, each in enumerate(flow.surveys.sample(key))
    ]
    flow.surveys.add_answers(key, answers, by=by)
    return flow.surveys.close(key, by=by)
