"""Feeds: what they bring, what is refused by name, and when they are missed (E1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Comparator,
    FeedWay,
    Figures,
    Freshness,
    IndicatorKind,
    Role,
    StalePart,
    State,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.feeds import (
    FedFigure,
    FedIndicator,
    Feed,
    Pulled,
)
from huimin_flow.model.executing.plans import Indicator, Progress
from huimin_flow.model.items import Todo
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.scoring.test_charts import sealed

RATE = Indicator(
    name="按时办结率", quote="按时办结率100%", kind=IndicatorKind.RATE,
    comparator=Comparator.GE, value=90, unit="%", denominator="办件",
)  # fmt: skip
FLOW = "候工区"
MEASURED = datetime(2024, 3, 1, 1, tzinfo=UTC)


@pytest.fixture
def running(desk: Desk) -> str:
    return assigned_flow(desk)


def assigned_flow(desk: Desk) -> str:
    """Assign an item on 4 January whose task has a flow and a rate; it is 2 March."""
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    number = desk.bring(State.LISTED).number
    plan = desk.plan()
    (task,) = plan.tasks
    task = replace(task, due=date(2024, 12, 31), indicators=(*task.indicators, RATE))
    desk.assign(number, replace(plan, tasks=(task,)))
    desk.clock.set(at_hour(date(2024, 3, 2), 9))
    return number


def opened(desk: Desk, item: str, *names: str, **more: object) -> Feed:
    fed = [
        FedIndicator(item=item, task="T1", indicator=name, **more)  # type: ignore[arg-type]
        for name in names
    ]
    return desk.flow.feeds.register(
        "jobs-center", "零工市场系统", "智慧人社", UNIT, FeedWay.HOST, fed,
        by=desk.operator,
    )  # fmt: skip


def figure(month: str, value: int, **more: object) -> FedFigure:
    return FedFigure(month=month, value=value, **more)  # type: ignore[arg-type]


def codes(refused: object) -> list[str]:
    return [row.reason.code for row in refused]  # type: ignore[attr-defined]


def missed(desk: Desk) -> list[Todo]:
    return [
        one for one in desk.flow.todo(by=desk.operator) if one.kind is TodoKind.FEED
    ]


def clean(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).clean


def test_a_fed_figure_keeps_its_source_and_its_moments(
    desk: Desk, running: str
) -> None:
    feed = opened(desk, running, FLOW)
    made = desk.flow.feeds.deliver(
        feed.key, [figure("2024-02", 3)], MEASURED, by=desk.operator
    )
    assert (made.kept, made.known, made.refused) == (1, 0, ())
    (line, other) = desk.flow.tasks.sheet("2024-02")
    assert line.report is not None
    assert (line.feed, line.report.feed) == (feed.key, feed.key)
    assert line.report.measured_at == MEASURED
    assert line.report.entered is Figures.FED
    assert (other.feed, other.report) == ("", None)
    (row,) = desk.flow.feeds.figures("jobs-center")
    assert (row.measured_at, row.arrived_at.date()) == (MEASURED, date(2024, 3, 2))
    (share,) = desk.flow.feeds.shares("2024-02")
    assert (share.unit, share.by_hand, share.fed) == (UNIT, 0, 1)
    again = desk.flow.feeds.deliver(
        feed.key, [figure("2024-02", 3)], MEASURED, by=desk.operator
    )
    assert (again.kept, again.known) == (0, 1)
    assert clean(desk)


def test_what_a_feed_must_not_bring_is_refused_by_name(
    desk: Desk, running: str
) -> None:
    feed = opened(desk, running, FLOW, RATE.name)
    flow, by = desk.flow, desk.operator
    flow.feeds.deliver(feed.key, [figure("2024-02", 3, indicator=FLOW, task="T1",
        item=running)], MEASURED, by=by)  # fmt: skip
    own = {"item": running, "task": "T1"}
    later, last_year = MEASURED + timedelta(hours=1), datetime(2023, 3, 1, tzinfo=UTC)
    wrong = [
        figure("2024-02", 4, indicator=FLOW, **own),
        figure(
            "2024-02", 2, indicator=FLOW, measured_at=MEASURED - timedelta(1), **own
        ),
        figure("2024-02", 2, indicator=FLOW, measured_at=last_year, **own),
        figure("2024-02", 2, indicator=FLOW, measured_at=later + timedelta(9), **own),
        figure("2024-02", 11, denominator=10, indicator=RATE.name, **own),
        figure("2024-02", -1, indicator=FLOW, measured_at=later, **own),
        figure("2023-12", 2, indicator=FLOW, **own),
        figure("2024-02", 5, indicator="别的", **own),
        figure("2024-13", 5, indicator=FLOW, **own),
    ]
    refused = []
    for each in wrong:
        made = flow.feeds.deliver(feed.key, [each], MEASURED, by=by)
        assert (made.kept, made.known, made.batch) == (0, 0, 0)
        refused += codes(made.refused)
    assert refused == [
        "feed_same_moment", "feed_older_figure", "feed_measured_before",
        "feed_measured_to_come", "share_above_whole", "figure_negative",
        "report_before_begin", "feed_other_figure", "month_unfit",
    ]  # fmt: skip
    two = [figure("2024-01", value, indicator=FLOW, **own) for value in (5, 6, 5)]
    made = flow.feeds.deliver(feed.key, two, MEASURED, by=by, lines=[4, 5, 6])
    assert (made.kept, made.known, codes(made.refused)) == (1, 1, ["feed_two_figures"])
    assert [row.line for row in made.refused] == [5]
    (bare,) = flow.feeds.deliver(feed.key, wrong[:1], by=by).refused
    assert bare.reason.code == "feed_measured_missing"
    with pytest.raises(StepRefused):
        flow.feeds.deliver(feed.key, wrong, MEASURED, by=desk.actor("op-500102"))
    assert clean(desk)


def test_a_correction_by_hand_has_a_reason_and_is_never_replaced_silently(
    file_desk: Desk,
) -> None:
    desk = file_desk
    item = assigned_flow(desk)
    feed = opened(desk, item, FLOW)
    by = desk.operator
    desk.flow.feeds.deliver(feed.key, [figure("2024-02", 3)], MEASURED, by=by)
    bare = Progress(item=item, task="T1", indicator=FLOW, month="2024-02", value=2)
    for report, code in (
        (bare, "feed_is_fed"),
        (replace(bare, feed=feed.key), "feed_source_stated"),
        (replace(bare, indicator=RATE.name, value=1, denominator=2, correction="误"),
         "feed_not_fed"),
    ):  # fmt: skip
        with pytest.raises(InputRefused) as refused:
            desk.flow.tasks.report([report], by=by)
        assert [one.code for one in refused.value.reasons] == [code]
    right = replace(bare, correction="来源重复计数")
    assert desk.flow.tasks.report([right], by=by).kept == 1
    newer = [figure("2024-02", 3, measured_at=MEASURED + timedelta(hours=2))]
    made = desk.flow.feeds.deliver(feed.key, newer, by=by)
    assert codes(made.refused) == ["feed_corrected"]
    (share,) = desk.flow.feeds.shares("2024-02")
    assert (share.by_hand, share.fed, share.corrected) == (0, 0, 1)
    assert (
        desk.flow.feeds.deliver(feed.key, newer, reason="来源已更正", by=by).kept == 1
    )
    (line, _) = desk.flow.tasks.sheet("2024-02")
    assert line.report is not None
    assert (line.report.value, line.report.note) == (3, "来源已更正")
    assert [row.replaced for row in desk.flow.feeds.figures(feed.key)] == [True, False]
    desk.flow.feeds.end(feed.key, "来源停用", by=by)
    assert desk.flow.tasks.report([replace(bare, value=5)], by=by).kept == 1
    with pytest.raises(StepRefused):
        desk.flow.feeds.deliver(feed.key, newer, by=by)
    assert clean(desk)


def test_a_figure_that_is_fed_after_the_evaluation_puts_it_in_doubt(
    file_desk: Desk,
) -> None:
    desk = file_desk
    item = desk.bring(State.EVALUATED).number
    assert desk.flow.items.get(item).stale == ()
    feed, now = opened(desk, item, FLOW), desk.clock.now()
    fed = [figure(f"{now:%Y-%m}", 1)]
    assert desk.flow.feeds.deliver(feed.key, fed, now, by=desk.operator).kept == 1
    assert desk.flow.items.get(item).stale == (StalePart.EVALUATION,)
    assert clean(desk)


def test_the_former_unit_of_a_task_feeds_it_no_longer(file_desk: Desk) -> None:
    desk, former = file_desk, "500103"
    item, by = desk.bring(State.LISTED).number, desk.post(Role.OPERATOR, former)
    plan = desk.plan()
    lent = replace(plan.tasks[0], key="T2", unit=former)
    desk.assign(item, replace(plan, tasks=(*plan.tasks, lent)))
    feed = desk.flow.feeds.register(
        "lent", "零工市场系统", "智慧人社", former, FeedWay.HOST,
        [FedIndicator(item=item, task="T2", indicator=FLOW)], by=by,
    )  # fmt: skip
    now = desk.clock.now()
    fed = [figure(f"{now:%Y-%m}", 1)]
    assert desk.flow.feeds.deliver(feed.key, fed, now, by=by).kept == 1
    desk.flow.items.reassign(item, "T2", "wrong_unit", unit="500102", by=desk.operator)
    desk.clock.set(later := now + timedelta(hours=1))
    fed = [figure(f"{now:%Y-%m}", 9)]
    made = desk.flow.feeds.deliver(feed.key, fed, later, by=by)
    assert (made.kept, codes(made.refused)) == (0, ["feed_task_moved"])
    assert clean(desk)


def test_a_running_total_becomes_the_months_own_figures(file_desk: Desk) -> None:
    desk = file_desk
    feed = opened(desk, assigned_flow(desk), FLOW, running_total=True)
    by, flow = desk.operator, desk.flow
    totals = [figure("2024-02", 5), figure("2024-01", 3)]
    assert flow.feeds.deliver(feed.key, totals, MEASURED, by=by).kept == 2
    known = [row.figure.value for row in flow.feeds.figures(feed.key)]
    assert sorted(known) == [2, 3]
    again = flow.feeds.deliver(feed.key, totals, MEASURED, by=by)
    assert (again.kept, again.known) == (0, 2)
    later = MEASURED + timedelta(hours=3)
    low = flow.feeds.deliver(feed.key, [figure("2024-02", 2)], later, by=by)
    assert codes(low.refused) == ["feed_below_before"]
    alone = flow.feeds.deliver(feed.key, [figure("2024-01", 4)], later, by=by)
    assert codes(alone.refused) == ["feed_later_known"]
    both = [figure("2024-01", 4), figure("2024-02", 6)]
    assert flow.feeds.deliver(feed.key, both, later, by=by).kept == 2
    (line, _) = flow.tasks.sheet("2024-02")
    assert line.actual == 6
    assert clean(desk)


def test_a_feed_that_stops_is_missed_and_owes_what_people_do_not(
    file_desk: Desk,
) -> None:
    desk = file_desk
    feed = opened(desk, assigned_flow(desk), FLOW)
    flow, by = desk.flow, desk.operator
    flow.feeds.deliver(feed.key, [figure("2024-02", 3)], MEASURED, by=by)
    (status,) = flow.feeds.status()
    assert (status.freshness, status.due) == (Freshness.FRESH, date(2024, 4, 10))
    owed = flow.tasks.owing("2024-03")
    assert [(one.indicators, one.feed) for one in owed] == [
        ((RATE.name,), ""), ((FLOW,), feed.key),
    ]  # fmt: skip
    assert not missed(desk)
    desk.clock.set(at_hour(date(2024, 4, 11), 9))
    assert flow.feeds.get("jobs-center").freshness is Freshness.MISSED
    (line,) = missed(desk)
    assert (line.subject, line.act, line.due) == (
        feed.key, "feeds.deliver", date(2024, 4, 10),
    )  # fmt: skip
    reports = [one for one in flow.todo(by=by) if one.kind is TodoKind.PROGRESS]
    assert {one.period for one in reports} >= {"2024-03"}
    flow.feeds.deliver(
        feed.key, [figure("2024-03", 1)], datetime(2024, 4, 11, tzinfo=UTC), by=by
    )
    assert not missed(desk)


def test_the_timetable_pulls_and_a_pull_that_fails_is_missed_with_its_reason(
    file_url: str, file_desk: Desk
) -> None:
    desk = file_desk
    item = assigned_flow(desk)
    by = desk.operator
    for key, names in (("good", [FLOW]), ("slow", []), ("none", [])):
        desk.flow.feeds.register(
            key, key, "智慧人社", UNIT, FeedWay.PULL,
            [FedIndicator(item=item, task="T1", indicator=name) for name in names],
            by=by,
        )  # fmt: skip

    def good(_: Feed, period: str) -> Pulled:
        assert door_of(flow).read(lambda _: True)  # no transaction holds the database
        return Pulled(figures=(figure(period, 4),), measured_at=desk.clock.now())

    def slow(_: Feed, __: str) -> Pulled:
        raise TimeoutError

    pulls = {"good": good, "slow": slow}
    with Flow.open(file_url, clock=desk.clock, pulls=pulls) as flow:
        desk.clock.set(at_hour(date(2024, 4, 2), 9))
        ran = {run.job: run.result for run in tick(flow)}
    assert ran["feed_pull"] == '{"missed":2}'
    made = {one.feed.key: one for one in desk.flow.feeds.status()}
    assert made["feed/good"].freshness is Freshness.FRESH
    assert [one.code for one in made["feed/slow"].feed.missed] == ["feed_pull_raised"]
    assert [one.code for one in made["feed/none"].feed.missed] == [
        "feed_pull_unregistered"
    ]
    assert {one.subject for one in missed(desk)} == {"feed/slow", "feed/none"}
    (row,) = desk.flow.feeds.figures("good")
    assert (row.figure.month, row.figure.value) == ("2024-03", 4)
    with pytest.raises(InputRefused, match="直接打开"):
        Flow.open("unix:/nowhere", pulls=pulls)
    assert clean(desk)


def test_business_that_is_fed_measures_the_caseload_and_is_missing_not_zero(
    desk: Desk,
) -> None:
    flow, office = desk.flow, desk.office
    book = flow.rulebook.active()
    index = book.scoring.index
    by_business = replace(
        index,
        indicators=tuple(
            replace(one, measure="business") if one.key == "caseload" else one
            for one in index.indicators
        ),
    )
    scoring = replace(book.scoring, index=by_business)
    flow.rulebook.activate(
        sealed(replace(book, scoring=scoring)), by=office, second=desk.second
    )
    feed = flow.feeds.register(
        "cases", "业务库", "智慧人社", "OFFICE", FeedWay.FILE, citywide=True, by=office
    )
    desk.clock.set(at_hour(date(2023, 11, 2), 9))
    items = [item.key for item in book.services.items][:2]
    october = [
        figure("2023-10", 50, service=service, unit=unit)
        for service in items
        for unit in (UNIT, "500102")
    ]
    wrong = [
        figure("2023-10", 1, service="没有的", unit=UNIT),
        figure("2023-10", 1, service=items[0], unit=""),
        figure("2023-10", -1, service=items[0], unit=UNIT),
    ]
    at = desk.clock.now()
    made = flow.feeds.deliver(feed.key, [*october, *wrong], at, by=office)
    assert (made.kept, codes(made.refused)) == (
        4, ["feed_service_unknown", "feed_figure_incomplete", "feed_count_unfit"],
    )  # fmt: skip
    desk.clock.set(at_hour(date(2023, 12, 2), 9))
    at = desk.clock.now()
    november = [figure("2023-11", 60, service=items[0], unit=UNIT)] + [
        figure("2023-11", 60, service=service, unit="500102") for service in items
    ]
    flow.feeds.deliver(feed.key, november, at, by=office)
    desk.clock.set(at_hour(date(2023, 12, 15), 9))
    tick(flow)
    of = {
        (period, one.unit): one.readings.get("caseload")
        for period in ("2023-10", "2023-11")
        for group in flow.scores.month(period).groups.values()
        for one in group
    }
    first, second = of["2023-10", UNIT], of["2023-11", "500102"]
    assert first is not None
    assert second is not None
    assert (first.numerator, second.numerator) == (100, 120)
    assert of["2023-11", UNIT] is None  # its second service item is missed
    assert of["2023-10", "500103"] is None
    (case, _) = flow.feeds.business("2023-10", unit=UNIT)
    assert first.source == f"batch/{case.batch}"
    late = [figure("2023-11", 9, service=items[1], unit=UNIT)]
    flow.feeds.deliver(feed.key, late, desk.clock.now(), by=office)
    assert list(map(str, flow.scores.late_facts("2023-11"))) == ["业务量(第3批)"]
    assert clean(desk)
