"""The words of surveys: how the people concerned are asked what they think (B6, D0)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term


class SurveyState(StateTerm):
    """The state of a survey: CLOSED and CALLED_OFF are its ends."""

    DRAWN = "drawn", "已抽样", "sample drawn"
    OPEN = "collecting", "收集中", "collecting answers"
    CLOSED = "survey_closed", "调查已结束", "survey closed"
    CALLED_OFF = "survey_void", "调查已作废", "survey called off"


class SurveyStep(StepTerm):
    """What is done with a survey."""

    DRAW = "draw", "抽样", "draw the sample"
    OPEN = "collect_answers", "开始收集答卷", "begin to collect answers"
    CLOSE = "close_survey", "结束调查", "close the survey"
    SET_ASIDE = "set_answer_aside", "答卷作废", "set an answer aside"
    CALL_OFF = "call_off_survey", "调查作废", "call the survey off"


class Sense(Term):
    """The four senses of which a survey may ask."""

    GAIN = "gain", "获得感", "sense of gain"
    HAPPINESS = "happiness", "幸福感", "sense of happiness"
    SAFETY = "safety", "安全感", "sense of safety"
    IDENTITY = "belonging", "认同感", "sense of identification"


class SurveyColumn(Term):
    """A column of a file of codes or answers."""

    CODE = "code", "代号", "code"
    LEVEL = "level", "评价", "level"
    GAIN = "gain", "获得感", "sense of gain"
    HAPPINESS = "happiness", "幸福感", "sense of happiness"
    SAFETY = "safety", "安全感", "sense of safety"
    BELONGING = "belonging", "认同感", "sense of identification"


class DoubtCause(Term):
    """What was corrected after a final evaluation that rests on it (B8)."""

    PROGRESS = "progress", "进展更正", "progress was corrected"
    SURVEY = "survey", "调查答卷作废", "an answer of the survey was set aside"
    RATINGS = "ratings", "差评不计", "a rating was set aside"
    OUTCOME = "outcome", "约定效果的依据存疑", "the finding on an outcome is doubtful"
