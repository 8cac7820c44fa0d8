"""What may be on the shelf of good practices, and how effects compare (D1).

Both verdicts are decided from their inputs alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from huimin_flow.catalogue.reasons import ReplicationCode
from huimin_flow.catalogue.terms import (
    EffectMeasure,
    Grade,
    ReplicationState,
    State,
)
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.improving.boards import BoardEntry, QuarterlyBoards
from huimin_flow.model.improving.replication import (
    Effect,
    Practice,
    Replication,
    ReplicationLine,
)
from huimin_flow.model.improving.rules import ReplicationRule
from huimin_flow.model.items import Item
from huimin_flow.model.record_evidence import (
    ReplicationEvidence,
)
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.core.formula import differ, hundredths, whole
from huimin_flow.rules.improving.grounds import GOOD
from huimin_flow.rules.improving.rectification import days_late

SHELVING: Final = "shelving"
COMPARING: Final = "comparing"
REVISION: Final = 1

Inputs = Mapping[str, Plain]

#: The states of items whose final evaluation has been made, as long as it stands.
EVALUATED: Final = frozenset({State.EVALUATED, State.ADJUSTED, State.CLOSED})

#: The states of items that have ended: an evaluation doesn't come any more.
ENDED: Final = frozenset({State.CLOSED, State.REJECTED, State.MERGED})

#: The states in which a unit has been asked, or has said yes.
TAKEN: Final = frozenset(
    {ReplicationState.PROPOSED, ReplicationState.ADOPTED, ReplicationState.COMPARED}
)


def good_entry(
    published: Sequence[QuarterlyBoards], item: str, period: str | None
) -> tuple[QuarterlyBoards, BoardEntry] | None:
    """Return the newest published boards whose good one has an item, and its entry.

    ``published`` are in order of their quarters; with a ``period`` only that one.
    """
    for boards in reversed(published):
        if period in {None, boards.period}:
            for entry in boards.good:
                if entry.item == item:
                    return boards, entry
    return None


def effect_on(entry: BoardEntry | None) -> Effect:
    """Return the effect of a measure from the evidence of its entry on a good board."""
    known: dict[str, Plain] = {}
    for verdict in () if entry is None else entry.verdicts:
        known |= verdict.inputs
    fulfilment = known.get("fulfilment")
    return Effect(
        evaluated=bool(known.get("evaluated", False)),
        fulfilment=None if fulfilment is None else str(fulfilment),
        source=str(known.get("source", "")),
        **{
            name: whole(known.get(name, 0))
            for name in ("outcomes", "met", "answers", "satisfied")
        },
    )


def effect_of(item: Item) -> Effect:
    """Return the effect of a measure from its item's final evaluation.

    Without one, nothing is measured.
    """
    if item.state not in EVALUATED or item.result is None:
        return Effect()
    sample = item.sample
    measured = item.satisfaction is not None and sample is not None
    return Effect(
        evaluated=True,
        fulfilment=item.fulfilment,
        outcomes=len(item.outcomes),
        met=sum(each.grade is Grade.MET for each in item.outcomes),
        source="survey" if measured else "",
        answers=sample.replies if measured and sample is not None else 0,
        satisfied=sample.satisfied if measured and sample is not None else 0,
    )


def shelvable(
    item: str,
    found: tuple[QuarterlyBoards, BoardEntry] | None,
    bad_since: str,
    rule: ReplicationRule,
) -> Verdict:
    """Decide whether an item may be put on the shelf of good practices.

    ``found`` is its entry on a published good board, ``bad_since`` the quarter since
    which it is on the bad one, "" if it is not.
    """
    grounds = () if found is None else found[1].grounds
    return shelvable_from(
        {
            "item": item,
            "period": "" if found is None else found[0].period,
            "edition": 0 if found is None else found[0].edition,
            "bad_since": bad_since,
            **{ground.value: ground in grounds for ground in GOOD},
        },
        rule,
    )


def shelvable_from(inputs: Inputs, rule: ReplicationRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``shelvable`` did.

    >>> from huimin_flow.model.core.rules import Figure
    >>> from huimin_flow.model.scoring.rules import Amount
    >>> figure = Figure(value=5, source="ours")
    >>> rule = ReplicationRule(grounds={}, answer_days=figure, most_open=figure,
    ...     least_answers=figure, same_points=figure,
    ...     z=Amount(value=2, source="ours"))
    >>> inputs = {"item": "2024-000001", "period": "", "edition": 0, "bad_since": ""}
    >>> [str(each.code) for each in shelvable_from(inputs, rule).reasons]
    ['practice_not_good']

    """
    named = {name: inputs[name] for name in ("item", "period", "edition")}
    item, period = named["item"], named["period"]
    reasons = []
    if not period:
        reasons.append(Reason.of(ReplicationCode.NOT_GOOD, item=item))
    else:
        code = ReplicationCode.GROUND_MISSING
        for ground, needed in rule.grounds.items():
            if needed.value and not inputs[ground.value]:
                values = {"item": item, "period": period, "ground": ground.value}
                reasons.append(Reason.of(code, **values))
    if inputs["bad_since"]:
        code, since = ReplicationCode.NOW_BAD, inputs["bad_since"]
        reasons.append(Reason.of(code, item=item, since=since))
    passed = not reasons
    if passed:
        reasons.append(Reason.of(ReplicationCode.RESTS_ON, **named))
    return Verdict(
        rule=SHELVING,
        revision=REVISION,
        passed=passed,
        score=None,
        reasons=tuple(reasons),
        inputs=dict(inputs),
    )


#: The figures of an effect by which effects compare.
_COMPARED: Final = ("fulfilment", "outcomes", "met", "answers", "satisfied")


def compared(practice: Effect, replica: Effect, rule: ReplicationRule) -> Verdict:
    """Compare the effect of a replica with that of the practice, measure by measure."""
    sides = {"practice": practice, "replica": replica}
    return compared_from(
        {
            f"{side}_{name}": getattr(effect, name)
            for side, effect in sides.items()
            for name in _COMPARED
        },
        rule,
    )


def compared_from(inputs: Inputs, rule: ReplicationRule) -> Verdict:
    """Compare from the inputs of an earlier verdict, as ``compared`` did.

    The verdict passes if something is measured on both sides and nothing is lower by
    more than the margin. What one side didn't measure is not measurable. Satisfaction
    is of samples: if the difference may be the chance of who was asked, it is neither
    higher nor lower, and nothing rests on it.
    """
    reasons, relations = [], []
    margin = rule.same_points.value
    for measure in EffectMeasure:
        before = _percent(inputs, "practice", measure, rule)
        now = _percent(inputs, "replica", measure, rule)
        if before is None or now is None:
            code = ReplicationCode.UNMEASURED
            reasons.append(Reason.of(code, measure=measure.value))
            continue
        code = ReplicationCode.SAME
        if abs(now - before) > 100 * margin:
            code = ReplicationCode.HIGHER if now > before else ReplicationCode.LOWER
            good, of = (
                [whole(inputs[f"{side}_{name}"]) for side in ("practice", "replica")]
                for name in ("satisfied", "answers")
            )
            sampled = measure is EffectMeasure.SATISFACTION
            one, other = zip(good, of, strict=True)
            if sampled and not differ(one, other, rule.z.value):
                code = ReplicationCode.CHANCE
        if code is not ReplicationCode.CHANCE:
            relations.append(code)
        reasons.append(
            Reason.of(
                code,
                measure=measure.value,
                practice=hundredths(before),
                replica=hundredths(now),
                margin=margin,
            )
        )
    return Verdict(
        rule=COMPARING,
        revision=REVISION,
        passed=bool(relations) and ReplicationCode.LOWER not in relations,
        score=None,
        reasons=tuple(reasons),
        inputs=dict(inputs),
    )


def _percent(
    inputs: Inputs, side: str, measure: EffectMeasure, rule: ReplicationRule
) -> int | None:
    """Return a measure of an effect in hundredths of a percent, None if unmeasured."""
    if measure is EffectMeasure.FULFILMENT:
        known = inputs[f"{side}_fulfilment"]
        return None if known is None else int(100 * Decimal(str(known)))
    outcomes = measure is EffectMeasure.OUTCOMES
    part, of = ("met", "outcomes") if outcomes else ("satisfied", "answers")
    least = 1 if outcomes else rule.least_answers.value
    share, count = whole(inputs[f"{side}_{part}"]), whole(inputs[f"{side}_{of}"])
    if count < least:
        return None
    exact = Decimal(10_000 * share) / count
    return int(exact.to_integral_value(ROUND_HALF_UP))


def proposing(
    practice: Practice,
    item: Item,
    unit: str,
    known: Iterable[Replication],
    book: Rulebook,
    day: date,
) -> ReplicationEvidence:
    """Return what a proposal of a practice to a unit rests on.

    ``known`` are the other replications of the practice.
    """
    others = tuple(known)
    heir = book.organization.heir
    same = (each for each in others if heir(each.unit, day) == heir(unit, day))
    return ReplicationEvidence(
        item=item,
        practice=practice,
        unit=unit,
        before=next((each for each in same if each.state in TAKEN), None),
        open=len(asked(others)),
        most=book.improving.replication.most_open.value,
    )


def asked(known: Iterable[Replication]) -> tuple[Replication, ...]:
    """Return the replications that wait for an answer."""
    return tuple(each for each in known if each.state is ReplicationState.PROPOSED)


def dated(
    made: Replication, activations: Sequence[Activation], today: date
) -> ReplicationLine:
    """Return a replication with the last day to answer it, and how late that is.

    The rulebook and the calendar of the due day decide. What was answered is late by
    the day of the answer, what was recalled is not late.
    """
    if made.state is ReplicationState.RECALLED:
        return ReplicationLine(replication=made)
    try:
        due = deadline(
            made.proposed_on,
            activations,
            lambda book: book.improving.replication.answer_days.value,
        )
        late, day = 0, made.answered_on or today
        if due is not None:
            late = days_late(due, day, activations[-1].book.calendar)
    except CalendarMissing:
        return ReplicationLine(replication=made, calendar_missing=True)
    return ReplicationLine(replication=made, due=due, overdue=late)
