"""What another rulebook would have published: the same facts at the same cuts (N14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from huimin_flow.catalogue.terms import Board, Color, Job, RecordStep
from huimin_flow.clock import local_day
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.scoring.published import (
    monthly_colors,
    monthly_score,
    published_if_any,
    quarterly_ranking,
    scores_of_colors,
)
from huimin_flow.model.core.periods import month, month_before, months_of
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.improving.boards import QuarterlyBoards
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.model.scoring.trials import Otherwise, RuleTrial, UnitTrial
from huimin_flow.rules import publication
from huimin_flow.rules.deciding import lists
from huimin_flow.rules.improving.boards import drawn_up
from huimin_flow.rules.scoring.measuring import facts_needed
from huimin_flow.store import jobs
from huimin_flow.store.core import history, repository
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.deciding.lists import candidates_at
from huimin_flow.store.pasts import boards as stored
from huimin_flow.store.pasts.spot_checks import with_findings
from huimin_flow.store.scoring.months import month_facts

#: By subject: what is published of it.
_Figures = Mapping[str, str | None]
#: The keys of what was tried, with the figures as published and as tried, how good a
#: figure is, and by item its unit.
_Tried = tuple[
    str, _Figures, _Figures, Callable[[str | None], Decimal], Mapping[str, str]
]


@question
def what_if(work: Work, book: Rulebook, first: str, last: str) -> RuleTrial:
    """Return what a rulebook would have changed in what was published (N14).

    From month ``first`` to month ``last``, scores, colors, rankings, boards and the
    lists of units are computed again from the facts known at the cut of each, and held
    against the last edition; lists against their freeze. Nothing is recorded.

    Raises:
        InputRefused: for a wrong month.

    """
    month(first), month(last)
    tried: list[_Tried] = [
        *_months(work, book, first, last),
        *_boards(work, book, first, last),
        *_lists(work, book, first, last),
    ]
    changes = tuple(
        Otherwise(
            key=key,
            subject=subject,
            old=old.get(subject),
            new=new.get(subject),
            gains=worth(new.get(subject)) > worth(old.get(subject)),
            unit=owners.get(subject, subject),
        )
        for key, old, new, worth, owners in tried
        for subject in sorted({*old, *new})
        if old.get(subject) != new.get(subject)
    )
    gains = Counter(each.unit for each in changes if each.gains)
    loses = Counter(each.unit for each in changes if not each.gains)
    units = sorted({*gains, *loses}, key=lambda code: (gains[code] - loses[code], code))
    return RuleTrial(
        rulebook=book.digest,
        first=first,
        last=last,
        tried=tuple(key for key, *_ in tried),
        changes=changes,
        units=tuple(
            UnitTrial(unit=code, gains=gains[code], loses=loses[code]) for code in units
        ),
    )


def _months(work: Work, book: Rulebook, first: str, last: str) -> Iterator[_Tried]:
    """Yield scores, colors and rankings; a month before ``first`` is as published.

    Each is computed from the editions of scores that the published one names.
    """
    again: dict[tuple[str, int], MonthlyScore] = {}
    colors: dict[str, MonthlyColors] = {}

    def books(digest: str) -> Rulebook:
        return book if digest == book.digest else work.rulebook_of(digest)

    def tried(kept: MonthlyScore) -> MonthlyScore:
        if not first <= kept.period <= last:
            return kept
        known = again.get((kept.period, kept.version))
        if known is None:
            needed = facts_needed(book)
            facts = month_facts(work.connection, kept.period, kept.cut, needed)
            facts = with_findings(work.connection, facts, kept.cut, book)
            known = publication.month_scored(facts, kept.cut, book)
            again[kept.period, kept.version] = known
        return known

    for period in repository.periods(work.connection, MonthlyColors):
        if first <= period <= last:
            chart, past = monthly_colors(work, period), month_before(period)
            kept = scores_of_colors(work, chart)
            yield kept.key, _indices(kept), _indices(tried(kept)), _as_number, {}
            before = published_if_any(work, MonthlyColors, past)
            prior = None if before is None else tried(scores_of_colors(work, before))
            colors[period] = publication.month_colored(
                tried(kept), colors.get(past, before), prior, book, books
            )
            yield chart.key, _colors(chart), _colors(colors[period]), _as_color, {}
    for period in repository.periods(work.connection, QuarterlyRanking):
        if first <= months_of(period)[-1] <= last:
            ranking = quarterly_ranking(work, period)
            quarter = [
                tried(monthly_score(work, each.period, each.edition))
                for each in ranking.scored
            ]
            places = publication.quarter_ranked(period, quarter, book, books)
            yield ranking.key, _places(ranking), _places(places), _as_place, {}


def _boards(work: Work, book: Rulebook, first: str, last: str) -> Iterator[_Tried]:
    """Yield the boards, each after the earlier ones as they were tried."""
    tried: dict[str, QuarterlyBoards] = {}
    published = {
        each.period: each for each in stored.published_at(work.connection, None)
    }
    for period, kept in published.items():
        if first <= months_of(period)[-1] <= last:
            again = tried[period] = drawn_up(
                stored.facts_at(
                    work.connection, period, kept.cut, book, stood=kept.stood
                ),
                period,
                stored.open_at(
                    work.connection,
                    kept.cut,
                    before=period,
                    stood=kept.stood,
                    tried=tried,
                ),
                day=kept.day,
                cut=kept.cut,
                stood=kept.stood,
                book=book,
            )
            old, new = (
                {each.item: Board.GOOD.value for each in board.good}
                | {each.item: Board.BAD.value for each in board.bad}
                for board in (kept, again)
            )
            entries = (*again.good, *again.bad, *kept.good, *kept.bad)
            owners = {each.item: each.unit for each in entries}
            yield kept.key, old, new, _as_board, owners


def _lists(work: Work, book: Rulebook, first: str, last: str) -> Iterator[_Tried]:
    """Yield the units' lists that a job froze, each with what was on it before."""
    rule, organization = book.rules.selection, book.organization
    for run in jobs.runs(work.connection):
        day = local_day(moment_of(run.due))
        in_time = first <= f"{day:%Y-%m}" <= last
        if run.job not in {Job.LISTING, Job.PHASE_LISTING} or not in_time:
            continue
        starred = lists.of_heirs(
            candidates_at(work.connection, run.cut), organization, day
        )
        if run.job == Job.PHASE_LISTING:
            placed, of_phase = lists.in_phase(starred, rule)
            by_unit = lists.choose(placed, (), of_phase)
        else:
            by_unit = lists.choose(starred, organization.listing_units(day), rule)
        for edition in repository.records(work.connection, Edition, run.period):
            earlier, frozen = _frozen(work, edition.key)
            if frozen is None:
                continue
            chosen = by_unit.get(edition.unit)
            places = chosen.chosen if chosen is not None else ()
            again = lists.placed_after(earlier.places if earlier else (), places)
            old, new = (
                {place.item: str(place.rank) for place in shown}
                for shown in (frozen.places, again)
            )
            owners = dict.fromkeys({*old, *new}, edition.unit)
            yield edition.key, old, new, _as_place, owners


def _frozen(work: Work, key: str) -> tuple[Edition | None, Edition | None]:
    """Return a unit's list before a job froze it, and as it was frozen."""
    before = None
    for event in history.events_of(work.connection, key):
        edition = from_plain(Edition, event.public["value"])
        if event.step == RecordStep.FREEZE and edition.unit in edition.key:
            return before, edition
        before = edition
    return before, None


def _indices(scores: MonthlyScore) -> dict[str, str | None]:
    return {s.unit: s.index for group in scores.groups.values() for s in group}


def _colors(chart: MonthlyColors) -> dict[str, str | None]:
    return {
        each.unit: each.color.value if each.color else None
        for group in chart.groups.values()
        for each in group
    }


def _places(ranking: QuarterlyRanking) -> dict[str, str | None]:
    return {
        each.unit: str(each.place) if each.place else None
        for group in ranking.groups.values()
        for each in group
    }


def _as_number(index: str | None) -> Decimal:
    return Decimal(-1 if index is None else index)


def _as_color(color: str | None) -> Decimal:
    return Decimal(-1 if color is None else list(Color).index(Color(color)))


def _as_place(place: str | None) -> Decimal:
    return Decimal("-Infinity") if place is None else -Decimal(place)


def _as_board(board: str | None) -> Decimal:
    return Decimal({Board.GOOD.value: 1, Board.BAD.value: -1}.get(board or "", 0))
