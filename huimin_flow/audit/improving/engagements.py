"""Engagements of third parties, checked again from their history and codes (D4).

1. The sample ranks as its seed says, and has as many codes as were drawn.
2. Each result of a report can be used: it is of a judged outcome, once, and fits it.
3. Findings are numbered from 1. A report adds to them, an answer changes only its own:
   who answered, or reported an action as done, is the actor of that step.
"""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.audit.core.applied import Applied, Seen
from huimin_flow.catalogue.terms import EngagementStep, Flaw
from huimin_flow.model.core.events import Event
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.improving.engagements import (
    Engagement,
    ReportFinding,
)
from huimin_flow.model.record_evidence import (
    EngagementEvidence,
)
from huimin_flow.rules.executing import surveys
from huimin_flow.rules.improving import engagements
from huimin_flow.store.executing.surveys import codes_of

_ANSWERS = frozenset({EngagementStep.ANSWER, EngagementStep.DECLINE})
_REPORTS = frozenset({EngagementStep.REPORT, EngagementStep.CORRECT})


def engagement_evidence(seen: Seen) -> EngagementEvidence:
    """Return the item of an engagement, and the one before it in the same round."""
    ledger, made = seen.ledger, seen.after
    item = ledger.items[made.item]
    earlier = [e for e in ledger.of(Engagement, made.item) if e.key != made.key]
    before = engagements.of_round(earlier, item)
    return EngagementEvidence(item=item, before=before, verdict=seen.verdict)


def hold_engagement(act: Applied, made: Engagement) -> None:
    """Hold a step with an engagement to the laws."""
    step, ledger = act.event.step, act.ledger
    if step in _REPORTS:
        _hold_sample(act, made)
        agreed = (ledger.items[made.item].plan or Plan()).outcomes
        judged = [outcome for outcome in agreed if outcome.key in made.outcomes]
        for outcome, _ in engagements.result_flaws(made.results, judged):
            flaw = Flaw.DECISION_MISMATCH
            act.flag(flaw, outcome, part="results", law="engagements 2")
    _hold_findings(act, made)


def _hold_sample(act: Applied, made: Engagement) -> None:
    """Draw the sample of an engagement in its order again."""
    sample = made.sample
    if sample is None:
        act.flag(Flaw.DECISION_MISMATCH, part="sample", law="engagements 1")
        return
    ledger = act.ledger
    codes = codes_of(ledger.connection, made.key, known=ledger.facts.known())
    ranked = list(surveys.draw(sample.seed, codes, sample.drawn))
    if ranked != codes or len(codes) != sample.drawn:
        law = "engagements 1"
        act.flag(Flaw.DECISION_MISMATCH, len(codes), part="sample", law=law)


def _hold_findings(act: Applied, made: Engagement) -> None:
    """Hold the numbers of findings, and what a step changes of them."""
    event, known = act.event, () if act.before is None else act.before.findings
    odd = [n for n, each in enumerate(made.findings, 1) if each.number != n]
    fresh = made.findings[len(known) :]
    changed = [
        (old, new) for old, new in zip(known, made.findings, strict=False) if old != new
    ]
    if event.step in _REPORTS:
        odd += [new.number for _, new in changed]
        odd += [each.number for each in fresh if each.answered]
    else:
        odd += [each.number for each in fresh]
        odd += [new.number for _, new in changed[1:]]
        odd += [new.number for old, new in changed if not _may_be(event, old, new)]
    if odd or len(made.findings) < len(known):
        act.flag(Flaw.ILLEGAL_EVENT, odd, part="findings", law="engagements 3")


def _may_be(event: Event, old: ReportFinding, new: ReportFinding) -> bool:
    """Tell whether the step of an event may change a finding so."""
    signed, action = (event.actor, event.occurred_on), new.action
    if event.step == EngagementStep.COMPLETE:
        if action is None or (action.done_by, action.done_on) != signed:
            return False
        return new == replace(old, action=action)
    undone = action is None or action.done_on is None
    same = new == replace(
        old,
        action=action,
        declined=new.declined,
        answered_by=event.actor,
        answered_on=event.occurred_on,
    )
    return event.step in _ANSWERS and undone and same
