"""Guards: each looks at an item and the evidence, and returns why not.

A guard decides nothing that a rule decides; it only asks whether the rule has
decided, whether the second person is there, whether the facts are complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import EditionKind, Role, StalePart, State
from huimin_flow.model.case import Case
from huimin_flow.model.item import Item
from huimin_flow.model.verdict import Plain, Reason, Reasons
from huimin_flow.states.authority import are_one_person

Guard = Callable[[Item, Case], Reasons]

#: The fields of an item that a correction may change.
AMENDABLE = frozenset({"title", "description", "area", "life_stage", "origin"})


def is_screened(item: Item, case: Case) -> Reasons:
    """Ask that the screening rule found the item above its pass mark (A3, A4)."""
    return _passed(case, "screening")


def is_judged(item: Item, case: Case) -> Reasons:
    """Ask for a deliberation that answered all four questions with yes (B1)."""
    if case.deliberation is None:
        return _missing("论证会议", Role.OFFICE)
    return _passed(case, "judging")


def screening_holds(item: Item, case: Case) -> Reasons:
    """Ask that no correction has put the screening in doubt since."""
    return _holds(case, StalePart.SCREENING)


def plan_holds(item: Item, case: Case) -> Reasons:
    """Ask that no correction has put the plan in doubt since."""
    return _holds(case, StalePart.PLAN)


def has_stars(item: Item, case: Case) -> Reasons:
    """Ask that the stars come from the rule, never typed in (B3)."""
    return _passed(case, "starring")


def is_selected(item: Item, case: Case) -> Reasons:
    """Ask for a frozen edition, or two people for a supplement (B5)."""
    if case.edition is None:
        return _reason(Code.FREEZE_NEEDED)
    if case.by_job:
        return ()
    if case.edition_kind is EditionKind.OPENING:
        return _two_people(case)
    if case.edition_kind is EditionKind.SUPPLEMENT:
        return _two_people(case)
    return _reason(Code.FREEZE_NEEDED)


def is_ready(item: Item, case: Case) -> Reasons:
    """Ask that the plan is whole and its assessments accepted (B6, B7, B8)."""
    if case.plan is None:
        return _missing("实施方案", Role.OPERATOR)
    return _passed(case, "readiness")


def is_carried_out(item: Item, case: Case) -> Reasons:
    """Ask that every task is met, or excused by the lead unit's superior."""
    settled = {
        result.task
        for result in case.results
        if result.met or (result.excuse and result.excused_by in case.superiors)
    }
    tasks = item.plan.tasks if item.plan else ()
    return tuple(
        Reason(
            code=Code.TASK_UNSETTLED, values={"task": task.key}, supplier=Role.OPERATOR
        )
        for task in tasks
        if task.key not in settled
    )


def has_result(item: Item, case: Case) -> Reasons:
    """Ask for the finding of the final evaluation, whichever way it went."""
    if case.verdict is None or case.verdict.rule != "evaluating":
        return _reason(Code.VERDICT_MISSING, Role.OFFICE, rule="evaluating")
    if case.verdict.score is None:
        return case.verdict.reasons
    return ()


def has_failed(item: Item, case: Case) -> Reasons:
    """Ask that the final evaluation failed, which alone sends an item back."""
    if item.evaluation_passed is not False:
        return _reason(Code.EVALUATION_PASSED)
    return ()


def has_recommendation(item: Item, case: Case) -> Reasons:
    """Ask for a recommendation with its grounds (B9)."""
    if case.recommendation is None:
        return _missing("调整建议", Role.UNIT_HEAD)
    return () if case.grounds else _missing("调整依据", Role.UNIT_HEAD)


def is_screened_out(item: Item, case: Case) -> Reasons:
    """Ask for a negative screening, or a reason code that the rulebook knows."""
    return () if _found_wanting(case, "screening") else is_reasoned(item, case)


def is_judged_out(item: Item, case: Case) -> Reasons:
    """Ask for a negative judgment, or a reason code that the rulebook knows."""
    return () if _found_wanting(case, "judging") else is_reasoned(item, case)


def _found_wanting(case: Case, rule: str) -> bool:
    verdict = case.verdict
    return verdict is not None and verdict.rule == rule and not verdict.passed


def is_reasoned(item: Item, case: Case) -> Reasons:
    """Ask for a reason code that the rulebook knows."""
    if not case.reason_code:
        return _missing("理由代码", None)
    if case.reason_code not in (case.known_reasons or {}):
        return unknown_code(case.reason_code, case.known_reasons or {})
    return ()


def unknown_code(given: str, known: Mapping[str, str]) -> Reasons:
    """Return why a reason's code can't be taken, and which ones there are."""
    codes = "、".join(f"{code}({word})" for code, word in known.items())
    return _reason(Code.UNKNOWN_REASON_CODE, given=given, known=codes)


def has_partner(item: Item, case: Case) -> Reasons:
    """Ask that the item it goes into is another one that can still take it in."""
    if case.other is None:
        return _missing("目标事项", None)
    if case.other == item.number:
        return _reason(Code.MERGE_INTO_SELF)
    if case.other_state not in {State.COLLECTED, State.SCREENED}:
        return _reason(Code.MERGE_TARGET_CLOSED, target=case.other)
    return ()


def has_children(item: Item, case: Case) -> Reasons:
    """Ask for the parts into which the item is split."""
    return () if case.children else _missing("拆分后的事项", None)


def has_other(item: Item, case: Case) -> Reasons:
    """Ask for the number of the item that takes the demand further."""
    return () if case.other else _missing("接续或响应的事项", None)


def has_no_successor(item: Item, case: Case) -> Reasons:
    """Ask that no open item continues this one already."""
    if case.successor is None:
        return ()
    return _reason(Code.SUCCESSOR_OPEN, item=case.successor)


def was_judged(item: Item, case: Case) -> Reasons:
    """Ask that a deliberation has judged the demand, and placed it."""
    if item.placement is None:
        return _missing("研判结论", Role.OFFICE)
    return ()


def is_confirmed(item: Item, case: Case) -> Reasons:
    """Ask for a second person."""
    return _two_people(case)


def corrects(item: Item, case: Case) -> Reasons:
    """Ask for corrections, of fields that may be corrected."""
    if not case.changes:
        return _missing("更正内容", None)
    wrong = sorted(set(case.changes) - AMENDABLE)
    if wrong:
        return _reason(Code.NOT_AMENDABLE, field="、".join(wrong))
    return ()


def was_collected(item: Item, case: Case) -> bool:
    """Select the arc of a merged item that stood collected."""
    return item.before is State.COLLECTED


def was_screened(item: Item, case: Case) -> bool:
    """Select the arc of a merged item that stood screened."""
    return item.before is State.SCREENED


def _passed(case: Case, rule: str) -> Reasons:
    verdict = case.verdict
    if verdict is None or verdict.rule != rule:
        return _reason(Code.VERDICT_MISSING, Role.OFFICE, rule=rule)
    if verdict.passed:
        return ()
    return verdict.reasons or _reason(Code.VERDICT_NEGATIVE, rule=rule)


def _holds(case: Case, part: StalePart) -> Reasons:
    if part not in case.stale:
        return ()
    return _reason(Code.PART_STALE, Role.OFFICE, part=part)


def _two_people(case: Case) -> Reasons:
    if case.second is None:
        return _reason(Code.SECOND_PERSON_NEEDED, Role.OFFICE)
    if are_one_person(case.actor.id, case.second.id, case.accounts):
        return _reason(Code.SAME_PERSON, Role.OFFICE)
    return ()


def _missing(fact: str, supplier: Role | None) -> Reasons:
    return _reason(Code.FACT_MISSING, supplier, fact=fact)


def _reason(code: Code, supplier: Role | None = None, **values: Plain) -> Reasons:
    return (Reason(code=code, values=values, supplier=supplier),)
