"""Surveys of the people concerned: sample, answers, result (B6, D0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from huimin_flow.catalogue.terms import RatingLevel, Sense, SurveyState
from huimin_flow.model.core.events import RefusedRow
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.agreements import SatisfactionMeasure


@value
class SurveyAnswer:
    """The answer of one drawn person, whom a pseudonymous ``code`` stands for.

    ``senses`` are those that the survey asks about, each with a level.
    """

    code: str
    level: RatingLevel
    senses: Mapping[Sense, RatingLevel] = field(default_factory=dict)


@value
class SurveyShare:
    """How many of some answers are satisfied, with the interval of the share.

    ``percent`` is decimal text with two places, rounded down. ``low`` and ``high``
    are the ends of the interval by Wilson's formula, rounded outwards.
    """

    answers: int
    satisfied: int
    percent: str
    low: str
    high: str


@value
class SurveyResult:
    """What a survey found.

    ``replies`` are the valid answers. ``aside`` were set aside later: they are not
    valid, but stay in the whole of the share, so that nobody gains by it. ``levels``
    count the valid answers. Without ``enough`` of these it is too small to judge by.
    """

    replies: int
    aside: int
    share: SurveyShare
    levels: Mapping[RatingLevel, int]
    senses: Mapping[Sense, SurveyShare] = field(default_factory=dict)
    enough: bool = True


@value
class Survey:
    """A survey about an item in one round of it.

    ``measure`` is what the plan agreed. ``frame`` is the hex SHA-256 of the sorted
    codes of all people served, ``served`` their number. The sample are the ``drawn``
    codes that rank first by the SHA-256 of ``seed`` and code. ``source`` names the
    file of the frame. ``rectification`` is the key of the one for which citizens are
    asked again, "" for the survey of a round.
    """

    key: str
    item: str
    rounds: int
    state: SurveyState
    measure: SatisfactionMeasure
    frame: str
    served: int
    seed: str
    drawn: int
    drawn_on: date
    drawn_by: str
    senses: tuple[Sense, ...] = ()
    source: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    closed_by: str = ""
    result: SurveyResult | None = None
    reason: str = ""
    rectification: str = ""
    version: int = 1


@value
class SurveyIntake:
    """The result of a batch of answers: how many were kept, known already, refused.

    ``batch`` is the number of its event's stream, 0 if no answer was new.
    """

    batch: int
    kept: int
    known: int
    refused: tuple[RefusedRow, ...]
    root: str


@value
class Drawn:
    """A drawn code, and whether it has answered; ``aside`` if that was set aside."""

    code: str
    answered: bool
    aside: bool


@value
class PublicWord:
    """What the people concerned said of an item: its survey, ratings of its services.

    ``survey`` is the key of the closed survey of this round, "" if there is none.
    ``satisfied`` of its ``replies`` are, ``aside`` were set aside, ``served`` is the
    size of the population. ``good`` of the ``ratings`` of the touched service items
    since the assignment are not bad; there are none if the plan names no item.
    """

    survey: str = ""
    replies: int = 0
    aside: int = 0
    satisfied: int = 0
    served: int | None = None
    ratings: int = 0
    good: int = 0
