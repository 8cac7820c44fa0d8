"""What an insider does to a third party's engagement is found (D4)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from huimin_flow.catalogue.terms import Flaw, Role, State
from huimin_flow.flow.executing import surveys
from huimin_flow.flow.improving.engagements import planning
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.executing.agreements import OutcomeResult
from huimin_flow.store.core.tables import RECORDS
from huimin_flow.testing import Desk
from tests.audit.test_insider import by_hand, found, gate_asks_nobody, reseal
from tests.flow.core.engaged import FRAME, LATE, STAFF, engaged, with_report
from tests.life.world import OTHER_UNIT

LOW = (OutcomeResult(outcome="E1", value=400),)


def rewritten(desk: Desk, key: str, n: int, change: Any) -> None:
    """Change the value in an engagement's last event, and its row."""

    def edit(connection: Any) -> None:
        values: list[Any] = []

        def alter(plain: Any) -> None:
            change(plain["public"]["value"])
            values.append(plain["public"]["value"])

        reseal(connection, key, n, alter)
        body = canonical(values[0]).decode()
        row = update(RECORDS).where(RECORDS.c.key == key).values(body=body)
        connection.execute(row)

    by_hand(desk, edit)


def test_a_report_made_better_after_the_evaluation_is_found(desk: Desk) -> None:
    number = desk.bring(State.EXECUTED).number
    made = with_report(desk, number, LOW, ())
    assert desk.conclude(number).evaluation_passed is False
    assert found(desk) == []

    def better(value: Any) -> None:
        value["results"][0]["value"] = 520

    rewritten(desk, made.key, made.version, better)
    assert (Flaw.DECISION_MISMATCH, "figures 8") in found(desk)


def test_a_finding_softened_while_it_was_answered_is_found(file_desk: Desk) -> None:
    number, acts = file_desk.bring(State.EXECUTED).number, file_desk.flow.engagements
    key = with_report(file_desk, number).key
    told = acts.decline(key, 1, "已补", by=file_desk.operator)
    assert found(file_desk) == []

    def softer(value: Any) -> None:
        value["findings"][0]["severity"] = "minor"

    rewritten(file_desk, key, told.version, softer)
    assert (Flaw.ILLEGAL_EVENT, "engagements 3") in found(file_desk)


def test_a_sample_that_was_chosen_is_found(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, acts = file_desk.bring(State.EXECUTED).number, file_desk.flow.engagements
    key, office = engaged(file_desk, number).key, file_desk.office
    with monkeypatch.context() as chosen:
        keep = surveys.keep_drawn
        chosen.setattr(
            planning, "keep_drawn", lambda work, *_: keep(work, key, FRAME[:5], office)
        )
        acts.enter(key, STAFF, "候工人员", FRAME, 5, by=office)
    file = acts.attach(key, "报告", b"1", by=office).digest
    acts.report(key, file, by=office)
    assert found(file_desk) == [(Flaw.DECISION_MISMATCH, "engagements 1")]


def test_an_answer_of_a_stranger_and_a_correction_by_the_same_are_found(
    file_desk: Desk,
) -> None:
    number, acts = file_desk.bring(State.EXECUTED).number, file_desk.flow.engagements
    key, office = with_report(file_desk, number).key, file_desk.office
    stranger = file_desk.post(Role.OPERATOR, OTHER_UNIT)
    again = acts.attach(key, "又一份", b"2", by=office).digest
    with gate_asks_nobody():
        acts.answer(key, 1, "改", OTHER_UNIT, LATE, by=stranger)
        acts.correct(key, again, "录入有误", by=office)
    assert found(file_desk) == [
        (Flaw.ACTOR_UNENTITLED, "acts 3"),
        (Flaw.SECOND_PERSON_MISSING, "acts 4"),
    ]
