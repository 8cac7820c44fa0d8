"""Surveys that the acts on surveys are tried with."""

from __future__ import annotations

from typing import Any

from huimin_flow.catalogue.terms import RatingLevel, State
from huimin_flow.model.executing.surveys import SurveyAnswer
from huimin_flow.testing import Desk


def asked(desk: Desk, ran: str) -> dict[str, Any]:
    """Have surveys: one that is closed, one that is collected, one that is drawn."""
    flow, known = desk.flow, {"asked": desk.survey(ran).key}
    frame = [f"c{n:02d}" for n in range(30)]
    answers = [SurveyAnswer(code=c, level=RatingLevel.SATISFIED) for c in frame]
    known["unasked"] = desk.bring(State.EXECUTED).number
    for name in ("sampled", "collecting"):
        number = desk.bring(State.EXECUTED).number
        known[name] = flow.surveys.draw(number, frame, 30, by=desk.office).key
    flow.surveys.add_answers(known["collecting"], answers, by=desk.office)
    return {**known, "replies": answers}


def survey_arguments(known: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By act on surveys: what it is given."""
    return {
        "surveys.draw": {
            "number": known["unasked"],
            "frame": [f"c{n}" for n in range(40)],
            "drawn": 40,
        },
        "surveys.add_answers": {"key": known["sampled"], "answers": known["replies"]},
        "surveys.close": {"key": known["collecting"]},
        "surveys.set_aside": {
            "key": known["asked"],
            "code": "c000",
            "reason": "重复作答",
        },
        "surveys.call_off": {"key": known["sampled"], "reason": "名册有误"},
    }
