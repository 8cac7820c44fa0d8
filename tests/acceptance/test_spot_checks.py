"""A spot check that changes a score: drawn by two secrets, hidden, found, answered.

Everything goes through the public doors, on both databases; the audit ends the story.
"""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    CheckWay,
    RatingLevel,
    Role,
    Severity,
    SpotCheckState,
    SpotCheckStep,
    State,
    TodoKind,
)
from huimin_flow.clock import FollowingClock, at_hour
from huimin_flow.errors import HuiminError, InputRefused, NotFound, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.facade import Questions
from huimin_flow.flow.methods import methods
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.improving.spot_checks import SpotCheck
from huimin_flow.reports.contents import site_files
from huimin_flow.reports.improving.spot_checks import MINE, spot_check_file
from huimin_flow.reports.listings import LISTINGS
from huimin_flow.rules.improving.spot_checks import digest_of
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.desk.asking import asking
from tests.ratings import rating
from tests.sampled import NIGHTLY, two_of_a_kind

SCRIPT = Path(__file__).parents[2] / "docs" / "repeat_draw.py"

#: What only whoever makes spot checks reads of one under way.
TITLE = "暗访窗口与任务"


def code(refused: pytest.ExceptionInfo[Any]) -> str:
    return str(refused.value.reasons[0].code)


def waits(desk: Desk, by: Actor) -> list[tuple[object, date | None]]:
    todo = desk.flow.todo(by)
    return [(each.step, each.due) for each in todo if each.kind is TodoKind.SPOT_CHECK]


def filled(desk: Desk) -> None:
    """Ratings of the month before by window, and of this month, and a running task."""
    day = desk.today()
    rated = [
        rating(n, RatingLevel.DISSATISFIED, window="W01", unit=UNIT) for n in range(6)
    ]
    rated += [
        rating(100 + n, unit=(UNIT, "500102")[n % 2], at=at_hour(day, 9))
        for n in range(80)
    ]
    taken = desk.flow.ratings.add(rated, by=desk.office)
    assert not taken.refused
    desk.bring(State.ASSIGNED)


def to_the_draw(desk: Desk, group: Actor, repeats: str = "") -> SpotCheck:
    """Plan, commit, cut, reveal and draw."""
    checks, office = desk.flow.spot_checks, desk.office
    key = checks.plan(TITLE, repeats=repeats, by=office).key
    assert waits(desk, group) == [(SpotCheckStep.COMMIT, None)]
    own = checks.secret(key, by=office)
    theirs = digest_of(f"dice {key}")
    checks.commit(key, digest_of(theirs), by=group)
    checks.cut(key, by=group)
    fixed = checks.show(key, by=office).check
    assert assert_no_question_tells(desk, fixed, desk.operator, (key,)) > 50
    with pytest.raises(StepRefused) as refused:
        checks.reveal(key, theirs, by=office)
    assert code(refused) == "spot_check_reveal_unmatched"
    checks.reveal(key, own.secret, by=office)
    with pytest.raises(StepRefused) as refused:
        checks.void(key, "不想查", by=office)
    assert code(refused) == "spot_check_reveal_still_due"
    checks.reveal(key, theirs, by=group)
    return checks.draw(key, by=office)


def voided(desk: Desk, group: Actor) -> str:
    """Refuse an empty population; leave a draw that is void for want of a secret."""
    checks, office = desk.flow.spot_checks, desk.office
    empty = checks.plan("空", by=office).key
    for party in (office, group):
        checks.secret(empty, by=party)
    with pytest.raises(StepRefused) as refused:
        checks.cut(empty, by=office)
    assert code(refused) == "spot_check_population_empty"
    checks.void(empty, "没有可查的", by=office)

    filled(desk)
    void = checks.plan("第一次", by=office).key
    with pytest.raises(InputRefused) as unfit:
        checks.commit(void, "00", by=office)
    assert code(unfit) == "spot_check_commitment_unfit"
    secret = checks.secret(void, by=office)
    with pytest.raises(StepRefused) as refused:
        checks.commit(void, secret.digest, by=group)
    assert code(refused) == "spot_check_commitment_used"
    checks.secret(void, by=group)
    checks.cut(void, by=office)
    checks.reveal(void, secret.secret, by=office)
    [(step, due)] = waits(desk, group)
    assert (step, waits(desk, office)) == (SpotCheckStep.REVEAL, [])
    assert due is not None
    desk.clock.set(at_hour(date(2023, 10, 20), 9))
    with pytest.raises(StepRefused) as refused:
        checks.reveal(void, digest_of("x"), by=group)
    assert code(refused) == "spot_check_reveal_unmatched"
    failed = checks.void(void, by=office)
    assert failed.failed == (Role.SUPERVISION,)
    assert checks.get(void).state is SpotCheckState.VOID
    return void


def test_a_spot_check_from_its_secrets_to_a_score(desk: Desk) -> None:
    flow, office = desk.flow, desk.office
    group, unit = desk.actor("supervision-1"), desk.operator
    checks, void = flow.spot_checks, voided(desk, group)
    desk.bring(State.ASSIGNED)
    drawn = to_the_draw(desk, group, repeats=void)
    with pytest.raises(InputRefused) as twice:
        checks.plan(TITLE, repeats=void, by=office)
    assert code(twice) == "spot_check_repeated_already"
    key = drawn.key
    assert_hidden(desk, drawn)
    file = checks.attach(key, "照片.jpg", b"1", by=group).digest
    way, grave = CheckWay.UNANNOUNCED, Severity.GRAVE
    with pytest.raises(InputRefused) as other_one:
        checks.find(key, "window/500103/W01", way, grave, "无人", by=group)
    assert code(other_one) == "spot_check_not_drawn"
    for line in drawn.drawn:
        with pytest.raises(StepRefused) as refused:
            checks.finish(key, by=office)
        assert code(refused) == "spot_check_unchecked"
        checks.find(key, line.id, way, grave, "窗口无人", evidence=[file], by=group)
    with pytest.raises(StepRefused) as refused:  # the other party makes it no milder
        checks.find(key, drawn.drawn[0].id, way, Severity.NONE, "没有问题", by=office)
    assert code(refused) == "spot_check_found_by_another"
    assert flow.items.attachments(key) == ()
    checks.finish(key, by=group)

    repeated = by_the_script(to_plain(checks.record(key)))
    assert (repeated["same"], repeated["seed"]) == (True, drawn.seed)
    other = to_plain(checks.record(key)) | {"population": "[]"}
    assert not by_the_script(other)["same"]
    assert flow.records.events(key)
    assert [each.stream for each in flow.changes(0) if each.stream == key] == [key]
    refusals = flow.records.refusals(about=key)
    assert {each.reasons[0].code for each in refusals} >= {
        "spot_check_reveal_unmatched"
    }

    assert [step for step, _ in waits(desk, unit)] == [SpotCheckStep.ANSWER]
    subject = drawn.drawn[0].id
    with pytest.raises(StepRefused):
        checks.answer(key, subject, "已改", by=desk.actor("op-500102"))
    for line in drawn.drawn:
        checks.answer(key, line.id, "已改", by=unit)
    assert waits(desk, unit) == []

    counts_in_its_month(desk, key, len(drawn.drawn))
    report = door_of(flow).read(verify)
    assert report.clean, report.findings


def by_the_script(record: Any) -> Any:
    """Repeat the draw in a process that doesn't know the engine."""
    ran = subprocess.run(
        [sys.executable, str(SCRIPT)], input=json.dumps(record, ensure_ascii=False),
        capture_output=True, text=True, check=True, encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    return json.loads(ran.stdout)


def counts_in_its_month(desk: Desk, key: str, count: int) -> None:
    """Findings take points off the index of the month; two people correct them."""
    flow, office, checks = desk.flow, desk.office, desk.flow.spot_checks
    drawn = checks.get(key)
    desk.clock.set(at_hour(date(2023, 11, 20), 9))
    tick(flow, desk.clock.now())
    score, tree = flow.scores.explain(UNIT, "2023-10")
    assert tree.op == "less"
    before, off = tree.inputs
    assert off.value == str(min(10, 6 * count))
    assert score.index is not None
    assert float(score.index) == pytest.approx(float(before.value) - float(off.value))
    assert {each.source for each in off.inputs[1:]} == {
        f"{key}/{line.id}" for line in drawn.drawn
    }
    assert not flow.scores.late_facts("2023-10")
    for line in drawn.drawn:
        checks.correct(
            key, line.id, Severity.NONE, "证据不足", by=office, second=desk.second
        )
    assert [each.source for each in flow.scores.late_facts("2023-10")] == [key]
    flow.scores.correct("score/2023-10", "更正", by=office, second=desk.second)
    again, _ = flow.scores.explain(UNIT, "2023-10")
    assert float(again.index or 0) == pytest.approx(float(before.value))


def assert_hidden(desk: Desk, check: SpotCheck) -> None:
    """No question that a checked unit may ask tells anything of a check under way."""
    key = check.key
    attached, kept = f"attachment/{key}", f"spot_population/{key.partition('/')[2]}"
    asked = 0
    posts = [desk.operator, desk.actor(f"head-{UNIT}"), desk.actor("auditor-1")]
    whole = NIGHTLY or door_of(desk.flow).own.dialect.name == "sqlite"
    posts = posts if whole else posts[:1]  # by day one post asks on the other database
    for by in posts:
        abouts = (key, attached, kept, 0) if by is posts[0] else (key,)
        asked += assert_no_question_tells(desk, check, by, abouts)
    assert asked > 200
    if whole:
        assert_no_page_tells(desk, check, secrets_of(check))


def secrets_of(check: SpotCheck) -> list[str]:
    """Return what nobody may know of a check under way but its parties."""
    told = [TITLE, check.key, check.seed, check.population]
    told += [each.secret for each in check.reveals]
    told += [each.digest for each in check.commitments]
    return [each for each in told if each]


def assert_no_question_tells(
    desk: Desk, check: SpotCheck, by: Actor, abouts: Sequence[str | int]
) -> int:
    """Ask every question as a post; return how many were answered."""
    asked, told = 0, secrets_of(check)
    for name, method in methods(Questions).items():
        for about in abouts:
            with desk.flow.acting(by) as now, suppress(HuiminError, TypeError):
                answer = attrgetter(name)(now)(*words(method, about, by))
                asked += 1
                shown = str(answer)
                echoed = about if isinstance(about, str) else ""
                found = [each for each in told if each in shown.replace(echoed, "")]
                assert not found, (name, by.id, about, found)
    return asked


def assert_no_page_tells(desk: Desk, check: SpotCheck, told: list[str]) -> None:
    """No page, list, file, feed or digest that the unit gets tells of the check."""
    flow, number = desk.flow, check.key.partition("/")[2]
    own = asking(flow, FollowingClock(desk.clock.now(), stands=True))
    own = own.acting_as(desk.operator.id)
    with flow.snapshot() as now:
        files = ["index.html", "todo.html", *two_of_a_kind(site_files(now))]
    files += [f"{name}.{kind}" for name in LISTINGS for kind in ("html", "csv")]
    hidden = [f"{MINE}.html", spot_check_file(check.key)]
    answers = {file: own.get(file) for file in (*files, *hidden)}
    assert sum(each.status == 200 for each in answers.values()) > 100
    assert {answers[file].status for file in hidden} <= {403, 404}
    # The page of the check leads its parties to a form that knows what is checked.
    party, subject = own.acting_as("supervision-1"), check.drawn[0].id
    links = re.findall(
        r'href="(act-spot_checks.find.html[^"]*)"',
        party.get(spot_check_file(check.key)).text,
    )
    assert len(links) == len(check.drawn)
    assert any(subject in party.get(link).text for link in links)
    todo = f"{MINE}.html"
    assert todo in own.acting_as("supervision-1").get("todo.html").text
    assert todo not in answers["todo.html"].text
    shown = {file: answer.text for file, answer in answers.items()}
    for file in hidden:  # what was asked for is echoed
        shown[file] = shown[file].replace(check.key, "")
    form = own.get(f"act-spot_checks.find.html?key=spot_check%2F{number}")
    shown["form"] = form.text.replace(check.key, "")
    shown["changes"] = str(flow.changes(0))
    shown["digest"] = str(flow.reviews.digest("2023-09"))
    for file, text in shown.items():
        assert not [each for each in told if each in text], file


def words(method: Any, about: object, by: Actor) -> list[object]:
    """Return the subject for each text that a question must be given."""
    given = inspect.signature(method).parameters.values()
    must = [one for one in given if one.default is one.empty and one.name != "self"]
    return [by if one.name == "by" else about for one in must]


def test_a_checked_unit_is_not_told_that_there_is_a_check(desk: Desk) -> None:
    flow, unit = desk.flow, desk.operator
    key = flow.spot_checks.plan(TITLE, by=desk.office).key
    for other in (key, "spot_check/2023-0999"):
        for ask in (flow.spot_checks.get, flow.spot_checks.record):
            with pytest.raises(NotFound):
                ask(other)
        with pytest.raises(NotFound):
            flow.spot_checks.show(other, by=unit)
        with pytest.raises(NotFound):
            flow.spot_checks.answer(other, "x", "y", by=unit)
        with pytest.raises(StepRefused) as refused:
            flow.spot_checks.draw(other, by=unit)
        assert code(refused) == "duty_missing"
    with pytest.raises(StepRefused):
        flow.spot_checks.mine(by=unit)
    assert flow.spot_checks.list() == ()
    assert isinstance(flow, Flow)
