"""What a report's figures must be by the kind of its indicator (C4)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import IndicatorKind
from huimin_flow.errors import InputRefused
from huimin_flow.model.indicator import Indicator, Progress
from huimin_flow.model.text import accepted, showable
from huimin_flow.rules.members import is_whole

#: The largest figure taken: JSON readers elsewhere are exact up to there.
LARGEST = 2**53 - 1

#: What a second figure means, and how to ask for both.
_BOTH = {
    IndicatorKind.RATE: "须同时给出分子与分母",
    IndicatorKind.FULL: "须同时给出分子与分母",
    IndicatorKind.ZERO: "须同时给出本月帮扶数(数值)与本月发现数(分母)",
}


def checked(indicator: Indicator, report: Progress) -> tuple[str, ...]:
    """Return the members that a report names, in NFC, its figures being in order.

    Raises:
        InputRefused: for a negative or too large figure, one too few or too many,
            members of what is no set, twice, unknown, or of another number.

    """
    for figure in (report.value, report.denominator or 0):
        if not 0 <= figure <= LARGEST:
            what = "为负" if figure < 0 else "这样大"
            raise InputRefused(
                f"“{indicator.name}”的数值不能{what}", remedy="请核对数值"
            )
    both = _BOTH.get(indicator.kind)
    if (both is not None) != (report.denominator is not None):
        raise InputRefused(
            f"“{indicator.name}”{both or '不需要分母'}", remedy="请核对指标类型"
        )
    if indicator.kind is not IndicatorKind.SET and report.members:
        raise InputRefused(
            f"“{indicator.name}”不是具名事项,不需要成员", remedy="请核对指标类型"
        )
    return _members(indicator, report)


def _members(indicator: Indicator, report: Progress) -> tuple[str, ...]:
    names = tuple(accepted(one, "成员", longest=200) for one in report.members)
    known = "、".join(indicator.members)
    whole = is_whole(indicator)
    if whole:
        for one in names:
            if one not in indicator.members:
                raise InputRefused(
                    f"“{indicator.name}”没有成员“{showable(one)}”",
                    remedy=f"可用的成员:{known}",
                )
    twice = sorted({one for one in names if names.count(one) > 1 or not one})
    if twice:
        raise InputRefused(
            f"“{indicator.name}”的成员为空或写了两次:{showable('、'.join(twice))}",
            remedy="每个成员只写一次",
        )
    if (names or whole) and len(names) != report.value:
        raise InputRefused(
            f"“{indicator.name}”报{report.value}项,写明了{len(names)}项成员",
            remedy=f"请写明本月完成的是哪几项;成员:{known}",
        )
    return names
