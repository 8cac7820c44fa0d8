"""Surveys: whom to ask is drawn by a kept seed, so that anyone can draw it again."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.api import RatingLevel, Sense, State, SurveyAnswer, SurveyState
from huimin_flow.testing import Desk

FRAME = [f"c{n:02d}" for n in range(40)]


def ask_the_people_served(desk: Desk) -> None:
    """Draw a sample, add answers, set one aside, and close the survey."""
    flow, office = desk.flow, desk.office
    number = desk.bring(State.EXECUTED).number

    survey = flow.surveys.draw(number, FRAME, 35, senses=list(Sense), by=office)
    sample = flow.surveys.sample(survey.key)
    codes = tuple(each.code for each in sample)
    assert flow.surveys.redraw(survey.key, FRAME) == codes

    satisfied = RatingLevel.SATISFIED
    answers = [
        SurveyAnswer(code=code, level=satisfied, senses=dict.fromkeys(Sense, satisfied))
        for code in codes
    ]
    stranger = replace(answers[0], code="nobody")
    intake = flow.surveys.add_answers(survey.key, [*answers, stranger], by=office)
    assert (intake.kept, len(intake.refused)) == (len(codes), 1)
    closed = flow.surveys.close(survey.key, by=office)
    assert closed.state is SurveyState.CLOSED

    flow.surveys.set_aside(survey.key, codes[0], "重复作答", by=desk.second)
    assert flow.surveys.get(survey.key).result
    assert flow.surveys.count(item=number) == len(flow.surveys.list(item=number))


def call_a_survey_off(desk: Desk) -> None:
    """Call a survey off whose frame was wrong."""
    flow, office = desk.flow, desk.office
    number = desk.bring(State.EXECUTED).number

    survey = flow.surveys.draw(number, FRAME, 30, by=office)
    flow.surveys.call_off(survey.key, "名册有误", by=desk.second)
