"""What follows a plan, again from the raw rows: nothing of the engine is imported.

Written from the how-to pages on boards, surveys, tasks, spot checks and burden, beside
``recompute``, which has the scores. Each function returns what it finds; the test
compares it with what was published.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction

from tests.acceptance.recompute_rows import (
    SHANGHAI,
    Json,
    Raw,
    last_day,
    planned,
    rounded,
)

CENT = Decimal("0.01")
GOOD = {"very_satisfied", "satisfied", "fairly_satisfied"}
CONSIDERED = {"assigned", "executed", "evaluated"}


def wilson(part: int, whole: int, z: str = "1.96") -> tuple[Decimal, Decimal]:
    """Return the bounds of a share in percent."""
    with localcontext() as context:
        context.prec = 40
        n, share, squared = Decimal(whole), Decimal(part) / whole, Decimal(z) ** 2
        middle = share + squared / (2 * n)
        reach = Decimal(z) * (share * (1 - share) / n + squared / (4 * n * n)).sqrt()
        low, high = (
            100 * (middle + side * reach) / (1 + squared / n) for side in (-1, 1)
        )
    return max(Decimal(0), low), min(Decimal(100), high)


def last_values(raw: Raw, kind: str, cut: int | None = None) -> dict[str, Json]:
    """Return the last value of each record of a kind, by a cut or now."""
    return {
        event["stream"]: event["public"]["value"]
        for place, event in raw.events
        if event["stream"].startswith(f"{kind}/") and (cut is None or place <= cut)
    }


# ------------------------------------------------------------------------ surveys


def replies(raw: Raw, cut: int | None = None) -> dict[str, dict[str, str]]:
    """Return by survey the last level that each code answered."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = raw.db.execute(
        "SELECT survey, code, level, batch FROM huimin_survey_answer ORDER BY batch, line"
    )
    for survey, code, level, batch in rows:
        if cut is None or raw.known(batch, cut):
            found[survey][code] = level
    return found


def shares(raw: Raw) -> dict[str, tuple[int, int, str, str, str]]:
    """Return by survey: answers, satisfied, percent, and the bounds of its interval."""
    found = {}
    for survey, levels in replies(raw).items():
        whole, good = len(levels), sum(level in GOOD for level in levels.values())
        low, high = wilson(good, whole)
        percent = (Decimal(100 * good) / whole).quantize(CENT, ROUND_FLOOR)
        found[survey] = (
            whole, good, str(percent), str(low.quantize(CENT, ROUND_FLOOR)),
            str(high.quantize(CENT, ROUND_CEILING)),
        )  # fmt: skip
    return found


# ------------------------------------------------------------------ plans and tasks


def stood(raw: Raw, day: date, cut: int) -> dict[str, Json]:
    """Return by item, at the end of a day: its state, plan, and when it was assigned."""
    found: dict[str, Json] = {}
    for place, event in raw.events:
        happened = date.fromisoformat(event["occurred_on"])
        if not event["stream"].startswith("item/") or place > cut or happened > day:
            continue
        changes = event["public"]["changes"]
        item = found.setdefault(event["stream"][5:], {"excused": set()})
        item |= {
            "state": event["target"],
            "unit": changes.get("unit", item.get("unit")),
        }
        if "plan" in changes:
            item["plan"] = changes["plan"]
        if event["step"] == "assign":
            item["begun"] = happened
        item["rounds"] = changes.get("rounds", item.get("rounds", 0))
        if event["step"] == "execute":
            item["till"] = happened
        elif event["target"] == "assigned":
            item["till"] = date.max
    for value in last_values(raw, "excuse", cut).values():
        if value["item"] in found:
            found[value["item"]]["excused"].add(value["task"])
    return found


def counted(item: Json) -> Iterator[tuple[Json, Json]]:
    """Yield each task that counts with each of its indicators."""
    for task in item["plan"]["tasks"]:
        if task["key"] not in item["excused"]:
            for indicator in task["indicators"]:
                yield task, indicator


def coverage(raw: Raw, number: str, day: date, cut: int) -> Decimal:
    """Return how much of an item's own targets its tasks promise, in percent."""
    item = stood(raw, day, cut)[number]
    back = {
        value["task"]
        for value in last_values(raw, "task_return", cut).values()
        if value["item"] == number and value["state"] == "returned"
    }
    promised: Counter[str] = Counter()
    for task, indicator in counted(item):
        if task["key"] not in back:
            promised[indicator["name"]] += indicator["value"]
    worst = min(
        Fraction(100 * promised[own["name"]], own["value"])
        for own in item["plan"]["indicators"]
    )
    return rounded(min(Fraction(100), worst), CENT)


# ------------------------------------------------------------------------- boards


class Figures:
    """The figures of items up to a day and a cut, the last of each month."""

    def __init__(self, raw: Raw, day: date, cut: int) -> None:
        self.told: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
        self.proven: set[tuple[str, str, str]] = set()
        self.months: dict[str, set[str]] = defaultdict(set)
        self.evidence: dict[str, set[str]] = defaultdict(set)
        rows = raw.db.execute(
            "SELECT batch, item, task, indicator, month, value, evidence"
            " FROM huimin_progress ORDER BY batch, line"
        )
        for batch, item, task, name, month, value, evidence in rows:
            if raw.known(batch, cut) and month <= f"{day:%Y-%m}":
                self.told[item, task, name][month] = value
                self.months[item].add(month)
                if evidence:
                    self.proven.add((item, task, name))
                    self.evidence[item].add(month)


def behind(item: Json, part: Fraction, task: Json, day: date) -> int:
    """Return on how many days until a day the plan was already beyond what is done."""
    curve, due = {"kind": "linear"}, date.fromisoformat(task["due"])
    days = ((item["begun"] + timedelta(days=k)) for k in range(999))
    return sum(
        planned(curve, item["begun"], due, each) > part for each in days if each <= day
    )


def repeated(raw: Raw, day: date, cut: int, rule: Json) -> set[str]:
    """Return the items that enough people told of by several channels in so many days."""
    when: dict[str, list[tuple[date, str, str]]] = defaultdict(list)
    rows = raw.db.execute("SELECT batch, at, channel, key, who FROM huimin_appeal")
    for batch, at, channel, key, who in rows:
        links = [item for of, item in raw.links[channel, key] if raw.known(of, cut)]
        told = datetime.fromisoformat(at).astimezone(SHANGHAI).date()
        if raw.known(batch, cut) and any(links[-1:]) and told <= day:
            when[links[-1]].append((told, channel, who))
    found = set()
    for item, appeals in when.items():
        last = max(told for told, _, _ in appeals)
        since = last - timedelta(days=rule["repeat_days"]["value"])
        near = [each for each in appeals if each[0] > since]
        enough = len(near) >= rule["repeat_appeals"]["value"]
        people = len({who for _, _, who in near}) >= rule["repeat_people"]["value"]
        channels = len({each for _, each, _ in near})
        of_quarter = (last.year, (last.month - 1) // 3) == (
            day.year,
            (day.month - 1) // 3,
        )
        if (
            enough
            and people
            and channels >= rule["repeat_channels"]["value"]
            and of_quarter
        ):
            found.add(item)
    return found


def boards(
    raw: Raw, value: Json
) -> tuple[dict[str, set[str]], dict[str, set[str]], int]:
    """Return the good and the bad entries with their grounds, and how many were seen."""
    day, cut = date.fromisoformat(value["day"]), value["cut"]
    book = raw.books[value["rulebook"]]
    rule = {
        k: v["value"] for k, v in book["improving"]["boards"].items() if "value" in v
    }
    items, figures = stood(raw, day, cut), Figures(raw, day, cut)
    said = replies(raw, cut)
    asked = {
        (each["item"], each["rounds"]): said[key].values()
        for key, each in last_values(raw, "survey", cut).items()
        if not each["rectification"]
    }
    repeats = repeated(raw, day, cut, gathering(book))
    orders = {
        each["item"]
        for each in last_values(raw, "supervision_order", cut).values()
        if each["state"] not in {"order_discharged", "order_withdrawn"}
    }
    left = remaining(raw, value)
    good: dict[str, set[str]] = {}
    bad: dict[str, set[str]] = {}
    seen = {n: item for n, item in items.items() if item["state"] in CONSIDERED}
    for number, item in seen.items():
        own = list(counted(item))
        places = [(number, task["key"], each["name"]) for task, each in own]
        parts = {
            place: min(
                Fraction(1), Fraction(sum(figures.told[place].values()), each["value"])
            )
            for place, (_, each) in zip(places, own, strict=True)
        }
        late = [
            behind(item, parts[place], task, day)
            for place, (task, _) in zip(places, own, strict=True)
        ]
        measured = [place for place in places if figures.told[place]]
        proven = len(figures.proven & set(places))
        whole = len(places)
        levels = [*asked.get((number, item["rounds"]), rated(raw, item, day, cut))]
        satisfied = sum(level in GOOD for level in levels)
        low, high = (
            wilson(satisfied, len(levels)) if levels else (Decimal(0), Decimal(100))
        )
        silent = months_without(item, figures.months[number], day)
        unproven = months_without(item, figures.evidence[number], day)
        grounds = {
            "hollow": not whole
            or silent >= rule["silent_months"]
            or unproven >= rule["unproven_months"],
            "slow": max(late, default=0) > rule["behind_days"],
            "disliked": high < rule["dislike_mark"]
            and len(levels) - satisfied >= rule["least_dissatisfied"],
            "repeated": number in repeats,
            "supervised": number in orders,
        }
        fulfilment = 100 * sum(parts.values()) / whole if whole else 0
        praised = (
            whole > 0
            and len(measured) == whole
            and 100 * proven >= rule["proven_mark"] * whole
            and 100 * late.count(0) >= rule["on_plan_mark"] * whole
            and fulfilment >= rule["fulfilment_mark"]
            and low >= rule["satisfaction_mark"]
        )
        held = {name for name, holds in grounds.items() if holds}
        if held or number in left:
            bad[number] = held
        elif praised:
            good[number] = {"concrete", "effective", "satisfied"}
    return good, bad, len(seen)


def remaining(raw: Raw, value: Json) -> set[str]:
    """Return what was on an earlier bad board, and was not put right by the cut."""
    found: set[str] = set()
    for board in last_values(raw, "board", value["cut"]).values():
        if board["period"] < value["period"] and board["edition"]:
            found |= {entry["item"] for entry in board["bad"]}
    right = last_values(raw, "rectification", value["cut"]).values()
    return found - {each["item"] for each in right if each["state"] == "rectified"}


def rated(raw: Raw, item: Json, day: date, cut: int) -> list[str]:
    """Return the levels of the ratings of an item's unit since it was assigned."""
    return [
        level
        for rows in raw.ratings.values()
        for batch, at, unit, level, _ in rows
        if unit == item["unit"]
        and raw.known(batch, cut)
        and item["begun"]
        <= datetime.fromisoformat(at).astimezone(SHANGHAI).date()
        <= day
    ]


def gathering(book: Json) -> Json:
    """Return the section of the rulebook that says what repeats."""
    (section,) = (
        value
        for value in book["rules"].values()
        if isinstance(value, dict) and "repeat_days" in value
    )
    found: Json = section
    return found


def months_without(item: Json, told: set[str], day: date) -> int:
    """Return how many whole months of the running measure passed since the last one."""
    count, month = 0, f"{min(day, item['till']):%Y-%m}"
    while month not in told and date.fromisoformat(f"{month}-01") > item["begun"]:
        count += 1
        month = f"{date.fromisoformat(f'{month}-01') - timedelta(days=1):%Y-%m}"
    return count


# ------------------------------------------------------------------- spot checks


def points(raw: Raw, month: str, cut: int, book: Json) -> dict[str, int]:
    """Return by unit what the findings of a month take off its index."""
    rule = book["improving"]["spot_checks"]
    found: Counter[str] = Counter()
    for value in last_values(raw, "spot_check", cut).values():
        if (value["done_on"] or "").startswith(month):
            for each in value["findings"]:
                found[each["unit"]] += rule["points"][each["severity"]]["value"]
    most = rule["most_points"]["value"]
    return {unit: min(most, count) for unit, count in found.items()}


# ------------------------------------------------------------------------- burden


#: What nobody fills in by hand, and the ends of names of such fields.
FILLED = {"key", "state", "version", "verdict", "rounds", "stale"}
ENDS = ("_by", "_on")

#: What begins by asking its unit for something.
ASKING = {"supervision_order", "rectification", "decision"}


def acts(raw: Raw, month: str) -> Iterator[tuple[Json, str, Json, int]]:
    """Yield what people did in a month: event, kind, value, and how many fields it set."""
    held: dict[str, Json] = {}
    for _, event in raw.events:
        kind, before = event["stream"].partition("/")[0], held.get(event["stream"], {})
        value = event["public"].get("value")
        held[event["stream"]] = value if isinstance(value, dict) else {}
        value = held[event["stream"]] or event["public"].get("changes") or {}
        fields = sum(
            told != before.get(name)
            and bool(told or before.get(name))
            and name not in FILLED
            and not name.endswith(ENDS)
            for name, told in value.items()
        )
        at = datetime.fromisoformat(event["at"]).astimezone(SHANGHAI)
        if f"{at:%Y-%m}" == month and event["via"] != "service":
            yield event, kind, value, fields


def burden(raw: Raw, month: str) -> dict[str, Counter[tuple[str, str]]]:
    """Return by unit how much of what it did by hand or was asked, by kinds of records.

    These are its steps, fields, uploads, the checks of it, figures by hand and fed ones.
    """
    book = raw.books[raw.events[-1][1]["rulebook"]]
    posts = {each["id"]: each["unit"] for each in book["organization"]["people"]}
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    items = stood(raw, date.max, 10**9)
    for event, kind, value, fields in acts(raw, month):
        own = found[posts[event["actor"]]] if event["actor"] in posts else Counter()
        if kind == "attachment":
            of = event["stream"].split("/")[1]
            own["uploads", "item" if of[0].isdigit() else of] += 1
        elif not kind.startswith("spot_") or event["step"] == "answer":
            own["steps", kind] += 1
            own["fields", kind] += 0 if kind == "batch" else fields
        asked = [value["unit"]] if event["n"] == 1 and kind in ASKING else []
        if event["n"] == 1 and kind == "assessment":
            asked = [items[value["item"]]["unit"]]
        if kind == "spot_check" and event["step"] == "finish":
            asked = [line["unit"] for line in value["drawn"]]
        for unit in asked:
            found[unit]["checks", kind] += 1
    ways: dict[tuple[str, str, str], str] = {}
    rows = raw.db.execute(
        "SELECT item, task, indicator, feed FROM huimin_progress WHERE month = ?"
        " ORDER BY batch, line",
        (month,),
    )
    for item, task, name, feed in rows:
        ways[item, task, name] = "fed" if feed else "by_hand"
    then = stood(raw, last_day(month), 10**9)
    for (item, key, _), way in ways.items():
        owner = next(t["unit"] for t in then[item]["plan"]["tasks"] if t["key"] == key)
        found[owner][way, "progress_call"] += 1
    return found


def burdened(counts: Counter[tuple[str, str]], before: int) -> Json:
    """Return what is published of a unit's burden; ``before`` is last month's load."""
    names = ("steps", "fields", "uploads", "checks", "by_hand", "fed")
    found: Json = dict.fromkeys(names, 0)
    asking: dict[str, Counter[str]] = defaultdict(Counter)
    for (what, kind), count in counts.items():
        found[what] += count
        if what not in {"steps", "fed"}:
            asking[kind]["fields" if what == "by_hand" else what] += count
    figures = found["by_hand"] + found["fed"]
    share = (
        rounded(Fraction(100 * found["by_hand"], figures), CENT) if figures else None
    )
    load = sum(of.total() for of in asking.values())
    return found | {
        "hand_share": None if share is None else str(share),
        "load": load,
        "more": load - before,
        "asking": {
            kind: tuple(of[name] for name in ("fields", "uploads", "checks"))
            for kind, of in asking.items()
            if of.total()
        },
    }
