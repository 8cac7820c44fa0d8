"""Measures gathering on real messages that two readers labelled: README.md.

``HUIMIN_DATA=… python -m bench.gathered.measure`` prints the figures of both halves.
An automatic link is *right* by a reader if the appeal to which it was found most
alike, and so linked, has the same topic. *Recall* counts the messages that have an
earlier message of their topic: those with a right link, or a right proposal among at
most three.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np

from huimin_flow.catalogue.terms import Gathering, Nearness
from huimin_flow.model.core.rules import GatheringRule
from huimin_flow.model.sensing.gathering import Candidate, Gathered, Postings
from huimin_flow.model.sensing.likeness import Index, Search
from huimin_flow.rules.sensing.gathering import gather
from huimin_flow.settings import config_folder, load_rulebook

HERE = Path(__file__).parent
KEY = bytes(32)
Labels = Mapping[str, str]


class Message(NamedTuple):
    """A message of the board."""

    id: str
    at: datetime
    title: str
    text: str


class Share(NamedTuple):
    """A share with its count and its 95 % Wilson interval."""

    hits: int
    n: int

    def __str__(self) -> str:
        """Return the share as it stands in the page of figures."""
        if not self.n:
            return "– (0)"
        z, p, n = 1.96, self.hits / self.n, self.n
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        low, high = middle - half, middle + half
        return f"{p:.3f} ({self.hits}/{n}; {low:.3f}–{high:.3f})"


def messages(name: str = "messages.jsonl.gz") -> list[Message]:
    """Return the messages of a file of ``HUIMIN_DATA``, in order of time."""
    file = Path(os.environ["HUIMIN_DATA"]) / name
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found = [
        Message(row["id"], datetime.fromisoformat(row["at"]), row["title"], row["text"])
        for row in rows
    ]
    return sorted(found, key=lambda message: (message.at, message.id))


def labels(reader: str) -> dict[str, str]:
    """Return a reader's topic of each message that has one."""
    lines = (HERE / f"reader-{reader}.tsv").read_text().splitlines()
    return dict(tuple(line.split("\t")) for line in lines)  # type: ignore[misc]


def held_half(all_ids: Iterable[str], first: Labels) -> set[str]:
    """Return the messages of the half that is held back."""
    smallest: dict[str, str] = {}
    for message, topic in first.items():
        smallest[topic] = min(smallest.get(topic, message), message)
    return {
        message
        for message in all_ids
        if sha256(smallest.get(first.get(message, ""), message).encode()).digest()[0]
        % 2
    }


class Decided(NamedTuple):
    """A message, its place in the order, and what the rule decided of it."""

    number: int
    message: Message
    gathered: Gathered


def decide(
    found: Sequence[Message],
    rule: GatheringRule,
    search: Search = Search(),  # noqa: B008
) -> list[Decided]:
    """Decide of each message against all earlier ones, as the job does.

    An automatic link puts a message into the group of the one that it is like. A
    proposal that waits puts it nowhere, as long as nobody answers it.
    """
    index, postings = Index(search), Postings(KEY)
    groups: list[int] = []
    decided = []
    for number, message in enumerate(found):
        made = np.array(postings.of(message.title, message.text), np.uint32)
        candidates = []
        for near in index.nearest(made):
            days = (message.at - found[near.number].at).days
            if days > rule.look_back_days.value:
                continue
            group = ("", str(groups[near.number]))
            likeness = near.likeness(days, Nearness.UNKNOWN)
            candidates.append(
                Candidate(group=group, near=("", str(near.number)), likeness=likeness)
            )
        gathered = gather(candidates, rule)
        linked = gathered.outcome is Gathering.LINK
        groups.append(int(gathered.best[0].candidate.group[1]) if linked else number)
        decided.append(Decided(number, message, gathered))
        index.add(made)
    return decided


def figures(
    decided: Sequence[Decided], chosen: set[str], of: Sequence[Labels]
) -> dict[str, Share]:
    """Return the shares of some messages by the labels of one reader, or of both.

    With both, a pair counts only if they agree about it: a link of which they differ
    is in no share, and a message counts for recall if both give it an earlier one of
    which both say so.
    """
    ids = [line.message.id for line in decided]
    links, right, proposed, good, due, reached, reached_links = 0, 0, 0, 0, 0, 0, 0
    for number, message, gathered in decided:
        if message.id not in chosen:
            continue
        mine = [labelled.get(message.id) for labelled in of]

        def same(other: str, mine: list[str | None] = mine) -> bool | None:
            said = {
                topic is not None and topic == labelled.get(other)
                for topic, labelled in zip(mine, of, strict=True)
            }
            return said.pop() if len(said) == 1 else None

        near = [ids[int(weighed.candidate.near[1])] for weighed in gathered.best]
        said = [same(other) for other in near]
        if gathered.outcome is Gathering.LINK and said[0] is not None:
            links += 1
            right += said[0]
        if gathered.outcome is Gathering.PROPOSE:
            proposed += 1
            good += True in said
        if any(same(other) for other in ids[:number]):
            due += 1
            reached += True in said
            reached_links += gathered.outcome is Gathering.LINK and said[0] is True
    return {
        "precision of links": Share(right, links),
        "recall of links": Share(reached_links, due),
        "recall of links and proposals": Share(reached, due),
        "proposals with a right one": Share(good, proposed),
    }


def main() -> None:
    """Print the figures of the half that was built on, and of the held one."""
    rule = load_rulebook(config_folder()).rules.gathering
    found = messages()
    first, second = labels("a"), labels("b")
    held = held_half((message.id for message in found), first)
    decided = decide(found, rule)
    halves = {"built on": {m.id for m in found} - held}
    if "held" in sys.argv[1:]:
        halves["held"] = held
    for name, chosen in halves.items():
        print(f"{name}: {len(chosen)} messages")
        readers = {"reader A": [first], "reader B": [second], "both": [first, second]}
        for reader, of in readers.items():
            print(f"  {reader}")
            for what, share in figures(decided, chosen, of).items():
                print(f"    {what}: {share}")


if __name__ == "__main__":
    main()
