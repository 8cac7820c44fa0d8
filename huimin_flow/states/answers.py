"""The life of an appeal's answer: received → answered → closed (A7).

Answers are facts in batches, not streams: before its first step an answer is a view,
and each step is one row. A batch asks this table for each row.
"""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import AnswerState, AnswerStep, Duty
from huimin_flow.states.guards import answers as guards
from huimin_flow.states.guards.items import is_reasoned
from huimin_flow.states.life import Life, arc, arcs

_A, _T = AnswerState, AnswerStep

#: What is told after an answer changes no state. What was answered is received again
#: if the citizen disagrees, or if another unit has to answer.
ANSWER: Final = Life(
    (
        arc(_T.ANSWER, _A.RECEIVED, _A.ANSWERED, Duty.ANSWER),
        arc(
            _T.EXTEND,
            _A.RECEIVED,
            _A.RECEIVED,
            Duty.ANSWER,
            guards.may_be_extended,
        ),
        *arcs(
            _T.TRANSFER,
            (_A.RECEIVED, _A.ANSWERED, _A.CLOSED),
            _A.RECEIVED,
            Duty.ANSWER,
            guards.goes_elsewhere,
            is_reasoned,
        ),
        arc(_T.INFORM, _A.ANSWERED, _A.ANSWERED, Duty.ANSWER),
        arc(_T.INFORM, _A.CLOSED, _A.CLOSED, Duty.ANSWER),
        *arcs(
            _T.REOPEN,
            (_A.ANSWERED, _A.CLOSED),
            _A.RECEIVED,
            Duty.ANSWER,
            is_reasoned,
        ),
        arc(_T.CLOSE, _A.ANSWERED, _A.CLOSED, Duty.ANSWER),
        # The service does it once nobody has disagreed for so long.
        arc(_T.LAPSE, _A.ANSWERED, _A.CLOSED, Duty.TIMETABLE),
    ),
    ends=(_A.CLOSED,),
    begins=_A.RECEIVED,
)
