"""Days, owners and files of orders, meetings and decisions: what was bent is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huimin_flow.catalogue.terms import (
    AuditPart,
    CheckWay,
    Severity,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.flow.improving import orders
from huimin_flow.flow.improving.reviewing import decisions, meetings
from huimin_flow.flow.improving.spot_checks import checking
from huimin_flow.testing import UNIT, Desk
from tests.audit.improving.test_spot_checks import Made, filled
from tests.audit.test_insider import findings, found

pytestmark = pytest.mark.usefixtures("schema_stays")

DAY = timedelta(days=1)


@contextmanager
def kept_otherwise(module: Any, **lie: Any) -> Iterator[None]:
    """Let an act keep a record with other fields than it has made."""
    keep = module.keep_record

    def bent(work: Any, step: Any, new: Any, *more: Any, **named: Any) -> Any:
        return keep(work, step, replace(new, **lie), *more, **named)

    with pytest.MonkeyPatch.context() as inside:
        inside.setattr(module, "keep_record", bent)
        yield


def laws(desk: Desk) -> list[str]:
    return sorted({law for _, law in found(desk)})


def test_an_orders_bent_days_paper_and_unit_are_found(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    number, flow, today = (
        desk.bring(State.ASSIGNED).number,
        desk.flow.orders,
        desk.today(),
    )
    made = flow.receive(number, "督查室", "1号", today, "整改", by=desk.office)
    named = flow.receive(
        number, "督查室", "2号", today, "整改", due=today + 30 * DAY, by=desk.office
    )
    file = desk.flow.items.attach(number, "函.txt", b"1", by=desk.operator).digest
    flow.answer(named.key, "已办", [file], by=desk.operator)
    flow.return_(named.key, "未办", due=today + 9 * DAY, by=desk.office)
    assert (made.due_named, named.due_named) == (False, True)
    assert found(desk) == []
    receive: dict[str, Any] = {
        "authority": "督查室",
        "dated": today,
        "demanded": "整改",
        "by": desk.office,
    }
    expected: set[tuple[str, str]] = set()
    lies: list[tuple[dict[str, Any], int]] = [
        ({"due": today + 30 * DAY}, 2),  # later than the rulebook says
        ({"due": today - DAY, "due_named": True}, 2),
        ({"dated": today + DAY}, 1),
        ({"document": "1号"}, 1),
        ({"unit": "500103"}, 4),
        ({"demanded": ""}, 6),
    ]
    for n, (lie, law) in enumerate(lies, 10):
        with kept_otherwise(orders, **lie):
            key = flow.receive(number, document=f"{n}号", **receive).key
        expected.add((key, f"orders {law}"))
    with kept_otherwise(orders, files=()):
        flow.answer(made.key, "已办", [file], by=desk.operator)
    expected.add((made.key, "orders 5"))
    with kept_otherwise(orders, due=today - DAY):
        flow.return_(made.key, "未办", by=desk.office)
    expected.add((made.key, "orders 3"))
    with kept_otherwise(orders, reminders=7):
        flow.remind(made.key, by=desk.office)
    assert {(each.place.split(" ")[0], each.law) for each in findings(desk)} == expected
    assert {each.part for each in findings(desk)} == {AuditPart.DECISIONS}


def test_a_meetings_bent_day_and_minutes_are_found(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    flow, today = desk.flow.reviews, desk.today()
    with kept_otherwise(meetings, held_on=today - DAY):
        key = flow.call(today, "leader-1", by=desk.office).key
    assert laws(desk) == ["reviews 1"]
    with kept_otherwise(meetings, participants=("office-1", "office-1")):
        flow.hold(key, ["office-1"], by=desk.office)
    assert laws(desk) == ["reviews 1", "reviews 2"]
    flow.attach(key, "纪要.txt", b"2", by=desk.office)
    with kept_otherwise(meetings, minutes=("0" * 64,)):
        flow.close(key, by=desk.office)
    assert laws(desk) == ["reviews 1", "reviews 2", "reviews 3"]


def test_a_decisions_bent_day_owner_and_files_are_found(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    reviews, made, today = desk.flow.reviews, desk.flow.decisions, desk.today()
    held = reviews.call(today, "leader-1", by=desk.office).key
    reviews.hold(held, ["office-1"], by=desk.office)
    first = made.decide(held, "补齐候工区", UNIT, today + DAY, by=desk.office).key
    expected: set[tuple[str, str]] = set()
    for said, lie, law in (
        ("甲", {"due": today - DAY}, 4),
        ("乙", {"post": "office-1"}, 5),
        ("丙", {"decided": "补齐候工区。"}, 6),
    ):
        with kept_otherwise(decisions, **lie):
            key = made.decide(held, said, UNIT, today + DAY, by=desk.office).key
        expected.add((key, f"reviews {law}"))
    with kept_otherwise(decisions, reminders=5):
        made.remind(first, by=desk.office)
    file = made.attach(first, "照片.txt", b"1", by=desk.operator).digest
    with kept_otherwise(decisions, files=("0" * 64,)):
        made.report(first, "已补齐", [file], by=desk.operator)
    expected.add((first, "reviews 7"))
    with kept_otherwise(decisions, due=today - DAY):
        made.return_(first, "还缺", by=desk.office)
    expected.add((first, "reviews 4"))
    assert {(each.place.split(" ")[0], each.law) for each in findings(desk)} == expected


def test_anothers_finding_made_milder_is_found(desk: Desk) -> None:
    filled(desk)
    made = Made(desk, "checked").committed().cut().revealed().drawn()
    (line, *_) = made.checks.show(made.key, by=made.group).check.drawn
    manner, find = CheckWay.UNANNOUNCED, made.checks.find
    find(made.key, line.id, manner, Severity.GRAVE, "无人", by=made.group)
    find(made.key, line.id, manner, Severity.GRAVE, "无人值守", by=desk.office)
    assert found(desk) == []
    with pytest.MonkeyPatch.context() as inside:  # the rule of the flow is gone
        inside.setattr(checking, "list", lambda _: _Same(), raising=False)
        find(made.key, line.id, manner, Severity.MINOR, "无碍", by=made.group)
    assert laws(desk) == ["spot_checks 5"]


class _Same:
    """Severities that are all the same."""

    def index(self, _: Severity) -> int:
        return 0
