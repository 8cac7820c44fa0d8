"""The burden meter: what units do by hand, and the price of a rulebook (X4, N12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Final

from huimin_flow.catalogue.terms import (
    DecisionStep,
    RectificationStep,
    SpotCheckStep,
    StepTerm,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.executing.feeding.questions import shares
from huimin_flow.model.core.periods import last_day, month, month_before, month_bounds
from huimin_flow.model.executing.feeds import Feed
from huimin_flow.model.improving.reviews import Price, Scale, UnitBurden
from huimin_flow.model.improving.spot_checks import SpotCheck
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.executing.feeds import supplied
from huimin_flow.rules.executing.running import running
from huimin_flow.rules.improving import burden as rules
from huimin_flow.rules.improving.burden import Counts
from huimin_flow.store import awaited
from huimin_flow.store.core import repository
from huimin_flow.store.executing.running import run_histories
from huimin_flow.store.improving import reviews as store
from huimin_flow.store.pasts import spot_checks as pasts

#: The longest span whose counts are taken as those of the months to come, in days.
_YEAR: Final = 365

#: What the price of a rulebook counts as often as lately, by kind of record.
_LATELY: Final = {
    StreamKind.RECTIFICATION: (RectificationStep.OPEN, RectificationStep.SUBMIT),
    StreamKind.DECISION: (DecisionStep.DECIDE, DecisionStep.REPORT),
}

#: The kinds of which nobody but their parties may read that they are under way.
_HIDDEN: Final = frozenset({StreamKind.SPOT_CHECK, StreamKind.SPOT_POPULATION})


@question
def burdens(
    work: Work, period: str, *, unit: str | None = None
) -> tuple[UnitBurden, ...]:
    """Return what each unit did by hand in a month, and what was asked of it (X4).

    It is counted from events and facts. Units of which nothing is known in this month
    and the one before are left out.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit ever had.

    """
    known_unit(work, unit)
    counts = _counted(work, month(period))
    before = _counted(work, month_before(period))
    return tuple(
        rules.burden_of(code, period, counts[code], before[code])
        for code in sorted(counts.keys() | before.keys())
        if unit in {None, code} and (counts[code].total() or before[code].total())
    )


def _counted(work: Work, period: str) -> defaultdict[str, Counts]:
    """Return by unit what it did in a month, and what was asked of it.

    A spot check asks what it has drawn, once it is done; an assessment asks the unit
    that has the item.
    """
    days, end = month_bounds(period), last_day(period)
    organization = work.rulebook.organization
    posts = {post.id: post.unit for post in organization.people}
    counts: defaultdict[str, Counts] = defaultdict(Counter)
    assessed: Counter[str] = Counter()
    for done in store.acts(work.connection, days):
        upload = done.kind is StreamKind.ATTACHMENT
        kind = StreamKind.parse(done.subject)[0] or StreamKind.ITEM
        kind = kind if upload else done.kind
        own = counts[posts[done.actor]] if done.actor in posts else None
        if kind in _HIDDEN and done.step != SpotCheckStep.ANSWER:
            own = None
        if own is not None and upload:
            own["uploads", kind] += 1
        elif own is not None:
            own["steps", kind] += 1
            if kind is not StreamKind.BATCH:  # its figures are counted below
                own["fields", kind] += rules.fields_set(done.before, done.after)
        for asked in rules.units_asked(
            done.kind, done.step, done.after, first=done.first
        ):
            counts[organization.heir(asked, end)]["checks", done.kind] += 1
        assessed[done.item] += done.first and done.kind is StreamKind.ASSESSMENT
    assessed = +assessed
    for number, (owner, _) in awaited.owners_of(work.connection, assessed).items():
        counts[owner]["checks", StreamKind.ASSESSMENT] += assessed[number]
    for share in shares(work, period):
        own = counts[share.unit]
        own["by_hand", StreamKind.PROGRESS_CALL] += share.by_hand + share.corrected
        own["fed", StreamKind.PROGRESS_CALL] += share.fed
    return counts


@question
def price(work: Work, book: Rulebook) -> Price:
    """Return what a rulebook asks more of all units in a month than the active one.

    It counts the items that run in the present month, their indicators that no feed
    supplies, and what may be checked today. Rectifications, decisions and draws are
    counted as often as in the last year, or since this database was founded.
    """
    day, connection = work.today, work.connection
    ran = running(run_histories(connection, f"{day:%Y-%m}", None), day)
    fed = supplied(repository.records(connection, Feed))
    shown = [
        (item.number, task.key, indicator.name) in fed
        for item in ran
        for task in item.plan.tasks
        for indicator in task.indicators
    ]
    founded = local_day(work.activations[0].since)
    days = min(_YEAR, max(1, (day - founded).days))
    since = day - timedelta(days=days)
    counted = store.steps_since(connection, _LATELY, since)

    def monthly(kind: StreamKind, step: StepTerm) -> Decimal:
        return Decimal(counted[kind, step.value] * _YEAR) / (12 * days)

    done = [
        check
        for check in repository.records(connection, SpotCheck)
        if check.done_on is not None and check.done_on >= since
    ]
    drawn = sum(len(check.drawn) for check in done)
    answers = sum(len(check.answers) for check in done)
    scale = Scale(
        items=len(ran),
        by_hand=shown.count(False),
        fed=shown.count(True),
        days=days,
        opened=monthly(StreamKind.RECTIFICATION, RectificationStep.OPEN),
        submitted=monthly(StreamKind.RECTIFICATION, RectificationStep.SUBMIT),
        decided=monthly(StreamKind.DECISION, DecisionStep.DECIDE),
        reported=monthly(StreamKind.DECISION, DecisionStep.REPORT),
        draws=Decimal(len(done) * _YEAR) / (12 * days) if done else Decimal(1),
        answered=Decimal(answers) / drawn if drawn else Decimal(0),
    )
    facts = pasts.facts_at(connection, day, work.head)
    return rules.price(work.rulebook, book, scale, facts)
