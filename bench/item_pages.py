"""The page of a list of many items: its filters, its rows, its drawing.

The limit reads the rows of the same page with the driver, parses each body, counts,
and fills a table of the same columns from a template without filters.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from jinja2 import Environment

from bench import lists
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from bench.worlds import journal
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.reports import listings
from huimin_flow.reports.core.list_pages import list_page
from huimin_flow.reports.core.render import Frame, draw
from huimin_flow.testing import MORNING

#: The milliseconds of CPU that a page may take with 10,000 items.
BOUND = 100

#: What a reader asks: the first page, one far behind, words, several filters at once.
ASKED = {
    "first page": {},
    "last page": {"page": "200"},
    "search by words": {"text": "零工 候工区7"},
    "by unit, stars and doubt": {"unit": "500101", "stars": "4", "stale": "yes"},
}

BARE = Environment(autoescape=True).from_string(
    "<h1>{{ total }}</h1><table>{% for row in rows %}<tr>{% for cell in row %}"
    "<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


def bare(path: Path) -> str:
    """Return a table of the first 50 items without the engine."""
    with closing(sqlite3.connect(path)) as connection:
        (total,) = connection.execute("SELECT count(*) FROM huimin_item").fetchone()
        query = "SELECT body FROM huimin_item ORDER BY number LIMIT 50"
        bodies = [json.loads(body) for (body,) in connection.execute(query)]
    names = ("number", "title", "state", "area", "unit", "stars", "collected_on")
    rows = [[body[name] for name in names] for body in bodies]
    return BARE.render(total=total, rows=rows)


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of each question, beside the bare table and alone."""
    items = size.pick(10_000, 60)
    path = folder / "items.db"
    with journal("MEMORY", "OFF"):
        lists.build(path, items)
    everywhere = Frame(rehearsal=True, files=None)
    clock = RehearsalClock(MORNING, seed=1)
    with Flow.open(f"sqlite:///{path}", clock=clock, read_only=True) as flow:

        def page(name: str, _: int) -> None:
            with flow.snapshot() as now:
                built = list_page(now, listings.items, ASKED[name])
            draw(built, everywhere)

        variants = [
            *(Variant(name, partial(page, name)) for name in ASKED),
            Variant("bare table", lambda _: bare(path)),
        ]
        samples = turns(variants, size.blocks)
    lines = []
    for name in ASKED:
        title = f"{name} of {items:,} items"
        spent = [sample.cpu * 1e3 for sample in samples[name]]
        lines += [
            compare(title, samples, name, "bare table", by="CPU"),
            figure(title, spent, "ms", by="CPU", bound=BOUND),
        ]
    return lines


if __name__ == "__main__":
    run(measure)
