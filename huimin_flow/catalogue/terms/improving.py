"""The words of advice (B9), of orders and boards (X2, D1, D2), of spot checks (D8)."""

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

    RECEIVED = "order_received", "待答复", "to be answered"
    ANSWERED = "order_answered", "待销号", "to be discharged"
    RETURNED = "order_returned", "退回重办", "returned"
    DISCHARGED = "discharged", "已销号", "discharged"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class OrderStep(StepTerm):
    """What is done about a supervision order."""

    RECEIVE = "receive", "登记督办", "record a supervision order"
    REMIND = "remind", "催办", "remind"
    ANSWER = "answer_order", "答复督办", "answer a supervision order"
    RETURN = "return_", "退回", "return"
    DISCHARGE = "discharge", "销号", "discharge"
    WITHDRAW = "withdraw_order", "撤回", "withdraw"


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


class BoardGround(Term):
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

    DRAFTED = "boards_drafted", "待公布", "to be published"
    PUBLISHED = "boards_published", "已公布", "published"


class BoardStep(StepTerm):
    """What is done about a quarter's boards."""

    DRAFT = "draft_boards", "拟定双榜", "draft the boards"
    PUBLISH = "publish_boards", "公布双榜", "publish the boards"
    CORRECT = "correct_boards", "更正双榜", "correct the boards"


class SpotCheckState(StateTerm):
    """The state of a spot check; DONE and VOID are its ends, and open to everybody.

    COMMITTED: both parties have committed. CUT: the population is fixed. REVEALED:
    both secrets are there. DRAWN: the draw is made, and the checking goes on.
    """

    PLANNED = "planned", "待双方承诺", "planned"
    COMMITTED = "committed", "双方已承诺", "committed by both"
    CUT = "cut", "总体已固定", "population fixed"
    REVEALED = "revealed", "双方已揭示", "revealed by both"
    DRAWN = "drawn", "检查中", "drawn"
    DONE = "done", "已完成", "done"
    VOID = "void", "已作废", "void"


class SpotCheckStep(StepTerm):
    """What is done with a spot check."""

    PLAN = "plan", "计划抽查", "plan"
    COMMIT = "commit", "承诺", "commit"
    CUT = "cut", "固定总体", "fix the population"
    REVEAL = "reveal", "揭示", "reveal"
    DRAW = "draw", "抽取", "draw"
    FIND = "find", "记录检查结果", "record a finding"
    FINISH = "finish", "完成抽查", "finish"
    ANSWER = "answer_finding", "回应检查结果", "answer a finding"
    CORRECT = "correct_finding", "更正检查结果", "correct a finding"
    VOID = "void", "作废", "declare void"


class PopulationState(StateTerm):
    """The state of a population: OPEN to everybody once its spot check is done."""

    SEALED = "sealed", "未公开", "sealed"
    OPEN = "public", "已公开", "public"


class PopulationStep(StepTerm):
    """What is done with the population of a spot check."""

    KEEP = "keep_population", "保存总体", "keep"
    OPEN = "open_population", "公开总体", "open"


class Risk(Term):
    """The stratum of what may be checked, from the highest risk to the lowest."""

    BAD_BOARD = "bad_board", "差评榜", "on the bad board"
    HIGH = "high", "高风险", "high risk"
    MEDIUM = "medium", "中风险", "medium risk"
    LOW = "low", "低风险", "low risk"


class RiskGround(Term):
    """A ground for which something is checked more often."""

    BAD_BOARD = "bad_board", "在差评榜", "on the bad board"
    PACE_BEHIND = "pace_behind", "进度滞后", "behind its pace"
    COMPLAINTS = "complaints", "投诉多", "many complaints"
    BAD_RATINGS = "bad_ratings", "差评多", "many bad ratings"


class CheckWay(Term):
    """How something is checked: UNANNOUNCED is 四不两直, ONLINE is 互联网核查."""

    UNANNOUNCED = "unannounced", "四不两直", "unannounced"
    ONLINE = "online", "互联网核查", "online"


class Severity(Term):
    """How serious a finding is; NONE means that nothing was wrong."""

    NONE = "none", "无问题", "nothing wrong"
    MINOR = "minor", "一般问题", "minor"
    SERIOUS = "serious", "较重问题", "serious"
    GRAVE = "grave", "严重问题", "grave"


class RectificationState(StateTerm):
    """The state of a rectification; ACCEPTED is its end."""

    OPENED = "opened", "整改中", "under way"
    SUBMITTED = "submitted", "已提交", "submitted"
    RETURNED = "returned", "已退回", "returned"
    ACCEPTED = "rectified", "整改完成", "rectified"


class RectificationStep(StepTerm):
    """What is done about a rectification."""

    OPEN = "open_rectification", "启动整改", "open a rectification"
    SUBMIT = "submit_rectification", "提交整改", "submit a rectification"
    ACCEPT = "accept_rectification", "验收整改", "accept a rectification"
    RETURN = "return_", "退回", "return"
    ESCALATE = "escalate", "逐级督办", "escalate"
    ACKNOWLEDGE = "acknowledge", "签收", "acknowledge"


class Failing(Term):
    """What a bad rating is about, as the unit finds when it answers (D3)."""

    CHANNEL = "channel", "服务渠道", "service channel"
    PROCESS = "process", "服务流程", "service process"
    CONDUCT = "conduct", "服务作风", "conduct of staff"


class ReviewMeetingState(StateTerm):
    """The state of a review meeting; CLOSED and CALLED_OFF are its ends."""

    CALLED = "called", "待召开", "called"
    HELD = "held", "已召开", "held"
    CLOSED = "closed", "已办结", "closed"
    CALLED_OFF = "called_off", "已取消", "called off"


class ReviewMeetingStep(StepTerm):
    """What is done with a review meeting."""

    CALL = "call_review", "召集调度会", "call a review meeting"
    HOLD = "hold_review", "召开调度会", "hold a review meeting"
    CLOSE = "close_review", "办结调度会", "close a review meeting"
    CALL_OFF = "call_off_review", "取消调度会", "call off a review meeting"


class DecisionState(StateTerm):
    """The state of a review meeting's decision; ACCEPTED and DROPPED are its ends."""

    DECIDED = "decided", "办理中", "to be done"
    REPORTED = "reported_done", "待认定", "reported done"
    RETURNED = "returned", "已退回", "returned"
    ACCEPTED = "fulfilled", "已办到", "done"
    DROPPED = "dropped", "已撤销", "dropped"


class DecisionStep(StepTerm):
    """What is done about a review meeting's decision."""

    DECIDE = "decide", "作出决定", "decide"
    REMIND = "remind", "催办", "remind"
    REPORT = "report_decision", "报告办结", "report as done"
    ACCEPT = "accept_decision", "认定办结", "accept as done"
    RETURN = "return_", "退回", "return"
    DROP = "drop_decision", "撤销决定", "drop a decision"


class EngagementState(StateTerm):
    """The state of a third party's engagement; FOLLOWED and CALLED_OFF are its ends.

    FOLLOWED: each finding of the report has an action or a reasoned no.
    """

    PLANNED = "engagement_planned", "已委托", "planned"
    IN_FIELD = "in_field", "评估中", "in the field"
    REPORTED = "engagement_reported", "已报告", "reported"
    FOLLOWED = "followed", "意见已落实回应", "followed"
    CALLED_OFF = "engagement_called_off", "已取消", "called off"


class EngagementStep(StepTerm):
    """What is done with a third party's engagement."""

    PLAN = "plan_engagement", "委托评估项目", "plan an engagement"
    ENTER = "enter_field", "评估进场", "enter the field"
    REPORT = "report_engagement", "记入评估报告", "record the report"
    CORRECT = "correct_report", "更正评估报告", "correct the report"
    ANSWER = "answer_report", "以措施回应意见", "answer a finding by an action"
    DECLINE = "decline_finding", "不采纳意见", "decline a finding"
    COMPLETE = "complete_action", "报告措施办结", "report an action as done"
    FOLLOW = "follow", "认定意见已回应", "accept the answers"
    CALL_OFF = "call_off_engagement", "取消评估项目", "call an engagement off"


class DigestKind(Term):
    """Of what kind a line of a review meeting's pack or of a digest is (F3)."""

    TASK = "task", "任务滞后", "task behind its curve"
    DOUBT = "doubt", "依据存疑", "item with a part in doubt"
    BOARD = "board", "在差评榜", "on the bad board"
    ORDER = "order", "督办未销号", "open supervision order"
    DECISION = "decision", "决定未办结", "decision not done"
    REPLICATION = "replication", "推广未答复", "replication not answered"
    ANSWERS = "answers", "答复超期", "answers overdue"
    RATINGS = "ratings", "差评待办", "bad ratings to be handled"
    PROGRESS = "progress", "进展未报", "progress not reported"
    RESPONSES = "responses", "需求未响应", "demands without a response"
    EXECUTED = "executed", "事项完成", "item executed"
    EVALUATED = "evaluated", "评价通过", "item evaluated well"
    COLOR = "color", "五色上升", "color risen"
    IN_TIME = "in_time", "按时答复", "answered in time"
    DONE = "done", "决定办结", "decision done"
    RECTIFYING = "rectifying", "整改未提交", "rectification not submitted"
    RECTIFIED = "rectified", "整改认可", "rectification accepted"
    FINDING = "finding", "抽查问题", "findings of a spot check"
    UNANSWERED = "unanswered", "抽查问题未回应", "findings not answered"
    CLEAN = "clean", "抽查无问题", "nothing found by a spot check"
    SURVEY = "survey", "群众满意度", "satisfaction by a survey"
    FAILED = "failed", "评价未通过", "item not evaluated well"
    GOOD_BOARD = "good_board", "上好评榜", "on the good board"
    UNANSWERED_REPORT = "unanswered_report", "评估意见未回应", "report not answered"
    UNDONE_REPORT = "undone_report", "评估意见措施未完成", "action on a report not done"


class DigestStep(StepTerm):
    """What is done about the digests of a period."""

    ISSUE = "issue_digests", "发出月报季报", "issue the digests"
    REISSUE = "reissue_digests", "更正月报季报", "issue corrected digests"
    SEND = "send_digest", "再发月报季报", "send a digest again"


class DigestReach(Term):
    """Whether a unit's digest has reached it by mail."""

    SENT = "sent", "已送达", "sent"
    WAITING = "waiting", "待投递", "waiting to be sent"
    FAILED = "failed", "投递失败", "failed for good"
    NOWHERE = "nowhere", "没有收件地址", "no address"


class PracticeState(StateTerm):
    """The state of a good practice; WITHDRAWN is its end."""

    SHELVED = "shelved", "可推广", "on the shelf"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class PracticeStep(StepTerm):
    """What is done with a good practice."""

    SHELVE = "shelve", "列为好经验", "put on the shelf"
    WITHDRAW = "withdraw_practice", "撤回好经验", "withdraw a practice"


class ReplicationState(StateTerm):
    """The state of a replication; DECLINED, RECALLED and COMPARED are its ends."""

    PROPOSED = "replication_proposed", "待答复", "to be answered"
    ADOPTED = "adopted", "已采纳", "adopted"
    DECLINED = "replication_declined", "未采纳", "declined"
    RECALLED = "recalled", "已收回", "recalled"
    COMPARED = "compared", "效果已对比", "effect compared"


class ReplicationStep(StepTerm):
    """What is done about the replication of a practice."""

    PROPOSE = "propose_replication", "推荐推广", "propose a replication"
    REMIND = "remind", "催办", "remind"
    ADOPT = "adopt_replication", "采纳推广", "adopt a practice"
    DECLINE = "decline_replication", "不采纳推广", "decline a practice"
    RECALL = "recall", "收回推荐", "recall a proposal"
    COMPARE = "compare", "对比效果", "compare the effect"


class EffectMeasure(Term):
    """By what the effect of a practice and of its replica are compared (D1)."""

    FULFILMENT = "fulfilment", "落实度", "fulfilment"
    OUTCOMES = "outcomes", "约定效果达成率", "agreed outcomes met"
    SATISFACTION = "satisfaction", "满意度", "satisfaction"
