"""What a rectification's acceptance may rest on: only what came after it began."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from huimin_flow.catalogue.terms import RatingLevel, RectificationState, SurveyState
from huimin_flow.model.executing.agreements import SatisfactionMeasure
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.executing.surveys import Survey, SurveyResult, SurveyShare
from huimin_flow.model.improving.rectification import CitizensWord, Rectification
from huimin_flow.rules.improving.rectification import Basis, fresh, second_word
from tests.rules.figures import IMPROVING

BEGUN, DAY = date(2024, 4, 8), date(2024, 5, 6)
ITEM = "2024-000001"
MADE = Rectification(
    key="rectification/2024-0001", item=ITEM, unit="500101",
    state=RectificationState.SUBMITTED, cause="", opened_on=date(2024, 3, 1),
    opened_by="office-1", known=7, returned_on=BEGUN,
)  # fmt: skip
RATINGS = CitizensWord(source="ratings", answers=7, good=6)
SURVEY = Survey(
    key=f"survey/{ITEM}/02", item=ITEM, rounds=0, state=SurveyState.CLOSED,
    measure=SatisfactionMeasure(), frame="", served=40, seed="", drawn=20,
    drawn_on=BEGUN, drawn_by="office-1", closed_on=date(2024, 4, 20),
    result=SurveyResult(
        replies=20, aside=0, levels={RatingLevel.SATISFIED: 15},
        share=SurveyShare(
            answers=20, satisfied=15, percent="75.00", low="53.12", high="88.82"
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("month", "ended", "counts"),
    [
        ("2024-03", None, False),
        ("2024-04", None, True),
        ("2024-05", None, True),
        ("2024-02", "2024-03", False),
        ("2024-03", "2024-03", True),
        ("2024-03", "2024-06", False),
    ],
)
def test_a_figure_of_a_month_before_measures_nothing_new(
    month: str, ended: str | None, *, counts: bool
) -> None:
    told = Progress(item=ITEM, task="T1", indicator="甲", month=month, value=9)
    assert bool(fresh(MADE, Basis([told], RATINGS, ended))) is counts


def test_only_a_survey_drawn_and_closed_since_is_a_second_word() -> None:
    def word(**more: object) -> str:
        survey = replace(SURVEY, **more)  # type: ignore[arg-type]
        return second_word(MADE, [survey], RATINGS, DAY, IMPROVING.rectification).source

    assert word() == SURVEY.key
    before = BEGUN - timedelta(days=1)
    assert word(drawn_on=before) == "ratings"
    assert word(drawn_on=before, closed_on=before) == "ratings"
    assert word(closed_on=BEGUN) == "ratings"
    assert word(closed_on=DAY + timedelta(days=1)) == "ratings"
