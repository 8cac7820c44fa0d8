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
    APPEAL_ELSEWHERE = (
        "appeal_elsewhere",
        "诉求“{key}”不在原事项下",
        "the appeal {key} does not belong to the item that is split",
        "请只选原事项的诉求",
        "choose appeals of that item only",
    )


class ProgressCode(ReasonCode):
    """A figure or a member that doesn't fit its indicator (C4)."""

    NEGATIVE = (
        "progress_negative",
        "“{indicator}”的数值不能为负",
        "a figure of {indicator} is below 0",
        "请核对数值",
        "check the figure",
    )
    TOO_LARGE = (
        "progress_too_large",
        "“{indicator}”的数值不能这样大",
        "a figure of {indicator} is too large",
        "请核对数值",
        "check the figure",
    )
    NEEDS_BOTH = (
        "progress_needs_both",
        "“{indicator}”须同时给出分子与分母",
        "{indicator} needs numerator and denominator",
        "请补上另一项",
        "add the other one",
    )
    NEEDS_HELPED_AND_FOUND = (
        "progress_needs_helped_and_found",
        "“{indicator}”须同时给出本月帮扶数(数值)与本月发现数(分母)",
        "{indicator} needs how many were helped (value) and found (denominator)",
        "请补上另一项",
        "add the other one",
    )
    NO_DENOMINATOR = (
        "progress_no_denominator",
        "“{indicator}”不需要分母",
        "{indicator} takes no denominator",
        "请去掉分母",
        "leave the denominator out",
    )
    NO_MEMBERS = (
        "progress_no_members",
        "“{indicator}”不是具名事项,不需要成员",
        "{indicator} is no set of named members",
        "请去掉成员",
        "leave the members out",
    )
    MEMBER_UNKNOWN = (
        "progress_member_unknown",
        "“{indicator}”没有成员“{member}”,可用的成员:{members}",
        "{indicator} has no member {member}; it has {members}",
        "请从可用的成员中选",
        "name one of its members",
    )
    MEMBER_TWICE = (
        "progress_member_twice",
        "“{indicator}”的成员为空或写了两次:{members}",
        "members of {indicator} are empty or stand there twice: {members}",
        "每个成员只写一次",
        "name each member once",
    )
    MEMBERS_DIFFER = (
        "progress_members_differ",
        "“{indicator}”报{value}项,写明了{count}项成员;成员:{members}",
        "{indicator} reports {value}, and names {count} members of {members}",
        "请写明本月完成的是哪几项",
        "name those that were done in the month",
    )
