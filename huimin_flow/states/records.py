"""The lives of all streams but an item's: from where each step is taken, to where.

Who takes a step must have the duty that stands beside it; no duty stands where a
guard asks for it.
"""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import (
    AssessmentState,
    Duty,
    EditionState,
    FollowUpState,
    FollowUpStep,
    ProposalState,
    RecordStep,
    StreamState,
    Term,
)
from huimin_flow.states import guards
from huimin_flow.states.guards import is_confirmed
from huimin_flow.states.life import Arc, Guard, Life

_S, _E, _A, _P = RecordStep, EditionState, AssessmentState, ProposalState
_F, _T, _KEPT = FollowUpState, FollowUpStep, StreamState.KEPT


def _arc(
    step: Term,
    source: Term | None,
    target: Term,
    duty: Duty | None,
    *asked: Guard,
    sets: str | None = None,
) -> Arc:
    """Return an arc; ``sets`` names the fields it may change, all where it is None."""
    return Arc(
        step=step,
        source=source,
        target=target,
        guards=asked,
        duty=duty,
        sets=None if sets is None else frozenset(sets.split()),
    )


def _once(step: RecordStep, *asked: Guard, duty: Duty | None = None) -> Life:
    """Return the life of what is recorded once and for all."""
    return Life((_arc(step, None, _KEPT, duty, *asked),), ends=(_KEPT,))


def _published(step: RecordStep) -> Life:
    """Return the life of what a job publishes, and two people correct."""
    first = _arc(step, None, _KEPT, Duty.TIMETABLE)
    correction = _arc(_S.CORRECT, _KEPT, _KEPT, Duty.CONFIRM, is_confirmed)
    return Life((first, correction), ends=(_KEPT,))


#: Where a list stands from its deadline on.
_LISTS = (_E.FROZEN, _E.CONFIRMED, _E.PUBLISHED)

#: What bears a list's key at its deadline keeps its places; the chosen follow them.
#: An opening list is entered where nothing stands under its key.
LIST: Final = Life(
    (
        *(_arc(_S.FREEZE, one, _E.FROZEN, Duty.TIMETABLE) for one in (None, *_LISTS)),
        *(
            _arc(_S.OPEN, one, _E.PUBLISHED, Duty.CONFIRM, is_confirmed)
            for one in (None, *_LISTS)
        ),
        _arc(_S.CONFIRM, _E.FROZEN, _E.CONFIRMED, Duty.CONFIRM, is_confirmed, sets=""),
        _arc(_S.PUBLISH, _E.CONFIRMED, _E.PUBLISHED, Duty.PUBLISH, sets=""),
        *(
            _arc(step, one, one, Duty.CONFIRM, is_confirmed, sets=sets)
            for step, sets in (
                (_S.SUPPLEMENT, "kind places left_out"),
                (_S.AMEND, "kind places"),
            )
            for one in _LISTS
        ),
    ),
    ends=(_E.PUBLISHED,),
)

#: What was returned is submitted again; after an accepted one another may be asked for.
ASSESSMENT: Final = Life(
    (
        _arc(_S.REQUEST, None, _A.REQUESTED, Duty.ASSESS, guards.has_none_under_way),
        *(
            _arc(
                _S.SUBMIT,
                one,
                _A.SUBMITTED,
                Duty.ASSESS,
                sets="finding high_risk submitted_by",
            )
            for one in (_A.REQUESTED, _A.RETURNED)
        ),
        _arc(
            _S.ACCEPT,
            _A.SUBMITTED,
            _A.ACCEPTED,
            Duty.CONFIRM,
            guards.is_not_submitted_by_them,
            sets="",
        ),
        _arc(_S.RETURN, _A.SUBMITTED, _A.RETURNED, Duty.CONFIRM, sets="finding"),
    ),
    ends=(_A.ACCEPTED,),
)


def _report(
    step: FollowUpStep,
    source: FollowUpState,
    target: FollowUpState,
    sets: str,
    *asked: Guard,
) -> Arc:
    asked = (guards.is_of_the_unit, *asked)
    return _arc(step, source, target, Duty.REPORT, *asked, sets=f"since {sets}")


def _verify(step: FollowUpStep, target: FollowUpState) -> Arc:
    asked = guards.is_of_the_unit, guards.is_not_answered_by_them
    return _arc(step, _F.ANSWERED, target, Duty.CONFIRM, *asked, sets="since finding")


def _settle(step: FollowUpStep, target: FollowUpState, *asked: Guard) -> Arc:
    asked = (guards.is_impartial, *asked)
    sets = "since finding confirmed_by settled"
    return _arc(step, _F.OBJECTED, target, None, *asked, sets=sets)


#: The follow-up of a bad rating (D3); until its first act it is a view.
FOLLOW_UP: Final = Life(
    (
        *(
            _report(_T.ANSWER, one, _F.ANSWERED, "answer answered_by called_back_on")
            for one in (_F.PENDING, _F.RETURNED, _F.UPHELD)
        ),
        _verify(_T.VERIFY, _F.VERIFIED),
        _verify(_T.RETURN, _F.RETURNED),
        *(
            _report(
                _T.OBJECT,
                one,
                _F.OBJECTED,
                "ground grounds objected_by",
                guards.was_not_settled,
            )
            for one in (_F.PENDING, _F.ANSWERED, _F.RETURNED)
        ),
        _settle(_T.UPHOLD, _F.UPHELD),
        _settle(_T.SET_ASIDE, _F.SET_ASIDE, is_confirmed),
    ),
    ends=(_F.VERIFIED, _F.SET_ASIDE),
    begins=_F.PENDING,
)

PROPOSAL: Final = Life(
    (
        _arc(_S.PROPOSE, None, _P.WAITING, None, guards.may_ask_for_it),
        _arc(
            _S.APPROVE,
            _P.WAITING,
            _P.APPROVED,
            None,
            guards.is_not_proposed_by_them,
            sets="",
        ),
        _arc(
            _S.WITHDRAW,
            _P.WAITING,
            _P.WITHDRAWN,
            None,
            guards.may_ask_for_it,
            sets="",
        ),
    ),
    ends=(_P.APPROVED, _P.WITHDRAWN),
)

#: The founding is nobody's: there is no organization yet that could name anybody.
RULEBOOK: Final = Life(
    (
        _arc(_S.ACTIVATE, None, _KEPT, None),
        _arc(_S.ACTIVATE, _KEPT, _KEPT, Duty.ACTIVATE, is_confirmed),
    ),
    ends=(_KEPT,),
)

ATTACHMENT: Final = Life(
    (
        _arc(_S.ATTACH, None, _KEPT, Duty.REPORT),
        _arc(_S.ATTACH, _KEPT, _KEPT, Duty.REPORT),
    ),
    ends=(_KEPT,),
)

DELIBERATION: Final = _once(_S.HOLD, duty=Duty.DELIBERATE)
EXCUSE: Final = _once(_S.EXCUSE, guards.has_the_task_to_do, duty=Duty.EXCUSE)
JOB: Final = _once(_S.RUN, duty=Duty.TIMETABLE)
CALL: Final = _once(_S.CALL, duty=Duty.TIMETABLE)
SCORE: Final = _published(_S.SCORE)
COLORS: Final = _published(_S.COLOR)
RANKING: Final = _published(_S.RANK)

#: Figures of progress are reported, all other facts are imported.
BATCH: Final = Life(
    (
        _arc(_S.KEEP, None, _KEPT, Duty.IMPORT),
        _arc(_S.REPORT, None, _KEPT, Duty.REPORT),
    ),
    ends=(_KEPT,),
)
