"""The words of the timetable: jobs, slots and results (F3)."""

from __future__ import annotations

import re

from huimin_flow.catalogue.language import in_english
from huimin_flow.catalogue.terms.term import StateTerm, Term


class Job(Term):
    """A job of the unattended service."""

    SUCCESSION = "succession", "机构撤并交接", "succession of a unit"
    LISTING_REMINDER = "listing_reminder", "清单截止提醒", "reminder of the listing"
    LISTING = "listing", "次年清单截止", "freeze of next year's list"
    PHASE_LISTING = "phase_listing", "下阶段清单截止", "freeze of a quarter's list"
    SCREENING_ROUND = "screening_round", "定期筛选", "round of screening"
    POLICY_REVIEW = "policy_review", "政策执行对照", "comparison with policies"
    FEED_PULL = "feed_pull", "定时拉取回流", "pull of the feeds"
    PROGRESS_CALL = "progress_call", "月度进展征集", "monthly call for progress"
    PROGRESS_CHASE = "progress_chase", "月度进展催报", "reminder of missing reports"
    RESPONSE_CHASE = "response_chase", "需求响应催办", "reminder of missing responses"
    MONTHLY_SCORE = "monthly_score", "月评价", "monthly score"
    FIVE_COLORS = "five_colors", "五色图", "five-color chart"
    QUARTERLY_RANKING = "quarterly_ranking", "季度榜单", "quarterly ranking"
    QUARTERLY_BOARDS = "quarterly_boards", "季度好评榜差评榜", "quarterly boards"
    MONTHLY_DIGESTS = "monthly_digests", "月报", "monthly digests"
    QUARTERLY_DIGESTS = "quarterly_digests", "季报", "quarterly digests"


class TodoKind(Term):
    """What waits for an actor."""

    CLOCK = "clock", "时钟", "clock"
    RATING = "rating", "差评整改", "follow-up of a bad rating"
    GATHERING = "gathering", "诉求归并", "appeals that may be of one problem"
    REPEAT = "repeat", "反复多渠道反映", "problem told again and again"
    LOOSE = "loose", "未挂接诉求", "appeals without an item"
    ANSWER = "answer", "诉求答复", "answer to an appeal"
    PROPOSAL = "proposal", "待复核", "proposal to confirm"
    PROGRESS = "progress", "进展待报", "progress to report"
    FEED = "feed", "回流断供", "feed that has stopped"
    LIST = "list", "清单", "list"
    RESPONSE = "response", "需求响应", "response to a demand"
    ASSESSMENT = "assessment", "评估", "assessment"
    ENGAGEMENT = "engagement", "第三方评估项目", "engagement of a third party"
    TASK = "task", "任务分解", "tasks of an item"
    SURVEY = "survey", "满意度调查", "survey of citizens"
    ADVICE = "advice", "调整建议", "advice on a measure"
    ORDER = "order", "督查督办", "supervision order"
    BOARD = "board", "好评榜差评榜", "boards of a quarter"
    SPOT_CHECK = "spot_check", "抽查", "spot check"
    RECTIFICATION = "rectification", "整改", "rectification"
    REPLICATION = "replication", "复制推广", "replication of a practice"
    REVIEW = "review", "调度会", "review meeting"
    DECISION = "decision", "调度决定", "decision of a review meeting"
    MEETING = "meeting", "论证会议", "deliberation"
    RESOURCES = "resources", "可用资源", "resources of an area"
    POINT = "point", "直报点", "reporting point"
    POLICY = "policy", "政策措施", "measure to make"
    ITEM = "item", "事项待办", "next step of an item"
    DELIVERY = "delivery", "投递失败", "failed delivery"
    DIGEST = "digest", "月报季报未送达", "digest that has not arrived"


class Every(Term):
    """How often a slot falls due."""

    YEAR = "year", "每年", "every year"
    QUARTER = "quarter", "每季", "every quarter"
    MONTH = "month", "每月", "every month"
    UNIT_END = "unit_end", "单位撤销之日", "the day on which a unit ends"


class Roll(Term):
    """How a due day on a day off is moved."""

    NONE = "none", "不移动", "not moved"
    BACK = "back", "提前到工作日", "back to a working day"
    FORWARD = "forward", "顺延到工作日", "forward to a working day"


class Missed(Term):
    """What to do about a due moment that was missed."""

    ONCE = "once", "只补做最近一期", "run the newest period late"
    EACH = "each", "逐期补做", "run each period late"
    SKIP = "skip", "过迟不补", "skip if too late"


class Outcome(Term):
    """A key of a job's result."""

    CITY = "city", "全市入选", "on the city list"
    PROPOSED = "proposed", "列入板块建议", "in areas' proposals"
    UNITS = "units", "单位", "units"
    LISTED = "listed", "单位入选", "on units' lists"
    LEFT_OUT = "left_out", "未入选", "left out"
    UNMOVED = "unmoved", "已另作处理", "already handled"
    EXISTED = "existed", "此前已有的清单", "existing lists"
    SKIPPED = "skipped", "已略过", "skipped"
    WAITING = "waiting", "待办", "waiting"
    MEASURES = "measures", "措施", "measures"
    GAPS = "gaps", "有差距", "with a gap"
    COLLECTED = "collected", "新采集事项", "items collected"
    UNMEASURED = (
        "unmeasured",
        "逾期未定措施的政策",
        "policies without measure",
    )
    CANDIDATES = "candidates", "待筛选事项", "items to screen"
    OVERDUE = "overdue", "已超期", "overdue"
    SILENT = "silent", "未按期响应", "without a response in time"
    OWING = "owing", "未报任务", "tasks not reported"
    MISSED = "missed", "断供的回流", "feeds missed"
    CHANGED = "changed", "变色", "changed color"
    ITEMS = "items", "移交事项", "items transferred"
    RATINGS = "ratings", "移交差评处置", "follow-ups transferred"
    LISTS = "lists", "移交清单", "lists transferred"
    RANKED = "ranked", "有名次", "ranked"
    INSUFFICIENT = "insufficient", "数据不足", "insufficient data"
    CONSIDERED = "considered", "参评事项", "items considered"
    GOOD = "good", "好评榜", "good board"
    BAD = "bad", "差评榜", "bad board"
    REMAINS = "remains", "仍在差评榜", "remain on the bad board"
    LATE = "late", "迟办", "late"
    OWED = "owed", "欠办", "owed"
    FAULTS = "faults", "问题", "faults"
    WELL = "well", "办好", "went well"


def period_in_words(period: str) -> str:
    """Return a year, quarter or month in words for titles; other text unchanged.

    >>> period_in_words("2023"), period_in_words("2023Q4"), period_in_words("2023-07")
    ('2023年', '2023年第四季度', '2023年7月')
    >>> period_in_words("500105@2025-11-06")
    '500105(2025-11-06)'

    """
    unit, ended, day = period.partition("@")
    if ended:
        return f"{unit}({day})"
    match = _PERIOD.fullmatch(period)
    if match is None:
        return period
    year, quarter, month = match.groups()
    if in_english():
        if quarter:
            return f"{_ORDINALS[int(quarter) - 1]} quarter of {year}"
        return f"{_MONTHS[int(month) - 1]} {year}" if month else year
    if quarter:
        return f"{year}年第{'一二三四'[int(quarter) - 1]}季度"
    return f"{year}年{int(month)}月" if month else f"{year}年"


_ORDINALS = ("first", "second", "third", "fourth")

#: English names; those of the calendar module follow the machine's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_PERIOD = re.compile(r"([0-9]{4})(?:Q([1-4])|-([0-9]{2}))?")


class SenderKind(Term):
    """How changes are sent to a destination."""

    FILE = "file", "文件", "file"
    MAIL = "mail", "邮件", "mail"
    WEBHOOK = "webhook", "网络回调", "webhook"


class DeliveryState(StateTerm):
    """A state of a delivery."""

    WAITING = "undelivered", "待投递", "waiting to be sent"
    SENT = "sent", "已投递", "sent"
    DEAD = "dead", "投递失败", "failed for good"
    ABANDONED = "abandoned", "已放弃投递", "abandoned"


class Fault(Term):
    """Why a delivery failed: the last code that its destination shows."""

    UNLISTED = "unlisted", "地址不在 outbox.hosts 中", "host not listed in outbox.hosts"
    BARRED = "barred", "地址指向本机或内部网络", "address of a private network"
    UNKNOWN_HOST = "unknown_host", "主机名解析不到", "host name not resolved"
    UNREACHABLE = "unreachable", "连接不上", "not reachable"
    SLOW = "slow", "超时没有答复", "no answer in time"
    INSECURE = "insecure", "加密连接不成立", "no trusted encryption"
    SIGN_IN = "sign_in", "登录被拒绝", "sign-in refused"
    REDIRECTED = "redirected", "对方要求转到别处", "redirected elsewhere"
    REFUSED = "refused", "对方拒收", "refused by the receiver"
    SECRET = "secret", "密钥缺失或不可用", "secret missing or unfit"
    DISK = "disk", "文件写不进去", "file not written"
    NO_FOLDER = "no_folder", "目标文件夹不在", "folder missing"
    NO_RECIPIENT = (
        "no_recipient",
        "设置里已没有这个收件人",
        "recipient not in the settings",
    )
    BUSY = "busy", "对方暂时不能受理", "receiver in trouble"
    UNFORESEEN = "unforeseen", "投递程序出错", "fault of the sender"
    NO_CHANGE = "no_change", "原记录读不到", "change not readable"


class Health(Term):
    """The result of a check of ``huimin doctor``."""

    GREEN = "green", "正常", "healthy"
    YELLOW = "yellow", "注意", "needs attention"
    RED = "red", "故障", "broken"
