"""Surveys: the drawn codes, the answers, and the ratings of touched services (D0)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import (
    FollowUpState,
    FollowUpStep,
    RatingLevel,
    Sense,
    StreamKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.model.executing.surveys import Drawn, SurveyAnswer
from huimin_flow.store.core.facts import Known
from huimin_flow.store.core.history import TOGETHER, moment_text, rows_naming
from huimin_flow.store.core.tables import (
    EVENTS,
    MONTHS,
    RATINGS,
    SURVEY_ANSWERS,
    SURVEY_CODES,
)

#: ``n`` of an answer, and of the row that sets it aside.
GIVEN: Final = 1
ASIDE: Final = 2

#: The index, from 1, of the transaction in the name of a follow-up's stream.
_AFTER_KIND = len(StreamKind.FOLLOW_UP.key("")) + 1


def code_rows(survey: str, codes: Sequence[str], batch: int) -> list[dict[str, Any]]:
    """Return the rows of the codes that were drawn, in the order of their rank."""
    return [
        {"batch": batch, "line": line, "survey": survey, "code": code}
        for line, code in enumerate(codes, 1)
    ]


def answer_rows(
    survey: str, answers: Sequence[SurveyAnswer], batch: int
) -> list[dict[str, Any]]:
    """Return the rows of a batch of answers."""
    return [
        {
            "batch": batch,
            "line": line,
            "survey": survey,
            "code": answer.code,
            "n": GIVEN,
            "level": answer.level.value,
            **{sense.value: answer.senses.get(sense, "") for sense in Sense},
            "reason": "",
        }
        for line, answer in enumerate(answers, 1)
    ]


def aside_row(survey: str, code: str, reason: str, batch: int) -> dict[str, Any]:
    """Return the row that sets an answer aside."""
    return {
        "batch": batch,
        "line": 1,
        "survey": survey,
        "code": code,
        "n": ASIDE,
        "level": "",
        **{sense.value: "" for sense in Sense},
        "reason": reason,
    }


def codes_of(
    connection: Connection, survey: str, *, known: Known | None = None
) -> list[str]:
    """Return the codes that were drawn for a survey, in the order of their rank."""
    place = SURVEY_CODES.c.batch, SURVEY_CODES.c.line
    query = select(SURVEY_CODES.c.code).where(SURVEY_CODES.c.survey == survey)
    if known is not None:
        query = query.where(known.holds(SURVEY_CODES.c.batch))
    return list(connection.execute(query.order_by(*place)).scalars())


def answers_of(
    connection: Connection, survey: str, *, known: Known | None = None
) -> tuple[list[SurveyAnswer], frozenset[str]]:
    """Return the answers of a survey by code, and the codes of those set aside."""
    table = SURVEY_ANSWERS.c
    query = select(
        table.code, table.n, table.level, *(table[sense.value] for sense in Sense)
    ).where(table.survey == survey)
    if known is not None:
        query = query.where(known.holds(table.batch))
    answers, aside = [], set()
    for code, n, level, *senses in connection.execute(query.order_by(table.code)):
        if n == ASIDE:
            aside.add(code)
            continue
        marks = {
            sense: RatingLevel(mark)
            for sense, mark in zip(Sense, senses, strict=True)
            if mark
        }
        answers.append(SurveyAnswer(code=code, level=RatingLevel(level), senses=marks))
    return answers, frozenset(aside)


def sample(connection: Connection, survey: str) -> tuple[Drawn, ...]:
    """Return the drawn codes of a survey, in the order of their rank."""
    answers, aside = answers_of(connection, survey)
    answered = {answer.code for answer in answers}
    return tuple(
        Drawn(code=code, answered=code in answered, aside=code in aside)
        for code in codes_of(connection, survey)
    )


def count_answers(connection: Connection, survey: str) -> int:
    """Return how many valid answers a survey has."""
    return answer_counts(connection, [survey])[survey]


def answer_counts(connection: Connection, surveys: Sequence[str]) -> dict[str, int]:
    """Return how many valid answers surveys have, by key."""
    table = SURVEY_ANSWERS.c
    query = select(table.survey, table.n, func.count()).group_by(table.survey, table.n)
    counts = dict.fromkeys(surveys, 0)
    rows = rows_naming(connection, query, table.survey, surveys, at_once=TOGETHER)
    for survey, n, count in rows:
        counts[survey] += int(count) if n == GIVEN else -int(count)
    return counts


def rated(
    connection: Connection,
    items: Collection[str],
    units: Collection[str] | None,
    first: date,
    last: date,
    *,
    known: Known | None = None,
    cut: int | None = None,
) -> tuple[int, int]:
    """Return how many ratings service items had in these days, and how many are good.

    ``units`` None is all units. Those that were set aside don't count. ``known`` and
    ``cut`` select an earlier moment.
    """
    table = RATINGS.c
    of_units = () if units is None else (MONTHS.c.unit.in_(units),)
    batches = select(MONTHS.c.batch).where(
        MONTHS.c.month.between(f"{first:%Y-%m}", f"{last:%Y-%m}"), *of_units
    )
    within = [
        table.batch.in_(batches),
        table.item.in_(items),
        table.at >= moment_text(at_hour(first, 0)),
        table.at < moment_text(at_hour(last + timedelta(days=1), 0)),
        *(() if units is None else (table.unit.in_(units),)),
        *(() if known is None else (known.holds(table.batch),)),
    ]
    query = select(table.level, func.count()).where(*within).group_by(table.level)
    levels = {RatingLevel(level): int(n) for level, n in connection.execute(query)}
    aside = (
        select(func.count())
        .select_from(EVENTS)
        .join(RATINGS, table.transaction == func.substr(EVENTS.c.stream, _AFTER_KIND))
        .where(
            EVENTS.c.step == FollowUpStep.SET_ASIDE.value,
            EVENTS.c.target == FollowUpState.SET_ASIDE.value,
            EVENTS.c.at >= moment_text(at_hour(first, 0)),
            *within,
            *(() if cut is None else (EVENTS.c.position <= cut,)),
        )
    )
    ignored = int(connection.execute(aside).scalar_one()) if levels else 0
    good = sum(n for level, n in levels.items() if not level.bad)
    return sum(levels.values()) - ignored, good
