"""Why a monthly report, or a question about months, cannot be taken (C4, D3)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode

_FIGURE = ("请核对数值", "check the figure")
_KIND = ("请核对指标类型", "check the kind of the indicator")
_MONTH = ("请核对月份", "check the month")


class ProgressCode(ReasonCode):
    """What is wrong with a report of progress, or with a month that is asked for."""

    MONTH_UNFIT = (
        "month_unfit",
        "月份“{period}”不对",
        "{period} is no month",
        "请写成 2023-07 的样子",
        "write it as 2023-07",
    )
    YEAR_UNFIT = (
        "year_unfit",
        "年份“{period}”不对",
        "{period} is no year",
        "请写成 2023 的样子",
        "write it as 2023",
    )
    QUARTER_UNFIT = (
        "quarter_unfit",
        "“{period}”不是季度",
        "{period} is no quarter",
        "请写成 2026Q4 的样子",
        "write it as 2026Q4",
    )
    MONTH_TO_COME = (
        "month_to_come",
        "月份{period}尚未到来",
        "the month {period} is still to come",
        *_MONTH,
    )
    YEAR_UNKNOWN = (
        "year_unknown",
        "没有{year}年",
        "there is no year {year}",
        "请写四位数的年份",
        "write a year of four digits",
    )
    ITEM_UNKNOWN = (
        "report_item_unknown",
        "没有编号为“{item}”的事项",
        "there is no item {item}",
        "用 huimin item list 查看全部编号",
        "huimin item list shows all numbers",
    )
    INDICATOR_UNKNOWN = (
        "report_indicator_unknown",
        "事项{item}的任务“{task}”没有指标“{indicator}”",
        "task {task} of item {item} has no indicator {indicator}",
        "请核对任务与指标名称",
        "check the names of task and indicator",
    )
    NOT_RUNNING = (
        "report_not_running",
        "事项{item}没有在执行",
        "item {item} does not run",
        "请核对事项编号",
        "check the item's number",
    )
    BEFORE_BEGIN = (
        "report_before_begin",
        "月份{period}早于事项{item}分解任务的{begun}",
        "{period} is before {begun}, when the tasks of item {item} were assigned",
        "请报{begun}及以后的月份",
        "report {begun} or later",
    )
    AFTER_END = (
        "report_after_end",
        "月份{period}晚于事项{item}执行完成的{ended}",
        "{period} is after {ended}, when item {item} was executed",
        "请报{ended}及以前的月份",
        "report {ended} or earlier",
    )
    TWO_FIGURES = (
        "report_two_figures",
        "与{other}报的是同一指标同一月份,内容不同",
        "{other} reports the same indicator and month otherwise",
        "请只留一条",
        "leave one of them",
    )
    EVIDENCE_UNKNOWN = (
        "report_evidence_unknown",
        "事项{item}没有摘要为“{given}”的附件(至少写前{shortest}位)",
        "item {item} has no attachment of digest {given} (give {shortest} signs)",
        "请用 huimin item files 查看摘要",
        "huimin item files shows the digests",
    )
    EVIDENCE_MISSING = (
        "report_evidence_missing",
        "成果“{indicator}”须附佐证才算完成",
        "{indicator} is done only with evidence",
        "请先用 huimin item attach 上传,报送时写明该附件",
        "attach it to the item, and name it in the report",
    )
    NEGATIVE = (
        "figure_negative",
        "“{indicator}”的数值不能为负",
        "a figure of {indicator} is below 0",
        *_FIGURE,
    )
    TOO_LARGE = (
        "figure_too_large",
        "“{indicator}”的数值不能这样大",
        "a figure of {indicator} is too large",
        *_FIGURE,
    )
    SHARE_INCOMPLETE = (
        "share_incomplete",
        "“{indicator}”须同时给出分子与分母",
        "{indicator} needs numerator and denominator",
        *_KIND,
    )
    CASES_INCOMPLETE = (
        "cases_incomplete",
        "“{indicator}”须同时给出本月帮扶数(数值)与本月发现数(分母)",
        "{indicator} needs the cases helped (figure) and found (denominator)",
        *_KIND,
    )
    NO_DENOMINATOR = (
        "no_denominator",
        "“{indicator}”不需要分母",
        "{indicator} has no denominator",
        *_KIND,
    )
    SHARE_ABOVE_WHOLE = (
        "share_above_whole",
        "“{indicator}”的本月数值{value}多于分母{whole}({of})",
        "{indicator}: {value} is more than the whole, {whole} ({of})",
        "请核对这两个数;部分不能多于全部",
        "check both figures: a part is no more than its whole",
    )
    SHARE_OF_NOTHING = (
        "share_of_nothing",
        "“{indicator}”的分母是0,本月数值却是{value}",
        "{indicator}: {value} of a whole of 0",
        "请核对这两个数;没有对象的月份两数都写0",
        "check both figures; where there was nobody, both are 0",
    )
    NO_SET = (
        "no_set",
        "“{indicator}”不是具名事项,不需要成员",
        "{indicator} is no set and has no members",
        *_KIND,
    )
    MEMBER_UNKNOWN = (
        "member_unknown",
        "“{indicator}”没有成员“{given}”;可用的成员:{known}",
        "{indicator} has no member {given}, but: {known}",
        "可用的成员:{known};多个成员用顿号或分号隔开",
        "name members of it, parted by semicolons",
    )
    MEMBER_TWICE = (
        "member_twice",
        "“{indicator}”的成员为空或写了两次:{given}",
        "members of {indicator} are empty or named twice: {given}",
        "每个成员只写一次",
        "name each member once",
    )
    MEMBERS_MISCOUNTED = (
        "members_miscounted",
        "“{indicator}”报{value}项,写明了{named}项成员;成员:{known}",
        "{indicator} reports {value} and names {named} members of: {known}",
        "请写明本月完成的是哪几项;成员:{known}",
        "name those that were done in the month",
    )
