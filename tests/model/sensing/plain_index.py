"""What an index finds, computed with plain lists and dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from huimin_flow.model.sensing.gathering import HEADING, MARKS, NUMBER
from huimin_flow.model.sensing.likeness import Near, Search


class PlainIndex:
    """An index as its description says, without arrays."""

    def __init__(self, search: Search) -> None:
        """Begin without appeals."""
        self.search = search
        self.appeals: list[list[tuple[int, int]]] = []
        self.having: dict[int, list[int]] = {}

    def add(self, postings: Sequence[int]) -> None:
        """Add one appeal."""
        for bucket, _ in self.parts(postings):
            self.having.setdefault(bucket, []).append(len(self.appeals))
        self.appeals.append(self.parts(postings))

    def parts(self, postings: Sequence[int]) -> list[tuple[int, int]]:
        """Return the bucket and the marks of each posting."""
        mask = self.search.buckets - 1
        return [(int(each) >> MARKS & mask, int(each) & 3) for each in postings]

    def many(self, bucket: int) -> int:
        """Return how many appeals have a posting; two words of one count once."""
        return len(set(self.having.get(bucket, ())))

    def weight(self, bucket: int) -> float:
        """Return what a posting counts."""
        n, many = max(len(self.appeals), 200), self.many(bucket)
        return max(float(np.log(n + 1) - np.log(many + 0.5)), 0.05) ** 2

    def nearest(self, postings: Sequence[int]) -> list[Near]:
        """Return the appeals that share the rarest postings."""
        mine = self.parts(postings)
        many = {bucket: self.many(bucket) for bucket, _ in mine}
        useful = [part for part in mine if 0 < many[part[0]] <= self.search.common]
        useful.sort(key=lambda part: many[part[0]])
        head = [bucket for bucket, marks in useful if marks & HEADING]
        rarest = head[: self.search.rarest // 2]
        rest = [bucket for bucket, marks in useful if not marks & HEADING]
        rarest += rest[: self.search.rarest - len(rarest)]
        earned: dict[int, float] = {}
        for bucket in rarest:
            for number in self.having[bucket]:
                earned[number] = earned.get(number, 0) + self.weight(bucket)

        def worth(number: int) -> tuple[float, int]:
            return -earned[number] / sqrt(len(self.appeals[number])), number

        best = sorted(sorted(earned, key=worth)[: self.search.compared])
        return [self.compared(number, mine) for number in best]

    def compared(self, number: int, mine: list[tuple[int, int]]) -> Near:
        """Return how like one appeal is."""
        theirs, having = self.appeals[number], dict(mine)
        sums = dict.fromkeys(("shared", "first", "second", "heading", "all"), 0.0)
        equal = equal_heads = 0
        for bucket, marks in theirs:
            weight, other = self.weight(bucket), having.get(bucket)
            sums["all"] += weight
            sums["heading"] += weight * bool(marks & HEADING)
            if other is not None:
                sums["shared"] += weight
                sums["first"] += weight * bool(other & HEADING)
                sums["second"] += weight * bool(marks & HEADING)
                equal += bool(marks & NUMBER)
                both = other & marks & HEADING
                equal_heads += bool(both and marks & NUMBER)
        own = sum(self.weight(bucket) for bucket, _ in mine)
        own_heading = sum(self.weight(b) for b, marks in mine if marks & HEADING)
        within = sums["shared"] / min(own, sums["all"])
        one = sums["first"] / own_heading if own_heading else within
        two = sums["second"] / sums["heading"] if sums["heading"] else within
        numbers = [[m for _, m in part if m & NUMBER] for part in (mine, theirs)]
        heads = [[m for m in part if m & HEADING] for part in numbers]
        return Near(
            number,
            min(1000, round(1000 * sums["shared"] / sqrt(own * sums["all"]))),
            min(1000, round(1000 * within)),
            min(1000, round(1000 * (one + two) / 2)),
            equal,
            min(map(len, numbers)) - equal,
            equal_heads,
            min(map(len, heads)) - equal_heads,
        )
