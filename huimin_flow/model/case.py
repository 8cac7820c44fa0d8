"""What a step brings to the machine: the evidence that guards look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from huimin_flow.catalogue.terms import EditionKind, Recommendation, State
from huimin_flow.model.actor import Actor
from huimin_flow.model.deliberation import Assessment
from huimin_flow.model.indicator import Plan, TaskResult
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Verdict


@value
class Case:
    """The evidence of one step; what a step does not need stays empty.

    ``second`` is the person who confirms where four eyes are asked for; posts with
    one account in ``accounts`` are one person.
    ``edition`` and ``edition_kind`` come with ``enlist`` only. ``target_state``
    is the state of the item that another is merged into. ``superiors`` are
    those who have excused a task. ``stale`` are the parts that are in doubt.
    ``successor`` is the open item that continues this one already.
    """

    actor: Actor
    today: date
    verdict: Verdict | None = None
    second: Actor | None = None
    accounts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reason_code: str | None = None
    known_reasons: Mapping[str, str] | None = None
    deliberation: str | None = None
    edition: str | None = None
    edition_kind: EditionKind | None = None
    by_job: bool = False
    plan: Plan | None = None
    assessments: tuple[Assessment, ...] = ()
    results: tuple[TaskResult, ...] = ()
    superiors: tuple[str, ...] = ()
    recommendation: Recommendation | None = None
    grounds: str = ""
    other: str | None = None
    other_state: State | None = None
    successor: str | None = None
    children: tuple[str, ...] = ()
    changes: Mapping[str, str] | None = None
    stale: tuple[str, ...] = ()
