"""A preview says what the act then does, and records nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huimin_flow.catalogue.terms import (
    Criterion,
    Question,
    State,
    Step,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.testing import Desk


@pytest.mark.parametrize("level", [0, 50, 58, 59, 60, 90, 100])
@pytest.mark.parametrize("voices", [0, 3, 25])
def test_a_screening_gives_the_score_prevalence_and_step_that_were_shown(
    file_desk: Desk, level: int, voices: int
) -> None:
    number = file_desk.collect().number
    if voices:
        file_desk.link_appeals(number, voices)
    scores = {Criterion.URGENCY: level, Criterion.FUNDAMENTALITY: level}
    shown = file_desk.flow.items.screening(number, scores)
    assert len(file_desk.flow.records.events(f"item/{number}")) == 1
    assert shown.tally.appeals == voices
    assert shown.verdict is not None
    done = file_desk.flow.items.screen(number, scores, by=file_desk.office)
    last = file_desk.flow.records.events(f"item/{number}")[-1].event
    assert last.verdict is not None
    assert (shown.target, shown.step) == (done.state, last.step)
    assert last.verdict["score"] == shown.verdict.score
    if shown.step is Step.SCREEN:
        assert done.prevalence == shown.prevalence


def test_a_screening_that_lacks_a_score_has_no_target(file_desk: Desk) -> None:
    number = file_desk.collect().number
    shown = file_desk.flow.items.screening(number, {Criterion.URGENCY: 80})
    assert shown.target is None
    assert shown.verdict is not None
    assert [reason.code for reason in shown.verdict.reasons] == ["score_missing"]
    with pytest.raises(InputRefused):
        file_desk.flow.items.screening(number, {Criterion.PREVALENCE: 80})


@pytest.mark.parametrize("no", [None, *Question])
def test_a_judgment_gives_the_state_that_was_shown(
    file_desk: Desk, no: Question | None
) -> None:
    flow, number = file_desk.flow, file_desk.bring(State.SCREENED).number
    meeting, judgment = file_desk.meet([number]), file_desk.judgment(no)
    shown = flow.items.judging(number, meeting.key, judgment)
    assert shown.item.state is State.SCREENED
    flow.items.judge(number, meeting.key, judgment, by=file_desk.office)
    assert flow.items.get(number).state is State.SCREENED
    file_desk.close_meeting(meeting.key)
    assert flow.items.get(number).state is shown.target
    few = replace(judgment, answers={})
    other = file_desk.bring(State.SCREENED).number
    with pytest.raises(StepRefused):
        flow.items.judging(other, meeting.key, few)
    assert flow.items.judging(number, meeting.key, few).target is None


def test_other_steps_show_where_they_lead_their_voices_and_lists(
    file_desk: Desk,
) -> None:
    flow, item = file_desk.flow, file_desk.bring(State.LISTED)
    shown = flow.items.preview(item.number, Step.CANCEL)
    assert shown.target is State.CLOSED
    assert shown.lists == ("list/2099/500101", item.edition)
    assert shown.tally.appeals == 25
    with pytest.raises(StepRefused):
        flow.items.preview(item.number, Step.REJECT)
    second = file_desk.screen(file_desk.collect().number, 100).number
    file_desk.merge(second)
    assert flow.items.preview(second, Step.UNMERGE).target is State.SCREENED
