"""Published colors and places again, with their reasons; see recompute.py.

Written from docs/explanation/how-a-score-is-made.md; colors by bands and without
hysteresis, as the shipped rulebook has them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import median
from typing import Any

from tests.acceptance.recompute_rows import Json, Raw, last_day, rounded

COLORS = ("red", "orange", "yellow", "blue", "green")
HUNDREDTH = Decimal("0.01")

Parts = dict[str, Decimal]
Groups = dict[str, dict[str, Parts | None]]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An edition of a month's scores as the raw rows give it."""

    weights: dict[str, int]
    groups: Groups
    indices: dict[str, str | None]
    value: Json

    def parts(self, unit: str) -> Parts | None:
        return next((mine[unit] for mine in self.groups.values() if unit in mine), None)

    def missing(self, unit: str) -> list[str]:
        told = (one for group in self.value["groups"].values() for one in group)
        return next(list(one["missing"]) for one in told if one["unit"] == unit)


Editions = dict[tuple[str, int], Edition]


def mean(parts: Parts, weights: dict[str, int]) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        total = sum((one * weights[key] for key, one in parts.items()), Decimal(0))
        exact = total / sum(weights[key] for key in parts)
    return rounded(rounded(exact), HUNDREDTH)


def two(number: Fraction) -> str:
    return str(rounded(number, HUNDREDTH))


# ------------------------------------------------------------------------ colors


def colored(raw: Raw, editions: Editions) -> list[str]:
    wrong = []
    charts: dict[str, tuple[Json, Json]] = {}
    for event, value in raw.published("colors"):
        rule = raw.books[event["rulebook"]]["scoring"]["colors"]
        month = value["period"]
        rests = {one["period"]: one["edition"] for one in value["scored"]}
        now = editions[month, rests[month]]
        earlier = next((one for one in rests if one != month), None)
        before = None if earlier is None else editions[earlier, rests[earlier]]
        old, old_rule = charts.get(earlier or "", ({}, rule))
        chart: dict[str, tuple[str | None, str | None]] = {}
        for one in (one for group in value["groups"].values() for one in group):
            unit = one["unit"]
            index = now.indices[unit]
            color = _band(index, rule)
            chart[unit] = (color, index)
            was = old.get(unit)
            reasons = list(_why(unit, chart[unit], was, rule, old_rule, now, before))
            mine = (index, color, was[0] if was else None, reasons)
            told = [(reason["code"], reason["values"]) for reason in one["reasons"]]
            if mine != (one["index"], one["color"], one["before"], told):
                wrong.append(f"colors {month} {unit}: {mine}")
        charts[month] = (chart, rule)
    return wrong


def _band(index: str | None, rule: Json) -> str | None:
    if index is None:
        return None
    lows = {c: Decimal(rule["bands"][c]["low"]["value"]) for c in COLORS}
    return [c for c in COLORS if Decimal(index) >= lows[c]][-1]


def _why(
    unit: str, new: tuple[str | None, str | None], was: tuple[str | None, str | None] | None,
    rule: Json, old_rule: Json, now: Edition, before: Edition | None,
) -> Iterator[tuple[str, Json]]:  # fmt: skip
    if was is None or was[0] == new[0] or before is None:
        return
    here = {"color": new[0], "index": new[1]}
    there = {"before": was[0], "index_before": was[1]}
    if new[0] is None:
        yield "color_lost", there
        for key in now.missing(unit):
            yield "left_out", {"index_indicator": key}
        return
    if was[0] is None:
        yield "color_gained", here
        return
    rose = COLORS.index(new[0]) > COLORS.index(was[0])
    yield "color_rose" if rose else "color_fell", here | there
    if rule["bands"] != old_rule["bands"] and _band(was[1], rule) == new[0]:
        yield "bands_changed", {"color": new[0], "index_before": was[1]}
    mine, theirs = now.parts(unit) or {}, before.parts(unit) or {}
    yield from _moves(mine, theirs, now, before)[
        : rule.get("named", {"value": 3})["value"]
    ]


def _moves(
    mine: Parts, theirs: Parts, now: Edition, before: Edition
) -> list[tuple[str, Json]]:
    """Return what moved an index, the largest move first."""
    moves: list[tuple[Fraction, str, Json]] = []
    for key in sorted({*mine, *theirs}):
        told = {"index_indicator": key}
        if key in mine:
            told["score"] = two(Fraction(mine[key]))
        if key in theirs:
            told["score_before"] = two(Fraction(theirs[key]))
        if key in mine and key in theirs:
            whole = sum(now.weights[one] for one in mine)
            points = Fraction(mine[key] - theirs[key]) * now.weights[key] / whole
            moves.append((points, "part_moved", told))
        elif key in mine:
            moves.append((_with(key, mine, now.weights), "part_came", told))
        else:
            moves.append((-_with(key, theirs, before.weights), "part_went", told))
    moves.sort(key=lambda one: abs(one[0]), reverse=True)
    return [
        (code, told | {"points": f"{'+' if points > 0 else ''}{two(points)}"})
        for points, code, told in moves
        if Decimal(two(points))
    ]


def _with(key: str, parts: Parts, weights: dict[str, int]) -> Fraction:
    """Return the exact mean with an indicator less the one without it."""

    def exact(keys: set[str]) -> Fraction:
        total = sum(Fraction(parts[one]) * weights[one] for one in keys)
        return Fraction(total) / sum(weights[one] for one in keys)

    rest = set(parts) - {key}
    return exact(set(parts)) - exact(rest) if rest else Fraction(parts[key])


# ------------------------------------------------------------------------ places


def ranked(raw: Raw, editions: Editions) -> list[str]:
    wrong = []
    for event, value in raw.published("ranking"):
        book = raw.books[event["rulebook"]]
        rests = [(one["period"], one["edition"]) for one in value["scored"]]
        months = [editions[one] for one in rests]
        day = last_day(value["months"][-1])
        for group, told in value["groups"].items():
            stand = set(_standing(book, group, day))
            wrong += [
                f"{value['period']} {one}"
                for one in _group(months, group, stand, told, book["scoring"])
            ]
    return wrong


def _standing(book: Json, group: str, day: date) -> Iterator[str]:
    for one in book["organization"]["units"]:
        begun = (one["valid_from"] or "") <= day.isoformat()
        if (
            begun
            and (one["valid_to"] or "9") > day.isoformat()
            and one["kind"] == group
        ):
            yield one["code"]


def _group(
    months: list[Edition], group: str, stand: set[str], told: list[Json], rule: Json
) -> Iterator[str]:
    least = rule["ranking"]["least_months"]["value"]
    tried = [
        _places(months, group, stand, moves, least) for moves in _sets(months, rule)
    ]
    often = Counter(place for place, _ in tried[0].values())
    worst = max((place for place in often if place), default=0)
    if {one["unit"] for one in told} != set(tried[0]):
        yield f"{group}: other units"
    names = ("place", "value", "tied", "low", "high", "steady")
    for one in told:
        place, worth = tried[0][one["unit"]]
        taken = [p for found in tried if (p := found[one["unit"]][0]) is not None]
        mine: tuple[Any, ...] = (place, worth, place is not None and often[place] > 1)
        if place is not None:
            mine += (min(taken), max(taken), 100 * taken.count(place) // len(taken))
        if mine != tuple(one[name] for name in names[: len(mine)]):
            yield f"{one['unit']}: {mine}"
        reasons: list[tuple[str, Json]] = []
        if place in {1, worst} and worst > 1:
            compared = [unit for unit, found in tried[0].items() if found[0]]
            reasons = _apart(months, group, compared, one["unit"], first=place == 1)
        said = [(reason["code"], reason["values"]) for reason in one["reasons"]]
        if reasons != said:
            yield f"{one['unit']}: {reasons}"


def _sets(months: list[Edition], rule: Json) -> Iterator[dict[str, int]]:
    """Yield by how many percent each indicator's weight is moved, set by set."""
    keys = list(dict.fromkeys(key for one in months for key in one.weights))
    percent = rule["sensitivity"]["percent"]["value"]
    most = rule["sensitivity"].get("sets", {"value": 243})["value"]
    whole = 3 ** len(keys)
    for j in range(min(whole, most)):
        n = j
        if whole > most and j:
            n = int(hashlib.sha256(str(j).encode()).hexdigest(), 16) % whole
        yield {
            key: 100 + (0, -percent, percent)[n // 3**k % 3]
            for k, key in enumerate(keys)
        }


def _places(
    months: list[Edition],
    group: str,
    stand: set[str],
    moves: dict[str, int],
    least: int,
) -> dict[str, tuple[int | None, str | None]]:
    """Return unit → (place, value) of a quarter's group under some weights."""
    values: dict[str, str | None] = {}
    for unit in {unit for one in months for unit in one.groups[group]} & stand:
        known = []
        for one in months:
            parts = one.groups[group].get(unit)
            if parts:
                moved = {key: w * moves[key] for key, w in one.weights.items()}
                known.append(mean(parts, moved))
        enough = len(known) >= max(1, least)
        values[unit] = two(Fraction(sum(known)) / len(known)) if enough else None
    numbers = [Decimal(one) for one in values.values() if one]
    return {
        unit: (None, None)
        if one is None
        else (1 + sum(n > Decimal(one) for n in numbers), one)
        for unit, one in values.items()
    }


def _apart(
    months: list[Edition], group: str, compared: list[str], unit: str, *, first: bool
) -> list[tuple[str, Json]]:
    """Return what a first or last unit is told, from the sub-scores alone."""
    mine = [
        (parts, one.weights) for one in months if (parts := one.groups[group].get(unit))
    ]

    def worth(instead: Json) -> Fraction:
        found = [
            sum(w[key] * Fraction(instead.get(key, parts[key])) for key in parts)
            / Fraction(sum(w[key] for key in parts))
            for parts, w in mine
        ]
        return sum(found, Fraction(0)) / len(found)

    score, middle = _middles(months, group, compared, unit)
    far = {key: worth({}) - worth({key: one}) for key, one in middle.items()}
    told: list[tuple[str, Json]] = [
        (
            "leads_at" if far[key] > 0 else "trails_at",
            {
                "index_indicator": key,
                "score": two(score[key]),
                "median": two(middle[key]),
                "points": ("+" if far[key] > 0 else "") + two(far[key]),
            },
        )
        for key in sorted(far, key=lambda key: (far[key] * (-1 if first else 1), key))
        if Decimal(two(far[key]))
    ]
    if told:
        told.append(("at_medians", {"index": two(worth(middle))}))
    if not told or told[0][0] != ("leads_at" if first else "trails_at"):
        told.insert(0, ("evenly_first" if first else "evenly_last", {}))
    lacking = {
        key: None
        for one in months
        if unit in one.groups[group] and (parts := one.groups[group][unit])
        for key in one.weights
        if key not in parts
    }
    return told + [("left_out", {"index_indicator": key}) for key in lacking]


def _middles(
    months: list[Edition], group: str, compared: list[str], unit: str
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Return a unit's means of its sub-scores, and the medians of the others'."""
    means: dict[str, dict[str, Fraction]] = {}
    for other in compared:
        for key in {key for one in months for key in one.weights}:
            found = [
                Fraction(parts[key])
                for one in months
                if (parts := one.groups[group].get(other)) and key in parts
            ]
            if found:
                means.setdefault(key, {})[other] = sum(found, Fraction(0)) / len(found)
    score, middle = {}, {}
    for key, by_unit in means.items():
        others = [one for other, one in by_unit.items() if other != unit]
        if unit in by_unit and others:
            score[key], middle[key] = by_unit[unit], Fraction(median(others))
    return score, middle
