"""Engagements of third parties, 第三方评估项目: plan, staff, sample, findings (D4)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.terms import (
    Argument,
    EngagementState,
    Severity,
)
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.assessments import Staff
from huimin_flow.model.executing.agreements import OutcomeResult


@value
class FieldSample:
    """What an evaluator looks at: a part of a population, drawn with a seed.

    ``frame`` is the hex SHA-256 of the sorted codes of the whole population, ``served``
    their number. The sample are the ``drawn`` codes that rank first by the SHA-256 of
    ``seed`` and code, as in a survey. ``source`` names the file of the codes.
    """

    population: str
    frame: str
    served: int
    seed: str
    drawn: int
    source: str = ""


@value
class FindingEntry:
    """A finding as a report says it; ``outcome`` is the agreed one that it judges.

    Without an outcome it is about the item as a whole.
    """

    severity: Annotated[Severity, Argument.SEVERITY]
    text: Annotated[str, Argument.FINDING]
    outcome: Annotated[str, Argument.JUDGED_OUTCOME] = ""


@value
class FindingAction:
    """What follows from a finding: who does what until when, and that it is done.

    ``unit`` answers for it; with a ``post`` that post of the unit does. ``files`` are
    digests of files of the item.
    """

    measures: str
    unit: str
    due: date
    post: str = ""
    done: str = ""
    files: tuple[str, ...] = ()
    done_on: date | None = None
    done_by: str = ""


@value
class ReportFinding:
    """A finding of a report, 评估意见, numbered from 1, and the answer to it.

    The answer is an ``action``, or a reason in ``declined`` why there is none.
    """

    number: int
    severity: Severity
    text: str
    outcome: str = ""
    action: FindingAction | None = None
    declined: str = ""
    answered_on: date | None = None
    answered_by: str = ""

    @property
    def answered(self) -> bool:
        """Return whether it has an action, or a reason for none."""
        return self.action is not None or bool(self.declined)


@value
class Engagement:
    """The evaluation of an item by an organization outside, in one round of it (D4).

    ``third_party`` is the key of the organization in the register, ``assessor`` its
    name. It judges ``outcomes``, keys of agreed ones, from ``begins`` until ``due``,
    when the report is to be there. ``staff`` are counted roles without names.
    ``report`` is the digest of the report. ``reason`` says why the report was
    corrected last, or why it was called off.
    """

    key: str
    item: str
    rounds: int
    third_party: str
    assessor: str
    approach: str
    outcomes: tuple[str, ...]
    begins: date
    due: date
    state: EngagementState
    planned_on: date
    planned_by: str
    staff: tuple[Staff, ...] = ()
    sample: FieldSample | None = None
    entered_on: date | None = None
    results: tuple[OutcomeResult, ...] = ()
    findings: tuple[ReportFinding, ...] = ()
    report: str = ""
    reported_on: date | None = None
    reported_by: str = ""
    corrections: int = 0
    corrected_by: str = ""
    followed_on: date | None = None
    followed_by: str = ""
    reason: str = ""
    version: int = 1

    def finding(self, number: int) -> ReportFinding | None:
        """Return the finding of a number, None if there is none."""
        return next((each for each in self.findings if each.number == number), None)

    def unanswered(self) -> tuple[ReportFinding, ...]:
        """Return the findings without an action and without a reasoned no."""
        return tuple(each for each in self.findings if not each.answered)

    def undone(self) -> tuple[ReportFinding, ...]:
        """Return the findings whose action is not done."""
        return tuple(
            each
            for each in self.findings
            if each.action is not None and each.action.done_on is None
        )


def completing_unit(before: Engagement | None, after: Engagement) -> str | None:
    """Return the unit of the action that a step has completed, None if none was."""
    open_ = {} if before is None else {f.number: f for f in before.undone()}
    left = {each.number for each in after.undone()}
    done = [f.action for n, f in open_.items() if n not in left and f.action]
    return done[0].unit if done else None
