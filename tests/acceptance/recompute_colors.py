"""Published colors again, with who changed and why; see recompute.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from tests.acceptance.recompute_rows import Json, Raw
from tests.acceptance.recompute_standings import Edition, Editions, Parts, two

COLORS = ("red", "orange", "yellow", "blue", "green")

#: A unit's color and index.
Shown = tuple[str | None, str | None]
Reason = tuple[str, Json]


def colored(raw: Raw, editions: Editions) -> list[str]:
    wrong = []
    charts: dict[str, tuple[dict[str, dict[str, Shown]], Json]] = {}
    for event, value in raw.published("colors"):
        rule = raw.books[event["rulebook"]]["scoring"]["colors"]
        month = value["period"]
        rests = {one["period"]: one["edition"] for one in value["scored"]}
        now = editions[month, rests[month]]
        earlier = next((one for one in rests if one != month), "")
        before = editions[earlier, rests[earlier]] if earlier else None
        old, old_rule = charts.get(earlier, ({}, rule))
        chart: dict[str, dict[str, Shown]] = {}
        for group, told in value["groups"].items():
            mine = {one["unit"]: now.indices[one["unit"]] for one in told}
            past = old.get(group, {}) if before else {}
            found = _group(mine, past, (rule, old_rule), now, before)
            chart[group] = {unit: one[0] for unit, one in found.items()}
            for one in told:
                unit = one["unit"]
                (color, index), reasons = found[unit]
                was = past.get(unit, (None, None))[0]
                said = [(reason["code"], reason["values"]) for reason in one["reasons"]]
                span = _certain(now.spans[unit], was, rule)
                mine_too = (color, index, was, reasons, span)
                names = ("color", "index", "before")
                if mine_too != (
                    *(one[name] for name in names),
                    said,
                    one.get("spread"),
                ):
                    wrong.append(f"colors {month} {unit}: {mine_too}")
        charts[month] = (chart, rule)
    return wrong


def _group(
    mine: Mapping[str, str | None], past: Mapping[str, Shown], rules: tuple[Json, Json],
    now: Edition, before: Edition | None,
) -> dict[str, tuple[Shown, list[Reason]]]:  # fmt: skip
    """Return unit → what it shows and why, of one group."""
    rule, old_rule = rules
    fresh = _fresh(mine, rule)
    again = _fresh({unit: one[1] for unit, one in past.items()}, rule)
    found: dict[str, tuple[Shown, list[Reason]]] = {}
    for unit, index in mine.items():
        color, was = fresh[unit], past.get(unit)
        kept = list(_kept(index, color, was[0], rule)) if was else []
        if kept and was:
            found[unit] = ((was[0], index), kept)
            continue
        moved = _ways(rule) != _ways(old_rule) and again.get(unit) == color
        reasons = (
            list(_why(unit, (color, index), was, now, before, moved=moved))
            if was and before
            else []
        )
        most = rule.get("named", {"value": 3})["value"]
        parts = [one for one in reasons if one[0].startswith("part_")]
        others = [one for one in reasons if one not in parts]
        found[unit] = ((color, index), others + parts[:most])
    return found


def _ways(rule: Json) -> Json:
    """Return by what a rule gives its colors."""
    return {rule["by"]: rule[rule["by"]]}


def _fresh(values: Mapping[str, str | None], rule: Json) -> dict[str, str | None]:
    """Return unit → the color that the indices of its group give it."""
    known = [Decimal(one) for one in values.values() if one is not None]
    found: dict[str, str | None] = {}
    for unit, index in values.items():
        if index is None:
            found[unit] = None
        elif rule["by"] == "bands":
            lows = {one: Decimal(rule["bands"][one]["low"]["value"]) for one in COLORS}
            found[unit] = [one for one in COLORS if Decimal(index) >= lows[one]][-1]
        else:
            left = Fraction(
                100 * sum(one > Decimal(index) for one in known), len(known)
            )
            found[unit] = COLORS[0]
            for color in reversed(COLORS):
                left -= rule["shares"][color]["value"]
                if left < 0:
                    found[unit] = color
                    break
    return found


def _certain(span: Json | None, was: str | None, rule: Json) -> Json | None:
    """Say whether both ends of what chance allows have one color."""
    if span is None or rule["by"] != "bands":
        return None
    shown = set()
    for end in (span["low"], span["high"]):
        (color,) = _fresh({"": end}, rule).values()
        shown.add(was if was and list(_kept(end, color, was, rule)) else color)
    return span | {"certainty": "steady" if len(shown) == 1 else "within_error"}


def _kept(
    index: str | None, color: str | None, was: str | None, rule: Json
) -> Iterator[Reason]:
    """Say that an index is too near the band of last month's color to leave it."""
    if index is None or was in {None, color} or rule["by"] != "bands":
        return
    reach = Decimal(rule["hysteresis"]["value"])
    low, high = (Decimal(rule["bands"][was][edge]["value"]) for edge in ("low", "high"))
    if low - reach <= Decimal(index) < high + reach:
        said = {"color": was, "band": color, "index": index, "reach": str(reach)}
        yield "color_kept", said


def _why(
    unit: str, new: Shown, was: Shown | None,
    now: Edition, before: Edition, *, moved: bool,
) -> Iterator[tuple[str, Json]]:  # fmt: skip
    if was is None or was[0] == new[0]:
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
    if moved:
        yield "bands_changed", {"color": new[0], "index_before": was[1]}
    mine, theirs = now.parts(unit) or {}, before.parts(unit) or {}
    yield from _moves(mine, theirs, now, before)


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
