"""A page of problems is what a look at each appeal finds; those alone are counted."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import Gathering
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.gathering import problems
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.sensing.gathering import Likeness, Problem
from huimin_flow.store.core.tables import APPEALS, GATHERED
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.testing import Desk
from tests.flow.sensing.test_answer_queues import TODAY, fill

FIRST = TODAY - timedelta(days=30)


def gather(connection: sa.Connection, random: Random) -> None:
    """Bring some of the appeals together, and propose others; most stay alone."""
    connection.execute(sa.delete(GATHERED))
    query = sa.select(APPEALS.c.channel, APPEALS.c.key).order_by(APPEALS.c.line)
    pairs = [(channel, key) for channel, key in connection.execute(query)]
    outcomes = ("LINK", "LINK", "UNDO", "PROPOSE", "PROPOSE", "NO", "NEW")
    rows = []
    for line in range(1, 30):
        pair = random.choice(pairs)
        first, near = random.choice(pairs[:40]), random.choice(pairs[:40])
        outcome = Gathering[random.choice(outcomes)]
        candidate = {
            "near": near,
            "likeness": to_plain(Likeness(whole=900, within=900, heading=900)),
        }
        group = first if outcome is Gathering.LINK else stored.NOBODY
        score, evidence = random.choice((0, 999)), {"candidates": [candidate]}
        fact = stored.Fact(
            channel=pair[0], key=pair[1], outcome=outcome.value, score=score,
            group_channel=group[0], group_key=group[1],
            near_channel=near[0], near_key=near[1], evidence=json.dumps(evidence),
        )  # fmt: skip
        rows.append({"batch": 99, "line": line, **fact._asdict()})
    connection.execute(sa.insert(GATHERED), rows)


def all_problems(work: Work) -> list[Problem]:
    """Return the problems by reading each appeal."""
    heads = stored.heads(work.connection)
    begun = FIRST - (TODAY - FIRST + timedelta(days=1))
    heard = problems.heard_between(work, begun, TODAY, heads)
    names = {each.told.appeal: name for name, rows in heard.items() for each in rows}
    sizes = {name: len(rows) for name, rows in heard.items()}
    joined = problems.likely(work, names, sizes)
    found: dict[problems.Name, list[problems.Part]] = {}
    for name, rows in heard.items():
        found.setdefault(joined.get(name, name), []).append((name, rows))
    made = [problems.problem_of(parts, FIRST, heads) for parts in found.values()]
    return sorted([each for each in made if each is not None], key=problems.order)


def test_pages_of_problems_are_all_problems_in_their_order(desk: Desk) -> None:
    desk.clock.set(at_hour(TODAY, 12))
    door, items = door_of(desk.flow), [desk.collect().number for _ in range(3)]

    @settings(max_examples=6, phases=[Phase.generate])
    @given(st.integers(0, 2**32))
    def compare(seed: int) -> None:
        random = Random(seed)
        with door.own.begin() as connection:
            fill(connection, random, items)
            gather(connection, random)
        each = door.ask(all_problems)
        span: Any = {"since": FIRST, "until": TODAY}
        page = desk.flow.gathering.groups
        assert desk.flow.gathering.count_groups(**span) == len(each)
        titles = {number: desk.flow.items.get(number).title for number in items}
        each = [problems.titled(problem, titles) for problem in each]
        assert page(**span, limit=1000) == tuple(each)
        for skip in (0, len(each) // 2, random.randrange(len(each))):
            assert page(**span, skip=skip, limit=3) == tuple(each[skip:][:3])
        assert {1, 2} <= {min(problem.appeals, 2) for problem in each}

    compare()
