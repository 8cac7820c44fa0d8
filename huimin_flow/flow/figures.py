"""What a report's figures must be by the kind of its indicator (C4)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import ProgressCode
from huimin_flow.catalogue.terms import Given, IndicatorKind
from huimin_flow.errors import InputRefused
from huimin_flow.model.indicator import Indicator, Progress
from huimin_flow.model.text import accepted, showable
from huimin_flow.rules.members import is_whole

#: The largest figure taken: JSON readers elsewhere are exact up to there.
LARGEST = 2**53 - 1

#: What takes two figures, and how both are asked for.
_BOTH = {
    IndicatorKind.RATE: ProgressCode.NEEDS_BOTH,
    IndicatorKind.FULL: ProgressCode.NEEDS_BOTH,
    IndicatorKind.ZERO: ProgressCode.NEEDS_HELPED_AND_FOUND,
}


def checked(indicator: Indicator, report: Progress) -> tuple[str, ...]:
    """Return the members that a report names, in NFC, its figures being in order.

    Raises:
        InputRefused: for a negative or too large figure, one too few or too many,
            members of what is no set, twice, unknown, or of another number.

    """
    for figure in (report.value, report.denominator or 0):
        if not 0 <= figure <= LARGEST:
            code = ProgressCode.NEGATIVE if figure < 0 else ProgressCode.TOO_LARGE
            raise InputRefused(code, indicator=indicator.name)
    both = _BOTH.get(indicator.kind)
    if (both is not None) != (report.denominator is not None):
        code = both or ProgressCode.NO_DENOMINATOR
        raise InputRefused(code, indicator=indicator.name)
    if indicator.kind is not IndicatorKind.SET and report.members:
        raise InputRefused(ProgressCode.NO_MEMBERS, indicator=indicator.name)
    return _members(indicator, report)


def _members(indicator: Indicator, report: Progress) -> tuple[str, ...]:
    names = tuple(accepted(one, Given.MEMBERS, longest=200) for one in report.members)
    whole = is_whole(indicator)
    if whole:
        for one in names:
            if one not in indicator.members:
                raise InputRefused(
                    ProgressCode.MEMBER_UNKNOWN,
                    indicator=indicator.name,
                    member=showable(one),
                    members=indicator.members,
                )
    twice = sorted({one for one in names if names.count(one) > 1 or not one})
    if twice:
        code, members = ProgressCode.MEMBER_TWICE, [showable(one) for one in twice]
        raise InputRefused(code, indicator=indicator.name, members=members)
    if (names or whole) and len(names) != report.value:
        raise InputRefused(
            ProgressCode.MEMBERS_DIFFER,
            indicator=indicator.name,
            value=report.value,
            count=len(names),
            members=indicator.members,
        )
    return names
