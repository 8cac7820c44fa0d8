"""Acts that merge and split items, with their appeals (A6)."""

from __future__ import annotations

from collections.abc import Sequence

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import Duty, Step, StreamKind
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import advance, create, next_key
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.appeals import link
from huimin_flow.flow.sensing.gathering.keeping import take_along
from huimin_flow.flow.sensing.items import Demand, first_facts, refuse_made_links
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import MergeEvidence, SplitEvidence
from huimin_flow.model.items import Item
from huimin_flow.store.core import repository
from huimin_flow.store.sensing import tallies


@value
class Part:
    """A child of a split: its first facts, and its appeals as (channel, key)."""

    demand: Demand
    appeals: tuple[tuple[str, str], ...] = ()


@act(Step.MERGE)
def merge(
    work: Work,
    number: str,
    into: str,
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Merge an item into another; its appeals move too (A6).

    Raises:
        StepRefused: if one of the items cannot be merged.

    """
    repository.hold_items(work.connection, [number, into])
    item = repository.item(work.connection, number)
    other = repository.item(work.connection, into)
    evidence = MergeEvidence(into=into, into_state=other.state)
    changes = {"merged_into": into, "before": item.state}
    return advance(
        work, number, Step.MERGE, evidence, by=by, changes=changes, version=version
    )


@act(Step.UNMERGE)
def unmerge(
    work: Work, number: str, *, by: Actor = ACTING, version: int | None = None
) -> Item:
    """Undo a merge: the item has its former state and its appeals again (A6).

    Raises:
        NotFound: if the item doesn't exist.
        StepRefused: if the actor may not, or the item doesn't stand where it can be.
        ItemMoved: if it has more steps than ``version``.

    """
    into = repository.item(work.connection, number).merged_into
    changes = {"merged_into": None, "before": None}
    item = advance(work, number, Step.UNMERGE, by=by, changes=changes, version=version)
    if into is not None:  # what came because it is like one of these comes along
        take_along(work, number, into, by=by)
    return item


@act(Step.SPLIT, Step.COLLECT, Duty.IMPORT)
def split(
    work: Work,
    number: str,
    parts: Sequence[tuple[Demand, Sequence[tuple[str, str]]]],
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> tuple[Item, ...]:
    """Split an item into new child items, each with its chosen appeals (A6).

    Returns the parent and then its children.

    Raises:
        InputRefused: if a child names an appeal that the parent doesn't have.

    """
    held = {
        (row["channel"], row["key"])
        for row in tallies.appeals_of(work.connection, number)
    }
    children = tuple(next_key(work, StreamKind.ITEM, work.today.year) for _ in parts)
    parent = advance(
        work,
        number,
        Step.SPLIT,
        SplitEvidence(children=children),
        by=by,
        version=version,
        named={"children": list(children)},
    )
    made = [parent]
    for child, (demand, appeals) in zip(children, parts, strict=True):
        foreign = set(appeals) - held
        if foreign:
            code = DecisionCode.APPEAL_ELSEWHERE
            raise InputRefused(code, key=min(foreign)[1])
        refuse_made_links(demand)
        changes = first_facts(work, demand, work.today) | {"split_from": number}
        made.append(create(work, child, Step.COLLECT, by=by, changes=changes))
        link(work, child, appeals, by=by)
    return tuple(made)
