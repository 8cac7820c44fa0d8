"""Review meetings: called, held, closed; each decision is followed to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    AssessmentKind,
    DecisionState,
    DigestKind,
    ReviewMeetingState,
    State,
    StreamKind,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError, InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.executing.plans import Progress
from huimin_flow.reports.pages import page_of
from huimin_flow.testing import UNIT, Desk
from tests.flow.scoring.test_charts import sealed

DUE = date(2024, 4, 22)


@pytest.fixture
def held(desk: Desk) -> str:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    key = desk.flow.reviews.call(desk.today(), "leader-1", by=desk.office).key
    return desk.flow.reviews.hold(key, ["office-1"], by=desk.office).key


def waits(desk: Desk, by: Any) -> list[tuple[str, date | None]]:
    return [
        (each.step.value, each.due)
        for each in desk.flow.todo(by)
        if each.kind in {TodoKind.REVIEW, TodoKind.DECISION}
    ]


def test_a_decision_is_reported_with_evidence_returned_and_accepted(
    desk: Desk, held: str
) -> None:
    made = desk.flow.decisions
    key = made.decide(held, "补齐候工区", UNIT, DUE, by=desk.office).key
    assert waits(desk, desk.operator) == [("report_decision", DUE)]
    assert waits(desk, desk.office) == [("close_review", None)]
    desk.clock.set(at_hour(date(2024, 4, 17), 9))  # three working days are left
    assert ("remind", DUE) in waits(desk, desk.office)
    assert made.remind(key, by=desk.office).reminders == 1
    assert ("remind", DUE) not in waits(desk, desk.office)
    with pytest.raises(InputRefused, match="须附佐证"):
        made.report(key, "已补齐", [], by=desk.operator)
    file = made.attach(key, "照片.txt", b"1", by=desk.operator).digest
    made.report(key, "已补齐", [file[:12]], by=desk.operator)
    assert waits(desk, desk.operator) == []
    made.return_(key, "还缺饮水", by=desk.office)
    assert waits(desk, desk.operator) == [("report_decision", DUE)]
    made.report(key, "已补", [file], by=desk.operator)
    done = made.accept(key, by=desk.office)
    assert (done.state, done.files) == (DecisionState.ACCEPTED, (file,))
    with pytest.raises(StepRefused, match="还没有纪要"):
        desk.flow.reviews.close(held, by=desk.office)
    desk.flow.reviews.attach(held, "纪要.txt", b"2", by=desk.office)
    closed = desk.flow.reviews.close(held, by=desk.office)
    assert closed.state is ReviewMeetingState.CLOSED
    assert len(closed.minutes) == 1
    assert door_of(desk.flow).read(verify).findings == ()


def test_the_next_pack_lists_open_decisions_and_how_others_turned_out(
    desk: Desk, held: str
) -> None:
    made = desk.flow.decisions
    late = made.decide(held, "甲", UNIT, DUE, by=desk.office).key
    other = made.decide(held, "乙", UNIT, DUE, by=desk.office).key
    made.drop(other, "不必再办", by=desk.office)
    desk.clock.set(at_hour(date(2024, 5, 6), 9))
    call = desk.flow.reviews.call
    following = call(desk.today(), "leader-1", by=desk.office).key
    pack = desk.flow.reviews.pack(following)
    assert pack.former == held
    assert [each.key for each in pack.open] == [late]
    assert [each.key for each in pack.ended] == [other]
    (part,) = (part for part in pack.units if part.unit == UNIT)
    assert (DigestKind.DECISION, 14) in {(x.kind, x.days) for x in part.late}
    assert desk.flow.reviews.pack(following, unit="500103").open == ()


def test_the_pack_says_what_is_late_and_owed(desk: Desk, held: str) -> None:
    number = desk.bring(State.ASSIGNED).number
    desk.flow.orders.receive(
        number, "督查室", "1号", date(2024, 1, 2), "整改", due=date(2024, 4, 1),
        by=desk.office,
    )  # fmt: skip
    desk.clock.set(at_hour(date(2024, 7, 1), 9))
    (part,) = (
        part
        for part in desk.flow.reviews.pack(held).units
        if part.unit == desk.flow.items.get(number).unit
    )
    kinds = {line.kind for line in part.late}
    assert DigestKind.ORDER in kinds
    assert DigestKind.PROGRESS in {line.kind for line in part.owed}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"owner": " "}, "没有责任单位"),
        ({"owner": "甲公司"}, "没有“甲公司”"),
        ({"due": date(2024, 4, 7)}, "早于今日"),
        ({"decided": " "}, "决定事项"),
        ({"decided": "补齐 候工区。"}, "相同"),
    ],
)
def test_a_wrong_decision_is_refused(
    desk: Desk, held: str, wrong: dict[str, Any], says: str
) -> None:
    right: dict[str, Any] = {"decided": "补齐候工区", "owner": UNIT, "due": DUE}
    desk.flow.decisions.decide(held, **right, by=desk.office)
    with pytest.raises(HuiminError, match=says):
        desk.flow.decisions.decide(
            held, **{**right, "decided": "另一件", **wrong}, by=desk.office
        )


def test_a_meeting_is_called_before_it_is_held(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    reviews = desk.flow.reviews
    with pytest.raises(NotFound):
        reviews.hold("review_meeting/2024-0009", ["office-1"], by=desk.office)
    with pytest.raises(InputRefused, match="早于今日"):
        reviews.call(date(2024, 4, 7), "leader-1", by=desk.office)
    key = reviews.call(date(2024, 4, 10), "leader-1", by=desk.office).key
    with pytest.raises(InputRefused, match="定于2024-04-10"):
        reviews.hold(key, ["office-1"], by=desk.office)
    with pytest.raises(StepRefused, match="不能作决定"):
        desk.flow.decisions.decide(key, "甲", UNIT, DUE, by=desk.office)
    with pytest.raises(StepRefused):
        reviews.call_off(key, "改期", by=desk.operator)
    off = reviews.call_off(key, "改期", by=desk.office)
    assert off.state is ReviewMeetingState.CALLED_OFF


def test_the_post_that_owns_a_decision_reports_it(desk: Desk, held: str) -> None:
    made = desk.flow.decisions
    key = made.decide(held, "甲", desk.operator.id, DUE, by=desk.office).key
    file = made.attach(key, "甲.txt", b"1", by=desk.operator).digest
    with pytest.raises(StepRefused, match="不由"):
        made.report(key, "已办", [file], by=desk.office)
    assert made.report(key, "已办", [file], by=desk.operator).unit == UNIT
    assert door_of(desk.flow).read(verify).findings == ()


def test_an_owner_that_ended_is_refused(desk: Desk, held: str) -> None:
    ended = desk.flow.rulebook.active().organization.ended(desk.today())
    for unit in ended[:1]:
        with pytest.raises(InputRefused):
            desk.flow.decisions.decide(held, "甲", unit.code, DUE, by=desk.office)


def test_the_burden_counts_fields_uploads_and_checks_of_a_month(
    desk: Desk, held: str
) -> None:
    made = desk.flow.decisions
    key = made.decide(held, "甲", UNIT, DUE, by=desk.office).key
    file = made.attach(key, "甲.txt", b"1", by=desk.operator).digest
    made.report(key, "已办", [file], by=desk.operator)
    number = desk.bring(State.SCREENED).number
    desk.flow.assessments.request(
        number, AssessmentKind.LEGALITY, "法规处", by=desk.office
    )
    (own,) = desk.flow.burden.of("2024-04", unit=UNIT)
    of = {each.kind: each for each in own.asking}
    # A report fills in its note and its files; the item is asked for by an assessment.
    decided = of[StreamKind.DECISION]
    assert (decided.fields, decided.uploads, decided.checks) == (2, 1, 1)
    assert of[StreamKind.ASSESSMENT].checks == 1
    assert (own.uploads, own.checks, own.hand_share) == (1, 2, None)
    assert own.load == own.fields + 3 == own.more  # nothing was asked in March
    assert [each.load for each in own.asking] == sorted(
        (each.load for each in own.asking), reverse=True
    )
    with desk.flow.snapshot() as now:
        built = page_of("burden-2024-04.html")(now)
    units, idle, kinds = (rows for _, _, rows, _ in built.values["tables"])
    assert next(row for row in units if row[0] == "万州区")[1] == own.load
    assert {row[0] for row in idle}.isdisjoint(row[0] for row in units)
    assert "驻局纪检监察组" in {row[0] for row in idle}
    assert dict(kinds)["调度决定"] == 2 * decided.load  # the office fills in as much
    (after,) = desk.flow.burden.of("2024-05", unit=UNIT)
    assert (after.load, after.more) == (0, -own.load)
    more = desk.flow.burden.price(desk.flow.rulebook.active()).more
    assert not any((more.fields, more.uploads, more.checks))


def test_a_fed_figure_is_no_burden_and_one_by_hand_is(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    figure = Progress(
        item=number, task="T1", indicator="候工区", month="2023-10", value=3
    )
    desk.flow.tasks.report([figure], by=desk.operator)
    (own,) = desk.flow.burden.of("2023-10", unit=UNIT)
    assert (own.by_hand, own.fed, own.hand_share) == (1, 0, "100.00")
    calls = StreamKind.PROGRESS_CALL
    assert calls in {each.kind for each in own.asking}


def test_the_burden_tells_of_no_spot_check_under_way(desk: Desk) -> None:
    desk.flow.spot_checks.plan("暗访", by=desk.actor("supervision-1"))
    assert desk.flow.burden.of("2023-10") == ()


def test_a_proposal_of_a_rulebook_shows_its_price(desk: Desk) -> None:
    desk.bring(State.ASSIGNED)  # its task may be checked: one is drawn a month
    book = desk.flow.rulebook.active()
    rule, none = book.improving.spot_checks, Figure(value=0, source="ours")
    samples = {
        risk: replace(sample, share=none, least=none)
        for risk, sample in rule.samples.items()
    }
    rule = replace(rule, samples=samples)
    new = sealed(replace(book, improving=replace(book.improving, spot_checks=rule)))
    made = desk.flow.proposals.propose_rulebook(new, by=desk.office)
    content = desk.flow.proposals.get(made.key).content
    lines = [each for each in content if each.path.startswith("burden.")]
    assert [(each.path, each.old, each.new) for each in lines] == [
        ("burden.checks", "1.00", "0.00")
    ]


def test_a_price_counts_lately_what_came_and_no_figure_of_a_feed(
    desk: Desk, held: str
) -> None:
    desk.bring(State.ASSIGNED)
    made, book = desk.flow.decisions, desk.flow.rulebook.active()
    key = made.decide(held, "补齐候工区", UNIT, DUE, by=desk.office).key
    file = made.attach(key, "照片.txt", b"1", by=desk.operator).digest
    made.report(key, "已补齐", [file], by=desk.operator)
    cost = desk.flow.burden.price(book)
    scale, part = cost.scale, {each.kind: each for each in cost.before.parts}
    assert (scale.items, scale.by_hand, scale.fed) == (1, 1, 0)
    assert scale.decided == scale.reported == Decimal(365) / (12 * scale.days)
    decided = part[StreamKind.DECISION]
    assert decided.fields > decided.uploads == decided.checks > 0
    assert StreamKind.SUPERVISION_ORDER in cost.unpriced


def test_a_digest_tells_what_went_well_once_its_period_is_over(
    desk: Desk, held: str
) -> None:
    made = desk.flow.decisions
    key = made.decide(held, "甲", UNIT, DUE, by=desk.office).key
    made.decide(held, "乙", UNIT, DUE, by=desk.office)
    file = made.attach(key, "甲.txt", b"1", by=desk.operator).digest
    made.report(key, "已办", [file], by=desk.operator)
    made.accept(key, by=desk.office)
    with pytest.raises(InputRefused, match="还没有结束"):
        desk.flow.reviews.digest("2024-04")
    desk.clock.set(at_hour(date(2024, 5, 6), 9))
    (part,) = desk.flow.reviews.digest("2024-04", unit=UNIT)
    assert DigestKind.DONE in {line.kind for line in part.well}
    assert (DigestKind.DECISION, 8) in {(x.kind, x.days) for x in part.late}
