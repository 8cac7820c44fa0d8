"""The words of screening and of suggestions from texts (A3–A5, X1)."""

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
