"""The field's words that are not a state, step, kind or level of another list."""

from __future__ import annotations

from huimin_flow.catalogue.terms.term import Term


class AppealField(Term):
    """A field of an appeal, as a column of a file has it (A1)."""

    KEY = "key", "诉求编号", "key of the appeal"
    AT = "at", "时间", "time"
    CHANNEL = "channel", "渠道", "channel"
    WHO = "who", "来访人代号", "code of the person"
    DISTRICT = "district", "区县", "district"
    TOWN = "town", "镇街", "town"
    VILLAGE = "village", "村(社区)", "village"
    POINT = "point", "直报点", "reporting point"
    TITLE = "title", "标题", "title"
    TEXT = "text", "内容", "text"
    LIFE_STAGE = "life_stage", "生命周期阶段", "stage of life"
    NAME = "name", "姓名", "name"
    PHONE = "phone", "联系电话", "phone"
    IDENTITY = "identity", "证件号码", "identity number"
    ADDRESS = "address", "地址", "address"
    OTHER = "other", "其他联系方式", "another contact"


class GuessGround(Term):
    """Why a column is guessed to be a field of an appeal (A1)."""

    SAME_NAME = "same_name", "列名相同", "the same name"
    PART_OF_NAME = "part_of_name", "列名里有这个词", "a part of the name"
    CONTENT = "content", "看内容", "by the contents"
    UNIQUE = "unique", "每行不同的编号", "a code that differs in each row"
    LONGEST = "longest", "文字最长的一列", "the column with the longest texts"


class FieldWord(Term):
    """A term of the notice or of the people who work with it."""

    APPEAL = "appeal", "诉求", "appeal"
    OBJECTION = "objection", "申诉", "objection"
    COMPLAINT = "complaint", "投诉", "complaint"
    ITEM = "item", "民生需求事项", "demand item"
    CHANNEL = "channel", "采集渠道", "channel"
    RECEIPT = "receipt", "回执", "receipt"
    REPORTING_POINT = "reporting_point", "直报点", "reporting point"
    DELIBERATION = "deliberation", "专题论证会议", "deliberation"
    DEMAND_LEDGER = "demand_ledger", "民生需求台账", "demand ledger"
    TASK_LEDGER = "task_ledger", "民生任务台账", "task ledger"
    ANNUAL_LIST = "annual_list", "民生任务清单", "annual list"
    PHASE_LIST = "phase_list", "下阶段清单", "list of the next phase"
    PERCEIVED_BENEFIT = "perceived_benefit", "惠民有感强度", "perceived benefit"
    STARS = "stars", "星级", "stars"
    EXPECTED_EFFECTIVENESS = (
        "expected_effectiveness",
        "预估执行效度",
        "expected effectiveness",
    )
    OUTCOME = "outcome", "惠民效果", "outcome"
    SUPPORTING_UNITS = "supporting_units", "配合单位", "supporting units"
    CONTRIBUTION_INDEX = "contribution_index", "贡献度评价指数", "contribution index"
    IMPLEMENTATION_RATE = "implementation_rate", "落实度", "implementation rate"
    CASELOAD = "caseload", "业务量", "caseload"
    COMPLAINT_RATE = "complaint_rate", "投诉率", "complaint rate"
    SATISFACTION_RATE = "satisfaction_rate", "满意度", "satisfaction rate"
    FIVE_COLOR_CHART = "five_color_chart", "五色图", "five-color chart"
    SERVICE_RATING = "service_rating", "好差评", "service rating"
    GOOD_BOARD = "good_board", "好评榜", "board of the best rated"
    BAD_BOARD = "bad_board", "差评榜", "board of the worst rated"
    RECTIFICATION = "rectification", "整改", "rectification"
    SUPERVISION_ORDER = "supervision_order", "督查督办", "supervision order"
    REPLICATION = "replication", "复制推广", "replication"
    ADJUSTMENT = "adjustment", "动态调整", "adjustment"
    UNANNOUNCED = "unannounced", "四不两直", "unannounced spot check"
    ONLINE = "online", "互联网核查", "online check"
    TASK_FORCE = "task_force", "专班", "task force"
    REVIEW_MEETING = "review_meeting", "调度", "review meeting"
    COCKPIT = "cockpit", "驾驶舱", "cockpit"
    CLOSED_LOOP = "closed_loop", "闭环", "closed loop"
    LIFE_STAGE = "life_stage", "全生命周期", "stage of life"
    SERVICE_MODE = "service_mode", "服务方式", "mode of service"
    DEPUTY = "deputy", "代理", "deputy"
    POLICY = "policy", "政策", "policy"


class Duty(Term):
    """What a role may do besides the steps of an item (F1)."""

    CONFIRM = "confirm", "复核确认", "confirm"
    ACTIVATE = "activate", "启用规则库", "activate a rulebook"
    PUBLISH = "publish", "发布清单", "publish a list"
    PROPOSE = "propose", "提出板块清单", "propose an area's list"
    EXCUSE = "excuse", "免除任务", "excuse a task"
    DELIBERATE = "deliberate", "召集论证会议", "hold a deliberation"
    ASSESS = "assess", "委托与验收评估", "request and accept assessments"
    READ = "read", "查看诉求原文", "read what appeals say"
    IMPORT = "import", "导入数据", "import data"
    REPORT = "report", "报送进展", "report progress"
    ANSWER = "answer", "答复诉求", "answer appeals"
    POLICY = "policy", "登记政策与措施", "register policies and measures"
    TIMETABLE = "timetable", "运行时间表", "run the timetable"
    AUDIT = "audit", "审计", "audit"
    SUBSCRIBE = "subscribe", "订阅与投递变更", "follow and deliver changes"
    SPOT_CHECK = "spot_check", "抽查", "make spot checks"


class Tie(Term):
    """How an item is linked to an appeal."""

    HANGS = "hangs", "挂接的事项", "linked item"
    MERGED_INTO = "merged_into", "并入的事项", "item it was merged into"
    SPLIT_FROM = "split_from", "拆分出的事项", "item split off"
    CONTINUES = "continues", "接续的事项", "successor"
    RESPONDS_TO = "responds_to", "响应的事项", "response"
    ARISES_FROM = "arises_from", "由此产生的事项", "item that arose from it"
