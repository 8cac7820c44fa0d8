"""Why a report of progress cannot be taken, line by line."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


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
