"""The index decides as its description says, whatever makes it fast (A6)."""

from __future__ import annotations

import os
import random

import numpy as np
import pytest

from bench.gathered.measure import messages
from bench.gathering import texts
from huimin_flow.catalogue.terms import Gathering, Nearness
from huimin_flow.model.sensing.gathering import Candidate, Postings
from huimin_flow.model.sensing.likeness import Index, Near, Search
from huimin_flow.rules.sensing.gathering import gather
from tests.model.sensing.plain_index import PlainIndex
from tests.rules.figures import GATHERING

KEY = bytes(32)


def outcomes(found: list[list[Near]]) -> list[object]:
    """Return what the rule decides of each appeal, with its scores."""
    return [
        gather(
            [
                Candidate(
                    item=str(near.number),
                    near=("", str(near.number)),
                    likeness=near.likeness(0, Nearness.UNKNOWN),
                )
                for near in nears
            ],
            GATHERING,
        )
        for nears in found
    ]


def searched(
    appeals: list[tuple[str, str]], search: Search, asked: int, split: int
) -> tuple[list[list[Near]], list[list[Near]]]:
    """Return what both find of the last ``asked`` appeals, each against all earlier.

    The first ``split`` are sorted into the arrays; so are some of the others, before
    they are added; the last stand beside them.
    """
    postings = Postings(KEY)
    made = [np.array(postings.of(*appeal), np.uint32) for appeal in appeals]
    index, plain = Index(search), PlainIndex(search)
    index.extend(made[: split // 2])
    index.extend(made[split // 2 : split], made[split : split + asked // 2])
    fast, slow = [], []
    for number, each in enumerate(made):
        if number >= len(made) - asked:
            fast.append(index.nearest(each))
            slow.append(plain.nearest(each.tolist()))
        plain.add(each.tolist())
        if number >= split:
            index.add(each)
    return fast, slow


@pytest.mark.parametrize(
    "search",
    [Search(), Search(rarest=9, common=20, compared=5, buckets=1 << 12)],
    ids=["as in use", "much narrower"],
)
def test_invented_appeals_are_decided_as_without_arrays(search: Search) -> None:
    """In the narrower search many words share a bucket, and many are as good."""
    appeals = texts(120, seed=5)
    appeals += random.Random(6).choices(appeals, k=20)
    fast, slow = searched(appeals, search, asked=30, split=100)
    assert any(len(nears) == search.compared for nears in slow)
    assert fast == slow
    decided = outcomes(fast)
    assert decided == outcomes(slow)
    assert {each.outcome for each in decided} >= {Gathering.NEW}  # type: ignore[attr-defined]


def test_real_messages_are_decided_as_without_arrays() -> None:
    if not os.environ.get("HUIMIN_DATA"):
        pytest.skip("HUIMIN_DATA names no folder with the messages")
    appeals = [(message.title, message.text) for message in messages()][:420]
    fast, slow = searched(appeals, Search(), asked=80, split=300)
    assert fast == slow
    assert outcomes(fast) == outcomes(slow)
