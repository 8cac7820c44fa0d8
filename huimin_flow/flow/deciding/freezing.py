"""The freeze of lists: the content is that of the cutoff, however late (B5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from typing import Annotated

from huimin_flow.catalogue.reasons import PublicationCode, Reason, Reasons
from huimin_flow.catalogue.terms import (
    Argument,
    EditionKind,
    EditionState,
    Job,
    RecordStep,
    State,
    Step,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing, InputRefused, StepRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.advance import advance
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.lists import keep_edition
from huimin_flow.model.core import periods
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.rules import SelectionRule
from huimin_flow.model.core.values import Difference
from huimin_flow.model.deciding.lists import (
    CITY,
    Candidate,
    Edition,
    LeftOut,
    ListPreview,
    Place,
    unit_of_list,
)
from huimin_flow.model.evidence import ListingEvidence
from huimin_flow.model.extensions import Refused
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import still_due
from huimin_flow.rules.deciding import lists
from huimin_flow.rules.extensions import refusals_in
from huimin_flow.store.core import repository
from huimin_flow.store.deciding.lists import candidates_at, continued_by_starred


def freeze(
    work: Work, year: int, cut: int, book: Rulebook, *, day: date, by: Actor
) -> tuple[Edition | Refused, ...]:
    """Freeze the lists of the units for ``year``, and draft the areas' proposals.

    Only facts before the cut decide, by the rulebook active then and the units of
    ``day``, the day of the cutoff; so a run on 20 January makes the list of 15
    December. A list that exists already keeps its places, and its next version adds
    the chosen after them. Returns the units' lists, then the areas' proposals, and
    the items that guards of hosts refused.
    """
    organization, rule = book.organization, book.rules.selection
    starred = candidates_at(work.connection, cut)
    starred = lists.of_heirs(starred, organization, day)
    units = organization.listing_units(day)
    by_unit, refused = _chosen(work, str(year), starred, units, rule, book)
    editions = _freeze_units(work, str(year), by_unit, book, by)
    for area, drafted in lists.draft(by_unit, rule).items():
        lead = organization.heir(organization.areas[area].lead_unit, day)
        made = _frozen(str(year), area, lead, drafted.chosen, drafted.left_out)
        proposal = replace(made, kind=EditionKind.PROPOSAL, state=EditionState.DRAFTED)
        editions.append(_record(work, RecordStep.DRAFT, proposal, book, by))
    return *editions, *refused


def freeze_phase(
    work: Work, quarter: str, cut: int, book: Rulebook, *, day: date, by: Actor
) -> tuple[Edition | Refused, ...]:
    """Freeze the lists of a quarter: of each unit with candidates, then the city's.

    Candidates are the items that a judgment placed on the next phase's list. Without
    any there is no list. Otherwise as ``freeze``.
    """
    starred = candidates_at(work.connection, cut)
    starred = lists.of_heirs(starred, book.organization, day)
    placed, rule = lists.in_phase(starred, book.rules.selection)
    if not placed:
        return ()
    by_unit, refused = _chosen(work, quarter, placed, (), rule, book)
    editions = _freeze_units(work, quarter, by_unit, book, by)
    city = _of_city(quarter, by_unit, rule, book.organization.office)
    return *editions, _record(work, RecordStep.FREEZE, city, book, by), *refused


def _chosen(
    work: Work,
    period: str,
    starred: Sequence[Candidate],
    units: Iterable[str],
    rule: SelectionRule,
    book: Rulebook,
) -> tuple[dict[str, lists.Selection], tuple[Refused, ...]]:
    """Choose the units' lists without the items whose listing a host refuses (E1).

    Returns those, too.

    Raises:
        StepRefused: if an extension is not installed, or does not answer.

    """
    if not book.extensions:
        return lists.choose(starred, units, rule), ()
    refused: list[Refused] = []

    def ask(unit: str, selected: lists.Selection) -> dict[str, Reasons]:
        """Ask the guards about the chosen items at the ranks that they would get."""
        more = {}
        edition = _of_unit(period, unit, selected)
        chosen = {place.item for place in selected.chosen}
        for place in _after(edition, _before(work, edition)).places:
            if place.item not in chosen:
                continue
            item = repository.item(work.connection, place.item)
            if item.state is not State.STARRED:
                continue
            changes = {"edition": edition.key, "rank": place.rank}
            kept = work.own_refusal(book, item, Step.ENLIST, changes)
            if kept is not None:
                refused.append(kept)
                more[place.item] = refusals_in(kept.extensions)
        return more

    if work.acts:  # nobody changes an item between the question and the record
        numbers = [each.number for each in starred]
        repository.hold_items(work.connection, numbers)
    return lists.choose(starred, units, rule, ask), tuple(refused)


def _freeze_units(
    work: Work,
    period: str,
    by_unit: Mapping[str, lists.Selection],
    book: Rulebook,
    by: Actor,
) -> list[Edition]:
    """Freeze the units' lists, and enlist their items: each only on its unit's list."""
    editions = []
    for unit, selected in by_unit.items():
        edition = _of_unit(period, unit, selected)
        edition = _after(edition, _before(work, edition))
        unmoved = _enlist(work, edition, selected, book, by)
        edition = replace(edition, unmoved=unmoved)
        editions.append(_record(work, RecordStep.FREEZE, edition, book, by))
    return editions


def _of_unit(period: str, unit: str, selected: lists.Selection) -> Edition:
    return _frozen(period, unit, unit, selected.chosen, selected.left_out)


def _of_city(
    period: str,
    by_unit: Mapping[str, lists.Selection],
    rule: SelectionRule,
    office: str,
) -> Edition:
    """Return the city's list as the rules draft it: area after area (C3)."""
    drafts = lists.draft(by_unit, rule).values()
    places = lists.numbered(drafted.chosen for drafted in drafts)
    out = chain.from_iterable(drafted.left_out for drafted in drafts)
    return _frozen(period, CITY, office, places, out)


def _frozen(
    period: str,
    name: str,
    unit: str,
    places: tuple[Place, ...],
    left_out: Iterable[tuple[str, Reason]],
) -> Edition:
    return Edition(
        key=StreamKind.LIST.key(period, name),
        period=period,
        unit=unit,
        kind=EditionKind.PHASE if "Q" in period else EditionKind.ANNUAL,
        state=EditionState.FROZEN,
        places=places,
        left_out=tuple(LeftOut(item=item, reason=why) for item, why in left_out),
    )


def _before(work: Work, edition: Edition) -> Edition | None:
    return repository.find_record(work.connection, Edition, edition.key)


def _after(edition: Edition, before: Edition | None) -> Edition:
    """Return a list with the places of an existing one of its key first."""
    if before is None:
        return edition
    return replace(edition, places=lists.placed_after(before.places, edition.places))


def _record(
    work: Work, step: RecordStep, edition: Edition, book: Rulebook, by: Actor
) -> Edition:
    """Record a list by the rulebook of its cutoff."""
    before = _before(work, edition)
    return keep_edition(
        work, step, _after(edition, before), before, by=by, rulebook=book.digest
    )


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
def preview(work: Work, period: Annotated[str, Argument.LIST_PERIOD]) -> ListPreview:
    """Return the lists of a year or quarter as a freeze would make them now.

    It names everyone who would not be chosen, the reason, and how far they are from
    it; and each tie with the figure that broke it. Nothing is recorded. Once the lists
    are frozen it says so, and nobody is chosen.

    Raises:
        InputRefused: for another year than this one and the next, or another quarter
            than the present one and the next.

    """
    _require_coming(work, period)
    shown = _previewed(work, work.rulebook, period)
    if shown.cutoff is not None or not _is_frozen(work, period):
        return shown
    city = replace(shown.city, places=(), left_out=())
    return replace(
        shown, units=(), city=city, missed=(), ties=(), continues={}, frozen=True
    )


def _is_frozen(work: Work, period: str) -> bool:
    """Tell whether the lists of the units of a period were frozen."""
    made = repository.records(work.connection, Edition, period)
    return any(unit_of_list(each.key) is not None for each in made)


def _previewed(work: Work, book: Rulebook, period: str) -> ListPreview:
    """Return the lists that a rulebook would make now."""
    cutoff = cutoff_of(work, period)
    day = work.today if cutoff is None else local_day(cutoff)
    starred = candidates_at(work.connection, work.head)
    starred = lists.of_heirs(starred, book.organization, day)
    rule = book.rules.selection
    if "Q" in period:
        starred, rule = lists.in_phase(starred, rule)
    try:
        by_unit, _ = _chosen(work, period, starred, (), rule, book)
    except StepRefused:  # the job will say it; a question shows what it can
        by_unit = lists.choose(starred, (), rule)
    drafts = lists.draft(by_unit, rule)
    selections = (*by_unit.values(), *drafts.values())
    parents = continued_by_starred(work.connection)
    numbers = {each.number for each in starred}
    return ListPreview(
        period=period,
        cutoff=cutoff,
        units=tuple(
            replace(_of_unit(period, unit, selected), state=EditionState.DRAFTING)
            for unit, selected in by_unit.items()
        ),
        city=replace(
            _of_city(period, by_unit, rule, book.organization.office),
            state=EditionState.DRAFTING,
        ),
        missed=tuple(chain.from_iterable(map(lists.missed, selections))),
        ties=tuple(chain.from_iterable(map(lists.ties, by_unit.values()))),
        continues={own: old for own, old in parents.items() if own in numbers},
    )


@question
def effects(work: Work, book: Rulebook) -> tuple[Difference, ...]:
    """Return what a rulebook would change in the standing previews of coming lists.

    A path is the key of a list and an item's number; the values are ranks, None for
    an item that is not on the list (N14).
    """
    quarter = periods.quarters_from(work.today)
    coming = [each for each in (*_years(work.today), *quarter) if cutoff_of(work, each)]
    found: list[Difference] = []
    for period in coming:
        old, new = (
            {
                f"{edition.key} {place.item}": place.rank
                for edition in (preview.city, *preview.units)
                for place in edition.places
            }
            for preview in (
                _previewed(work, each, period) for each in (work.rulebook, book)
            )
        )
        found += (
            Difference(path=path, old=old.get(path), new=new.get(path))
            for path in sorted(old | new)
            if old.get(path) != new.get(path)
        )
    return tuple(found)


def _require_coming(work: Work, period: str) -> None:
    """Refuse a period that is neither the present one nor the next."""
    if "Q" in periods.year_or_quarter(period):
        now, after = periods.quarters_from(work.today)
        earliest = None
    else:
        year, now, after = periods.year(period), *_years(work.today)
        opens = int(after) < year <= date.max.year
        earliest = date(year - 1, 1, 1) if opens else None
    if period not in {now, after}:
        raise InputRefused(
            PublicationCode.NO_PREVIEW,
            period=period,
            now=now,
            next=after,
            earliest=earliest,
        )


def _years(day: date) -> tuple[str, str]:
    return str(day.year), str(day.year + 1)


def cutoff_of(work: Work, period: str) -> datetime | None:
    """Return the moment at which the lists of a period freeze, None if past."""
    job = Job.PHASE_LISTING if "Q" in period else Job.LISTING
    try:
        return still_due(work.rulebook, job, period, work.now)
    except CalendarMissing:
        return None
