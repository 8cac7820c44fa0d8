"""Gathering: appeals per second against 100,000 items, decision included.

The texts are invented by a seeded generator, or are the real ones of ``HUIMIN_DATA``
as well. The limit is a bare loop over the same postings: the same candidates, the
same exact cosine of the same number of them, and no decision.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.harness import Line, Size, Variant, compare, figure, run, skipped, turns
from huimin_flow.catalogue.terms import Nearness
from huimin_flow.model.sensing.gathering import Candidate, Postings
from huimin_flow.model.sensing.likeness import Index, Search
from huimin_flow.rules.sensing.gathering import gather
from huimin_flow.settings import config_folder, load_rulebook

KEY = bytes(32)
Text = tuple[str, str]


def measure(size: Size, folder: Path) -> list[Line]:  # noqa: ARG001 - uses no files
    """Return the lines of invented texts and, if they are there, of real ones."""
    known = size.pick(100_000, 500)
    lines = measured(size, "gathering", texts(known), texts(256 * 8, seed=2))
    if os.environ.get("HUIMIN_DATA"):
        from bench.gathered.measure import messages  # noqa: PLC0415 - needs the data

        real = [(message.title, message.text) for message in messages()]
        # The real ones stand among as many invented ones as there are items.
        lines += measured(
            size, "gathering real texts", [*real, *texts(known - len(real))], real
        )
    else:
        skipped("gathering", "real texts", "HUIMIN_DATA names no folder")
    return lines


def measured(
    size: Size, name: str, known: Sequence[Text], asked: Sequence[Text]
) -> list[Line]:
    """Return the ratio to the bare loop, and the appeals per second."""
    postings = Postings(KEY)
    index = Index()
    index.extend([np.array(postings.of(*text), np.uint32) for text in known])
    rule = load_rulebook(config_folder()).rules.gathering
    pieces = size.pick(1024, 16)
    chosen = [asked[k % len(asked)] for k in range(pieces)]
    ready = [np.array(postings.of(*text), np.uint32) for text in chosen]

    def linked(made: Any) -> None:
        """Search and decide, as the job does with the postings of an import."""
        gather(
            [
                Candidate(
                    item=str(near.number),
                    near=("", ""),
                    likeness=near.likeness(0, Nearness.UNKNOWN),
                )
                for near in index.nearest(made)
            ],
            rule,
        )

    def decided(_: int) -> None:
        for made in ready:
            linked(made)

    def whole(_: int) -> None:
        """Make the postings, too."""
        for text in chosen:
            linked(np.array(postings.of(*text), np.uint32))

    bare = Bare(index)

    def limit(_: int) -> None:
        for made in ready:
            bare.nearest(made)

    variants = [
        Variant("ours", decided, pieces=pieces),
        Variant("with postings", whole, pieces=pieces),
        Variant("bare", limit, pieces=pieces),
    ]
    samples = turns(variants, size.blocks)
    speed, with_postings = (
        [1 / sample.cpu for sample in samples[name]]
        for name in ("ours", "with postings")
    )
    return [
        compare(name, samples, "ours", "bare", by="CPU"),
        figure(name, speed, "appeals/s", by="CPU", bound=2000, at_least=True),
        figure(f"{name}, postings made", with_postings, "appeals/s", by="CPU"),
    ]


class Bare:
    """The arrays of an index, and the least that finds and compares."""

    def __init__(self, index: Any) -> None:
        """Take the arrays."""
        # ruff: noqa: SLF001 - the limit is of the very same arrays
        self.appeals, self.first = index._appeals, index._from
        self.all, self.starts = index._all, index._starts
        self.many = index._having >> 3
        self.mask = Search().buckets - 1
        idf = np.log((len(index) + 1) / (self.many + 0.5))
        self.weights = np.square(np.maximum(idf, 0.05)).astype(np.float32)
        self.there = np.zeros(Search().buckets, bool)
        self.scores = np.zeros(len(index), np.float32)

    def nearest(self, postings: Any) -> Any:
        """Return the cosines of the best candidates."""
        buckets = (postings >> 2) & self.mask
        rarest = buckets[np.argsort(self.many[buckets])[: Search().rarest]]
        found = [self.appeals[self.first[b] : self.first[b + 1]] for b in rarest]
        for having, weight in zip(found, self.weights[rarest], strict=True):
            self.scores[having] += weight
        numbers = np.unique(np.concatenate(found))
        best = numbers[np.argsort(-self.scores[numbers])[: Search().compared]]
        self.scores[numbers] = 0
        if not len(best):
            return best
        parts = [self.all[self.starts[n] : self.starts[n + 1]] for n in best]
        at = np.cumsum([0, *map(len, parts[:-1])])
        theirs = (np.concatenate(parts) >> 2) & self.mask
        self.there[buckets] = True
        weights = self.weights[theirs]
        shared = np.add.reduceat(weights * self.there[theirs], at)
        self.there[buckets] = False
        own = self.weights[buckets].sum()
        return shared / np.sqrt(np.add.reduceat(weights, at) * own)


def texts(count: int, seed: int = 1) -> list[Text]:
    """Return invented titles and texts, about 20 and 150 characters long.

    Words are as frequent as in a language; one text in five tells of the problem of
    another in other words.
    """
    of = random.Random(seed)
    signs = [chr(0x4E00 + k) for k in range(3000)]
    words = [
        "".join(of.choices(signs, k=of.choice((1, 2, 2, 2, 3)))) for _ in range(30_000)
    ]
    weights = [1 / (rank + 20) for rank in range(len(words))]
    stream = of.choices(words, weights, k=count * 80)
    made: list[Text] = []
    for number in range(count):
        mine = stream[number * 80 : number * 80 + 80]
        place = f"{of.randrange(400)}号"
        if made and number % 5 == 0:
            title, text = made[of.randrange(len(made))]
            made.append((title[2:] + "".join(mine[:4]), text[:60] + "".join(mine[:45])))
            continue
        made.append(("".join(mine[:9]) + place, "".join(mine[9:])))
    return made


if __name__ == "__main__":
    run(measure)
