"""The price of a rulebook: what it asks of units each month (X4, N12).

It is computed from two rulebooks and the number of running things alone:

1. Fields: each indicator of a running task at each call for progress, and each
   indicator of the index for each unit.
2. Files: one piece of evidence of each running item in the months after which a
   measure without any is hollow.
3. Checks: each job that asks units, and the least size of each stratum of spot checks.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from huimin_flow.catalogue.terms import Every, Job
from huimin_flow.model.improving.reviews import Asked, Price, Scale
from huimin_flow.model.rulebook import Rulebook

#: The jobs that ask each unit for something.
_ASKING: Final = frozenset({Job.PROGRESS_CALL, Job.PROGRESS_CHASE, Job.RESPONSE_CHASE})

#: How many months lie between two periods of a job.
_MONTHS: Final = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}

_CENT: Final = Decimal("0.01")


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
