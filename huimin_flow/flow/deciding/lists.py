"""The December list: frozen as of its cutoff, whenever the job runs (B5, C3, C5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import (
    Comparator,
    Duty,
    EditionKind,
    EditionState,
    IndicatorKind,
    OpeningWord,
    RecordStep,
    State,
    Step,
    StreamKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.advance import acting_as, advance
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.editions import keep_edition
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.lists import CITY, Edition, LeftOut, Place
from huimin_flow.model.evidence import ListingEvidence
from huimin_flow.model.executing.opening import OpeningList, OpeningTask
from huimin_flow.model.executing.plans import Indicator, Plan, Task
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import agenda
from huimin_flow.rules.deciding import lists
from huimin_flow.store.core import repository


def freeze(
    work: Work, year: int, cut: int, book: Rulebook, *, day: date, by: Actor
) -> tuple[Edition, ...]:
    """Freeze the lists of ``year``: one per unit, then the city's.

    Only what was known at the cut decides, by the rulebook active then and the
    units of ``day``, the cutoff's; so a run on 20 January gives the list of 15
    December. A list that exists already keeps its places, and the chosen follow
    them in its next version. Returns the city's list first, then the units'.
    """
    units = book.organization.listing_units(day)
    starred = repository.items_at(work.connection, State.STARRED, cut)
    rule = book.rules.selection
    by_unit, city = lists.consolidate(lists.candidates(starred), units, rule)
    editions = [
        _enlisted(work, year, unit, selected, book, by)
        for unit, selected in by_unit.items()
    ]
    edition = _city(year, book, city, EditionState.FROZEN)
    before, edition = _placed(work, edition)
    frozen = _frozen(work, edition, before, book, by)
    return (frozen, *editions)


def _placed(work: Work, edition: Edition) -> tuple[Edition | None, Edition]:
    """Return what bears a list's key already, and the list with its places first."""
    before = repository.find_record(work.connection, Edition, edition.key)
    if before is None:
        return None, edition
    places = lists.placed_after(before.places, edition.places)
    return before, replace(edition, places=places)


def _frozen(
    work: Work, edition: Edition, before: Edition | None, book: Rulebook, by: Actor
) -> Edition:
    step, digest = RecordStep.FREEZE, book.digest
    return keep_edition(work, step, edition, before, by=by, rulebook=digest)


def preview(work: Work, year: int) -> Edition:
    """Return the city's list as it would be frozen now; nothing is recorded.

    Raises:
        InputRefused: for a year whose list isn't made of what stands now.

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
    starred = repository.items_at(work.connection, State.STARRED, work.head)
    rule = work.rulebook.rules.selection
    _, city = lists.consolidate(lists.candidates(starred), (), rule)
    return _city(year, work.rulebook, city, EditionState.DRAFTING)


def _city(
    year: int, book: Rulebook, city: lists.Selection, state: EditionState
) -> Edition:
    return Edition(
        key=StreamKind.LIST.key(year, CITY),
        period=str(year),
        unit=book.organization.office,
        kind=EditionKind.ANNUAL,
        state=state,
        places=city.chosen,
        left_out=left_out_of(city),
    )


def enter_opening(
    work: Work,
    opening: OpeningList,
    numbers: Mapping[int, str],
    *,
    by: Actor,
    second: Actor,
) -> Edition:
    """Enter a list that was published before the engine began (C5).

    ``numbers`` names the starred item for each task of the list; each is
    enlisted under the opening edition.

    Raises:
        InputRefused: if a task has no item, or the timetable makes that year's
            list itself.
        StepRefused: unless two people stand behind it and every item is starred.

    """
    work.two_people(by, second, Duty.CONFIRM)
    work.happened(opening.dated)
    _refuse_own(work, opening.year)
    missing = [one.task for one in opening.tasks if one.task not in numbers]
    if missing:
        raise InputRefused(PublicationCode.ENTRY_WITHOUT_ITEM, task=missing[0])
    key = StreamKind.LIST.key(opening.year, CITY)
    before = repository.find_record(work.connection, Edition, key)
    edition = _opening_edition(work, opening, numbers, key)
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


def _refuse_own(work: Work, year: int) -> None:
    """Refuse an opening list for a year whose list the engine makes, or has made.

    One that was frozen empty, before any item had been collected, may be opened.
    """
    before = repository.find_record(
        work.connection, Edition, StreamKind.LIST.key(year, CITY)
    )
    if before is not None and before.places:
        code, count = PublicationCode.LIST_FILLED, len(before.places)
        raise InputRefused(code, year=year, count=count)
    until = agenda(work.activations, at_hour(date(year - 1, 12, 31), 0))
    frozen = [one for one in until.due if (one.job, one.period) == _job(year)]
    if before is None and (frozen or until.missing):
        raise InputRefused(PublicationCode.LIST_MADE_HERE, year=year)


def _job(year: int) -> tuple[str, str]:
    """Return the (job, period) that freezes the lists of a year."""
    return "listing", str(year)


def _opening_edition(
    work: Work, opening: OpeningList, numbers: Mapping[int, str], key: str
) -> Edition:
    items = [repository.item(work.connection, numbers[t.task]) for t in opening.tasks]
    return Edition(
        key=key,
        period=str(opening.year),
        unit=work.rulebook.organization.office,
        kind=EditionKind.OPENING,
        state=EditionState.PUBLISHED,
        places=tuple(
            Place(
                item=item.number,
                rank=task.task,
                unit=item.unit,
                area=item.area,
                stars=item.stars,
            )
            for task, item in zip(opening.tasks, items, strict=True)
        ),
        note=f"{opening.source},{opening.dated.isoformat()}",
    )


def opening_plan(opening: OpeningList, task: OpeningTask) -> Plan:
    """Return the plan of a task of the list, with every figure it names.

    Carrier, path and method are the list's own words; the rest is ours.
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


def _enlisted(
    work: Work,
    year: int,
    unit: str,
    selected: lists.Selection,
    book: Rulebook,
    by: Actor,
) -> Edition:
    edition = Edition(
        key=StreamKind.LIST.key(year, unit),
        period=str(year),
        unit=unit,
        kind=EditionKind.ANNUAL,
        state=EditionState.FROZEN,
        places=selected.chosen,
        left_out=left_out_of(selected),
    )
    before, edition = _placed(work, edition)
    chosen = {place.item for place in selected.chosen}
    unmoved = tuple(
        place.item
        for place in edition.places
        if place.item in chosen
        and not _enlist(work, place, edition.key, selected, book, by)
    )
    return _frozen(work, replace(edition, unmoved=unmoved), before, book, by)


def left_out_of(selected: lists.Selection) -> tuple[LeftOut, ...]:
    """Return who was not chosen, as an edition keeps it."""
    return tuple(LeftOut(item=one, reason=why) for one, why in selected.left_out)


def _enlist(
    work: Work,
    place: Place,
    key: str,
    selected: lists.Selection,
    book: Rulebook,
    by: Actor,
) -> bool:
    if repository.item(work.connection, place.item).state is not State.STARRED:
        return False
    verdict = lists.verdict_for(selected, place.item)
    advance(
        work,
        place.item,
        Step.ENLIST,
        ListingEvidence(edition=key, by_job=True, verdict=verdict),
        by=by,
        changes={"edition": key, "rank": place.rank},
        rulebook=book.digest,
    )
    return True
