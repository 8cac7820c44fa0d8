"""The freeze of lists: the content is that of the cutoff, however late (B5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import (
    EditionKind,
    EditionState,
    Job,
    RecordStep,
    State,
    Step,
    StreamKind,
)
from huimin_flow.errors import CalendarMissing, InputRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.advance import advance
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.lists import keep_edition
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.lists import (
    CITY,
    Edition,
    LeftOut,
    ListPreview,
)
from huimin_flow.model.evidence import ListingEvidence
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import still_due
from huimin_flow.rules.deciding import lists
from huimin_flow.store.core import repository
from huimin_flow.store.deciding.lists import candidates_at


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
