"""What a host's guard refuses is left out of a job's work; the rest is done in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from huimin_flow.catalogue.reasons import ExtensionCode, Reason
from huimin_flow.catalogue.terms import State, Step
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.extensions import Facts
from huimin_flow.reports.items import item_facts
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import failures, run_due, runs, tick
from tests.audit import test_own as own
from tests.audit.test_insider import reseal
from tests.flow.core.test_extensions import TITLES, audited, in_force, name_in_force
from tests.timetable.test_listing_job import prepared
from tests.timetable.test_succession import LEGAL, NEW, OLD, bring
from tests.timetable.test_succession import bureau as bureau  # noqa: PLC0414 - a fixture

OWN = "list/2024/500101"


def no_title(facts: Facts) -> Iterator[Reason]:
    """Refuse the second item by two reasons, wherever it would stand."""
    if facts.item is not None and facts.item.title == "乙":
        yield Reason(code="too_long", values={"length": 1})
        yield Reason(code="too_long", values={"length": 2})


def not_first(facts: Facts) -> Iterator[Reason]:
    """Refuse whoever is the first of a list but the last one."""
    if (facts.changes or {})["rank"] == 1 and facts.item and facts.item.title != "丙":
        yield Reason(code="too_long", values={"length": 1})


def broken(_: Facts) -> Iterator[Reason]:
    raise ZeroDivisionError


def frozen(desk: Desk) -> Edition:
    desk.clock.set(at_hour(date(2023, 12, 15), 18))
    tick(desk.flow, desk.clock.now())
    return desk.flow.lists.get(OWN)


def titled(desk: Desk, numbers: list[str]) -> list[str]:
    return [desk.flow.items.get(number).title for number in numbers]


def test_a_job_lists_all_others_and_says_why_not_the_refused(desk: Desk) -> None:
    prepared(desk)
    enlist = replace(TITLES, rules={}, guards={Step.ENLIST: no_title})
    in_force(desk, enlist)
    before = desk.flow.lists.preview("2024")
    edition = frozen(desk)
    assert failures(desk.flow) == []
    assert titled(desk, [place.item for place in edition.places]) == ["甲", "丙"]
    assert [place.rank for place in edition.places] == [1, 2]
    assert titled(desk, [out.item for out in edition.left_out]) == ["乙", "乙", "丁"]
    codes = [out.reason.code for out in edition.left_out]
    assert codes[:2] == ["titles.too_long"] * 2
    assert [out.reason.values["length"] for out in edition.left_out[:2]] == [1, 2]
    (own,) = (each for each in before.units if each.key == OWN)
    assert (own.left_out, len(own.places)) == (edition.left_out, 2)
    left = desk.flow.items.list(State.STARRED)
    assert [item.title for item in left] == ["乙", "丁"]
    with desk.flow.snapshot() as now:
        said = item_facts(now, left[0])
    assert ("未列入", "2024年万州区清单:标题有1个字;标题有2个字") in said
    for known in ((enlist,), ()):  # the guard need not be here to audit
        assert audited(desk.flow, *known).clean
    # Only an extension that the rulebook names leaves anything out.
    name_in_force(desk, {})
    assert desk.flow.lists.get(OWN) == edition


def test_the_guard_is_asked_about_the_rank_that_an_item_gets(desk: Desk) -> None:
    prepared(desk)
    guards = replace(TITLES, rules={}, guards={Step.ENLIST: not_first})
    in_force(desk, guards)
    edition = frozen(desk)
    assert titled(desk, [place.item for place in edition.places]) == ["丙"]
    assert titled(desk, [out.item for out in edition.left_out]) == ["甲", "乙", "丁"]
    assert audited(desk.flow, guards).clean


@pytest.mark.parametrize("code", [ExtensionCode.MISSING, ExtensionCode.GUARD_FAILED])
def test_without_an_answer_nothing_is_listed_and_the_job_tries_again(
    desk: Desk, code: ExtensionCode
) -> None:
    prepared(desk)
    enlist = replace(TITLES, rules={}, guards={Step.ENLIST: no_title})
    in_force(desk, enlist)
    bad = replace(enlist, guards={Step.ENLIST: broken})
    door_of(desk.flow).extensions = () if code is ExtensionCode.MISSING else (bad,)
    desk.clock.set(at_hour(date(2023, 12, 15), 18))
    run_due(desk.flow)
    (failed,) = (each for each in failures(desk.flow) if each.job == "listing")
    assert [reason.code for reason in failed.reasons] == [code]
    assert len(desk.flow.items.list(State.STARRED)) == 4
    assert desk.flow.lists.list(period="2024") == []
    assert desk.flow.lists.preview("2024").units
    door_of(desk.flow).extensions = (enlist,)
    desk.clock.set(at_hour(date(2023, 12, 18), 9))
    tick(desk.flow, desk.clock.now())
    assert "listing" in {run.job for run in runs(desk.flow)}
    assert len(desk.flow.lists.get(OWN).places) == 2
    assert audited(desk.flow, enlist).clean


def test_a_unit_that_ends_hands_on_all_that_no_guard_refuses(bureau: Desk) -> None:
    refused, others = (bring(bureau, State.COLLECTED) for _ in range(2))
    bureau.flow.items.amend(refused, {"title": "乙"}, by=bureau.office)
    guards = replace(TITLES, rules={}, guards={Step.TRANSFER: no_title})
    in_force(bureau, guards)
    bureau.clock.set(LEGAL)
    tick(bureau.flow)
    flow = bureau.flow
    assert [flow.items.get(each).unit for each in (refused, others)] == [OLD, NEW]
    (ended,) = flow.items.successions(unit=OLD)
    assert (ended.items, ended.left) == (1, (refused,))
    job = flow.records.events(f"job/succession/{OLD}@2025-11-06")[-1].event
    (kept,) = job.public["refused"]
    (guard,) = kept["extensions"]["titles"]["verdicts"]
    assert (kept["item"], kept["step"], kept["version"]) == (refused, "transfer", 2)
    assert [why["code"] for why in guard["reasons"]] == ["titles.too_long"] * 2
    with flow.snapshot() as now:
        said = item_facts(now, now.items.get(refused))
    why = [text.partition("撤销:")[2] for label, text in said if label == "未移交"]
    assert why == ["标题有1个字;标题有2个字"]
    for known in ((guards,), ()):
        assert not audited(flow, *known).findings
    name_in_force(bureau, {})  # the office transfers it once nothing refuses it
    reason = next(iter(flow.rulebook.active().rules.transfer_reasons))
    flow.items.transfer(refused, NEW, reason, by=bureau.office)
    assert audited(flow).clean


def test_whom_a_succession_left_is_asked_about_again(bureau: Desk) -> None:
    number = bring(bureau, State.COLLECTED)
    bureau.flow.items.amend(number, {"title": "乙"}, by=bureau.office)
    guards = replace(TITLES, rules={}, guards={Step.TRANSFER: no_title})
    in_force(bureau, guards)
    bureau.clock.set(LEGAL)
    tick(bureau.flow)
    job = f"job/succession/{OLD}@2025-11-06"
    faults: dict[str, tuple[own.Edit, set[str]]] = {
        "nothing": (lambda _: None, set()),
        "the verdict": (lambda e: own.flipped(own.own_of(e), 0), {"2", "5"}),
        "whereto": (lambda e: own.left(e)["changes"].update(unit=UNIT), {"5"}),
        "before the end": (lambda e: own.left(e).update(day="2025-11-01"), {"5"}),
        "another item": (lambda e: own.left(e).update(item="2025-000009"), {"5"}),
    }
    for name, (edit, wanted) in faults.items():
        fault = partial(reseal, stream=job, n=1, change=edit)
        _, laws = own.planted(bureau, fault, guards)
        assert laws - {"succession 3"} == {f"extensions {n}" for n in wanted}, name
