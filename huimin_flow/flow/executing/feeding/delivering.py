"""Deliveries of feeds: each figure is kept, known already, or refused by name (E1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from huimin_flow.catalogue.reasons import FeedCode, Reason, Reasons, reason_of
from huimin_flow.catalogue.terms import Argument, DoubtCause, Duty, FeedStep, StreamKind
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import (
    PROGRESS_KIND,
    acting_as,
    keep_batch,
    keep_record,
    permitted,
)
from huimin_flow.flow.core.items import put_in_doubt
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.executing.feeding.register import feed_of
from huimin_flow.flow.executing.progress import (
    ReportedItem,
    checked_report,
    key_of,
)
from huimin_flow.flow.sensing.appeals import keys_and_names
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.events import RefusedRow
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import last_day, month
from huimin_flow.model.core.texts import accepted, showable
from huimin_flow.model.executing.feeds import (
    Business,
    FedFigure,
    Feed,
    FeedIntake,
)
from huimin_flow.model.executing.plans import Plan, Progress
from huimin_flow.rules.executing import feeds as rules
from huimin_flow.rules.executing.figures import LARGEST
from huimin_flow.states.improving import FEED
from huimin_flow.states.machine import require_road
from huimin_flow.store import pasts
from huimin_flow.store.core import facts, positions, repository
from huimin_flow.store.core.tables import BUSINESS, PROGRESS
from huimin_flow.store.executing import feeds as stored

#: The kind of facts of business.
_BUSINESS_KIND = "business"


class _Line(NamedTuple):
    """A figure that is fit by itself, with its line in the delivery."""

    line: int
    new: Progress | Business


@act(Duty.IMPORT)
def deliver(
    work: Work,
    feed: Annotated[str, Argument.FEED],
    figures: Sequence[FedFigure],
    measured_at: datetime | None = None,
    reason: str = "",
    *,
    by: Actor = ACTING,
    lines: Sequence[int] = (),
    refused: Sequence[RefusedRow] = (),
    source: Annotated[str, Argument.SOURCE] = "",
) -> FeedIntake:
    """Keep the figures that a feed brings, and name those that are not kept (E1).

    ``measured_at`` is the source's own moment of all figures that name none. A figure
    that is known with the same moment adds nothing. An older one never replaces a
    newer one, and none replaces a correction by hand unless the delivery states a
    ``reason``. A final evaluation that counted another figure is in doubt then; a task
    that another unit has got is fed no longer by the former one. ``lines`` are the
    lines of ``figures`` in their file (else they count from 1), ``refused`` the rows
    that its reader refused, ``source`` the file's name.

    Raises:
        InputRefused: for unfit text.
        NotFound: if there is no such feed.
        StepRefused: if the actor may not deliver for the feed's unit, or it was ended.

    """
    known = feed_of(work, feed)
    acting = acting_as(work, by, units=(known.unit,))
    require_road(FEED, known.state, FeedStep.DELIVER, known.key)
    permitted(work, known.key, FeedStep.DELIVER, acting, subject=known)
    why = accepted(reason, Argument.REASON, longest=500)
    source = accepted(source, Argument.SOURCE, longest=300)
    refusals = list(refused)
    places = lines or range(1, len(figures) + 1)
    fit: list[_Line] = []
    admit = _business_of if known.of_business else _progress_of
    cache: dict[str, Any] = {}
    for line, figure in zip(places, figures, strict=True):
        at = figure.measured_at or measured_at
        try:
            period = month(figure.month)
            flaw = rules.moment_flaw(period, at, work.now)
            made = admit(work, known, replace(figure, measured_at=at), cache)
        except InputRefused as refusal:
            flaw = refusal.reasons[0]
        if flaw is not None:
            refusals.append(RefusedRow(line=line, reason=flaw))
        else:
            fit.append(_Line(line, made))
    compare = _compared_business if known.of_business else _compared_progress
    fresh, same = compare(work, known, fit, refusals, stated=bool(why))
    if why:
        fresh = [
            replace(new, note=why) if isinstance(new, Progress) else new
            for new in fresh
        ]
    return _keep(work, known, fresh, same, refusals, source, by)


def miss(work: Work, key: str, reasons: Reasons, *, by: Actor) -> Feed:
    """Record that a pull of a feed brought nothing, and why (E1).

    Raises:
        StepRefused: if the actor may not run the timetable, or the feed was ended.

    """
    old = feed_of(work, key)
    acting = acting_as(work, by, units=(old.unit,))
    new = replace(old, missed=reasons, missed_at=work.now)
    return keep_record(work, FeedStep.MISS, new, old, acting)


def _progress_of(
    work: Work, feed: Feed, figure: FedFigure, items: dict[str, ReportedItem]
) -> Progress:
    """Return the report of a figure, of an indicator that the feed supplies."""
    named = (figure.item, figure.task, figure.indicator)
    if named == ("", "", "") and len(feed.indicators) == 1:
        (only,) = feed.indicators
        named = (only.item, only.task, only.indicator)
    supplied = rules.supplied([feed])
    if named not in supplied:
        raise InputRefused(
            FeedCode.OTHER_FIGURE,
            feed=feed.key,
            given=showable("/".join(named)),
            known=["/".join(each) for each in supplied],
        )
    item, task, indicator = named
    report = Progress(
        item=item,
        task=task,
        indicator=indicator,
        month=figure.month,
        value=figure.value,
        denominator=figure.denominator,
        members=figure.members,
    )
    checked = checked_report(work, report, items, None)
    # A task that another unit has got since is not reported by the former one.
    organization, day, about = work.rulebook.organization, work.today, items[item].item
    (owner,) = {each.unit for each in (about.plan or Plan()).tasks if each.key == task}
    may = {organization.heir(unit, day) for unit in (owner, about.unit)}
    may.add(organization.office)
    if not feed.citywide and organization.heir(feed.unit, day) not in may:
        code, name = FeedCode.TASK_MOVED, organization.name_of(owner)
        raise InputRefused(code, feed=feed.key, unit=name)
    return replace(checked, feed=feed.key, measured_at=figure.measured_at)


def _business_of(
    work: Work, feed: Feed, figure: FedFigure, cache: dict[str, Any]
) -> Business:
    """Return the business of a figure, of a known service item and unit."""
    if "services" not in cache:
        book = work.rulebook
        items = ((item.key, item.name) for item in book.services.items)
        cache["services"] = keys_and_names(items)
        cache["directory"] = Directory(book.organization)
        own = book.organization.answers_for(feed.unit, work.today) | {feed.unit}
        cache["own"] = own
    fields = {Argument.SERVICE: figure.service, Argument.UNIT: figure.unit}
    lacking = [word for word, text in fields.items() if not text.strip()]
    if lacking:
        raise InputRefused(
            FeedCode.FIGURE_INCOMPLETE, feed=feed.key, fields=[w.label for w in lacking]
        )
    service = cache["services"].get(figure.service)
    if service is None:
        raise InputRefused(FeedCode.SERVICE_UNKNOWN, given=showable(figure.service))
    organization = work.rulebook.organization
    named = f"{figure.month}/{figure.unit}"
    if named not in cache:
        end = min(last_day(figure.month), work.today)
        cache[named] = cache["directory"].unit(figure.unit, end, exact=True).code
    unit = cache[named]
    if not feed.citywide and unit not in cache["own"]:
        raise InputRefused(
            FeedCode.OTHER_UNIT, feed=feed.key, unit=organization.name_of(unit)
        )
    if not 0 <= figure.value <= LARGEST:
        code = FeedCode.COUNT_UNFIT
        raise InputRefused(code, service=service, given=figure.value)
    if figure.measured_at is None:
        raise InputRefused(FeedCode.MEASURED_MISSING)
    return Business(
        service=service,
        unit=unit,
        month=figure.month,
        value=figure.value,
        feed=feed.key,
        measured_at=figure.measured_at,
    )


def _compared_progress(
    work: Work,
    feed: Feed,
    fit: Sequence[_Line],
    refusals: list[RefusedRow],
    *,
    stated: bool,
) -> tuple[list[Progress | Business], int]:
    """Return the reports to keep, in the order of months, and how many are known."""
    totals = {
        (each.item, each.task, each.indicator)
        for each in feed.indicators
        if each.running_total
    }
    reports = [(line, new) for line, new in fit if isinstance(new, Progress)]
    items = sorted({new.item for _, new in reports})
    repository.hold_items(work.connection, items)
    known: dict[rules.Supplied, dict[str, Progress]] = defaultdict(dict)
    for own in facts.progress_by_item(work.connection, items).values():
        for report in own:
            known[report.item, report.task, report.indicator][report.month] = report
    coming: dict[rules.Supplied, set[str]] = defaultdict(set)
    for _, new in reports:
        coming[new.item, new.task, new.indicator].add(new.month)
    fresh: list[Progress | Business] = []
    seen: dict[tuple[str, ...], Progress] = {}
    same = 0
    for line, new in sorted(reports, key=lambda each: each[1].month):
        about = new.item, new.task, new.indicator
        first = seen.setdefault(key_of(new), new)
        settled: Progress | Reason | None = _twice(first, new)
        if first is new:
            settled = rules.settled(
                rules.own_figure(new, known[about], coming[about])
                if about in totals
                else new,
                known[about].get(new.month),
                stated=stated,
            )
        if settled is None:
            same += 1
        elif isinstance(settled, Reason):
            refusals.append(RefusedRow(line=line, reason=settled))
        else:
            known[about][new.month] = settled
            fresh.append(settled)
    return fresh, same


def _compared_business(
    work: Work,
    feed: Feed,
    fit: Sequence[_Line],
    refusals: list[RefusedRow],
    *,
    stated: bool,
) -> tuple[list[Progress | Business], int]:
    """Return the business to keep, and how much of it is known already."""
    cases = [(line, new) for line, new in fit if isinstance(new, Business)]
    known = stored.business_in(work.connection, {new.month for _, new in cases})
    others = {case.feed for case in known.values()} - {feed.key}
    rivals = {other for other in others if rules.is_open(feed_of(work, other))}
    fresh: dict[tuple[str, str, str], Progress | Business] = {}
    same = 0
    for line, new in cases:
        key = new.service, new.unit, new.month
        first, before = fresh.get(key), known.get(key)
        settled: Business | Reason | None
        if first is not None:
            settled = _twice(first, new)
        elif before is not None and before.feed in rivals:
            values = {"month": new.month, "indicator": new.service}
            settled = reason_of(FeedCode.OTHER_FEED, values | {"feed": before.feed})
        else:
            settled = rules.settled(new, before, stated=stated)
        if settled is None:
            same += 1
        elif isinstance(settled, Reason):
            refusals.append(RefusedRow(line=line, reason=settled))
        else:
            fresh[key] = settled
    return list(fresh.values()), same


def _twice(first: Progress | Business, new: Progress | Business) -> Reason | None:
    """Return the reason why two figures of one delivery differ, None if they agree."""
    if first == new:
        return None
    about = new.service if isinstance(new, Business) else new.indicator
    values = {"month": new.month, "indicator": about}
    return reason_of(FeedCode.TWO_FIGURES, values)


def _keep(
    work: Work,
    feed: Feed,
    fresh: Sequence[Progress | Business],
    known: int,
    refusals: Iterable[RefusedRow],
    source: str,
    by: Actor,
) -> FeedIntake:
    """Keep the rows with the event that proves them, and what the feed has brought."""
    refused = tuple(sorted(refusals, key=lambda row: row.line))
    if not fresh:
        return FeedIntake(batch=0, kept=0, known=known, refused=refused, root="")
    batch = positions.next_number(work.connection, StreamKind.BATCH)
    reports = [new for new in fresh if isinstance(new, Progress)]
    cases = [new for new in fresh if isinstance(new, Business)]
    kind, table = PROGRESS_KIND, PROGRESS
    rows = facts.progress_rows(reports, batch)
    if feed.of_business:
        kind, table = _BUSINESS_KIND, BUSINESS
        rows = stored.business_rows(cases, batch)
    facts.keep(work.connection, table, rows)
    root = facts.root_of(rows)
    keep_batch(
        work,
        kind,
        batch,
        len(rows),
        root,
        by=by,
        units=(feed.unit,),
        known=known,
        step=FeedStep.DELIVER,
        feed=feed.key,
        refused=dict(Counter(str(row.reason.code) for row in refused)),
        source=source,
    )
    moments = [new.measured_at for new in fresh if new.measured_at is not None]
    newest = max(filter(None, (*moments, feed.measured_at)))
    new = replace(
        feed,
        measured_at=newest,
        arrived_at=work.now,
        batch=batch,
        missed=(),
        missed_at=None,
    )
    acting = acting_as(work, by, units=(feed.unit,))
    keep_record(work, FeedStep.DELIVER, new, feed, acting)
    corrected = pasts.items_at(work.connection, {each.item for each in reports}, None)
    judged = (item for _, item in sorted(corrected.items()))
    put_in_doubt(work, judged, DoubtCause.PROGRESS, by=by)
    return FeedIntake(
        batch=batch, kept=len(rows), known=known, refused=refused, root=root
    )
