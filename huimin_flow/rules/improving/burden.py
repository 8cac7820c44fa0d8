"""The burden of a unit, and the price of a rulebook: what it asks each month (X4, N12).

The price is computed from two rulebooks and the number of running things alone:

1. Fields: each indicator of a running task at each call for progress, and each
   indicator of the index for each unit.
2. Files: one piece of evidence of each running item in the months after which a
   measure without any is hollow.
3. Checks: each job that asks units, and the least size of each stratum of spot checks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from huimin_flow.catalogue.terms import Every, Job, SpotCheckStep, StreamKind
from huimin_flow.model.improving.reviews import Asked, AskedBy, Price, Scale, UnitBurden
from huimin_flow.model.rulebook import Rulebook

#: The jobs that ask each unit for something.
_ASKING: Final = frozenset({Job.PROGRESS_CALL, Job.PROGRESS_CHASE, Job.RESPONSE_CHASE})

#: How many months lie between two periods of a job.
_MONTHS: Final = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}

_CENT: Final = Decimal("0.01")

#: What was counted of a unit: so many fields, uploads, checks, steps, figures by hand
#: and fed ones, each by the kind of record.
Counts = Counter[tuple[str, StreamKind]]

#: The kinds of records by which something is asked of their unit, when they begin.
_CHECKS: Final = frozenset(
    {StreamKind.SUPERVISION_ORDER, StreamKind.DECISION, StreamKind.RECTIFICATION}
)

#: What of it is done by hand or asked; a step is done by its fields.
_LOAD: Final = frozenset({"fields", "uploads", "checks", "by_hand"})


#: What the engine fills in itself, and the ends of names of such fields.
_FILLED: Final = frozenset({"key", "state", "version", "verdict", "rounds", "stale"})
_ENDS: Final = ("_by", "_on")


def fields_set(before: Mapping[str, object], after: Mapping[str, object]) -> int:
    """Return how many fields of a record an act filled in or changed.

    What the engine fills in itself doesn't count: keys, states, versions, who and when.

    >>> fields_set({}, {"key": "x/1", "title": "甲", "note": "", "made_by": "op-1"})
    1
    >>> fields_set({"title": "甲", "note": ""}, {"title": "甲", "note": "补"})
    1

    """
    return sum(
        held != before.get(name) and (bool(held) or bool(before.get(name)))
        for name, held in after.items()
        if name not in _FILLED and not name.endswith(_ENDS)
    )


def units_asked(
    kind: StreamKind, step: str, record: Mapping[str, Any], *, first: bool
) -> list[str]:
    """Return the units of which an act on a record asks something, one for each thing.

    A spot check asks what it has drawn once it is done: before, it is hidden.

    >>> units_asked(StreamKind.DECISION, "decide", {"unit": "500101"}, first=True)
    ['500101']

    """
    if kind is StreamKind.SPOT_CHECK and step == SpotCheckStep.FINISH:
        return [line["unit"] for line in record["drawn"]]
    asks = first and kind in _CHECKS and record.get("unit")
    return [record["unit"]] if asks else []


def burden_of(unit: str, month: str, counts: Counts, before: Counts) -> UnitBurden:
    """Return the burden of a unit in a month from its counts, and those before it."""

    def together(what: str) -> int:
        return sum(count for (name, _), count in counts.items() if name == what)

    def load(known: Counts) -> int:
        return sum(count for (name, _), count in known.items() if name in _LOAD)

    by_hand, fed = together("by_hand"), together("fed")
    share = None
    if by_hand + fed:
        share = str((Decimal(100) * by_hand / (by_hand + fed)).quantize(_CENT))
    asking = [
        AskedBy(
            kind=kind,
            fields=counts["fields", kind] + counts["by_hand", kind],
            uploads=counts["uploads", kind],
            checks=counts["checks", kind],
        )
        for kind in sorted({kind for _, kind in counts})
    ]
    asking.sort(key=lambda each: -each.load)
    return UnitBurden(
        unit=unit,
        month=month,
        steps=together("steps"),
        fields=together("fields"),
        uploads=together("uploads"),
        checks=together("checks"),
        by_hand=by_hand,
        fed=fed,
        hand_share=share,
        load=load(counts),
        more=load(counts) - load(before),
        asking=tuple(each for each in asking if each.load),
    )


def asked(book: Rulebook, scale: Scale) -> Asked:
    """Return what a rulebook asks of all units in a month, to two decimals."""
    often = {
        slot.job: Decimal(1) / _MONTHS[slot.every]
        for slot in book.timetable
        if slot.every in _MONTHS
    }
    calls = often.get(Job.PROGRESS_CALL, Decimal(0))
    index = len(book.scoring.index.indicators)
    improving = book.improving
    months = Decimal(improving.boards.unproven_months.value)
    drawn = sum(each.least.value for each in improving.spot_checks.samples.values())
    rounds = sum((often.get(job, Decimal(0)) for job in _ASKING), Decimal(0))
    return Asked(
        fields=(scale.indicators * calls + index * scale.units).quantize(_CENT),
        files=(scale.items / months).quantize(_CENT),
        checks=(rounds * scale.units + drawn).quantize(_CENT),
    )


def price(old: Rulebook, new: Rulebook, scale: Scale) -> Price:
    """Return what a new rulebook asks more of all units in a month than the old one."""
    before, after = asked(old, scale), asked(new, scale)
    return Price(
        scale=scale,
        before=before,
        after=after,
        more=Asked(
            fields=after.fields - before.fields,
            files=after.files - before.files,
            checks=after.checks - before.checks,
        ),
    )
