"""Every published figure again, from the raw rows: nothing of the engine is imported.

Written from docs/explanation/how-a-score-is-made.md. ``python -m
tests.acceptance.recompute FILE`` prints what differs and exits with 1 if anything does.
"""

from __future__ import annotations

import sys
from collections import Counter
from decimal import Decimal, localcontext
from fractions import Fraction

from tests.acceptance.recompute_carried_out import points
from tests.acceptance.recompute_colors import colored
from tests.acceptance.recompute_prompt import BAD, follow_ups, on_time, tasks
from tests.acceptance.recompute_rows import Json, Raw, implementation, last_day, rounded
from tests.acceptance.recompute_standings import Edition, mean, ranked

GROUPS = ("district", "zone", "division", "agency")


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
        needed = rule["needed"].get(group, {"indicators": []})["indicators"]
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
                elif row["missing"] == "insufficient" or row["key"] in needed:
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
    editions: dict[tuple[str, int], Edition] = {}
    for _, value in raw.published("score"):
        book, month = raw.books[value["rulebook"]], value["period"]
        weights = {
            row["key"]: row["weight"]["value"]
            for row in book["scoring"]["index"]["indicators"]
        }
        groups = scored(raw, month, value["cut"], book)
        indices: dict[str, str | None] = {}
        off = points(raw, month, value["cut"], book)
        for group, mine in groups.items():
            told = {one["unit"]: one for one in value["groups"][group]}
            if set(told) != set(mine):
                wrong.append(f"{month} {group}: other units")
            for unit, parts in mine.items():
                index = None
                if parts is not None:
                    reached = mean(parts, weights) - off.get(unit, 0)
                    index = str(max(Decimal("0.00"), reached))
                indices[unit] = index
                if told[unit]["index"] != index:
                    wrong.append(
                        f"{month} {unit}: {told[unit]['index']} is not {index}"
                    )
                for key, one in (parts or {}).items():
                    if Decimal(told[unit]["parts"][key]) != one:
                        wrong.append(
                            f"{month} {unit} {key}: {told[unit]['parts'][key]} is not {one}"
                        )
        editions[month, value["version"]] = Edition(
            weights=weights, groups=groups, indices=indices, value=value
        )
    return wrong + colored(raw, editions) + ranked(raw, editions)


if __name__ == "__main__":
    found = check(sys.argv[1])
    print("\n".join(found) or "every published figure follows from the rows")  # noqa: T201
    sys.exit(bool(found))
