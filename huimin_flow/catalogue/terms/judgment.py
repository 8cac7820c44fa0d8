"""The words for what a judgment decides, and what puts it in doubt (B2)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class Placement(Term):
    """For which list a judged item is meant (B2)."""

    PHASE = "phase", "下阶段", "next phase"
    YEAR = "year", "下年度", "next year"
    WAITING = "waiting", "待定", "waiting"


class StalePart(Term):
    """What a correction puts in doubt, until it is decided anew."""

    SCREENING = "screening_score", "筛选结论", "the screening"
    PLAN = "plan", "实施方案", "the plan"
