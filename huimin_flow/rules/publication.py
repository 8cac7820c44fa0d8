"""What is published: a month's scores and colors, a quarter's places (D5, D6, D7).

Pure functions: the engine publishes with them, and an audit computes them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import StreamKind, UnitKind
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.events import Reasons
from huimin_flow.model.core.organization import Unit
from huimin_flow.model.core.periods import last_day, month_bounds, months_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
    Rests,
    UnitScore,
)
from huimin_flow.model.scoring.scores import Colored, Deduction, Ranked, Reading, Score
from huimin_flow.rules.revisions import (
    CONTRIBUTION,
    MEASURING,
    PACING,
    Revisions,
    newest,
)
from huimin_flow.rules.scoring import colors, noise, ranking
from huimin_flow.rules.scoring.measuring import BY_RESIDENTS, MonthFacts
from huimin_flow.rules.scoring.ranking import Month, explained_place, left_out

#: The peer groups: units are compared only with units of their kind (D5).
GROUPS: Final = (
    UnitKind.DISTRICT, UnitKind.ZONE, UnitKind.DIVISION, UnitKind.AGENCY,
)  # fmt: skip

#: From a digest to its rulebook.
Books = Callable[[str], Rulebook]


def month_scored(
    facts: MonthFacts,
    cut: int,
    book: Rulebook,
    revisions: Mapping[str, int] | None = None,
) -> MonthlyScore:
    """Return a month's scores; units that ended in the month are named, not scored.

    ``facts`` are those known at the cut. Without ``revisions`` the newest rules apply.

    Raises:
        NotFound: if this engine doesn't know one of the revisions.

    """
    if revisions is None:
        revisions = newest(MEASURING, PACING, CONTRIBUTION)
    readings = MEASURING.of(revisions)(facts, book, PACING.of(revisions))
    period, off = facts.period, facts.deductions
    last = last_day(period)
    present = book.organization.units_on(last)
    groups = {}
    for kind in GROUPS:
        codes = [unit.code for unit in present if unit.kind is kind and unit.ranked]
        groups[kind] = tuple(
            UnitScore(
                unit=score.unit,
                standing=score.standing,
                index=score.index,
                parts=dict(score.parts),
                missing=score.missing,
                readings={
                    key: by_unit[score.unit]
                    for key, by_unit in readings.items()
                    if score.unit in by_unit
                },
                deductions=off.get(score.unit, ()),
                points_off=points_off(off.get(score.unit, ()), book),
            )
            for score in _scores(tuple(codes), readings, period, book, revisions, off)
        )
    ended = book.organization.gone_within(last.replace(day=1), last)
    return MonthlyScore(
        key=StreamKind.SCORE.key(period),
        period=period,
        cut=cut,
        rulebook=book.digest,
        groups=groups,
        ended=tuple(sorted(ended)),
        revisions=revisions,
    )


def scored_again(
    units: tuple[UnitScore, ...],
    period: str,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> tuple[Score, ...]:
    """Score a published group again from its readings."""
    readings = {
        indicator.key: {
            unit.unit: unit.readings[indicator.key]
            for unit in units
            if indicator.key in unit.readings
        }
        for indicator in book.scoring.index.indicators
    }
    codes = tuple(unit.unit for unit in units)
    deductions = {unit.unit: unit.deductions for unit in units}
    return _scores(codes, readings, period, book, revisions, deductions)


def points_off(deductions: Sequence[Deduction], book: Rulebook) -> int:
    """Return what deductions take off an index together."""
    most = book.improving.spot_checks.most_points.value
    return min(most, sum(each.points for each in deductions))


def explained(month: MonthlyScore, book: Rulebook) -> dict[str, Score]:
    """Return every unit's published score with the tree of its computation (X3).

    ``book`` is the rulebook of its publication.

    Raises:
        InputRefused: if a result differs from the published score.

    """
    scores = {}
    for units in month.groups.values():
        again = scored_again(units, month.period, book, month.revisions)
        for kept, score in zip(units, again, strict=True):
            require_same(kept, score)
            scores[score.unit] = score
    return scores


def require_same(kept: UnitScore, again: Score) -> None:
    """Refuse a recomputed score that differs from the published one.

    Raises:
        InputRefused: if it does.

    """
    before = (kept.standing, kept.index, dict(kept.parts), tuple(kept.missing))
    if before != (again.standing, again.index, dict(again.parts), again.missing):
        raise InputRefused(
            PublicationCode.NOT_WHAT_WAS_PUBLISHED,
            unit=kept.unit,
            period=again.period,
            published=kept.index or "-",
            found=again.index or "-",
        )


def without_residents(book: Rulebook, day: date) -> tuple[Unit, ...]:
    """Return the units of ``day`` that a lack of residents keeps from a figure.

    They succeed units that have residents, or their peer group needs an indicator
    that is counted by residents.
    """
    index, organization = book.scoring.index, book.organization
    counted = {each.key for each in index.indicators if each.counted in BY_RESIDENTS}
    lacking = [*organization.without_residents(day)] if counted else []
    lacking += (
        unit
        for unit in organization.units_on(day)
        if unit.ranked
        and unit.population is None
        and counted & set(index.needed_by(unit.kind))
    )
    return tuple({unit.code: unit for unit in lacking}.values())


def named_reasons(score: Score, book: Rulebook) -> Reasons:
    """Return a score's reasons with the indicators' names instead of their keys."""
    indicators = book.scoring.index.indicators
    names = {indicator.key: indicator.name for indicator in indicators}
    return tuple(
        replace(reason, values={**reason.values, "index_indicator": names[key]})
        for reason in score.reasons
        for key in [str(reason.values["index_indicator"])]
    )


def _scores(
    codes: tuple[str, ...],
    readings: Mapping[str, Mapping[str, Reading]],
    period: str,
    book: Rulebook,
    revisions: Mapping[str, int],
    deductions: Mapping[str, tuple[Deduction, ...]],
) -> tuple[Score, ...]:
    """Score a group; ``readings`` are by indicator, then by unit."""
    sizes = {
        unit.code: unit.population
        for unit in book.organization.units
        if unit.code in codes and unit.population is not None
    }
    index = book.scoring.index
    kind = next((u.kind for u in book.organization.units if u.code in codes), None)
    return CONTRIBUTION.of(revisions)(
        codes,
        readings,
        sizes,
        index,
        period=period,
        needed=index.needed_by(kind),
        deductions=deductions,
        most=book.improving.spot_checks.most_points,
    )


def month_colored(
    scores: MonthlyScore,
    before: MonthlyColors | None,
    scores_before: MonthlyScore | None,
    book: Rulebook,
    books: Books,
    revisions: Mapping[str, int] | None = None,
) -> MonthlyColors:
    """Return a scored month's colors, compared with the month before.

    ``scores_before`` are the scores of the colors ``before``; ``books`` gives the
    rulebooks by which both months were scored and colored. Without ``revisions``
    the newest rule applies.
    """
    revisions = newest(COLORING) if revisions is None else revisions
    colored = COLORING.of(revisions)
    return MonthlyColors(
        key=StreamKind.COLORS.key(scores.period),
        period=scores.period,
        groups={
            kind: colored(kind, scores, before, scores_before, book, books)
            for kind in scores.groups
        },
        revisions=revisions,
        rulebook=book.digest,
        scored=_rests(scores_before, scores),
    )


def quarter_ranked(
    period: str,
    months: Sequence[MonthlyScore | None],
    book: Rulebook,
    books: Books,
    revisions: Mapping[str, int] | None = None,
) -> QuarterlyRanking:
    """Return a quarter's places from its months; a month without scores is None.

    Units that exist on the quarter's last day are ranked; units that were scored or
    ended in the quarter and do not exist on that day are named. ``books`` gives the
    months' rulebooks, whose weights count. Without ``revisions`` the newest rule
    applies.
    """
    revisions = newest(RANKING) if revisions is None else revisions
    places = RANKING.of(revisions)
    first, *_, last = months_of(period)
    organization = book.organization
    present = {unit.code for unit in organization.units_on(last_day(last))}
    gone = organization.gone_within(month_bounds(first)[0], last_day(last))
    groups = [group for scores in months if scores for group in scores.groups.values()]
    scored = {score.unit for group in groups for score in group}
    return QuarterlyRanking(
        key=StreamKind.RANKING.key(period),
        period=period,
        months=months_of(period),
        groups={kind: places(period, months, kind, book, books) for kind in GROUPS},
        revisions=revisions,
        rulebook=book.digest,
        scored=_rests(*months),
        ended=tuple(sorted((scored | gone) - present)),
    )


def _rests(*scores: MonthlyScore | None) -> tuple[Rests, ...]:
    """Return the editions of scores that a publication is computed from."""
    known = [each for each in scores if each is not None]
    return tuple(Rests(period=each.period, edition=each.version) for each in known)


def _weights_of(scores: MonthlyScore, books: Books) -> dict[str, int]:
    """Return the weights by which a month was scored."""
    index = books(scores.rulebook).scoring.index
    return {each.key: each.weight.value for each in index.indicators}


def group_colored(
    kind: UnitKind,
    scores: MonthlyScore,
    before: MonthlyColors | None,
    scores_before: MonthlyScore | None,
    book: Rulebook,
    books: Books,
) -> tuple[Colored, ...]:
    """Return a group's colors, with the causes for units that rose or fell."""
    rule = book.scoring.colors
    now = {unit.unit: unit for unit in scores.groups[kind]}
    values = {code: unit.index for code, unit in now.items()}
    again = scored_again(
        scores.groups[kind], scores.period, books(scores.rulebook), scores.revisions
    )
    last = () if before is None else before.groups.get(kind, ())
    shown = {each.unit: (each.color, each.index) for each in last}
    if scores_before is None:
        shown = {}
    spreads = {
        score.unit: noise.spread(score, rule, shown.get(score.unit, (None,))[0])
        for score in again
    }
    if before is None or scores_before is None:
        return tuple(
            _standing(replace(each, spread=spreads[each.unit]), now[each.unit])
            for each in colors.color(values, {}, rule)
        )
    rule_before = books(before.rulebook).scoring.colors
    old = {unit.unit: unit for unit in scores_before.groups.get(kind, ())}
    weights = _weights_of(scores, books), _weights_of(scores_before, books)
    colored = []
    for each in colors.color(values, shown, rule, rule_before):
        more: Reasons = ()
        if colors.has_changed(each) and each.unit in old:
            unit, most = now[each.unit], rule.named.value
            if each.color is None:
                more = left_out(key for key in unit.missing if key not in unit.parts)
            elif each.before is not None:
                more = colors.causes(unit.parts, old[each.unit].parts, *weights, most)
        reasons, of = each.reasons + more, spreads[each.unit]
        whole = replace(each, reasons=reasons, spread=of)
        colored.append(_standing(whole, now[each.unit]))
    return tuple(colored)


def _standing(colored: Colored, score: UnitScore) -> Colored:
    """Return a unit's color, or without one the class in which it stands."""
    if colored.color is not None:
        return colored
    return replace(colored, standing=score.standing)


def group_ranked(
    period: str,
    quarter: Sequence[MonthlyScore | None],
    kind: UnitKind,
    book: Rulebook,
    books: Books,
) -> tuple[Ranked, ...]:
    """Return places, their steadiness, and the reasons of the first and the last."""
    rules = book.scoring
    present = book.organization.units_on(last_day(months_of(period)[-1]))
    codes = {unit.code for unit in present if unit.kind is kind}
    months = [
        Month(
            scores=tuple(s for s in scores.groups.get(kind, ()) if s.unit in codes),
            weights=_weights_of(scores, books),
        )
        for scores in quarter
        if scores is not None
    ]
    indices: dict[str, list[str | None]] = {}
    for score in (score for month in months for score in month.scores):
        indices.setdefault(score.unit, []).append(score.index)
    values = {
        unit: ranking.quarter_value(of_months, rules.ranking)
        for unit, of_months in indices.items()
    }
    places = ranking.ranked(values)
    steadiness = ranking.steadiness(months, rules.ranking, rules.sensitivity)
    worst = max((each.place for each in places if each.place is not None), default=0)
    placed = {each.unit for each in places if each.place is not None}
    compared = [
        replace(month, scores=tuple(s for s in month.scores if s.unit in placed))
        for month in months
    ]
    explained = []
    for each in places:
        place = each
        if each.place is not None:
            steady = steadiness[each.unit]
            place = replace(each, low=steady.low, high=steady.high, steady=steady.kept)
        if each.place in {1, worst} and worst > 1:
            reasons = explained_place(compared, each.unit, first=each.place == 1)
            place = replace(place, reasons=reasons)
        explained.append(place)
    return tuple(explained)


#: By revision: the function for a peer group's colors of a month.
COLORING: Final = Revisions(colors.RULE, {colors.REVISION: group_colored})
#: By revision: the function for a peer group's places of a quarter.
RANKING: Final = Revisions(ranking.RULE, {ranking.REVISION: group_ranked})
