"""The input of the state machine: who takes a step, and the evidence for its guards.

A step that needs more than a verdict has its own type of evidence. The audit builds
the same value from the history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import field
from datetime import date

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import (
    AssessmentKind,
    DoubtCause,
    Duty,
    Recommendation,
    State,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor, Organization
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.model.executing.plans import Excuse, Plan, TaskResult
from huimin_flow.model.executing.surveys import Survey
from huimin_flow.model.improving.rectification import Rectification
from huimin_flow.model.items import Item

#: Returns who held a post when it acted on a subject, None if it never did.
Authors = Callable[[str], AbstractSet[str] | None]


def no_authors(_: str) -> None:
    """Return that a post never acted: nobody has acted on a new subject."""


@value
class Acting:
    """Who takes a step on which day, under which organization.

    ``second`` is the person who confirms, if two are needed. ``units`` own the
    subject: a duty must cover all of them. None means the whole city. ``authors`` tells
    which posts acted on the subject before, and who held them at that time.
    """

    actor: Actor
    day: date
    organization: Organization
    second: Actor | None = None
    units: tuple[str | None, ...] = (None,)
    authors: Authors = no_authors


@value
class Evidence:
    """The verdict of a step's rule, if it has one; many steps need no more."""

    verdict: Verdict | None = None


@value
class CheckedEvidence(Evidence):
    """The unit of what a step with a spot check is about, "" for none."""

    unit: str = ""


@value
class JudgmentEvidence(Evidence):
    """The deliberation in which an item is judged, or None."""

    deliberation: str | None


@value
class ListingEvidence(Evidence):
    """The list that an item enters; ``by_job`` if the job at the deadline chose it."""

    edition: str | None
    by_job: bool = False


@value
class PlanEvidence(Evidence):
    """The plan by which an item is assigned, and whether it covers the targets."""

    plan: Plan | None
    coverage: Verdict | None = None


@value
class ResultEvidence(Evidence):
    """The result of each task, and what superiors have excused in this round.

    ``risks`` are the kinds of assessments whose high risk is not treated. ``unmet`` is
    what of the tasks that are said to be met their figures at the end of ``day`` don't
    bear out, ``returned`` the tasks that were sent back and are not settled.
    """

    results: tuple[TaskResult, ...]
    excuses: tuple[Excuse, ...] = ()
    risks: tuple[AssessmentKind, ...] = ()
    day: date | None = None
    unmet: Reasons = ()
    returned: tuple[str, ...] = ()


@value
class EvaluationEvidence(Evidence):
    """The indicators without a report for the ``month`` in which the tasks ended.

    The month is text, like 2027-05.
    """

    month: str = ""
    owing: tuple[str, ...] = ()


@value
class DoubtEvidence(Evidence):
    """What was corrected, or None if nobody says it."""

    cause: DoubtCause | None


@value
class SurveyEvidence(Evidence):
    """What a step with a survey rests on.

    ``item`` is the current item, ``before`` the last survey of the same round,
    ``replies`` are the valid answers now, ``least`` how many are needed. ``over`` is
    true after the last day to collect answers. A draw for a rectification names it,
    None if the item has no such open one (``named``).
    """

    item: Item
    before: Survey | None = None
    replies: int = 0
    least: int = 0
    over: bool = False
    named: str = ""
    rectification: Rectification | None = None


@value
class AdjustmentEvidence(Evidence):
    """The recommendation for an item, and its grounds."""

    recommendation: Recommendation | None
    grounds: str


@value
class AdviceEvidence(Evidence):
    """The recommendation for a running item, and the key of undecided advice on it."""

    recommendation: Recommendation | None = None
    undecided: str | None = None


@value
class AdvisedEvidence(Evidence):
    """The current item on which advice is given."""

    item: Item


@value
class ClosingEvidence(Evidence):
    """Keys of what is open: ``mending`` is advice, ``engagements`` have findings."""

    mending: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    rectifications: tuple[str, ...] = ()
    engagements: tuple[str, ...] = ()


@value
class MergeEvidence(Evidence):
    """The item into which another one is merged, and the state of that item."""

    into: str | None
    into_state: State | None


@value
class SplitEvidence(Evidence):
    """The numbers of the items into which an item is split."""

    children: tuple[str, ...]


@value
class ReasonEvidence(Evidence):
    """The reason code for a rejection, deferral or return, and the known codes.

    ``referred_to`` is the body in charge of what is not ours, of the known ``bodies``.
    """

    reason_code: str | None = None
    known: Mapping[str, str]
    referred_to: str | None = None
    bodies: Mapping[str, str] = field(default_factory=dict)


@value
class ReassignEvidence(ReasonEvidence):
    """The reason to reassign a ``task``; the verdict says what the tasks then cover.

    ``lacks`` is what the changed task lacks, ``lost`` what is covered less than before.
    """

    task: str
    changed: bool
    lacks: Reasons = ()
    lost: Reasons = ()


@value
class ReturnTaskEvidence(ReasonEvidence):
    """The item whose ``task`` is sent back; ``under_way`` is the key of a return."""

    item: Item
    task: str
    under_way: str | None = None


@value
class SettlingEvidence(Evidence):
    """The item of a task that was sent back; ``moved`` if it is reassigned now."""

    item: Item
    moved: bool = False


@value
class ReopenEvidence(ReasonEvidence):
    """The reason to reopen an item, and the open item that continues the same one."""

    successor: str | None = None


@value
class TransferEvidence(ReasonEvidence):
    """The unit that takes over from the ``former`` one; ``by_job`` on its legal day."""

    unit: str
    former: str
    by_job: bool = False


@value
class AmendmentEvidence(Evidence):
    """The corrected values, by field."""

    changes: Mapping[str, object]


@value
class OwnEvidence(Evidence):
    """The keys of the own fields that change, and the extensions in force."""

    keys: tuple[str, ...]
    in_force: frozenset[str]


@value
class LinkEvidence(Evidence):
    """The item that continues the demand, or the item that it responds to.

    ``successor`` is the open item that already continues it, ``stopped`` the key of
    adopted advice to stop it.
    """

    other: str | None
    successor: str | None = None
    stopped: str | None = None


@value
class ResponseEvidence(ReasonEvidence):
    """The demand to which a unit responds, and whether it is put to the unit.

    ``known`` are the codes to decline, ``explanation`` says why a unit reconsiders.
    """

    demand: Item
    unit: str
    asked: bool
    explanation: str = ""


@value
class RequestEvidence(Evidence):
    """The item's last assessment of the same kind, if any."""

    before: Assessment | None


@value
class ExcuseEvidence(Evidence):
    """The current item, of which a task is excused."""

    item: Item
    task: str


@value
class OpinionEvidence(Evidence):
    """The current item on which a meeting decides."""

    item: Item


@value
class RatedEvidence(Evidence):
    """The unit whose bad rating is followed up."""

    rated: str


@value
class ProposalEvidence(Evidence):
    """The duty that the proposed two-person act needs."""

    duty: Duty


@value
class RevisionEvidence(Evidence):
    """The items that took a step in the act in which a list follows them."""

    items: frozenset[str]


@value
class AnswerEvidence(ReasonEvidence):
    """What a step with an appeal's answer rests on.

    ``due`` is the day until which it is due, ``most`` how often it may be extended.
    ``unit`` answers it after the step. ``known`` are the codes of the step's reason.
    """

    due: date | None
    most: int
    unit: str
