"""The life of a spot check, and of the population from which it is drawn (D8, N10)."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import (
    Duty,
    PopulationState,
    PopulationStep,
    SpotCheckState,
    SpotCheckStep,
)
from huimin_flow.states.guards import spot_checks
from huimin_flow.states.guards.core import is_confirmed
from huimin_flow.states.life import Life, arc

_C, _K = SpotCheckState, SpotCheckStep
_PARTY = (spot_checks.is_a_party, spot_checks.is_not_the_other_party)

#: Both parties commit before the population is cut, and reveal after it (N10). A party
#: may commit anew until the cut. A draw of which a secret is missing is void.
SPOT_CHECK: Final = Life(
    (
        arc(_K.PLAN, None, _C.PLANNED, Duty.SPOT_CHECK),
        *(
            arc(
                _K.COMMIT,
                _C.PLANNED,
                target,
                Duty.SPOT_CHECK,
                *_PARTY,
                when=when,
                sets="commitments",
            )
            for target, when in (
                (_C.PLANNED, spot_checks.other_has_not_committed),
                (_C.COMMITTED, spot_checks.other_has_committed),
            )
        ),
        arc(
            _K.COMMIT,
            _C.COMMITTED,
            _C.COMMITTED,
            Duty.SPOT_CHECK,
            *_PARTY,
            sets="commitments",
        ),
        arc(
            _K.CUT,
            _C.COMMITTED,
            _C.CUT,
            Duty.SPOT_CHECK,
            sets="cut_on position population counts sizes",
        ),
        *(
            arc(
                _K.REVEAL,
                _C.CUT,
                target,
                Duty.SPOT_CHECK,
                *_PARTY,
                spot_checks.has_not_revealed,
                when=when,
                sets="reveals",
            )
            for target, when in (
                (_C.CUT, spot_checks.other_has_not_revealed),
                (_C.REVEALED, spot_checks.other_has_revealed),
            )
        ),
        arc(_K.DRAW, _C.REVEALED, _C.DRAWN, Duty.SPOT_CHECK, sets="seed drawn"),
        arc(
            _K.FIND,
            _C.DRAWN,
            _C.DRAWN,
            Duty.SPOT_CHECK,
            spot_checks.is_not_of_the_checked,
            sets="findings",
        ),
        arc(
            _K.FINISH,
            _C.DRAWN,
            _C.DONE,
            Duty.SPOT_CHECK,
            spot_checks.all_is_checked,
            sets="done_on",
        ),
        arc(
            _K.ANSWER,
            _C.DONE,
            _C.DONE,
            Duty.REPORT,
            spot_checks.is_of_the_checked,
            sets="answers",
        ),
        arc(
            _K.CORRECT,
            _C.DONE,
            _C.DONE,
            Duty.CONFIRM,
            is_confirmed,
            spot_checks.is_not_of_the_checked,
            sets="findings",
        ),
        *(
            arc(_K.VOID, state, _C.VOID, Duty.SPOT_CHECK, sets="failed reason")
            for state in (_C.PLANNED, _C.COMMITTED, _C.CUT)
        ),
    ),
    ends=(_C.DONE, _C.VOID),
)

#: The population of a spot check is open to everybody once that is done.
POPULATION: Final = Life(
    (
        arc(PopulationStep.KEEP, None, PopulationState.SEALED, Duty.SPOT_CHECK),
        arc(
            PopulationStep.OPEN,
            PopulationState.SEALED,
            PopulationState.OPEN,
            Duty.SPOT_CHECK,
            sets="",
        ),
    ),
    ends=(PopulationState.SEALED, PopulationState.OPEN),
)
