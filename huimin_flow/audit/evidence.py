"""The evidence of every step, rebuilt from the events before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from huimin_flow.audit.core.applied import Seen
from huimin_flow.audit.executing.surveys import survey_evidence
from huimin_flow.audit.improving.engagements import engagement_evidence
from huimin_flow.catalogue.terms import (
    DoubtCause,
    PracticeState,
    Recommendation,
    RecordStep,
    Role,
    Step,
    StreamKind,
    Via,
)
from huimin_flow.clock import local_day
from huimin_flow.model import evidence
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.model.executing.plans import Excuse
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.extensions import own_before
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.improving.boards import SupervisionOrder
from huimin_flow.model.improving.engagements import Engagement
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.improving.replication import Practice, Replication
from huimin_flow.model.improving.spot_checks import checked_unit
from huimin_flow.model.record_evidence import (
    OrderedEvidence,
    RectifiedEvidence,
    ReplicationEvidence,
    ShelvingEvidence,
)
from huimin_flow.rules.deciding.responses import is_asked
from huimin_flow.rules.executing import tasks
from huimin_flow.rules.executing.coverage import coverage
from huimin_flow.rules.executing.fulfilment import unmet
from huimin_flow.rules.executing.progress import owed_at_end
from huimin_flow.rules.executing.readiness import untreated
from huimin_flow.rules.executing.running import run_months, runs
from huimin_flow.rules.improving import advising, rectification, replication
from huimin_flow.rules.improving.boards import still_open
from huimin_flow.rules.improving.engagements import unfollowed
from huimin_flow.states.table import ENDS
from huimin_flow.streams import TWO_PERSON_ACTS


def evidence_of(seen: Seen) -> evidence.Evidence:
    """Return the evidence of a step."""
    make = _EVIDENCE_OF_KIND.get(seen.kind)
    if seen.kind is StreamKind.ITEM:
        make = _EVIDENCE_OF_STEP.get(Step(seen.event.step))
    return evidence.Evidence(verdict=seen.verdict) if make is None else make(seen)


def _reason_evidence(seen: Seen) -> evidence.Evidence:
    rules = seen.book.rules
    sent_back = seen.event.step == Step.RETURN
    return evidence.ReasonEvidence(
        verdict=seen.verdict,
        reason_code=seen.changes.get("reason_code"),
        known=rules.return_reasons if sent_back else rules.reject_reasons,
        referred_to=seen.changes.get("referred_to"),
        bodies=rules.referral_bodies,
    )


def _successor(seen: Seen, parent: str | None) -> str | None:
    """Return the open item that continued an item before a step of another one."""
    items, own = seen.ledger.items, seen.after.number
    successors = (
        number
        for number in seen.ledger.continuing.get(parent or "", ())
        if number != own and items[number].state not in ENDS
    )
    return next(successors, None)


def _evaluation_evidence(seen: Seen) -> evidence.Evidence:
    item, ledger = seen.after, seen.ledger
    spans = runs([step for _, step in ledger.ran.get(item.number, ())])
    month = f"{(spans[-1].until if spans else None) or seen.event.occurred_on:%Y-%m}"
    reports = ledger.facts.progress(item.number)
    months = run_months(spans, seen.event.occurred_on)
    owing = owed_at_end(item.plan, item.results, reports, month, months)
    return evidence.EvaluationEvidence(verdict=seen.verdict, month=month, owing=owing)


def _result_evidence(seen: Seen) -> evidence.Evidence:
    item, ledger, day = seen.after, seen.ledger, seen.event.occurred_on
    excuses = tuple(
        excuse
        for excuse in ledger.of(Excuse, item.number)
        if excuse.rounds == item.rounds
    )
    met = {result.task for result in item.results if result.met}
    spans = runs([step for _, step in ledger.ran.get(item.number, ())])
    reports = ledger.facts.progress(item.number)
    waiting = tasks.open_returns(
        seen.before, ledger.of(TaskReturn, item.number), excuses
    )
    return evidence.ResultEvidence(
        results=item.results,
        excuses=excuses,
        risks=untreated(ledger.of(Assessment, item.number)),
        day=day,
        unmet=unmet(
            item.plan,
            met,
            reports,
            seen.book.rules.fulfilment,
            day=day,
            months=run_months(spans, day),
        ),
        returned=tuple(made.task for made in waiting),
    )


def _reassign_evidence(seen: Seen) -> evidence.Evidence:
    item, number = seen.before, seen.after.number
    returns = seen.ledger.of(TaskReturn, number)
    excuses = seen.ledger.of(Excuse, number)
    made = tasks.reassigning(
        item,
        seen.after.plan,
        str(seen.event.public.get("task")),
        returns,
        excuses,
        seen.book,
        seen.event.occurred_on,
    )
    code = seen.changes.get("reason_code")
    return replace(made, verdict=seen.verdict, reason_code=code)


def _task_return_evidence(seen: Seen) -> evidence.Evidence:
    made, before = seen.after, seen.before
    item = seen.ledger.items[made.item]
    if before is not None:
        moved = made.item in seen.ledger.stepped
        return evidence.SettlingEvidence(item=item, moved=moved)
    returns = [
        each for each in seen.ledger.of(TaskReturn, made.item) if each.key != made.key
    ]
    waiting = tasks.open_returns(item, returns, seen.ledger.of(Excuse, made.item))
    return evidence.ReturnTaskEvidence(
        item=item,
        task=made.task,
        under_way=next((each.key for each in waiting if each.task == made.task), None),
        reason_code=made.reason_code,
        known=seen.book.improving.tasks.return_reasons,
    )


def _is_of_job(seen: Seen) -> bool:
    return seen.actor.via is Via.SERVICE and Role.SCHEDULER in seen.actor.roles


def _response_evidence(seen: Seen) -> evidence.Evidence:
    response, book, day = seen.after, seen.book, local_day(seen.event.at)
    rule, demand = book.rules.responses, seen.ledger.items[response.item]
    return evidence.ResponseEvidence(
        demand=demand,
        unit=response.unit,
        asked=is_asked(demand, response.unit, rule, book.organization, day),
        reason_code=response.reason_code or None,
        known=rule.decline_reasons,
        explanation=response.reason,
    )


def _opinion_evidence(seen: Seen) -> evidence.Evidence:
    """Return the item on which a meeting decides, if it does."""
    before, after = seen.before, seen.after
    if seen.event.step != RecordStep.JUDGE or before is None:
        return evidence.Evidence(verdict=seen.verdict)
    changed = (
        number
        for number, opinion in after.opinions.items()
        if before.opinions.get(number) != opinion
    )
    # The same opinion may be given again, on any of the items.
    number = next(changed, next(iter(after.opinions), ""))
    item = seen.ledger.items[number]
    return evidence.OpinionEvidence(verdict=seen.verdict, item=item)


def _rectified_evidence(seen: Seen) -> RectifiedEvidence:
    """Return what a rectification is about, and why it is opened."""
    made, of = seen.after, seen.ledger.of
    known = rectification.still_open(of(Rectification, made.item))
    orders = still_open(of(SupervisionOrder, made.item))
    return RectifiedEvidence(
        verdict=seen.verdict,
        item=seen.ledger.items[made.item],
        open=next((each.key for each in known if each.key != made.key), None),
        # Whether the entry is open is looked up where the other figures are.
        caused=bool(made.since) or any(order.key == made.order for order in orders),
        listed=bool(made.since),
    )


def _replication_evidence(seen: Seen) -> ReplicationEvidence:
    """Return what is replicated, and for a proposal who was asked already."""
    made, ledger = seen.after, seen.ledger
    item, practice = ledger.items[made.item], ledger.values[made.practice]
    if seen.before is None:
        known = ledger.of(Replication, made.practice)
        others = [each for each in known if each.key != made.key]
        day = local_day(seen.event.at)
        return replication.proposing(practice, item, made.unit, others, seen.book, day)
    return ReplicationEvidence(
        verdict=seen.verdict,
        item=item,
        practice=practice,
        unit=made.unit,
        replica=ledger.items.get(made.successor),
    )


_Make = Callable[[Seen], evidence.Evidence]

_EVIDENCE_OF_STEP: Final[Mapping[Step, _Make]] = {
    Step.JUDGE: lambda seen: evidence.JudgmentEvidence(
        verdict=seen.verdict, deliberation=seen.after.deliberation
    ),
    # The listing of a job needs a rule, not two people.
    Step.ENLIST: lambda seen: evidence.ListingEvidence(
        verdict=seen.verdict,
        edition=seen.after.edition,
        by_job=_is_of_job(seen),
    ),
    Step.ASSIGN: lambda seen: evidence.PlanEvidence(
        verdict=seen.verdict,
        plan=seen.after.plan,
        coverage=coverage(seen.after.plan, seen.book.improving.tasks),
    ),
    Step.REASSIGN: _reassign_evidence,
    Step.EXECUTE: _result_evidence,
    Step.EVALUATE: _evaluation_evidence,
    Step.DOUBT: lambda seen: evidence.DoubtEvidence(
        cause=DoubtCause(str(seen.event.public["cause"]))
    ),
    Step.ADJUST: lambda seen: evidence.AdjustmentEvidence(
        recommendation=seen.after.recommendation, grounds=seen.after.grounds
    ),
    Step.ADVISE: lambda seen: evidence.AdviceEvidence(
        verdict=seen.verdict,
        recommendation=Recommendation(str(seen.event.public["recommendation"])),
        undecided=advising.undecided(seen.ledger.of(Advice, seen.after.number)),
    ),
    Step.CLOSE: lambda seen: evidence.ClosingEvidence(
        mending=advising.mending(seen.ledger.of(Advice, seen.after.number)),
        orders=tuple(
            order.key
            for order in still_open(seen.ledger.of(SupervisionOrder, seen.after.number))
        ),
        rectifications=tuple(
            each.key
            for each in rectification.still_open(
                seen.ledger.of(Rectification, seen.after.number)
            )
        ),
        engagements=unfollowed(seen.ledger.of(Engagement, seen.after.number)),
    ),
    Step.MERGE: lambda seen: evidence.MergeEvidence(
        into=seen.after.merged_into,
        into_state=getattr(
            seen.ledger.items.get(seen.after.merged_into), "state", None
        ),
    ),
    Step.SPLIT: lambda seen: evidence.SplitEvidence(
        children=tuple(seen.event.public.get("children", ()))
    ),
    Step.REJECT: _reason_evidence,
    Step.DEFER: _reason_evidence,
    Step.RETURN: _reason_evidence,
    Step.CANCEL: _reason_evidence,
    Step.REOPEN: lambda seen: evidence.ReopenEvidence(
        reason_code=seen.changes.get("reason_code"),
        known=seen.book.rules.return_reasons,
        successor=_successor(seen, seen.after.continues),
    ),
    Step.TRANSFER: lambda seen: evidence.TransferEvidence(
        reason_code=seen.changes.get("reason_code"),
        known=seen.book.rules.transfer_reasons,
        unit=str(seen.event.public.get("unit")),
        former=str(seen.event.public.get("former")),
        by_job=_is_of_job(seen),
    ),
    Step.AMEND: lambda seen: evidence.AmendmentEvidence(
        changes={name: now for name, now in seen.changes.items() if name != "stale"}
    ),
    Step.ANNOTATE: lambda seen: evidence.OwnEvidence(
        keys=tuple(own_before(seen.before.own, seen.after.own)),
        in_force=frozenset(seen.book.extensions),
    ),
    Step.CARRY_OVER: lambda seen: evidence.LinkEvidence(
        other=seen.event.public.get("successor"),
        successor=_successor(seen, seen.after.number),
        stopped=advising.stopped(seen.ledger.of(Advice, seen.after.number)),
    ),
    Step.RESPOND: lambda seen: evidence.LinkEvidence(
        other=seen.after.responds_to
        if seen.before is None
        else seen.event.public.get("successor")
    ),
}

_EVIDENCE_OF_KIND: Final[Mapping[StreamKind, _Make]] = {
    # The assessment of the same kind before this one; later steps need none.
    StreamKind.ASSESSMENT: lambda seen: evidence.RequestEvidence(
        verdict=seen.verdict,
        before=next(
            (
                earlier
                for earlier in reversed(seen.ledger.of(Assessment, seen.after.item))
                if earlier.kind is seen.after.kind and earlier.key != seen.after.key
            ),
            None,
        ),
    ),
    StreamKind.RESPONSE: _response_evidence,
    StreamKind.LIST: lambda seen: evidence.RevisionEvidence(
        verdict=seen.verdict, items=frozenset(seen.ledger.stepped)
    ),
    StreamKind.ADVICE: lambda seen: evidence.AdvisedEvidence(
        item=seen.ledger.items[seen.after.item]
    ),
    StreamKind.SUPERVISION_ORDER: lambda seen: OrderedEvidence(
        item=seen.ledger.items[seen.after.item]
    ),
    StreamKind.SURVEY: survey_evidence,
    StreamKind.ENGAGEMENT: engagement_evidence,
    StreamKind.RECTIFICATION: _rectified_evidence,
    StreamKind.PRACTICE: lambda seen: ShelvingEvidence(
        verdict=seen.verdict,
        item=seen.ledger.items[seen.after.item],
        shelved=next(
            (
                each.key
                for each in seen.ledger.of(Practice, seen.after.item)
                if each.key != seen.after.key and each.state is PracticeState.SHELVED
            ),
            None,
        ),
    ),
    StreamKind.REPLICATION: _replication_evidence,
    StreamKind.DELIBERATION: _opinion_evidence,
    StreamKind.SPOT_CHECK: lambda seen: evidence.CheckedEvidence(
        unit=checked_unit(seen.before, seen.after)
    ),
    StreamKind.EXCUSE: lambda seen: evidence.ExcuseEvidence(
        item=seen.ledger.items[seen.after.item], task=seen.after.task
    ),
    StreamKind.TASK_RETURN: _task_return_evidence,
    StreamKind.FOLLOW_UP: lambda seen: evidence.RatedEvidence(rated=seen.after.unit),
    StreamKind.PROPOSAL: lambda seen: evidence.ProposalEvidence(
        duty=TWO_PERSON_ACTS[seen.after.act].duty_of(RecordStep(seen.event.step))
    ),
}
