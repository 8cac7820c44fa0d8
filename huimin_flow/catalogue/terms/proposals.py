"""The words of what one person asks for and another confirms (F1)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class TwoPeople(Term):
    """What only two people do."""

    SUPPLEMENT = "supplement", "增补到清单", "supplement a list"
    CONFIRM = "confirm", "确认清单", "confirm a list"
    CANCEL = "cancel", "取消事项", "cancel an item"
    DEFER = "defer", "暂缓事项", "defer an item"
    ACTIVATE = "activate", "启用规则库", "activate a rulebook"
    CORRECT = "correct", "更正发布", "publish a correction"
    SET_ASIDE = "set_aside", "评价不予计入", "set a rating aside"


class Asked(Term):
    """What a proposal names."""

    ITEM = "item", "事项", "item"
    EDITION = "edition", "清单", "list"
    REASON = "reason", "理由", "reason"
    DIGEST = "digest", "规则库", "rulebook"
    KEY = "key", "发布编号", "publication"
    COLORS = "colors", "一并更正五色图", "colors along with it"
    TRANSACTION = "transaction", "办件", "transaction"
    FINDING = "finding", "认定意见", "finding"
    VERSION = "version", "看到的版本", "version that was seen"
