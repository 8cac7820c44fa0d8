"""Every published figure again, from the raw rows: nothing of the engine is imported.

Written from docs/explanation/how-a-score-is-made.md; colors by bands and without
hysteresis, as the shipped rulebook has them. ``python -m
tests.acceptance.recompute FILE`` prints what differs and exits with 1 if anything does.
"""

from __future__ import annotations

import sys
from collections import Counter
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from typing import Any

from tests.acceptance.recompute_rows import (
    Json,
    Raw,
    implementation,
    last_day,
    rounded,
)

GROUPS = ("district", "zone", "division", "agency")
COLORS = ("red", "orange", "yellow", "blue", "green")
BAD = {"dissatisfied", "very_dissatisfied"}
HUNDREDTH = Decimal("0.01")


def counted(
    raw: Raw, month: str, cut: int, book: Json
) -> dict[str, dict[str, tuple[int, int]]]:
    """Return indicator → unit → (numerator, denominator)."""
    people = {one["code"]: one["population"] for one in book["organization"]["units"]}
    total: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    of_month = {}
    for batch, _, unit, level, transaction in raw.ratings[month]:
        if raw.known(batch, cut):
            total[unit] += 1
            bad[unit] += level in BAD
            of_month[f"followup/{transaction}"] = unit
    aside = Counter(
        of_month[one["stream"]]
        for place, one in raw.events
        if place <= cut and one["target"] == "set_aside" and one["stream"] in of_month
    )
    voices = Counter(
        place for batch, _, place in raw.appeals[month] if raw.known(batch, cut)
    )
    resident = {unit: people[unit] for unit in total if people.get(unit) is not None}
    return {
        "implementation": implementation(raw, month, cut, book),
        "caseload": {unit: (total[unit], resident[unit]) for unit in resident},
        "complaint_rate": {unit: (voices[unit], total[unit]) for unit in resident},
        "satisfaction": {u: (total[u] - bad[u], total[u] - aside[u]) for u in total},
    }


def figure(row: Json, part: int, whole: int, z: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        n, big = Decimal(part), Decimal(whole)
        if row["bound"] != "wilson":
            return rounded(row["scale"]["value"] * n / big)
        share = min(n, big) / big
        spread = z * (share * (1 - share) / big + z * z / (4 * big * big)).sqrt()
        side = spread if row["direction"] == "lower" else -spread
        found = 100 * (share + z * z / (2 * big) + side) / (1 + z * z / big)
        return rounded(min(Decimal(100), max(Decimal(0), found)))


def sub_score(
    row: Json, unit: str, figures: dict[str, Decimal], people: dict[str, int]
) -> Decimal | None:
    if unit not in figures:
        return None
    how = row["normalizing"]
    sign = 1 if row["direction"] == "higher" else -1
    mine = figures[unit]

    def amount(name: str) -> Decimal:
        return Decimal(how[name]["value"])

    if how["kind"] == "curve":
        short = max(Decimal(0), sign * (amount("target") - mine))
        return rounded(max(amount("floor"), amount("full") - amount("slope") * short))
    others = {code: one for code, one in figures.items() if code != unit}
    if not others:
        return None
    if how["kind"] == "percentile":
        worse = sum(sign * mine > sign * one for one in others.values())
        level = sum(mine == one for one in others.values())
        return rounded(Fraction(100 * (2 * worse + level), 2 * len(others)))
    sized = (
        sorted((abs(people[o] - people[unit]), o) for o in others if o in people)
        if unit in people
        else []
    )
    count = how["count"]["value"]
    near = [code for _, code in sized[:count]] if len(sized) >= count else list(others)
    ordered = sorted(others[code] for code in near)
    middle = rounded(
        (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    )
    with localcontext() as context:
        context.prec = 40
        beside = (
            sign * 100 * (mine - middle) / middle
            if middle
            else Decimal(100 * sign * (mine != 0))
        )
        found = amount("par") + amount("slope") * beside
    return rounded(min(Decimal(100), max(amount("floor"), found)))


def mean(parts: dict[str, Decimal], weights: dict[str, int]) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        total = sum((one * weights[key] for key, one in parts.items()), Decimal(0))
        exact = total / sum(weights[key] for key in parts)
    return rounded(rounded(exact), HUNDREDTH)


def scored(
    raw: Raw, month: str, cut: int, book: Json
) -> dict[str, dict[str, dict[str, Decimal] | None]]:
    """Return group → unit → sub-scores, None for too little data."""
    counts, rule = counted(raw, month, cut, book), book["scoring"]["index"]
    day = last_day(month).isoformat()
    there = [
        one for one in book["organization"]["units"]
        if (one["valid_from"] or "") <= day and (one["valid_to"] or "9") > day and one["ranked"]
    ]  # fmt: skip
    found: dict[str, dict[str, dict[str, Decimal] | None]] = {}
    for group in GROUPS:
        units = [one["code"] for one in there if one["kind"] == group]
        people = {
            one["code"]: one["population"]
            for one in there
            if one["code"] in units and one["population"] is not None
        }
        parts: dict[str, dict[str, Decimal]] = {unit: {} for unit in units}
        lacking = set()
        for row in rule["indicators"]:
            figures = {
                unit: figure(
                    row, *counts[row["key"]][unit], Decimal(rule["z"]["value"])
                )
                for unit in units
                if unit in counts[row["key"]]
                and counts[row["key"]][unit][1] >= max(1, row["least_n"]["value"])
            }
            for unit in units:
                score = sub_score(row, unit, figures, people)
                if score is not None:
                    parts[unit][row["key"]] = score
                elif row["missing"] == "insufficient":
                    lacking.add(unit)
        found[group] = {
            u: None if u in lacking or not parts[u] else parts[u] for u in units
        }
    return found


# ------------------------------------------------------------- what is published


def check(path: str) -> list[str]:
    """Return every published figure that the raw rows do not give."""
    raw = Raw(path)
    wrong: list[str] = []
    weights: dict[str, dict[str, int]] = {}
    months: dict[str, dict[str, dict[str, dict[str, Decimal] | None]]] = {}
    indices: dict[str, dict[str, str | None]] = {}
    for event, value in raw.published("score"):
        book, month = raw.books[value["rulebook"]], value["period"]
        weights[month] = {
            row["key"]: row["weight"]["value"]
            for row in book["scoring"]["index"]["indicators"]
        }
        months[month] = scored(raw, month, value["cut"], book)
        indices[month] = {}
        for group, mine in months[month].items():
            told = {one["unit"]: one for one in value["groups"][group]}
            if set(told) != set(mine):
                wrong.append(f"{month} {group}: other units")
            for unit, parts in mine.items():
                index = None if parts is None else str(mean(parts, weights[month]))
                indices[month][unit] = index
                if told[unit]["index"] != index:
                    wrong.append(
                        f"{month} {unit}: {told[unit]['index']} is not {index}"
                    )
                for key, one in (parts or {}).items():
                    if Decimal(told[unit]["parts"][key]) != one:
                        wrong.append(
                            f"{month} {unit} {key}: {told[unit]['parts'][key]} is not {one}"
                        )
        del event
    wrong += colored(raw, indices)
    for event, value in raw.published("ranking"):
        wrong += ranked(value, months, weights, raw.books[event["rulebook"]])
    return wrong


def colored(raw: Raw, indices: dict[str, dict[str, str | None]]) -> list[str]:
    wrong = []
    for event, value in raw.published("colors"):
        bands = raw.books[event["rulebook"]]["scoring"]["colors"]["bands"]
        for one in (one for group in value["groups"].values() for one in group):
            index = indices[value["period"]][one["unit"]]
            fits = [
                c
                for c in COLORS
                if index and Decimal(index) >= Decimal(bands[c]["low"]["value"])
            ]
            if one["index"] != index or one["color"] != (fits[-1] if fits else None):
                wrong.append(f"colors {value['period']} {one['unit']}: {one['color']}")
    return wrong


def places(
    of_months: list[dict[str, dict[str, Decimal] | None]],
    weights: dict[str, int],
    least: int,
) -> dict[str, tuple[int | None, str | None]]:
    """Return unit → (place, value) of a quarter's group under some weights."""
    values: dict[str, str | None] = {}
    for unit in {unit for month in of_months for unit in month}:
        known = [mean(p, weights) for month in of_months if (p := month.get(unit))]
        enough = len(known) >= least
        values[unit] = (
            str(rounded(Fraction(sum(known)) / len(known), HUNDREDTH))
            if enough
            else None
        )
    numbers = [Decimal(one) for one in values.values() if one]
    return {
        unit: (None, None)
        if one is None
        else (1 + sum(n > Decimal(one) for n in numbers), one)
        for unit, one in values.items()
    }


def ranked(
    value: Json, months: dict[str, Any], weights: dict[str, dict[str, int]], book: Json
) -> list[str]:
    wrong = []
    rule = book["scoring"]
    least, move = (
        rule["ranking"]["least_months"]["value"],
        rule["sensitivity"]["percent"]["value"],
    )
    there = [one for one in value["months"] if one in months]
    usual = weights[there[-1]]
    for group, told in value["groups"].items():
        of_months = [months[one][group] for one in there]
        tried = [
            places(
                of_months,
                {k: w * by for (k, w), by in zip(usual.items(), moves, strict=True)},
                least,
            )
            for moves in product((100, 100 - move, 100 + move), repeat=len(usual))
        ]
        often = Counter(place for place, _ in tried[0].values())
        for one in told:
            place, worth = tried[0][one["unit"]]
            everywhere = [found[one["unit"]][0] for found in tried]
            taken = [there for there in everywhere if there is not None]
            mine: tuple[Any, ...] = (
                place,
                worth,
                place is not None and often[place] > 1,
            )
            if place is not None:
                mine += (min(taken), max(taken), 100 * taken.count(place) // len(taken))
            names = ("place", "value", "tied", "low", "high", "steady")
            if mine != tuple(one[name] for name in names[: len(mine)]):
                wrong.append(f"{value['period']} {one['unit']}: {mine}")
    return wrong


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found) or "every published figure follows from the rows")  # noqa: T201
    sys.exit(bool(found))
