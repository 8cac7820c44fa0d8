"""``Flow.todo``: what waits for an actor, by due day, in few statements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huimin_flow.catalogue.terms import (
    Argument,
    AssessmentKind,
    RatingLevel,
    Role,
    State,
    Step,
    Term,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.todo.items import _NEXT
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.items import Todo
from huimin_flow.states.authority import Reach
from huimin_flow.states.table import ITEM, LIFE, MAIN_LINE
from huimin_flow.store.awaited import items_waiting
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.ratings import rating
from tests.statements import recorded


def waits(desk: Desk, by: Actor, *kinds: TodoKind) -> list[tuple[str, str]]:
    """The subject and the act of what waits for somebody."""
    return [
        (one.subject, one.act)
        for one in desk.flow.todo(by)
        if not kinds or one.kind in kinds
    ]


def test_the_next_step_of_each_state_leads_along_the_main_line() -> None:
    for state, step in _NEXT.items():
        ahead = [*MAIN_LINE, State.CLOSED][MAIN_LINE.index(state) + 1]
        assert (step, state, ahead) in {(a.step, a.source, a.target) for a in LIFE}
    assert set(MAIN_LINE) - set(_NEXT) == {State.STARRED}
    assert Step.ENLIST in ITEM.leaving(State.STARRED)


def test_an_item_waits_for_those_who_may_take_its_next_step(desk: Desk) -> None:
    head = desk.post(Role.UNIT_HEAD, UNIT)
    stranger = desk.post(Role.OPERATOR, "500102")
    auditor = desk.post(Role.AUDITOR)
    for state, step in _NEXT.items():
        number = desk.item(state).number
        if state is State.EXECUTED:
            desk.report(number)
            desk.survey(number)
        mine = (number, f"items.{step}")
        kind = TodoKind.ITEM
        own = step in {Step.ASSIGN, Step.EXECUTE, Step.ADJUST}
        assert (mine in waits(desk, desk.office, kind)) is (step is not Step.EXECUTE)
        assert (mine in waits(desk, head, kind)) is own
        assert mine not in waits(desk, stranger, kind)
        assert waits(desk, auditor) == []
    for state in (State.STARRED, State.MERGED, State.DEFERRED, State.REJECTED):
        number = desk.item(state).number
        assert number not in {one.subject for one in desk.flow.todo(desk.office)}


def test_what_is_not_ready_for_the_list_is_due_on_its_cutoff_once_reminded(
    desk: Desk,
) -> None:
    for state in (State.COLLECTED, State.SCREENED, State.JUDGED, State.LISTED):
        desk.bring(state)

    def due() -> dict[Term, date | None]:
        waiting = desk.flow.todo(desk.office)
        return {one.step: one.due for one in waiting if one.kind is TodoKind.ITEM}

    meeting = desk.today() + timedelta(days=30)  # so long it may wait for one
    screening = date(2023, 10, 23)  # ten working days after it was collected
    known = dict.fromkeys(due(), None) | {Step.SCREEN: screening, Step.JUDGE: meeting}
    assert due() == known
    desk.clock.set(at_hour(date(2023, 12, 8), 10))
    cutoff = date(2023, 12, 15)
    late = {Step.SCREEN: screening, Step.JUDGE: cutoff, Step.STAR: cutoff}
    assert due() == late | {Step.ASSIGN: None}
    desk.clock.set(at_hour(cutoff, 18))
    assert due() == known


def due_of(desk: Desk, by: Actor) -> list[Todo]:
    """Return what waits for an actor, without the appeals to answer."""
    return [one for one in desk.flow.todo(by) if one.kind is not TodoKind.ANSWER]


def test_what_is_due_first_comes_first_and_says_since_when(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    begun = desk.today()
    desk.clock.set(at_hour(date(2023, 10, 25), 12))
    desk.flow.items.amend(item.number, {"title": "更正"}, by=desk.office)
    first, second = due_of(desk, desk.operator)
    assert (first.kind, first.act, first.period) == (
        TodoKind.PROGRESS,
        "tasks.report",
        "2023-10",
    )
    assert (first.since, first.due) == (date(2023, 10, 25), date(2023, 11, 7))
    assert (second.step, second.title) == (Step.EXECUTE, "更正")
    assert (second.since, second.due) == (begun, begun + timedelta(days=200))
    desk.report(item.number)
    assert [one.kind for one in due_of(desk, desk.operator)] == [TodoKind.ITEM]
    desk.clock.set(at_hour(date(2024, 1, 4), 12))
    owed = [one.period for one in due_of(desk, desk.operator)]
    assert owed == ["2023-11", "2023-12", ""]


def test_a_part_in_doubt_and_a_failed_evaluation_have_another_next_step(
    desk: Desk,
) -> None:
    number = desk.item(State.SCREENED).number
    desk.flow.items.amend(number, {"origin": "opinion"}, by=desk.office)
    assert waits(desk, desk.office) == [(number, "items.return_")]
    failed = desk.item(State.EXECUTED).number
    desk.evaluate(failed, value=1)
    assert (failed, "items.rework") in waits(desk, desk.office)
    assert failed not in {one.subject for one in due_of(desk, desk.operator)}


def test_who_only_sends_back_reads_no_item_without_a_doubt(desk: Desk) -> None:
    sound, doubtful = (desk.item(State.ASSIGNED).number for _ in range(2))
    desk.flow.items.amend(doubtful, {"area": "talent"}, by=desk.operator_of(doubtful))
    quoted = {"title": '候工区"stale":["plan"]'}
    desk.flow.items.amend(sound, quoted, by=desk.operator_of(sound))
    assert waits(desk, desk.office, TodoKind.ITEM) == [(doubtful, "items.return_")]

    def read(work: Work) -> list[str]:
        sends_back = (State.ASSIGNED, Reach(units=None), True)
        return [each.number for each in items_waiting(work.connection, [sends_back])]

    assert door_of(desk.flow).ask(read) == [doubtful]


def test_an_evaluation_waits_for_the_unit_that_owes_the_figures(desk: Desk) -> None:
    number = desk.item(State.ASSIGNED).number
    desk.report(number)
    desk.clock.advance(timedelta(days=31))  # into the month that is owed
    desk.execute(number)
    known = [each for each in desk.flow.todo(desk.office) if each.subject == number]
    owed, survey = sorted(known, key=lambda each: each.kind is TodoKind.SURVEY)
    assert survey.act == "surveys.draw"
    with pytest.raises(StepRefused):
        desk.conclude(number, 92)
    unit = desk.operator_of(number).unit
    assert (owed.act, owed.unit) == ("tasks.report", unit)
    assert (owed.period, owed.title[:2]) == (f"{desk.today():%Y-%m}", "T1")
    desk.report(number)
    assert (number, "items.evaluate") in waits(desk, desk.office)


def test_a_proposal_waits_for_another_person_with_the_duty(desk: Desk) -> None:
    number = desk.item(State.LISTED).number
    values = {"item": number, "reason": "duplicate"}
    made = desk.flow.proposals.propose("cancel", values, by=desk.office)
    mine = (made.key, "proposals.approve")
    assert mine not in waits(desk, desk.office)
    assert mine in waits(desk, desk.second)
    assert mine in waits(desk, desk.post(Role.LEADER))
    assert mine not in waits(desk, desk.post(Role.UNIT_HEAD, UNIT))
    assert mine not in waits(desk, desk.operator)
    desk.flow.proposals.withdraw(made.key, by=desk.office)
    assert waits(desk, desk.second, TodoKind.PROPOSAL) == []


def test_an_assessment_is_submitted_by_one_and_verified_by_another(desk: Desk) -> None:
    number = desk.item(State.LISTED).number
    flow, kind = desk.flow, TodoKind.ASSESSMENT
    made = flow.assessments.request(
        number, AssessmentKind.LEGALITY, "某所", by=desk.office
    )
    head = desk.post(Role.UNIT_HEAD, UNIT)
    submit, accept = (made.key, "assessments.submit"), (made.key, "assessments.accept")
    assert waits(desk, desk.office, kind) == waits(desk, head, kind) == [submit]
    assert waits(desk, desk.post(Role.UNIT_HEAD, "500102"), kind) == []
    flow.assessments.submit(made.key, "可行", high_risk=False, by=desk.office)
    assert waits(desk, desk.office, kind) == []
    assert waits(desk, desk.second, kind) == waits(desk, head, kind) == [accept]
    flow.assessments.accept(made.key, by=head)
    assert waits(desk, desk.second, kind) == []


def test_bad_ratings_wait_with_their_due_days(desk: Desk) -> None:
    bad = rating(1, RatingLevel.DISSATISFIED)
    desk.flow.ratings.add([bad], by=desk.office)
    owner = desk.post(Role.OPERATOR, bad.unit)
    other = desk.post(Role.OPERATOR, "500109")
    (entry,) = desk.flow.todo(owner)
    (known,) = desk.flow.ratings.bad()
    assert (entry.subject, entry.act) == (bad.transaction, "ratings.answer")
    assert (entry.kind, entry.due) == (TodoKind.RATING, known.due)
    assert entry.lacks is None
    assert waits(desk, other) == []
    desk.flow.ratings.answer(bad.transaction, "已改进", by=owner)
    assert waits(desk, owner) == []
    assert waits(desk, desk.office) == [(bad.transaction, "ratings.verify")]


def test_a_named_bad_rating_waits_for_its_call_back(desk: Desk) -> None:
    bad = rating(1, RatingLevel.DISSATISFIED, who="p-0017")
    desk.flow.ratings.add([bad], by=desk.office)
    owner = desk.post(Role.OPERATOR, bad.unit)
    (entry,) = desk.flow.todo(owner)
    assert entry.lacks is Argument.CALLED_BACK_ON
    done = desk.flow.ratings.answer
    done(bad.transaction, "已改进", called_back_on=desk.today(), by=owner)
    (entry,) = desk.flow.todo(desk.office)
    assert entry.lacks is None


def test_a_frozen_list_waits_to_be_confirmed_and_then_published(desk: Desk) -> None:
    desk.item(State.STARRED)
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    desk.consolidate(2024)
    city, own, kind = "list/2024/city", f"list/2024/{UNIT}", TodoKind.LIST
    head = desk.post(Role.UNIT_HEAD, UNIT)
    assert (city, "lists.confirm") in waits(desk, desk.office, kind)
    assert waits(desk, head, kind) == [(own, "lists.confirm")]
    desk.flow.proposals.propose("confirm", {"edition": own}, by=head)
    assert waits(desk, head, kind) == []
    desk.flow.lists.confirm(city, by=desk.office, second=desk.second)
    assert (city, "lists.publish") in waits(desk, desk.post(Role.PUBLICITY), kind)


def test_what_waits_takes_the_same_statements_for_many_items(desk: Desk) -> None:
    head = desk.post(Role.UNIT_HEAD, UNIT)

    def counted() -> list[int]:
        counts = []
        for by in (desk.office, head, desk.operator):
            with recorded(door_of(desk.flow).own) as texts:
                desk.flow.todo(by)
            counts.append(len(texts))
        return counts

    def more() -> None:
        for state in (State.COLLECTED, State.LISTED, State.ASSIGNED):
            item = desk.item(state)
        number = desk.item(State.LISTED).number
        by = desk.office
        desk.flow.assessments.request(
            number, AssessmentKind.OPINION_RISK, "某所", by=by
        )
        values = {"item": item.number, "reason": "duplicate"}
        desk.flow.proposals.propose("cancel", values, by=desk.second)
        serial = len(desk.flow.ratings.bad())
        desk.flow.ratings.add([rating(serial + 1, RatingLevel.DISSATISFIED)], by=by)

    more()
    desk.clock.set(at_hour(date(2023, 11, 20), 12))
    desk.flow.todo(desk.office)
    before = counted()
    for _ in range(4):
        more()
    assert counted() == before
    assert max(before) <= 54  # one for each kind of thing that may wait
