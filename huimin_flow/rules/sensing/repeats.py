"""The repeat radar: one problem told again and again, on several channels (N7, D2).

同一问题反复多次多渠道反映 is a ground of the bad board. Whoever merges items makes no
repeat disappear, nor who splits, rejects or closes one: all of them count together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from huimin_flow.catalogue.reasons import GatheringCode
from huimin_flow.model.core.events import Reason, Verdict
from huimin_flow.model.core.rules import GatheringRule

RULE: Final = "repeats"
REVISION: Final = 1


class Told(NamedTuple):
    """One appeal of a problem: its name, person, channel and day.

    ``who`` is "" for an anonymous appeal, which counts as a person of its own.
    """

    appeal: tuple[str, str]
    who: str
    channel: str
    day: date


def repeats(told: Iterable[Told], rule: GatheringRule, day: date) -> Verdict:
    """Decide whether a problem repeats in the span of days that ends on ``day``.

    It passes if at least ``repeat_appeals`` distinct appeals of ``repeat_people`` on at
    least ``repeat_channels`` channels came within ``repeat_days``: one person who
    writes everywhere repeats no problem of many.
    """
    first = day - timedelta(days=rule.repeat_days.value - 1)
    within = {each.appeal: each for each in told if first <= each.day <= day}
    people = {each.who or each.appeal for each in within.values()}
    channels = {each.channel for each in within.values()}
    enough, many = rule.repeat_appeals.value, rule.repeat_channels.value
    passed = len(within) >= enough and len(channels) >= many
    passed &= len(people) >= rule.repeat_people.value
    values = {
        "appeals": len(within),
        "people": len(people),
        "channels_count": len(channels),
        "days": rule.repeat_days.value,
    }
    code = GatheringCode.REPEATS if passed else GatheringCode.REPEATS_NOT
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=passed,
        reasons=(Reason.of(code, **values),),
        inputs={**values, "first": first.isoformat(), "last": day.isoformat()},
    )
