"""Refusals: a host branches on their codes, and each has a way out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from huimin_flow.api import (
    AnswerCode,
    ConfigCode,
    ConfigRefused,
    CoverageCode,
    DecisionCode,
    DeskCode,
    DoorCode,
    EngagementCode,
    ExtensionCode,
    ExtraMissing,
    FeedCode,
    FeedWay,
    FileCode,
    Flow,
    HuiminError,
    LedgerCode,
    MeetingCode,
    OrderCode,
    OutboxCode,
    Progress,
    ProgressCode,
    PublicationCode,
    RatingCode,
    RectificationCode,
    ReviewCode,
    RowCode,
    RulebookCode,
    RuleCode,
    ScoreCode,
    SpotCheckCode,
    State,
    SurveyCode,
    TaskCode,
    load_rulebook,
)
from huimin_flow.testing import UNIT, Desk


def _refused(act: Callable[[], object]) -> str:
    """Return the code of the refusal of an act."""
    try:
        act()
    except HuiminError as refused:
        print(refused, refused.remedy)
        return refused.code
    raise AssertionError(act)


def branch_on_codes_of_sensing(desk: Desk) -> None:
    """See refusals of appeals, answers and points."""
    flow, office = desk.flow, desk.office

    code = _refused(lambda: flow.answers.close(unit=UNIT, by=office))
    assert code == AnswerCode.NOTHING_LEFT
    print(DoorCode.POST_MISSING.way, CoverageCode.POINTS_ABOVE_TOWNS.english)


def branch_on_codes_of_deciding(desk: Desk) -> None:
    """See refusals of ledgers, lists and assessments."""
    flow, office, today = desk.flow, desk.office, desk.today()
    number = desk.bring(State.COLLECTED).number

    code = _refused(
        lambda: flow.ledgers.drop(number, "not_ours", by=office, second=desk.second)
    )
    assert code == LedgerCode.NO_ENTRY
    code = _refused(lambda: flow.lists.get("list/2098/city"))
    assert code == PublicationCode.LIST_UNKNOWN
    agenda = [number]
    code = _refused(
        lambda: flow.meetings.convene(
            held_on=today, chair="leader-1", agenda=[number], by=office
        )
    )
    assert code == MeetingCode.AGENDA_NOT_SCREENED
    code = _refused(
        lambda: flow.meetings.hold(
            held_on=today, chair="nobody", participants=["office-1"], agenda=agenda,
            by=office,
        )
    )  # fmt: skip
    assert code == DecisionCode.CHAIR_NOT_ENTERED


def branch_on_codes_of_executing(desk: Desk) -> None:
    """See refusals of progress, tasks, feeds and surveys."""
    flow, office, clerk = desk.flow, desk.office, desk.operator
    number, month = desk.bring(State.ASSIGNED).number, f"{desk.today():%Y-%m}"

    figure = Progress(item=number, task="T1", indicator="凳子", month=month, value=1)
    code = _refused(lambda: flow.tasks.report([figure], by=clerk))
    assert code == ProgressCode.INDICATOR_UNKNOWN
    code = _refused(
        lambda: flow.tasks.return_(number, "T1", "lacks_means", "甲", by=clerk)
    )
    assert code == TaskCode.LEADS_ITSELF

    flow.feeds.register("codes", "甲", "某系统", UNIT, FeedWay.HOST, by=clerk)
    code = _refused(
        lambda: flow.feeds.register("codes", "甲", "某", UNIT, FeedWay.HOST, by=clerk)
    )
    assert code == FeedCode.TWICE
    code = _refused(lambda: flow.surveys.draw(number, ["c1"], 1, by=office))
    assert code == SurveyCode.TOO_FEW_DRAWN


def branch_on_codes_of_services(desk: Desk) -> None:
    """See refusals of ratings and scores."""
    flow, office = desk.flow, desk.office

    code = _refused(lambda: flow.ratings.verify("T0", "甲", accept=True, by=office))
    assert code == RatingCode.NO_RATING
    print(RowCode.TIME_IN_FUTURE.way_english, ScoreCode.NO_FIGURE.english)


def branch_on_codes_of_improving(desk: Desk) -> None:
    """See refusals of orders, rectifications, reviews, engagements and spot checks."""
    flow, office, today = desk.flow, desk.office, desk.today()
    number = desk.bring(State.EXECUTED).number

    flow.orders.receive(number, "督查室", "1号", today, "限期办结", by=office)
    code = _refused(
        lambda: flow.orders.receive(number, "督查室", "1号", today, "办", by=office)
    )
    assert code == OrderCode.RECORDED_ALREADY
    code = _refused(lambda: flow.rectifications.open(number, "甲", by=office))
    assert code == RectificationCode.NO_CAUSE
    code = _refused(
        lambda: flow.reviews.call(today - timedelta(days=1), "leader-1", by=office)
    )
    assert code == ReviewCode.DAY_PAST
    early = today - timedelta(days=1)
    code = _refused(
        lambda: flow.engagements.plan(number, "无此单位", "走访", early, by=office)
    )
    print(code, EngagementCode.PERIOD_UNFIT.way)
    check = flow.spot_checks.plan("抽查", by=office)
    code = _refused(lambda: flow.spot_checks.commit(check.key, "abc", by=office))
    assert code == SpotCheckCode.COMMITMENT_UNFIT


def branch_on_codes_of_the_system(desk: Desk) -> None:
    """See refusals of the outbox, of a config, and of the doors."""
    flow, office = desk.flow, desk.office

    code = _refused(lambda: flow.deliveries.retry("nobody", 1, by=office))
    assert code == OutboxCode.NOT_DEAD
    try:
        with TemporaryDirectory() as folder:
            load_rulebook(Path(folder))
    except ConfigRefused as refused:
        codes = {problem.reason.code for problem in refused.problems}
        assert ConfigCode.FILE_MISSING in codes

    for each in (
        DeskCode.SOCKET_IN_USE,
        ExtensionCode.MISSING,
        FileCode.TOO_LARGE,
        RuleCode.NOT_ALONE,
        RulebookCode.CODE_SHARED,
    ):
        print(each.value, each.label, each.english, each.way, each.way_english)


def say_which_extra_is_missing(desk: Desk) -> None:
    """See what a database needs whose driver is not installed."""
    del desk
    with patch.dict(sys.modules, {"psycopg": None}):  # as if it were not there
        try:
            Flow.open("postgresql://localhost/huimin")
        except ExtraMissing as missing:
            print(missing, missing.remedy)  # pip install 'huimin-flow[postgres]'
