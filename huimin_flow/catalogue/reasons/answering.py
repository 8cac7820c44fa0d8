"""Why an answer to an appeal cannot be recorded."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class AnswerCode(ReasonCode):
    """A step with an appeal's answer that is not possible."""

    NO_DEADLINE = """answer_without_deadline
    渠道“{channel}”编号“{key}”的诉求没有答复期限,无从延期
    → 请直接答复;该渠道的期限由 channels.yaml 的 days 规定
    appeal {key} of channel {channel} has no deadline that could be extended
    → answer it; the limit of a channel is days in channels.yaml"""
    OVERDUE = """answer_overdue
    渠道“{channel}”编号“{key}”的诉求已于{day}到期,不能再延期
    → 请尽快答复
    the answer to appeal {key} of channel {channel} was due on {day}
    → answer it as soon as possible"""
    EXTENDED_ALREADY = """answer_extended_already
    渠道“{channel}”编号“{key}”的诉求只准延期{most}次,已用完
    → 请在期限内答复
    the deadline of appeal {key} of channel {channel} may be extended {most} times only
    → answer it in time"""
    UNIT_GONE = """answer_unit_gone 单位{unit}在{day}不存在,不能移交
    → 请写现有单位的代码或名称
    unit {unit} does not exist on {day} → name a unit that exists"""
    SAME_UNIT = """answer_same_unit 编号“{key}”的诉求本就由“{unit}”答复
    → 请写另一单位
    appeal {key} is answered by {unit} already → name another unit"""
    APPEAL_TWICE = """answer_appeal_twice
    渠道“{channel}”编号“{key}”的诉求在这一批里写了两次
    → 请只留一行
    appeal {key} of channel {channel} is named twice in this batch
    → leave only one of them"""
    NOTHING_LEFT = """answer_nothing_left 没有需要办理的诉求
    → 待答复的见 huimin answer list
    no appeal waits for this → see huimin answer list for what waits"""
    NOBODY_TO_TELL = """answer_nobody_to_tell
    事项{number}最近没有须告知群众的进展,或挂接的诉求都已告知
    → 待告知的事项见 huimin answer proposals
    everyone on item {number} was told, or nothing has happened to it
    → see huimin answer proposals for the items that wait"""
    COUNT_MOVED = """answer_count_moved 看到时须告知{expected}件,现在是{found}件
    → 请重新核对后再办
    {expected} appeals were to be told when you looked, now {found} are
    → look again, then answer"""
    NOTHING_TO_RETURN = """answer_nothing_to_return 渠道“{channel}”没有新的答复可以交回
    → 已交回过的,用 --since 写明自何时起再取一次
    channel {channel} has no new answer to be given back
    → name a moment with --since to get earlier ones again"""
    RECEIPT_UNKNOWN = """receipt_unknown 没有这个编号的回执
    → 请对照回执核对编号;字母大小写、短横线不影响查询
    there is no receipt with this number
    → compare it with the receipt; small letters and missing dashes do not matter"""
    ERASED = """answer_of_erased
    渠道“{channel}”编号“{key}”的诉求已依申请删除,不能再答复
    → 无需办理
    appeal {key} of channel {channel} was erased on request
    → nothing needs to be done"""
