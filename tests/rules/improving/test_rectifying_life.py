"""Any sequence of steps of a rectification: who leaves the board, and who is told.

Each example takes steps that its state has, by whoever, with figures and words that
may suffice or not; a refused step changes nothing. What was reached is counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    Area,
    BoardGround,
    BoardState,
    RectificationState,
    RectificationStep,
    State,
    Via,
)
from huimin_flow.errors import StepRefused
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.evidence import (
    Acting,
)
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.improving.boards import BoardEntry, QuarterlyBoards
from huimin_flow.model.improving.rectification import (
    CitizensWord,
    Rectification,
    Rung,
)
from huimin_flow.model.record_evidence import (
    RectifiedEvidence,
)
from huimin_flow.rules.core.due import Activation, working_day_after
from huimin_flow.rules.improving import rectification as rules
from huimin_flow.rules.improving.boards import still_bad
from huimin_flow.settings import load_rulebook
from huimin_flow.states.improving import RECTIFICATION
from huimin_flow.states.machine import permit
from tests.rules.figures import item
from tests.sampled import NIGHTLY

BOOK = load_rulebook(Path(__file__).parents[3] / "config")
RULE, CALENDAR = BOOK.improving.rectification, BOOK.calendar
ACTIVE = [Activation(since=datetime(2024, 1, 1, tzinfo=UTC), book=BOOK)]
UNIT, NUMBER, SINCE = "500101", "2026-00007", "2023Q4"
ITEM = replace(item(), state=State.EXECUTED)
ACTORS = tuple(
    Actor(id=post.id, unit=post.unit, roles=post.roles, via=Via.HOST)
    for name in (
        *("op-500101", "head-500101", "head-500102", "office-1", "office-2"),
        *("supervision-1", "deputy-1", "scheduler"),
    )
    for post in BOOK.organization.people
    if post.id == name
)
LIKELY = {  # who takes a step mostly; anybody tries now and then
    RectificationStep.OPEN: "office-1",
    RectificationStep.SUBMIT: "op-500101",
    RectificationStep.ACCEPT: "supervision-1",
    RectificationStep.RETURN: "office-2",
    RectificationStep.ESCALATE: "scheduler",
    RectificationStep.ACKNOWLEDGE: "head-500101",
}
ENTRY = BoardEntry(
    item=NUMBER, title="建设零工市场", unit=UNIT, area=Area.EMPLOYMENT,
    state=State.EXECUTED, grounds=(BoardGround.SLOW,), verdicts=(), since=SINCE,
)  # fmt: skip
BOARDS = QuarterlyBoards(
    key="board/2023Q4", period=SINCE, day=date(2023, 12, 31), cut=9, rulebook="",
    state=BoardState.PUBLISHED, considered=1, good=(), bad=(ENTRY,), edition=1, stood=9,
)  # fmt: skip
REACHED: Counter[str] = Counter()
DONE = RectificationState.ACCEPTED


def on_board(made: Rectification | None) -> bool:
    ended = {(made.item, made.since)} if made and made.state is DONE else set()
    return bool(still_bad([BOARDS], ended))


def changed(
    old: Rectification, step: RectificationStep, by: Actor, day: date
) -> dict[str, Any]:
    """What a step sets, as the acts do."""
    if step is RectificationStep.SUBMIT:
        late = max(old.late, rules.dated(old, ACTIVE, day).overdue)
        return {"submitted_on": day, "submitted_by": by.id, "late": late}
    if step is RectificationStep.RETURN:
        return {"returned_on": day}
    if step is RectificationStep.ESCALATE:
        made = old
        while len(made.rungs) < len(RULE.ladder):
            due, rung = rules.rung_due(made, ACTIVE), RULE.ladder[len(made.rungs)]
            if due is None or due > day:
                break
            to = rules.addressees(rung.role, ITEM, BOOK.organization, day)
            reached = Rung(
                name=rung.name, role=rung.role, due=due, recorded_on=day, to=to
            )
            made = replace(made, rungs=(*made.rungs, reached))
        return {"rungs": made.rungs}
    return {}


def holds(old: Rectification, new: Rectification, day: date) -> None:
    """Whatever step was taken: the deadline and the ladder go one way only."""
    due, before = rules.due_of(new, ACTIVE), rules.due_of(old, ACTIVE)
    assert due is not None
    assert before is not None
    assert due >= before
    if new.returned_on is None:
        assert due == working_day_after(new.opened_on, RULE.days.value, CALENDAR)
    assert due == working_day_after(due - timedelta(days=1), 1, CALENDAR)
    for was, rung in zip(old.rungs, new.rungs, strict=False):
        assert replace(was, acknowledged_on=None, acknowledged_by="") == replace(
            rung, acknowledged_on=None, acknowledged_by=""
        )
    assert len(old.rungs) <= len(new.rungs) <= len(RULE.ladder)
    assert [r.role for r in new.rungs] == [
        rung.role for rung in RULE.ladder[: len(new.rungs)]
    ]
    days = [rung.recorded_on for rung in new.rungs]
    assert days == sorted(days)
    assert all(rung.due <= rung.recorded_on <= day for rung in new.rungs)
    for rung in new.rungs[len(old.rungs) :]:
        assert rung.due > before
        assert rung.to


@settings(max_examples=2000 if NIGHTLY else 60)
@given(st.data())
def _walk(data: st.DataObject) -> None:
    made: Rectification | None = None
    day, seen = date(2024, 1, 8), 0
    for _ in range(data.draw(st.integers(6, 24))):
        day += timedelta(days=data.draw(st.sampled_from((1, 0, 3, 9, 30))))
        state = None if made is None else made.state
        steps = RECTIFICATION.leaving(state)
        if not steps:
            break
        step = RectificationStep(data.draw(st.sampled_from(steps)))
        fits = data.draw(st.sampled_from((True, True, False)))
        told = [
            by
            for rung in (made.rungs if made else ())
            for by in ACTORS
            if by.id in rung.to and rung.acknowledged_on is None
        ]
        likely = [by for by in ACTORS if by.id == LIKELY[step]]
        if step is RectificationStep.ACKNOWLEDGE:
            likely = told or likely
        by = data.draw(st.sampled_from(likely if fits else ACTORS))
        figures = [
            Progress(
                item=NUMBER, task="T1", indicator="场", month=f"{day:%Y-%m}", value=1
            )
        ] * data.draw(st.sampled_from((1, 1, 0)))
        word = CitizensWord(
            source="ratings", answers=data.draw(st.sampled_from((8, 5, 4, 0))), good=0
        )
        verdict = None
        if made is not None:
            verdict = rules.acceptable(made, rules.Basis(figures, word), RULE)
        judged = step in {RectificationStep.ACCEPT, RectificationStep.RETURN}
        acting = Acting(
            actor=by,
            day=day,
            organization=BOOK.organization,
            units=(by.unit if judged else UNIT,),
        )
        evidence = RectifiedEvidence(
            item=ITEM, verdict=verdict, caused=True, listed=True
        )
        try:
            target = permit(RECTIFICATION, state, step, acting, evidence, subject=made)
        except StepRefused as refused:
            REACHED.update(f"refused {reason.code}" for reason in refused.reasons)
            assert on_board(made)
            continue
        REACHED[step.value] += 1
        seen += 1
        if made is None:
            assert by.unit == BOOK.organization.office
            made = Rectification(
                key="rectification/2024-0001", item=NUMBER, unit=UNIT,
                state=RectificationState.OPENED, cause="进展慢", opened_on=day,
                opened_by=by.id, known=0, since=SINCE, edition=1,
            )  # fmt: skip
            continue
        old = made
        more = changed(old, step, by, day)
        if step is RectificationStep.ACKNOWLEDGE:
            own = {by.id}
            more["rungs"] = tuple(
                replace(rung, acknowledged_on=day, acknowledged_by=by.id)
                if rung.acknowledged_on is None and own.intersection(rung.to)
                else rung
                for rung in old.rungs
            )
            assert more["rungs"] != old.rungs
        made = replace(old, state=RectificationState(target), **more)
        holds(old, made, day)
        REACHED[f"{len(made.rungs)} rungs"] += 1
        if step is RectificationStep.ACCEPT:
            assert figures
            assert word.answers >= RULE.least_answers.value
            assert UNIT not in BOOK.organization.acts_for(by.unit, day)
            assert by.id != made.submitted_by
        assert on_board(made) is (step is not RectificationStep.ACCEPT)


def test_no_sequence_leaves_the_board_without_an_acceptance_by_others() -> None:
    REACHED.clear()
    _walk()
    for step in RectificationStep:
        assert REACHED[step.value], REACHED
    for refusal in (
        *("rectification_own_case", "rectification_unmeasured"),
        *("rectification_word_missing", "rectification_not_addressed"),
    ):
        assert REACHED[f"refused {refusal}"], REACHED
    assert REACHED[f"{len(RULE.ladder)} rungs"], REACHED
