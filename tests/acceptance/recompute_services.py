"""What screens say of ratings again, from the raw rows: nothing of the engine is imported.

Who was called back and answered on time, what bad ratings owe and by when, where
ratings are missing, what the catalogue saves. Written from
docs/reference/commands.md and the rulebook's own words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from tests.acceptance.recompute_prompt import BAD, answers, day_of
from tests.acceptance.recompute_rows import Json, Raw

ENDS = {"verified", "set_aside"}
#: In which state how many working days are given, by their name in the rulebook.
GIVEN = {
    "pending": "answer_days",
    "returned": "answer_days",
    "upheld": "answer_days",
    "answered": "verify_days",
    "objected": "objection_days",
}
SAVED = ("steps", "documents", "days", "visits")


class Services:
    """Ratings and what became of them, of a database file by its only rulebook.

    What is overdue is reckoned anew at every look: on ``today``.
    """

    def __init__(self, path: str, today: date) -> None:
        self.today = today
        self.raw = Raw(path)
        (self.book,) = self.raw.books.values()
        self.rows = [
            dict(zip(("transaction", "unit", "item", "window", "person", "who",
                      "channel", "level", "at"), row, strict=True))
            for row in self.raw.db.execute(
                'SELECT "transaction", unit, item, window, person, who, channel,'
                ' level, at FROM huimin_rating ORDER BY at, "transaction"'
            )
        ]  # fmt: skip
        self.worst = [
            (day_of(row["at"]).isoformat(), row)
            for row in self.rows
            if row["level"] in BAD
        ]
        self.acts: dict[str, list[Json]] = defaultdict(list)
        for _, one in self.raw.events:
            if one["stream"].startswith("followup/"):
                self.acts[one["stream"][9:]].append(one)
        self.offs = self._days("days_off")
        self.extra = self._days("working_weekends")

    def _days(self, kind: str) -> set[str]:
        return {
            day for year in self.book["calendar"]["years"] for day in year[kind]
        }  # fmt: skip

    def due(self, since: date, kind: str) -> date:
        left = self.book["services"]["follow_up"][kind]["value"]
        day = since
        while left:
            day += timedelta(days=1)
            text = day.isoformat()
            left -= text in self.extra or (day.weekday() < 5 and text not in self.offs)
        return day

    def bad(self, month: str = "", unit: str = "") -> Iterator[tuple[Json, list[Json]]]:
        for day, row in self.worst:
            if unit in {"", row["unit"]} and day.startswith(month):
                yield row, self.acts[row["transaction"]]

    def callback(self, month: str, unit: str = "") -> Json:
        """Return the shares of those called back, and of answers on time."""
        named = [
            acts[-1]["public"]["value"]["called_back_on"] if acts else None
            for row, acts in self.bad(month, unit)
            if row["who"] and not (acts and acts[-1]["target"] == "set_aside")
        ]
        found = [
            (given or self.today) <= due
            for row, acts in self.bad(month, unit)
            for since, given in answers(day_of(row["at"]), acts)
            for due in [self.due(since, "answer_days")]
            if given is not None or due < self.today
        ]
        return {
            "part": sum(one is not None for one in named),
            "whole": len(named),
            "answered_on_time": {"part": sum(found), "whole": len(found)},
        }

    def by_unit(self, month: str) -> list[Json]:
        """Return how many bad ratings each unit had, and what became of them."""
        counts = Counter(row["unit"] for row, _ in self.bad(month))
        found = []
        for unit in sorted(counts):
            one = self.callback(month, unit)
            prompt = one.pop("answered_on_time")
            found.append(
                {
                    "unit": unit,
                    "called_back": one,
                    "answered_on_time": prompt,
                    "bad": counts[unit],
                }
            )
        return found

    def owing(self) -> list[tuple[str, str, str, bool]]:
        """Return (transaction, state, due, overdue) of what is open, oldest first."""
        found = []
        for row, acts in self.bad():
            state = acts[-1]["target"] if acts else "pending"
            if state not in ENDS:
                due = self.due(day_of((acts[-1] if acts else row)["at"]), GIVEN[state])
                found.append(
                    (row["transaction"], state, due.isoformat(), due < self.today)
                )
        return found

    def coverage(self, first: str, last: str) -> dict[tuple[str, str, str], Json]:
        """Return (item, channel, object) → ratings, and whether some are expected."""
        counts: Counter[tuple[str, str, str]] = Counter()
        for row in self.rows:
            if first <= day_of(row["at"]).isoformat()[:7] <= last:
                for rated in ("institution", "window", "person"):
                    if rated == "institution" or row[rated]:
                        counts[row["item"], row["channel"], rated] += 1
        listed = {one["key"]: one for one in self.book["services"]["items"]}
        return {
            (key, channel, rated): {
                "ratings": counts[key, channel, rated],
                "expected": key in listed
                and rated in reach["objects"]
                and (listed[key]["online"] or not reach["online_items_only"]),
            }
            for key in {*listed, *(one for one, _, _ in counts)}
            for channel, reach in self.book["services"]["reach"].items()
            for rated in ("institution", "window", "person")
        }

    def savings(self, year: int) -> dict[str, Json]:
        """Return by unit what the catalogue saves by the end of a year."""
        found: dict[str, Json] = {}
        for one in self.book["services"]["items"]:
            mine = found.setdefault(
                one["unit"], dict.fromkeys(("items", "online", "counted", *SAVED), 0)
            )
            mine["items"] += 1
            mine["online"] += one["online"]
            known = one["before"] is not None and one["after"] is not None
            if known and (one["since"] or "") <= f"{year}-12-31":
                mine["counted"] += 1
                for key in SAVED:
                    mine[key] += one["before"][key] - one["after"][key]
        return found
