"""Lists that were published before the engine began (C5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from huimin_flow.catalogue.reasons import InputCode, PublicationCode
from huimin_flow.catalogue.terms import (
    Comparator,
    Duty,
    EditionKind,
    EditionState,
    IndicatorKind,
    OpeningWord,
    OutcomeKind,
    ProposalField,
    RecordStep,
    SatisfactionMethod,
    Step,
    StreamKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import acting_as, advance
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.lists import keep_edition, place_of
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import from_json, to_plain
from huimin_flow.model.deciding.lists import (
    CITY,
    Edition,
    Place,
)
from huimin_flow.model.evidence import ListingEvidence
from huimin_flow.model.executing.agreements import AgreedOutcome, SatisfactionMeasure
from huimin_flow.model.executing.plans import (
    Indicator,
    OpeningList,
    OpeningTask,
    Plan,
    Task,
)
from huimin_flow.rules.core.due import agenda
from huimin_flow.states.machine import require_road
from huimin_flow.store import listings
from huimin_flow.store.core import repository
from huimin_flow.streams import STREAMS


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
    before = _refuse_own(work, opening.year)
    edition = drafted(work, opening, numbers)
    for place in edition.places:
        advance(
            work,
            place.item,
            Step.ENLIST,
            ListingEvidence(edition=edition.key),
            by=acting_as(work, by, second),
            changes={"edition": edition.key, "rank": place.rank},
        )
    return keep_edition(work, RecordStep.OPEN, edition, before, by=by, second=second)


def opening_values(opening: OpeningList) -> dict[str, str]:
    """Return the values of the proposal to enter a list that names its items."""
    return {
        ProposalField.EDITION.value: StreamKind.LIST.key(opening.year, CITY),
        ProposalField.OPENING.value: canonical(to_plain(opening)).decode(),
    }


def opening_of(values: Mapping[str, str]) -> OpeningList:
    """Return the list that a proposal would enter.

    Raises:
        InputRefused: if its text describes no opening list.

    """
    from pydantic import ValidationError  # noqa: PLC0415 - takes 0.1 s

    try:
        return from_json(OpeningList, values[ProposalField.OPENING])
    except ValidationError as error:
        place = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise InputRefused(PublicationCode.NO_OPENING, place=showable(place)) from None


def may_enter(work: Work, values: Mapping[str, str]) -> None:
    """Refuse a proposal to enter a list that could never be confirmed.

    Raises:
        InputRefused: as ``enter_opening``, or if the list is another year's.
        StepRefused: if an item is not starred.

    """
    opening = opening_of(values)
    key = StreamKind.LIST.key(opening.year, CITY)
    if values[ProposalField.EDITION] != key:
        raise InputRefused(PublicationCode.OPENING_OF_OTHER_YEAR, key=key)
    _refuse_own(work, opening.year)
    for place in drafted(work, opening, opening.numbers).places:
        state = repository.item(work.connection, place.item).state
        require_road(STREAMS[StreamKind.ITEM].life, state, Step.ENLIST, place.item)


def drafted(work: Work, opening: OpeningList, numbers: Mapping[int, str]) -> Edition:
    """Return the edition that an opening list becomes.

    Raises:
        InputRefused: for a list without tasks or from the future, a task or an item
            that is there twice, a task without item, a unit unknown on its day.

    """
    work.happened(opening.dated)
    if not opening.tasks:
        raise InputRefused(PublicationCode.OPENING_EMPTY, year=opening.year)
    tasks = Counter(task.task for task in opening.tasks)
    for number, count in tasks.items():
        if count > 1:
            raise InputRefused(PublicationCode.OPENING_TASK_TWICE, task=number)
    organization = work.rulebook.organization
    for task in opening.tasks:
        if task.task not in numbers:
            raise InputRefused(PublicationCode.ENTRY_WITHOUT_ITEM, task=task.task)
        if organization.unit(task.lead_unit, opening.dated) is None:
            code, unit = InputCode.UNIT_UNKNOWN, showable(task.lead_unit)
            raise InputRefused(code, unit=unit, day=opening.dated)
    items = Counter(numbers[task.task] for task in opening.tasks)
    for item, count in items.items():
        if count > 1:
            raise InputRefused(PublicationCode.OPENING_ITEM_TWICE, item=item)
    return Edition(
        key=StreamKind.LIST.key(opening.year, CITY),
        period=str(opening.year),
        unit=organization.office,
        kind=EditionKind.OPENING,
        state=EditionState.PUBLISHED,
        places=tuple(
            _entry(work, opening, task, numbers[task.task]) for task in opening.tasks
        ),
        note=f"{opening.source},{opening.dated.isoformat()}",
    )


def _entry(work: Work, opening: OpeningList, task: OpeningTask, number: str) -> Place:
    """Return an item's place, with the words of the list that was published."""
    item = repository.item(work.connection, number)
    quotes = (indicator.quote for indicator in task.indicators)
    return replace(
        place_of(work, item, task.task),
        text=task.text,
        targets=(*quotes, *task.deliverables),
        due=opening.due,
    )


def _refuse_own(work: Work, year: int) -> Edition | None:
    """Refuse an opening list for a year whose list the engine makes, or has made.

    A year whose lists were frozen empty, before any item was collected, may be
    opened. An empty list of the city is returned.
    """
    key = StreamKind.LIST.key(year, CITY)
    before = repository.find_record(work.connection, Edition, key)
    if before is not None and before.places:
        code, count = PublicationCode.LIST_FILLED, len(before.places)
        raise InputRefused(code, year=year, count=count)
    made = list(listings.records(work.connection, Edition, {"about": str(year)}))
    until = agenda(work.activations, at_hour(date(year - 1, 12, 31), 0))
    frozen = any((due.job, due.period) == ("listing", str(year)) for due in until.due)
    due_here = not made and (frozen or until.missing)
    if before is None and (due_here or any(each.places for each in made)):
        raise InputRefused(PublicationCode.LIST_MADE_HERE, year=year)
    return before


#: A published list agrees no sample and no mark; these are ours.
_OPENING_SAMPLE: Final = 30
_OPENING_MARK: Final = 80


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
        satisfaction_measure=SatisfactionMeasure(
            method=SatisfactionMethod.SURVEY,
            population=OpeningWord.POPULATION.label,
            size=_OPENING_SAMPLE,
            mark=_OPENING_MARK,
        ),
        outcomes=tuple(
            AgreedOutcome(
                key=f"E{n}",
                kind=kind,
                statement=task.text,
                check=OpeningWord.CHECK.label,
                due=opening.due,
            )
            for n, kind in enumerate(OutcomeKind, 1)
        ),
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
