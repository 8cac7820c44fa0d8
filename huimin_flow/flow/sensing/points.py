"""The registry of direct-report points: set up, changed, taken down; coverage (A2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    PlaceMatch,
    PointLevel,
    PointState,
    PointStep,
    StreamKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, next_key, step_record
from huimin_flow.flow.core.arguments import fit_fields
from huimin_flow.flow.core.reads import record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.places.gazetteer import Locality
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.texts import accepted, pseudonym, required
from huimin_flow.model.core.values import from_plain, value
from huimin_flow.model.sensing.points import PointEntry, ReportingPoint
from huimin_flow.rules.sensing import coverage as rule
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import POINT
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository
from huimin_flow.store.sensing import points as stored


@value
class RefusedPoint:
    """An entry that was not registered: its place in the list, from 1, and why."""

    index: int
    reason: Reason


@value
class PointIntake:
    """The result of registering several points: known ones are not kept again."""

    kept: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[RefusedPoint, ...] = ()


@question
def points(
    work: Work,
    *,
    unit: str | None = None,
    level: PointLevel | None = None,
    state: PointState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[ReportingPoint, ...]:
    """Return the direct-report points, by key.

    ``unit`` selects those of a district. A page begins after the key ``after``, and
    not with the first ``skip``.
    """
    wanted = {"unit": unit, "level": level, "state": state}
    return listings.records(
        work.connection, ReportingPoint, wanted, after=after, skip=skip, limit=limit
    )


@question
def count(
    work: Work,
    *,
    unit: str | None = None,
    level: PointLevel | None = None,
    state: PointState | None = None,
) -> int:
    """Return how many points ``list`` has with the same filters."""
    wanted = {"unit": unit, "level": level, "state": state}
    return listings.count_records(work.connection, ReportingPoint, wanted)


@question
def point(work: Work, key: Annotated[str, Argument.POINT]) -> ReportingPoint:
    """Return a direct-report point.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, ReportingPoint, key)


@question
def coverage(
    work: Work, *, as_of: Annotated[date | None, Argument.AS_OF] = None
) -> rule.PointCoverage:
    """Return per district which levels have a point, and which points are silent (A2).

    Appeals of the period before the day are counted by 10,000 residents (E3). The day
    is today by default; the rulebook is that of the day.

    Raises:
        InputRefused: for a day to come.

    """
    day = work.happened(as_of, Argument.AS_OF)
    book = work.rulebook_on(day)
    known = [
        at_day
        for each in repository.records(work.connection, ReportingPoint)
        if (at_day := each if day == work.today else _then(work, each, day))
    ]
    days = book.channels.points.silent_days.value
    heard = stored.points_heard(work.connection, day)
    places = stored.by_place(work.connection, day, days)
    unnamed = stored.unnamed(work.connection, rule.CHANNEL, day, days)
    return rule.coverage(book, day, known, heard, places, unnamed=unnamed)


def points_by_name(work: Work) -> dict[str, ReportingPoint]:
    """Return the points by key, by number, and by the names that only one has."""
    known = repository.records(work.connection, ReportingPoint)
    names = [each.name for each in known if each.state is PointState.IN_USE]
    named = {each.name: each for each in known if names.count(each.name) == 1}
    numbers = {StreamKind.parse(each.key)[1]: each for each in known}
    return named | numbers | {each.key: each for each in known}


@act(Duty.REPORT)
def add(
    work: Work,
    name: str,
    level: PointLevel,
    locality: Annotated[str, Argument.LOCALITY],
    in_charge: str = "",
    *,
    by: Actor = ACTING,
    opened_on: date | None = None,
) -> ReportingPoint:
    """Set up a direct-report point at a place (A2).

    Raises:
        InputRefused: for a place that is unknown, unclear or wider than the level, a
            second point of the name there, unfit text, or a day to come.
        StepRefused: if the place is another unit's.

    """
    entry = PointEntry(
        name=name,
        level=level,
        locality=locality,
        in_charge=in_charge,
        opened_on=opened_on,
    )
    new = _entered(work, entry)
    same = _same(work, new)
    if same is not None:
        raise InputRefused(InputCode.POINT_TWICE, name=new.name, key=same.key)
    return _set_up(work, new, by)


@act(Duty.REPORT)
def add_all(
    work: Work, points: Sequence[PointEntry], *, by: Actor = ACTING
) -> PointIntake:
    """Set up several points; those that are there already add nothing (A2).

    An entry that is not fit is refused with its place in the list, and the others are
    kept.

    Raises:
        StepRefused: if a place is another unit's; then nothing is kept.

    """
    kept, refused, known = [], [], 0
    for index, entry in enumerate(points, 1):
        try:
            new = _entered(work, entry)
        except InputRefused as refusal:
            refused.append(RefusedPoint(index=index, reason=refusal.reasons[0]))
            continue
        if _same(work, new) is not None:
            known += 1
        else:
            kept.append(_set_up(work, new, by).key)
    return PointIntake(kept=tuple(kept), known=known, refused=tuple(refused))


@act(Duty.REPORT)
def move(
    work: Work,
    key: Annotated[str, Argument.POINT],
    new_name: Annotated[str | None, Argument.NAME] = None,
    locality: Annotated[str | None, Argument.LOCALITY] = None,
    in_charge: str | None = None,
    reason: str = "",
    *,
    by: Actor = ACTING,
) -> ReportingPoint:
    """Change the name, the place or the post in charge of a point; the rest stays.

    Raises:
        InputRefused: as ``add`` does.
        StepRefused: if the old or the new place is another unit's, or it was closed.

    """
    old = record_of(work, ReportingPoint, key)
    require_road(POINT, old.state, PointStep.MOVE, key)
    new = replace(old, reason=accepted(reason, Argument.REASON, longest=500))
    if new_name is not None:
        new = replace(new, name=required(new_name, Argument.NAME, longest=100))
    if in_charge is not None:
        new = replace(new, in_charge=in_charge and pseudonym(in_charge, "in_charge"))
    if locality is not None:
        there = _place(work, locality, old.level)
        new = replace(new, unit=there.district, town=there.town, village=there.village)
    same = _same(work, new)
    if same is not None and same.key != key:
        raise InputRefused(InputCode.POINT_TWICE, name=new.name, key=same.key)
    acting = acting_as(work, by, units=(old.unit, new.unit))
    for unit in (old.unit, new.unit):
        work.duty(by, Duty.REPORT, unit)
    return keep_record(work, PointStep.MOVE, new, old, acting)


@act(Duty.REPORT)
def close(
    work: Work,
    key: Annotated[str, Argument.POINT],
    reason: str,
    *,
    by: Actor = ACTING,
    occurred_on: date | None = None,
) -> ReportingPoint:
    """Take down a point; the appeals that named it keep it (A2).

    Raises:
        InputRefused: without a reason, or for a day to come.
        StepRefused: if it is another unit's, or was taken down before.

    """
    old = record_of(work, ReportingPoint, key)
    work.duty(by, Duty.REPORT, old.unit)
    why = required(reason, Argument.REASON, longest=500)
    day = work.happened(occurred_on)
    return step_record(work, PointStep.TAKE_DOWN, old, by=by, closed_on=day, reason=why)


def _entered(work: Work, entry: PointEntry) -> ReportingPoint:
    """Return the point of an entry, without its key."""
    fit_fields(entry, "points")
    there = _place(work, entry.locality, entry.level)
    in_charge = accepted(entry.in_charge, Argument.IN_CHARGE, longest=100)
    return ReportingPoint(
        key="",
        name=required(entry.name, Argument.NAME, longest=100),
        level=entry.level,
        unit=there.district,
        town=there.town,
        village=there.village,
        opened_on=work.happened(entry.opened_on, Argument.OPENED_ON),
        in_charge=in_charge and pseudonym(in_charge, Argument.IN_CHARGE),
    )


def _place(work: Work, written: str, level: PointLevel) -> Locality:
    """Return the place of a point, cut to its level."""
    text = required(written, Argument.LOCALITY, longest=100)
    organization = work.rulebook.organization
    place = resolver_of(organization).resolve(text, work.today)
    if place.how is PlaceMatch.UNCLEAR:
        units = [organization.name_of(code) for code in place.candidates]
        raise InputRefused(InputCode.PLACE_UNCLEAR, place=text, units=units)
    if not place.district:
        raise InputRefused(InputCode.PLACE_UNKNOWN, place=text)
    parts = {PointLevel.TOWN: place.town, PointLevel.VILLAGE: place.village}
    levels = list(PointLevel)
    for needed in levels[1 : levels.index(level) + 1]:
        if not parts[needed]:
            code = InputCode.PLACE_TOO_WIDE
            raise InputRefused(code, point_level=level, point_lacks=needed, place=text)
    return replace(
        place,
        town="" if level is PointLevel.DISTRICT else place.town,
        village=place.village if level is PointLevel.VILLAGE else "",
    )


def _same(work: Work, new: ReportingPoint) -> ReportingPoint | None:
    """Return the open point with the level, name and place of another."""

    def traits(each: ReportingPoint) -> tuple[str, ...]:
        return each.level, each.name, each.unit, each.town, each.village

    known = repository.records(work.connection, ReportingPoint)
    return next(
        (
            each
            for each in known
            if each.state is PointState.IN_USE and traits(each) == traits(new)
        ),
        None,
    )


def _set_up(work: Work, new: ReportingPoint, by: Actor) -> ReportingPoint:
    """Record a new point under the next key."""
    work.duty(by, Duty.REPORT, new.unit)
    key = StreamKind.POINT.key(next_key(work, StreamKind.POINT, ""))
    acting = acting_as(work, by, units=(new.unit,))
    return keep_record(work, PointStep.SET_UP, replace(new, key=key), None, acting)


def _then(work: Work, now: ReportingPoint, day: date) -> ReportingPoint | None:
    """Return a point as it was at the end of a day, None before its first event."""
    values = [
        event.public["value"]
        for event in history.events_of(work.connection, now.key)
        if local_day(event.at) <= day
    ]
    return from_plain(ReportingPoint, values[-1]) if values else None
