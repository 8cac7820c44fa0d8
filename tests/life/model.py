"""What the plain model says of an attempt: why not, or how the item stands then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from huimin_flow.catalogue.terms import Question, Recommendation
from huimin_flow.model.items import Item
from tests import workflow
from tests.life.acts import STARS, Try
from tests.life.world import Known, entitled, has_duty

#: The states in which an item takes in another.
FALLS = ("collected", "screened")

#: Where an item has come to its end.
ENDS = ("closed", "rejected")

#: What a deliberation's first "no" makes of an item.
FATES = {
    Question.WANTED: "reject", Question.PERMITTED: "reject",
    Question.CAPABLE: "defer", Question.WARRANTED: "defer",
}  # fmt: skip

UNENTITLED = frozenset({"step_not_permitted", "other_units_item"})
WITHOUT_DUTY = frozenset({"duty_missing", "duty_not_city_wide"})

#: Acts that two people do before anything else is looked at.
BY_TWO = ("enlist", "cancel", "reopen")


def lost(one: Try) -> str:
    """The step that is really taken: a negative finding is another step."""
    if one.step == "screen" and one.level < 80:
        return "reject"
    if one.step == "judge" and one.no is not None:
        return FATES[one.no]
    return one.step


def by_two(one: Try) -> bool:
    """Whether two people stand behind an act that asks for their duty at once."""
    off_list = one.step == "defer" and one.known.state == "listed"
    return one.step in BY_TWO or (off_list and one.second is not None)


def _asked_first(one: Try) -> frozenset[str]:
    """What is looked at before an item's version: two people, or a plan's task."""
    lacks = one.step == "reassign" and not workflow.leads(one.step, one.known.state)
    if lacks:  # only an assigned item has a plan whose task could be changed
        return frozenset({"no_such_arc"})
    people = [one.by, *([one.second] if one.second else [])] if by_two(one) else []
    able = all(has_duty(person.id, "confirm") for person in people)
    return frozenset() if able else WITHOUT_DUTY


def why_not(one: Try, others: Mapping[str, Known]) -> frozenset[str]:
    """The codes with one of which an attempt must be refused; none if it must not."""
    step, known = lost(one), one.known
    if first := _asked_first(one):
        return first
    if one.version is not None and one.version != known.version:
        return frozenset({"stale_version"})
    unit = one.unit if step == "respond" else known.unit
    if not entitled(one.by.id, step, unit, known.area):
        return UNENTITLED
    again = frozenset({"responded_already"} if unit in known.responded else ())
    again = again if step == "respond" else frozenset()
    # A negative finding leads nowhere but from where its own step begins.
    if not (
        workflow.leads(one.step, known.state) and workflow.leads(step, known.state)
    ):
        return again or frozenset({"no_such_arc"})
    return again or _unmet(one, step, others) or _unborn(one, step)


def _unmet(one: Try, step: str, others: Mapping[str, Known]) -> frozenset[str]:
    known = one.known
    asked = workflow.asks(step, known.state)
    codes = set()
    if "screening_holds" in asked and "screening_score" in known.doubt:
        codes.add("part_stale")
    if "plan_holds" in asked and "plan" in known.doubt:
        codes.add("part_stale")
    if "evaluation_holds" in asked and "result" in known.doubt:
        codes.add("evaluation_in_doubt")
    if "is_in_doubt" in asked and "result" not in known.doubt:
        codes.add("not_in_doubt")
    if "has_failed" in asked and not known.failed:
        codes.add("evaluation_passed")
    goes_on = one.recommendation is Recommendation.CONTINUE
    if "fits_result" in asked and known.failed and goes_on:
        codes.add("recommendation_unfit")
    if "was_adjusted" in asked and not known.adjusted:
        codes.add("cancelled_for_good")
    if "has_none_undecided" in asked and known.advised:
        codes.add("advice_open")
    if "was_judged" in asked and not known.judged:
        codes.add("fact_missing")
    return frozenset(codes | _between(one, asked, others))


def _between(one: Try, asked: frozenset[str], others: Mapping[str, Known]) -> set[str]:
    """Why not, for what another item is or does."""
    if "has_no_successor" in asked:
        heir = others.get(one.known.successor or "")
        return {"successor_open"} if heir and heir.state not in ENDS else set()
    if "is_only_successor" in asked:
        parent = one.known.continues
        rivals = [
            other for other in others.values()
            if parent and other.continues == parent and other.state not in ENDS
        ]  # fmt: skip
        return {"successor_open"} if rivals else set()
    if "goes_to_another" in asked:
        return {"transfer_same_unit"} if one.unit == one.known.unit else set()
    if "has_partner" not in asked:
        return set()
    other = others.get(one.other)
    if one.other == one.number:
        return {"merge_into_self"}
    taken = other is not None and other.state in FALLS
    return set() if taken else {"merge_target_closed"}


def _unborn(one: Try, step: str) -> frozenset[str]:
    """Why a child may not be born: who takes the step must be allowed to collect."""
    known = one.known
    if step == "carry_over" and not entitled(
        one.by.id, "collect", known.unit, known.area
    ):
        return UNENTITLED
    return frozenset()


def parts(answer: Any) -> tuple[Item, ...]:
    """The item of an answer, and its children."""
    return answer if isinstance(answer, tuple) else (answer,)


def written(one: Try, known: Known) -> Known:
    """How the item stands after a step."""
    step = lost(one)
    ways = workflow.leads(step, known.state)
    to = known.before if step == "unmerge" else next(iter(ways))
    assert to in ways
    new = replace(
        known,
        unit=one.unit if step == "transfer" else known.unit,
        state=to,
        version=known.version + 1,
        doubt=set(known.doubt),
        past=list(known.past),
        adjusted=known.adjusted or step == "adjust",
        advised=known.advised or step == "advise",
        told=known.told or step == "execute",  # its figures were reported before
    )
    if step == "screen":
        new.screened = True
        new.doubt.discard("screening_score")
    elif step == "judge":
        new.judged = True
    elif step == "star":
        new.stars = STARS[one.level]
    elif step == "assign":
        new.planned = True
        new.doubt.discard("plan")
    elif step in {"evaluate", "doubt", "rework"}:
        _judged(step, known, new)
    elif step == "merge":
        new.before = known.state
    elif step == "unmerge":
        new.before = None
    elif step == "amend":
        _amended(one, new)
    return new


def _judged(step: str, known: Known, new: Known) -> None:
    """How an evaluation, a doubt about it, and a rework leave an item."""
    if step == "doubt":
        new.doubt.add("result")
        return
    new.failed = step == "evaluate" and (known.asked or 0) < 80
    new.doubt.discard("result")
    if step == "rework":
        new.asked = None


def _amended(one: Try, new: Known) -> None:
    if one.field == "area":
        new.area = one.text
        if new.planned:
            new.doubt.add("plan")
    if one.field == "origin":
        new.origin = one.text
        if new.screened:
            new.doubt.add("screening_score")
