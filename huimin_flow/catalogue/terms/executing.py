"""The words of tasks and of surveys: returns, shares, answers, doubts (C2, B6, D0)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term


class SurveyState(StateTerm):
    """The state of a survey: CLOSED and CALLED_OFF are its ends."""

    DRAWN = "sample_drawn", "已抽样", "sample drawn"
    OPEN = "collecting", "收集中", "collecting answers"
    CLOSED = "survey_closed", "调查已结束", "survey closed"
    CALLED_OFF = "survey_void", "调查已作废", "survey called off"


class SurveyStep(StepTerm):
    """What is done with a survey."""

    DRAW = "draw_sample", "抽样", "draw the sample"
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
    REPORT = "report", "评估报告更正", "the report of a third party was corrected"
    OUTCOME = "outcome", "约定效果的依据存疑", "the finding on an outcome is doubtful"


class TaskAside(Term):
    """Why a task's share of a target doesn't count."""

    RETURNED = "returned", "已退回", "returned"
    EXCUSED = "excused", "已免除", "excused"


class TaskReturnState(StateTerm):
    """The state of a task's return: REASSIGNED and RETAINED are its ends."""

    RETURNED = "returned", "已退回", "returned"
    REASSIGNED = "reassigned", "已调整", "reassigned"
    RETAINED = "retained", "维持原分工", "retained"


class TaskReturnStep(StepTerm):
    """What is done about a task that its unit sends back."""

    RETURN = "return_", "退回", "return"
    REASSIGN = "reassign", "调整任务", "reassign"
    RETAIN = "retain", "维持原分工", "retain"


class TaskStanding(Term):
    """How a task of a unit's year stands."""

    RUNNING = "running", "执行中", "running"
    RETURNED = "returned", "已退回", "sent back"
    EXCUSED = "excused", "已免除", "excused"
    MET = "met", "已完成", "met"
    MISSED = "missed", "未完成", "missed"
    ENDED = "ended", "已撤销", "ended"
