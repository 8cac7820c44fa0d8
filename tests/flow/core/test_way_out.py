"""A refusal says the way out: who can help, what to do, from which day on."""

from __future__ import annotations

import ast
import string
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import huimin_flow
from huimin_flow.catalogue.reasons import (
    CODES,
    Code,
    ConfigProblem,
    Language,
    ScoreCode,
    speaking,
    spoken,
    way_out,
)
from huimin_flow.catalogue.terms import Duty, Job, ReasonCode, Role, State, UnitKind
from huimin_flow.clock import at_hour
from huimin_flow.errors import (
    ConfigRefused,
    HuiminError,
    InputRefused,
    NotFound,
    StepRefused,
)
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.deciding.freezing import preview
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.organization import Unit
from huimin_flow.model.executing.plans import Progress
from huimin_flow.rules.core import due
from huimin_flow.states.authority import may_do
from huimin_flow.testing import UNIT, Desk
from tests.ratings import rating


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", CODES.values())
def test_every_code_speaks_two_languages_and_its_way_out_needs_no_more_values(
    code: ReasonCode,
) -> None:
    assert code.label
    assert code.english
    assert fields(code.english) <= fields(code.label)
    assert bool(code.way) is bool(code.way_english)
    assert code.way_english.isascii()
    assert fields(code.way) | fields(code.way_english) <= fields(code.label)
    refusal = StepRefused((Reason(code=code),))
    assert refusal.remedy == way_out(code, {})


def test_every_code_stands_once_in_one_list() -> None:
    kinds = {type(code) for code in CODES.values()}
    assert len(CODES) == sum(len(kind) for kind in kinds)
    assert kinds == set(ReasonCode.__subclasses__())


def test_no_guard_and_no_act_refuses_with_a_finding() -> None:
    """What stands outside the rules and their pages names no finding in a reason."""
    home = Path(huimin_flow.__file__).parent
    findings = {code.name for code in CODES.values() if not code.way}
    refusing = {kind.__name__ for kind in subclasses(HuiminError)}
    named = [
        (path.name, node.attr)
        for room in ("flow", "states", "timetable", "exchange", "store", "settings")
        for path in sorted((home / room).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in {"Reason", "_reason", "_refuse", *refusing}
        for node in ast.walk(call)
        if isinstance(node, ast.Attribute) and node.attr in findings
    ]
    assert named == []
    assert set(ScoreCode.__members__) <= findings


def test_every_refusal_of_the_package_begins_with_a_code_or_with_reasons() -> None:
    home = Path(huimin_flow.__file__).parent
    refusing = {kind.__name__ for kind in subclasses(HuiminError)}
    made = [
        (path.name, call)
        for path in sorted(home.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) in refusing
    ]
    assert len(made) > 200
    for name, call in made:
        (why,) = call.args  # what else is given has a name
        whys = [why.body, why.orelse] if isinstance(why, ast.IfExp) else [why]
        assert not any(
            isinstance(part, (ast.Constant, ast.JoinedStr)) for part in whys
        ), f"{name}:{call.lineno}"


def subclasses(kind: type[HuiminError]) -> Iterator[type[HuiminError]]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


@pytest.mark.parametrize("kind", [HuiminError, *subclasses(HuiminError)])
def test_a_refusal_crosses_processes_whole(kind: type[HuiminError]) -> None:
    refusal = (
        ConfigRefused((ConfigProblem("rules.yaml", Reason(code="config_empty"), 3),))
        if kind is ConfigRefused
        else kind(Code.FACT_MISSING, fact="佐证", earliest=date(2027, 1, 4))
    )
    with ProcessPoolExecutor(1) as pool, pytest.raises(kind) as crossed:
        pool.submit(_raise, refusal).result()
    assert type(crossed.value) is kind
    assert str(crossed.value) == str(refusal)
    assert crossed.value.reasons == refusal.reasons
    assert crossed.value.remedy == refusal.remedy
    assert crossed.value.earliest == refusal.earliest


def _raise(refusal: HuiminError) -> None:
    raise refusal


def test_a_refusal_speaks_the_language_of_its_door() -> None:
    refusal = InputRefused(
        Code.FACT_MISSING, fact="x", earliest=date(2027, 1, 4), supplier=Role.OFFICE
    )
    assert (refusal.code, str(refusal)) == (
        "fact_missing",
        f"缺少“x”(可由{Role.OFFICE.label}补充)(最早2027-01-04)",
    )
    with speaking(Language.ENGLISH):
        assert (
            str(refusal)
            == f"x is missing ({Role.OFFICE.english} can) (from 2027-01-04)"
        )
        assert refusal.remedy == "supply x, then try again"
    assert refusal.remedy == "请补充“x”后再办"


def test_the_ways_out_of_several_reasons_are_told_once_each() -> None:
    why = (
        Reason(code=Code.NO_TASK),
        Reason(code=Code.PLAN_FIELD_MISSING, values={"field": "carrier"}),
        Reason(code=Code.FACT_MISSING, values={"fact": "佐证"}),
    )
    told = "请在实施方案中补充后重新分解;请补充“佐证”后再办"
    assert StepRefused(why).remedy == told
    assert StepRefused(why, remedy="请等一等").remedy == "请等一等"


def test_a_refusal_waits_for_the_last_of_its_days() -> None:
    days = (date(2027, 1, 4), date(2027, 3, 1), None)
    why = tuple(Reason(code=Code.NO_TASK, earliest=day) for day in days)
    assert StepRefused(why).earliest == date(2027, 3, 1)
    assert StepRefused(why[2:]).earliest is None


def test_what_lists_and_scores_wait_for_is_said(file_desk: Desk) -> None:
    """On 9 October 2023: the deadlines are the timetable's, rolled off days off."""
    flow, office, second = file_desk.flow, file_desk.office, file_desk.second
    asked: dict[date | None, list[Callable[[], object]]] = {
        date(2023, 12, 15): [
            lambda: flow.lists.get("list/2024/city"),
            lambda: flow.lists.publish("list/2024/city", by=office),
            lambda: flow.lists.confirm("list/2024/city", by=office, second=second),
        ],
        date(2024, 12, 13): [lambda: flow.lists.get(f"list/2025/{UNIT}")],
        date(2023, 11, 7): [
            lambda: flow.scores.month("2023-10"),
            lambda: flow.scores.colors("2023-10"),
            lambda: flow.scores.editions("colors/2023-10"),
            lambda: flow.scores.explain(UNIT, "2023-10"),
        ],
        date(2024, 1, 8): [
            lambda: flow.scores.ranking("2023Q4"),
            lambda: flow.scores.editions("ranking/2023Q4"),
        ],
        None: [
            lambda: flow.scores.month("2022-10"),
            lambda: flow.lists.get("list/2022/city"),
            lambda: flow.lists.get("2024"),
            lambda: flow.lists.get("list/2099/city"),
        ],
    }
    for day, questions in asked.items():
        for question in questions:
            with pytest.raises(NotFound) as refused:
                question()
            assert refused.value.earliest == day
            assert ("最早" in str(refused.value)) is (day is not None)


def test_a_year_without_its_calendar_is_not_guessed(file_desk: Desk) -> None:
    file_desk.clock.set(at_hour(date(2026, 11, 20), 9))
    with pytest.raises(NotFound) as refused:
        file_desk.flow.scores.month("2026-12")
    assert refused.value.earliest is None
    assert "2027年的日历尚未载入" in str(refused.value)
    assert "config/holidays/2027.yaml" in refused.value.remedy
    with pytest.raises(NotFound) as refused:
        file_desk.flow.lists.get("list/2027/city")
    assert refused.value.earliest == date(2026, 12, 15)


def test_a_deadline_that_passed_this_morning_is_no_day_to_wait_for(
    file_desk: Desk,
) -> None:
    book, day = file_desk.flow.rulebook.active(), date(2023, 12, 15)
    before, after = at_hour(day, 17), at_hour(day, 18)
    assert due.still_due(book, Job.LISTING, "2024", before) == after
    assert due.still_due(book, Job.LISTING, "2024", after) is None


def test_a_starred_item_is_assigned_once_the_freeze_listed_it(desk: Desk) -> None:
    item = desk.bring(State.STARRED)
    with pytest.raises(StepRefused) as refused:
        desk.assign(item.number)
    assert refused.value.earliest == date(2023, 12, 15)
    assert "(最早2023-12-15)" in str(refused.value)
    judged = desk.bring(State.JUDGED)
    with pytest.raises(StepRefused) as refused:
        desk.assign(judged.number)
    assert refused.value.earliest is None
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.revive(item.number, by=desk.office)
    assert refused.value.earliest is None


def test_what_lies_in_the_future_can_be_told_on_its_day(file_desk: Desk) -> None:
    flow, by, today = file_desk.flow, file_desk.operator, file_desk.today()
    morrow = today + timedelta(days=1)
    item = file_desk.bring(State.ASSIGNED)
    late = Progress(
        item=item.number, task="T1", indicator="候工区", month="2024-02", value=1
    )
    voice = file_desk.appeals(1)[0]
    ahead = replace(voice, at=file_desk.clock.now() + timedelta(days=1))
    asked: list[tuple[date | None, Callable[[], object]]] = [
        (date(2024, 2, 1), lambda: flow.tasks.sheet("2024-02")),
        (date(2024, 2, 1), lambda: flow.tasks.owing("2024-02")),
        (date(2025, 1, 1), lambda: door_of(flow).perform(preview, "2026")),
    ]
    for day, question in asked:
        with pytest.raises(InputRefused) as refused:
            question()
        assert refused.value.earliest == day
    (refused_appeal,) = flow.appeals.add_all([ahead], by=by).refused
    assert refused_appeal.reason.earliest == morrow
    later = replace(late, month="2024-03")
    never = replace(late, month="2023-10", indicator="无此指标")
    for batch, first in (
        ([late], date(2024, 2, 1)),
        ([late, never, later, never], date(2024, 3, 1)),
        ([never], None),
    ):
        with pytest.raises(InputRefused) as unripe:
            flow.tasks.report(batch, by=by)
        assert unripe.value.earliest == first
        ripe = [why.earliest for why in unripe.value.reasons if why.earliest]
        assert len(ripe) == sum(one != never for one in batch)
        assert "最早" not in str(unripe.value), "the month says it"
    with pytest.raises(InputRefused, match=morrow.isoformat()) as early:
        flow.items.screen(item.number, {}, by=file_desk.office, occurred_on=morrow)
    assert early.value.earliest == morrow


def test_a_post_of_a_unit_to_come_hears_from_when_it_works(file_desk: Desk) -> None:
    organization = file_desk.flow.rulebook.active().organization
    day = file_desk.today()
    to_come = Unit(
        code="500199",
        name="某新区",
        kind=UnitKind.DISTRICT,
        source="ours",
        valid_from=day + timedelta(days=40),
        works_from=day + timedelta(days=30),
    )
    wider = replace(organization, units=(*organization.units, to_come))
    actor = replace(file_desk.operator, unit="500199")
    found = may_do(actor, Duty.REPORT, wider, unit="500199", day=day)
    assert [one.code for one in found] == ["unit_not_at_work"]
    assert found[0].earliest == day + timedelta(days=30)
    assert wider.begins_after("500199", day) == day + timedelta(days=40)
    assert wider.begins_after(UNIT, day) is None


def test_a_state_that_does_not_allow_it_is_said_in_words(file_desk: Desk) -> None:
    flow, key = file_desk.flow, file_desk.frozen(2099)
    with pytest.raises(StepRefused) as refused:
        flow.lists.publish(key, by=file_desk.office)
    assert str(refused.value) == f"“清单 {key}”为“已截止”,不能“发布”;须为:已确认"
    assert refused.value.remedy == "请先办到“已确认”,再“发布”"


def test_a_rating_to_come_waits_for_its_day(file_desk: Desk) -> None:
    ahead = replace(rating(1), at=file_desk.clock.now() + timedelta(days=2))
    last = replace(rating(2), at=datetime.max.replace(tzinfo=UTC))
    taken = file_desk.flow.ratings.add([ahead, last], by=file_desk.office)
    days = [one.reason.earliest for one in taken.refused]
    assert days == [file_desk.today() + timedelta(days=2), None]
    assert "(最早2023-10-11)" in spoken(taken.refused[0].reason)
