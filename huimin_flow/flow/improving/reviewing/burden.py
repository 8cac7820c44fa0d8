"""The burden meter: what units do by hand, and the price of a rulebook (X4, N12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

from huimin_flow.catalogue.terms import SpotCheckStep, StreamKind
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.executing.feeding.questions import shares
from huimin_flow.model.core.periods import last_day, month, month_before, month_bounds
from huimin_flow.model.improving.reviews import Price, Scale, UnitBurden
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.executing.running import running
from huimin_flow.rules.improving import burden as rules
from huimin_flow.rules.improving.burden import Counts
from huimin_flow.store import awaited
from huimin_flow.store.executing.running import run_histories
from huimin_flow.store.improving import reviews as store

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

    It counts the units, items and indicators that run in the present month.
    """
    day = work.today
    ran = running(run_histories(work.connection, f"{day:%Y-%m}", None), day)
    scale = Scale(
        units=len(work.rulebook.organization.units_on(day)),
        items=len(ran),
        indicators=sum(len(t.indicators) for item in ran for t in item.plan.tasks),
    )
    return rules.price(work.rulebook, book, scale)
