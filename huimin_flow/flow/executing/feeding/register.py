"""The registry of feeds: registered, changed, ended; how fresh each is (E1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from huimin_flow.catalogue.reasons import FeedCode, ProgressCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    FeedState,
    FeedStep,
    FeedWay,
    IndicatorKind,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, step_record
from huimin_flow.flow.core.reads import answered_for, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.executing.feeds import FedIndicator, Feed, FeedStatus
from huimin_flow.rules.executing import feeds as rules
from huimin_flow.states.authority import may_report
from huimin_flow.states.improving import FEED
from huimin_flow.states.machine import require_road
from huimin_flow.store.core import repository
from huimin_flow.stream_names import stream_of

_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


@question
def status(
    work: Work, *, unit: str | None = None, state: FeedState | None = None
) -> tuple[FeedStatus, ...]:
    """Return the feeds, each with whether it is fresh today, by key (E1).

    With ``unit``, those for which it or a unit before it answers.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    units = answered_for(work, unit, work.today)
    return tuple(
        rules.freshness(feed, work.today)
        for feed in repository.records(work.connection, Feed)
        if (units is None or feed.unit in units) and state in {None, feed.state}
    )


@question
def feed(work: Work, key: Annotated[str, Argument.FEED]) -> FeedStatus:
    """Return a feed, and whether it is fresh today (E1).

    Raises:
        NotFound: if there is none of that key.

    """
    return rules.freshness(feed_of(work, key), work.today)


def feed_of(work: Work, key: str) -> Feed:
    """Return the feed of a key, with or without the name of its kind.

    Raises:
        NotFound: if there is none.

    """
    return record_of(work, Feed, stream_of(StreamKind.FEED, key))


@act(Duty.REPORT)
def register(
    work: Work,
    code: Annotated[str, Argument.FEED_CODE],
    name: Annotated[str, Argument.FEED_NAME],
    source: str,
    unit: str,
    way: Annotated[FeedWay, Argument.FEED_WAY],
    indicators: Annotated[Sequence[FedIndicator], Argument.FED_INDICATORS] = (),
    *,
    citywide: bool = False,
    days: Annotated[int | None, Argument.FRESH_DAYS] = None,
    by: Actor = ACTING,
) -> Feed:
    """Register a feed: from which system, who answers for it, what it supplies (E1).

    Without ``indicators`` it supplies business: service item x unit x month, of its
    own unit or ``citywide``. Its figures are fresh for so many ``days``, by default
    those of the rulebook. The ``code`` is for good: an ended feed keeps it.

    Raises:
        InputRefused: for an unfit or known key, unfit text, an unknown unit, item,
            task or indicator, a milestone, a running total of what is no flow, or an
            indicator that another feed supplies.
        StepRefused: if the actor may not report for the unit, the task or the city.

    """
    organization, day = work.rulebook.organization, work.today
    if not _KEY.fullmatch(code):
        raise InputRefused(FeedCode.KEY_UNFIT, given=showable(code))
    key = StreamKind.FEED.key(code)
    if repository.find_record(work.connection, Feed, key) is not None:
        raise InputRefused(FeedCode.TWICE, feed=key)
    known = organization.unit(unit, day)
    own = (known or Directory(organization).unit(unit, day, exact=True)).code
    work.duty(by, Duty.REPORT, own)
    if citywide:
        work.duty(by, Duty.REPORT)
    made = Feed(
        key=key,
        name=required(name, Argument.NAME, longest=100),
        source=required(source, Argument.SOURCE, longest=100),
        unit=own,
        way=way,
        days=_fit_days(work, days),
        opened_on=day,
        indicators=_fit(work, key, indicators, by),
        citywide=citywide,
    )
    acting = acting_as(work, by, units=(own,))
    return keep_record(work, FeedStep.OPEN, made, None, acting)


@act(Duty.REPORT)
def amend(
    work: Work,
    key: Annotated[str, Argument.FEED],
    new_name: Annotated[str | None, Argument.FEED_NAME] = None,
    source: str | None = None,
    way: Annotated[FeedWay | None, Argument.FEED_WAY] = None,
    days: Annotated[int | None, Argument.FRESH_DAYS] = None,
    indicators: Annotated[Sequence[FedIndicator], Argument.FED_INDICATORS] = (),
    *,
    by: Actor = ACTING,
) -> Feed:
    """Change a feed's name, source, way, freshness or indicators; the rest stays (E1).

    Raises:
        InputRefused: as ``register``.
        NotFound: if there is no such feed.
        StepRefused: if the actor may not, or it was ended.

    """
    old = feed_of(work, key)
    work.duty(by, Duty.REPORT, old.unit)
    require_road(FEED, old.state, FeedStep.AMEND, old.key)
    named = {Argument.NAME: new_name, Argument.SOURCE: source}
    texts: dict[str, Any] = {
        word.value: required(text, word, longest=100)
        for word, text in named.items()
        if text is not None
    }
    new = replace(
        old,
        **texts,
        way=way or old.way,
        days=old.days if days is None else _fit_days(work, days),
        indicators=_fit(work, old.key, indicators, by) or old.indicators,
    )
    acting = acting_as(work, by, units=(old.unit,))
    return keep_record(work, FeedStep.AMEND, new, old, acting)


@act(Duty.REPORT)
def end(
    work: Work,
    key: Annotated[str, Argument.FEED],
    reason: str,
    *,
    by: Actor = ACTING,
) -> Feed:
    """End a feed: what it has brought stays, the next figures are by hand (E1).

    Raises:
        InputRefused: without a reason.
        NotFound: if there is no such feed.
        StepRefused: if the actor may not, or it was ended before.

    """
    old = feed_of(work, key)
    work.duty(by, Duty.REPORT, old.unit)
    why = required(reason, Argument.REASON, longest=500)
    return step_record(work, FeedStep.END, old, by=by, reason=why)


def _fit_days(work: Work, days: int | None) -> int:
    """Return for how many days figures are fresh.

    Raises:
        InputRefused: for a number outside 1–366.

    """
    rule = work.rulebook.improving.feeds
    if days is None:
        return rule.fresh_days.value
    if not 1 <= days <= _YEAR:
        code = FeedCode.DAYS_UNFIT
        raise InputRefused(code, given=days, most=_YEAR)
    return days


#: No figure is fresh for longer.
_YEAR: Final = 366


def _fit(
    work: Work, key: str, indicators: Sequence[FedIndicator], by: Actor
) -> tuple[FedIndicator, ...]:
    """Return the indicators that a feed may supply, each once."""
    organization, day = work.rulebook.organization, work.today
    # Two feeds are not given one indicator at once.
    repository.hold_items(work.connection, sorted({each.item for each in indicators}))
    others = rules.supplied(
        [
            other
            for other in repository.records(work.connection, Feed)
            if other.key != key
        ]
    )
    for each in indicators:
        item = repository.item(work.connection, each.item)
        tasks = {task.key: task for task in (item.plan.tasks if item.plan else ())}
        task = tasks.get(each.task)
        if task is None:
            raise InputRefused(
                ProgressCode.TASK_UNKNOWN,
                item=each.item,
                task=showable(each.task),
                tasks=list(tasks),
            )
        known = {indicator.name: indicator for indicator in task.indicators}
        indicator = known.get(each.indicator)
        if indicator is None:
            raise InputRefused(
                ProgressCode.INDICATOR_UNKNOWN,
                item=each.item,
                task=task.key,
                indicator=showable(each.indicator),
                indicators=list(known),
            )
        if why := may_report(by, item, task.unit, organization, day=day):
            raise StepRefused(why)
        name = indicator.name
        if indicator.kind is IndicatorKind.MILESTONE:
            raise InputRefused(FeedCode.NOT_FEEDABLE, indicator=name)
        if each.running_total and indicator.kind is not IndicatorKind.FLOW:
            raise InputRefused(FeedCode.NOT_A_FLOW, indicator=name)
        other = others.get((each.item, task.key, name))
        if other is not None:
            raise InputRefused(FeedCode.INDICATOR_FED, indicator=name, feed=other)
    places = {(each.item, each.task, each.indicator): each for each in indicators}
    return tuple(places.values())
