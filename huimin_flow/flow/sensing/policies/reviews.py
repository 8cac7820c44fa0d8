"""The comparison of measures with what was promised, and the items of its gaps (A5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Final

from huimin_flow.catalogue.terms import (
    Argument,
    Origin,
    PolicyState,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.advance import acting_as, create, keep_record, next_key
from huimin_flow.flow.core.reads import known_unit, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.evidence import Evidence
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.policies import (
    CityMeasure,
    MeasureLine,
    Policy,
    PolicyReview,
)
from huimin_flow.rules.sensing import policies as rules
from huimin_flow.states.table import ENDS
from huimin_flow.store import listings, pasts
from huimin_flow.store.core import repository

#: The longest title of an item, in characters.
_LONGEST: Final = 200


@question
def compare(
    work: Work,
    *,
    policy: Annotated[str | None, Argument.POLICY] = None,
    unit: str | None = None,
) -> tuple[MeasureLine, ...]:
    """Return each measure in force with its promises, progress and people's word now.

    A line names the open item that a former comparison collected for its gap.

    Raises:
        InputRefused: for a code that no unit ever had.
        NotFound: if there is no such policy.

    """
    known_unit(work, unit)
    if policy is not None:
        record_of(work, Policy, policy)
    compared = _compared(work, None, work.today, work.rulebook)
    former = _open_items(work)
    return tuple(
        _line(measure, verdict, former.get(measure.key))
        for measure, verdict in compared
        if policy in {None, measure.policy} and unit in {None, measure.unit}
    )


@question
def reviews(
    work: Work,
    *,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[PolicyReview, ...]:
    """Return the comparisons that the job has made, the newest first (A5).

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        PolicyReview,
        {},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count_reviews(work: Work) -> int:
    """Return how many comparisons there are."""
    return listings.count_records(work.connection, PolicyReview, {})


@question
def reviewed(work: Work, key: Annotated[str, Argument.REVIEW]) -> PolicyReview:
    """Return a comparison as the job has made it: ``policy_review/2026-12``.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, PolicyReview, key)


def review(
    work: Work, period: str, cut: int, book: Rulebook, *, day: date, by: Actor
) -> Sequence[Item | PolicyReview]:
    """Compare all measures at a cut, and collect an item for each new gap (A5).

    A gap whose former item is still open collects no other one. It returns the
    collected items, and then the comparison.
    """
    former = _open_items(work)
    lines: list[MeasureLine] = []
    made: list[Item] = []
    for measure, verdict in _compared(work, cut, day, book):
        item = former.get(measure.key)
        if verdict.passed or item is not None:
            lines.append(_line(measure, verdict, None if verdict.passed else item))
            continue
        new = _collect(work, measure, verdict, by)
        made.append(new)
        lines.append(_line(measure, verdict, new.number, fresh=True))
    key = StreamKind.POLICY_REVIEW.key(period)
    before = repository.find_record(work.connection, PolicyReview, key)
    policies = pasts.records_at(work.connection, StreamKind.POLICY, Policy, None, cut)
    measures = pasts.records_at(
        work.connection, StreamKind.MEASURE, CityMeasure, None, cut
    )
    compared = PolicyReview(
        key=key,
        period=period,
        day=day,
        known=cut,
        lines=tuple(lines),
        silent=rules.silent(policies, measures, work.activations, day),
    )
    kept = keep_record(
        work,
        RecordStep.REVIEW,
        compared,
        before,
        acting_as(work, by),
        about=period,
        rulebook=book.digest,
    )
    return [*made, kept]


def _compared(
    work: Work, cut: int | None, day: date, book: Rulebook
) -> Iterator[tuple[CityMeasure, Verdict]]:
    """Yield each measure that was in force at a cut, with its verdict, by key."""
    connection = work.connection
    policies = pasts.records_at(connection, StreamKind.POLICY, Policy, None, cut)
    known = pasts.records_at(connection, StreamKind.MEASURE, CityMeasure, None, cut)
    measures = sorted(
        (each for each in known if each.state is PolicyState.IN_FORCE),
        key=lambda each: each.key,
    )
    by_key = {policy.key: policy for policy in policies}
    facts = pasts.measures_at(connection, measures, by_key, cut, day, book)
    for measure, each in zip(measures, facts, strict=True):
        yield measure, rules.review(each, book.rules.policies)


def _open_items(work: Work) -> dict[str, str]:
    """Return by measure the item of its gap that is still open."""
    named = {
        line.item: line.measure
        for each in repository.records(work.connection, PolicyReview)
        for line in each.lines
        if line.item is not None
    }
    items = pasts.items_at(work.connection, named, None)
    return {
        named[number]: number
        for number, item in items.items()
        if item.state not in ENDS
    }


def _line(
    measure: CityMeasure, verdict: Verdict, item: str | None, *, fresh: bool = False
) -> MeasureLine:
    return MeasureLine(
        measure=measure.key,
        policy=measure.policy,
        title=measure.title,
        unit=measure.unit,
        verdict=verdict,
        item=item,
        fresh=fresh,
    )


def _collect(work: Work, measure: CityMeasure, verdict: Verdict, by: Actor) -> Item:
    """Collect the item of a gap, whose event has the verdict as its evidence."""
    day = work.today
    named = work.rulebook.rules.policies.gap_title.partition("{title}")
    room = _LONGEST - len(named[0]) - len(named[2])
    changes: dict[str, object] = {
        "title": f"{named[0]}{measure.title[:room]}{named[2]}",
        "description": "",
        "origin": Origin.POLICY,
        "area": measure.area,
        "unit": work.rulebook.organization.heir(measure.unit, day),
        "collected_on": day,
    }
    if measure.items:
        changes["arises_from"] = measure.items[0]
    number = next_key(work, StreamKind.ITEM, day.year)
    evidence = Evidence(verdict=verdict)
    about = {"measure": measure.key}
    return create(
        work, number, Step.COLLECT, evidence, by=by, changes=changes, named=about
    )
