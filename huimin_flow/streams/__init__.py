"""The declarations of all kinds of streams: value, life, numbering, event fields.

The gate, the audit, replay and reports read them. A new kind of stream needs one
declaration here, one life in ``states``, its rules and its acts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from huimin_flow.catalogue.terms import (
    Duty,
    FollowUpStep,
    MeetingState,
    ProposalField,
    RecordStep,
    Step,
    StreamKind,
    TwoPeople,
)
from huimin_flow.model.core.changes import Delivery
from huimin_flow.model.core.clocks import ClockRecord
from huimin_flow.model.core.proposals import Proposal, TwoPersonAct
from huimin_flow.model.deciding.assessments import Assessment, ThirdParty
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.deciding.ledgers import Response, ResponseChase
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.deciding.resources import Budget, Cost
from huimin_flow.model.items import Attachment, Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.answers import AnswerReturn
from huimin_flow.model.sensing.points import ReportingPoint
from huimin_flow.model.sensing.policies import CityMeasure, Policy, PolicyReview
from huimin_flow.model.sensing.reading import AppealReading, Erasure
from huimin_flow.model.sensing.rounds import ScreeningRound
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.states import lists, records
from huimin_flow.states.table import ITEM
from huimin_flow.streams.stream import SEALED as SEALED
from huimin_flow.streams.stream import Late
from huimin_flow.streams.stream import Numbering as Numbering
from huimin_flow.streams.stream import Sealed as Sealed
from huimin_flow.streams.stream import Stream as Stream

_A = ProposalField
_ITEM = ("number", "title", "unit", "area", "state", "stars")


def _on_item(
    step: Step,
    act: str,
    *needs: ProposalField,
    shows: tuple[str, ...] = _ITEM,
) -> TwoPersonAct:
    """Return an act on an item, with its number and what else it needs."""
    needed = (_A.ITEM, *(needs or (_A.REASON,)))
    return TwoPersonAct(step=step, about=_A.ITEM, needs=needed, act=act, shows=shows)


_DECLARED: Final = (
    Stream(
        kind=StreamKind.ITEM,
        value=Item,
        life=ITEM,
        fields=frozenset(
            {"changes", "confirmed_by", "for_unit", "successor", "children"}
            | {"former", "unit", "advice", "recommendation", "measure", "task"}
            | {"cause", "reason", "extensions"}
        ),
        two_people={
            TwoPeople.SUPPLEMENT: _on_item(
                Step.ENLIST, "deciding.editions.supplement", _A.EDITION, _A.REASON
            ),
            TwoPeople.CANCEL: _on_item(Step.CANCEL, "deciding.editions.cancel"),
            TwoPeople.DEFER: _on_item(Step.DEFER, "deciding.judgment.defer"),
            TwoPeople.REOPEN: _on_item(
                Step.REOPEN, "deciding.editions.reopen", shows=(*_ITEM, "reason_code")
            ),
            TwoPeople.DROP_ENTRY: TwoPersonAct(
                step=Step.DEFER,
                otherwise=Step.CANCEL,
                about=_A.ITEM,
                needs=(_A.ITEM, _A.REASON),
                asks=Duty.REPORT,
                act="deciding.demands.dropping.drop_entry",
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
        # What it decided is unpublished until it is closed.
        sealed=Sealed(
            states=frozenset({MeetingState.HELD}),
            steps=frozenset({RecordStep.JUDGE, RecordStep.POSTPONE}),
        ),
    ),
    Stream(kind=StreamKind.ASSESSMENT, value=Assessment, life=records.ASSESSMENT),
    Stream(
        kind=StreamKind.POINT,
        value=ReportingPoint,
        life=records.POINT,
        numbering=Numbering(digits=5),
    ),
    Stream(
        kind=StreamKind.THIRD_PARTY,
        value=ThirdParty,
        life=records.THIRD_PARTY,
        numbering=Numbering(digits=4),
    ),
    Stream(
        kind=StreamKind.LIST,
        value=Edition,
        life=lists.LIST,
        two_people={
            TwoPeople.CONFIRM: TwoPersonAct(
                step=RecordStep.CONFIRM,
                about=_A.EDITION,
                needs=(_A.EDITION,),
                act="deciding.drafts.confirm",
            ),
            TwoPeople.CONFIRM_ALL: TwoPersonAct(
                step=RecordStep.CONFIRM,
                about=None,
                needs=(_A.PERIOD,),
                may=(),
                act="deciding.drafts.confirm_all",
            ),
            TwoPeople.OPEN: TwoPersonAct(
                step=RecordStep.OPEN,
                about=_A.EDITION,
                needs=(_A.EDITION, _A.OPENING),
                may=(),
                act="deciding.opening.enter_opening",
            ),
        },
    ),
    Stream(kind=StreamKind.BUDGET, value=Budget, life=records.BUDGET),
    Stream(kind=StreamKind.COST, value=Cost, life=records.COST),
    Stream(kind=StreamKind.RESPONSE, value=Response, life=records.RESPONSE),
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
            | {"held_by", "suggested", "feed"}
        ),
        numbering=Numbering(digits=8),
    ),
    Stream(
        kind=StreamKind.ERASURE,
        value=Erasure,
        life=records.ERASURE,
        two_people={
            TwoPeople.ERASE: TwoPersonAct(
                step=RecordStep.ERASE,
                about=_A.SUBJECT,
                needs=(_A.SUBJECT, _A.REASON),
                may=(),
                act="sensing.personal.erasing.erase",
            )
        },
    ),
    Stream(
        kind=StreamKind.READING,
        value=AppealReading,
        life=records.READING,
        numbering=Numbering(digits=6, joint="-"),
    ),
    Stream(
        kind=StreamKind.ANSWER_RETURN,
        value=AnswerReturn,
        life=records.ANSWER_RETURN,
    ),
    Stream(
        kind=StreamKind.FOLLOW_UP,
        value=FollowUp,
        life=records.FOLLOW_UP,
        two_people={
            TwoPeople.SET_ASIDE: TwoPersonAct(
                step=FollowUpStep.SET_ASIDE,
                about=_A.TRANSACTION,
                needs=(_A.TRANSACTION, _A.FINDING),
                act="services.follow_ups.settle_objection",
            )
        },
    ),
    Stream(kind=StreamKind.RESPONSE_CHASE, value=ResponseChase, life=records.CALL),
    Stream(
        kind=StreamKind.POLICY,
        value=Policy,
        life=records.POLICY,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(
        kind=StreamKind.MEASURE,
        value=CityMeasure,
        life=records.MEASURE,
        numbering=Numbering(digits=4, joint="-"),
    ),
    Stream(kind=StreamKind.POLICY_REVIEW, value=PolicyReview, life=records.REVIEW),
    Stream(kind=StreamKind.SCREENING_ROUND, value=ScreeningRound, life=records.ROUND),
    Stream(kind=StreamKind.DELIVERY, value=Delivery, life=records.DELIVERY),
    Stream(
        kind=StreamKind.JOB,
        value=None,
        life=records.JOB,
        fields=frozenset(
            {"job", "period", "due", "ran", "late_seconds", "cut", "result"}
            | {"timetable", "logs", "writers", "repeats", "refused"}
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
                step=RecordStep.ACTIVATE,
                about=None,
                needs=(_A.DIGEST,),
                may=(),
                duty=Duty.ACTIVATE,
                act="core.rulebook.activate",
            )
        },
    ),
    Stream(
        kind=StreamKind.CLOCK,
        value=ClockRecord,
        life=records.CLOCK,
        two_people={
            TwoPeople.DECLARE: TwoPersonAct(
                step=RecordStep.DECLARE,
                about=None,
                needs=(_A.FIRST_RECORD, _A.LAST_RECORD, _A.REASON),
                may=(),
                act="core.clock.declare",
            )
        },
    ),
)


@cache
def _improving() -> tuple[Stream, ...]:
    """Load the streams of the room improving: most of what is done touches none."""
    from huimin_flow.streams.improving import IMPROVING  # noqa: PLC0415

    return IMPROVING


def _kinds(streams: Iterable[Stream]) -> dict[StreamKind, Stream]:
    return {stream.kind: stream for stream in streams}


def _acts(streams: Iterable[Stream]) -> dict[str, TwoPersonAct]:
    return {name: act for each in streams for name, act in each.two_people.items()}


def _kinds_of_acts(streams: Iterable[Stream]) -> dict[str, StreamKind]:
    return {name: stream.kind for stream in streams for name in stream.two_people}


STREAMS: Final = Late(_kinds(_DECLARED), lambda: _kinds(_improving()))

#: All acts that need two people, by their words.
TWO_PERSON_ACTS: Final = Late(_acts(_DECLARED), lambda: _acts(_improving()))

#: The kind of stream of each of these acts.
KIND_OF_ACT: Final = Late(
    _kinds_of_acts(_DECLARED), lambda: _kinds_of_acts(_improving())
)


def owner_of(record: object) -> str | None:
    """Return the unit that owns a record, None if the city owns it."""
    unit: str | None = getattr(record, "unit", None)
    return unit


def sealed_by(stream: str) -> tuple[str, Sealed] | None:
    """Return the stream whose state may seal a stream, and how, None without one.

    What is attached to a stream that is sealed whole is sealed with it.
    """
    kind, about = StreamKind.parse(stream)
    attached = kind is StreamKind.ATTACHMENT
    if attached:
        stream, kind = about, StreamKind.parse(about)[0]
    sealed = None if kind is None else STREAMS[kind].sealed
    if sealed is None or (attached and sealed.steps):
        return None
    return stream, sealed
