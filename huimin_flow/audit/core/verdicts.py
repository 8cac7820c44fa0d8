"""Which rules decide which steps: no event keeps a verdict of another one.

1. A verdict is of a rule that decides its step.

What makes each verdict again stands where its rule's room is: for items in ``figures``,
for records where their other laws are. A test goes through all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import (
    AdviceStep,
    EngagementStep,
    Flaw,
    PracticeStep,
    RecordStep,
    RectificationStep,
    ReplicationStep,
    Step,
    StreamKind,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.rules.deciding import independence, judgment, lists, stars
from huimin_flow.rules.executing import coverage, readiness
from huimin_flow.rules.improving import (
    advising,
    evaluation,
    rectification,
    replication,
)
from huimin_flow.rules.sensing import policies, screening

#: By kind of stream and step, the rules whose verdicts an event may keep. A new item
#: may have that of a policy's gap; one that was chosen has that of its list.
DECIDED_BY: Final[Mapping[StreamKind, Mapping[str, frozenset[str]]]] = {
    StreamKind.ITEM: {
        Step.COLLECT: frozenset({policies.RULE}),
        Step.SCREEN: frozenset({screening.RULE}),
        Step.JUDGE: frozenset({judgment.RULE}),
        Step.REJECT: frozenset({screening.RULE, judgment.RULE}),
        Step.DEFER: frozenset({screening.RULE, judgment.RULE}),
        Step.STAR: frozenset({stars.RULE}),
        Step.ENLIST: frozenset({lists.RULE}),
        Step.ASSIGN: frozenset({readiness.RULE}),
        Step.REASSIGN: frozenset({coverage.RULE}),
        Step.EVALUATE: frozenset({evaluation.RULE}),
        Step.ADVISE: frozenset({advising.RULE}),
    },
    StreamKind.DELIBERATION: {RecordStep.JUDGE: frozenset({judgment.RULE})},
    StreamKind.ADVICE: {AdviceStep.ADVISE: frozenset({advising.RULE})},
    StreamKind.ASSESSMENT: {RecordStep.REQUEST: frozenset({independence.RULE})},
    StreamKind.ENGAGEMENT: {
        EngagementStep.PLAN: frozenset({independence.RULE}),
        EngagementStep.ENTER: frozenset({independence.RULE}),
    },
    StreamKind.RECTIFICATION: {
        RectificationStep.ACCEPT: frozenset({rectification.RULE})
    },
    StreamKind.PRACTICE: {PracticeStep.SHELVE: frozenset({replication.SHELVING})},
    StreamKind.REPLICATION: {
        ReplicationStep.COMPARE: frozenset({replication.COMPARING})
    },
}


def hold_rule(act: Applied, verdict: Verdict) -> None:
    """Check that a verdict is of a rule that decides the step of its event."""
    rules = DECIDED_BY.get(act.kind, {}).get(act.event.step, frozenset())
    if verdict.rule not in rules:
        flaw, part = Flaw.DECISION_MISMATCH, "verdict"
        act.flag(flaw, verdict.rule, part=part, law="verdicts 1")
