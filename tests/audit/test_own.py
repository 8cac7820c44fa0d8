"""What events keep of hosts' extensions, edited by hand: the audit names each edit.

An insider seals every edited event again, so that no hash tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import delete, select, update

from huimin_flow.audit.findings import AuditReport
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Reason
from huimin_flow.catalogue.terms import Step
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.extensions import Extension, Facts
from huimin_flow.store.core.tables import ITEMS, OWN_FIELDS
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.audit.test_insider import reseal, reseal_item
from tests.flow.core.test_extensions import TITLES, in_force
from tests.timetable.test_listing_job import prepared

pytestmark = pytest.mark.usefixtures("schema_stays")


def no_title(facts: Facts) -> Iterator[Reason]:
    """Refuse one item by its title."""
    if facts.item is not None and facts.item.title == "乙":
        yield Reason(code="too_long", values={"length": 1})


class Money(BaseModel):
    """The own fields of an extension."""

    code: str


GUARDED = replace(TITLES, fields=Money, guards={**TITLES.guards, Step.ENLIST: no_title})

Edit = Callable[[Any], Any]


class _Undo(Exception):
    """Ends a transaction without a trace."""


def planted(
    desk: Desk, fault: Callable[[Any], object], *known: Extension
) -> tuple[AuditReport, set[str]]:
    """Return what an auditor reports after a fault, and the laws; the fault is undone."""
    reports = []

    def plant(work: Any) -> None:
        fault(work.connection)
        reports.append(verify(work.connection, extensions=known))
        raise _Undo

    with pytest.raises(_Undo):
        door_of(desk.flow).perform(plant)
    return reports[0], {finding.law for finding in reports[0].findings}


def own(event: dict[str, Any]) -> dict[str, Any]:
    """Return what an event of an item keeps of the extension."""
    kept: dict[str, Any] = event["public"]["extensions"]["titles"]
    return kept


def left(event: dict[str, Any]) -> dict[str, Any]:
    """Return what a job keeps of the item that it left out."""
    kept: dict[str, Any]
    (kept,) = event["public"]["refused"]
    return kept


def own_of(event: dict[str, Any]) -> dict[str, Any]:
    """Return what it keeps of the extension about that item."""
    kept: dict[str, Any] = left(event)["extensions"]["titles"]
    return kept


def flipped(said: dict[str, Any], n: int) -> None:
    """Turn a verdict round, with a guard's reasons."""
    verdict = said["verdicts"][n]
    verdict["passed"] = not verdict["passed"]
    if verdict["reasons"]:
        verdict["reasons"] = []
    elif "guard" in verdict["rule"]:
        code = {"code": "titles.too_long", "values": {"length": 9}}
        verdict["reasons"] = [code | {"supplier": None, "earliest": None}]


def digested(said: dict[str, Any], n: int) -> None:
    said["verdicts"][n]["inputs"]["facts"] = "0" * 64


#: Edits of a step's event, with the laws that they break with the extension and
#: without it: None if only the absent extension could tell.
OF_A_STEP: Mapping[str, tuple[Edit, str, str | None]] = {
    "the guard's verdict": (lambda e: flipped(own(e), 1), "2", "2"),
    "the rule's verdict": (lambda e: flipped(own(e), 0), "2", None),
    "the revision": (lambda e: own(e).update(revision=2), "4", "4"),
    "the digest": (lambda e: digested(own(e), 0), "2", "4"),
    "the function": (lambda e: own(e)["verdicts"][1].update(rule="x"), "2", "4"),
    "the verdicts": (lambda e: own(e).update(verdicts=[]), "2", None),
    "the section": (lambda e: e["public"].pop("extensions"), "1", "1"),
    "another's": (
        lambda e: e["public"]["extensions"].update(other=own(e)), "1", "1",
    ),
    "the facts": (lambda e: e["public"]["changes"].update(title="改"), "2", "4"),
}  # fmt: skip


def test_what_a_step_keeps_of_extensions_is_held(desk: Desk) -> None:
    in_force(desk, GUARDED)
    number = desk.collect().number
    assert planted(desk, lambda _: None, GUARDED)[1] == set()
    for name, (edit, with_it, without) in OF_A_STEP.items():
        for known, law in (((GUARDED,), with_it), ((), without)):
            fault = partial(reseal_item, number=number, n=1, change=edit)
            report, laws = planted(desk, fault, *known)
            details = [each.detail for each in report.findings]
            if name in {"the rule's verdict", "the digest"} and known:
                assert details == ["titles.rule.collect"]
            expected = {f"extensions {law}"} if law else set()
            assert laws == expected, (name, known)
            assert known or law == "1" or report.absent, name


def columns(table: Any, **values: object) -> Callable[[Any], object]:
    """Return a fault in the rows of a table."""
    return lambda connection: connection.execute(update(table).values(**values))


def in_body(connection: Any) -> None:
    """Change an own field in the row of its item."""
    body = connection.execute(select(ITEMS.c.body)).scalar_one()
    connection.execute(update(ITEMS).values(body=body.replace("A-1", "A-2")))


def entered(event: dict[str, Any]) -> None:
    """Change what an event says that was entered."""
    (made,) = event["public"]["changes"]["own"]
    made["value"] = "A-2"


def test_an_own_field_is_held_in_event_item_and_row(desk: Desk) -> None:
    in_force(desk, GUARDED)
    number = desk.collect().number
    desk.flow.items.annotate(number, {"titles.code": "A-1"}, by=desk.operator)
    stream, auditor = f"item/{number}", desk.actor("auditor-1").id
    faults: dict[str, tuple[Callable[[Any], object], set[str]]] = {
        "the row": (columns(OWN_FIELDS, text="A-2"), {"extensions 3"}),
        "no row": (lambda on: on.execute(delete(OWN_FIELDS)), {"extensions 3"}),
        "the item": (in_body, {"rows 1"}),
        "the event": (
            lambda on: reseal(on, stream, 2, entered),
            {"rows 1", "extensions 3"},
        ),
        "event and item": (
            lambda on: reseal_item(on, number, 2, entered),
            {"extensions 3"},
        ),
        "the actor": (
            lambda on: reseal_item(on, number, 2, lambda e: e.update(actor=auditor)),
            {"acts 3"},
        ),
        "an own role": (
            lambda on: reseal_item(
                on, number, 2, lambda e: e["public"].update(own_roles=["keeper"])
            ),
            {"streams 14"},
        ),
        "an own role beside": (
            lambda on: reseal(on, stream, 2, lambda e: e.update(own_roles=["keeper"])),
            {"streams 3"},
        ),
    }
    for name, (fault, expected) in faults.items():
        laws = planted(desk, fault, GUARDED)[1]
        assert expected <= laws, (name, laws)
        if "role" not in name:
            assert expected == laws, (name, laws)


#: Edits of the event of a job that left an item out, as for a step.
OF_A_JOB: Mapping[str, tuple[Edit, set[str], set[str]]] = {
    "the verdict": (lambda e: flipped(own_of(e), 0), {"2", "5"}, {"5"}),
    "the revision": (lambda e: own_of(e).update(revision=2), {"4"}, {"4"}),
    "the digest": (lambda e: digested(own_of(e), 0), {"2"}, {"4"}),
    "the section": (lambda e: left(e)["extensions"].clear(), {"1", "5"}, {"1", "5"}),
    "the version": (lambda e: left(e).update(version=1), {"5"}, {"5"}),
    "the day": (lambda e: left(e).update(day="2023-12-14"), {"5"}, {"5"}),
    "the step": (lambda e: left(e).update(step="transfer"), {"5"}, {"5"}),
    "the rulebook": (lambda e: left(e).update(rulebook="0" * 64), {"5"}, {"5"}),
    "the rank": (lambda e: left(e)["changes"].update(rank=7), {"2"}, {"4"}),
    "the item": (lambda e: e["public"].pop("refused"), set(), set()),
}


def test_whom_a_job_left_out_is_asked_about_again(desk: Desk) -> None:
    prepared(desk)
    in_force(desk, GUARDED)
    desk.clock.set(at_hour(date(2023, 12, 15), 18))
    tick(desk.flow, desk.clock.now())
    job = "job/listing/2024"
    ways: tuple[tuple[Extension, ...], ...] = ((GUARDED,), ())
    for known in ways:
        report, laws = planted(desk, lambda _: None, *known)
        assert laws == set()
        counted = sum(each.verdicts for each in report.absent)
        assert counted == (0 if known else 3)  # two others were listed
    of_list = {"the verdict", "the section", "the rank", "the item"}
    for name, (edit, *both) in OF_A_JOB.items():
        for known, expected in zip(ways, both, strict=True):
            fault = partial(reseal, stream=job, n=1, change=edit)
            _, laws = planted(desk, fault, *known)
            held = {"lists 4"} if name in of_list else set()
            wanted = {f"extensions {law}" for law in expected} | held
            assert laws == wanted, (name, known, laws)
