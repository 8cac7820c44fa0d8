"""On PostgreSQL what another program has done just before an act's lock is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import Connection

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import RatingLevel, StalePart, State, SurveyState
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.surveys import SurveyAnswer
from huimin_flow.store.core import repository
from huimin_flow.testing import Desk

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)

FRAME = [f"p-{n:04d}" for n in range(40)]


@pytest.fixture
def other(desk: Desk, url: str) -> Iterator[Desk]:
    """Another program's desk."""
    with Flow.open(url, clock=desk.clock) as flow:
        yield Desk(flow, desk.clock)


@pytest.fixture
def meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[], object]], None]:
    """Have an act done just before the next one locks its items."""

    def once(done: Callable[[], object]) -> None:
        hold, waiting = repository.hold_items, [done]

        def first(connection: Connection, numbers: Sequence[str]) -> None:
            if waiting:
                waiting.pop()()
            hold(connection, numbers)

        monkeypatch.setattr(repository, "hold_items", first)

    return once


def test_a_closed_survey_takes_no_answer_that_came_at_once(
    desk: Desk, other: Desk, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    number, surveys = desk.bring(State.EXECUTED).number, desk.flow.surveys
    key = surveys.draw(number, FRAME, 40, by=desk.office).key
    answers = [SurveyAnswer(code=code, level=RatingLevel.SATISFIED) for code in FRAME]
    surveys.add_answers(key, answers[:35], by=desk.office)
    meanwhile(lambda: other.flow.surveys.close(key, by=other.office))
    with pytest.raises(StepRefused):
        surveys.add_answers(key, answers[35:], by=desk.office)
    assert surveys.get(key).state is SurveyState.CLOSED
    assert door_of(desk.flow).read(verify).clean


def test_an_evaluation_that_came_at_once_is_in_doubt_by_a_new_figure(
    desk: Desk, other: Desk, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    number = desk.bring(State.EXECUTED).number
    desk.survey(number)
    desk.report(number)
    meanwhile(lambda: other.conclude(number))
    desk.report(number, 1)
    item = desk.flow.items.get(number)
    assert (item.state, item.stale) == (State.EVALUATED, (StalePart.EVALUATION,))
    assert door_of(desk.flow).read(verify).clean
