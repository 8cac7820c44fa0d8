"""Every kind of stream, declared once: its value, its numbers, what its events say.

The gate, the audit, replay and reports read the declarations; a new kind of stream
costs one declaration here, one life in ``states``, its rules and its acts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Final

from huimin_flow.catalogue.terms import (
    Duty,
    FollowUpStep,
    ProposalField,
    RecordStep,
    Step,
    StreamKind,
    TwoPeople,
)
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.core.two_people import TwoPersonAct
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.deliberations import Assessment, Deliberation
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.executing.plans import Excuse
from huimin_flow.model.items import Attachment, Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    ProgressCall,
    QuarterlyRanking,
)
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.states import records
from huimin_flow.states.life import Life
from huimin_flow.states.table import ITEM

_A, _K = ProposalField, StreamKind
_ITEM = ("number", "title", "unit", "area", "state", "stars")

#: What an event that records a value whole says besides its step.
_OF_A_RECORD: Final = frozenset({"kind", "about", "value", "confirmed_by"})


@value
class Numbering:
    """How the streams of a kind are numbered, from 1 within a year or a subject.

    ``joint`` stands between what they are numbered within and the number, which has
    at least ``digits`` digits; without a joint they are numbered throughout.
    """

    digits: int
    joint: str = ""


@value
class Stream:
    """A kind of stream.

    ``value`` is the type of what it is a history of, None where rows of facts are;
    ``life`` says which step leads from where to where, and who may take it.
    ``fields`` are what the public part of its events may name. A ``record`` keeps
    its value whole, in the event and in a row of its own. ``two_people`` are the acts
    that only two people do with it.
    """

    kind: StreamKind
    value: type | None
    life: Life
    fields: frozenset[str] = _OF_A_RECORD
    numbering: Numbering | None = None
    two_people: Mapping[TwoPeople, TwoPersonAct] = field(default_factory=dict)

    @property
    def record(self) -> bool:
        """Return whether its events keep a value whole."""
        return self.fields is _OF_A_RECORD


_DECLARED: Final = (
    Stream(
        kind=StreamKind.ITEM,
        value=Item,
        life=ITEM,
        fields=frozenset(
            {"changes", "confirmed_by", "for_unit", "successor", "children"}
        ),
        two_people={
            TwoPeople.SUPPLEMENT: TwoPersonAct(
                kind=_K.ITEM,
                step=Step.ENLIST,
                about=_A.ITEM,
                needs=(_A.ITEM, _A.EDITION),
                act="deciding.editions.supplement",
                shows=_ITEM,
            ),
            TwoPeople.CANCEL: TwoPersonAct(
                kind=_K.ITEM,
                step=Step.CANCEL,
                about=_A.ITEM,
                needs=(_A.ITEM, _A.REASON),
                act="deciding.editions.cancel",
                shows=_ITEM,
            ),
            TwoPeople.DEFER: TwoPersonAct(
                kind=_K.ITEM,
                step=Step.DEFER,
                about=_A.ITEM,
                needs=(_A.ITEM, _A.REASON),
                act="deciding.judgment.set_aside",
                shows=_ITEM,
            ),
        },
        numbering=Numbering(digits=6, joint="-"),
    ),
    Stream(
        kind=StreamKind.DELIBERATION,
        value=Deliberation,
        life=records.DELIBERATION,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(kind=StreamKind.ASSESSMENT, value=Assessment, life=records.ASSESSMENT),
    Stream(
        kind=StreamKind.LIST,
        value=Edition,
        life=records.LIST,
        two_people={
            TwoPeople.CONFIRM: TwoPersonAct(
                kind=_K.LIST,
                step=RecordStep.CONFIRM,
                about=_A.EDITION,
                needs=(_A.EDITION,),
                act="deciding.editions.confirm",
            )
        },
    ),
    Stream(
        kind=StreamKind.EXCUSE,
        value=Excuse,
        life=records.EXCUSE,
        numbering=Numbering(digits=4, joint="/"),
    ),
    Stream(
        kind=StreamKind.ATTACHMENT,
        value=Attachment,
        life=records.ATTACHMENT,
        fields=frozenset({"about", "digest", "name", "size"}),
    ),
    Stream(
        kind=StreamKind.BATCH,
        value=None,
        life=records.BATCH,
        fields=frozenset(
            {"kind", "batch", "count", "root", "known", "refused", "source"}
        ),
        numbering=Numbering(digits=8),
    ),
    Stream(
        kind=StreamKind.FOLLOW_UP,
        value=FollowUp,
        life=records.FOLLOW_UP,
        two_people={
            TwoPeople.SET_ASIDE: TwoPersonAct(
                kind=_K.FOLLOW_UP,
                step=FollowUpStep.SET_ASIDE,
                about=_A.TRANSACTION,
                needs=(_A.TRANSACTION, _A.FINDING),
                act="services.follow_ups.settle_objection",
            )
        },
    ),
    Stream(
        kind=StreamKind.SCORE,
        value=MonthlyScore,
        life=records.SCORE,
        two_people={
            TwoPeople.CORRECT: TwoPersonAct(
                kind=_K.SCORE,
                step=RecordStep.CORRECT,
                about=_A.KEY,
                needs=(_A.KEY, _A.REASON),
                may=(_A.COLORS,),
                act="scoring.charts.correct",
            )
        },
    ),
    Stream(kind=StreamKind.COLORS, value=MonthlyColors, life=records.COLORS),
    Stream(kind=StreamKind.RANKING, value=QuarterlyRanking, life=records.RANKING),
    Stream(kind=StreamKind.PROGRESS_CALL, value=ProgressCall, life=records.CALL),
    Stream(kind=StreamKind.PROGRESS_CHASE, value=ProgressCall, life=records.CALL),
    Stream(
        kind=StreamKind.JOB,
        value=None,
        life=records.JOB,
        fields=frozenset(
            {"job", "period", "due", "ran", "late_seconds", "cut", "result"}
            | {"timetable", "logs", "writers"}
        ),
    ),
    Stream(
        kind=StreamKind.PROPOSAL,
        value=Proposal,
        life=records.PROPOSAL,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(
        kind=StreamKind.RULEBOOK,
        value=Rulebook,
        life=records.RULEBOOK,
        fields=frozenset({"digest", "confirmed_by", "purpose"}),
        two_people={
            TwoPeople.ACTIVATE: TwoPersonAct(
                kind=_K.RULEBOOK,
                step=RecordStep.ACTIVATE,
                about=None,
                needs=(_A.DIGEST,),
                may=(),
                duty=Duty.ACTIVATE,
                act="core.rulebook.activate",
            )
        },
    ),
)

STREAMS: Final[Mapping[StreamKind, Stream]] = {
    stream.kind: stream for stream in _DECLARED
}

#: What only two people do, by its word.
TWO_PERSON_ACTS: Final[Mapping[str, TwoPersonAct]] = {
    name: act for stream in _DECLARED for name, act in stream.two_people.items()
}


def owner_of(record: object) -> str | None:
    """Return the unit that a record names as its own, None where the city owns it."""
    unit: str | None = getattr(record, "unit", None)
    return unit


def stream_of(kind: StreamKind, text: str) -> str:
    """Return the name of a stream from that name, or from what it is about.

    >>> stream_of(StreamKind.ITEM, "2027-000001")
    'item/2027-000001'
    >>> stream_of(StreamKind.ITEM, "list/2027/city")
    'list/2027/city'

    """
    return kind.key(text) if StreamKind.parse(text)[0] is None else text


def counter_of(kind: StreamKind, within: object = "") -> str:
    """Return the name of the counter that numbers streams of a kind.

    >>> counter_of(StreamKind.ITEM, 2027), counter_of(StreamKind.BATCH)
    ('item/2027', 'batch')

    """
    return kind.key(within) if _numbering(kind).joint else kind.key()


def nth(kind: StreamKind, number: int, within: object = "") -> str:
    """Return what the stream of a number is about.

    >>> nth(StreamKind.ITEM, 7, 2027), nth(StreamKind.BATCH, 7)
    ('2027-000007', '00000007')

    """
    how = _numbering(kind)
    return f"{within}{how.joint}{number:0{how.digits}d}"


def number_of(stream: str) -> tuple[str, int] | None:
    """Return a stream's counter and its number there, None where it isn't numbered.

    >>> number_of("excuse/2027-000001/0002"), number_of("list/2027/city")
    (('excuse/2027-000001', 2), None)

    """
    kind, about = StreamKind.parse(stream)
    how = None if kind is None else STREAMS[kind].numbering
    if kind is None or how is None:
        return None
    parts = about.rpartition(how.joint) if how.joint else ("", "", about)
    within, joint, digits = parts
    if joint != how.joint or not re.fullmatch("[0-9]{1,18}", digits):
        return None
    return counter_of(kind, within), int(digits)


def _numbering(kind: StreamKind) -> Numbering:
    how = STREAMS[kind].numbering
    if how is None:
        raise ValueError(f"{kind.value} is not numbered")
    return how
