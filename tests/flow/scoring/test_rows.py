"""From a color or figure down to rows and events, at each edition, masked (X3)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from huimin_flow.clock import at_hour
from huimin_flow.errors import NotFound
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.scoring.rows import ROWS
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.scoring.rows import FigureRows, UnitMonth
from huimin_flow.reports.pages import page_of
from huimin_flow.store.core import facts, history
from huimin_flow.testing import Desk
from tests.flow.scoring.test_explain import score_october
from tests.flow.scoring.test_scores import ratings, set_aside
from tests.statements import recorded

UNIT, MONTH = "500101", "2023-10"


def figure(shown: UnitMonth, key: str) -> FigureRows:
    return next(each for each in shown.figures if each.key == key)


def test_a_figure_opens_to_its_rows_and_the_events_that_prove_them(desk: Desk) -> None:
    score_october(desk)
    shown = desk.flow.scores.unit_month(UNIT, MONTH)
    kept = next(
        each
        for units in desk.flow.scores.month(MONTH).groups.values()
        for each in units
        if each.unit == UNIT
    )
    good = figure(shown, "satisfaction")
    assert (shown.index, good.score) == (kept.index, kept.parts["satisfaction"])
    assert good.reading == kept.readings["satisfaction"]
    assert good.total == good.reading.denominator == 60
    bad = [row for row in good.rows if not row.counted]
    assert len(bad) == good.reading.denominator - good.reading.numerator == 3
    assert good.rows[:3] == tuple(bad), "what lowers a figure comes first"
    assert len(good.rows) == ROWS
    proved = {event.stream: event for event in shown.events}
    batch = f"batch/{good.rows[0].batch:08d}"
    read = door_of(desk.flow).read
    stored = read(
        lambda connection: facts.stored_rows(connection, "ratings", good.rows[0].batch)
    )
    assert proved[batch].count == len(stored)
    assert proved[batch].root == facts.root_of(stored)
    line = stored[good.rows[0].line - 1]
    assert (line["unit"], line["level"]) == (UNIT, good.rows[0].value)
    (published,) = read(
        lambda connection: history.read_stream(connection, f"score/{MONTH}")
    )
    assert proved[f"score/{MONTH}"].leaf == published.leaf.hex()
    assert shown.colored is not None
    assert shown.colored.color is not None


def test_no_key_text_or_name_of_a_persons_case_is_shown(desk: Desk) -> None:
    score_october(desk)
    whole = json.dumps(to_plain(desk.flow.scores.unit_month(UNIT, MONTH)))
    rows = door_of(desk.flow).read(
        lambda connection: facts.stored_rows(connection, "ratings", 1)
    )
    assert rows
    assert not [row for row in rows if row["transaction"] in whole]
    with desk.flow.snapshot() as now:
        page = page_of(f"why-{MONTH}-{UNIT}.html")(now)
    assert "10-500101-" not in str(page.values)


def test_each_edition_shows_the_rows_that_it_knew(desk: Desk) -> None:
    score_october(desk)
    late = list(ratings(10, UNIT, 70, 10))[60:]
    desk.flow.ratings.add(late, by=desk.office)
    first = desk.flow.scores.unit_month(UNIT, MONTH)
    assert figure(first, "satisfaction").total == 60
    desk.flow.scores.correct(
        f"score/{MONTH}", "补计迟到的评价", by=desk.office, second=desk.second,
        with_colors=True,
    )  # fmt: skip
    second = desk.flow.scores.unit_month(UNIT, MONTH)
    assert (second.edition, figure(second, "satisfaction").total) == (2, 70)
    again = desk.flow.scores.unit_month(UNIT, MONTH, 1)
    assert replace(again, editions=1) == first
    with desk.flow.snapshot() as now:
        page = page_of(f"why-{MONTH}-{UNIT}-edition-1.html")(now)
    leads = [file for file, _ in page.values["leads"]]
    assert f"why-{MONTH}-{UNIT}.html" in leads
    with pytest.raises(NotFound):
        desk.flow.scores.unit_month(UNIT, MONTH, 3)


def test_a_page_of_rows_takes_few_statements_however_many_rows_there_are(
    desk: Desk,
) -> None:
    score_october(desk)

    def taken(unit: str) -> int:
        with recorded(door_of(desk.flow).own) as texts, desk.flow.snapshot() as now:
            page_of(f"why-{MONTH}-{unit}.html")(now)
        return len(texts)

    few, many = taken("500103"), taken("500106")
    assert many <= few + 2
    assert many <= 20


def test_what_was_set_aside_is_said_of_its_row(desk: Desk) -> None:
    score_october(desk)
    desk.clock.set(at_hour(date(2023, 11, 10), 9))
    key = f"10-{UNIT}-0"
    set_aside(desk, key)
    desk.flow.scores.correct(
        f"score/{MONTH}", "认定不计", by=desk.office, second=desk.second
    )
    rows = figure(desk.flow.scores.unit_month(UNIT, MONTH), "satisfaction").rows
    assert [row.aside for row in rows].count(True) == 1
