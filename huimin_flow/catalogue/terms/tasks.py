"""The words of tasks: why a share doesn't count, and the life of a return (C2)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term


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
