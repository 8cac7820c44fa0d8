"""Records of deliberations (B1, B2).

What a deliberation decided is unpublished until it is closed: ``published`` gives its
record without the opinions, and the items stay screened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import (
    Area,
    Attribute,
    MeetingState,
    Origin,
    Placement,
    Question,
    Step,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import later, value
from huimin_flow.model.deciding.resources import Cost
from huimin_flow.model.sensing.appeals import Tally


@value
class Answer:
    """The answer to one of the four questions, with its reason.

    ``evidence`` names what the reason rests on: appeals, figures, a document.
    ``file`` is the SHA-256 of an attachment of the item or the meeting, in hex.
    """

    yes: bool
    reason: str
    evidence: str = later(default="")
    file: str = later(default="")


@value
class Judgment:
    """The judgment of one item in a deliberation (B1, B2); scores are 0–100."""

    answers: Mapping[Question, Answer]
    scores: Mapping[Attribute, int]


@value
class Opinion:
    """What a meeting decided on an item of its agenda.

    ``step`` is taken when the meeting is closed: judge, reject or defer. ``unit``,
    ``area`` and ``origin`` are the item's at the meeting, ``cost`` what it was said to
    cost, in 10,000 yuan. ``short`` says that resources for it did not suffice.
    """

    judgment: Judgment
    placement: Placement
    step: Step
    unit: str
    area: Area
    origin: Origin
    cost: int | None = later(default=None)
    short: bool = later(default=False)


@value
class Deliberation:
    """A meeting on demand items, 专题论证会议 (B1).

    ``held_on`` is the day for which it is convened, later the one on which it was
    held. ``participants`` are posts, the chair first; ``prevented`` were invited and
    could not come. ``agenda`` has items in order; each gets an opinion or is postponed
    with a reason. ``note`` says why a meeting was called off.
    """

    key: str
    state: MeetingState = MeetingState.CONVENED
    held_on: date
    chair: str
    participants: tuple[str, ...] = ()
    prevented: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    minutes: str = ""
    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    postponed: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    version: int = 1

    @property
    def undecided(self) -> tuple[str, ...]:
        """The items of the agenda without an opinion that were not postponed."""
        done = {*self.opinions, *self.postponed}
        return tuple(number for number in self.agenda if number not in done)


def published(deliberation: Deliberation) -> Deliberation:
    """Return what everybody may read: no opinions before the meeting is closed."""
    if deliberation.state is MeetingState.CLOSED:
        return deliberation
    return replace(deliberation, opinions={}, postponed={})


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
class EarlierMeeting:
    """What a closed meeting decided on an item, or why it postponed the item."""

    deliberation: str
    held_on: date
    judged: JudgedItem | None
    postponed: str


@value
class PackLine:
    """What an item of an agenda rests on, and what was decided on it.

    ``screening`` is its last screening, ``score`` decimal text of 0–100. ``earlier``
    are former meetings on it.
    ``judged`` is None as long as the reader may not see it.
    """

    item: str
    title: str
    unit: str
    area: Area
    origin: Origin
    tally: Tally
    score: str | None
    screening: Verdict | None
    earlier: tuple[EarlierMeeting, ...]
    cost: Cost | None
    judged: JudgedItem | None
    postponed: str

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions that wait for an answer, in their order."""
        if self.judged is None:
            return () if self.postponed else tuple(Question)
        answered = self.judged.judgment.answers
        return tuple(question for question in Question if question not in answered)


@value
class Pack:
    """The pack of a deliberation, 会议材料: its items in the order of the agenda."""

    deliberation: Deliberation
    lines: tuple[PackLine, ...]


@value
class FunnelLine:
    """How many items were judged, and at which question they fell.

    ``below`` had four times yes, but an attribute was too low.
    """

    judged: int
    fell: Mapping[Question, int]
    below: int
    passed: int


@value
class Fall:
    """An item that did not pass: the question at which it fell, and why.

    ``question`` is None if an attribute was too low. ``reasons`` are those of its
    verdict: what was answered, the resources that did not suffice, or the attributes.
    """

    item: str
    deliberation: str
    question: Question | None
    reasons: Reasons


@value
class Funnel:
    """The judgments of a period: in all, and by area, unit and origin."""

    period: str
    total: FunnelLine
    by_area: Mapping[Area, FunnelLine]
    by_unit: Mapping[str, FunnelLine]
    by_origin: Mapping[Origin, FunnelLine]
    falls: tuple[Fall, ...]
