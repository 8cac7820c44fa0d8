"""The digests of a period: who gets one, its figures, and what an edition changes (F3).

Nothing is weighed: a digest repeats what other rules found, and compares its figures
with those of the period before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.model.core.canonical import canonical_of_plain
from huimin_flow.model.core.canonical import digest as digest_of
from huimin_flow.model.core.periods import month_before, months_of
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.improving.digests import (
    Digest,
    DigestCounts,
    DigestPart,
    Digests,
)
from huimin_flow.model.improving.reviews import DigestLine, UnitPart

REVISION: Final = 1

#: The figures of a unit of which nothing is said.
_NONE: Final = DigestCounts(late=0, owed=0, faults=0, well=0)


def period_before(period: str) -> str:
    """Return the month before a month, or the quarter before a quarter.

    >>> period_before("2027-01"), period_before("2027Q1")
    ('2026-12', '2026Q4')

    """
    if "Q" not in period:
        return month_before(period)
    last = month_before(months_of(period)[0])
    return f"{last[:4]}Q{int(last[5:]) // 3}"


def counts_of(part: UnitPart) -> DigestCounts:
    """Return how many things stand under each heading."""

    def many(lines: Sequence[DigestLine]) -> int:
        return sum(line.count for line in lines)

    return DigestCounts(
        late=many(part.late),
        owed=many(part.owed),
        faults=many(part.faults),
        well=many(part.well),
    )


def drawn_up(
    period: str,
    parts: Sequence[UnitPart],
    former: Digests | None,
    old: Digests | None,
    *,
    day: date,
    cut: int,
    rulebook: str,
    colors: tuple[int, ...] = (),
) -> Digests:
    """Return the digests of a period: of each unit of which there is something to say.

    A unit of which the period before or the last edition said something gets one, too,
    so that it sees that nothing is left. ``former`` is the last edition of the period
    before, ``old`` that of this period: what says the same as there keeps its edition.
    ``colors`` are the editions of the months' five-color charts that the parts tell of.
    """
    known = {part.unit: part for part in parts}
    before = {} if former is None else {each.unit: each for each in former.parts}
    units = {*known, *(unit for unit, each in before.items() if each.counts != _NONE)}
    units |= set() if old is None else {each.unit for each in old.parts}
    edition = 1 if old is None else old.version + 1
    made = []
    for unit in sorted(units):
        part = known.get(unit, UnitPart(unit=unit))
        compared = None if former is None else _NONE
        if unit in before:
            compared = before[unit].counts
        new = DigestPart(
            part=part,
            counts=counts_of(part),
            before=compared,
            edition=edition,
            digest="",
        )
        digest = digest_of(canonical_of_plain(_content(period, new, rulebook)))
        new = replace(new, digest=digest)
        last = None if old is None else old.part(unit)
        made.append(last if last is not None and last.digest == digest else new)
    return Digests(
        key=StreamKind.DIGEST.key(period),
        period=period,
        day=day,
        cut=cut,
        rulebook=rulebook,
        revision=REVISION,
        units=tuple(each.unit for each in made if each.edition == edition),
        parts=tuple(made),
        former=0 if former is None else former.version,
        colors=colors,
    )


def _content(period: str, part: DigestPart, rulebook: str) -> dict[str, Any]:
    """Return what the digest of a unit's part covers: all that it says."""
    return {
        "period": period,
        "rulebook": rulebook,
        "revision": REVISION,
        "part": to_plain(part.part),
        "counts": to_plain(part.counts),
        "before": to_plain(part.before),
    }


def digest_for(made: Digests, part: DigestPart) -> Digest:
    """Return what one unit gets of the edition that made its part, and no other's."""
    return Digest(
        period=made.period,
        unit=part.unit,
        edition=part.edition,
        day=made.day,
        cut=made.cut,
        rulebook=made.rulebook,
        revision=made.revision,
        part=part.part,
        counts=part.counts,
        before=part.before,
        digest=part.digest,
        note=made.note,
    )
