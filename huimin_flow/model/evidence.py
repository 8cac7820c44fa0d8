"""What a step brings to the machine: its actor, and the evidence for the guards.

A step that rests on more than a verdict has its own type of evidence; the audit makes
the same value from the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin_flow.catalogue.terms import Duty, Recommendation, State
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor, Organization
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.executing.plans import Excuse, Plan, TaskResult
from huimin_flow.model.items import Item


@value
class Acting:
    """Who takes a step on which day, under which organization.

    ``second`` is the person who confirms where two are needed. ``units`` own the
    subject: a duty must reach all of them, None is the whole city.
    """

    actor: Actor
    day: date
    organization: Organization
    second: Actor | None = None
    units: tuple[str | None, ...] = (None,)


@value
class Evidence:
    """The verdict of a step's rule, where it has one; many steps need no more."""

    verdict: Verdict | None = None


@value
class JudgmentEvidence(Evidence):
    """The deliberation in which an item is judged, None where there is none."""

    deliberation: str | None


@value
class ListingEvidence(Evidence):
    """The list that an item enters; ``by_job`` where the deadline's job chose it."""

    edition: str | None
    by_job: bool = False


@value
class PlanEvidence(Evidence):
    """The plan by which an item is assigned."""

    plan: Plan | None


@value
class ResultEvidence(Evidence):
    """How each task stood, and what superiors have excused in this round."""

    results: tuple[TaskResult, ...]
    excuses: tuple[Excuse, ...] = ()


@value
class AdjustmentEvidence(Evidence):
    """What is recommended for an item, and on what grounds."""

    recommendation: Recommendation | None
    grounds: str


@value
class MergeEvidence(Evidence):
    """The item into which another one is merged, and where that stands."""

    into: str | None
    into_state: State | None


@value
class SplitEvidence(Evidence):
    """The numbers of the items that are born of one."""

    children: tuple[str, ...]


@value
class ReasonEvidence(Evidence):
    """Why an item is put aside or sent back: a code, and those that are known."""

    reason_code: str | None = None
    known: Mapping[str, str]


@value
class AmendmentEvidence(Evidence):
    """What is corrected, by field."""

    changes: Mapping[str, object]


@value
class LinkEvidence(Evidence):
    """The item that takes the demand further, or from which it was taken up.

    ``successor`` is the open item that continues it already.
    """

    other: str | None
    successor: str | None = None


@value
class RequestEvidence(Evidence):
    """The last assessment of that kind which was made of the item, if any."""

    before: Assessment | None


@value
class ExcuseEvidence(Evidence):
    """The item as it stands of which a task is excused."""

    item: Item
    task: str


@value
class RatedEvidence(Evidence):
    """The unit whose bad rating is followed up."""

    rated: str


@value
class ProposalEvidence(Evidence):
    """The duty for the proposed act of two people."""

    duty: Duty
