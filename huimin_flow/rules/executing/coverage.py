"""The tasks' targets together reach the item's, by kind of indicator (C2, N8).

``coverage`` first collects its inputs, then decides from these alone. So a verdict's
inputs are enough to decide again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from huimin_flow.catalogue.reasons import Reasons, TaskCode, plain
from huimin_flow.catalogue.terms import IndicatorKind, Role, TaskAside
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Indicator, Plan
from huimin_flow.model.improving.rules import TaskRule

RULE: Final = "coverage"
REVISION: Final = 1

#: Separates members in inputs; no member has it.
_SEPARATOR: Final = "\n"

#: Shares of these kinds add up.
SUMS: Final = (IndicatorKind.FLOW, IndicatorKind.STOCK)

#: What a share must have in common with its target.
_ALIKE: Final = ("kind", "unit", "comparator")


@value
class Gap:
    """What an own target of an item lacks, from its tasks.

    ``promised`` and ``needed`` are in the target's unit for what adds up, numbers of
    members for a set, and numbers of fit shares otherwise. ``lacking`` and ``flaws``
    are 0 for a covered target; ``flaws`` are its shares that don't fit it.
    """

    indicator: str
    promised: int
    needed: int
    lacking: int
    flaws: int
    reasons: Reasons = ()

    @property
    def open(self) -> bool:
        """Whether the target is not covered."""
        return bool(self.lacking or self.flaws)


def coverage(
    plan: Plan,
    rule: TaskRule,
    *,
    excused: Collection[str] = (),
    returned: Collection[str] = (),
) -> Verdict:
    """Decide whether the tasks' targets reach the item's own.

    A task's indicator with the name of an own target is its share of it. The shares
    of ``excused`` and ``returned`` tasks, given by their keys, don't count. A plan
    without own targets has nothing to cover. ``score`` is the percent to which the
    least covered target is promised, None without targets. By kind:
    flow and stock add up to the target times the factor; each share of a rate is at
    least the target; each of a zero target is zero; the members of a set are all
    there; at least one task has the milestone.

    >>> from datetime import date
    >>> from huimin_flow.catalogue.terms import Comparator
    >>> from huimin_flow.model.core.rules import Figure
    >>> from huimin_flow.model.executing.plans import Task
    >>> def jobs(number):
    ...     return Indicator(name="就业", quote=f"就业{number}人", unit="人",
    ...         kind=IndicatorKind.FLOW, comparator=Comparator.GE, value=number)
    >>> plan = Plan(indicators=(jobs(100),), tasks=(
    ...     Task(key="T1", title="", unit="500101", due=date(2027, 12, 31),
    ...         indicators=(jobs(60),)),
    ...     Task(key="T2", title="", unit="500103", due=date(2027, 12, 31),
    ...         indicators=(jobs(40),))))
    >>> rule = TaskRule(reach=Figure(value=100, source="ours"),
    ...     settle_days=Figure(value=5, source="ours"), return_reasons={},
    ...     reassign_reasons={})
    >>> coverage(plan, rule).passed
    True
    >>> coverage(plan, rule, returned=["T2"]).score
    '60.00'

    """
    inputs: dict[str, Plain] = {"targets": len(plan.indicators)}
    for n, target in enumerate(plan.indicators, 1):
        shares = [
            (task.key, share)
            for task in plan.tasks
            for share in task.indicators
            if share.name == target.name
        ]
        name = f"target{n}"
        inputs |= {name: target.name, f"{name}_shares": len(shares)}
        inputs |= _described(name, target)
        for k, (task, share) in enumerate(shares, 1):
            aside = (
                TaskAside.EXCUSED.value
                if task in excused
                else TaskAside.RETURNED.value
                if task in returned
                else None
            )
            inputs |= {f"{name}_share{k}": task, f"{name}_share{k}_aside": aside}
            inputs |= _described(f"{name}_share{k}", share)
    return coverage_from(inputs, rule)


def coverage_from(inputs: Mapping[str, Plain], rule: TaskRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``coverage`` did."""
    known = gaps(inputs, rule)
    percent = [
        0 if gap.flaws else min(10000, 10000 * gap.promised // max(1, gap.needed))
        for gap in known
    ]
    least = min(percent, default=0)
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=not any(gap.open for gap in known),
        score=f"{least // 100}.{least % 100:02d}" if known else None,
        reasons=tuple(reason for gap in known for reason in gap.reasons),
        inputs=dict(inputs),
    )


def gaps(inputs: Mapping[str, Plain], rule: TaskRule) -> tuple[Gap, ...]:
    """Return for each own target how far it is covered, in the order of the plan."""
    return tuple(
        _gap(inputs, f"target{n}", rule)
        for n in range(1, int(inputs["targets"] or 0) + 1)
    )


def lost(before: Verdict, after: Verdict, rule: TaskRule) -> Reasons:
    """Return the reasons of the targets that a change covers less than before.

    What was not covered before may stay so: one change need not mend everything.
    """
    was = {gap.indicator: gap for gap in gaps(before.inputs, rule)}
    reasons: list[Reason] = []
    for gap in gaps(after.inputs, rule):
        old = was.get(gap.indicator)
        if old is None or gap.lacking > old.lacking or gap.flaws > old.flaws:
            reasons += gap.reasons
    return tuple(reasons)


def _described(name: str, indicator: Indicator) -> dict[str, Plain]:
    return {
        f"{name}_kind": indicator.kind.value,
        f"{name}_unit": indicator.unit,
        f"{name}_comparator": indicator.comparator.value,
        f"{name}_value": indicator.value,
        f"{name}_members": _SEPARATOR.join(indicator.members),
    }


def _gap(inputs: Mapping[str, Plain], name: str, rule: TaskRule) -> Gap:
    """Return how far a target is covered, with what it lacks and why."""
    indicator = {"indicator": inputs[name]}
    kind, target = IndicatorKind(str(inputs[f"{name}_kind"])), _value(inputs, name)
    all_shares = [
        f"{name}_share{k}" for k in range(1, int(inputs[f"{name}_shares"] or 0) + 1)
    ]
    counted = [share for share in all_shares if not inputs[f"{share}_aside"]]
    unfit = list(_unfit(inputs, name, kind, rule))
    whole = set(_members(inputs, name))
    promised, needed = len(counted), 1
    if kind in SUMS:
        promised = sum(_value(inputs, share) for share in counted)
        needed = -(-target * rule.reach.value // 100)
    elif kind is IndicatorKind.SET and whole:
        there = {each for share in counted for each in _members(inputs, share)}
        promised, needed = len(whole & there), len(whole)
        indicator["missing"] = plain(
            each for each in _members(inputs, name) if each not in there
        )
    elif kind is IndicatorKind.SET:
        promised, needed = sum(_value(inputs, share) for share in counted), target
    lacking, reasons = max(0, needed - promised), [*unfit]
    if lacking and not counted:
        reasons.append(Reason.of(TaskCode.TARGET_UNSHARED, Role.OPERATOR, **indicator))
    elif lacking and whole:
        reasons.append(Reason.of(TaskCode.MEMBERS_LEFT, Role.OPERATOR, **indicator))
    elif lacking:
        sums = {"promised": promised, "needed": needed, "lacking": lacking}
        unit = inputs[f"{name}_unit"]
        code = TaskCode.TARGET_SHORT
        reasons.append(Reason.of(code, Role.OPERATOR, **indicator, **sums, unit=unit))
    if lacking:
        reasons += (
            Reason.of(
                TaskCode.SHARE_ASIDE,
                indicator=inputs[name],
                task=inputs[share],
                aside=inputs[f"{share}_aside"],
            )
            for share in all_shares
            if inputs[f"{share}_aside"]
        )
    return Gap(
        indicator=str(inputs[name]),
        promised=min(promised, needed) if kind not in SUMS else promised,
        needed=needed,
        lacking=lacking,
        flaws=len(unfit),
        reasons=tuple(reasons),
    )


def _unfit(
    inputs: Mapping[str, Plain], name: str, kind: IndicatorKind, rule: TaskRule
) -> Iterator[Reason]:
    """Yield the shares that are no shares of their target, or not enough of it."""
    target, whole = _value(inputs, name), _members(inputs, name)
    most = -(-target * rule.reach.value // 100)
    for k in range(1, int(inputs[f"{name}_shares"] or 0) + 1):
        share = f"{name}_share{k}"
        if inputs[f"{share}_aside"]:
            continue
        values: dict[str, Plain] = {"indicator": inputs[name], "task": inputs[share]}
        figure = _value(inputs, share)
        strange = [each for each in _members(inputs, share) if each not in whole]
        if any(
            inputs[f"{share}_{part}"] != inputs[f"{name}_{part}"] for part in _ALIKE
        ):
            code = TaskCode.SHARE_UNLIKE
        elif kind in SUMS and figure > most:
            code, values["value"], values["target"] = TaskCode.SHARE_ABOVE, figure, most
        elif kind is IndicatorKind.SET and whole and strange:
            code, values["members"] = TaskCode.MEMBERS_STRANGE, plain(strange)
        elif kind in {IndicatorKind.RATE, IndicatorKind.FULL} and figure < target:
            code, values["value"], values["target"] = TaskCode.SHARE_LOW, figure, target
        elif kind is IndicatorKind.ZERO and figure:
            code, values["value"] = TaskCode.SHARE_NOT_ZERO, figure
        else:
            continue
        yield Reason.of(code, Role.OPERATOR, **values)


def _value(inputs: Mapping[str, Plain], name: str) -> int:
    return int(inputs[f"{name}_value"] or 0)


def _members(inputs: Mapping[str, Plain], name: str) -> tuple[str, ...]:
    return tuple(filter(None, str(inputs[f"{name}_members"]).split(_SEPARATOR)))
