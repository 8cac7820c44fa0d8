"""Lists: their readers, and the record of their editions (B5, C3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import (
    Argument,
    EditionKind,
    EditionState,
    Job,
    RecordStep,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.earliest import not_yet
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core import periods
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.lists import (
    Edition,
    Place,
    unit_of_list,
)
from huimin_flow.model.items import Item
from huimin_flow.model.services.ratings import Share
from huimin_flow.states.table import MAIN_LINE
from huimin_flow.store import listings
from huimin_flow.store.core import repository
from huimin_flow.store.deciding.lists import furthest_before


@question
def list_of(work: Work, key: Annotated[str, Argument.LIST]) -> Edition:
    """Return the current version of a list.

    Raises:
        NotFound: if there is no such list; it names a deadline in the future.

    """
    edition = repository.find_record(work.connection, Edition, key)
    if edition is not None:
        return edition
    code, parts = PublicationCode.LIST_UNKNOWN, key.split("/")
    if len(parts) == 3 and parts[0] == "list":
        raise not_yet(work, Job.LISTING, parts[1], code, key=key)
    raise NotFound(code, key=key)


@question
def executed(
    work: Work,
    key: Annotated[str, Argument.LIST],
    *,
    on: date | None = None,
) -> Share:
    """Return how many items of a list were executed or further at a day's end (E2).

    The day is today by default; the items are those of the current version.

    Raises:
        NotFound: if there is no such list.

    """
    numbers = [place.item for place in list_of(work, key).places]
    after = at_hour((on or work.today) + timedelta(days=1), 0)
    reached = furthest_before(work.connection, numbers, after)
    done = MAIN_LINE[MAIN_LINE.index(State.EXECUTED) :]
    return Share(
        part=sum(state in done for state in reached.values()), whole=len(numbers)
    )


@question
def editions(
    work: Work,
    *,
    period: str | None = None,
    unit: str | None = None,
    kind: EditionKind | None = None,
    state: EditionState | None = None,
    item: str | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> list[Edition]:
    """Return the current version of every list, by period and then by unit.

    ``item`` selects the lists that name it.
    A page begins after the key ``after``, without the first ``skip``.

    Raises:
        InputRefused: for a period that is neither a year nor a quarter.

    """
    wanted = _wanted(period, item, unit=unit, kind=kind, state=state)
    return list(
        listings.records(
            work.connection, Edition, wanted, after=after, skip=skip, limit=limit
        )
    )


@question
def count(
    work: Work,
    *,
    period: str | None = None,
    unit: str | None = None,
    kind: EditionKind | None = None,
    state: EditionState | None = None,
    item: str | None = None,
) -> int:
    """Return how many lists ``list`` has with the same filters."""
    wanted = _wanted(period, item, unit=unit, kind=kind, state=state)
    return listings.count_records(work.connection, Edition, wanted)


def _wanted(
    period: str | None, item: str | None, **fields: str | None
) -> dict[str, str | None]:
    """Return filters by fields of a list's record; refuse a period that is none."""
    if period is not None:
        (periods.months_of if "Q" in period else periods.year)(period)
    return {"about": period, "places.item": item, **fields}


def keep_edition(
    work: Work,
    step: RecordStep,
    new: Edition,
    old: Edition | None,
    *,
    by: Actor,
    second: Actor | None = None,
    rulebook: str | None = None,
) -> Edition:
    """Record a list as the next event of its stream, and return it."""
    acting = acting_as(work, by, second, units=(unit_of_list(new.key),))
    return keep_record(
        work, step, new, old, acting, about=new.period, rulebook=rulebook
    )


def place_of(item: Item, rank: int) -> Place:
    """Return an item's place on a list."""
    return Place(
        item=item.number, rank=rank, unit=item.unit, area=item.area, stars=item.stars
    )
