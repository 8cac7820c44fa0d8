"""Why a decision about an item, or a report on it, cannot be recorded."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class DecisionCode(ReasonCode):
    """A value that a decision about an item cannot rest on."""

    CHAIR_NOT_ENTERED = (
        "chair_not_entered",
        "主持人不是机构中登记的岗位",
        "the chair is no post of the organization",
        "请写 organization.yaml 中的岗位代号,不写姓名",
        "give a post's id of organization.yaml, no name",
    )
    PARTICIPANT_NOT_ENTERED = (
        "participant_not_entered",
        "第{place}位到会人员不是机构中登记的岗位",
        "participant {place} is no post of the organization",
        "请写 organization.yaml 中的岗位代号,不写姓名",
        "give a post's id of organization.yaml, no name",
    )
    MEETING_UNKNOWN = (
        "meeting_unknown",
        "没有编号为“{deliberation}”的论证会议",
        "there is no deliberation {deliberation}",
        "请先登记会议",
        "record the meeting first",
    )
    NOT_IN_INTERVAL = (
        "effectiveness_not_in_interval",
        "预估效度{value}不在区间{low}至{high}内,或超出0至100",
        "{value} lies outside its interval {low} to {high}, or outside 0 to 100",
        "请按 0≤下限≤预估效度≤上限≤100 填写",
        "let 0, the low, the value, the high and 100 follow each other",
    )
    STEP_NOT_ASIDE = (
        "step_not_aside",
        "“{step}”不是不予采纳、暂缓或退回",
        "{step} sets no item aside; reject, defer and return do",
        "请改用其中之一",
        "use one of them",
    )
    OTHER_UNITS_LIST = (
        "other_units_list",
        "事项{item}属于“{owner}”,不能列入“{unit}”{period}的清单",
        "item {item} is of unit {owner}, and on no list of {unit} for {period}",
        "请增补到本单位或全市的清单,如 list/{period}/{owner}",
        "add it to its own unit's list or the city's, as list/{period}/{owner}",
    )
    PERIOD_OVER = (
        "list_period_over",
        "{period}清单的期间已过,不能再增补",
        "the period of the list {period} is over",
        "请增补到本年度或下年度的清单",
        "add it to the list of this year or the next",
    )
    OWN_ITEM = (
        "own_item",
        "本单位的事项无需响应",
        "a unit does not respond to its own item",
        "请由其他单位响应",
        "let another unit respond",
    )
    TASK_UNKNOWN = (
        "task_unknown",
        "事项{item}没有任务“{task}”,任务有:{tasks}",
        "item {item} has no task {task}, but {tasks}",
        "请改用其中之一",
        "name one of them",
    )
    TASK_OF_NO_UNIT = (
        "task_of_no_unit",
        "任务“{task}”的责任单位“{unit}”不存在",
        "the unit {unit} of task {task} does not stand",
        "请核对单位代码与日期",
        "check the unit's code and the day",
    )
    CURVE_UNKNOWN = (
        "curve_unknown",
        "任务“{task}”的进度曲线“{curve}”不存在,可用的有:{known}",
        "there is no curve {curve} for task {task}, but {known}",
        "请改用其中之一,或留空",
        "use one of them, or none",
    )
    ATTACHMENT_SIZE = (
        "attachment_size",
        "附件有{size}字节,须大于0且不超过{most}MB",
        "the attachment has {size} bytes; it takes more than 0, and {most} MB at most",
        "请压缩或拆分后再传",
        "compress or split it",
    )
    CHECK_CODE_DIFFERS = (
        "check_code_differs",
        "核对码与提请内容不符",
        "the check code is not that of the proposal",
        "请重新查看提请内容后再确认",
        "look at the proposal again, then confirm",
    )
    PROPOSAL_UNKNOWN = (
        "proposal_unknown",
        "没有编号为“{key}”的提请",
        "there is no proposal {key}",
        "用 huimin proposal list 查看",
        "huimin proposal list shows them",
    )
    VERSION_NO_NUMBER = (
        "version_no_number",
        "看到的版本“{given}”不是数字",
        "{given} is no number of a version",
        "请写事项或差评的版本号",
        "give the version of the item or of the follow-up",
    )
    RULEBOOK_UNKNOWN = (
        "rulebook_unknown",
        "没有规则库“{digest}”",
        "there is no rulebook {digest}",
        "请用 huimin rules activate 提请",
        "propose it with huimin rules activate",
    )
    APPEAL_ELSEWHERE = (
        "appeal_elsewhere",
        "诉求“{key}”不在原事项下",
        "the appeal {key} does not belong to the item that is split",
        "请只选原事项的诉求",
        "choose appeals of that item only",
    )
