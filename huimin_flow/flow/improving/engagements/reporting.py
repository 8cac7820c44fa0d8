"""Reports of third parties: recorded once for an engagement, and corrected (D4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from huimin_flow.catalogue.reasons import Code, EngagementCode
from huimin_flow.catalogue.terms import (
    Argument,
    DoubtCause,
    Duty,
    EngagementStep,
    Severity,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.items import keep_file, put_in_doubt
from huimin_flow.flow.core.reads import digests_of, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.engagements.planning import in_state, step
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted_in, required, showable
from huimin_flow.model.executing.agreements import OutcomeResult
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.improving.engagements import (
    Engagement,
    FindingEntry,
    ReportFinding,
)
from huimin_flow.model.items import Attachment
from huimin_flow.rules.improving import engagements as rules
from huimin_flow.states.machine import require_road
from huimin_flow.states.reviews import ENGAGEMENT
from huimin_flow.store.core import history, repository


@act(Duty.ASSESS, Duty.REPORT)
def attach(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    name: Annotated[str, Argument.FILE_NAME],
    content: bytes,
    *,
    by: Actor = ACTING,
) -> Attachment:
    """Attach a file to an engagement: its report, or a corrected one (D4).

    Raises:
        InputRefused: for an empty or too large file, or an unfit name.
        NotFound: if there is no such engagement.
        StepRefused: if the actor is not of the office.
        StoreRefused: if there is no folder for attachments, or it can't be written.

    """
    known = record_of(work, Engagement, key)
    for duty in (Duty.ASSESS, Duty.REPORT):
        work.duty(by, duty, None)
    return keep_file(work, known.key, name, content, by, None)


@act(Duty.ASSESS)
def report(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    file: Annotated[str, Argument.REPORT_FILE],
    *,
    outcomes: Annotated[Sequence[OutcomeResult], Argument.OUTCOMES] = (),
    findings: Annotated[Sequence[FindingEntry], Argument.REPORT_FINDINGS] = (),
    by: Actor = ACTING,
) -> Engagement:
    """Record the report of an engagement: its results, and its findings (D4).

    ``file`` is the digest of one of its files, or its beginning. ``outcomes`` are the
    results of the outcomes that it judges; one without a result is not measurable.

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if the actor may not, nobody is in the field, or it has a report
            already.
        InputRefused: for a file that it doesn't have or that is another engagement's
            report, a result that can't be used, or a finding that says nothing.

    """
    old = record_of(work, Engagement, key)
    if old.state in rules.REPORTED:
        twice = EngagementCode.REPORTED_ALREADY
        raise StepRefused(twice, engagement=key, day=old.reported_on)
    require_road(ENGAGEMENT, old.state, EngagementStep.REPORT, key)
    work.duty(by, Duty.ASSESS, None)
    return step(
        work,
        EngagementStep.REPORT,
        old,
        by,
        report=_report_file(work, old, file),
        results=_results(work, old, outcomes),
        findings=_findings(work, old, findings, ()),
        reported_on=work.today,
        reported_by=by.id,
    )


@act(Duty.ASSESS)
def correct(
    work: Work,
    key: Annotated[str, Argument.ENGAGEMENT],
    file: Annotated[str, Argument.REPORT_FILE],
    reason: str,
    *,
    outcomes: Annotated[Sequence[OutcomeResult], Argument.OUTCOMES] = (),
    findings: Annotated[Sequence[FindingEntry], Argument.REPORT_FINDINGS] = (),
    by: Actor = ACTING,
) -> Engagement:
    """Correct a report by another file with all its results (D4).

    Findings come on top of those that are there; these keep their answers. A final
    evaluation that rests on the report is in doubt then.

    Raises:
        NotFound: if there is no such engagement.
        StepRefused: if the actor may not or has recorded the report, or there is none.
        InputRefused: as for ``report``, for the same file, or an empty reason.

    """
    old = in_state(work, key, EngagementStep.CORRECT)
    said = required(reason, Argument.REASON, longest=2000, lines=True)
    work.duty(by, Duty.ASSESS, None)
    work.different(by.id, old.reported_by)
    repository.hold_items(work.connection, [old.item])
    kept = step(
        work,
        EngagementStep.CORRECT,
        old,
        by,
        report=_report_file(work, old, file),
        results=_results(work, old, outcomes),
        findings=_findings(work, old, findings, old.findings),
        reason=said,
        corrections=old.corrections + 1,
        corrected_by=by.id,
    )
    item = repository.item(work.connection, old.item)
    events = history.events_of(work.connection, StreamKind.ITEM.key(old.item))
    judged = [each.verdict for each in events if each.step == Step.EVALUATE]
    if judged and (judged[-1] or {})["inputs"].get("engagement") == key:
        put_in_doubt(work, [item], DoubtCause.REPORT, by=by)
    return kept


def _report_file(work: Work, old: Engagement, file: str) -> str:
    """Return the digest of a report, if no other engagement has it."""
    (digest,) = digests_of(work, old.key, [file])
    if digest == old.report:
        raise InputRefused(EngagementCode.REPORT_UNCHANGED)
    for other in repository.records(work.connection, Engagement):
        if other.report == digest:
            code = EngagementCode.REPORT_OF_ANOTHER
            raise InputRefused(code, engagement=other.key)
    return digest


def _results(
    work: Work, old: Engagement, results: Sequence[OutcomeResult]
) -> tuple[OutcomeResult, ...]:
    """Return the results of a report, if each can be used."""
    kept = accepted_in(tuple(results), Argument.OUTCOMES)
    item = repository.item(work.connection, old.item)
    agreed = (item.plan or Plan()).outcomes
    judged = [outcome for outcome in agreed if outcome.key in old.outcomes]
    for outcome, flaw in rules.result_flaws(kept, judged):
        if flaw is None:
            raise InputRefused(Code.OUTCOME_UNKNOWN, outcome=showable(outcome))
        raise InputRefused(Code.OUTCOME_RESULT_UNFIT, outcome=outcome, hint=flaw)
    return kept


def _findings(
    work: Work,
    old: Engagement,
    entries: Sequence[FindingEntry],
    known: Sequence[ReportFinding],
) -> tuple[ReportFinding, ...]:
    """Return the findings of a report, numbered, after those that are known."""
    item = repository.item(work.connection, old.item)
    agreed = tuple(outcome.key for outcome in (item.plan or Plan()).outcomes)
    for number, entry in enumerate(entries, len(known) + 1):
        required(entry.text, Argument.FINDING, longest=2000, lines=True)
        if entry.severity is Severity.NONE:
            code, severity = EngagementCode.FINDING_EMPTY, entry.severity
            raise InputRefused(code, number=number, severity=severity)
        if entry.outcome and entry.outcome not in agreed:
            code, given = EngagementCode.OUTCOME_NOT_AGREED, showable(entry.outcome)
            raise InputRefused(code, given=given, known=agreed)
    return rules.numbered(accepted_in(tuple(entries), Argument.FINDING), known)
