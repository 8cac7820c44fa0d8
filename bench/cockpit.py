"""The cockpit over many items, drawn: the CPU of one page; and a figure opened (X3).

The items are those of ten years: most of them have ended, and a tenth stands in each of
the nine states. The second line has the same items, all of this year; there each stay
of each item counts. The third line opens a unit's month down to its rows (X3).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import worlds
from bench.harness import Line, Size, Variant, figure, run, turns
from bench.limits import driver
from bench.lists import multiply
from huimin_flow.catalogue.terms import RatingLevel, State
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.services.ratings import Rating
from huimin_flow.reports.cockpit import cockpit_page
from huimin_flow.reports.core.render import Frame, draw
from huimin_flow.states.table import MAIN_LINE
from huimin_flow.testing import MORNING, UNIT, Desk, rehearsal
from huimin_flow.timetable.ledger import tick

#: The milliseconds that a page may take, and that a figure opened to its rows may.
BOUND, OPENED = 100, 50

#: The month of the ratings.
RATED = "2023-10"

#: Of a hundred items, how many were closed and how many rejected.
_CLOSED, _REJECTED = 80, 10

#: How many appeals are kept and linked at once, and how far apart they were heard.
_TOGETHER, _LINKED, _APART = 500, 70, timedelta(minutes=25)

#: How many items gather appeals.
_GATHERING = 40

#: When the first items began, and the states of those that began this autumn.
BEGUN, _RUNS = datetime(2023, 1, 9, 2, tzinfo=UTC), MAIN_LINE.index(State.EXECUTED)

CLOSING = (State.CLOSED, State.REJECTED)


def build(path: Path, items: int, facts: int) -> RehearsalClock:
    """Make a database with so many items, appeals and ratings; return its clock."""
    with rehearsal(worlds.url_of(path), at=BEGUN) as desk:
        gathering = [desk.collect().number for _ in range(_GATHERING)]
        closed, rejected = (desk.item(state).number for state in CLOSING)
        going = [desk.item(state).number for state in MAIN_LINE[_RUNS:]]
        desk.clock.set(MORNING)
        going += [desk.item(state).number for state in MAIN_LINE[:_RUNS]]
        hear(desk, gathering, facts)
        rate(desk, facts)
        desk.clock.advance(timedelta(days=32))
        tick(desk.flow, desk.clock.now())
        weighted = [closed] * _CLOSED + [rejected] * _REJECTED + going
        with driver(path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            multiply(connection, weighted, max(0, items - len(going) - 2 - _GATHERING))
            connection.execute("COMMIT")
        return RehearsalClock(desk.clock.now(), seed=1)


def hear(desk: Desk, items: list[str], count: int) -> None:
    """Keep appeals of a year, and link them to the items in turns."""
    for start in range(0, count, _TOGETHER):
        appeals = [
            Appeal(
                key=f"H{k}",
                channel=("hotline_12333", "media", "letters_visits")[k % 3],
                who=f"p{k}",
                district=f"5001{k % 9:02d}",
                at=worlds.HEARD - k * _APART,
                text=f"希望解决候工难 {k}",
            )
            for k in range(start, min(count, start + _TOGETHER))
        ]
        desk.flow.appeals.add_all(appeals, by=desk.office)
        pairs = [(appeal.channel, appeal.key) for appeal in appeals]
        for k in range(0, len(pairs), _LINKED):
            number = items[(start + k) // _LINKED % len(items)]
            desk.flow.appeals.link(number, pairs[k : k + _LINKED], by=desk.office)


def rate(desk: Desk, count: int) -> None:
    """Keep the ratings of a month, two of a hundred bad."""
    ratings = [
        Rating(
            transaction=f"C{k}",
            unit=f"5001{1 + k % 9:02d}",
            item=("startup_grant", "resident_pension")[k % 2],
            channel="app",
            level=RatingLevel.SATISFIED if k % 50 else RatingLevel.DISSATISFIED,
            at=worlds.HEARD - timedelta(minutes=k),
            who=f"c{k}",
        )
        for k in range(count)
    ]
    desk.flow.ratings.add(ratings, by=desk.office)


def age(path: Path) -> None:
    """Move the ended items to the nine years before; their chains don't verify."""
    with driver(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "UPDATE huimin_event SET at ="
            " (2014 + CAST(substr(stream, -6) AS INTEGER) % 9) || substr(at, 5)"
            " WHERE stream IN (SELECT 'item/' || number FROM huimin_item"
            " WHERE state IN ('closed', 'rejected'))"
        )
        connection.execute("COMMIT")


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the CPU of a page over items of ten years, and of one year."""
    items, facts = size.pick(10_000, 120), size.pick(20_000, 100)
    young, old = folder / "young.db", folder / "old.db"
    with worlds.journal("MEMORY", "OFF"):
        clock = build(young, items, facts)
        age(worlds.copied(young, old))
    with (
        Flow.open(worlds.url_of(old), clock=clock, read_only=True) as of_years,
        Flow.open(worlds.url_of(young), clock=clock, read_only=True) as of_one,
    ):

        def page(flow: Flow) -> str:
            with flow.snapshot() as now:
                shown = cockpit_page(now)
            return draw(shown, Frame(rehearsal=True, files=None))

        def opened(_: int) -> object:
            with of_one.snapshot() as now:
                return now.scores.unit_month(UNIT, RATED)

        variants = [
            Variant("years", lambda _: page(of_years)),
            Variant("one", lambda _: page(of_one)),
            Variant("figure", opened),
        ]
        samples = turns(variants, size.blocks)
    spent = {name: [each.cpu * 1e3 for each in of] for name, of in samples.items()}
    title = f"cockpit over {items:,} items"
    return [
        figure(f"{title} of ten years", spent["years"], "ms", by="CPU", bound=BOUND),
        figure(f"{title} of one year", spent["one"], "ms", by="CPU"),
        figure(
            f"a figure opened to its rows among {facts:,} ratings",
            spent["figure"],
            "ms",
            by="CPU",
            bound=OPENED,
        ),
    ]


if __name__ == "__main__":
    run(measure)
