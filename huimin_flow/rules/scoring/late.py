"""Late facts: stored after a month's cut, and able to change its scores (D5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from typing import Final

from huimin_flow.catalogue.terms import LateKind, Step, StreamKind
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.scores import LateFact
from huimin_flow.rules.executing.running import RunStep, running

RULE: Final = "late"
REVISION: Final = 1


@value
class AfterCut:
    """What was stored for a month after a cut.

    ``rated_in`` are the batches of its ratings, ``complained_in`` (batch, channel) of
    its appeals, ``reported_in`` (batch, month, item) of reports up to the month,
    ``set_aside`` the follow-ups that set its ratings aside, ``found`` the spot checks
    of the month done or corrected then, ``delivered_in`` the batches of its fed
    business. ``histories`` are the steps that begin or end a run, of items that moved
    or were reported after the cut; ``known`` is by item the number of those steps at
    the cut.
    """

    period: str
    rated_in: tuple[int, ...] = ()
    complained_in: tuple[tuple[int, str], ...] = ()
    reported_in: tuple[tuple[int, str, str], ...] = ()
    set_aside: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    delivered_in: tuple[int, ...] = ()
    histories: Mapping[str, tuple[RunStep, ...]] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)


def late_facts(
    after: AfterCut, channels: Collection[str] | None = None
) -> tuple[LateFact, ...]:
    """Return the facts that a month's score would count if it were computed now.

    Ratings and complaints (appeals of ``channels``, or all) belong to the month of
    their time. Progress counts up to the month for items that ran in it. A step
    counts if it changes whether or how the item ran in the month.
    """
    at_cut = {
        number: events[: after.known.get(number, 0)]
        for number, events in after.histories.items()
    }
    before, now = _ran(at_cut, after.period), _ran(after.histories, after.period)
    item = StreamKind.ITEM.key
    stepped = [n for n in sorted({*before, *now}) if before.get(n) != now.get(n)]
    appealed = {
        batch
        for batch, channel in after.complained_in
        if channels is None or channel in channels
    }
    reported = [(batch, month) for batch, month, n in after.reported_in if n in now]
    this = [batch for batch, month in reported if month == after.period]
    earlier = [batch for batch, month in reported if month < after.period]
    batches = (
        (LateKind.RATINGS, after.rated_in),
        (LateKind.COMPLAINTS, sorted(appealed)),
        (LateKind.BUSINESS, after.delivered_in),
        (LateKind.PROGRESS, this),
        (LateKind.EARLIER_PROGRESS, earlier),
    )
    sources = (
        *((k, StreamKind.BATCH.key(n)) for k, of in batches for n in dict.fromkeys(of)),
        *((LateKind.SET_ASIDE, stream) for stream in after.set_aside),
        *((LateKind.STEPS, item(number)) for number in stepped),
        *((LateKind.FINDINGS, stream) for stream in after.found),
    )
    return tuple(LateFact(kind=kind, source=source) for kind, source in sources)


def _ran(
    histories: Mapping[str, tuple[RunStep, ...]], period: str
) -> dict[str, tuple[object, ...]]:
    """Return the items that ran, with the inputs of their month's figures.

    A transfer changes none: who answers for a task is asked of the month's last day.
    """
    ran = {
        number: tuple(step for step in steps if step.step != Step.TRANSFER)
        for number, steps in histories.items()
    }
    return {
        item.number: (item.plan, item.begun, item.ended is not None, item.aside)
        for item in running(ran, last_day(period))
    }
