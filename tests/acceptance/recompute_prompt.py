"""What was done on time again, from the raw rows: tasks, and answers to bad ratings.

On time = closed on time ÷ (closed + open and overdue); see recompute.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from tests.acceptance.recompute_rows import SHANGHAI, Json, Raw, last_day, runs

BAD = {"dissatisfied", "very_dissatisfied"}

#: Unit, due day, day on which it was done, or None.
Owed = tuple[str, date, date | None]


def day_of(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(SHANGHAI).date()


def answers(rated: date, acts: Iterable[Json]) -> list[tuple[date, date | None]]:
    """Return when an answer was asked for, and when it was given."""
    found: list[tuple[date, date | None]] = []
    since: date | None = rated
    for one in acts:
        if one["target"] == "set_aside":
            return []
        if one["target"] == "answered" and since:
            found.append((since, day_of(one["at"])))
        anew = one["target"] in {"returned", "upheld"}
        since = day_of(one["at"]) if anew else None
    return [*found, (since, None)] if since else found


def on_time(owed: Iterable[Owed], month: str) -> dict[str, tuple[int, int]]:
    """Return unit → (on time, those that count) at a month's end."""
    good: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    last = last_day(month)
    for unit, due, closed in owed:
        done = closed if closed and closed <= last else None
        if (done and done >= last.replace(day=1)) or (done is None and due < last):
            whole[unit] += 1
            good[unit] += done is not None and done <= due
    return {unit: (good[unit], whole[unit]) for unit in whole}


def tasks(raw: Raw, month: str, cut: int) -> Iterator[Owed]:
    for _, run in runs(raw, month, cut):
        ended = run.get("till") if run.get("step") == "execute" else None
        for task in run["plan"]["tasks"]:
            yield task["unit"], date.fromisoformat(task["due"]), ended


def follow_ups(raw: Raw, month: str, cut: int, book: Json) -> Iterator[Owed]:
    given = book["services"]["follow_up"]["answer_days"]["value"]
    years = book["calendar"]["years"]
    offs = {day for year in years for day in year["days_off"]}
    extra = {day for year in years for day in year["working_weekends"]}
    last = last_day(month)
    acts = defaultdict(list)
    for place, one in raw.events:
        if (
            place <= cut
            and one["stream"].startswith("followup/")
            and day_of(one["at"]) <= last
        ):
            acts[one["stream"][9:]].append(one)
    for of, rows in raw.ratings.items():
        for batch, at, unit, level, transaction in rows if of <= month else ():
            if level not in BAD or not raw.known(batch, cut):
                continue
            for since, done in answers(day_of(at), acts[transaction]):
                due, left = since, given
                while left:
                    due += timedelta(days=1)
                    text = due.isoformat()
                    left -= text in extra or (due.weekday() < 5 and text not in offs)
                yield unit, due, done
