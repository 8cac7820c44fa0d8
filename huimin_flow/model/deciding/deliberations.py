"""Records of deliberations and assessments (B1, B2, B7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin_flow.catalogue.terms import (
    AssessmentKind,
    AssessmentState,
    Attribute,
    Question,
    Step,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import value


@value
class Answer:
    """The answer to one of the four questions, with its reason."""

    yes: bool
    reason: str


@value
class Judgment:
    """The judgment of one item in a deliberation (B1, B2); scores are 0–100."""

    answers: Mapping[Question, Answer]
    scores: Mapping[Attribute, int]


@value
class Deliberation:
    """A meeting on demand items, 专题论证会议 (B1)."""

    key: str
    held_on: date
    chair: str
    participants: tuple[str, ...]
    agenda: tuple[str, ...]
    minutes: str
    version: int = 1


@value
class JudgedItem:
    """An item of a meeting's agenda that was judged there, and the decision.

    ``step`` is judge, reject or defer.
    """

    item: str
    step: Step
    judgment: Judgment
    verdict: Verdict


@value
class Meeting:
    """A deliberation with its minutes, and what it judged, by item."""

    deliberation: Deliberation
    judged: tuple[JudgedItem, ...]


@value
class Assessment:
    """One of the four assessments of an item (B7)."""

    key: str
    item: str
    kind: AssessmentKind
    state: AssessmentState
    assessor: str
    high_risk: bool = False
    finding: str = ""
    version: int = 1
    #: Who submitted the finding; the same person may not accept it.
    submitted_by: str = ""
