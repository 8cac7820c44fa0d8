"""Finds the earlier appeals that are most like one (A6): an inverted index in numpy.

A posting weighs the square of its idf, ``ln((n + 1) / (df + ½))``: what few appeals
have counts most. Only the rarest postings of an appeal find candidates; the likeness
of the best of them is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from huimin_flow.catalogue.terms import Nearness
from huimin_flow.model.sensing.gathering import HEADING, MARKS, NUMBER, Likeness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32]
    Places = NDArray[np.integer[Any]]

#: What the index knows less than this many appeals of, it holds for no rarer.
_LEAST: Final = 200
#: New appeals are kept beside the arrays until they are so many, or a quarter.
_TAIL: Final = 4096


class Search(NamedTuple):
    """How the index searches; the measured speed is of these figures.

    ``rarest`` of an appeal's postings find candidates, unless more than ``common``
    appeals have the posting. ``compared`` candidates get an exact likeness. Hashes are
    counted modulo ``buckets``, a power of two: at 2²², one pair of appeals in a hundred
    shares a posting by chance.
    """

    rarest: int = 40
    common: int = 2000
    compared: int = 16
    buckets: int = 1 << 22


class Near(NamedTuple):
    """An earlier appeal, by its number in the index, and how like it is.

    The parts are those of ``Likeness``, without time and place.
    """

    number: int
    whole: int
    within: int
    heading: int
    numbers: int
    others: int
    heading_numbers: int
    heading_others: int

    def likeness(self, days: int, place: Nearness) -> Likeness:
        """Return the likeness, with what only the caller knows."""
        return Likeness(
            whole=self.whole,
            within=self.within,
            heading=self.heading,
            numbers=self.numbers,
            others=self.others,
            heading_numbers=self.heading_numbers,
            heading_others=self.heading_others,
            days=days,
            place=place,
        )


class Index:
    """Appeals by their postings, numbered from 0 as they were added."""

    def __init__(self, search: Search = Search()) -> None:  # noqa: B008 - a constant
        """Begin without appeals."""
        self._search, buckets = search, search.buckets
        self._many = np.zeros(buckets, np.int32)  # appeals that have a posting
        self._marks = np.zeros(buckets, np.uint8)  # of the appeal that is compared
        self._starts = np.zeros(1, np.int64)  # of each appeal's postings
        self._all: Numbers = np.zeros(0, np.uint32)
        self._from = np.zeros(buckets + 1, np.int64)  # of each posting's appeals
        self._appeals = np.zeros(0, np.int32)
        self._tail: list[Numbers] = []
        self._by_posting: dict[int, list[int]] = {}
        self._logs = np.log(np.full(1, 0.5))  # of each number of appeals
        self._lengths = np.zeros(0, np.int32)

    def __len__(self) -> int:
        """Return the number of appeals."""
        return len(self._starts) - 1 + len(self._tail)

    def add(self, postings: Numbers) -> None:
        """Add one appeal; its number is the former length."""
        number = len(self)
        buckets = self._bucket(postings)
        self._tail.append(postings)
        self._grown()
        self._lengths[number] = len(postings)
        self._many[buckets] += 1
        for bucket in buckets.tolist():
            self._by_posting.setdefault(bucket, []).append(number)
        if len(self._tail) > max(_TAIL, number // 4):
            self.extend([])

    def extend(self, appeals: Sequence[Numbers]) -> None:
        """Add many appeals at once, and sort all postings anew."""
        for postings in appeals:
            self._many[self._bucket(postings)] += 1
        joined = [*self._tail, *appeals]
        lengths = [len(self._all), *map(len, joined)]
        self._starts = np.concatenate(
            [self._starts, len(self._all) + np.cumsum(lengths[1:], dtype=np.int64)]
        )
        self._all = np.concatenate([self._all, *joined])
        self._tail, self._by_posting = [], {}
        numbers = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self._starts))
        buckets = self._bucket(self._all)
        useful = self._many[buckets] <= self._search.common
        buckets, numbers = buckets[useful], numbers[useful]
        order = np.argsort(buckets, kind="stable")
        self._appeals = numbers[order]
        counted = np.bincount(buckets, minlength=self._search.buckets)
        self._from = np.concatenate([[0], np.cumsum(counted)])
        self._grown()
        self._lengths[: len(self)] = np.diff(self._starts)

    def _grown(self) -> None:
        """Make room for as many more appeals as the tail may take."""
        if len(self._lengths) < len(self):
            room = len(self) + max(_TAIL, len(self) // 4)
            self._logs = np.log(np.arange(room + 1) + 0.5)
            self._lengths = np.resize(self._lengths, room)

    def nearest(self, postings: Numbers) -> list[Near]:
        """Return the appeals that share rare postings, with their exact likeness.

        At most ``compared`` are returned, in the order of their numbers.
        """
        buckets = self._bucket(postings)
        numbers = self._candidates(postings, buckets)
        if not len(numbers):
            return []
        self._marks[buckets] = (postings & (HEADING | NUMBER)) | _THERE
        numbers.sort()
        arrays = len(self._starts) - 1
        old = numbers[: np.searchsorted(numbers, arrays)]
        theirs = self._all[_flat(self._starts[old], self._starts[old + 1])]
        if len(old) < len(numbers):
            later = [self._tail[number - arrays] for number in numbers[len(old) :]]
            theirs = np.concatenate([theirs, *later])
        there = self._bucket(theirs)
        columns = compared(
            np.append(0, np.cumsum(self._lengths[numbers])[:-1]),
            postings,
            self._weights(buckets),
            theirs,
            self._weights(there),
            self._marks[there],
        )
        self._marks[buckets] = 0
        return list(map(Near._make, zip(numbers.tolist(), *columns, strict=True)))

    def _candidates(self, postings: Numbers, buckets: Places) -> Places:
        """Return the appeals that share most of the rarest postings.

        Half of these are of the heading, as far as it has so many.
        """
        search = self._search
        many = self._many[buckets]
        useful = (many > 0) & (many <= search.common)
        heading = (postings & HEADING).astype(bool)
        rarest = buckets[:0]
        for part, most in ((heading, search.rarest // 2), (~heading, search.rarest)):
            chosen = buckets[useful & part]
            order = np.argsort(self._many[chosen], kind="stable")
            rarest = np.concatenate([rarest, chosen[order[: most - len(rarest)]]])
        numbers = self._appeals[_flat(self._from[rarest], self._from[rarest + 1])]
        weights = self._weights(rarest)
        weights = np.repeat(weights, self._from[rarest + 1] - self._from[rarest])
        if self._tail:
            later = [self._by_posting.get(bucket, []) for bucket in rarest.tolist()]
            numbers = np.concatenate([numbers, *later]).astype(np.int32)
            lengths = [*map(len, later)]
            weights = np.append(weights, np.repeat(self._weights(rarest), lengths))
        numbers, places = np.unique(numbers, return_inverse=True)
        if len(numbers) > search.compared:
            earned = np.bincount(places, weights) / np.sqrt(self._lengths[numbers])
            return numbers[np.argsort(-earned, kind="stable")[: search.compared]]
        return numbers

    def _bucket(self, postings: Numbers) -> Places:
        return ((postings >> MARKS) & (self._search.buckets - 1)).astype(np.int64)

    def _weights(self, buckets: Places) -> NDArray[np.float64]:
        idf = log(max(len(self), _LEAST) + 1) - self._logs[self._many[buckets]]
        squares: NDArray[np.float64] = np.square(np.maximum(idf, _TINY))
        return squares


def _flat(first: Places, after: Places) -> Places:
    """Return the places of several ranges, one range after the other."""
    lengths = after - first
    ends = np.cumsum(lengths)
    places: Places = np.arange(lengths.sum())
    places += np.repeat(first - ends + lengths, lengths)
    return places


#: Marks a posting that the compared appeal has, whatever its other marks.
_THERE: Final = 4
#: The idf of what all appeals have; nothing divides by less.
_TINY: Final = 0.05


def compared(
    at: Places,
    postings: Numbers,
    weights: NDArray[np.float64],
    theirs: Numbers,
    their_weights: NDArray[np.float64],
    marks: NDArray[np.uint8],
) -> list[list[int]]:
    """Return the columns of ``Near`` after the first, for several appeals.

    ``theirs`` are their postings one after the other, from ``at`` on; ``marks`` are
    what the compared appeal has of each.
    """
    heading, number = postings & HEADING, postings & NUMBER
    both = marks > 0
    # One pass adds up all shares of all appeals.
    head, digits = (theirs & HEADING) > 0, (theirs & NUMBER) > 0
    mine = (marks & HEADING) > 0
    sums = np.add.reduceat(
        np.stack([both, mine, both & head, head, np.ones_like(both)]) * their_weights,
        at,
        axis=1,
    )
    shared, first, second, their_heading, weight = sums
    own, own_heading = weights.sum(), weights[heading > 0].sum()
    whole = shared / np.sqrt(own * weight)
    within = shared / np.minimum(own, weight)
    # Who has no heading has said nothing there: what is shared counts instead.
    one = first / own_heading if own_heading else within
    two = np.where(their_heading > 0, second / np.maximum(their_heading, _TINY), within)
    counts = np.add.reduceat(
        np.stack([both & digits, digits, mine & head & digits, head & digits]),
        at,
        axis=1,
        dtype=np.int64,
    )
    equal, all_digits, equal_heads, all_heads = counts
    others = np.minimum(all_digits, np.count_nonzero(number)) - equal
    own_heads = np.count_nonzero(heading & (number >> 1))
    other_heads = np.minimum(all_heads, own_heads) - equal_heads
    mille = np.rint(np.stack([whole, within, (one + two) / 2]) * 1000).astype(np.int64)
    columns: list[list[int]] = np.minimum(mille, 1000).tolist()
    return [*columns, *np.stack([equal, others, equal_heads, other_heads]).tolist()]
