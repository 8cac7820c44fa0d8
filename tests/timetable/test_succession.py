"""On a unit's legal day everything that it has or owes goes to its successor."""

from __future__ import annotations

import random
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Argument, RatingLevel, State, Step
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.advance import advance
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.drafts import UNCONFIRMED
from huimin_flow.model.evidence import TransferEvidence
from huimin_flow.model.executing.plans import Supporter
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import Rating
from huimin_flow.reports.core.lists import ended_note
from huimin_flow.reports.pages import month_page
from huimin_flow.reports.units import unit_page
from huimin_flow.shell.main import invoke
from huimin_flow.shell.pages import made
from huimin_flow.states.table import OPEN_STATES
from huimin_flow.testing import UNIT, Desk, rehearsal
from huimin_flow.timetable.ledger import runs, tick
from tests.conftest import CONFIG
from tests.test_docs import DOCS, blocks

OLD, OTHER_OLD, ZONE, NEW = "500105", "500112", "FA-LJXQ", "500157"
BEFORE = datetime(2025, 10, 9, 2, tzinfo=UTC)
#: Midnight in Shanghai, as the legal day begins.
LEGAL = datetime(2025, 11, 5, 16, tzinfo=UTC)
LATER = datetime(2025, 12, 3, 2, tzinfo=UTC)


def bring(desk: Desk, state: State, unit: str = OLD, *tasks: str) -> str:
    """Return an item of a unit; its tasks are of the units named, or its own."""
    number = desk.collect(f"{unit}的事项", unit).number
    desk.link_appeals(number)
    for reached, step in (
        (State.SCREENED, desk.screen),
        (State.JUDGED, desk.judge),
        (State.STARRED, desk.star),
        (State.LISTED, desk.enlist),
    ):
        if desk.flow.items.get(number).state is state:
            return number
        assert step(number).state is reached
    if state is State.ASSIGNED:
        (task,) = desk.plan().tasks
        made = [
            replace(task, key=f"T{n}", unit=of)
            for n, of in enumerate(tasks or (unit,), 1)
        ]
        desk.assign(number, replace(desk.plan(), tasks=tuple(made)))
    return number


def rate(desk: Desk, unit: str, key: str) -> None:
    service = desk.flow.rulebook.active().services.items[0].key
    rating = Rating(
        transaction=key, unit=unit, item=service, channel="hotline",
        level=RatingLevel.DISSATISFIED, at=desk.clock.now(), who="p1",
    )  # fmt: skip
    desk.flow.ratings.add([rating], by=desk.office)


@pytest.fixture
def bureau(url: str, book: Rulebook) -> Iterator[Desk]:
    """A bureau in October 2025, a month before the legal day."""
    with rehearsal(url, at=BEFORE, book=book) as desk:
        yield desk


def at(desk: Desk, moment: datetime) -> list[Any]:
    desk.clock.set(moment)
    return [(run.job, run.period) for run in tick(desk.flow)]


def clean(flow: Flow) -> bool:
    findings = door_of(flow).read(verify).findings
    assert not findings, findings
    return True


def test_everything_of_a_unit_goes_to_its_successor_once(bureau: Desk) -> None:
    flow = bureau.flow
    running = bring(bureau, State.ASSIGNED, OLD, OLD, UNIT)
    foreign = bring(bureau, State.ASSIGNED, UNIT, OTHER_OLD, ZONE)
    helped = bring(bureau, State.LISTED, UNIT)
    helping = tuple(Supporter(unit=unit) for unit in (OLD, "500102", ZONE))
    bureau.assign(helped, replace(bureau.plan(), supporting_units=helping))
    others = [bring(bureau, state) for state in (State.COLLECTED, State.STARRED)]
    merged = flow.items.merge(
        bring(bureau, State.COLLECTED), others[0], by=bureau.office
    ).number
    ended = bring(bureau, State.COLLECTED)
    flow.items.reject(ended, "duplicate", by=bureau.office)
    rate(bureau, OLD, "R1")
    rate(bureau, ZONE, "R2")
    flow.ratings.answer("R2", "已整改", by=bureau.actor("op-FA-LJXQ"))
    due = {line.rating.transaction: line.due for line in flow.ratings.bad()}

    assert ("succession", f"{OLD}@2025-11-06") in at(bureau, LEGAL)
    assert not at(bureau, LEGAL)
    for number in (running, *others, merged):
        item = flow.items.get(number)
        assert (item.unit, item.transfers) == (NEW, 1)
    tasks = [
        [task.unit for task in plan.tasks]
        for number in (running, foreign)
        if (plan := flow.items.get(number).plan)
    ]
    assert tasks == [[NEW, UNIT], [NEW, NEW]]
    assert flow.items.get(foreign).unit == UNIT
    plan = flow.items.get(helped).plan
    assert plan is not None
    assert [each.unit for each in plan.supporting_units] == [NEW, "500102"]
    assert flow.items.get(ended).unit == OLD
    bad = {line.rating.transaction: line.due for line in flow.ratings.bad(unit=NEW)}
    assert bad == due
    assert {flow.lists.get(f"list/2099/{unit}").unit for unit in (OLD, ZONE)} == {NEW}
    results = {run.period: run.result for run in runs(flow) if run.job == "succession"}
    assert '"items":5' in results[f"{OLD}@2025-11-06"]
    event = flow.items.history(running)[-1].event
    assert (event.step, event.occurred_on) == (Step.TRANSFER, date(2025, 11, 6))
    assert clean(flow)


def test_a_late_run_transfers_as_of_the_legal_day(bureau: Desk) -> None:
    flow = bureau.flow
    running = bring(bureau, State.ASSIGNED)
    bureau.clock.set(LATER)
    born = bureau.collect("过渡期内采集", OLD)
    assert born.unit == NEW
    flow.items.amend(running, {"title": "更正"}, by=bureau.actor("op-500105"))
    ran = at(bureau, LATER)
    assert ran.index(("succession", f"{OLD}@2025-11-06")) < ran.index(
        ("monthly_score", "2025-10")
    )
    assert flow.items.get(running).unit == NEW
    event = flow.items.history(running)[-1].event
    assert event.occurred_on == date(2025, 12, 3), "not before its last step"
    assert clean(flow)


def test_what_a_unit_owed_is_owed_by_its_successor(bureau: Desk) -> None:
    flow = bureau.flow
    number = bring(bureau, State.ASSIGNED)
    at(bureau, LATER)
    for period, unit in (("2025-10", OLD), ("2025-11", NEW)):
        (task,) = flow.tasks.owing(period, unit=unit)
        assert (task.unit, task.item) == (NEW, number)
    assert not flow.tasks.owing("2025-11", unit=UNIT)
    operator, month = bureau.actor("op-500105"), "2025-11"
    todo = [entry.period for entry in flow.people.todo(by=operator)]
    assert {"2025-10", "2025-11"} <= set(todo)
    at(bureau, datetime(2025, 12, 9, 2, tzinfo=UTC))
    for period, unit in (("2025-10", OLD), (month, NEW)):
        scores = flow.scores.month(period)
        read = {
            each.unit: each.readings.get("implementation")
            for group in scores.groups.values()
            for each in group
        }
        reading = read[unit]
        assert reading is not None
        assert (reading.numerator, reading.denominator) == (0, 1)
        assert len({OLD, NEW} & read.keys()) == 1
    assert clean(flow)


def test_people_of_an_ended_unit_go_on_until_their_last_working_day(
    bureau: Desk,
) -> None:
    flow, number = bureau.flow, bring(bureau, State.ASSIGNED)
    at(bureau, LATER)
    _, child = flow.items.carry_over(number, by=bureau.actor("op-500105"))
    assert child.unit == NEW
    bureau.clock.set(datetime(2026, 1, 26, 2, tzinfo=UTC))
    with pytest.raises(HuiminError, match="不再"):
        flow.items.amend(number, {"title": "改"}, by=bureau.actor("op-500105"))
    flow.items.amend(number, {"title": "改"}, by=bureau.actor("op-500157"))
    assert clean(flow)


def test_a_proposal_about_what_went_to_a_successor_is_stale(bureau: Desk) -> None:
    flow, number = bureau.flow, bring(bureau, State.LISTED)
    values = {"item": number, "reason": "duplicate"}
    made = flow.proposals.propose("cancel", values, by=bureau.office)
    at(bureau, LEGAL)
    with pytest.raises(HuiminError) as refused:
        flow.proposals.approve(made.key, made.seen, by=bureau.second)
    assert [reason.code for reason in refused.value.reasons] == ["stale_version"]
    assert flow.items.get(number).state is State.LISTED


def owed(desk: Desk) -> dict[str, Any]:
    """Return by obligation who has it: items, tasks, reports, follow-ups, lists."""
    flow, duties = desk.flow, dict[str, Any]()
    for item in flow.items.list(*OPEN_STATES):
        duties[item.number] = item.unit
        for task in item.plan.tasks if item.plan else ():
            duties[f"{item.number}/{task.key}"] = task.unit
    for report in flow.tasks.owing("2025-10"):
        duties[f"report {report.item}/{report.task}"] = report.unit
    for line in flow.ratings.bad():
        (holder,) = [
            unit
            for unit in (OLD, OTHER_OLD, ZONE, NEW, UNIT)
            if line in flow.ratings.bad(unit=unit)
        ][-1:]
        duties[f"{line.rating.transaction} until {line.due}"] = holder
    for edition in flow.lists.list():
        if edition.state in UNCONFIRMED:
            duties[edition.key] = edition.unit
    return duties


@pytest.mark.parametrize("seed", [1, 2])
def test_no_acts_before_a_succession_lose_an_obligation_at_it(
    bureau: Desk, seed: int
) -> None:
    draw, flow = random.Random(seed), bureau.flow
    former = (OLD, OTHER_OLD, ZONE, UNIT)
    for n in range(9):
        unit, other = draw.choice(former), draw.choice(former)
        state = draw.choice(
            (State.COLLECTED, State.SCREENED, State.STARRED, State.ASSIGNED)
        )
        number = bring(bureau, state, unit, other, unit)
        act = draw.choice(("reject", "transfer", "merge", "rate", "return", ""))
        if act == "reject" and state is State.COLLECTED:
            flow.items.reject(number, "duplicate", by=bureau.office)
        elif act == "transfer" and unit != other:
            flow.items.transfer(number, other, "wrong_unit", by=bureau.office)
        elif act == "merge" and state is State.SCREENED:
            into = bureau.collect("同类问题", other).number
            flow.items.merge(number, into, by=bureau.office)
        elif act == "return" and state is State.ASSIGNED:
            flow.items.return_(number, "plan_unworkable", by=bureau.office)
        elif act == "rate":
            rate(bureau, unit, f"R{n}")
            if draw.random() < 0.5:
                flow.ratings.answer(f"R{n}", "已整改", by=bureau.actor(f"op-{unit}"))
    before = owed(bureau)
    assert {OLD, OTHER_OLD} & set(before.values())
    at(bureau, LEGAL)
    organization = flow.rulebook.active().organization
    assert owed(bureau) == {
        duty: organization.heir(unit, bureau.today()) for duty, unit in before.items()
    }
    assert clean(flow)


@pytest.fixture
def one(book: Rulebook) -> Iterator[Desk]:
    """The same bureau on a file, where both makes act alike."""
    with rehearsal(at=BEFORE, book=book) as desk:
        yield desk


def parted(book: Rulebook) -> Rulebook:
    """Return the rulebook in which the unit goes to two others."""
    units = tuple(
        replace(unit, successors=(NEW, "500109")) if unit.code == OLD else unit
        for unit in book.organization.units
    )
    return replace(book, organization=replace(book.organization, units=units))


def test_the_office_transfers_what_several_successors_take(book: Rulebook) -> None:
    with rehearsal(at=BEFORE, book=parted(book)) as desk:
        flow, number = desk.flow, bring(desk, State.ASSIGNED, OLD)
        foreign = bring(desk, State.ASSIGNED, UNIT, OLD)
        at(desk, LEGAL)
        (left,) = [each for each in flow.items.successions() if each.left]
        assert (left.former, left.unit, left.left) == (OLD, None, (number, foreign))
        todo = [
            (entry.subject, entry.unit)
            for entry in flow.people.todo(by=desk.office)
            if entry.act == "items.transfer"
        ]
        assert todo == [(number, OLD), (foreign, OLD)]
        unit, by = "北碚区", desk.office
        flow.items.transfer(number, unit, "unit_ended", by=by)
        flow.items.transfer(foreign, unit, "unit_ended", task="T1", by=by)
        assert not any(each.left for each in flow.items.successions())
        assert flow.items.undo(number, by).reasons, "the former unit has ended"
        assert clean(flow)


def test_a_unit_whose_end_is_entered_late_ends_when_that_is_activated(
    book: Rulebook,
) -> None:
    units = tuple(
        replace(unit, valid_to=None, works_until=None, successors=())
        if unit.code == OLD
        else unit
        for unit in book.organization.units
    )
    before = replace(book, organization=replace(book.organization, units=units))
    with rehearsal(at=BEFORE, book=before) as desk:
        flow, number = desk.flow, bring(desk, State.ASSIGNED)
        at(desk, LATER)
        assert flow.items.get(number).unit == OLD
        flow.rulebook.activate(book, by=desk.office, second=desk.second)
        assert [run for run in at(desk, LATER) if run[0] == "succession"] == [
            ("succession", f"{OLD}@2025-11-06")
        ]
        assert flow.items.get(number).unit == NEW
        assert clean(flow)


def test_a_transfer_to_a_unit_that_ended_is_refused(one: Desk) -> None:
    number = bring(one, State.COLLECTED, UNIT)
    at(one, LEGAL)
    with pytest.raises(HuiminError) as refused:
        one.flow.items.transfer(number, OLD, "wrong_unit", by=one.office)
    assert [reason.code for reason in refused.value.reasons] == ["unit_has_ended"]
    assert NEW in str(refused.value.remedy)
    assert one.flow.items.get(number).unit == UNIT


def test_an_ended_unit_is_meant_by_code_and_name_and_names_its_successor(
    one: Desk,
) -> None:
    flow, listed = one.flow, bring(one, State.LISTED, UNIT)
    at(one, LEGAL)
    name = flow.rulebook.active().organization.name_of(OLD)
    for written in (OLD, name):
        assert flow.fields.resolve(Argument.UNIT, written) == OLD
    plan = one.plan()
    tasks = tuple(replace(task, unit=OLD) for task in plan.tasks)
    with pytest.raises(InputRefused) as refused:
        flow.items.assign(listed, replace(plan, tasks=tasks), by=one.office)
    assert (refused.value.code, NEW in str(refused.value.remedy)) == (
        "unit_has_ended",
        True,
    )
    with flow.snapshot() as now:
        assert NEW in ended_note(now, {"unit": OLD})
        assert ended_note(now, {"unit": NEW}) == ""


def test_pages_say_who_took_over_and_what_a_successor_lacks(
    one: Desk, tmp_path: Path
) -> None:
    flow = one.flow
    bring(one, State.ASSIGNED)
    rate(one, OLD, "R1")
    at(one, datetime(2025, 12, 9, 2, tzinfo=UTC))
    old, new, month = (
        made(flow, page, of, tmp_path).read_text("utf-8")
        for page, of in ((unit_page, OLD), (unit_page, NEW), (month_page, "2025-11"))
    )
    for words in ("已于2025-11-06撤销", "现由两江新区", "人员办理至2026-01-25"):
        assert words in old
    for words in ("2025-11-06承接江北区", "移交1件事项", "移交1件差评处置"):
        assert words in new
    assert "两江新区没有常住人口数" in month
    assert "两江新区（FA-LJXQ）" in month  # the zone, not the district of that name


def test_an_audit_finds_a_forged_transfer(one: Desk) -> None:
    flow, number = one.flow, bring(one, State.ASSIGNED, UNIT, UNIT, "500102")
    plan = flow.items.get(number).plan or one.plan()
    stolen = tuple(replace(task, unit="500103") for task in plan.tasks)

    def forge(work: Work) -> None:
        advance(
            work, number, Step.TRANSFER,
            TransferEvidence(
                unit="500103", former=UNIT, reason_code="wrong_unit",
                known=work.rulebook.rules.transfer_reasons,
            ),
            by=one.office,
            changes={
                "unit": "500103", "plan": replace(plan, tasks=stolen),
                "reason_code": "wrong_unit", "transfers": 1,
            },
            named={"former": UNIT, "unit": "500103"},
        )  # fmt: skip

    door_of(flow).perform(forge)
    laws = {finding.law for finding in door_of(flow).read(verify).findings}
    assert laws == {"succession 1"}


def test_an_audit_finds_what_a_job_left_behind(
    one: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(one, State.COLLECTED)
    monkeypatch.setattr("huimin_flow.store.succession.open_items", lambda *_, **__: [])
    at(one, LEGAL)
    monkeypatch.undo()
    laws = {finding.law for finding in door_of(one.flow).read(verify).findings}
    assert laws == {"succession 3"}


def test_units_are_merged_as_the_page_says(
    book: Rulebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"sqlite:///{tmp_path / 'merged.db'}"
    with rehearsal(url, at=BEFORE, book=book) as desk:
        number = bring(desk, State.ASSIGNED)
        rate(desk, OLD, "R1")
        at(desk, datetime(2025, 12, 9, 2, tzinfo=UTC))
    monkeypatch.setenv("HUIMIN_DATABASE", url)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    page = DOCS / "how-to" / "merge-units.zh-CN.md"
    lines = "".join(blocks(page, "sh")).replace("事项编号", number).splitlines()
    for line in lines:
        _, *words = shlex.split(line)
        code = invoke([*words, "--config", str(CONFIG)] if "doctor" in words else words)
        assert code == 0 or "doctor" in words, line
    shown = capsys.readouterr().out
    for said in ("机构撤并交接", "两江新区没有常住人口数", "辖区划转"):
        assert said in shown, said
    assert shown.count(number) > 4
    told = {
        f"item list --unit {OLD}": f"由两江新区({NEW})承接",
        "item list --unit 江北区": f"由两江新区({NEW})承接",
        "score month 2025-11": "两江新区没有常住人口数",
        f"score explain {NEW} 2025-11": "两江新区没有常住人口数",
    }
    for typed, said in told.items():
        assert invoke(typed.split()) == int("explain" in typed), typed
        answer = "".join(capsys.readouterr())
        assert said in answer.replace("（", "(").replace("）", ")"), typed


def test_doctor_and_whoami_look_at_the_moment_of_a_rehearsal(
    book: Rulebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"sqlite:///{tmp_path / 'early.db'}"
    with rehearsal(url, at=BEFORE, book=book) as desk:
        bring(desk, State.ASSIGNED)
    monkeypatch.setenv("HUIMIN_DATABASE", url)
    monkeypatch.setenv("HUIMIN_NOW", "2025-11-05T09:00")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    invoke(["doctor", "--config", str(CONFIG)])
    assert "没有未移交的" in capsys.readouterr().out
    assert invoke(["whoami", "--by", "office-1"]) == 0
    assert "2025-11-05 09:00" in capsys.readouterr().out
