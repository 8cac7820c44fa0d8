"""Regrouping: one demand in several items, or several in one (A6)."""

from __future__ import annotations

from collections.abc import Sequence

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import Step
from huimin_flow.errors import InputRefused
from huimin_flow.flow.advance import advance, bear
from huimin_flow.flow.intake import link
from huimin_flow.flow.sensing import (
    Demand,
    born_of,
    next_number,
    refuse_made_links,
)
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.evidence import MergeEvidence, SplitEvidence
from huimin_flow.model.item import Item
from huimin_flow.model.value import value
from huimin_flow.store import facts, repository


@value
class Part:
    """A child of a split: what it says of itself, and its (channel, key) appeals."""

    demand: Demand
    appeals: tuple[tuple[str, str], ...] = ()


def merge(
    work: Work, number: str, into: str, *, by: Actor, version: int | None = None
) -> Item:
    """Merge an item into another; its appeals follow (A6).

    Raises:
        StepRefused: if either item cannot take part.

    """
    repository.hold_items(work.connection, [number, into])
    item = repository.item(work.connection, number)
    other = repository.item(work.connection, into)
    evidence = MergeEvidence(into=into, into_state=other.state)
    changes = {"merged_into": into, "before": item.state}
    return advance(
        work, number, Step.MERGE, evidence, by=by, changes=changes, version=version
    )


def unmerge(work: Work, number: str, *, by: Actor, version: int | None = None) -> Item:
    """Undo a merge: the item stands where it was, its appeals come back (A6)."""
    changes = {"merged_into": None, "before": None}
    return advance(work, number, Step.UNMERGE, by=by, changes=changes, version=version)


def split(
    work: Work,
    number: str,
    parts: Sequence[tuple[Demand, Sequence[tuple[str, str]]]],
    *,
    by: Actor,
    version: int | None = None,
) -> tuple[Item, ...]:
    """Split an item: children are born, each with the appeals chosen for it (A6).

    Returns the parent and then its children.

    Raises:
        InputRefused: if a child claims an appeal that the parent doesn't hold.

    """
    held = {
        (row["channel"], row["key"])
        for row in facts.appeals_of(work.connection, number)
    }
    children = tuple(next_number(work, work.today) for _ in parts)
    parent = advance(
        work,
        number,
        Step.SPLIT,
        SplitEvidence(children=children),
        by=by,
        version=version,
        named={"children": list(children)},
    )
    born = [parent]
    for child, (demand, appeals) in zip(children, parts, strict=True):
        strangers = set(appeals) - held
        if strangers:
            code = DecisionCode.APPEAL_ELSEWHERE
            raise InputRefused(code, key=min(strangers)[1])
        refuse_made_links(demand)
        changes = born_of(work, demand, work.today) | {"split_from": number}
        born.append(bear(work, child, Step.COLLECT, by=by, changes=changes))
        link(work, child, appeals, by=by)
    return tuple(born)
