"""Published places again, with their reasons; see recompute.py.

Written from docs/explanation/how-a-score-is-made.md.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from statistics import median
from typing import Any

from tests.acceptance.recompute_rows import Json, Raw, last_day, rounded

HUNDREDTH = Decimal("0.01")

Parts = dict[str, Decimal]
Groups = dict[str, dict[str, Parts | None]]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An edition of a month's scores as the raw rows give it."""

    weights: dict[str, int]
    groups: Groups
    indices: dict[str, str | None]
    spans: dict[str, Json | None]
    off: dict[str, int]
    value: Json

    def less(self, unit: str, reached: Decimal | Fraction) -> Decimal | Fraction:
        """Return what is left of a mean after what spot checks take off."""
        return max(type(reached)(0), reached - self.off.get(unit, 0))

    def parts(self, unit: str) -> Parts | None:
        return next((mine[unit] for mine in self.groups.values() if unit in mine), None)

    def missing(self, unit: str) -> list[str]:
        told = (one for group in self.value["groups"].values() for one in group)
        return next(list(one["missing"]) for one in told if one["unit"] == unit)


Editions = dict[tuple[str, int], Edition]


def mean(parts: Parts, weights: dict[str, int]) -> Decimal:
    return _mean(tuple(parts.values()), tuple(weights[key] for key in parts))


@cache  # an edited database is the whole one but for a row
def _mean(parts: tuple[Decimal, ...], weights: tuple[int, ...]) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        total = sum((a * b for a, b in zip(parts, weights, strict=True)), Decimal(0))
        exact = total / sum(weights)
    return rounded(rounded(exact), HUNDREDTH)


def two(number: Fraction) -> str:
    return str(rounded(number, HUNDREDTH))


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
                known.append(Fraction(one.less(unit, mean(parts, moved))))
        enough = len(known) >= max(1, least)
        values[unit] = two(sum(known, Fraction(0)) / len(known)) if enough else None
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
    mine = [(parts, one) for one in months if (parts := one.groups[group].get(unit))]

    score, middle = _middles(months, group, compared, unit)
    far: dict[str, Fraction] = dict.fromkeys(score, Fraction(0))
    value = Fraction(0)
    for parts, month in mine:
        w = month.weights
        exact = {key: Fraction(one) for key, one in parts.items()}
        own, rest = _worth(exact, w), {k: v for k, v in exact.items() if k in middle}
        value += Fraction(month.less(unit, own)) / len(mine)
        for key in exact:
            if key in middle:
                otherwise = _worth({**exact, key: middle[key]}, w)
            else:
                # As if it did not count, beside those that others have, too.
                otherwise = _worth({**exact, key: _worth(rest, w)}, w) if rest else own
            far[key] += (own - otherwise) / len(mine)
    told: list[tuple[str, Json]] = []
    for key in sorted(far, key=lambda key: (far[key] * (-1 if first else 1), key)):
        points = two(far[key])
        points = points if points[0] == "-" else f"+{points}"
        said = {"index_indicator": key, "score": two(score[key]), "points": points}
        if key in middle:
            code = "leads_at" if far[key] > 0 else "trails_at"
            if not Decimal(points):
                code = "even_at"
            told.append((code, said | {"median": two(middle[key])}))
        else:
            told.append(("alone_at", said))
    farthest = Decimal(told[0][1]["points"])
    brought = farthest != 0 and (farthest > 0) is first
    told.append(("without_these", {"index": two(value - sum(far.values()))}))
    if not brought:
        told.insert(0, ("evenly_first" if first else "evenly_last", {}))
    lacking = {
        key: None
        for one in months
        if unit in one.groups[group] and (parts := one.groups[group][unit])
        for key in one.weights
        if key not in parts
    }
    return told + [("left_out", {"index_indicator": key}) for key in lacking]


def _worth(parts: dict[str, Fraction], weights: dict[str, int]) -> Fraction:
    total = sum((one * weights[key] for key, one in parts.items()), Fraction(0))
    return total / sum(weights[key] for key in parts)


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
        if unit in by_unit:
            score[key] = by_unit[unit]
            if others:
                middle[key] = Fraction(median(others))
    return score, middle
