"""Evaluations and compared effects, again from the raw rows; see recompute_carried_out.

Written from the how-to pages on surveys and evaluation, and on replication.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from tests.acceptance.recompute_carried_out import (
    CENT,
    GOOD,
    Figures,
    counted,
    last_values,
    replies,
    stood,
    wilson,
)
from tests.acceptance.recompute_rows import Json, Raw, rounded


class Effect(NamedTuple):
    """What an evaluation finds: in percent, by outcome, and by who was asked."""

    fulfilment: Decimal
    grades: tuple[str, ...]
    answers: int
    satisfied: int

    @property
    def satisfaction(self) -> Decimal:
        """What the survey says, rounded down."""
        share = Decimal(100 * self.satisfied) / self.answers
        return share.quantize(CENT, ROUND_FLOOR)


def evaluations(raw: Raw) -> Iterator[tuple[int, Json, Effect, str, bool]]:
    """Yield each final evaluation: position, event, effect, result, and if it is good."""
    for place, event in raw.events:
        if event["step"] != "evaluate":
            continue
        number, day = event["stream"][5:], date.fromisoformat(event["occurred_on"])
        item, figures = stood(raw, day, place)[number], Figures(raw, day, place)
        rule = {
            name: each["value"]
            for name, each in raw.books[event["rulebook"]]["rules"][
                "evaluation"
            ].items()
        }
        parts = [
            min(Fraction(1), Fraction(sum(told.values()), each["value"]))
            for task, each in counted(item)
            for told in [figures.told[number, task["key"], each["name"]]]
        ]
        said = replies(raw, place)
        (levels,) = (
            said[key].values()
            for key, each in last_values(raw, "survey", place).items()
            if (each["item"], each["rounds"]) == (number, item["rounds"])
        )
        results = {
            each["outcome"]: each for each in event["public"]["changes"]["outcomes"]
        }
        grades = tuple(
            grade(each, results[each["key"]], rule["partial_share"])
            for each in item["plan"]["outcomes"]
        )
        found = Effect(
            fulfilment=rounded(100 * sum(parts, Fraction(0)) / len(parts), CENT),
            grades=grades,
            answers=len(levels),
            satisfied=sum(level in GOOD for level in levels),
        )
        below = (
            found.fulfilment < rule["fulfilment_mark"]
            or found.satisfaction < item["plan"]["satisfaction_measure"]["mark"]
        )
        worst = [*grades, *(["not_met"] if below else [])]
        order = ("not_met", "not_measurable", "partly", "met")
        result = min(worst, key=order.index)
        yield place, event, found, result, result == "met"


def grade(agreed: Json, told: Json, share: int) -> str:
    """Grade an agreed outcome: by its figure, or as it was checked."""
    if agreed["mark"] is None:
        return str(told["grade"])
    if told["value"] is None:
        return "not_measurable"
    assert agreed["side"] == "at_least"
    if told["value"] >= agreed["mark"]:
        return "met"
    enough = 100 * told["value"] >= share * agreed["mark"]
    return "partly" if enough else "not_met"


def effect(raw: Raw, number: str, cut: int) -> Effect:
    """Return the effect of an item by its last evaluation that a cut knew."""
    return [
        found
        for place, event, found, _, _ in evaluations(raw)
        if event["stream"] == f"item/{number}" and place <= cut
    ][-1]


def comparisons(raw: Raw) -> Iterator[tuple[Json, bool, list[tuple[str, str, str]]]]:
    """Yield each comparison of effects: its value, if it passes, and how measures differ.

    Of each measure: how the replica's differs, the practice's, and the replica's.
    """
    boards = {
        (board["period"], board["edition"]): board
        for _, board in raw.published("board")
    }
    for place, event in raw.events:
        if event["step"] != "compare":
            continue
        value = event["public"]["value"]
        rule = raw.books[event["rulebook"]]["improving"]["replication"]
        shelved = last_values(raw, "practice", place)[value["practice"]]
        board = boards[shelved["period"], shelved["edition"]]
        two = (
            effect(raw, shelved["item"], board["cut"]),
            effect(raw, value["successor"], place),
        )
        margin, z = rule["same_points"]["value"], Decimal(rule["z"]["value"])
        asked, again = ((each.answers, each.satisfied) for each in two)
        found: list[tuple[str, str, str]] = []
        for old, new in (
            [Fraction(each.fulfilment) for each in two],
            [Fraction(100 * e.grades.count("met"), len(e.grades)) for e in two],
            [Fraction(100 * good, of) for of, good in (asked, again)],
        ):
            how = "effect_same"
            if abs(new - old) > margin:
                how = "effect_higher" if new > old else "effect_lower"
                if len(found) == 2 and not differ(asked, again, z):
                    how = "effect_chance"
            found.append((how, str(rounded(old, CENT)), str(rounded(new, CENT))))
        hows = {how for how, _, _ in found}
        passes = "effect_lower" not in hows and hows != {"effect_chance"}
        yield value, passes, found


def differ(one: tuple[int, int], other: tuple[int, int], z: Decimal) -> bool:
    """Tell if two shares differ by more than chance: both Wilson intervals together."""
    with localcontext() as context:
        context.prec = 40
        low, high = sorted(
            (Decimal(100 * good) / of, of, good) for of, good in (one, other)
        )
        up = wilson(low[2], low[1], str(z))[1] - low[0]
        down = high[0] - wilson(high[2], high[1], str(z))[0]
        return (high[0] - low[0]) ** 2 > up**2 + down**2
