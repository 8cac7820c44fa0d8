"""The tables of surveys: who was drawn, and what they answered (D0)."""

from __future__ import annotations

import sqlalchemy as sa

from huimin_flow.store.core.tables import METADATA


def _place() -> list[sa.Column[int]]:
    """Return the key of a fact: its batch and its line there."""
    return [
        sa.Column("batch", sa.BigInteger, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
    ]


#: The codes that were drawn for a survey, in the order of their rank.
SURVEY_CODES = sa.Table(
    "huimin_survey_code",
    METADATA,
    *_place(),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("survey", "code")),
    sa.UniqueConstraint("survey", "code", name="huimin_survey_code_drawn"),
)

#: Answers of surveys, one a code: ``n`` is 1. A row with ``n`` 2 sets it aside, and
#: has no level. ``gain``, ``happiness``, ``safety`` and ``belonging`` are the levels of
#: the four senses, "" if the survey doesn't ask.
SURVEY_ANSWERS = sa.Table(
    "huimin_survey_answer",
    METADATA,
    *_place(),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("survey", "code")),
    sa.Column("n", sa.Integer, nullable=False),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("level", "gain", "happiness", "safety", "belonging", "reason")
    ),
    sa.UniqueConstraint("survey", "code", "n", name="huimin_survey_answer_once"),
)
