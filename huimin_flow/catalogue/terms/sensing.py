"""The words of gathering, of screening, and of suggestions from texts (A3–A6, X1)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class TextPart(Term):
    """A part of what a citizen wrote."""

    TITLE = "title", "标题", "title"
    TEXT = "text", "内容", "text"


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
    answers to a proposal; COLLECT makes an item of a group; UNDO ends a link.
    """

    LINK = "link", "自动归并", "linked automatically"
    PROPOSE = "propose", "待确认", "proposed"
    NEW = "new", "新问题", "new problem"
    YES = "yes", "同一问题", "the same problem"
    NO = "no", "不是同一问题", "another problem"
    LATER = "later", "稍后再看", "later"
    COLLECT = "collect", "已成事项", "collected"
    UNDO = "undo", "已撤销", "undone"


class Nearness(Term):
    """Whether two appeals come from one place."""

    SAME = "same", "同一地方", "the same place"
    UNKNOWN = "unknown", "地方不明", "unknown"
    OTHER = "other", "不同地方", "different places"
