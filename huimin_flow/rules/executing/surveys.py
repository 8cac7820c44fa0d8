"""Surveys: the draw that anybody can repeat, and the share with its interval (B6, D0).

``draw`` needs no engine. With the seed and the codes of the frame it is ten lines of
any language: sort the codes by the SHA-256 of "seed, line feed, code"; take the first.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Final

from huimin_flow.catalogue.terms import RatingLevel, Sense, UnitKind
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.rules import EvaluationRule
from huimin_flow.model.executing.agreements import SatisfactionMeasure
from huimin_flow.model.executing.surveys import (
    PublicWord,
    Survey,
    SurveyAnswer,
    SurveyResult,
    SurveyShare,
)
from huimin_flow.model.improving.rules import SurveyRule
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import Activation, deadline

#: Enough digits that no rounding of the root shows in two places.
_DIGITS: Final = 50

#: The kinds of units whose ratings are their own; others answer for the whole city.
_LOCAL: Final = frozenset({UnitKind.DISTRICT, UnitKind.ZONE})

_CENT: Final = Decimal("0.01")


def draw(seed: str, codes: Iterable[str], count: int) -> tuple[str, ...]:
    """Return the ``count`` codes that rank first by the SHA-256 of seed and code.

    The order of the codes does not matter.

    >>> draw("7", ("a", "b", "c"), 2)
    ('c', 'b')

    """
    return tuple(sorted(codes, key=lambda code: rank_of(seed, code))[:count])


def rank_of(seed: str, code: str) -> tuple[str, str]:
    """Return by what a code is ranked: the hex SHA-256 of seed and code."""
    return hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest(), code


def frame_digest(codes: Iterable[str]) -> str:
    """Return the hex SHA-256 of all codes, sorted, each with a line feed."""
    whole = hashlib.sha256()
    for code in sorted(codes):
        whole.update(f"{code}\n".encode())
    return whole.hexdigest()


def least(
    measure: SatisfactionMeasure, served: int | None, rule: SurveyRule | None = None
) -> int:
    """Return the least number of valid answers: as agreed, and by the rule.

    A part of a person is a person more: 10 percent of 101 are 11.
    """
    floor = 1 if rule is None else rule.least_answers.value
    return max(measure.size, -(-measure.share * (served or 0) // 100), floor)


def share_of(satisfied: int, answers: int, rule: EvaluationRule) -> SurveyShare:
    """Return a share with the interval by Wilson's formula.

    >>> from huimin_flow.model.core.rules import Figure
    >>> ours = dict.fromkeys(("fulfilment_mark", "satisfaction_mark", "partial_share",
    ...     "least_ratings", "third_party_weight"), Figure(value=1, source="ours"))
    >>> rule = EvaluationRule(**ours, interval_z=Figure(value=196, source="ours"))
    >>> share_of(37, 40, rule).percent, share_of(37, 40, rule).low
    ('92.50', '80.13')

    """
    with localcontext() as context:
        context.prec = _DIGITS
        n, share = Decimal(answers), Decimal(satisfied) / answers
        z = Decimal(rule.interval_z.value) / 100
        spread = z * z / n
        middle = share + spread / 2
        reach = z * ((share * (1 - share) + spread / 4) / n).sqrt()
        low = max(Decimal(0), 100 * (middle - reach) / (1 + spread))
        high = min(Decimal(100), 100 * (middle + reach) / (1 + spread))
        return SurveyShare(
            answers=answers,
            satisfied=satisfied,
            percent=str((100 * share).quantize(_CENT, rounding=ROUND_FLOOR)),
            low=str(low.quantize(_CENT, rounding=ROUND_FLOOR)),
            high=str(high.quantize(_CENT, rounding=ROUND_CEILING)),
        )


def result_of(
    answers: Collection[SurveyAnswer],
    aside: Collection[str],
    survey: Survey,
    book: Rulebook,
) -> SurveyResult:
    """Count the answers of a survey; ``aside`` are the codes of those set aside.

    An answer that was set aside is not valid and not satisfied, but stays in the
    whole: setting one aside never raises a share.
    """
    valid = [answer for answer in answers if answer.code not in aside]
    levels = Counter(answer.level for answer in valid)
    marks: Mapping[Sense, list[RatingLevel]] = {
        sense: [answer.senses[sense] for answer in valid] for sense in survey.senses
    }
    whole, rule = len(answers), book.rules.evaluation
    needed = least(survey.measure, survey.served, book.improving.surveys)

    def share(given: Iterable[RatingLevel]) -> SurveyShare:
        return share_of(sum(not level.bad for level in given), whole, rule)

    return SurveyResult(
        replies=len(valid),
        aside=whole - len(valid),
        enough=len(valid) >= needed,
        share=share(levels.elements()),
        levels={level: levels[level] for level in RatingLevel},
        senses={sense: share(given) for sense, given in marks.items()},
    )


def answers_due(made: Survey, activations: Sequence[Activation]) -> date | None:
    """Return the last day to collect the answers of a survey and to close it.

    The rulebook and the calendar of the due day decide; None without a calendar.
    """

    def days(book: Rulebook) -> int:
        return book.improving.surveys.answer_days.value

    try:
        return deadline(made.drawn_on, activations, days)
    except CalendarMissing:
        return None


def of_round(known: Iterable[Survey], item: Item) -> Survey | None:
    """Return the last of an item's surveys that belongs to its present round.

    One that was drawn for a rectification is no survey of the round: nobody may draw
    again until the result pleases.
    """
    own = (e for e in known if e.rounds == item.rounds and not e.rectification)
    return max(own, key=lambda each: each.key, default=None)


def of_rectification(known: Iterable[Survey], key: str, begun: date) -> Survey | None:
    """Return the last survey that was drawn for a rectification since it began."""
    own = (e for e in known if e.rectification == key and e.drawn_on >= begun)
    return max(own, key=lambda each: each.key, default=None)


def word_of(survey: Survey | None) -> PublicWord:
    """Return what a closed survey says; another one says nothing."""
    if survey is None or survey.result is None:
        return PublicWord()
    result = survey.result
    return PublicWord(
        survey=survey.key,
        replies=result.replies,
        aside=result.aside,
        satisfied=result.share.satisfied,
        served=survey.served,
    )


def rating_units(item: Item, organization: Organization, day: date) -> list[str] | None:
    """Return the units whose ratings tell of an item, None for all of the city.

    What a district or zone leads is told of by its own ratings, and those of the
    units that help it. What a division leads is rated at every window.
    """
    lead = organization.unit(item.unit, day)
    if item.plan is None or lead is None or lead.kind not in _LOCAL:
        return None
    units = {item.unit, *item.plan.partners(item.unit)}
    return sorted(units.union(*(organization.acts_for(unit, day) for unit in units)))
