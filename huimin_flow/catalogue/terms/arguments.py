"""The words for the arguments of acts and for their fields.

An argument has the word of its own name, unless its annotation has another word:
``key: Annotated[str, Argument.LIST]``.
"""

from __future__ import annotations

import errno

from huimin_flow.catalogue.terms.term import Term


class Argument(Term):
    """The word of a refusal or a form for an argument or a field of it."""

    TITLE = "title", "标题", "title"
    DESCRIPTION = "description", "说明", "description"
    KEY = "key", "编号", "key"
    TEXT = "text", "内容", "text"
    AT = "at", "时间", "time"
    NOW = "now", "当前时间", "present moment"
    ON = "on", "日期", "day"
    ARGUMENT = "argument", "参数", "argument"
    WRITTEN = "written", "所写的文字", "written text"
    BY = "by", "经办人", "actor"
    SECOND = "second", "第二人", "second person"
    PERSON = "person", "岗位代号", "id of a post"
    NOTE = "note", "备注", "note"
    REASON = "reason", "理由", "reason"
    GROUNDS = "grounds", "依据", "grounds"
    UNIT = "unit", "单位", "unit"
    UNTIL = "until", "截至何时", "until when"
    DISTRICT = "district", "地点", "place"
    AREA = "area", "业务板块", "area of business"
    ORIGIN = "origin", "来源类型", "origin"
    CHANNEL = "channel", "渠道", "channel"
    SOURCE = "source", "来源", "source"
    NUMBER = "number", "事项编号", "item number"
    BEGINNING = "beginning", "编号开头", "beginning of a number"
    STREAM = "stream", "记录名", "stream"
    NAME = "name", "名称", "name"
    STEP = "step", "步骤", "step"
    SCORES = "scores", "各项得分", "scores"
    VALUE = "value", "数值", "value"
    MONTH = "month", "月份", "month"
    PERIOD = "period", "时期", "period"
    ANSWER = "answer", "答复", "answer"
    TASK = "task", "任务", "task"
    MEASURE = "measure", "计量单位", "unit of measure"
    MEMBERS = "members", "成员", "members"
    VERSION = "version", "版本", "version"
    DIGEST = "digest", "摘要", "digest"
    APPEAL = "appeal", "诉求", "appeal"
    APPEALS = "appeals", "各条诉求", "appeals"
    AFTER = "after", "接在哪一条之后", "what the page follows"
    ORDER = "order", "顺序", "order"
    STATE = "state", "状态", "state"
    ACCEPT = "accept", "是否认可", "whether it is accepted"
    ACCOUNT = "account", "操作系统账户", "account of the operating system"
    ACT = "act", "须两人办理的事", "act of two people"
    AGENDA = "agenda", "议题", "agenda"
    ASSESSOR = "assessor", "评估人", "assessor"
    BOOK = "book", "要启用的规则库", "rulebook to activate"
    CALLED_BACK_ON = "called_back_on", "回访日期", "day of the call back"
    CHAIR = "chair", "主持人", "chair"
    CONTENT = "content", "文件内容", "content of a file"
    CORRECTIONS = "corrections", "更正内容", "corrections"
    COLORS = "colors", "五色图", "five colors"
    CUT = "cut", "截点", "cut"
    DECLINE_CODE = "decline_code", "不承接的理由代码", "reason code to decline"
    DELIBERATION = "deliberation", "会商记录", "deliberation"
    DEMAND = "demand", "事项需求", "demand"
    DIMENSION = "dimension", "统计口径", "dimension to count by"
    EDITION = "edition", "版次", "edition"
    LIST = "list", "清单编号", "key of a list"
    PROPOSAL = "proposal", "提请编号", "key of a proposal"
    ASSESSMENT = "assessment", "评估编号", "key of an assessment"
    PUBLISHED = "published", "评价编号", "key of a publication"
    APPEAL_KEY = "appeal_key", "诉求编号", "key of an appeal"
    FILE_NAME = "file_name", "附件名", "name of a file"
    RETURN_CODE = "return_code", "退回理由代码", "reason code of the return"
    TRANSFER_CODE = "transfer_code", "移交理由代码", "reason code of the transfer"
    RETURN_REASON = "return_reason", "退回理由", "reason for the return"
    OBJECTION = "objection", "申诉理由", "grounds of the objection"
    EXPECTED = "expected", "预估执行效度", "expected effectiveness"
    FINDING = "finding", "结论", "finding"
    FIRST = "first", "起始月份", "first month"
    LAST = "last", "截止月份", "last month"
    GROUND = "ground", "申诉类别", "kind of misrating"
    HELD_ON = "held_on", "开会日期", "day of the meeting"
    HIGH_RISK = "high_risk", "是否高风险", "whether the risk is high"
    INTO = "into", "并入的事项", "item to merge into"
    ITEM = "item", "事项", "item"
    JUDGMENT = "judgment", "研判", "judgment"
    KIND = "kind", "类别", "kind"
    LIMIT = "limit", "最多条数", "greatest count"
    LINES = "lines", "各行行号", "numbers of lines"
    LOOSE = "loose", "是否只看未挂接的", "whether only unlinked appeals"
    MINUTES = "minutes", "会议纪要", "minutes"
    NUMBERS = "numbers", "各项事项编号", "item numbers"
    OCCURRED_ON = "occurred_on", "发生日期", "day on which it happened"
    OPENING = "opening", "期初清单", "opening list"
    OVERDUE = "overdue", "是否只看超期的", "whether only overdue cases"
    PARTICIPANTS = "participants", "参会人", "participants"
    PARTS = "parts", "拆分出的各项", "parts"
    PLACEMENT = "placement", "安排", "placement"
    PLACES = "places", "各行位置", "places of the rows"
    PLAN = "plan", "方案", "plan"
    RATINGS = "ratings", "评价", "ratings"
    REASON_CODE = "reason_code", "理由代码", "reason code"
    RECOMMENDATION = "recommendation", "处理建议", "recommendation"
    ABOUT = "about", "关于什么", "subject"
    REFUSED_ACT = "refused_act", "所办的事", "act that was refused"
    REFUSED = "refused", "未收的各行", "rows that were refused"
    REPORTS = "reports", "进展", "progress reports"
    RESULTS = "results", "任务结果", "results of the tasks"
    SATISFACTION = "satisfaction", "群众满意度", "satisfaction"
    SEEN = "seen", "核对码", "check code"
    SINCE = "since", "自何时起", "since when"
    SKIP = "skip", "跳过的条数", "number of lines to skip"
    STALE = "stale", "是否只看存疑的", "whether only items in doubt"
    STUCK = "stuck", "是否只看卡住的", "whether only items that are stuck"
    STARS = "stars", "星级", "stars"
    SET_ASIDE = "set_aside", "是否不计差评", "whether it is set aside"
    STATES = "states", "各个状态", "states"
    TRAITS = "traits", "其他条件", "other conditions"
    TRANSACTION = "transaction", "办件编号", "transaction"
    VALUES = "values", "提请内容", "content of the proposal"
    VIA = "via", "办理途径", "way of acting"
    WITH_COLORS = "with_colors", "是否一并更正五色图", "whether to correct the colors"
    YEAR = "year", "年份", "year"
    ANSWERS = "answers", "各问的回答", "answers"
    AREA_SOURCE = "area_source", "板块的出处", "source of the area"
    ARISES_FROM = "arises_from", "来自哪个事项", "item it arises from"
    BEFORE = "before", "上月颜色", "color of the month before"
    CARRIER = "carrier", "承载平台", "carrier"
    CODE = "code", "代码", "code"
    COLOR = "color", "颜色", "color"
    COMPARATOR = "comparator", "比较方式", "comparison"
    CONTINUES = "continues", "接续哪个事项", "item it continues"
    CURVE = "curve", "进度曲线", "plan curve"
    CURVE_SOURCE = "curve_source", "曲线的出处", "source of the curve"
    DATED = "dated", "清单日期", "day of the list"
    DELIVERABLE = "deliverable", "成果", "deliverable"
    DELIVERABLES = "deliverables", "各项成果", "deliverables"
    DENOMINATOR = "denominator", "分母", "denominator"
    DENOMINATOR_SOURCE = "denominator_source", "分母的出处", "source of the denominator"
    DUE = "due", "期限", "due day"
    DUE_SOURCE = "due_source", "期限的出处", "source of the due day"
    EARLIEST = "earliest", "最早", "earliest"
    EVIDENCE = "evidence", "佐证", "evidence"
    EXCUSE = "excuse", "免责理由", "excuse"
    EXCUSED_BY = "excused_by", "由谁免责", "who excused it"
    GROUPS = "groups", "分组", "groups"
    HIGH = "high", "上限", "upper end"
    ID = "id", "代号", "id"
    INDEX = "index", "指数", "index"
    INDICATOR = "indicator", "指标", "indicator"
    INDICATORS = "indicators", "各项指标", "indicators"
    LEAD_SOURCE = "lead_source", "牵头单位的出处", "source of the lead"
    LEAD_UNIT = "lead_unit", "牵头单位", "lead unit"
    LIFE_STAGE = "life_stage", "生命周期阶段", "stage of life"
    LINE = "line", "行号", "line"
    LOW = "low", "下限", "lower end"
    MET = "met", "已完成", "met"
    METHOD = "method", "方式", "method"
    OUTCOME = "outcome", "约定效果的编号", "key of an agreed outcome"
    OUTCOMES = "outcomes", "约定的效果", "agreed outcomes"
    STATEMENT = "statement", "约定达到的效果", "what is agreed"
    COUNTED = "counted", "计什么数", "what is counted"
    SIDE = "side", "不低于还是不高于", "at least or at most"
    MARK = "mark", "约定数值或合格线", "mark"
    CHECK = "check", "凭什么材料核对", "evidence by which it is checked"
    POPULATION = "population", "测评对象", "who is asked"
    SAMPLE = "sample", "样本", "sample"
    SIZE = "size", "最小样本量", "least sample size"
    SHARE = "share", "最小抽样比例", "least share of the population"
    REPLIES = "replies", "有效答复数", "valid replies"
    SERVED = "served", "测评对象总数", "size of the population"
    GRADE = "grade", "达成情况", "grade"
    PATH = "path", "实施路径", "path"
    QUOTE = "quote", "原文", "quotation"
    REASONS = "reasons", "各条理由", "reasons"
    REQUEST = "request", "请求编号", "request id"
    RESPONDS_TO = "responds_to", "回应哪个事项", "item it responds to"
    REVISIONS = "revisions", "规则版次", "revisions of the rules"
    ROLES = "roles", "角色", "roles"
    RULEBOOK = "rulebook", "规则库", "rulebook"
    SATISFACTION_MEASURE = (
        "satisfaction_measure",
        "满意度测评方式",
        "how satisfaction is measured",
    )
    SCORED = "scored", "所依据的计分", "scores it is based on"
    SPLIT_FROM = "split_from", "由哪个事项分解", "item it was split from"
    SUPPLIER = "supplier", "由谁补充", "supplier"
    TASKS = "tasks", "各项任务", "tasks"
    TITLE_SOURCE = "title_source", "标题的出处", "source of the title"
    TOLERANCE = "tolerance", "容差", "tolerance"
    UNMEASURED = "unmeasured", "无法计量的说明", "reason for no indicator"
    WHO = "who", "来访人代号", "code of the person"
    YES = "yes", "是否", "yes or no"


class FieldKind(Term):
    """The kind of a field that an act asks for."""

    TEXT = "text", "文字", "text"
    CODE = "code", "代码", "code"
    TERM = "term", "选项", "term"
    WHOLE = "whole", "整数", "whole number"
    PERCENT = "percent", "百分数", "percent"
    DAY = "day", "日期", "day"
    MOMENT = "moment", "时刻", "moment"
    YES_NO = "yes_no", "是否", "yes or no"
    FILE = "file", "文件", "file"


class Obstacle(Term):
    """Why the operating system refuses to read or write a path."""

    MISSING = "missing", "不存在", "it does not exist"
    NO_FOLDER = (
        "no_folder",
        "路径中有一处不是目录",
        "part of the path is not a folder",
    )
    FOLDER = "folder", "是目录,不是文件", "it is a folder, not a file"
    FILE_THERE = "file_there", "路径中已有同名文件,不是目录", "a file is in the way"
    FORBIDDEN = "forbidden", "没有权限", "permission denied"
    READ_ONLY = "read_only", "只读", "read-only"
    NAME_TOO_LONG = "name_too_long", "名称过长", "the name is too long"
    LINK_LOOP = "link_loop", "链接绕成了圈", "links form a circle"
    DISK_FULL = "disk_full", "磁盘已满", "the disk is full"
    QUOTA = "quota", "超出磁盘配额", "the disk quota is exceeded"
    FILE_TOO_LARGE = "file_too_large", "文件过大", "the file is too large"
    DISK_ERROR = "disk_error", "磁盘读写出错", "the disk failed"
    NO_READER = "no_reader", "没有人再读", "the reader has stopped"
    OTHER = "other", "系统不允许", "the system refused it"


#: By error number of the system: the word.
OBSTACLES = {
    errno.EEXIST: Obstacle.FILE_THERE,
    errno.ENOTDIR: Obstacle.NO_FOLDER,
    errno.EISDIR: Obstacle.FOLDER,
    errno.ENOENT: Obstacle.MISSING,
    errno.EACCES: Obstacle.FORBIDDEN,
    errno.EPERM: Obstacle.FORBIDDEN,
    errno.EROFS: Obstacle.READ_ONLY,
    errno.ENAMETOOLONG: Obstacle.NAME_TOO_LONG,
    errno.ELOOP: Obstacle.LINK_LOOP,
    errno.ENOSPC: Obstacle.DISK_FULL,
    errno.EDQUOT: Obstacle.QUOTA,
    errno.EFBIG: Obstacle.FILE_TOO_LARGE,
    errno.EIO: Obstacle.DISK_ERROR,
    errno.EPIPE: Obstacle.NO_READER,
}
