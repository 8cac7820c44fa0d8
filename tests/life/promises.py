"""What holds after every command, each promise under its number.

Each looks at what is new, or at all that stands, and returns how often it had
something to look at: a promise that never had is an empty one.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests import workflow
from tests.life.world import DEADLINES, ENDING, HEIR, Known, Picture, Row, book

#: Who is who: posts and the accounts that hold them.
ACCOUNTS = {one.id: set(one.accounts) for one in book().organization.people}

#: Where the steps of a list lead; those that only change it make a draft of it.
_LISTED = {
    "freeze": "frozen", "consolidate": "frozen", "confirm": "confirmed",
    "publish": "published", "open": "published", "drop": "published",
}  # fmt: skip
_LEAVE = {"hand_over"}

#: The steps that publish an edition.
ISSUES = {"publish", "open"}

WITH_STARS = ("starred", "listed", "assigned", "executed", "evaluated", "adjusted")


@dataclass
class Story:
    """All that was recorded so far, read from the bytes and not by the engine."""

    position: int = 0
    streams: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    requests: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    new: list[Row] = field(default_factory=list)
    latest: str = ""
    #: The rows of the events that published a list, as they were first seen.
    issued: dict[int, tuple[object, ...]] = field(default_factory=dict)

    def read_on(self, picture: Picture) -> None:
        """Read what was recorded since the last picture."""
        rows = picture.rows("event", self.position)
        self.new = [json.loads(bytes(row["header"])) for row in rows]
        for row, event in zip(rows, self.new, strict=True):
            event["position"] = row["position"]
            if event["stream"].startswith("list/") and event["step"] in ISSUES:
                self.issued[row["position"]] = event_row(picture, row["position"])

    def keep(self) -> None:
        """Know from now on what was new."""
        for event in self.new:
            self.streams[event["stream"]].append(event)
            self.requests[event["request"]] += 1
            self.latest = max(self.latest, event["at"])
        self.position += len(self.new)

    def copied(self) -> Story:
        """What was recorded so far, for another life; nobody changes an event."""
        streams = {name: [*events] for name, events in self.streams.items()}
        return replace(
            self,
            streams=defaultdict(list, streams),
            requests=defaultdict(int, self.requests),
            issued={**self.issued},
        )

    def before(self, event: Row) -> list[Row]:
        """What a stream held before an event that is new."""
        stream = event["stream"]
        news = [one for one in self.new if one["stream"] == stream]
        return self.streams[stream] + news[: news.index(event)]


@dataclass
class Sight:
    """What a promise may look at."""

    story: Story
    picture: Picture
    items: Mapping[str, Row]
    known: Mapping[str, Known]
    now: datetime
    #: How many events each request id had when it got its first answer.
    answered: Mapping[str, int]
    #: What the last picture showed.
    before: Picture
    #: All published editions of the lists that have moved, as the door shows them.
    shown: Mapping[str, list[Row]]

    def steps(self) -> list[Row]:
        """What is new of items."""
        return [one for one in self.story.new if one["stream"].startswith("item/")]


def event_row(picture: Picture, position: int) -> tuple[object, ...]:
    """The row of an event: positions have no gaps."""
    return picture.tables["huimin_event"][position - 1]


def owed(picture: Picture) -> dict[str, str]:
    """What units have or owe: items, tasks and lists, each with who answers for it."""
    found = {}
    for number, row in picture.items().items():
        if row["state"] in workflow.OPEN:
            body = json.loads(row["body"])
            found[number] = body["unit"]
            for task in (body["plan"] or {"tasks": ()})["tasks"]:
                found[f"{number} {task['key']} {task['due']}"] = task["unit"]
    for row in picture.rows("record"):
        if row["kind"] == "Edition":
            body = json.loads(row["body"])
            if body["state"] in {"frozen", "drafting"}:
                found[row["key"]] = body["unit"]
    return found


def list_state(events: Iterable[Row]) -> str:
    """How a list stands after its events, reckoned without the code."""
    state = ""
    for event in events:
        if event["step"] in _LEAVE:
            continue
        changed = "drafting" if state not in {"", "frozen"} else "frozen"
        state = _LISTED.get(event["step"], changed)
    return state


def moment(text: str) -> datetime:
    """The moment of a recorded text."""
    return datetime.fromisoformat(text)


def i01_every_item_stands_in_a_known_state(sight: Sight) -> int:
    assert all(row["state"] in workflow.STATES for row in sight.items.values())
    return len(sight.items)


def i02_every_row_is_what_the_model_says(sight: Sight) -> int:
    rows = {n: (row["state"], row["version"]) for n, row in sight.items.items()}
    assert rows == {n: (one.state, one.version) for n, one in sight.known.items()}
    return len(rows)


def i03_every_row_is_what_its_last_event_says(sight: Sight) -> int:
    for event in sight.steps():
        row = sight.items[event["stream"].partition("/")[2]]
        if event["n"] == row["version"]:
            assert event["target"] == row["state"]
            body = json.loads(row["body"])
            for name, change in event["public"]["changes"].items():
                assert body[name] == change
        else:
            assert event["n"] < row["version"]
    return len(sight.steps())


def i04_versions_of_a_stream_have_no_gaps(sight: Sight) -> int:
    for event in sight.story.new:
        assert event["n"] == len(sight.story.before(event)) + 1
    return len(sight.story.new)


def i05_positions_have_no_gaps(sight: Sight) -> int:
    first = sight.story.position + 1
    found = [event["position"] for event in sight.story.new]
    assert found == list(range(first, first + len(found)))
    return len(found)


def i06_only_roads_of_the_design_were_taken(sight: Sight) -> int:
    for event in sight.steps():
        source = event["source"] or workflow.BIRTH
        assert (event["step"], source, event["target"]) in workflow.ROADS
    return len(sight.steps())


def i07_every_life_begins_with_a_birth(sight: Sight) -> int:
    births = [one for one in sight.steps() if one["n"] == 1]
    for event in births:
        assert event["step"] in {"collect", "respond"}
        assert event["source"] is None
    return len(births)


def i08_recorded_time_never_goes_back(sight: Sight) -> int:
    latest = sight.story.latest
    for event in sight.story.new:
        assert event["at"] >= latest, "recorded time went back"
        latest = event["at"]
        before = sight.story.before(event)[-1:]
        assert all(one["occurred_on"] <= event["occurred_on"] for one in before)
    return len(sight.story.new)


def i09_listed_only_by_a_frozen_list_or_two_people(sight: Sight) -> int:
    for event in _enlistings(sight):
        edition = sight.picture.edition(event["public"]["changes"]["edition"])
        assert edition is not None
        assert edition["state"] in {"frozen", "drafting", "confirmed", "published"}
        by_job = (event["actor"], event["via"]) == ("scheduler", "service")
        assert by_job or "confirmed_by" in event["public"]
    return len(_enlistings(sight))


def i10_nothing_is_listed_twice_in_a_year(sight: Sight) -> int:
    news = _enlistings(sight)
    for event in news:
        before = [one["step"] for one in sight.story.before(event)]
        assert before.count("enlist") <= before.count("defer")
    if not news:
        return 0
    for row in sight.picture.rows("record"):
        if row["kind"] == "Edition":
            places = [one["item"] for one in json.loads(row["body"])["places"]]
            assert len(places) == len(set(places))
    return len(news)


def i11_what_a_job_listed_it_did_in_its_own_run(sight: Sight) -> int:
    found = [one for one in _enlistings(sight) if one["actor"] == "scheduler"]
    for event in found:
        year = event["public"]["changes"]["edition"].split("/")[1]
        stream = f"job/listing/{year}"
        [run] = sight.story.streams[stream] or _new_of(sight, stream)
        assert run["request"] == event["request"]
        runs = [(row["job"], row["period"]) for row in sight.picture.rows("job_run")]
        assert ("listing", year) in runs
    return len(found)


def i12_no_job_runs_before_it_is_due(sight: Sight) -> int:
    for row in sight.picture.rows("job_run"):
        assert row["due"] <= row["ran"]
        assert moment(row["ran"]) <= sight.now
        if row["job"] == "listing":
            assert moment(row["due"]) == DEADLINES[row["period"]]
    return len(sight.picture.rows("job_run"))


def i13_lateness_is_exact(sight: Sight) -> int:
    for row in sight.picture.rows("job_run"):
        late = moment(row["ran"]) - moment(row["due"])
        assert row["late_seconds"] == int(late.total_seconds())
    return len(sight.picture.rows("job_run"))


def i14_each_period_is_done_once(sight: Sight) -> int:
    keys = [(row["job"], row["period"]) for row in sight.picture.rows("job_run")]
    assert len(keys) == len(set(keys))
    runs = [one for one in sight.story.new if one["stream"].startswith("job/")]
    assert all(one["n"] == 1 for one in runs), "a period was done twice"
    streams = {name for name in sight.story.streams if name.startswith("job/")}
    streams |= {one["stream"] for one in runs}
    assert streams == {f"job/{job}/{period}" for job, period in keys}
    return len(runs)


def i21_who_confirms_is_another_person(sight: Sight) -> int:
    found = 0
    for event in sight.story.new:
        second = event["public"].get("confirmed_by")
        if second is None:
            assert not _asks_for_two(event), "one person did what two must"
            continue
        found += 1
        first = event["actor"]
        assert first != second
        assert not ACCOUNTS.get(first, set()) & ACCOUNTS.get(second, set())
    return found


def i22_one_request_has_one_answer(sight: Sight) -> int:
    counts = Counter(one["request"] for one in sight.story.new)
    for request, count in sight.answered.items():
        total = sight.story.requests[request] + counts[request]
        assert total == count, "a request was answered twice"
    return len(sight.answered)


def i25_one_area_and_one_unit_answer_for_it(sight: Sight) -> int:
    found = 0
    areas = {one.value for one in book().organization.areas}
    for row in sight.items.values():
        if row["state"] in workflow.RUNNING:
            found += 1
            body = json.loads(row["body"])
            assert row["area"] in areas
            assert row["unit"]
            assert all(task["unit"] for task in body["plan"]["tasks"])
            assert body["plan"]["tasks"]
    return found


def i26_nothing_starred_after_the_cutoff_is_listed(sight: Sight) -> int:
    found = 0
    for event in _enlistings(sight):
        if event["actor"] != "scheduler":
            continue
        found += 1
        year = event["public"]["changes"]["edition"].split("/")[1]
        number = event["stream"].partition("/")[2]
        assert sight.known[number].stood(DEADLINES[year], but=1) == "starred"
    return found


def i30_stars_are_one_to_five(sight: Sight) -> int:
    found = 0
    for row in sight.items.values():
        if row["state"] in WITH_STARS:
            found += 1
            assert row["stars"] in {1, 2, 3, 4, 5}
    return found


def i40_a_published_edition_never_changes(sight: Sight) -> int:
    for position, row in sight.story.issued.items():
        assert event_row(sight.picture, position) == row, "its bytes have changed"
    for key, shown in sight.shown.items():
        events = [*sight.story.streams[key], *_new_of(sight, key)]
        issued = [one["public"]["value"] for one in events if one["step"] in ISSUES]
        states = [*["superseded"] * (len(issued) - 1), "published"]
        wanted = [
            one | {"state": state}
            for one, state in zip(issued, states[-len(issued) :], strict=True)
        ]
        assert shown == wanted, "an edition is shown as it was not published"
    return len(sight.story.issued)


def i41_what_is_published_was_confirmed(sight: Sight) -> int:
    found = 0
    for event in sight.story.new:
        if event["stream"].startswith("list/") and event["step"] == "publish":
            found += 1
            confirmed = sight.story.before(event)[-1]
            assert confirmed["step"] == "confirm"
            for name in ("edition", "places", "changes", "note", "digest"):
                old, new = (one["public"]["value"] for one in (confirmed, event))
                assert old[name] == new[name], "something else was published"
    return found


def i42_nothing_owed_is_lost_at_a_succession(sight: Sight) -> int:
    if not _new_of(sight, f"job/succession/{ENDING}@2023-12-04"):
        return 0
    before, after = owed(sight.before), owed(sight.picture)
    for what, unit in before.items():
        heir = HEIR if unit == ENDING else unit
        assert after.get(what) == heir, f"{what} is lost"
    assert ENDING not in after.values()
    return list(before.values()).count(ENDING)


def i43_who_confirms_has_seen_what_they_confirm(sight: Sight) -> int:
    found = 0
    for event in sight.story.new:
        if not event["stream"].startswith("proposal/") or event["step"] != "approve":
            continue
        found += 1
        proposed = sight.story.before(event)[0]["public"]["value"]
        for stream, rested in proposed["rests"].items():
            events = [*sight.story.streams[stream], *_new_of(sight, stream)]
            later = [one for one in events if one["n"] > rested["version"]]
            done = [one for one in later if one["position"] < event["position"]]
            assert [one["request"] for one in done] == [event["request"]], (
                "it had moved unseen"
            )
            if proposed["act"] == "confirm":
                assert done[0]["public"]["value"]["digest"] == proposed["makes"]
    return found


def _new_of(sight: Sight, stream: str) -> list[Row]:
    return [one for one in sight.story.new if one["stream"] == stream]


def _enlistings(sight: Sight) -> list[Row]:
    return [one for one in sight.steps() if one["step"] == "enlist"]


def _asks_for_two(event: Row) -> bool:
    if event["stream"] == "rulebook":
        return bool(event["n"] > 1)
    if event["stream"].startswith("list/"):
        return event["step"] in {"confirm", "supplement", "amend", "open"}
    by_job = event["actor"] == "scheduler"
    off_list = event["step"] == "defer" and event["source"] == "listed"
    return (
        event["step"] in {"cancel", "reopen"}
        or off_list
        or (event["step"] == "enlist" and not by_job)
    )


PROMISES: tuple[Callable[[Sight], int], ...] = (
    i01_every_item_stands_in_a_known_state,
    i02_every_row_is_what_the_model_says,
    i03_every_row_is_what_its_last_event_says,
    i04_versions_of_a_stream_have_no_gaps,
    i05_positions_have_no_gaps,
    i06_only_roads_of_the_design_were_taken,
    i07_every_life_begins_with_a_birth,
    i08_recorded_time_never_goes_back,
    i09_listed_only_by_a_frozen_list_or_two_people,
    i10_nothing_is_listed_twice_in_a_year,
    i11_what_a_job_listed_it_did_in_its_own_run,
    i12_no_job_runs_before_it_is_due,
    i13_lateness_is_exact,
    i14_each_period_is_done_once,
    i21_who_confirms_is_another_person,
    i22_one_request_has_one_answer,
    i25_one_area_and_one_unit_answer_for_it,
    i26_nothing_starred_after_the_cutoff_is_listed,
    i30_stars_are_one_to_five,
    i40_a_published_edition_never_changes,
    i41_what_is_published_was_confirmed,
    i42_nothing_owed_is_lost_at_a_succession,
    i43_who_confirms_has_seen_what_they_confirm,
)


def hold(sight: Sight, looked: Counter[str]) -> None:
    """Hold every promise, and count what each had to look at."""
    for promise in PROMISES:
        looked[promise.__name__] += promise(sight)
