"""Why a row of a batch of ratings was not taken (D3)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Term


class RatingCode(Term):
    """A reason; its labels are templates filled with the reason's values."""

    UNKNOWN_UNIT = (
        "unknown_unit",
        "{day}没有代码为“{given}”的单位",
        "there is no unit {given} on {day}",
    )
    UNKNOWN_ITEM = "unknown_item", "没有服务事项“{given}”", "no service item {given}"
    UNKNOWN_WINDOW = (
        "unknown_window",
        "单位“{unit}”没有窗口“{given}”",
        "unit {unit} has no window {given}",
    )
    UNKNOWN_CHANNEL = (
        "unknown_channel",
        "没有服务渠道“{given}”",
        "no service channel {given}",
    )
    UNKNOWN_LEVEL = (
        "unknown_level",
        "“{given}”不是五级评价之一(非常满意、满意、基本满意、不满意、非常不满意)",
        "{given} is none of the five levels, from very_satisfied to very_dissatisfied",
    )
    TIME_IN_FUTURE = "time_in_future", "时间{given}晚于现在", "{given} is in the future"
    TIME_TOO_EARLY = "time_too_early", "时间{given}早得不合情理", "{given} is too early"
    TIME_UNREADABLE = (
        "time_unreadable",
        "看不懂时间“{given}”",
        "the time {given} cannot be read",
    )
    TEXT_UNFIT = "text_unfit", "“{field}”为空或不能使用", "{field} is empty or unfit"
    PERSONAL = (
        "personal",
        "“{field}”像是姓名、手机号或身份证号,须换成代号",
        "{field} looks like a name or number of a person; use a code",
    )
    LINE_TOO_LONG = (
        "line_too_long",
        "一行超过{longest}个字符",
        "the line has more than {longest} characters",
    )
    DUPLICATE_TRANSACTION = (
        "duplicate_transaction",
        "办件“{given}”已有另一条不同的评价",
        "transaction {given} already has another, different rating",
    )
    OTHER_UNIT = (
        "other_unit",
        "单位“{given}”的评价不归本账户导入",
        "ratings of unit {given} are not this account's to bring",
    )
    LINE_CUT = "line_cut", "行在中途断开", "the line breaks off"
    LINE_MISSHAPED = (
        "line_misshaped",
        "应有{expected}列,实有{found}列",
        "{found} columns instead of {expected}",
    )
    FIELD_TWICE = (
        "field_twice",
        "“{field}”写了两次",
        "{field} is given twice",
    )
    LINE_UNREADABLE = (
        "line_unreadable",
        "不是合格的一行记录",
        "the line is no record",
    )
    NO_SUCH_STEP = (
        "no_such_step",
        "“{state}”的差评不能“{step}”;此时可以:{possible}",
        "a bad rating that is {state} cannot {step}; it can: {possible}",
    )
    NOT_BAD = (
        "not_bad",
        "办件“{given}”的评价不是差评,无需处置",
        "the rating of {given} is not bad, so nothing follows from it",
    )
    CALLBACK_MISSING = (
        "callback_missing",
        "实名差评“{given}”尚未回访",
        "the named bad rating {given} has not been called back",
    )
    OWN_CASE = (
        "own_case",
        "当事单位“{unit_name}”({unit})不能自行认定",
        "unit {unit_name} ({unit}) may not judge its own case",
    )
    SETTLED_ALREADY = (
        "settled_already",
        "申诉已有结论,不能再次申诉",
        "the appeal was settled; there is no second one",
    )
