"""Keeping what came together: the facts, and the links that follow from them (A6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huimin_flow.catalogue.terms import Gathering, RecordStep, StreamKind
from huimin_flow.flow.core.advance import keep_batch
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.store.core import facts, positions, repository
from huimin_flow.store.core.tables import GATHERED, LINKS
from huimin_flow.store.sensing import gathering as stored
from huimin_flow.store.sensing import groups, tallies
from huimin_flow.store.sensing.gathering import NOBODY, Fact, Pair


def keep(
    work: Work,
    kept: Sequence[Fact],
    linked: Sequence[tuple[Pair, str]],
    step: RecordStep = RecordStep.KEEP,
    *,
    by: Actor,
) -> int:
    """Keep facts, and the links to items that follow; return the batch of the facts."""
    numbers = sorted({item for _, item in linked if item})
    repository.hold_items(work.connection, numbers)
    units = tuple(
        dict.fromkeys(repository.item(work.connection, item).unit for item in numbers)
    )
    if linked:
        batch = positions.next_number(work.connection, StreamKind.BATCH)
        rows: list[dict[str, Any]] = []
        for pair, item in linked:
            (row,) = facts.link_rows([pair], item, batch)
            rows.append(row | {"line": len(rows) + 1})
        facts.keep(work.connection, LINKS, rows)
        root = facts.root_of(rows)
        keep_batch(work, "links", batch, len(rows), root, by=by, units=units, step=step)
    if not kept:
        return 0
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    rows = stored.fact_rows(kept, batch)
    facts.keep(work.connection, GATHERED, rows)
    root = facts.root_of(rows)
    keep_batch(work, "gathered", batch, len(rows), root, by=by, units=units, step=step)
    return batch


def company(work: Work, pairs: Sequence[Pair], item: str) -> list[Fact]:
    """Return the facts by which the groups of loose appeals follow them to an item.

    Who says of an appeal where it belongs says it of its whole group: otherwise the
    group would be torn apart. An appeal that is alone has no fact.
    """
    found: dict[Pair, Fact] = {}
    for pair, group in groups.loose_groups(work.connection, pairs).items():
        if len(group) > 1 and pair not in found:
            found |= {fact.pair: fact for fact in moved(group, Gathering.JOIN, item)}
    return list(found.values())


def moved(
    together: Sequence[Pair],
    outcome: Gathering,
    item: str,
    group: Pair = NOBODY,
    near: Pair = NOBODY,
    score: int = 0,
) -> list[Fact]:
    """Return the facts by which appeals go to an item or a group, the first leading."""
    leader = together[0]
    return [
        Fact(
            *each,
            outcome.value,
            item,
            *group,
            *(near if each == leader else leader),
            score if each == leader else 0,
        )
        for each in together
    ]


def open_facts(told: Sequence[Fact]) -> list[Fact]:
    """Return the proposals about an appeal, by its facts, that nobody has answered."""
    if any(fact.outcome in stored.JOINS for fact in told):
        return []
    refused = {fact.near for fact in told if fact.outcome == Gathering.NO}
    return [
        fact
        for fact in told
        if fact.outcome == Gathering.PROPOSE and fact.near not in refused
    ]


def take_along(work: Work, number: str, into: str, *, by: Actor) -> None:
    """Link to an item what came to another one because it is like its appeals."""
    connection, names = work.connection, ("channel", "key")
    family = tallies.family(connection, number)[0]
    own = {tuple(row) for row in tallies.linked_rows(connection, family, None, names)}
    rows = tallies.linked_rows(connection, [into], None, names)
    came: dict[Pair, Fact] = {}
    for told in stored.of_appeals(connection, [*map(tuple, rows)]).values():
        for fact in [each for each in told if each.outcome in stored.PLACED][-1:]:
            if fact.item == into:
                came[fact.pair] = fact
    kept: list[Fact] = []
    while more := [fact for fact in came.values() if fact.near in own]:
        own |= {fact.pair for fact in more}
        for fact in more:
            del came[fact.pair]
            joined = Gathering.JOIN.value
            kept.append(fact._replace(outcome=joined, item=number, evidence=""))
    keep(work, kept, [(fact.pair, number) for fact in kept], by=by)
