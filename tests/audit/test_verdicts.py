"""Every kind of verdict that an act keeps has what counts its inputs again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from huimin_flow.audit import acts, figures
from huimin_flow.audit.core.applied import Applied
from huimin_flow.audit.core.verdicts import DECIDED_BY
from huimin_flow.catalogue.terms import Flaw, Recommendation, State, StreamKind
from huimin_flow.flow.core import advance as one_way
from huimin_flow.flow.executing import tasks as flow_tasks
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.executing.plans import Plan, Task
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.deciding import lists
from huimin_flow.rules.executing import coverage, fulfilment, readiness, tasks
from huimin_flow.rules.improving import grounds
from huimin_flow.rules.revisions import REGISTRY
from huimin_flow.rules.sensing import policies
from huimin_flow.streams import STREAMS
from huimin_flow.testing import Desk
from tests.audit.test_insider import found, gate_asks_nobody
from tests.flow.executing.test_tasks import assigned

pytestmark = pytest.mark.usefixtures("schema_stays")

#: The rules of which no event keeps a verdict: boards and evaluations name them.
INSIDE = {fulfilment.RULE, *map(grounds.rule_of, grounds.DECIDE)}

#: What is made again with its list, or with its comparison of measures.
WITH_OTHERS = {lists.RULE, policies.RULE}

#: Records whose verdicts are held by ``meetings``, by ``links`` and by ``figures 10``.
HELD_BESIDE = {
    StreamKind.DELIBERATION,
    StreamKind.ADVICE,
    StreamKind.ASSESSMENT,
    StreamKind.ENGAGEMENT,
}


def test_every_rule_decides_a_step_or_is_named_as_part_of_another() -> None:
    kept = {
        rule
        for steps in DECIDED_BY.values()
        for rules in steps.values()
        for rule in rules
    }
    known = {rule for rule, _ in REGISTRY} | {lists.RULE}
    assert kept | INSIDE == known
    assert not kept & INSIDE


@pytest.mark.parametrize("kind", DECIDED_BY)
def test_every_verdict_of_a_step_is_counted_again(kind: StreamKind) -> None:
    life = STREAMS[kind].life
    for step, rules in DECIDED_BY[kind].items():
        assert step in life.steps
        if kind is StreamKind.ITEM:
            assert rules <= figures.INPUTS.keys() | WITH_OTHERS
        else:
            assert kind in HELD_BESIDE or STREAMS[kind].value in acts._HELD


def test_a_forged_input_of_any_verdict_on_an_item_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever rule decides: some input of it is counted again, not believed."""
    desk.bring(State.EVALUATED)
    number, flow = assigned(desk), desk.flow
    flow.items.reassign(
        number, "T2", "wrong_unit", unit="500103", by=desk.operator_of(number)
    )
    flow.items.advise(number, Recommendation.IMPROVE, by=desk.operator_of(number))
    noticed: dict[str, set[str]] = defaultdict(set)
    hold = figures.hold_inputs

    def forging(act: Applied, item: Item, verdict: Verdict, book: Rulebook) -> None:
        hold(act, item, verdict, book)
        findings, known = act.ledger.findings, len(act.ledger.findings)
        seen = noticed[verdict.rule]
        for name in (*verdict.inputs, "parent_result"):  # stars may inherit a result
            lie = replace(verdict, inputs={**verdict.inputs, name: "9999"})
            hold(Applied(**{**vars(act), "verdict": lie}), item, lie, book)
            if findings[known:]:
                seen.add(name)
            del findings[known:]

    monkeypatch.setattr(acts, "hold_inputs", forging)
    assert found(desk) == []
    assert noticed.keys() == figures.INPUTS.keys()
    assert [rule for rule, names in noticed.items() if not names] == []


def reassigned(desk: Desk, lie: Mapping[str, Any]) -> list[tuple[Flaw, str]]:
    """What is found if a reassigned task keeps a coverage from other inputs."""
    number = assigned(desk)
    honest = tasks.reassigning

    def bent(item: Item, plan: Any, *more: Any) -> Any:
        made = honest(item, plan, *more)
        assert made.verdict is not None
        inputs = {**made.verdict.inputs, **lie}
        rule = desk.flow.rulebook.active().improving.tasks
        return replace(made, verdict=coverage.coverage_from(inputs, rule), lost=())

    with pytest.MonkeyPatch.context() as inside:
        inside.setattr(tasks, "reassigning", bent)
        desk.flow.items.reassign(
            number, "T2", "wrong_unit", unit="500103", by=desk.operator_of(number)
        )
    return found(desk)


def test_a_coverage_that_was_kept_from_forged_inputs_is_found(desk: Desk) -> None:
    # By the rule alone the verdict is right: 100 of 70 jobs are promised.
    lie = {"target1_value": 70}
    assert reassigned(desk, lie) == [(Flaw.DECISION_MISMATCH, "tasks 1")]


def test_a_reassignment_that_changes_another_task_too_is_found(desk: Desk) -> None:
    number, put = assigned(desk), tasks.with_task

    def bent(plan: Plan, task: Task) -> Plan:
        other = next(each for each in plan.tasks if each.key != task.key)
        return put(put(plan, task), replace(other, unit="500103"))

    with pytest.MonkeyPatch.context() as inside:
        inside.setattr(tasks, "with_task", bent)
        desk.flow.items.reassign(
            number, "T2", "wrong_unit", unit="500103", by=desk.operator_of(number)
        )
    assert found(desk) == [(Flaw.DECISION_MISMATCH, "tasks 4")]


def test_a_verdict_of_another_rule_is_found(desk: Desk) -> None:
    number = desk.bring(State.LISTED).number
    plan, book = desk.plan(), desk.flow.rulebook.active()
    other = coverage.coverage(plan, book.improving.tasks)
    assert other.passed
    with gate_asks_nobody(), pytest.MonkeyPatch.context() as inside:
        inside.setattr(readiness, "ready", lambda *_, **__: other)
        desk.assign(number, plan)
    assert (Flaw.DECISION_MISMATCH, "verdicts 1") in found(desk)


@pytest.mark.parametrize(
    ("lie", "law"),
    [({"rounds": 3}, "tasks 2"), ({"returned_on": date(2023, 10, 2)}, "acts 9")],
)
def test_a_task_sent_back_in_another_round_or_on_another_day_is_found(
    desk: Desk, lie: dict[str, Any], law: str
) -> None:
    number, keep = assigned(desk), one_way.keep_record

    def bent(work: Any, step: Any, new: Any, *more: Any, **named: Any) -> Any:
        return keep(work, step, replace(new, **lie), *more, **named)

    with pytest.MonkeyPatch.context() as inside:
        inside.setattr(flow_tasks, "keep_record", bent)
        by = desk.actor("op-500102")
        desk.flow.tasks.return_(number, "T2", "lacks_means", "无场地", by=by)
    assert [broken for _, broken in found(desk)] == [law]
