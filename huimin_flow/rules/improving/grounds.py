"""The grounds of the two boards: each is a rule of its own with its evidence (D1, D2).

A verdict passes if its ground holds. It is decided from its inputs alone. The three
good grounds hold together, each of the five bad ones suffices. What is not known is no
ground of either board, except that what nobody measures is hollow, and that what
nobody reports counts as not done: silence must not be better than the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from huimin_flow.catalogue.reasons import BoardCode
from huimin_flow.catalogue.terms import BoardGround, Pace, ReasonCode
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import SheetLine
from huimin_flow.model.improving.boards import BoardFacts
from huimin_flow.model.improving.rules import BoardRule
from huimin_flow.rules.core.formula import hundredths, leaf, made, whole

REVISION: Final = 1

Inputs = Mapping[str, Plain]


def rule_of(ground: BoardGround) -> str:
    """Return the name of a ground's rule: ``board_hollow``."""
    return f"board_{ground.value}"


def _verdict(
    ground: BoardGround,
    inputs: Inputs,
    code: ReasonCode,
    values: Mapping[str, Plain],
    *,
    holds: bool,
    score: str | None = None,
) -> Verdict:
    return Verdict(
        rule=rule_of(ground),
        revision=REVISION,
        passed=holds,
        score=score,
        reasons=(Reason.of(code, **values),),
        inputs=dict(inputs),
    )


def concrete(inputs: Inputs, rule: BoardRule) -> Verdict:
    """Decide whether a measure is concrete: figures, evidence, and on plan.

    Every indicator has a figure, enough of them evidence, and enough keep to the plan.
    """
    counts = {k: inputs[k] for k in ("indicators", "measured", "proven", "on_plan")}
    indicators = whole(inputs["indicators"])
    holds = (
        indicators > 0
        and whole(inputs["measured"]) == indicators
        and 100 * whole(inputs["proven"]) >= rule.proven_mark.value * indicators
        and 100 * whole(inputs["on_plan"]) >= rule.on_plan_mark.value * indicators
    )
    code = BoardCode.CONCRETE if holds else BoardCode.CONCRETE_NOT
    return _verdict(BoardGround.CONCRETE, inputs, code, counts, holds=holds)


def effective(inputs: Inputs, rule: BoardRule) -> Verdict:
    """Decide whether a measure has its effect.

    After the evaluation, every agreed outcome was met, and fulfilment, if indicators
    measure it, reaches the mark; before it, and if no outcome was judged, fulfilment
    alone counts.
    """
    reached, outcomes = inputs["fulfilment"], whole(inputs["outcomes"])
    met = whole(inputs["met"])
    full = reached is not None and Decimal(str(reached)) >= rule.fulfilment_mark.value
    holds = full
    if inputs["evaluated"]:
        holds = met == outcomes and (full or (reached is None and outcomes > 0))
    values: dict[str, Plain] = {
        "score": "—" if reached is None else reached,
        "mark": rule.fulfilment_mark.value,
    }
    code = BoardCode.EFFECTIVE if holds else BoardCode.EFFECTIVE_NOT
    if outcomes:
        values |= {"outcomes": outcomes, "met": met}
    else:
        code = BoardCode.REACHED if holds else BoardCode.REACHED_NOT
    score = None if reached is None else str(reached)
    return _verdict(
        BoardGround.EFFECTIVE, inputs, code, values, holds=holds, score=score
    )


def satisfied(inputs: Inputs, rule: BoardRule) -> Verdict:
    """Decide whether citizens are satisfied beyond doubt: the lower Wilson bound."""
    answers, mark = whole(inputs["answers"]), rule.satisfaction_mark.value
    if not answers:
        values: dict[str, Plain] = {"mark": mark}
        code = BoardCode.SATISFACTION_UNMEASURED
        return _verdict(BoardGround.SATISFIED, inputs, code, values, holds=False)
    low = _bound("wilson_low", inputs, rule)
    holds, score = low >= mark, _shown(low)
    code = BoardCode.SATISFIED if holds else BoardCode.SATISFIED_NOT
    values = {"answers": answers, "satisfied": inputs["satisfied"]}
    values |= {"bound": score, "mark": mark}
    return _verdict(
        BoardGround.SATISFIED, inputs, code, values, holds=holds, score=score
    )


def hollow(inputs: Inputs, rule: BoardRule) -> Verdict:
    """Decide whether a measure is hollow: nothing measured, no figure, no evidence.

    One of which every task is excused is not measurable, so it is not hollow.
    """
    silent, unproven = whole(inputs["silent"]), whole(inputs["unproven"])
    marks = rule.silent_months.value, rule.unproven_months.value
    values: dict[str, Plain] = {}
    code, holds = BoardCode.HOLLOW_UNMEASURED, True
    if inputs["indicators"]:
        if silent >= marks[0]:
            code, values = BoardCode.HOLLOW_SILENT, {"months": silent, "mark": marks[0]}
        elif unproven >= marks[1]:
            code = BoardCode.HOLLOW_UNPROVEN
            values = {"months": unproven, "mark": marks[1]}
        else:
            code, holds = BoardCode.HOLLOW_NOT, False
            values = {"months": silent, "unproven": unproven}
    elif not inputs["tasks"]:
        code, holds = BoardCode.HOLLOW_EXCUSED, False
    return _verdict(BoardGround.HOLLOW, inputs, code, values, holds=holds)


def slow(inputs: Inputs, rule: BoardRule) -> Verdict:
    """Decide whether a measure is behind its plan by more days than the mark.

    One whose figure was never reported is behind by the days since its tasks began.
    """
    behind, mark = whole(inputs["behind"]), rule.behind_days.value
    values: dict[str, Plain] = {"days": behind, "mark": mark}
    if behind <= mark:
        return _verdict(
            BoardGround.SLOW, inputs, BoardCode.SLOW_NOT, values, holds=False
        )
    values["indicator"] = inputs["latest"]
    code = BoardCode.SLOW_UNREPORTED if inputs["unreported"] else BoardCode.SLOW
    return _verdict(BoardGround.SLOW, inputs, code, values, holds=True)


def disliked(inputs: Inputs, rule: BoardRule) -> Verdict:
    """Decide whether citizens dislike a measure widely: the upper Wilson bound.

    At least so many must have answered that they are not satisfied. The count of all
    answers would let one more satisfied answer put a measure on the bad board.
    """
    answers, good = whole(inputs["answers"]), whole(inputs["satisfied"])
    mark, least = rule.dislike_mark.value, rule.least_dissatisfied.value
    bad = answers - good
    values: dict[str, Plain] = {"answers": answers, "dissatisfied": bad}
    if bad < least:
        values["least"] = least
        code = BoardCode.DISLIKED_BY_FEW
        return _verdict(BoardGround.DISLIKED, inputs, code, values, holds=False)
    high = _bound("wilson_high", inputs, rule)
    holds, score = high < mark, _shown(high)
    values |= {"bound": score, "mark": mark}
    code = BoardCode.DISLIKED if holds else BoardCode.DISLIKED_NOT
    return _verdict(
        BoardGround.DISLIKED, inputs, code, values, holds=holds, score=score
    )


def repeated(inputs: Inputs, rule: BoardRule) -> Verdict:  # noqa: ARG001 - as others
    """Decide whether a repeat verdict on the problem was kept in the quarter."""
    times = whole(inputs["times"])
    if not times:
        code = BoardCode.REPEATED_NOT
        return _verdict(BoardGround.REPEATED, inputs, code, {}, holds=False)
    names = ("appeals", "people", "channels", "days")
    values = {name: inputs[name] for name in names}
    return _verdict(
        BoardGround.REPEATED, inputs, BoardCode.REPEATED, values, holds=True
    )


def supervised(inputs: Inputs, rule: BoardRule) -> Verdict:  # noqa: ARG001 - as others
    """Decide whether a supervision order on the item is open."""
    orders = whole(inputs["orders"])
    if not orders:
        code = BoardCode.SUPERVISED_NOT
        return _verdict(BoardGround.SUPERVISED, inputs, code, {}, holds=False)
    names = ("orders", "order", "authority", "document")
    values = {name: inputs[name] for name in names}
    return _verdict(
        BoardGround.SUPERVISED, inputs, BoardCode.SUPERVISED, values, holds=True
    )


def _bound(side: str, inputs: Inputs, rule: BoardRule) -> Decimal:
    """Return a Wilson bound of the satisfied, in percent."""
    part = leaf("satisfied", whole(inputs["satisfied"]), "")
    of = leaf("answers", whole(inputs["answers"]), "")
    return Decimal(made(side, side, part, of, leaf("z", rule.z.value, "")).value)


def _shown(bound: Decimal) -> str:
    # Rounded down: 79.999 does not reach 80, so it is shown as 79.99.
    return hundredths(int(bound * 100))


#: By ground: what decides it from its inputs.
DECIDE: Final[Mapping[BoardGround, Callable[[Inputs, BoardRule], Verdict]]] = {
    BoardGround.CONCRETE: concrete,
    BoardGround.EFFECTIVE: effective,
    BoardGround.SATISFIED: satisfied,
    BoardGround.HOLLOW: hollow,
    BoardGround.SLOW: slow,
    BoardGround.DISLIKED: disliked,
    BoardGround.REPEATED: repeated,
    BoardGround.SUPERVISED: supervised,
}

#: The three grounds of the good board, and the five of the bad one.
GOOD: Final = (BoardGround.CONCRETE, BoardGround.EFFECTIVE, BoardGround.SATISFIED)
BAD: Final = tuple(ground for ground in BoardGround if ground not in GOOD)


@value
class Slowest:
    """The indicator that is farthest behind its plan, by ``days``; "" for none.

    It is ``unreported`` if no figure of it came.
    """

    days: int
    indicator: str
    unreported: bool


#: Of a measure of which nothing is behind.
ON_TIME: Final = Slowest(days=0, indicator="", unreported=False)


def slowest(lines: Iterable[SheetLine], begun: date, day: date) -> Slowest:
    """Return the indicator that is farthest behind its plan at the end of ``day``.

    One without a figure, of which something is due, is as far behind as one that
    reports that nothing was done since the tasks ``begun``: silence gains nothing.
    """
    since = (day - begun).days + 1
    late = (
        (since if line.pace is Pace.UNKNOWN else -line.days, line)
        for line in lines
        if line.is_late
    )
    days, line = min(
        late,
        key=lambda each: (-each[0], each[1].task, each[1].indicator),
        default=(0, None),
    )
    if line is None:
        return ON_TIME
    unreported = line.pace is Pace.UNKNOWN
    return Slowest(days=days, indicator=line.indicator, unreported=unreported)


def inputs_of(ground: BoardGround, facts: BoardFacts) -> dict[str, Plain]:
    """Return the inputs of a ground's verdict on an item."""
    names: tuple[str, ...] = ()
    more: dict[str, Plain] = {}
    said, orders = facts.satisfaction, facts.orders
    most = max(facts.repeats, key=lambda each: (each.appeals, each.last), default=None)
    match ground:
        case BoardGround.CONCRETE:
            names = ("indicators", "measured", "proven", "on_plan")
        case BoardGround.EFFECTIVE:
            names = ("evaluated", "fulfilment", "outcomes", "met")
        case BoardGround.HOLLOW:
            names = ("tasks", "indicators", "silent", "unproven")
        case BoardGround.SLOW:
            names = ("behind", "latest", "unreported")
        case BoardGround.SATISFIED | BoardGround.DISLIKED:
            more = {"source": said.source, "answers": said.answers}
            more["satisfied"] = said.satisfied
        case BoardGround.REPEATED:
            more = {"times": len(facts.repeats)}
            if most is not None:
                more |= {"appeals": most.appeals, "people": most.people}
                more |= {"channels": most.channels, "days": most.days}
                more["last"] = most.last.isoformat()
        case BoardGround.SUPERVISED:
            more = {"orders": len(orders)}
            if orders:
                more |= {"order": orders[0].key, "authority": orders[0].authority}
                more["document"] = orders[0].document
    known = {name: getattr(facts, name) for name in names}
    return {"item": facts.item, "day": facts.day.isoformat(), **known, **more}


def decided(facts: BoardFacts, rule: BoardRule) -> dict[BoardGround, Verdict]:
    """Return the verdict of every ground on an item."""
    return {
        ground: decide(inputs_of(ground, facts), rule)
        for ground, decide in DECIDE.items()
    }
