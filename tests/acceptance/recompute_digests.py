"""The lines of digests, again from the raw rows; see recompute_carried_out.

Written from the how-to page on review meetings and digests. Of indicators only sums
(累计量) are known here: the rehearsal has no others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import NamedTuple

from tests.acceptance.recompute_carried_out import (
    CENT,
    GOOD,
    Figures,
    last_values,
    remaining,
    replies,
    stood,
)
from tests.acceptance.recompute_colors import COLORS
from tests.acceptance.recompute_prompt import day_of, follow_ups
from tests.acceptance.recompute_rows import Json, Raw, planned, runs

#: Heading, kind, subject, how many, how many days late, and a figure.
Line = tuple[str, str, str, int, int, str]

EVENLY = {"kind": "linear"}


class Period(NamedTuple):
    """A digest's period as its cut knew it."""

    raw: Raw
    book: Json
    months: list[str]
    day: date
    cut: int

    def has(self, day: str | None) -> bool:
        """Tell whether a day is in the period."""
        return (day or "")[:7] in self.months

    def dated(self, kind: str, subject: str, due: date, count: int = 1) -> Line:
        """Return a line of what is late since a day, or owed until it."""
        days = max(0, (self.day - due).days)
        return ("late" if days else "owed", kind, subject, count, days, "")

    def working(self, day: str, days: int) -> date:
        """Return the so-many-th working day after a day."""
        years, due = self.book["calendar"]["years"], date.fromisoformat(day)
        off = {each for year in years for each in year["days_off"]}
        extra = {each for year in years for each in year["working_weekends"]}
        while days:
            due += timedelta(days=1)
            text = due.isoformat()
            days -= text in extra or (due.weekday() < 5 and text not in off)
        return due


def digest(raw: Raw, value: Json) -> dict[str, Counter[Line]]:
    """Return by unit the lines of a period's digests."""
    day = date.fromisoformat(value["day"])
    months = [value["period"]]
    if "Q" in value["period"]:
        months = [
            f"{day.year}-{month:02}" for month in range(day.month - 2, day.month + 1)
        ]
    period = Period(raw, raw.books[value["rulebook"]], months, day, value["cut"])
    found: dict[str, Counter[Line]] = defaultdict(Counter)
    for part in PARTS:
        for unit, line in part(period):
            found[unit][line] += 1
    return found


def tasks(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield tasks behind their curve, and tasks without a report of the last month."""
    raw, day = period.raw, period.day
    figures, month = Figures(raw, day, period.cut), period.months[-1]
    tolerance = period.book["scoring"]["progress"]["tolerance_days"]["value"]
    excused = stood(raw, day, period.cut)
    running = [
        (item, run["begun"], task)
        for item, run in runs(raw, month, period.cut)
        for task in run["plan"]["tasks"]
        if task["key"] not in excused[item]["excused"]
    ]
    for item, begun, task in running:
        due, subject = date.fromisoformat(task["due"]), f"{item}/{task['key']}"
        reports = {
            each["name"]: figures.told[item, task["key"], each["name"]]
            for each in task["indicators"]
        }
        if any(month not in of for of in reports.values()):
            yield task["unit"], ("owed", "progress", subject, 1, 0, "")
        for each in task["indicators"]:
            name, done = each["name"], sum(reports[each["name"]].values())
            assert each["kind"] == "flow"
            part = min(Fraction(1), Fraction(done, each["value"]))
            last = begun - timedelta(1)  # the day on which so much was planned
            while planned(EVENLY, begun, due, last) < part:
                last += timedelta(1)
            late = (day - last).days
            behind = planned(EVENLY, begun, due, day) > part and late > tolerance
            if reports[name] and behind:  # one that nobody reported at all is owed
                line = ("late", "task", f"{subject}/{name}", 1, late, "")
                yield task["unit"], line


def responses(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield demands of districts to which the unit that leads their area says nothing."""
    book, areas = period.book, dict[str, str]()
    days = book["rules"]["responses"]["days"]["value"]
    for place, event in period.raw.events:
        kind, _, number = event["stream"].partition("/")
        if kind != "item" or place > period.cut:
            continue
        areas[number] = event["public"]["changes"].get("area") or areas[number]
        due = period.working(event["occurred_on"], days)
        if event["step"] == "judge" and due < period.day:
            lead = book["organization"]["areas"][areas[number]]["lead_unit"]
            yield lead, ("owed", "responses", number, 1, 0, "")


def followed(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield orders and decisions that are open, and bad ratings without an answer."""
    raw, day, cut = period.raw, period.day.isoformat(), period.cut
    for kind, stream, since, ended in (
        ("order", "supervision_order", "received_on", {"order_discharged"}),
        ("decision", "decision", "decided_on", {"decision_accepted"}),
    ):
        for key, each in last_values(raw, stream, cut).items():
            if each["state"] not in ended and each[since] <= day:
                due = date.fromisoformat(each["due"])
                yield each["unit"], period.dated(kind, key, due)
    overdue: dict[str, list[date]] = defaultdict(list)
    for unit, due, done in follow_ups(raw, period.months[-1], cut, period.book):
        if due < period.day and (done is None or done > period.day):
            overdue[unit].append(due)
    for unit, dues in overdue.items():
        yield unit, period.dated("ratings", "", min(dues), len(dues))


def rectified(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield rectifications: accepted in the period, or waiting to be submitted."""
    rule = period.book["improving"]["rectification"]
    for key, each in last_values(period.raw, "rectification", period.cut).items():
        if each["state"] == "rectified" and period.has(each["accepted_on"]):
            yield each["unit"], ("well", "rectified", key, 1, 0, "")
        elif each["state"] != "rectified" and each["opened_on"] <= f"{period.day}":
            due = period.working(each["opened_on"], rule["days"]["value"])
            if each["returned_on"]:
                days = rule["return_days"]["value"]
                due = max(due, period.working(each["returned_on"], days))
            yield each["unit"], period.dated("rectifying", key, due)


def checked(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield what spot checks found in the period, and what nobody has answered."""
    days = period.book["improving"]["spot_checks"]["answer_days"]["value"]
    for key, each in last_values(period.raw, "spot_check", period.cut).items():
        if each["done_on"] and each["done_on"] <= f"{period.day}":
            assert not each["answers"]
            due = period.working(each["done_on"], days)
            for unit, n in Counter(found["unit"] for found in each["findings"]).items():
                yield unit, period.dated("unanswered", key, due, n)
                if period.has(each["done_on"]):
                    yield unit, ("faults", "finding", key, n, 0, "")


def told(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield surveys closed in the period, by what the plan has agreed."""
    raw, said = period.raw, replies(period.raw, period.cut)
    items = stood(raw, date.max, period.cut)
    for key, each in last_values(raw, "survey", period.cut).items():
        if period.has(each["closed_on"]):
            levels, item = said[key].values(), items[each["item"]]
            good = Decimal(100 * sum(level in GOOD for level in levels)) / len(levels)
            mark = item["plan"]["satisfaction_measure"]["mark"]
            heading = "well" if good >= mark else "faults"
            figure = str(good.quantize(CENT, ROUND_FLOOR))
            yield item["unit"], (heading, "survey", key, 1, 0, figure)


def steps(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield items executed and evaluated in the period, and entries of good boards."""
    raw, cut = period.raw, period.cut
    items = stood(raw, date.max, cut)
    for place, event in raw.events:
        kind, _, number = event["stream"].partition("/")
        if place > cut or not period.has(day_of(event["at"]).isoformat()):
            continue
        if kind == "item" and event["step"] == "execute":
            yield items[number]["unit"], ("well", "executed", number, 1, 0, "")
        elif kind == "item" and event["step"] == "evaluate":
            good = event["verdict"]["passed"]
            line = ("well", "evaluated") if good else ("faults", "failed")
            yield items[number]["unit"], (*line, number, 1, 0, "")
        elif kind == "board" and event["public"]["value"]["edition"]:
            for entry in event["public"]["value"]["good"]:
                yield entry["unit"], ("well", "good_board", entry["item"], 1, 0, "")


def boards(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield what stood on a bad board that was published by the period's end."""
    raw, cut = period.raw, period.cut
    items, bad = stood(raw, date.max, cut), remaining(raw, {"period": "9", "cut": cut})
    published = {
        entry["item"]
        for place, event in raw.events
        if event["stream"].startswith("board/")
        and place <= cut
        and day_of(event["at"]) <= period.day
        and event["public"]["value"]["edition"]
        for entry in event["public"]["value"]["bad"]
    }
    for number in published & bad:
        yield items[number]["unit"], ("late", "board", number, 1, 0, "")


def colors(period: Period) -> Iterator[tuple[str, Line]]:
    """Yield whose color has risen."""
    for _, value in period.raw.published("colors"):
        if value["period"] in period.months:
            for unit in (each for of in value["groups"].values() for each in of):
                before, color = unit["before"], unit["color"]
                if before and color and COLORS.index(color) > COLORS.index(before):
                    line = ("well", "color", value["period"], 1, 0, "")
                    yield unit["unit"], line


PARTS = (
    tasks, responses, followed, rectified, checked, told, steps, boards, colors,
)  # fmt: skip
