"""Why a database, its files or its host's transaction cannot be used."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class StoreCode(ReasonCode):
    """What is wrong with a database, its attachments or its clock."""

    CLOCK_BEHIND = (
        "clock_behind",
        "本机时钟比最后一条记录({last})早一天以上",
        "the machine's clock stands more than a day before the last record, {last}",
        "请校准本机时钟;在此之前不作任何决定",
        "set the machine's clock; nothing is decided before",
    )
    RULEBOOK_MISSING = (
        "rulebook_missing",
        "尚未启用任何规则库",
        "no rulebook was ever activated",
        "请先运行 huimin init",
        "run huimin init first",
    )
    RULEBOOK_CHANGED = (
        "rulebook_changed",
        "规则库 {digest} 的原文缺失或被改动",
        "the text of rulebook {digest} is missing, or was changed",
        "请运行 huimin audit verify",
        "run huimin audit verify",
    )
