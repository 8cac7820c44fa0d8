"""Raw rows of a database file, and who was on time by them; see recompute.py."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
MILLIONTH = Decimal("0.000001")
Json = dict[str, Any]


class Raw:
    """The raw rows and events of a database file."""

    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        rows = self.db.execute(
            "SELECT position, header FROM huimin_event ORDER BY position"
        )
        self.events = [(place, json.loads(header)) for place, header in rows]
        self.books = {
            digest: json.loads(body)
            for digest, body in self.db.execute(
                "SELECT digest, body FROM huimin_rulebook"
            )
        }
        self.batches = {
            one["public"]["batch"]: place
            for place, one in self.events
            if one["stream"].startswith("batch/")
        }
        self.ratings = self._by_month(
            'SELECT batch, at, unit, level, "transaction" FROM huimin_rating'
        )
        self.appeals = self._by_month(
            "SELECT batch, at, district, channel, key FROM huimin_appeal"
        )
        self.links: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for batch, channel, key, item in self.db.execute(
            "SELECT batch, channel, key, item FROM huimin_link ORDER BY batch, line"
        ):
            self.links[channel, key].append((batch, item))
        self.progress = self.db.execute(
            "SELECT batch, line, item, task, indicator, month, value, denominator,"
            " members FROM huimin_progress ORDER BY batch, line"
        ).fetchall()

    def _by_month(self, query: str) -> dict[str, list[tuple[Any, ...]]]:
        found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for row in self.db.execute(query):
            found[_month_of(row[1])].append(row)
        return found

    def known(self, batch: int, cut: int) -> bool:
        return bool(self.batches[batch] <= cut)

    def published(self, kind: str) -> Iterator[tuple[Json, Json]]:
        """Yield (event, value) of every score, colors or ranking, as it was published."""
        for _, one in self.events:
            if one["stream"].startswith(f"{kind}/"):
                yield one, one["public"]["value"]


@cache
def _month_of(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%Y-%m}"


def rounded(number: Decimal | Fraction, grain: Decimal = MILLIONTH) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        if isinstance(number, Fraction):
            number = Decimal(number.numerator) / Decimal(number.denominator)
        return number.quantize(grain, rounding=ROUND_HALF_EVEN)


def last_day(month: str) -> date:
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def runs(raw: Raw, month: str, cut: int) -> Iterator[tuple[str, Json]]:
    """Yield (item, its plan, begun, till, step) of what runs in a month.

    It was assigned by the month's last day, and stood as assigned at its end or
    was executed in it.
    """
    last = last_day(month)
    found: dict[str, list[Json]] = defaultdict(list)
    plans: dict[str, tuple[Json, date]] = {}
    for place, one in raw.events:
        if place > cut or not one["stream"].startswith("item/"):
            continue
        number, day = one["stream"][5:], date.fromisoformat(one["occurred_on"])
        if one["step"] == "assign":
            plans[number] = one["public"]["changes"]["plan"], day
        if one["step"] == "reassign" and day <= last:  # a task, by its lead unit
            plan = one["public"]["changes"]["plan"]
            plans[number] = plan, plans[number][1]
            found[number][-1]["plan"] = plan
        came, went = one["target"] == "assigned", one["source"] == "assigned"
        if came and not went:
            plan, begun = plans[number]
            found[number].append({"plan": plan, "begun": begun, "from": day})
        elif went and not came:
            found[number][-1] |= {"till": day, "step": one["step"]}
    for number, mine in found.items():
        for run in reversed(mine):
            till = run.get("till", date.max)
            executed = run.get("step") == "execute" and till >= last.replace(day=1)
            if max(run["begun"], run["from"]) <= last and (till > last or executed):
                of_plan = [one for one in mine if one["begun"] == run["begun"]]
                ends = [
                    (one["from"], min(one.get("till", last), last)) for one in of_plan
                ]
                yield (
                    number,
                    run
                    | {
                        "months": {
                            f"{since + timedelta(days=k):%Y-%m}"
                            for since, end in ends
                            for k in range((end - since).days + 1)
                        }
                    },
                )
                break


def planned(curve: Json, begun: date, due: date, day: date) -> Fraction:
    if day >= due or day < begun:
        return Fraction(day >= due)
    if curve["kind"] == "linear":
        return Fraction((day - begun).days + 1, (due - begun).days + 1)
    by_day = shares_by_day(curve["kind"], tuple(curve["shares"]), begun, due)
    return by_day[(day - begun).days] / (by_day[-1] or 1)


@cache
def shares_by_day(
    kind: str, shares: tuple[int, ...], begun: date, due: date
) -> list[Fraction]:
    """All of the shares that fall on a plan's days, by the end of each."""
    sums, ripe, waiting = [], Fraction(0), Fraction(0)
    for k in range((due - begun).days + 1):
        day = begun + timedelta(days=k)
        end = day == due or (day + timedelta(days=1)).day == 1
        waiting += Fraction(shares[day.month - 1], monthrange(day.year, day.month)[1])
        if kind == "seasonal" or end:
            ripe, waiting = ripe + waiting, Fraction(0)
        sums.append(ripe)
    return sums


def on_time(
    indicator: Json, told: dict[str, tuple[int, int | None, str]], curve: Json,
    begun: date, due: date, day: date, rules: Json, ran: set[str],
) -> bool:  # fmt: skip
    if not told and indicator["kind"] != "milestone":
        return planned(curve, begun, due, day) == 0 and indicator["kind"] in {
            "flow",
            "set",
        }
    tolerance = rules["scoring"]["progress"]["tolerance_days"]["value"]
    leeway = rules["rules"]["fulfilment"]["tolerances"].get(indicator["tolerance"])
    percent = leeway["value"] if leeway else 0
    target, kind = indicator["value"], indicator["kind"]
    months = sorted(told)
    if kind in {"flow", "set"}:
        goal = max(Fraction(1), Fraction(target * (100 - percent), 100))
        nameless = sum(value for value, _, names in told.values() if not names)
        named = {one for _, _, names in told.values() for one in names.split("\n")}
        part = min(Fraction(1), max(nameless, len(named - {""})) / goal)
        span = [
            begun - timedelta(days=1) + timedelta(days=k)
            for k in range((due - begun).days + 2)
        ]
        reached = span[
            bisect_left(span, part, key=lambda one: planned(curve, begun, due, one))
        ]
        return (
            planned(curve, begun, due, day) <= part
            or (reached - day).days >= -tolerance
        )
    if kind == "milestone":
        done = max((value for value, _, _ in told.values()), default=0) >= target
        return bool(done or (due - day).days >= -tolerance)

    def met(month: str) -> bool:
        value, of, _ = told[month]
        if kind == "zero" and of is None:
            return value == 0
        if kind == "zero":
            limit = timedelta(days=rules["rules"]["fulfilment"]["zero_days"]["value"])
            known = [(one, *told[one]) for one in months if one <= month]
            owed = sum(
                found or 0
                for one, _, found, _ in known
                if last_day(one) + limit < last_day(month)
            )
            return owed <= sum(helped for _, helped, _, _ in known)
        actual, whole = (
            (100 * value, target * of) if of is not None else (value, target)
        )
        if indicator["comparator"] == "eq":
            return bool(actual == whole)
        high = percent and kind == "stock" and 100 * actual > whole * (100 + percent)
        return bool(100 * actual >= whole * (100 - percent) and not high)

    missing = ran - told.keys() if kind == "zero" else set()
    first_missing = min(missing, default="9999-12")
    good = [month for month in months if month < first_missing and met(month)]
    if good and good[-1] >= f"{day:%Y-%m}":
        return True
    since = last_day(good[-1]) + timedelta(days=1) if good else begun
    return bool((day - since).days <= tolerance)


def implementation(
    raw: Raw, month: str, cut: int, book: Json
) -> dict[str, tuple[int, int]]:
    day, curves = last_day(month), book["scoring"]["progress"]["curves"]
    usual = book["scoring"]["progress"]["usual"]
    reports: dict[tuple[str, str, str], dict[str, tuple[int, int | None, str]]] = (
        defaultdict(dict)
    )
    for batch, _, item, task, name, of, value, denominator, names in raw.progress:
        if of <= month and raw.known(batch, cut):
            reports[item, task, name][of] = (value, denominator, names)
    good: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    excuses = [
        (one["public"]["value"], date.fromisoformat(one["occurred_on"]))
        for place, one in raw.events
        if place <= cut and one["step"] == "excuse"
    ]
    for item, run in runs(raw, month, cut):
        begun = run["begun"]
        excused = {
            made["task"]
            for made, when in excuses
            if made["item"] == item and run["from"] <= when <= day
        }
        for task in run["plan"]["tasks"]:
            whole[task["unit"]] += 0  # it has a task, if nothing that can be measured
            if task["key"] in excused:
                continue
            curve = curves[task.get("curve") or usual]
            due = date.fromisoformat(task["due"])
            for one in task["indicators"]:
                told = reports.get((item, task["key"], one["name"]), {})
                whole[task["unit"]] += 1
                good[task["unit"]] += on_time(
                    one, told, curve, begun, due, day, book, run["months"]
                )
    return {unit: (good[unit], whole[unit]) for unit in whole}
