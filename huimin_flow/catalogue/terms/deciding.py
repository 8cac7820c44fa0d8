"""The words of list editions (C3, C5)."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import StateTerm, Term


class EditionKind(Term):
    """Why an edition of a list exists (C3, C5)."""

    OPENING = "opening", "期初版", "opening"
    ANNUAL = "annual", "年度版", "annual"
    PHASE = "phase", "阶段版", "phase"
    PROPOSAL = "proposal", "板块建议", "area's proposal"
    SUPPLEMENT = "supplement", "增补版", "supplement"
    AMENDMENT = "amendment", "修订版", "amendment"


class ChangeKind(Term):
    """What happened to an entry between two editions of a list (C3)."""

    SUPPLEMENT = "supplement", "增补", "supplement"
    CANCELLATION = "cancellation", "撤销", "cancellation"
    DEFERRAL = "deferral", "暂缓", "deferral"
    CORRECTION = "correction", "更正", "correction"
    PLAN = "plan", "分解任务", "plan"
    TRANSFER = "transfer", "移交", "transfer"
    ORDER = "order", "调整次序", "order"
    TAKEN_IN = "taken_in", "列入板块建议", "taken in"
    LEFT_OUT = "left_out", "不列入板块建议", "left out"


class EntryField(Term):
    """A part of an entry of a list, or of what changed it."""

    RANK = "rank", "序号", "rank"
    TITLE = "title", "标题", "title"
    TEXT = "text", "内容", "text"
    AREA = "area", "业务板块", "area of business"
    LEAD = "lead", "牵头", "lead"
    SUPPORTING = "supporting", "配合", "supporting units"
    TARGETS = "targets", "目标", "targets"
    DELIVERABLE = "deliverable", "成果", "deliverable"
    DUE = "due", "时限", "due day"
    REASON = "reason", "理由", "reason"
    EDITION = "edition", "版次", "edition"
    DIGEST = "digest", "内容核对码", "check code of the content"
    STARS = "stars", "星级", "stars"
    APPEALS = "appeals", "诉求条数", "number of appeals"
    PEOPLE = "people", "诉求人数", "number of people"
    EMPTY_LISTS = "empty_lists", "没有事项的清单", "lists without items"
    LACKS = "lacks", "还缺", "still lacks"
    OVERRIDES = "overrides", "突破的规则", "rules that it overrides"


class OpeningWord(Term):
    """Words in the plan of an entry of an opening list that the list doesn't have."""

    CARRIER = "carrier", "{source}第{task}项", "entry {task} of {source}"
    PATH = "path", "按月推进,逐级落实", "month by month, level by level"
    POPULATION = "population", "办事群众", "people who were served"
    CHECK = (
        "check",
        "对照清单原文,凭印发件或统计报表",
        "against the list's text, by issued papers or statistics",
    )
    PIECE = "piece", "项", "piece"


class Strength(Term):
    """A figure by which items are ordered for a list, the first decides first (B5)."""

    STARS = "stars", "星级", "stars"
    BENEFIT = "benefit", "惠民有感强度", "perceived benefit"
    PREVALENCE = "prevalence", "普遍性", "prevalence"
    SINCE = "since", "采集先后", "day of collection"
    NUMBER = "number", "编号先后", "number"


class EditionState(StateTerm):
    """The state of an edition of a list (C3)."""

    DRAFTED = "drafted", "待牵头单位提出", "waits for its lead unit"
    PROPOSED = "proposed", "牵头单位已提出", "proposed by its lead unit"
    DRAFTING = "drafting", "编制中", "drafting"
    FROZEN = "frozen", "已截止", "frozen"
    CONFIRMED = "confirmed", "已确认", "confirmed"
    PUBLISHED = "published", "已发布", "published"
    SUPERSEDED = "superseded", "已被替代", "superseded"


class MeetingState(StateTerm):
    """The state of a deliberation (B1)."""

    CONVENED = "convened", "已召集", "convened"
    HELD = "held", "已召开", "held"
    CLOSED = "closed", "已办结", "closed"
    CALLED_OFF = "called_off", "已取消", "called off"


class Placement(Term):
    """The list for which a judged item is meant (B2)."""

    PHASE = "phase", "下阶段", "next phase"
    YEAR = "year", "下年度", "next year"
    WAITING = "waiting", "待定", "waiting"


class LedgerMove(Term):
    """What became of a demand on the ledger between two days (B2)."""

    STAYED = "stayed", "保留", "stayed"
    CAME = "came", "新进", "came"
    LEFT = "left", "移出", "left"


class Rolling(Term):
    """What became of an entry of a unit's task ledger from year to year (B4)."""

    KEPT = "kept", "保留", "kept"
    CARRIED_OVER = "carried_over", "接续", "carried over"
    NEW = "new", "新增", "new"
    DROPPED = "dropped", "移出", "dropped"


class Entry(Term):
    """How an item came to the task ledger of a unit (B4)."""

    OWN = "own", "本单位", "own"
    TAKEN_UP = "taken_up", "承接", "taken up"
    CONTINUED = "continued", "接续", "continued"


class ResponseState(StateTerm):
    """The state of a unit's response to a demand (B4)."""

    AWAITED = "awaited", "待响应", "awaited"
    TAKEN_UP = "taken_up", "已承接", "taken up"
    DECLINED = "declined", "已回复非本单位事项", "declined"


class BulkAct(Term):
    """An act that is done for many at once, with one preview."""

    SCREEN = "screen", "筛选", "screen"
    JUDGE = "judge", "研判", "judge"
    STAR = "star", "评星", "star"
    RETURN = "return", "退回", "return"
    APPROVE = "approve", "复核", "approve"


class Fact(Term):
    """A fact that a step needs and that somebody must supply."""

    DELIBERATION = "deliberation", "论证会议", "a deliberation"
    PLAN = "plan", "实施方案", "a plan"
    RECOMMENDATION = "recommendation", "调整建议", "a recommendation"
    GROUNDS = "grounds", "调整依据", "grounds for the recommendation"
    TASK = "task", "任务", "the task"
    REASON_CODE = "reason_code", "理由代码", "a reason code"
    TARGET_ITEM = "target_item", "目标事项", "the item to merge into"
    PARTS = "parts", "拆分后的事项", "the parts of the split"
    OTHER_ITEM = "other_item", "接续或响应的事项", "the item that continues it"
    JUDGMENT = "judgment", "研判结论", "a judgment"
    ITEM_STEP = "item_step", "清单事项的办理", "a step of an item of the list"
    CORRECTIONS = "corrections", "更正内容", "corrections"
    EXPLANATION = "explanation", "改为承接的理由", "the reason to take it up"


class StalePart(Term):
    """A part that is in doubt after a correction, until it is decided again."""

    SCREENING = "screening_score", "筛选结论", "the screening"
    PLAN = "plan", "实施方案", "the plan"
    EVALUATION = "result", "最终评价", "the final evaluation"
