"""The burden of a unit, and the price of a rulebook: what it asks each month (X4, N12).

The price counts what somebody does by hand, in the words of a unit's burden:

1. Figures by hand: each indicator of a running task that no feed supplies, at each call
   for progress. The index asks none: it is computed from progress, ratings, appeals.
2. Uploads: one piece of evidence of each running item in the months after which a
   measure without any is hollow; one file of each submission and report below.
3. Checks: what a draw takes of each stratum of the things that may be checked now.
4. Rectifications and decisions, as often as lately: a check each, and two fields when
   they are reported, what was done and its files. An answer to a finding is one field.

What can't be foretold is named, not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from huimin_flow.catalogue.terms import Every, Job, Risk, SpotCheckStep, StreamKind
from huimin_flow.model.improving.reviews import (
    Asked,
    AskedBy,
    AskedPart,
    Price,
    Scale,
    UnitBurden,
)
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.improving import spot_checks

#: How many months lie between two periods of a job.
_MONTHS: Final = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}

_CENT: Final = Decimal("0.01")
_NOTHING: Final = Decimal("0.00")

#: The fields of a report that something is put right: what was done, and its files.
_REPORTED: Final = 2

#: The kinds that are counted as often as lately, whatever a rulebook says.
ASSUMED: Final = (StreamKind.RECTIFICATION, StreamKind.DECISION)

#: The kinds that ask units, too, beside an item's own steps: others decide when.
UNPRICED: Final = (
    StreamKind.RESPONSE,
    StreamKind.ASSESSMENT,
    StreamKind.SURVEY,
    StreamKind.ENGAGEMENT,
    StreamKind.FOLLOW_UP,
    StreamKind.SUPERVISION_ORDER,
)

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


def asked(book: Rulebook, scale: Scale, strata: Mapping[Risk, int]) -> Asked:
    """Return what a rulebook asks of all units in a month, to two decimals.

    ``strata`` are how many things may be checked, by the risks of this rulebook.
    """
    calls = sum(
        (
            Decimal(1) / _MONTHS[slot.every]
            for slot in book.timetable
            if slot.job is Job.PROGRESS_CALL and slot.every in _MONTHS
        ),
        _NOTHING,
    )
    strata_drawn = spot_checks.sizes(strata, book.improving.spot_checks)
    checks = sum(strata_drawn.values()) * scale.draws
    evidence = scale.items / Decimal(book.improving.boards.unproven_months.value)
    return _together(
        _part(StreamKind.PROGRESS_CALL, by_hand=scale.by_hand * calls),
        _part(StreamKind.ITEM, uploads=evidence + scale.submitted),
        _part(
            StreamKind.RECTIFICATION,
            fields=_REPORTED * scale.submitted,
            checks=scale.opened,
        ),
        _part(
            StreamKind.DECISION,
            fields=_REPORTED * scale.reported,
            uploads=scale.reported,
            checks=scale.decided,
        ),
        _part(StreamKind.SPOT_CHECK, fields=checks * scale.answered, checks=checks),
    )


def _part(
    kind: StreamKind,
    *,
    by_hand: Decimal = _NOTHING,
    fields: Decimal = _NOTHING,
    uploads: Decimal = _NOTHING,
    checks: Decimal = _NOTHING,
) -> AskedPart:
    """Return what one kind asks, to two decimals."""
    return AskedPart(
        kind=kind,
        by_hand=by_hand.quantize(_CENT),
        fields=fields.quantize(_CENT),
        uploads=uploads.quantize(_CENT),
        checks=checks.quantize(_CENT),
    )


def _together(*parts: AskedPart) -> Asked:
    """Return what all parts ask together."""
    by_hand, fields, uploads, checks = (
        sum((getattr(part, name) for part in parts), _NOTHING)
        for name in ("by_hand", "fields", "uploads", "checks")
    )
    return Asked(
        by_hand=by_hand,
        fields=fields,
        uploads=uploads,
        checks=checks,
        load=by_hand + fields + uploads + checks,
        parts=parts,
    )


def price(
    old: Rulebook, new: Rulebook, scale: Scale, facts: spot_checks.CutFacts
) -> Price:
    """Return what a new rulebook asks more of all units in a month than the old one.

    ``facts`` are those of today: what may be checked follows by each rulebook.
    """
    before, after = (
        asked(book, scale, spot_checks.counted(spot_checks.population(facts, book)))
        for book in (old, new)
    )
    more = tuple(
        AskedPart(
            kind=was.kind,
            by_hand=now.by_hand - was.by_hand,
            fields=now.fields - was.fields,
            uploads=now.uploads - was.uploads,
            checks=now.checks - was.checks,
        )
        for was, now in zip(before.parts, after.parts, strict=True)
    )
    return Price(
        scale=scale,
        before=before,
        after=after,
        more=_together(*more),
        assumed=ASSUMED,
        unpriced=UNPRICED,
    )
