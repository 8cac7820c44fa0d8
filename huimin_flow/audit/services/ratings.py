"""Hold the rollups of ratings against their rows, batch by batch (D3).

1. A rollup holds the rows of its batches added up, and no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select

from huimin_flow.audit.findings import Finding
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.model.services.ratings import RatingRow
from huimin_flow.store.core.tables import MONTHS, RATINGS, ROLLUPS
from huimin_flow.store.services import ratings
from huimin_flow.store.services.totals import running


class Rollups:
    """What the batches looked at so far must have left in the rollups."""

    def __init__(self, connection: Connection, *, alone: bool = False) -> None:
        """Begin with no batch seen; ``alone``, batches don't come as they rise.

        What lies before a batch that is looked at alone is told by the sums of
        earlier batches, each of which is held when it is looked at itself.
        """
        self._connection = connection
        self._alone = alone
        self._totals: Counter[tuple[Any, ...]] = Counter()
        self._expected: dict[str, dict[int, tuple[int, int]]] = {
            table.name: {} for table in ROLLUPS
        }

    def differences(
        self, batch: int, rows: Sequence[Mapping[str, Any]]
    ) -> Iterator[Finding]:
        """Yield where a batch's rollups differ from its rows added up again."""
        stored = [
            RatingRow._make(one[name] for name in RatingRow._fields) for one in rows
        ]
        try:
            again = ratings.rollups(batch, stored)
        except (ValueError, TypeError) as error:
            yield _flaw(RATINGS, batch, error)
            return
        for table, expected in zip(ROLLUPS, again, strict=True):
            counted = sum(one[4] for one in expected)
            if table is MONTHS:
                self._begin_at(batch, expected)
                expected = self._with_totals(expected)  # noqa: PLW2901 - the same rows
            self._expected[table.name][batch] = (len(expected), counted)
            if self._stored(table, batch, expected) != expected:
                yield _flaw(table, batch, f"{len(expected)} rows")

    def _begin_at(self, batch: int, sums: list[tuple[Any, ...]]) -> None:
        """Add up what earlier batches hold of the months of one looked at alone."""
        if not self._alone or not sums or not running(self._connection):
            return
        keys = (MONTHS.c.month, MONTHS.c.unit, MONTHS.c.level)
        query = (
            select(*keys, func.sum(MONTHS.c.ratings))
            .where(MONTHS.c.month.between(sums[0][0], sums[-1][0]))
            .where(MONTHS.c.batch < batch)
            .group_by(*keys)
        )
        rows = self._connection.execute(query)
        self._totals = Counter({tuple(key): int(total) for *key, total in rows})

    def _with_totals(self, sums: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Return a batch's months with their totals; batches come as they rise."""
        if not running(self._connection):
            return [(*one, one[4]) for one in sums]
        for one in sums:
            self._totals[one[:3]] += one[4]
        return [(*one, self._totals[one[:3]]) for one in sums]

    def _stored(
        self, table: Table, batch: int, expected: list[tuple[Any, ...]]
    ) -> list[tuple[Any, ...]]:
        """Return a batch's rollup within its time, where its rows lie together."""
        if not expected:
            return []
        when = next(iter(table.columns))
        query = (
            select(table)
            .where(when >= expected[0][0], when <= expected[-1][0])
            .where(table.c.batch == batch)
        )
        found = [tuple(row) for row in self._connection.execute(query)]
        return sorted(found, key=lambda row: tuple(str(one) for one in row[:3]))

    def strays(self) -> Iterator[Finding]:
        """Yield the batches whose rollups hold more, or less, than was looked at."""
        for table in ROLLUPS:
            expected = self._expected[table.name]
            query = select(
                table.c.batch, func.count(), func.sum(table.c.ratings)
            ).group_by(table.c.batch)
            found = {
                row[0]: (row[1], row[2]) for row in self._connection.execute(query)
            }
            for batch in sorted({*found, *expected}, key=str):
                if found.get(batch) != expected.get(batch):
                    yield _flaw(table, batch, found.get(batch))


def _flaw(table: Table, batch: object, detail: object) -> Finding:
    return Finding(
        flaw=Flaw.ROLLUP_MISMATCH,
        place=f"{table.name} batch {batch}",
        law="ratings 1",
        detail=str(detail)[:300],
    )
