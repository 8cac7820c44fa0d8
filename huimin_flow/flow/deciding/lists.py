"""The December list: its content is that of its cutoff, however late (B5, C3, C5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import (
    Argument,
    Comparator,
    Duty,
    EditionKind,
    EditionState,
    IndicatorKind,
    Job,
    OpeningWord,
    RecordStep,
    State,
    Step,
    StreamKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import CalendarMissing, InputRefused, NotFound
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, advance, keep_record
from huimin_flow.flow.core.earliest import not_yet
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core import periods
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.lists import (
    CITY,
    Edition,
    LeftOut,
    ListPreview,
    Place,
    unit_of_list,
)
from huimin_flow.model.evidence import ListingEvidence
from huimin_flow.model.executing.plans import (
    Indicator,
    OpeningList,
    OpeningTask,
    Plan,
    Task,
)
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import Share
from huimin_flow.rules.core.due import agenda, still_due
from huimin_flow.rules.deciding import lists
from huimin_flow.states.table import MAIN_LINE
from huimin_flow.store import listings
from huimin_flow.store.core import repository
from huimin_flow.store.deciding.lists import candidates_at, furthest_before


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


def freeze(
    work: Work, year: int, cut: int, book: Rulebook, *, day: date, by: Actor
) -> tuple[Edition, ...]:
    """Freeze the lists of ``year``: one per unit, then the city's.

    Only facts before the cut decide, by the rulebook active then and the units of
    ``day``, the day of the cutoff; so a run on 20 January makes the list of 15
    December. A list that exists already keeps its places, and its next version adds
    the chosen after them. Returns the city's list first, then the units'.
    """
    units, office = book.organization.listing_units(day), book.organization.office
    starred, rule = candidates_at(work.connection, cut), book.rules.selection
    by_unit, city = lists.consolidate(starred, units, rule)
    editions = [
        _freeze_list(work, _annual(year, unit, unit, selected), book, by, selected)
        for unit, selected in by_unit.items()
    ]
    return _freeze_list(work, _annual(year, CITY, office, city), book, by), *editions


def _annual(year: int, name: str, unit: str, selected: lists.Selection) -> Edition:
    return Edition(
        key=StreamKind.LIST.key(year, name),
        period=str(year),
        unit=unit,
        kind=EditionKind.ANNUAL,
        state=EditionState.FROZEN,
        places=selected.chosen,
        left_out=tuple(
            LeftOut(item=item, reason=why) for item, why in selected.left_out
        ),
    )


def _freeze_list(
    work: Work,
    edition: Edition,
    book: Rulebook,
    by: Actor,
    selected: lists.Selection | None = None,
) -> Edition:
    """Record a list; the places of an existing one with its key come first.

    The ``selected`` items are enlisted; an item enters only its own unit's list.
    """
    before = repository.find_record(work.connection, Edition, edition.key)
    if before is not None:
        places = lists.placed_after(before.places, edition.places)
        edition = replace(edition, places=places)
    if selected is not None:
        unmoved = _enlist(work, edition, selected, book, by)
        edition = replace(edition, unmoved=unmoved)
    step, digest = RecordStep.FREEZE, book.digest
    return keep_edition(work, step, edition, before, by=by, rulebook=digest)


def _enlist(
    work: Work, edition: Edition, selected: lists.Selection, book: Rulebook, by: Actor
) -> tuple[str, ...]:
    """Enlist the chosen items of a list; return those that are no longer starred."""
    chosen = {place.item for place in selected.chosen}
    unmoved = []
    for place in edition.places:
        if place.item not in chosen:
            continue
        if repository.item(work.connection, place.item).state is not State.STARRED:
            unmoved.append(place.item)
            continue
        verdict = lists.verdict_for(selected, place.item)
        advance(
            work,
            place.item,
            Step.ENLIST,
            ListingEvidence(edition=edition.key, by_job=True, verdict=verdict),
            by=by,
            changes={"edition": edition.key, "rank": place.rank},
            rulebook=book.digest,
        )
    return tuple(unmoved)


@question
def preview(work: Work, year: int) -> ListPreview:
    """Return the city's list as a freeze would make it now, and who falls out.

    Nothing is recorded.

    Raises:
        InputRefused: for another year than this one and the next.

    """
    now = work.today.year
    if year not in {now, now + 1}:
        raise InputRefused(
            PublicationCode.NO_PREVIEW,
            year=year,
            now=now,
            next=now + 1,
            earliest=date(year - 1, 1, 1) if now + 1 < year <= date.max.year else None,
        )
    starred = candidates_at(work.connection, work.head)
    rule, office = work.rulebook.rules.selection, work.rulebook.organization.office
    by_unit, city = lists.consolidate(starred, (), rule)
    out = (pair for each in (*by_unit.values(), city) for pair in each.left_out)
    try:
        cutoff = still_due(work.rulebook, Job.LISTING, str(year), work.now)
    except CalendarMissing:
        cutoff = None
    made = _annual(year, CITY, office, city)
    return ListPreview(
        edition=replace(made, state=EditionState.DRAFTING),
        cutoff=cutoff,
        left_out=tuple(LeftOut(item=item, reason=why) for item, why in out),
    )


@act(Duty.CONFIRM, two=True)
def enter_opening(
    work: Work,
    opening: OpeningList,
    numbers: Mapping[int, str],
    *,
    by: Actor = ACTING,
    second: Actor,
) -> Edition:
    """Enter a list that was published before the engine began (C5).

    ``numbers`` has the starred item for each task of the list; each is
    enlisted under the opening edition.

    Raises:
        InputRefused: if a task has no item, or the timetable makes that year's
            list itself.
        StepRefused: unless two people confirm it and every item is starred.

    """
    work.two_people(by, second, Duty.CONFIRM)
    work.happened(opening.dated)
    before = _refuse_own(work, opening.year)
    missing = [task.task for task in opening.tasks if task.task not in numbers]
    if missing:
        raise InputRefused(PublicationCode.ENTRY_WITHOUT_ITEM, task=missing[0])
    key = StreamKind.LIST.key(opening.year, CITY)
    edition = Edition(
        key=key,
        period=str(opening.year),
        unit=work.rulebook.organization.office,
        kind=EditionKind.OPENING,
        state=EditionState.PUBLISHED,
        places=tuple(
            place_of(repository.item(work.connection, numbers[task.task]), task.task)
            for task in opening.tasks
        ),
        note=f"{opening.source},{opening.dated.isoformat()}",
    )
    for place in edition.places:
        advance(
            work,
            place.item,
            Step.ENLIST,
            ListingEvidence(edition=key),
            by=acting_as(work, by, second),
            changes={"edition": key, "rank": place.rank},
        )
    return keep_edition(work, RecordStep.OPEN, edition, before, by=by, second=second)


def _refuse_own(work: Work, year: int) -> Edition | None:
    """Refuse an opening list for a year whose list the engine makes, or has made.

    A list that was frozen empty, before any item was collected, may be opened: it
    is returned.
    """
    key = StreamKind.LIST.key(year, CITY)
    before = repository.find_record(work.connection, Edition, key)
    if before is not None and before.places:
        code, count = PublicationCode.LIST_FILLED, len(before.places)
        raise InputRefused(code, year=year, count=count)
    until = agenda(work.activations, at_hour(date(year - 1, 12, 31), 0))
    frozen = any((due.job, due.period) == ("listing", str(year)) for due in until.due)
    if before is None and (frozen or until.missing):
        raise InputRefused(PublicationCode.LIST_MADE_HERE, year=year)
    return before


def opening_plan(opening: OpeningList, task: OpeningTask) -> Plan:
    """Return the plan of a task of the list, with every figure that it names.

    Deliverable and method are the list's own words; the rest are fixed terms.
    """
    milestones = tuple(
        Indicator(
            name=text,
            quote=text,
            kind=IndicatorKind.MILESTONE,
            comparator=Comparator.GE,
            value=1,
            unit=OpeningWord.PIECE.label,
        )
        for text in task.deliverables
    )
    return Plan(
        deliverable=task.text,
        carrier=OpeningWord.CARRIER.label.format(source=opening.source, task=task.task),
        path=OpeningWord.PATH.label,
        method=task.text,
        satisfaction_measure=OpeningWord.MEASURE.label,
        tasks=(
            Task(
                key=f"{opening.year}-{task.task}",
                title=task.title,
                unit=task.lead_unit,
                due=opening.due,
                indicators=(*task.indicators, *milestones),
                curve=task.curve,
            ),
        ),
    )
