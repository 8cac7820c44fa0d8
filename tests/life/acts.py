"""Any step on any item, with arguments that lack nothing but perhaps the right state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Criterion,
    Dimension,
    DoubtCause,
    MeetingState,
    Origin,
    Question,
    Recommendation,
    State,
    Step,
)
from huimin_flow.clock import local_day
from huimin_flow.flow import Flow
from huimin_flow.flow.core.advance import acting_as, advance
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.evidence import (
    AdjustmentEvidence,
    AdviceEvidence,
    AmendmentEvidence,
    ClosingEvidence,
    DoubtEvidence,
    EvaluationEvidence,
    Evidence,
    JudgmentEvidence,
    LinkEvidence,
    ListingEvidence,
    MergeEvidence,
    PlanEvidence,
    ReasonEvidence,
    ReassignEvidence,
    ReopenEvidence,
    ResultEvidence,
    SplitEvidence,
    TransferEvidence,
)
from huimin_flow.model.executing.plans import Excuse, Plan, Progress, TaskResult
from huimin_flow.model.items import Effectiveness, Item
from huimin_flow.testing import RESULTS, UNIT, Desk
from tests.life.world import LISTS, OTHER_UNIT, Known

SUPPLEMENTED = LISTS[1]

#: Criteria that are typed in; prevalence is reckoned.
_TYPED = {
    "problem": (Criterion.URGENCY, Criterion.FUNDAMENTALITY),
    "opinion": (Criterion.IMPORTANCE, Criterion.POSSIBILITY),
}

#: Which rule's finding a step asks for.
_RULES = {
    "screen": "screening", "judge": "judging", "star": "starring",
    "assign": "readiness", "evaluate": "evaluating", "advise": "advising",
    "reassign": "coverage",
}  # fmt: skip

#: Steps whose callers may say which version they saw.
VERSIONED = (
    "screen", "judge", "star", "reject", "defer", "return_", "revive", "assign",
    "execute", "evaluate", "rework", "adjust", "close", "amend", "advise", "merge", "unmerge",
    "split", "reassign", "doubt",
)  # fmt: skip

#: Stars by the level at which every dimension is scored.
STARS = {30: 1, 80: 4}


@dataclass(frozen=True)
class Try:
    """One attempt: who tries which step on which item, and how."""

    step: str
    number: str
    known: Known
    by: Actor
    second: Actor | None
    version: int | None = None
    other: str = ""
    unit: str = OTHER_UNIT
    no: Question | None = None
    level: int = 80
    satisfaction: int = 92
    field: str = "title"
    text: str = "更正"
    plan: Plan | None = None
    recommendation: Recommendation = Recommendation.CONTINUE

    def voiced(self) -> dict[str, Any]:
        """What every act is given: who acts, and on which version."""
        given: dict[str, Any] = {"by": self.by}
        return given if self.version is None else given | {"version": self.version}

    def two(self) -> dict[str, Any]:
        """Who acts, and who confirms."""
        return {"by": self.by, "second": self.second}


class Hand:
    """Takes steps through the public door."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._assessed: set[tuple[str, AssessmentKind]] = set()

    def prepare(self, one: Try) -> None:
        """See to what a step needs beside the step itself."""
        known, desk = one.known, self.desk
        if one.step == "judge" and known.state == "screened":
            held = desk.flow.meetings.list(item=one.number, state=MeetingState.HELD)
            if not held:
                key = desk.meet([one.number]).key
                desk.flow.meetings.attach(key, "纪要.txt", b"1", by=desk.office)
        if one.step == "assign":
            for kind in needed(known):
                if (one.number, kind) not in self._assessed:
                    self._assess(one.number, kind)
        if one.step == "execute" and known.state == "assigned":
            desk.report(one.number)
        if one.step == "evaluate" and known.state == "executed" and not known.told:
            month = f"{local_day(known.since()):%Y-%m}"
            told = Progress(
                item=one.number, task="T1", indicator="候工区", month=month, value=11
            )
            desk.flow.tasks.report([told], by=desk.operator_of(one.number))
            known.told = True
        if one.step == "evaluate" and known.state == "executed" and known.asked is None:
            desk.survey(one.number, one.satisfaction)
            known.asked = one.satisfaction

    def _assess(self, number: str, kind: AssessmentKind) -> None:
        flow, by = self.desk.flow, self.desk.office
        key = flow.assessments.request(number, kind, "某高校", by=by).key
        flow.assessments.submit(key, "可行", high_risk=False, by=by)
        flow.assessments.accept(key, by=self.desk.second)
        self._assessed.add((number, kind))

    def take(self, one: Try, flow: Flow | None = None) -> Any:
        """Take the step; the answer is the item, or the item and its children."""
        return _TAKEN[one.step](self, flow or self.desk.flow, one)

    def _screen(self, flow: Flow, one: Try) -> Item:
        level = 100 if one.level >= 80 else 10
        scores = dict.fromkeys(_TYPED[one.known.origin], level)
        return flow.items.screen(one.number, scores, **one.voiced())

    def _judge(self, flow: Flow, one: Try) -> Item:
        judgment, meetings = self.desk.judgment(one.no), self.desk.flow.meetings
        known = meetings.list(item=one.number, limit=1)
        key = known[0].key if known else "deliberation/2000-0001"
        flow.items.judge(one.number, key, judgment, **one.voiced())
        if known and known[0].state is MeetingState.HELD:  # not sent a second time
            meetings.close(key, by=self.desk.office)
        return self.desk.flow.items.get(one.number)

    def _assign(self, flow: Flow, one: Try) -> Item:
        plan = self.desk.plan() if one.plan is None else one.plan
        return flow.items.assign(one.number, plan, **one.voiced())

    def _split(self, flow: Flow, one: Try) -> tuple[Item, ...]:
        part = Demand(title="拆出", origin=Origin.PROBLEM, area=Area.GENERAL, unit=UNIT)
        return flow.items.split(one.number, [(part, [])], **one.voiced())


def _aside(_hand: Hand, flow: Flow, one: Try) -> Item:
    reason = "facts_incomplete" if one.step == "return_" else "not_ours"
    given = one.voiced()
    if one.step == Step.REJECT.value:
        given["referred_to"] = "other"
    if one.step == Step.DEFER.value:
        given["second"] = one.second
    moved: Item = getattr(flow.items, one.step)(one.number, reason, **given)
    return moved


def _star(_hand: Hand, flow: Flow, one: Try) -> Item:
    scores = dict.fromkeys(Dimension, one.level)
    expected = Effectiveness(value=85, low=80, high=90)
    return flow.items.star(one.number, scores, expected, **one.voiced())


_TAKEN: dict[str, Callable[[Hand, Flow, Try], Any]] = {
    "screen": Hand._screen,
    "judge": Hand._judge,
    "star": _star,
    "enlist": lambda _, flow, one: flow.lists.supplement(
        one.number, SUPPLEMENTED, "确有必要", **one.two()
    ),
    "assign": Hand._assign,
    "execute": lambda _, flow, one: flow.items.execute(
        one.number, [TaskResult(task="T1", met=True)], **one.voiced()
    ),
    "evaluate": lambda _, flow, one: flow.items.evaluate(
        one.number, RESULTS, **one.voiced()
    ),
    "adjust": lambda _, flow, one: flow.items.adjust(
        one.number, one.recommendation, "良好", **one.voiced()
    ),
    "doubt": lambda _, flow, one: flow.items.doubt(
        one.number, "依据有误", **one.voiced()
    ),
    "close": lambda _, flow, one: flow.items.close(one.number, **one.voiced()),
    "rework": lambda _, flow, one: flow.items.rework(one.number, **one.voiced()),
    "merge": lambda _, flow, one: flow.items.merge(
        one.number, one.other, **one.voiced()
    ),
    "unmerge": lambda _, flow, one: flow.items.unmerge(one.number, **one.voiced()),
    "split": Hand._split,
    "reject": _aside,
    "defer": _aside,
    "return_": _aside,
    "revive": lambda _, flow, one: flow.items.revive(one.number, **one.voiced()),
    "amend": lambda _, flow, one: flow.items.amend(
        one.number, {one.field: one.text}, **one.voiced()
    ),
    "cancel": lambda _, flow, one: flow.items.cancel(
        one.number, "duplicate", **one.two()
    ),
    "reopen": lambda _, flow, one: flow.items.reopen(
        one.number, "facts_incomplete", **one.two()
    ),
    "advise": lambda _, flow, one: flow.items.advise(
        one.number, Recommendation.IMPROVE, **one.voiced()
    ),
    "carry_over": lambda _, flow, one: flow.items.carry_over(one.number, by=one.by),
    "respond": lambda _, flow, one: flow.items.respond(one.number, one.unit, by=one.by),
    "reassign": lambda _, flow, one: flow.items.reassign(
        one.number,
        "T1",
        "due_changed",
        due=date(2098, 1, 1) + timedelta(days=one.known.version),
        **one.voiced(),
    ),
    "transfer": lambda _, flow, one: flow.items.transfer(
        one.number, one.unit, "wrong_unit", **one.voiced()
    ),
}


def needed(known: Known) -> list[AssessmentKind]:
    """Which assessments the bureau asks for: by stars, some by area or origin."""
    kinds = [AssessmentKind.LEGALITY] if known.stars >= 3 else []
    risky = known.area in {"social_security", "labor_relations"}
    heard = known.stars >= 4 and known.origin == "opinion"
    kinds += [AssessmentKind.OPINION_RISK] * heard
    return kinds + [AssessmentKind.PETITION_RISK] * (known.stars >= 4 and risky)


#: What type of evidence each step takes; the others take a verdict at most.
EVIDENCE: dict[str, type[Evidence]] = {
    "judge": JudgmentEvidence, "enlist": ListingEvidence, "assign": PlanEvidence,
    "execute": ResultEvidence, "adjust": AdjustmentEvidence, "advise": AdviceEvidence,
    "doubt": DoubtEvidence, "close": ClosingEvidence, "evaluate": EvaluationEvidence, "merge": MergeEvidence,
    "split": SplitEvidence, "reject": ReasonEvidence, "defer": ReasonEvidence,
    "return_": ReasonEvidence, "cancel": ReasonEvidence, "amend": AmendmentEvidence,
    "reopen": ReopenEvidence,
    "carry_over": LinkEvidence, "respond": LinkEvidence, "transfer": TransferEvidence,
    "reassign": ReassignEvidence,
}  # fmt: skip


def whole_evidence(step: str, plan: Plan) -> dict[str, Any]:
    """Evidence that would satisfy every guard of a step, by field."""
    passed = Verdict(
        rule=_RULES.get(step, "screening"),
        revision=1,
        passed=True,
        score="100.00",
        reasons=(),
        inputs={},
    )
    every = {
        "verdict": passed,
        "reason_code": "duplicate",
        "known": {"duplicate": "已有相同事项"},
        "deliberation": "deliberation/2023-0001",
        "edition": SUPPLEMENTED,
        "plan": plan,
        "results": (TaskResult(task="T1", met=True),),
        "recommendation": Recommendation.STOP,
        "grounds": "良好",
        "cause": DoubtCause.OUTCOME,
        "other": "2023-999999",
        "into": "2023-999999",
        "into_state": State.COLLECTED,
        "children": ("2023-999999",),
        "changes": {"title": "更正"},
        "unit": "500106",
        "former": "500101",
        "coverage": replace(passed, rule="coverage"),
        "task": "T1",
        "changed": True,
    }
    taken = {one.name for one in fields(EVIDENCE.get(step, Evidence))}
    return {name: one for name, one in every.items() if name in taken}


def excused_by(by: Actor) -> tuple[Excuse, ...]:
    """An excuse of the one task, given by somebody."""
    excuse = Excuse(
        key="excuse/2023-000001/0001", item="2023-000001", task="T1",
        reason="汛期停工", by=by.id, rounds=0,
    )  # fmt: skip
    return (excuse,)


def raw(
    flow: Flow, number: str, step: str, by: Actor, second: Actor | None, **told: Any
) -> Item:
    """Take a step on the one way itself, past all that a use case looks at."""

    def act(work: Work) -> Item:
        made = {name: one(by) if callable(one) else one for name, one in told.items()}
        evidence = EVIDENCE.get(step, Evidence)(**made)
        acting = acting_as(work, by, second)
        return advance(work, number, Step(step), evidence, by=acting)

    return door_of(flow).perform(act)
