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


class FeedWay(Term):
    """How the figures of a feed arrive, 数据共享回流 (E1)."""

    FILE = "file", "文件导入", "by file"
    HOST = "host", "系统接口", "by a host's call"
    PULL = "pull", "定时拉取", "by a pull of the service"


class FeedState(StateTerm):
    """The state of a feed."""

    OPEN = "open", "在用", "open"
    ENDED = "ended", "已终止", "ended"


class FeedStep(StepTerm):
    """What is done with a feed."""

    OPEN = "open_feed", "登记回流", "register a feed"
    AMEND = "amend_feed", "变更回流", "change a feed"
    DELIVER = "deliver", "回流数据", "deliver figures"
    MISS = "miss", "回流断供", "record a missed delivery"
    END = "end_feed", "终止回流", "end a feed"


class Freshness(Term):
    """Whether the figures of a feed are as fresh as it promises."""

    FRESH = "fresh", "按时", "fresh"
    MISSED = "missed", "断供", "missed"
    ENDED = "ended", "已终止", "ended"


class Figures(Term):
    """How figures of indicators were entered."""

    FED = "fed", "回流", "fed"
    BY_HAND = "by_hand", "手工", "by hand"
    CORRECTED = "corrected", "手工更正", "corrected by hand"


class Board(Term):
    """The two boards of a quarter (D1, D2)."""

    GOOD = "good", "好评榜", "good board"
    BAD = "bad", "差评榜", "bad board"


class Ground(Term):
    """A ground of a board: three of the good one together, five bad ones each alone."""

    CONCRETE = "concrete", "措施实", "concrete"
    EFFECTIVE = "effective", "效果好", "effective"
    SATISFIED = "satisfied", "满意度高", "citizens satisfied"
    HOLLOW = "hollow", "措施虚", "hollow"
    SLOW = "slow", "进展慢", "slow"
    DISLIKED = "disliked", "普遍评价差", "widely disliked"
    REPEATED = "repeated", "同一问题反复多渠道反映", "repeated across channels"
    SUPERVISED = "supervised", "被督查督办", "under supervision"


class BoardState(StateTerm):
    """The state of a quarter's boards."""

    DRAFTED = "drafted", "待公布", "to be published"
    PUBLISHED = "published", "已公布", "published"


class BoardStep(StepTerm):
    """What is done about a quarter's boards."""

    DRAFT = "draft_boards", "拟定双榜", "draft the boards"
    PUBLISH = "publish_boards", "公布双榜", "publish the boards"
    CORRECT = "correct_boards", "更正双榜", "correct the boards"
