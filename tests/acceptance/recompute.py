"""Every published figure again, from the raw rows: nothing of the engine is imported.

Written from docs/explanation/how-a-score-is-made.md. ``python -m
tests.acceptance.recompute FILE`` prints what differs and exits with 1 if anything does.
"""

from __future__ import annotations

import sys
from collections import Counter
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from tests.acceptance.recompute_carried_out import points
from tests.acceptance.recompute_colors import colored
from tests.acceptance.recompute_prompt import BAD, follow_ups, on_time, tasks
from tests.acceptance.recompute_rows import Json, Raw, implementation, last_day, rounded
from tests.acceptance.recompute_standings import Edition, Parts, mean, ranked

GROUPS = ("district", "zone", "division", "agency")


class Unit(NamedTuple):
    """A unit's month: its sub-scores, and those by the other bounds of its samples."""

    standing: str
    parts: Parts
    best: Parts
    cases: dict[str, int]
    missing: list[str]


def counted(
    raw: Raw, month: str, cut: int, book: Json
) -> dict[str, dict[str, tuple[int, int]]]:
    """Return indicator → unit → (numerator, denominator)."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in book["scoring"]["index"]["indicators"]:
        measure = row.get("measure") or row["key"]
        if measure == "implementation":
            found[row["key"]] = implementation(raw, month, cut, book)
        elif measure == "tasks_on_time":
            found[row["key"]] = on_time(tasks(raw, month, cut), month)
        elif measure == "follow_ups_on_time":
            found[row["key"]] = on_time(follow_ups(raw, month, cut, book), month)
        else:
            found[row["key"]] = rated(raw, month, cut, book)[measure]
    return found


def rated(
    raw: Raw, month: str, cut: int, book: Json
) -> dict[str, dict[str, tuple[int, int]]]:
    """Return what is counted of ratings, by unit."""
    units = book["organization"]["units"]
    people = {one["code"]: one["population"] for one in units}
    kinds = {one["code"]: one["kind"] for one in units}
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
    chosen = book["scoring"]["index"].get("complaints")
    voices = Counter(
        place
        for batch, _, place, channel, _ in raw.appeals[month]
        if raw.known(batch, cut) and (chosen is None or channel in chosen["channels"])
    )
    voices += answered_for(raw, month, cut, book)
    spoken = {kinds[place] for place in voices if place in kinds}
    asked = {unit for unit in total if kinds.get(unit) in spoken}
    resident = {unit: people[unit] for unit in total if people.get(unit) is not None}
    return {
        "caseload": {unit: (total[unit], resident[unit]) for unit in resident},
        "complaint_rate": {unit: (voices[unit], total[unit]) for unit in asked},
        "satisfaction": {u: (total[u] - bad[u], total[u] - aside[u]) for u in total},
    }


def answered_for(raw: Raw, month: str, cut: int, book: Json) -> Counter[str]:
    """Return the complaints of divisions and agencies: those of their items."""
    organization, chosen = book["organization"], book["scoring"]["index"]["complaints"]
    kinds = {one["code"]: one["kind"] for one in organization["units"]}
    owners: dict[str, Json] = {}
    for place, one in raw.events:
        if place <= cut and one["stream"].startswith("item/"):
            changes = one["public"]["changes"]
            named = {key: changes[key] for key in ("unit", "area") if key in changes}
            owners.setdefault(one["stream"][5:], {}).update(named)
    found: Counter[str] = Counter()
    for batch, _, _, channel, key in raw.appeals[month]:
        links = [item for of, item in raw.links[channel, key] if raw.known(of, cut)]
        if raw.known(batch, cut) and channel in chosen["channels"] and any(links[-1:]):
            owner = owners[links[-1]]
            lead = organization["areas"][owner["area"]]["lead_unit"]
            for unit in (owner["unit"], lead):
                if kinds.get(unit) in {"division", "agency"}:
                    found[unit] += 1
                    break
    return found


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


def scored(raw: Raw, month: str, cut: int, book: Json) -> dict[str, dict[str, Unit]]:
    """Return group → unit → what its index is made of."""
    counts, rule = counted(raw, month, cut, book), book["scoring"]["index"]
    day, z = last_day(month).isoformat(), Decimal(rule["z"]["value"])
    there = [
        one for one in book["organization"]["units"]
        if (one["valid_from"] or "") <= day and (one["valid_to"] or "9") > day and one["ranked"]
    ]  # fmt: skip
    blank = {
        unit
        for row in rule["indicators"]
        if (row.get("measure") or row["key"]) == "implementation"
        for unit, (_, whole) in counts[row["key"]].items()
        if not whole
    }
    found: dict[str, dict[str, Unit]] = {}
    for group in GROUPS:
        units = [one["code"] for one in there if one["kind"] == group]
        people = {
            one["code"]: one["population"]
            for one in there
            if one["code"] in units and one["population"] is not None
        }
        needed = rule["needed"].get(group, {"indicators": []})["indicators"]
        found[group] = {unit: Unit("scored", {}, {}, {}, []) for unit in units}
        for row in rule["indicators"]:
            key = row["key"]
            counts_of = {
                unit: counts[key][unit]
                for unit in units
                if unit in counts[key]
                and counts[key][unit][1] >= max(1, row["least_n"]["value"])
            }
            figures = {unit: figure(row, *n, z) for unit, n in counts_of.items()}
            for unit, made in found[group].items():
                score = sub_score(row, unit, figures, people)
                if score is not None:
                    made.parts[key] = made.best[key] = score
                    if row["bound"] == "wilson":
                        other = figures | {unit: figure(row, *counts_of[unit], -z)}
                        better = sub_score(row, unit, other, people)
                        assert better is not None
                        made.best[key] = better
                        made.cases[key] = counts_of[unit][1]
                    continue
                made.missing.append(key)
                if row["missing"] == "insufficient" or key in needed:
                    found[group][unit] = made._replace(standing="insufficient")
        for unit, made in found[group].items():
            if made.standing != "scored" or not made.parts:
                word = "not_measurable" if unit in blank else "insufficient"
                found[group][unit] = made._replace(standing=word)
    return found


# ------------------------------------------------------------- what is published


def check(path: str) -> list[str]:
    """Return every published figure that the raw rows do not give."""
    raw = Raw(path)
    wrong: list[str] = []
    editions: dict[tuple[str, int], Edition] = {}
    for _, value in raw.published("score"):
        book, month = raw.books[value["rulebook"]], value["period"]
        weights = {
            row["key"]: row["weight"]["value"]
            for row in book["scoring"]["index"]["indicators"]
        }
        groups = scored(raw, month, value["cut"], book)
        indices: dict[str, str | None] = {}
        spans: dict[str, Json | None] = {}
        off = points(raw, month, value["cut"], book)
        for group, mine in groups.items():
            told = {one["unit"]: one for one in value["groups"][group]}
            if set(told) != set(mine):
                wrong.append(f"{month} {group}: other units")
            for unit, made in mine.items():
                index, high = (
                    str(max(Decimal("0.00"), mean(parts, weights) - off.get(unit, 0)))
                    if made.standing == "scored"
                    else None
                    for parts in (made.parts, made.best)
                )
                indices[unit] = index
                spans[unit] = None
                if index is not None:
                    ends = {"low": index, "high": high}
                    spans[unit] = ends | {"cases": made.cases}
                mine_too = {
                    "index": index, "standing": made.standing, "missing": made.missing,
                    "parts": made.parts,
                }  # fmt: skip
                parts = {key: Decimal(one) for key, one in told[unit]["parts"].items()}
                for name, one in mine_too.items():
                    if (said := (told[unit] | {"parts": parts})[name]) != one:
                        wrong.append(f"{month} {unit} {name}: {said} is not {one}")
        ranked_ones = {
            group: {
                unit: made.parts if made.standing == "scored" else None
                for unit, made in mine.items()
            }
            for group, mine in groups.items()
        }
        editions[month, value["version"]] = Edition(
            weights=weights, groups=ranked_ones, indices=indices, spans=spans,
            off=off,
            value=value,
        )  # fmt: skip
    return wrong + colored(raw, editions) + ranked(raw, editions)


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found) or "every published figure follows from the rows")  # noqa: T201
    sys.exit(bool(found))
