"""The words for what a judgment decides, and what puts it in doubt (B2)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class Placement(Term):
    """For which list a judged item is meant (B2)."""

    PHASE = "phase", "下阶段", "next phase"
    YEAR = "year", "下年度", "next year"
    WAITING = "waiting", "待定", "waiting"


class Fact(Term):
    """What a step may lack that somebody must supply."""

    DELIBERATION = "deliberation", "论证会议", "a deliberation"
    PLAN = "plan", "实施方案", "a plan"
    RECOMMENDATION = "recommendation", "调整建议", "a recommendation"
    GROUNDS = "grounds", "调整依据", "grounds for the recommendation"
    TASK = "task", "任务", "the task"
    REASON_CODE = "reason_code", "理由代码", "a reason code"
    TARGET_ITEM = "target_item", "目标事项", "the item to merge into"
    PARTS = "parts", "拆分后的事项", "the parts of the split"
    OTHER_ITEM = "other_item", "接续或响应的事项", "the item that takes it further"
    JUDGMENT = "judgment", "研判结论", "a judgment"
    CORRECTIONS = "corrections", "更正内容", "corrections"


class StalePart(Term):
    """What a correction puts in doubt, until it is decided anew."""

    SCREENING = "screening_score", "筛选结论", "the screening"
    PLAN = "plan", "实施方案", "the plan"
