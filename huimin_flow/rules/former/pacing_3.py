"""Revision 3 of pacing: shares by twelve equal parts of the days (C4)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final

from huimin_flow.catalogue.terms import CurveKind
from huimin_flow.model.scoring import PlanCurve
from huimin_flow.rules import pacing


def planned(curve: PlanCurve, begun: date, due: date, day: date) -> Fraction:
    """Return the part of a plan, 0–1, by twelve equal parts of its days."""
    whole = (due - begun).days + 1
    gone = min(max((day - begun).days + 1, 0), whole)
    if whole <= 0 or gone == whole:
        return Fraction(1)
    if curve.kind is CurveKind.LINEAR:
        return Fraction(gone, whole)
    place = Fraction(12 * gone, whole)
    full = int(place)
    done = Fraction(sum(curve.shares[:full]), 100)
    if curve.kind is CurveKind.STEPPED:
        return done
    return done + (place - full) * Fraction(curve.shares[full], 100)


#: Holds an indicator's reports against its plan as revision 3 did.
standing: Final = partial(pacing.standing, plan=planned)
