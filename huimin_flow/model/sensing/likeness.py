"""Finds the earlier appeals that are most like one (A6): an inverted index in numpy.

A posting weighs the square of its idf, ``ln((n + 1) / (df + ½))``: what few appeals
have counts most. Only the rarest postings of an appeal find candidates; the likeness
of the best of them is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from math import log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from huimin_flow.catalogue.terms import Nearness
from huimin_flow.model.core.values import closed, opened
from huimin_flow.model.sensing.gathering import HEADING, MARKS, NUMBER, Likeness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32]
    Places = NDArray[np.integer[Any]]
    Weights = NDArray[np.float64]

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
        _, whole, within, heading, numbers, others, heads, other_heads = self
        made = _LIKENESS(
            whole=whole,
            within=within,
            heading=heading,
            numbers=numbers,
            others=others,
            heading_numbers=heads,
            heading_others=other_heads,
            days=days,
            place=place,
        )
        return closed(Likeness, made)


#: A likeness is made for each candidate of each appeal.
_LIKENESS: Final = opened(Likeness)


def postings_of(stored: bytes) -> Numbers:
    """Return the postings of an appeal from their stored bytes."""
    return np.frombuffer(stored, "<u4")


class Index:
    """Appeals by their postings, numbered from 0 as they were added."""

    def __init__(self, search: Search = Search()) -> None:  # noqa: B008 - a constant
        """Begin without appeals."""
        self._search, buckets = search, search.buckets
        # Of each posting how many appeals have it; below that, in three bits, its marks
        # in the appeal that is compared. So one look at far memory finds both.
        self._having = np.zeros(buckets, np.int32)
        self._starts = np.zeros(1, np.int64)  # of each appeal's postings
        self._added = 0  # how many of these appeals were added; the others are awaited
        self._all: Numbers = np.zeros(0, np.uint32)
        self._from = np.zeros(buckets + 1, np.int64)  # of each posting's appeals
        self._appeals = np.zeros(0, np.int32)
        self._tail: list[Numbers] = []
        self._by_posting: defaultdict[int, list[int]] = defaultdict(list)
        self._logs = np.log(np.full(1, 0.5))  # of each number of appeals
        self._lengths = np.zeros(0, np.int32)
        self._earned = np.zeros(0)  # of the appeals of a search, 0 after it
        self._last = np.zeros(0, np.int64)  # where a search has an appeal last

    def __len__(self) -> int:
        """Return the number of appeals."""
        return self._added + len(self._tail)

    def add(self, postings: Numbers) -> None:
        """Add one appeal; its number is the former length.

        As long as some are awaited, it is the next of these.
        """
        number = len(self)
        buckets = self._bucket(postings)
        self._having[buckets] += 1 << _BITS
        if self._added < len(self._starts) - 1:
            self._added += 1
            return
        self._tail.append(postings)
        self._grown()
        self._lengths[number] = len(postings)
        by_posting = self._by_posting
        for bucket in buckets.tolist():
            by_posting[bucket].append(number)
        if len(self._tail) > max(_TAIL, number // 4):
            self.extend([])

    def extend(
        self, appeals: Sequence[Numbers], awaited: Sequence[Numbers] = ()
    ) -> None:
        """Add many appeals at once, and sort all postings anew; none may be awaited.

        The ``awaited`` will be added one by one, in this order. They are sorted now,
        which takes a tenth of the time.
        """
        joined = [*self._tail, *appeals, *awaited]
        lengths = [len(self._all), *map(len, joined)]
        self._starts = np.concatenate(
            [self._starts, np.cumsum(lengths, dtype=np.int64)[1:]]
        )
        self._all = np.concatenate([self._all, *joined])
        self._tail, self._by_posting = [], defaultdict(list)
        whole = len(self._starts) - 1
        self._added = whole - len(awaited)
        numbers = np.repeat(np.arange(whole, dtype=np.int32), np.diff(self._starts))
        buckets = (self._all >> MARKS) & (self._search.buckets - 1)
        # In pieces, so that the memory of the sort is not a multiple of the arrays.
        pieces = max(_PIECES, 1 + len(self._all) // _PIECE)
        step = self._search.buckets // pieces
        appeals_, earlier = [], 0
        for first in range(0, self._search.buckets, step):
            after = min(first + step, self._search.buckets)
            here = np.flatnonzero((buckets >= first) & (buckets < after))
            keys = (buckets[here] - first).astype(np.int64) << 32 | numbers[here]
            keys.sort()
            theirs = keys >> 32
            # An appeal that has two words of one bucket counts once.
            once = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
            once &= (keys & _NUMBER) < self._added
            many = np.bincount(theirs[once], minlength=after - first)
            self._having[first:after] = many << _BITS
            useful = many[theirs] <= self._search.common
            appeals_.append(keys[useful].astype(np.int32))
            until = self._from[first + 1 : after + 1]
            until[:] = np.bincount(theirs[useful], minlength=after - first)
            np.cumsum(until, out=until)
            until += earlier
            earlier += len(appeals_[-1])
        self._appeals = np.concatenate(appeals_)
        self._grown()
        self._lengths[:whole] = np.diff(self._starts)

    def _grown(self) -> None:
        """Make room for as many more appeals as the tail may take."""
        most = max(len(self), len(self._starts) - 1)
        if len(self._lengths) < most:
            room = most + max(_TAIL, most // 4)
            self._logs = np.log(np.arange(room + 1) + 0.5)
            self._lengths = np.resize(self._lengths, room)
            self._earned, self._last = np.zeros(room), np.zeros(room, np.int64)

    def nearest(self, postings: Numbers) -> list[Near]:
        """Return the appeals that share rare postings, with their exact likeness.

        At most ``compared`` are returned, in the order of their numbers.
        """
        buckets = self._bucket(postings)
        having = self._having[buckets]
        weights = self._weights(having)
        numbers = self._candidates(postings, buckets, having, weights)
        if not len(numbers):
            return []
        numbers.sort()
        arrays, starts = len(self._starts) - 1, self._starts
        old = numbers[: numbers.searchsorted(arrays)]
        parts = [
            self._all[start:after]
            for start, after in zip(
                starts[old].tolist(), starts[old + 1].tolist(), strict=True
            )
        ]
        parts += [
            self._tail[number - arrays] for number in numbers[len(old) :].tolist()
        ]
        theirs = np.concatenate(parts)
        self._having[buckets] = having | (postings & (HEADING | NUMBER)) | _THERE
        there = self._having[self._bucket(theirs)]
        self._having[buckets] = having
        columns = compared(
            postings,
            weights,
            theirs,
            self._weights(there),
            there & (_THERE | NUMBER | HEADING),
            self._lengths[numbers],
        )
        return list(map(Near._make, zip(numbers.tolist(), *columns, strict=True)))

    def _candidates(
        self, postings: Numbers, buckets: Places, having: Places, weights: Weights
    ) -> Places:
        """Return the appeals that share most of the rarest postings.

        Half of these are of the heading, as far as it has so many.
        """
        search = self._search
        useful = (having > 0) & (having < (search.common + 1) << _BITS)
        heading = (postings & HEADING) > 0
        first = (useful & heading).nonzero()[0]
        first = first[having[first].argsort(kind="stable")[: search.rarest // 2]]
        second = (useful & ~heading).nonzero()[0]
        order = having[second].argsort(kind="stable")
        rarest = np.concatenate([first, second[order[: search.rarest - len(first)]]])
        chosen = buckets[rarest]
        starts, ends = self._from[chosen], self._from[chosen + 1]
        parts = [
            self._appeals[start:end]
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        lengths = ends - starts
        weights = weights[rarest]
        awaited = self._added < len(self._starts) - 1
        if self._tail:
            later = [self._by_posting.get(bucket, ()) for bucket in chosen.tolist()]
            parts.append(np.fromiter(chain.from_iterable(later), np.int32))
            lengths = np.append(lengths, np.array([*map(len, later)], np.int64))
            weights = np.concatenate([weights, weights])
        numbers = np.concatenate([self._appeals[:0], *parts]).astype(np.int64)
        weights = np.repeat(weights, lengths)
        if awaited:
            added = numbers < self._added
            numbers, weights = numbers[added], weights[added]
        places = np.arange(len(numbers))
        self._last[numbers] = places
        distinct: Places = numbers[self._last[numbers] == places]
        if len(distinct) <= search.compared:
            return distinct
        np.add.at(self._earned, numbers, weights)
        earned = self._earned[distinct] / np.sqrt(self._lengths[distinct])
        self._earned[distinct] = 0
        # The best, and of those that are as good as the last of them the first.
        place = len(distinct) - search.compared
        last = np.partition(earned, place)[place]
        best, even = distinct[earned > last], distinct[earned == last]
        even.sort()
        return np.concatenate([best, even[: search.compared - len(best)]])

    def _bucket(self, postings: Numbers) -> Places:
        return ((postings >> MARKS) & (self._search.buckets - 1)).astype(np.int64)

    def _weights(self, having: Places) -> Weights:
        idf = log(max(len(self), _LEAST) + 1) - self._logs[having >> _BITS]
        np.maximum(idf, _TINY, out=idf)
        squares: Weights = np.square(idf, out=idf)
        return squares


#: Marks a posting that the compared appeal has, whatever its other marks.
_THERE: Final = 4
#: How many bits the marks take.
_BITS: Final = 3
#: The idf of what all appeals have; nothing divides by less.
_TINY: Final = 0.05
#: What is an appeal's number in a key that is sorted.
_NUMBER: Final = (1 << 32) - 1
#: How many postings are sorted at once.
_PIECE: Final = 1 << 21
#: In at least so many pieces, so that what each needs stays near the processor.
_PIECES: Final = 16


def _sums() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return which kinds of postings count for which sum of weights, and of numbers.

    A kind is the marks of a posting in both appeals: five bits.
    """
    kinds = np.arange(1 << _BITS + MARKS)
    theirs, mine = kinds & (1 << MARKS) - 1, kinds >> MARKS
    head, first, both = theirs & HEADING, mine & HEADING, mine // _THERE
    digits = theirs // NUMBER
    sums = [both, first, both & head, head, np.ones_like(kinds)]
    counts = [both & digits, digits, first & head & digits, head & digits]
    return np.stack(sums, axis=1).astype(float), np.stack(counts, axis=1)


_SUMS, _COUNTS = _sums()


def compared(
    postings: Numbers,
    weights: Weights,
    theirs: Numbers,
    their_weights: Weights,
    marks: Places,
    lengths: Places,
) -> list[list[int]]:
    """Return the columns of ``Near`` after the first, for several appeals.

    ``theirs`` are their postings one after the other, each as long as ``lengths`` says;
    ``marks`` are what the compared appeal has of each.
    """
    # One pass adds up all shares of all appeals, by kind of posting.
    kinds = np.repeat(np.arange(len(lengths)) * len(_SUMS), lengths)
    kinds += (marks << MARKS) + (theirs & (HEADING | NUMBER))
    many = len(lengths) * len(_SUMS)
    by_kind = np.bincount(kinds, their_weights, many).reshape(-1, len(_SUMS))
    shared, first, second, their_heading, weight = (by_kind @ _SUMS).T
    heading = (postings & HEADING) > 0
    own, own_heading = weights.sum(), weights[heading].sum()
    whole = shared / np.sqrt(own * weight)
    within = shared / np.minimum(own, weight)
    # Who has no heading has said nothing there: what is shared counts instead.
    one = first / own_heading if own_heading else within
    two = np.where(their_heading > 0, second / np.maximum(their_heading, _TINY), within)
    mille = np.rint(np.stack([whole, within, (one + two) / 2]) * 1000).astype(np.int64)
    columns: list[list[int]] = np.minimum(mille, 1000).tolist()
    counted = np.bincount(kinds, minlength=many).reshape(-1, len(_SUMS)) @ _COUNTS
    equal, all_digits, equal_heads, all_heads = counted.T
    own_heads = np.count_nonzero(heading & ((postings & NUMBER) > 0))
    others = np.minimum(all_digits, np.count_nonzero(postings & NUMBER)) - equal
    other_heads = np.minimum(all_heads, own_heads) - equal_heads
    return [*columns, *np.stack([equal, others, equal_heads, other_heads]).tolist()]
