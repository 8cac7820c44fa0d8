"""What a successor inherits of its parent's interim result, by rule (B9)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.reasons import AdviceCode
from huimin_flow.catalogue.terms import Recommendation
from huimin_flow.model.core.events import Plain, Reason
from huimin_flow.model.core.values import value
from huimin_flow.model.improving.advice import Interim
from huimin_flow.rules.core.formula import hundredths, whole


@value
class Blended:
    """A score in hundredths with the interim result, why, and whether it is stopped."""

    total: int
    reasons: tuple[Reason, ...] = ()
    stopped: bool = False


def inputs_of(interim: Interim | None) -> dict[str, Plain]:
    """Return the inputs of a verdict that name an interim result; none for none."""
    if interim is None:
        return {}
    return {
        "parent": interim.parent,
        "parent_source": interim.source,
        "parent_progress": interim.progress,
        "parent_satisfaction": interim.satisfaction,
        "parent_advice": interim.recommendation,
    }


def interim_in(inputs: Mapping[str, Plain]) -> Interim | None:
    """Return the interim result that the inputs of a verdict name, or None."""
    if "parent" not in inputs:
        return None
    progress, satisfaction = inputs["parent_progress"], inputs["parent_satisfaction"]
    advice = inputs["parent_advice"]
    return Interim(
        parent=str(inputs["parent"]),
        source=str(inputs["parent_source"]),
        progress=None if progress is None else whole(progress),
        satisfaction=None if satisfaction is None else whole(satisfaction),
        recommendation=None if advice is None else Recommendation(str(advice)),
    )


def blended(total: int, interim: Interim | None, weight: int) -> Blended:
    """Return a score in hundredths, of which the interim result is ``weight`` percent.

    The lower of progress and satisfaction counts; what is not known doesn't, and then
    the score stays as it is.

    >>> known = Interim(parent="2026-000001", source="", progress=9000)
    >>> blended(6000, known, 20).total, blended(6000, None, 20).total
    (6600, 6000)

    """
    if interim is None:
        return Blended(total=total)
    figures = (interim.progress, interim.satisfaction)
    known = [figure for figure in figures if figure is not None]
    reasons: tuple[Reason, ...] = ()
    if known and weight:
        result = min(known)
        reasons = (
            Reason.of(
                AdviceCode.INTERIM_COUNTED,
                parent=interim.parent,
                result=hundredths(result),
                weight=weight,
                score=hundredths(total),
            ),
        )
        total = ((100 - weight) * total + weight * result) // 100
    stopped = interim.recommendation is Recommendation.STOP
    if stopped:
        stop = Reason.of(AdviceCode.PARENT_STOPPED, parent=interim.parent)
        reasons = (*reasons, stop)
    return Blended(total=total, reasons=reasons, stopped=stopped)
