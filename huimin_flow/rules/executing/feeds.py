"""Feeds: which figures of a delivery are kept, and whether a feed is fresh (E1).

Each figure keeps the source's own moment. An older figure never replaces a newer one,
and no figure replaces a correction by hand unless the delivery states a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from huimin_flow.catalogue.reasons import FeedCode, Reason, reason_of
from huimin_flow.catalogue.terms import FeedState, Freshness
from huimin_flow.clock import local_day, shanghai
from huimin_flow.model.core.periods import month_bounds
from huimin_flow.model.executing.feeds import Business, Feed, FeedStatus
from huimin_flow.model.executing.plans import Progress

RULE: Final = "feeds"
REVISION: Final = 1

#: By month: what is known of an indicator.
Known = Mapping[str, Progress]


#: What a feed supplies of an item: its number, the task, the indicator.
Supplied = tuple[str, str, str]


def supplied(feeds: Iterable[Feed]) -> dict[Supplied, str]:
    """Return by what is supplied the key of the open feed that supplies it."""
    return {
        (each.item, each.task, each.indicator): known.key
        for known in feeds
        if is_open(known)
        for each in known.indicators
    }


def is_open(feed: Feed) -> bool:
    """Return whether a feed may still bring figures."""
    return feed.state is FeedState.OPEN


def freshness(feed: Feed, day: date) -> FeedStatus:
    """Return whether a feed is fresh on a day, and until when new figures are due.

    They are due ``days`` after the newest figure was measured; before the first one,
    after the feed was registered. It is missed after that day, and from a pull that
    brought nothing until the next delivery. An ended feed owes nothing.
    """
    if feed.state is FeedState.ENDED:
        return FeedStatus(feed=feed, freshness=Freshness.ENDED, due=None)
    measured = feed.measured_at
    last = feed.opened_on if measured is None else local_day(measured)
    due = last + timedelta(days=feed.days)
    missed = day > due or bool(feed.missed)
    word = Freshness.MISSED if missed else Freshness.FRESH
    return FeedStatus(feed=feed, freshness=word, due=due)


def hand_flaw(report: Progress, fed: Mapping[Supplied, str]) -> Reason | None:
    """Return why people may not enter a report, or None.

    Of an indicator that a feed supplies they enter only a correction, with its reason.
    ``fed`` is by indicator the key of the open feed that supplies it.
    """
    if report.feed or report.measured_at is not None:
        return reason_of(FeedCode.SOURCE_STATED, {})
    feed = fed.get((report.item, report.task, report.indicator))
    if feed is not None and not report.correction:
        values = {"indicator": report.indicator, "feed": feed}
        return reason_of(FeedCode.IS_FED, values)
    if feed is None and report.correction:
        return reason_of(FeedCode.NOT_FED, {"indicator": report.indicator})
    return None


def moment_flaw(
    month: str, measured_at: datetime | None, now: datetime
) -> Reason | None:
    """Return why a figure of a month can't have been measured then, or None."""
    if measured_at is None:
        return reason_of(FeedCode.MEASURED_MISSING, {})
    measured = shanghai(measured_at)
    if measured_at > now:
        return reason_of(FeedCode.MEASURED_TO_COME, {"measured": measured})
    if local_day(measured_at) < month_bounds(month)[0]:
        values = {"month": month, "measured": measured}
        return reason_of(FeedCode.MEASURED_BEFORE, values)
    return None


F = TypeVar("F", Progress, Business)


def settled(new: F | Reason, known: F | None, *, stated: bool) -> F | Reason | None:
    """Return a fed figure to keep, why it is refused, or None if it is known.

    ``known`` is what is known of the same month and indicator, or service item.
    ``stated`` says that the delivery has a reason to replace corrections by hand.
    """
    if isinstance(new, Reason) or known is None:
        return new
    former: Progress | Business = known
    correction = ""
    if isinstance(former, Progress):
        about, correction = former.indicator, former.correction
        same = replace(former, note="") == new
    else:
        about, same = former.service, replace(former, batch=0, line=0) == new
    values = {"month": known.month, "indicator": about}
    after, before = new.measured_at, known.measured_at
    if same:
        return None
    if correction and not stated:
        return reason_of(FeedCode.CORRECTED, {**values, "correction": correction})
    if after is None or before is None or after > before:
        return new
    moments = {"measured": shanghai(after), "known": shanghai(before)}
    code = FeedCode.SAME_MOMENT if after == before else FeedCode.OLDER_FIGURE
    return reason_of(code, values | moments)


def own_figure(
    new: Progress, known: Known, coming: Collection[str]
) -> Progress | Reason:
    """Return a month's own figure from a running total, or why there is none.

    It is the total without the months before. A total may change a month before known
    ones only if theirs are ``coming`` in the same delivery.
    """
    before = sum(each.value for month, each in known.items() if month < new.month)
    values: dict[str, object] = {"indicator": new.indicator, "month": new.month}
    if new.value < before:
        totals = {"total": new.value, "before": before}
        return reason_of(FeedCode.BELOW_BEFORE, values | totals)
    own = replace(new, value=new.value - before)
    if known.get(new.month) == own:
        return own
    later = sorted(month for month in known if month > new.month)
    missing = [month for month in later if month not in coming]
    if missing:
        return reason_of(FeedCode.LATER_KNOWN, values | {"later": missing[0]})
    return own
