"""What an audit finds, in kinds."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class Flaw(Term):
    """The kinds of finding; their codes are stable."""

    HEADER_UNREADABLE = "header_unreadable", "事件原文无法读取", "header unreadable"
    HEADER_ALTERED = (
        "header_altered",
        "事件原文不是本系统的写法",
        "not this engine's form",
    )
    LEAF_MISMATCH = "leaf_mismatch", "事件原文被改动", "header and leaf differ"
    COLUMN_MISMATCH = "column_mismatch", "事件列与原文不符", "column and header differ"
    POSITION_GAP = "position_gap", "位置不连续", "positions have a gap"
    CHAIN_BROKEN = "chain_broken", "事件链断开", "the stream's chain is broken"
    ILLEGAL_EVENT = "illegal_event", "事件不合流程", "an event that cannot follow"
    STEP_NOT_ALLOWED = "step_not_allowed", "该步骤不应获准", "a step that guards refuse"
    ACTOR_UNENTITLED = "actor_unentitled", "经办人无权办理", "the actor had no right"
    SECOND_PERSON_MISSING = (
        "second_person_missing",
        "缺少第二人确认",
        "no second person",
    )
    DECISION_MISMATCH = (
        "decision_mismatch",
        "结论与规则重算不符",
        "the rule decides otherwise",
    )
    ROW_MISMATCH = "row_mismatch", "现状与历史不符", "the row differs from its history"
    ROW_MISSING = "row_missing", "有历史而无现状", "a history without its row"
    ROW_STRAY = "row_stray", "有现状而无历史", "a row without a history"
    RULEBOOK_MISMATCH = "rulebook_mismatch", "规则库原文不符", "a rulebook was changed"
    FACTS_MISMATCH = "facts_mismatch", "数据行与批次根不符", "fact rows and root differ"
    ROLLUP_MISMATCH = "rollup_mismatch", "汇总与数据行不符", "rollup and rows differ"
    PAYLOAD_MISMATCH = "payload_mismatch", "私密内容与承诺不符", "the payload differs"
    FILE_MISMATCH = "file_mismatch", "附件缺失或被改动", "an attached file differs"
    FILE_UNREAD = "file_unread", "附件未能核验", "an attached file cannot be read"
    JOB_MISMATCH = "job_mismatch", "作业台账与历史不符", "the job ledger differs"
    LOG_MISMATCH = "log_mismatch", "留痕记录被改动或缺失", "log rows and chain differ"
    SCHEMA_MISMATCH = "schema_mismatch", "库结构被改动", "the schema was changed"
