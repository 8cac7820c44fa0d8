"""The words of places, gathering, screening, answers and suggestions (A1–A7, X1)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term


class TextPart(Term):
    """A part of what a citizen wrote."""

    TITLE = "title", "标题", "title"
    TEXT = "text", "内容", "text"
    PLACE = "place", "所写地点", "place as written"


class PlaceNaming(Term):
    """How a text names the place that it suggests: each has its points (A1)."""

    DISTRICT = "district", "区县全称", "full name of a district"
    SHORT = "short", "区县简称", "short name of a district"
    TOWN = "town", "全市只有一处的镇街名", "name of the only town of that name"
    WITHIN = "within", "镇街名,区县另有写明", "name of a town, with its district"
    CHANNEL = "channel", "镇街名,渠道在此区县", "a town of the channel's district"


class ScreeningOrder(Term):
    """What decides the order of the screening desk, the first decides first (A3)."""

    NEEDED = "needed", "其余标准所需的分", "score that the other criteria need"
    PREVALENCE = "prevalence", "普遍性", "prevalence"
    GROWTH = "growth", "诉求增长", "growth of its appeals"
    SINCE = "since", "采集先后", "day of collection"
    NUMBER = "number", "编号先后", "number"


class Gathering(Term):
    """What becomes of an appeal, and what a person says of a proposal.

    LINK, PROPOSE and NEW are outcomes of the rule; YES, NO and LATER are a person's
    answers to a proposal; JOIN is a person's, too, without a proposal; COLLECT makes
    an item of a group; UNDO ends a link. AGAIN says that an appeal tells of an item
    that has ended, REPEAT that a problem repeats on several channels.
    """

    LINK = "link", "自动归并", "linked automatically"
    PROPOSE = "propose", "待确认", "proposed"
    NEW = "new", "新问题", "new problem"
    YES = "yes", "同一问题", "the same problem"
    NO = "no", "不是同一问题", "another problem"
    LATER = "later", "稍后再看", "later"
    JOIN = "join", "人工归并", "brought together by a person"
    COLLECT = "collect", "已成事项", "collected"
    UNDO = "undo", "已撤销", "undone"
    AGAIN = "again", "终结后又有人反映", "told again after its end"
    REPEAT = "repeat", "反复多渠道反映", "repeats on several channels"


class Nearness(Term):
    """Whether two appeals come from one place."""

    SAME = "same", "同一地方", "the same place"
    UNKNOWN = "unknown", "地方不明", "unknown"
    OTHER = "other", "不同地方", "different places"


class WayPart(Term):
    """A part of an appeal's way from intake to result, in their usual order (F4)."""

    HEARD = "heard", "听到", "heard"
    KEPT = "kept", "登记", "registered"
    GATHERED = "gathered", "归并", "compared with others"
    LINKED = "linked", "挂接", "linked"
    UNLINKED = "unlinked", "取下", "taken off"
    ITEM = "item", "事项办理", "work on its item"
    ANSWER = "answer", "答复", "answer"


class PolicyState(StateTerm):
    """The state of a policy, or of a measure made from one (A5)."""

    IN_FORCE = "in_force", "在执行", "in force"
    LAPSED = "lapsed", "已停止执行", "no longer in force"


class PlaceMatch(Term):
    """By what a written place was recognized, or that it was not."""

    CODE = "code", "代码", "code"
    NAME = "name", "名称", "name"
    OTHER_NAME = "other_name", "别称或简称", "other or short name"
    FORMER = "former", "旧名或旧代码", "former name or code"
    TOWN = "town", "由镇街推定", "its town"
    UNCLEAR = "unclear", "可指多处", "several places"
    UNKNOWN = "unknown", "地点不明", "unknown place"


class PointLevel(Term):
    """The level of a direct-report point (A2)."""

    DISTRICT = "district", "区县", "district"
    TOWN = "town", "乡镇(街道)", "town or street"
    VILLAGE = "village", "村(社区)", "village or community"


class PointState(StateTerm):
    """The state of a direct-report point."""

    IN_USE = "in_use", "在用", "in use"
    TAKEN_DOWN = "taken_down", "已撤点", "taken down"


class PointStep(StepTerm):
    """What is done with a direct-report point."""

    SET_UP = "set_up", "开设", "set up"
    MOVE = "move", "变更", "change"
    TAKE_DOWN = "take_down", "撤点", "take down"


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
