"""The draw of a spot check: sizes, secrets, and that nothing is drawn more often."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    Comparator,
    IndicatorKind,
    Risk,
    RiskGround,
    State,
    Step,
)
from huimin_flow.model.executing.plans import Indicator, Plan, Progress, Task
from huimin_flow.model.improving.spot_checks import PopulationLine
from huimin_flow.rules.executing.running import RunStep
from huimin_flow.rules.improving.spot_checks import (
    CutFacts,
    counted,
    digest_of,
    draw,
    is_weak,
    lines_of,
    population,
    sizes,
    stratum,
    text_of,
)
from huimin_flow.settings import load_rulebook
from tests.conftest import CONFIG
from tests.rules.figures import IMPROVING

RULE = IMPROVING.spot_checks
BOOK, DAY = load_rulebook(CONFIG), date(2026, 7, 1)

LINES = st.lists(
    st.builds(
        PopulationLine,
        id=st.uuids().map(lambda each: f"window/500101/{each}"),
        unit=st.sampled_from(["500101", "500102"]),
        risk=st.sampled_from(Risk),
        grounds=st.sets(st.sampled_from(RiskGround)).map(tuple),
    ),
    max_size=30,
    unique_by=lambda line: line.id,
)


@given(LINES)
def test_a_population_is_read_from_its_text_as_it_was(
    lines: list[PopulationLine],
) -> None:
    assert lines_of(text_of(lines)) == tuple(lines)


@given(LINES, st.integers())
def test_a_draw_takes_so_many_of_each_stratum_and_depends_on_no_order(
    lines: list[PopulationLine], number: int
) -> None:
    wanted = sizes(counted(lines), RULE)
    drawn = draw(digest_of(str(number)), lines, wanted)
    assert counted(drawn) == wanted
    assert drawn == draw(digest_of(str(number)), lines[::-1], wanted)
    assert all(wanted[risk] <= RULE.samples[risk].most.value for risk in Risk)


def test_everything_in_a_stratum_is_drawn_equally_often() -> None:
    lines = [
        PopulationLine(id=f"item/2026-{n:06d}/T1", unit="500101", risk=risk)
        for n in range(20)
        for risk in (Risk.HIGH, Risk.LOW)
    ]
    lines = [
        PopulationLine(id=f"{each.id}{each.risk}", unit=each.unit, risk=each.risk)
        for each in lines
    ]
    wanted = dict.fromkeys(Risk, 0) | {Risk.HIGH: 5, Risk.LOW: 2}
    times: Counter[str] = Counter()
    for number in range(2000):
        times.update(line.id for line in draw(digest_of(str(number)), lines, wanted))
    for risk, size in ((Risk.HIGH, 5), (Risk.LOW, 2)):
        expected = 2000 * size / 20
        square = sum(
            (times[line.id] - expected) ** 2 / expected
            for line in lines
            if line.risk is risk
        )
        assert square < 43.8  # chi-square of 19 degrees of freedom, one in a thousand


def test_what_is_on_the_bad_board_is_a_stratum_of_its_own() -> None:
    for behind in ((), (RiskGround.PACE_BEHIND, RiskGround.COMPLAINTS)):
        assert stratum((RiskGround.BAD_BOARD, *behind), RULE) is Risk.BAD_BOARD
    assert stratum((RiskGround.PACE_BEHIND, RiskGround.COMPLAINTS), RULE) is Risk.HIGH
    assert stratum((RiskGround.COMPLAINTS,), RULE) is Risk.MEDIUM
    assert stratum((), RULE) is Risk.LOW
    plan = Plan(tasks=(Task(key="T1", title="候工区", unit="500101", due=DAY),))
    lines = population(CutFacts(day=DAY, listed={"2026-000001": plan}), BOOK)
    assert [(line.id, line.risk) for line in lines] == [
        ("item/2026-000001/T1", Risk.BAD_BOARD)
    ]


def test_a_task_that_nobody_reports_is_of_no_lower_risk_than_one_behind() -> None:
    own = Indicator(
        name="岗位", quote="", kind=IndicatorKind.FLOW, comparator=Comparator.GE,
        value=100, unit="个",
    )  # fmt: skip
    due = date(2026, 12, 31)
    task = Task(key="T1", title="", unit="500101", due=due, indicators=(own,))
    begun = RunStep(
        step=Step.ASSIGN.value, source=State.LISTED.value, target=State.ASSIGNED.value,
        occurred_on=date(2026, 1, 5), plan=Plan(tasks=(task,)),
    )  # fmt: skip
    number = "2026-000001"

    def risk(*values: int) -> tuple[RiskGround, ...]:
        told = [
            Progress(item=number, task="T1", indicator="岗位", month="2026-06", value=n)
            for n in values
        ]
        facts = CutFacts(day=DAY, histories={number: (begun,)}, reports={number: told})
        (line,) = population(facts, BOOK)
        return line.grounds

    assert risk(60) == ()
    assert risk(1) == risk() == (RiskGround.PACE_BEHIND,)


def test_a_secret_has_sixteen_random_bytes() -> None:
    secret = digest_of("a")
    assert not is_weak(secret)
    assert not is_weak(secret[:32])
    for weak in (secret[:30], "ab" * 16, secret.replace("a", "x"), secret * 3, ""):
        assert is_weak(weak), weak
