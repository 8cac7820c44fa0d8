"""What comes in bulk: figures of a feed by one act, and answers to a survey.

The limit is the same for both: a loop that hashes the rows and inserts them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench import limits, worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from huimin_flow.catalogue.terms import FeedWay, RatingLevel, State
from huimin_flow.model.core.canonical import merkle_root
from huimin_flow.model.executing.feeds import FedFigure
from huimin_flow.model.executing.surveys import SurveyAnswer
from huimin_flow.testing import Desk, rehearsal

#: The months of the feed: each act brings the business of another one.
MONTHS = [f"{year}-{month:02d}" for year in (2022, 2023) for month in range(1, 13)]


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of a delivery of business, and of a batch of answers."""
    path, blocks = folder / "fed.db", size.blocks + 1
    with worlds.journal("MEMORY", "OFF"), rehearsal(worlds.url_of(path)) as desk:
        delivers, rows = delivering(desk, size.pick(1_000, 10))
        answers, replies = answering(desk, blocks, size.pick(1_000, 10))
        delivers(-1)  # the first act also reads the rulebook
        answers(0)
        bare = sqlite3.connect(worlds.copied(path, folder / "bare.db"))
        lines = []
        for name, ours, table, count in (
            ("business of a feed", delivers, "huimin_business", rows),
            ("answers to a survey", answers, "huimin_survey_answer", replies),
        ):
            variants = [
                Variant("ours", lambda block, ours=ours: ours(block + 1), count),  # type: ignore[misc]
                Variant("bare", inserting(bare, table, count), count),
            ]
            samples = turns(variants, size.blocks)
            spent = [sample.cpu * 1e6 for sample in samples["ours"]]
            title = f"{name}, {count:,} by one act"
            lines += [
                compare(title, samples, "ours", "bare", by="CPU"),
                figure(title, spent, "µs a row", by="CPU"),
            ]
        bare.close()
    return lines


def delivering(desk: Desk, count: int) -> tuple[Callable[[int], None], int]:
    """Return what brings a feed's business, other figures each time, and its rows."""
    flow, by = desk.flow, desk.office
    feed = flow.feeds.register(
        "cases", "业务库", "智慧人社", "OFFICE", FeedWay.FILE, citywide=True, by=by
    )
    book = flow.rulebook.active()
    units = [unit.code for unit in book.organization.units_on(desk.today())]
    pairs = [(item.key, unit) for item in book.services.items for unit in units]

    def ours(block: int) -> None:
        figures = [
            FedFigure(month=MONTHS[block + 1], value=1_000, service=service, unit=unit)
            for service, unit in pairs[:count]
        ]
        flow.feeds.deliver(feed.key, figures, desk.clock.now(), by=by)

    return ours, min(count, len(pairs))


def answering(desk: Desk, blocks: int, count: int) -> tuple[Callable[[int], None], int]:
    """Return what sends answers, of other people each time, and their number."""
    flow, by = desk.flow, desk.office
    number = desk.bring(State.EXECUTED).number
    frame = [f"c{k:07d}" for k in range((blocks + 1) * count)]
    key = flow.surveys.draw(number, frame, len(frame), by=by).key

    def ours(block: int) -> None:
        people = frame[block * count : (block + 1) * count]
        said = [SurveyAnswer(code=each, level=RatingLevel.SATISFIED) for each in people]
        flow.surveys.add_answers(key, said, by=by)

    return ours, count


def inserting(
    bare: sqlite3.Connection, table: str, count: int
) -> Callable[[int], None]:
    """Return what hashes rows of a table and inserts them, under batches of its own."""
    pattern = bare.execute(f"SELECT * FROM {table} LIMIT 1")
    names = [column[0] for column in pattern.description]
    row: dict[str, Any] = dict(zip(names, pattern.fetchone(), strict=True))
    marks = ", ".join(f":{name}" for name in names)

    def alone(block: int) -> None:
        rows = []
        for line in range(1, count + 1):
            place = {"batch": 10**6 + block, "line": line}
            named = {"code": f"b{block}-{line}"} if "code" in row else {}
            rows.append({**row, **place, **named})
        merkle_root([sha256(limits.json_of(each)).digest() for each in rows])
        bare.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        bare.commit()

    return alone


if __name__ == "__main__":
    run(measure)
