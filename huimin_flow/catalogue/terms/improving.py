"""The words of advice on running measures (B9), of orders and boards (X2, D1, D2)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term


class AdviceState(StateTerm):
    """The state of advice: OPPOSED, ADOPTED and MENDED are its ends."""

    ADVISED = "advised", "待决定", "to be decided"
    OPPOSED = "opposed", "未采纳", "decided against"
    ADOPTED = "adopted", "已采纳", "adopted"
    MENDING = "mending", "完善中", "being mended"
    REPORTED = "reported", "待核实", "to be verified"
    MENDED = "mended", "已完善", "mended"


class AdviceStep(StepTerm):
    """What is done about advice, and about what was decided to be mended."""

    ADVISE = "advise", "调整建议", "advise"
    ADOPT = "adopt", "采纳建议", "adopt"
    ORDER = "order", "采纳并交办", "adopt and order to mend"
    OPPOSE = "oppose", "不采纳建议", "decide against"
    MEND = "mend", "报告完善情况", "report as mended"
    VERIFY = "verify", "核实", "verify"
    RETURN = "return_", "退回", "return"


class Standing(Term):
    """How a forecast compares with what was measured (N3)."""

    OVER = "over", "高估", "over-promised"
    WITHIN = "within", "在区间内", "within"
    UNDER = "under", "低估", "under-promised"


class OrderState(StateTerm):
    """The state of a supervision order; DISCHARGED and WITHDRAWN are its ends."""

    RECEIVED = "received", "待答复", "to be answered"
    ANSWERED = "answered", "待销号", "to be discharged"
    RETURNED = "returned", "退回重办", "returned"
    DISCHARGED = "discharged", "已销号", "discharged"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class OrderStep(StepTerm):
    """What is done about a supervision order."""

    RECEIVE = "receive", "登记督办", "record a supervision order"
    REMIND = "remind", "催办", "remind"
    ANSWER = "answer_order", "答复督办", "answer a supervision order"
    RETURN = "return_", "退回", "return"
    DISCHARGE = "discharge", "销号", "discharge"
    WITHDRAW = "withdraw", "撤回", "withdraw"
