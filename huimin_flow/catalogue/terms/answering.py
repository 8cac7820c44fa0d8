"""The words of answers to appeals (A7)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term


class AnswerState(StateTerm):
    """The state of an appeal's answer (A7)."""

    RECEIVED = "received", "待答复", "received"
    ANSWERED = "answered", "已答复", "answered"
    CLOSED = "closed", "已办结", "closed"


class AnswerStep(StepTerm):
    """The steps of an appeal's answer (A7)."""

    ANSWER = "answer_appeal", "答复诉求", "answer an appeal"
    INFORM = "inform", "告知进展", "tell what became of it"
    EXTEND = "extend", "延长期限", "extend the deadline"
    TRANSFER = "transfer", "移交", "transfer"
    REOPEN = "reopen", "重启", "reopen"
    CLOSE = "close_appeal", "办结", "close"
    LAPSE = "lapse", "期满办结", "close after the term"


class AnswerKind(Term):
    """What an answer says (A7); that the bureau is not in charge is an answer, too."""

    RESULT = "result", "办理结果", "what was done"
    EXPLANATION = "explanation", "解释说明", "an explanation"
    NOT_OURS = "not_ours", "不属本系统职责", "not in the bureau's charge"


class Occasion(Term):
    """What happened to an item, so that everyone on it is told (A7)."""

    LISTED = "listed", "列入清单", "it was listed"
    EXECUTED = "executed", "执行完成", "it was carried out"
    REJECTED = "rejected", "不予采纳", "it was rejected"
    REFERRED = "referred", "不属本局", "another body is in charge"
    REOPENED = "reopened", "重启办理", "it was reopened"


class ReceiptWord(Term):
    """How far an appeal is, in words for whoever holds its receipt (A7)."""

    RECEIVED = (
        "received",
        "已收到,正在办理",
        "received, and being handled",
    )
    OVERDUE = (
        "overdue",
        "已收到,仍在办理,已超过答复期限",
        "received, still being handled, and past its deadline",
    )
    ANSWERED = "answered", "已答复", "answered"
    CLOSED = "closed", "已答复并办结", "answered and closed"
    ERASED = "erased", "已依申请删除", "erased on request"
