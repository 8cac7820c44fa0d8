"""Why a meeting, a judgment or a decision about an item cannot be recorded."""

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
    APPEAL_ELSEWHERE = (
        "appeal_elsewhere",
        "诉求“{key}”不在原事项下",
        "the appeal {key} does not belong to the item that is split",
        "请只选原事项的诉求",
        "choose appeals of that item only",
    )
