"""The kinds of streams, their steps, and the findings of an audit."""

from __future__ import annotations

from huimin_flow.catalogue.language import in_english
from huimin_flow.catalogue.terms.term import StateTerm, StepTerm, Term
from huimin_flow.catalogue.terms.timetable import period_in_words


class StreamKind(Term):
    """A kind of stream: the first part of the name of each of its streams."""

    ITEM = "item", "事项", "item"
    DELIBERATION = "deliberation", "论证会议", "deliberation"
    ASSESSMENT = "assessment", "评估", "assessment"
    POINT = "point", "直报点", "reporting point"
    THIRD_PARTY = "thirdparty", "评估机构", "third party"
    LIST = "list", "清单", "list"
    BUDGET = "budget", "可用资源", "resources of an area"
    COST = "cost", "事项成本", "cost of an item"
    RESPONSE = "response", "需求响应", "response to a demand"
    ADVICE = "advice", "调整建议", "advice"
    BOARD = "board", "好评榜差评榜", "boards of a quarter"
    SUPERVISION_ORDER = "supervision_order", "督查督办", "supervision order"
    RECTIFICATION = "rectification", "整改", "rectification"
    PRACTICE = "practice", "好经验", "good practice"
    REPLICATION = "replication", "复制推广", "replication"
    FEED = "feed", "数据共享回流", "feed of figures"
    REVIEW_MEETING = "review_meeting", "调度会", "review meeting"
    DECISION = "decision", "调度决定", "decision of a review meeting"
    DIGEST = "digest", "月报季报", "digests of a period"
    EXCUSE = "excuse", "任务免除", "excuse of a task"
    TASK_RETURN = "task_return", "任务退回", "return of a task"
    SURVEY = "survey", "满意度调查", "survey"
    ENGAGEMENT = "engagement", "第三方评估项目", "engagement of a third party"
    ATTACHMENT = "attachment", "附件", "attachment"
    BATCH = "batch", "批次", "batch"
    ANSWER_RETURN = "answer_return", "答复回流", "answers given back"
    FOLLOW_UP = "followup", "差评处置", "follow-up of a bad rating"
    SPOT_CHECK = "spot_check", "抽查", "spot check"
    SPOT_POPULATION = "spot_population", "抽查总体", "population of a spot check"
    SCORE = "score", "月度计分", "scores of a month"
    COLORS = "colors", "五色图", "five colors of a month"
    RANKING = "ranking", "季度榜单", "ranking of a quarter"
    PROGRESS_CALL = "progress_call", "进展催报", "call for progress"
    PROGRESS_CHASE = "progress_chase", "进展追报", "chase for progress"
    RESPONSE_CHASE = "response_chase", "需求响应催办", "chase for responses"
    POLICY = "policy", "政策", "policy"
    MEASURE = "measure", "政策措施", "measure of a policy"
    POLICY_REVIEW = "policy_review", "政策执行对照", "comparison with policies"
    SCREENING_ROUND = "screening_round", "筛选台", "round of screening"
    ERASURE = "erasure", "抹去个人信息", "erasure of personal data"
    READING = "reading", "查看原文", "reading of appeals"
    DELIVERY = "delivery", "投递", "delivery"
    JOB = "job", "定时作业", "job of the timetable"
    PROPOSAL = "proposal", "提请", "proposal"
    RULEBOOK = "rulebook", "规则库", "rulebook"
    CLOCK = "clock", "时钟", "clock"

    def key(self, *about: object) -> str:
        """Return the name of one stream of this kind.

        >>> StreamKind.LIST.key(2027, "city"), StreamKind.RULEBOOK.key()
        ('list/2027/city', 'rulebook')

        """
        return "/".join([self.value, *map(str, about)])

    @classmethod
    def parse(cls, stream: str) -> tuple[StreamKind | None, str]:
        """Return a stream's kind, None if it is unknown, and the rest of its name.

        >>> StreamKind.parse("list/2027/city")[1], StreamKind.parse("moon/1")[0]
        ('2027/city', None)

        """
        kind, _, about = stream.partition("/")
        return _KINDS.get(kind), about

    @classmethod
    def named(cls, stream: str) -> str:
        """Return a stream in words, with the name that people type.

        >>> StreamKind.named("item/2027-000001"), StreamKind.named("list/2027/city")
        ('事项 2027-000001', '清单 list/2027/city')
        >>> StreamKind.named("colors/2030-01")
        '2030年1月五色图'
        >>> StreamKind.named("rulebook"), StreamKind.named("2027-000001")
        ('规则库', '2027-000001')

        """
        kind, about = cls.parse(stream)
        if kind is None:
            return stream
        if not about:
            return kind.spoken
        if kind in {
            cls.SCORE,
            cls.COLORS,
            cls.RANKING,
            cls.BOARD,
            cls.SCREENING_ROUND,
            cls.POLICY_REVIEW,
            cls.DIGEST,
        }:
            when = period_in_words(about)
            return f"{kind.spoken}: {when}" if in_english() else f"{when}{kind.spoken}"
        bare = kind in {cls.ITEM, cls.FOLLOW_UP}
        return f"{kind.spoken} {about if bare else stream}"


_KINDS = {kind.value: kind for kind in StreamKind}


class StreamState(StateTerm):
    """The state of a stream that has no states of its own."""

    UNBORN = "unborn", "尚未开始", "not begun"
    KEPT = "kept", "已记载", "recorded"


class RecordStep(StepTerm):
    """The steps of lists, meetings, assessments, publications, jobs and batches."""

    ABANDON = "abandon", "放弃投递", "abandon the delivery"
    ACCEPT = "accept", "采信", "accept"
    ACTIVATE = "activate", "启用规则库", "activate"
    AMEND = "amend", "更正", "amend"
    ANSWER = "answer_appeals", "答复一批诉求", "answer a batch of appeals"
    APPROVE = "approve", "复核通过", "approve"
    ARRANGE = "arrange", "调整板块建议", "arrange an area's proposal"
    ATTACH = "attach", "上传附件", "attach"
    CALL = "call", "催报", "call"
    CALL_OFF = "call_off", "取消会议", "call off"
    CLOSE = "close", "办结", "close"
    COLOR = "color", "发布五色图", "publish colors"
    CONFIRM = "confirm", "确认", "confirm"
    CONSOLIDATE = "consolidate", "汇总成册", "consolidate"
    CONVENE = "convene", "召集论证会议", "convene a deliberation"
    CORRECT = "correct", "更正发布", "publish a correction"
    DECLINE = "decline", "不承接", "decline"
    DESCRIBE = "describe", "写明清单条目", "describe an entry of a list"
    DRAFT = "draft", "起草板块建议", "draft an area's proposal"
    DRAW_UP = "draw_up", "列出筛选台", "draw up a round of screening"
    DROP = "drop", "放弃修订稿", "drop the draft"
    DECLARE = "declare", "认定时钟走错", "declare a wrong clock"
    END = "end", "终止", "end"
    ERASE = "erase", "抹去个人信息", "erase personal data"
    EXCUSE = "excuse", "免除任务", "excuse"
    FREEZE = "freeze", "截止成册", "freeze"
    GATHER = "gather", "自动归并", "gather automatically"
    GIVE_BACK = "give_back", "回流渠道", "give back to the channel"
    HAND_OVER = "hand_over", "移交承接单位", "hand over to the successor"
    HOLD = "hold", "召开论证会议", "hold a deliberation"
    JUDGE = "judge", "研判", "judge"
    KEEP = "keep", "入库一批", "store a batch"
    OPEN = "open", "录入期初清单", "enter the opening list"
    POSTPONE = "postpone", "缓议", "postpone"
    PROPOSE = "propose", "提请", "propose"
    PUBLISH = "publish", "发布", "publish"
    RANK = "rank", "发布榜单", "publish a ranking"
    READ = "read", "查看原文", "read what appeals say"
    REAPPLY = "reapply", "恢复后再次抹去", "erase again after a restore"
    REGISTER = "register", "登记", "register"
    REPORT = "report", "报送进展", "report progress"
    REQUEST = "request", "委托", "request"
    RETRY = "retry", "重新投递", "deliver again"
    RETURN = "return_", "退回", "return"
    REVISE = "revise", "随事项修订", "revise with an item"
    REVIEW = "review", "对照政策执行", "compare measures with promises"
    RUN = "run", "定时作业", "run"
    SCORE = "score", "发布评分", "publish scores"
    SUBMIT = "submit", "提交", "submit"
    SUPPLEMENT = "supplement", "增补", "supplement"
    TAKE_UP = "take_up", "承接", "take up"
    TREAT = "treat", "登记风险处置", "record how a risk is treated"
    WITHDRAW = "withdraw", "撤回提请", "withdraw"


class Flaw(Term):
    """A kind of finding of an audit; the codes are stable."""

    HEADER_UNREADABLE = "header_unreadable", "事件原文无法读取", "header unreadable"
    HEADER_ALTERED = (
        "header_altered",
        "事件原文不是本系统的写法",
        "header not written by this engine",
    )
    LEAF_MISMATCH = "leaf_mismatch", "事件原文被改动", "header and leaf differ"
    COLUMN_MISMATCH = "column_mismatch", "事件列与原文不符", "column and header differ"
    POSITION_GAP = "position_gap", "位置不连续", "positions have a gap"
    CHAIN_BROKEN = "chain_broken", "事件链断开", "the stream's chain is broken"
    ILLEGAL_EVENT = "illegal_event", "事件不合流程", "the event is not possible here"
    STEP_NOT_ALLOWED = "step_not_allowed", "该步骤不应获准", "a guard refuses the step"
    ACTOR_UNENTITLED = "actor_unentitled", "经办人无权办理", "the actor had no right"
    SECOND_PERSON_MISSING = (
        "second_person_missing",
        "缺少第二人确认",
        "no second person",
    )
    DECISION_MISMATCH = (
        "decision_mismatch",
        "结论与规则重算不符",
        "verdict and rule differ",
    )
    ROW_MISMATCH = "row_mismatch", "现状与历史不符", "the row differs from its history"
    ROW_MISSING = "row_missing", "有历史而无现状", "a history without a row"
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


class AuditPart(Term):
    """A part of an audit: what is stored, or what was decided."""

    EVIDENCE = "evidence", "证据(散列、链条、数据行)", "hashes, chains, rows"
    DECISIONS = "decisions", "决定(按规则重新核对)", "rules and permissions asked again"


class TwoPeople(Term):
    """An act that needs two people."""

    SUPPLEMENT = "supplement", "增补到清单", "supplement a list"
    CONFIRM = "confirm", "确认清单", "confirm a list"
    CONFIRM_ALL = "confirm_all", "确认各单位清单", "confirm the units' lists"
    CANCEL = "cancel", "取消事项", "cancel an item"
    DEFER = "defer", "暂缓事项", "defer an item"
    REOPEN = "reopen", "重启事项", "reopen an item"
    DROP_ENTRY = "drop_entry", "移出任务台账", "drop an entry of a task ledger"
    ACTIVATE = "activate", "启用规则库", "activate a rulebook"
    CORRECT = "correct", "更正发布", "publish a correction"
    CORRECT_FINDING = "correct_finding", "更正检查结果", "correct a finding"
    SET_ASIDE = "set_aside", "评价不予计入", "set a rating aside"
    DECLARE = "declare", "认定时钟走错", "declare a wrong clock"
    ERASE = "erase", "抹去个人信息", "erase personal data"
    OPEN = "open", "录入期初清单", "enter an opening list"
    PUBLISH_BOARDS = "publish_boards", "公布双榜", "publish the boards"
    CORRECT_BOARDS = "correct_boards", "更正双榜", "correct the boards"


class ProposalField(Term):
    """A field of a proposal."""

    ITEM = "item", "事项", "item"
    EDITION = "edition", "清单", "list"
    REASON = "reason", "理由", "reason"
    DIGEST = "digest", "规则库", "rulebook"
    KEY = "key", "编号", "number"
    PERIOD = "period", "时期", "period"
    COLORS = "colors", "一并更正五色图", "correct the colors, too"
    TRANSACTION = "transaction", "办件", "transaction"
    FINDING = "finding", "认定意见", "finding"
    VERSION = "version", "看到的版本", "seen version"
    FIRST_RECORD = "first_record", "走错的第一条记录", "first wrong record"
    LAST_RECORD = "last_record", "走错的最后一条记录", "last wrong record"
    OPENING = "opening", "期初清单", "opening list"
    SUBJECT = "subject", "当事人", "person concerned"
    CHECKED = "checked", "被查对象", "thing that was checked"
    SEVERITY = "severity", "问题轻重", "severity"
