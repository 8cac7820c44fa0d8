"""The act that collects an item, and its first facts (A2–A5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    LifeStage,
    Origin,
    Step,
    StreamKind,
    UnitKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import create, next_key
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.core.values import value
from huimin_flow.model.items import Item
from huimin_flow.store.core import repository

#: How many characters a title may have.
TITLE = 200


@value
class Demand:
    """The facts of a new item when it is collected."""

    title: str
    origin: Origin
    area: Area
    unit: str
    description: str = ""
    life_stage: LifeStage = LifeStage.ALL
    continues: str | None = None
    responds_to: str | None = None
    arises_from: str | None = None
    split_from: str | None = None


@act(Step.COLLECT)
def collect(
    work: Work, demand: Demand, *, by: Actor = ACTING, occurred_on: date | None = None
) -> Item:
    """Collect a new item (A3–A5); numbers count within the year.

    Raises:
        InputRefused: for unfit text, an unknown unit, a future day, or a link
            that only a step of its own creates.
        NotFound: if an item that it names as its origin doesn't exist.

    """
    day = work.happened(occurred_on)
    refuse_made_links(demand)
    changes = first_facts(work, demand, day)
    number = next_key(work, StreamKind.ITEM, day.year)
    return create(work, number, Step.COLLECT, by=by, changes=changes, occurred_on=day)


#: Links that only a step of their own creates, after it has checked the parent.
MADE: Mapping[str, Step] = {
    "continues": Step.CARRY_OVER,
    "responds_to": Step.RESPOND,
    "split_from": Step.SPLIT,
}


def refuse_made_links(demand: Demand) -> None:
    """Refuse a demand with a link that only a step of its own creates.

    Raises:
        InputRefused: naming the step that creates such a link.

    """
    for field, step in MADE.items():
        if getattr(demand, field) is not None:
            raise InputRefused(
                InputCode.LINK_MADE_BY_STEP, argument=field, path=field, step=step
            )


def first_facts(work: Work, demand: Demand, day: date) -> dict[str, object]:
    """Return the checked first facts of an item.

    Raises:
        InputRefused: for unfit text, a unit that doesn't exist on ``day``, or an
            auditor, who handles no items. A unit is named by its code or official
            name; one that ended is accepted while its people work, for its
            successor.
        NotFound: if an item that it names doesn't exist.

    """
    organization = work.rulebook.organization
    owner = organization.unit(demand.unit, day)
    if owner is None:
        owner = Directory(organization).unit(demand.unit, day, exact=True)
    if owner.kind is UnitKind.AUDITOR:
        raise InputRefused(InputCode.UNIT_IS_AUDITOR, unit=owner.name)
    changes: dict[str, object] = {
        "title": required(demand.title, Argument.TITLE, longest=TITLE),
        "description": accepted(demand.description, Argument.DESCRIPTION, lines=True),
        "origin": demand.origin,
        "area": demand.area,
        "unit": organization.heir(owner.code, work.today),
        "life_stage": demand.life_stage,
        "collected_on": day,
    }
    for field in ("continues", "responds_to", "arises_from", "split_from"):
        other = getattr(demand, field)
        if other is not None:
            repository.item(work.connection, other)
            changes[field] = other
    return changes
