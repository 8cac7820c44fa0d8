"""Nobody gains by silence: no missing or removed figure raises a result (C4, D5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    Area,
    Comparator,
    IndicatorKind,
    State,
    Step,
    UnitKind,
)
from huimin_flow.model.executing.plans import Indicator, Plan, Progress, Task
from huimin_flow.model.sensing.policies import (
    CityMeasure,
    Policy,
    Promise,
    Undertaking,
)
from huimin_flow.rules.executing import pacing
from huimin_flow.rules.executing.fulfilment import fulfilments, item_fulfilment
from huimin_flow.rules.executing.progress import owed_at_end, paces
from huimin_flow.rules.executing.promises import promised
from huimin_flow.rules.executing.running import Running, RunStep
from huimin_flow.rules.improving.grounds import slowest
from huimin_flow.rules.publication import month_scored
from huimin_flow.rules.scoring.index import contribution
from huimin_flow.rules.scoring.measuring import MonthFacts, readings
from huimin_flow.settings import load_rulebook
from tests.rules.figures import FULFILMENT, item
from tests.rules.scoring_figures import INDEX, read
from tests.sampled import NIGHTLY

BOOK = load_rulebook(Path(__file__).parents[3] / "config")
UNITS = ("500101", "500102", "DIV-JYC")
MONTHS = tuple(f"2027-{n:02d}" for n in range(1, 7))
BEGUN, DUE = date(2027, 1, 4), date(2027, 6, 30)
ITEM = "2027-000001"
FLOW, ZERO = IndicatorKind.FLOW, IndicatorKind.ZERO
SHARES = {IndicatorKind.RATE, IndicatorKind.FULL}
EXAMPLES = settings(max_examples=2000 if NIGHTLY else 60)


@st.composite
def targets(draw: st.DrawFn, n: int) -> Indicator:
    kind = draw(st.sampled_from(IndicatorKind))
    held = kind is IndicatorKind.STOCK and draw(st.booleans())
    fitting = [Comparator.GE, Comparator.EQ, Comparator.APPROX]
    whole = {ZERO: 0, IndicatorKind.MILESTONE: 1, IndicatorKind.FULL: 100}
    return Indicator(
        name=f"{kind.value}{n}",
        quote="保持" if held else "",
        kind=kind,
        comparator=draw(st.sampled_from(fitting)),
        value=whole[kind] if kind in whole else draw(st.integers(1, 100)),
        unit="人",
        tolerance="左右",
        denominator="全部" if kind in SHARES else None,
    )


@st.composite
def trees(draw: st.DrawFn) -> Plan:
    """Tasks of several units; some have no indicator."""
    tasks = []
    for n in range(1, draw(st.integers(1, 4)) + 1):
        indicators = [draw(targets(k)) for k in range(draw(st.integers(0, 3)))]
        tasks.append(
            Task(
                key=f"T{n}", title="", unit=draw(st.sampled_from(UNITS)), due=DUE,
                indicators=tuple(indicators),
                unmeasured=None if indicators else "难以量化",
            )
        )  # fmt: skip
    return Plan(tasks=tuple(tasks))


@st.composite
def truths(draw: st.DrawFn, plan: Plan) -> tuple[Progress, ...]:
    """What was true of every indicator in every month, good and bad."""
    made = []
    for task in plan.tasks:
        for each in task.indicators:
            for month in MONTHS:
                two = each.kind in SHARES or each.kind is ZERO
                whole = draw(st.integers(0, 30)) if two else None
                most = {IndicatorKind.MILESTONE: 1}.get(each.kind, 120)
                value = draw(st.integers(0, most if whole is None else whole))
                made.append(
                    Progress(
                        item=ITEM, task=task.key, indicator=each.name, month=month,
                        value=value, denominator=whole,
                    )
                )  # fmt: skip
    return tuple(made)


def reached(plan: Plan, reports: Sequence[Progress]) -> tuple[bool, Fraction]:
    found = item_fulfilment(
        fulfilments(plan, reports, FULFILMENT, day=DUE, until=DUE, months=MONTHS)
    )
    return found.passed, Fraction(found.score or 0)


def facts(
    plan: Plan, reports: Sequence[Progress], month: str, excused: Sequence[str] = ()
) -> MonthFacts:
    """A month in which the plan runs from its beginning."""
    steps = [
        RunStep(
            step=Step.ASSIGN.value, source=State.LISTED.value,
            target=State.ASSIGNED.value, occurred_on=BEGUN, plan=plan,
        ),
        *(
            RunStep(
                step="excuse", source=None, target=None, occurred_on=BEGUN,
                excused=key,
            )
            for key in excused
        ),
    ]  # fmt: skip
    return MonthFacts(
        period=month, histories={ITEM: tuple(steps)}, reports={ITEM: tuple(reports)}
    )


def on_time(
    plan: Plan, reports: Sequence[Progress], month: str
) -> dict[str, tuple[int, int | None]]:
    read = readings(facts(plan, reports, month), BOOK, pacing.indicator_pace)
    return {
        unit: (each.numerator, each.denominator)
        for unit, each in read["implementation"].items()
    }


def test_the_truth_never_scores_below_silence() -> None:
    met: Counter[str] = Counter()

    @EXAMPLES
    @given(trees(), st.data())
    def hold(plan: Plan, data: st.DataObject) -> None:
        whole = data.draw(truths(plan))
        kept = [each for each in whole if data.draw(st.booleans())]
        passed, score = reached(plan, whole)
        passed_silent, score_silent = reached(plan, kept)
        assert score >= score_silent
        assert passed >= passed_silent
        lost = {(e.task, e.indicator) for e in whole} - {
            (e.task, e.indicator) for e in kept
        }
        met["silent"] += len(kept) < len(whole)
        met["never reported"] += bool(lost)
        met["silence cost something"] += score > score_silent
        met["passed"] += passed
        for task in plan.tasks:
            met.update(each.kind.value for each in task.indicators)
        for month in MONTHS:
            told, quiet = on_time(plan, whole, month), on_time(plan, kept, month)
            assert told.keys() == quiet.keys()
            for unit, (good, of) in quiet.items():
                assert (told[unit][0] >= good, told[unit][1]) == (True, of)
                met["month cost something"] += told[unit][0] > good

    hold()
    print(dict(met))  # noqa: T201 - what it reached
    ways = {
        "silent",
        "silence cost something",
        "month cost something",
        "never reported",
    }
    assert ways | {kind.value for kind in IndicatorKind} <= {
        k for k, n in met.items() if n
    }


def test_removing_a_measurement_never_raises_a_score() -> None:
    """Of a report, of a whole indicator's reports, or of a reading of the index."""
    met: Counter[str] = Counter()

    @EXAMPLES
    @given(trees(), st.data())
    def hold(plan: Plan, data: st.DataObject) -> None:
        whole = list(data.draw(truths(plan)))
        for _ in range(3):
            if not whole:
                break
            gone = data.draw(st.sampled_from(whole))
            of_all = data.draw(st.booleans())
            less = [
                each
                for each in whole
                if each is not gone
                and not (
                    of_all
                    and (each.task, each.indicator) == (gone.task, gone.indicator)
                )
            ]
            before, after = reached(plan, whole), reached(plan, less)
            assert after <= before
            month = data.draw(st.sampled_from(MONTHS))
            now, then = on_time(plan, less, month), on_time(plan, whole, month)
            assert all(then[unit] >= now[unit] for unit in then)
            met["one report"] += not of_all
            met["all of an indicator"] += of_all
            met["lowered"] += after < before
            whole = less

    hold()
    print(dict(met))  # noqa: T201 - what it reached
    assert {"one report", "all of an indicator", "lowered"} <= met.keys()


def promise_reached(
    plan: Plan, reports: Sequence[Progress], name: str, target: int | None
) -> int:
    """How far a policy's promise is, -1 if that is not known."""
    of = Promise(key="P1", indicator=name, due=DUE, target=target)
    policy = Policy(
        key="policy/1", authority="", document="", title="", dated=BEGUN,
        promises=(of,), registered_on=BEGUN,
    )  # fmt: skip
    measure = CityMeasure(
        key="measure/1", policy="policy/1", title="", area=Area.EMPLOYMENT,
        unit=UNITS[0], undertakings=(Undertaking(promise="P1", due=DUE),),
        registered_on=BEGUN, items=(ITEM,),
    )  # fmt: skip
    carried = replace(item(), number=ITEM, plan=plan)
    (found,) = promised(
        measure, policy, [carried], {ITEM: reports}, {ITEM: MONTHS}, FULFILMENT, DUE
    )
    return -1 if found.reached is None else min(10_000, found.reached)


def test_silence_never_brings_a_promise_nearer() -> None:
    met: Counter[str] = Counter()

    @EXAMPLES
    @given(trees(), st.integers(1, 200), st.data())
    def hold(plan: Plan, target: int, data: st.DataObject) -> None:
        whole = data.draw(truths(plan))
        kept = [each for each in whole if data.draw(st.booleans())]
        for name in {each.name for task in plan.tasks for each in task.indicators}:
            for figure in (None, target):
                told = promise_reached(plan, whole, name, figure)
                silent = promise_reached(plan, kept, name, figure)
                assert told >= silent, (name, figure)
                met["known"] += told >= 0
                met["known in part"] += silent >= 0
                met["not known for silence"] += silent < 0 <= told

    hold()
    print(dict(met))  # noqa: T201 - what it reached
    assert min(
        met[each] for each in ("known", "known in part", "not known for silence")
    )


def test_a_share_owes_every_month_and_a_sum_only_the_last() -> None:
    share, sum_ = (
        Indicator(
            name=kind.value, quote="", kind=kind, comparator=Comparator.GE, value=90,
            unit="人", denominator="全部" if kind in SHARES else None,
        )
        for kind in (IndicatorKind.RATE, FLOW)
    )  # fmt: skip
    task = Task(key="T1", title="", unit=UNITS[0], due=DUE, indicators=(share, sum_))
    told = [
        Progress(item=ITEM, task="T1", indicator=each.name, month="2027-06", value=9)
        for each in (share, sum_)
    ]
    owed = owed_at_end(Plan(tasks=(task,)), (), told, "2027-06", MONTHS)
    assert owed == tuple(f"{share.name}[{month}]" for month in MONTHS[:-1])


def behind_by(plan: Plan, reports: Sequence[Progress], day: date) -> int:
    """By how many days the boards find an item behind its plan."""
    run = Running(number=ITEM, plan=plan, begun=BEGUN, ended=None, months=MONTHS)
    lines = paces([run], {ITEM: reports}, BOOK, day=day)
    return slowest(lines, BEGUN, day).days


@pytest.mark.parametrize("day", [date(2027, 3, 31), DUE])
def test_silence_never_keeps_an_item_from_being_slow(day: date) -> None:
    met: Counter[str] = Counter()

    @EXAMPLES
    @given(trees(), st.data())
    def hold(plan: Plan, data: st.DataObject) -> None:
        whole = data.draw(truths(plan))
        kept = [each for each in whole if data.draw(st.booleans())]
        told, silent = behind_by(plan, whole, day), behind_by(plan, kept, day)
        assert told <= silent
        nothing = behind_by(plan, (), day)
        assert silent <= nothing
        met["slow"] += told > 0
        met["silence cost something"] += told < silent
        met["nothing reported"] += nothing == (day - BEGUN).days + 1

    hold()
    print(dict(met))  # noqa: T201 - what it reached
    assert min(
        met[each] for each in ("slow", "silence cost something", "nothing reported")
    )


@given(trees(), st.data())
def test_what_is_excused_or_has_no_indicator_is_out_of_the_count_and_named(
    plan: Plan, data: st.DataObject
) -> None:
    whole = data.draw(truths(plan))
    keys = [task.key for task in plan.tasks]
    excused = data.draw(st.lists(st.sampled_from(keys), unique=True))
    month = data.draw(st.sampled_from(MONTHS))
    read = readings(facts(plan, whole, month, excused), BOOK, pacing.indicator_pace)
    implemented = read["implementation"]
    assert implemented.keys() == {task.unit for task in plan.tasks}
    for unit, each in implemented.items():
        mine = [task for task in plan.tasks if task.unit == unit]
        counted = [task for task in mine if task.key not in excused]
        assert each.denominator == sum(len(task.indicators) for task in counted)
        named = {place.rpartition("/")[2] for place in each.excused}
        assert named == {task.key for task in mine} & set(excused)
        blank = {place.rpartition("/")[2] for place in each.unmeasured}
        assert blank == {task.key for task in counted if not task.indicators}


def test_a_unit_of_which_nothing_is_measured_is_a_class_of_its_own() -> None:
    task = Task(key="T1", title="", unit="500101", due=DUE, unmeasured="难以量化")
    month = month_scored(facts(Plan(tasks=(task,)), (), "2027-02"), 7, BOOK)
    by_unit = {each.unit: each for units in month.groups.values() for each in units}
    blank, other = by_unit["500101"], by_unit["500102"]
    assert (blank.standing.value, blank.index) == ("not_measurable", None)
    assert other.standing.value == "insufficient"
    assert blank.readings["implementation"].unmeasured == (f"item/{ITEM}/T1",)


@pytest.mark.parametrize("key", [each.key for each in INDEX.indicators])
def test_without_a_needed_reading_a_unit_has_no_index(key: str) -> None:
    whole = {
        each.key: {"500101": read(45, 50), "500102": read(40, 50)}
        for each in INDEX.indicators
    }
    needed = INDEX.needed_by(UnitKind.DISTRICT)
    less = {**whole, key: {"500102": whole[key]["500102"]}}
    for readings_of, has_index in ((whole, True), (less, False)):
        group = contribution(
            ("500101", "500102"), readings_of, {}, INDEX, period="2027-02",
            needed=needed,
        )  # fmt: skip
        assert (group[0].index is not None) is has_index
