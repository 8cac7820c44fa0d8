"""The rollups of ratings, compared with their rows, batch by batch (D3).

1. A rollup equals the sums of the rows of its batches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select

from huimin_flow.audit.findings import AuditFinding
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.model.core.values import value
from huimin_flow.model.services.ratings import RatingRow
from huimin_flow.store.core.tables import MONTHS, RATINGS, ROLLUPS
from huimin_flow.store.services import ratings

#: The number of a batch's rows in a rollup, and the sum of their ratings.
_Count = tuple[int, int]


@value
class Sums:
    """What a batch adds to each rollup, and to the totals of its months."""

    counts: tuple[_Count, _Count, _Count]
    months: tuple[tuple[str, str, str, int], ...]


class Rollups:
    """The expected rollups of the batches that were checked so far."""

    def __init__(self, connection: Connection, *, alone: bool = False) -> None:
        """Begin without batches; with ``alone``, only some batches are checked.

        Then the stored sums of earlier batches are used without a check.
        """
        self._connection = connection
        self._alone = alone
        self._totals: Counter[tuple[Any, ...]] = Counter()
        self._expected: dict[str, dict[int, tuple[int, int]]] = {
            table.name: {} for table in ROLLUPS
        }
        self._sums: Sums | None = None

    def differences(
        self, batch: int, rows: Sequence[Mapping[str, Any]]
    ) -> Iterator[AuditFinding]:
        """Yield where a batch's rollups differ from the sums of its rows.

        Its months have totals, so they need the batches before: ``add`` checks them.
        """
        names = RatingRow._fields
        try:
            again = ratings.rollups(
                batch, [RatingRow._make(row[name] for name in names) for row in rows]
            )
        except (ValueError, TypeError) as error:
            yield _flaw(RATINGS, batch, error)
            return
        scores, months, coverage = (
            (len(sums), sum(row[4] for row in sums)) for sums in again
        )
        self._sums = Sums(
            counts=(scores, months, coverage),
            months=tuple((*key, ratings_) for *key, _, ratings_ in again[1]),
        )
        for table, sums in zip(ROLLUPS, again, strict=True):
            if table is not MONTHS:
                yield from self._compared(table, batch, sums)

    def taken(self) -> Sums | None:
        """Return the sums of the last batch of ratings, once."""
        sums, self._sums = self._sums, None
        return sums

    def add(self, batch: int, added: Sums) -> Iterator[AuditFinding]:
        """Add the sums of the next batch; yield where its stored months differ."""
        for table, counts in zip(ROLLUPS, added.counts, strict=True):
            self._expected[table.name][batch] = counts
        sums = [(*key, batch, ratings_) for *key, ratings_ in added.months]
        yield from self._compared(MONTHS, batch, self._with_totals(batch, sums))

    def _compared(
        self, table: Table, batch: int, expected: list[tuple[Any, ...]]
    ) -> Iterator[AuditFinding]:
        """Yield the flaw of a batch whose stored rollup differs from the sums."""
        if not expected:
            return
        # The index begins with the time, so the range reads few rows.
        when = next(iter(table.columns))
        query = select(table).where(
            when.between(expected[0][0], expected[-1][0]), table.c.batch == batch
        )
        stored = [tuple(row) for row in self._connection.execute(query).all()]
        if sorted(stored, key=lambda row: tuple(map(str, row[:3]))) != expected:
            yield _flaw(table, batch, f"{len(expected)} rows")

    def _with_totals(
        self, batch: int, sums: list[tuple[Any, ...]]
    ) -> list[tuple[Any, ...]]:
        """Return a batch's month sums, each with its total up to this batch."""
        if not ratings.running(self._connection):
            return [(*row, row[4]) for row in sums]
        if self._alone and sums:
            keys = (MONTHS.c.month, MONTHS.c.unit, MONTHS.c.level)
            query = (
                select(*keys, func.sum(MONTHS.c.ratings))
                .where(MONTHS.c.month.between(sums[0][0], sums[-1][0]))
                .where(MONTHS.c.batch < batch)
                .group_by(*keys)
            )
            earlier = self._connection.execute(query)
            self._totals = Counter({tuple(key): int(sum_) for *key, sum_ in earlier})
        for row in sums:
            self._totals[row[:3]] += row[4]
        return [(*row, self._totals[row[:3]]) for row in sums]

    def strays(self) -> Iterator[AuditFinding]:
        """Yield the batches whose rollups have more or fewer rows than expected."""
        for table in ROLLUPS:
            expected = self._expected[table.name]
            query = select(
                table.c.batch, func.count(), func.sum(table.c.ratings)
            ).group_by(table.c.batch)
            rows = self._connection.execute(query)
            stored = {batch: (count, sum_) for batch, count, sum_ in rows}
            for batch in sorted({*stored, *expected}, key=str):
                if stored.get(batch) != expected.get(batch):
                    yield _flaw(table, batch, stored.get(batch))


def _flaw(table: Table, batch: object, detail: object) -> AuditFinding:
    return AuditFinding(
        flaw=Flaw.ROLLUP_MISMATCH,
        place=f"{table.name} batch {batch}",
        law="ratings 1",
        detail=str(detail)[:300],
    )
