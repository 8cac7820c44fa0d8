"""The screening desk: what waits, in which order, and the rounds that keep it (A3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, Criterion, Origin, Role, State
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing import rounds
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.rules.sensing.rounds import candidates
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick


def collect(desk: Desk, title: str, origin: Origin = Origin.PROBLEM) -> str:
    demand = Demand(title=title, origin=origin, area=Area.EMPLOYMENT, unit=UNIT)
    return desk.flow.items.collect(demand, by=desk.office).number


def appeal(desk: Desk, number: str, count: int, *, days: int = 0) -> None:
    """Link some appeals of different people that were heard some days ago."""
    at = desk.clock.now() - timedelta(days=days)
    channels = ("hotline_12333", "online_politics", "letters_visits")
    pairs = []
    for n in range(count):
        channel = channels[n % 3]
        key = f"{number}-{days}-{n}"
        desk.flow.appeals.add(
            Appeal(
                key=key, channel=channel, who=f"p{number}{days}{n}",
                district=UNIT, text="反映同一件事", at=at,
            ),
            by=desk.operator,
        )  # fmt: skip
        pairs.append((channel, key))
    desk.flow.appeals.link(number, pairs, by=desk.office)


def test_the_desk_shows_first_what_needs_the_least_of_what_is_lacking(
    desk: Desk,
) -> None:
    quiet, loud = collect(desk, "少有人反映的事"), collect(desk, "多人反映的事")
    appeal(desk, loud, 6)
    first, second = desk.flow.screening.list()
    assert [first.number, second.number] == [loud, quiet]
    assert (first.prevalence, first.last, first.before) == (41, 6, 0)
    # 41 and 73 with the weights 40 and 60 reach the mark of 60, 41 and 72 do not
    assert (first.needed, first.score) == (73, "60.20")
    assert {each.criterion for each in first.lacking} == {
        Criterion.URGENCY, Criterion.FUNDAMENTALITY,
    }  # fmt: skip
    assert (second.needed, second.score) == (100, "60.00")
    assert (Criterion.PREVALENCE, Role.OPERATOR) in second.lacking


def test_the_score_that_would_come_is_the_one_that_comes(desk: Desk) -> None:
    number = collect(desk, "多人反映的事")
    appeal(desk, number, 6)
    (line,) = desk.flow.screening.list()
    assert line.needed is not None
    scores = dict.fromkeys((Criterion.URGENCY, Criterion.FUNDAMENTALITY), line.needed)
    ahead = desk.flow.items.screening(number, scores)
    assert ahead.verdict is not None
    assert (ahead.verdict.passed, ahead.verdict.score) == (True, line.score)
    less = {criterion: score - 1 for criterion, score in scores.items()}
    below = desk.flow.items.screening(number, less).verdict
    assert below is not None
    assert not below.passed


def test_growth_compares_the_last_days_with_as_many_before(desk: Desk) -> None:
    number = collect(desk, "先多后少的事")
    appeal(desk, number, 2)
    appeal(desk, number, 5, days=40)
    (line,) = desk.flow.screening.list()
    assert (line.last, line.before, line.growth) == (2, 5, -3)


def test_what_is_late_is_selected_by_the_working_days_of_the_rulebook(
    desk: Desk,
) -> None:
    collect(desk, "久未筛选的事")
    (line,) = desk.flow.screening.list()
    assert line.due == date(2023, 10, 23)  # ten working days after 9 October
    assert desk.flow.screening.list(overdue=True) == ()
    desk.clock.advance(timedelta(days=15))
    assert [each.number for each in desk.flow.screening.list(overdue=True)] == [
        line.number
    ]
    todo = desk.flow.todo(by=desk.office)
    assert {entry.subject: entry.due for entry in todo}[line.number] == line.due


def test_a_round_keeps_what_stood_there_and_the_audit_draws_it_up_again(
    desk: Desk,
) -> None:
    number = collect(desk, "多人反映的事")
    appeal(desk, number, 4)
    drawn = desk.flow.screening.run(by=desk.office)
    assert [each.number for each in drawn.candidates] == [number]
    appeal(desk, number, 3, days=1)  # after the cut
    desk.flow.items.reject(number, "duplicate", by=desk.office)
    assert desk.flow.screening.list() == ()
    assert desk.flow.screening.get(drawn.key) == drawn
    assert door_of(desk.flow).read(verify).clean


def test_a_second_round_of_a_day_is_the_next_version(desk: Desk) -> None:
    first = desk.flow.screening.run(by=desk.office)
    collect(desk, "后来采集的事")
    second = desk.flow.screening.run(by=desk.office)
    assert (second.key, second.version) == (first.key, 2)
    assert desk.flow.screening.count_rounds() == 1


def test_who_screens_nothing_draws_up_no_round(desk: Desk) -> None:
    with pytest.raises(StepRefused):
        desk.flow.screening.run(by=desk.operator)


def test_the_job_draws_up_the_round_of_its_cut_even_if_it_runs_late(
    desk: Desk,
) -> None:
    number = collect(desk, "到期前采集的事")
    desk.clock.advance(timedelta(days=28))  # past the second working day of November
    late = collect(desk, "到期后采集的事")
    tick(desk.flow)
    drawn = desk.flow.screening.get("screening_round/2023-11")
    assert [each.number for each in drawn.candidates] == [number]
    assert late not in {each.number for each in drawn.candidates}
    assert door_of(desk.flow).read(verify).clean


def test_what_is_not_ours_names_who_is_in_charge_and_is_counted(desk: Desk) -> None:
    number = collect(desk, "校园食堂的事")
    reject = desk.flow.items.reject
    for wrong in (None, "moon"):
        with pytest.raises(StepRefused) as refused:
            reject(number, "not_ours", referred_to=wrong, by=desk.office)
        assert refused.value.reasons[0].code in {"body_missing", "body_unknown"}
    with pytest.raises(StepRefused):
        reject(number, "duplicate", referred_to="education", by=desk.office)
    item = reject(number, "not_ours", referred_to="education", by=desk.office)
    assert (item.state, item.referred_to) == (State.REJECTED, "education")
    assert desk.flow.screening.referred() == {"education": 1}
    assert desk.flow.screening.run(by=desk.office).referred == {"education": 1}
    assert door_of(desk.flow).read(verify).clean


def test_an_item_that_a_round_leaves_out_is_found_by_the_audit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(desk, "留下的事")
    hidden = collect(desk, "漏掉的事")
    monkeypatch.setattr(
        rounds,
        "in_order",
        lambda *args: tuple(c for c in candidates(*args) if c.number != hidden),
    )
    desk.flow.screening.run(by=desk.office)
    monkeypatch.undo()
    (finding,) = door_of(desk.flow).read(verify).findings
    assert (finding.law, finding.detail) == ("periodic 1", hidden)
