"""Frames of polars and pandas have the figures of the pages, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest

from examples.frames import read
from examples.frames.read import Table, in_pandas, in_polars, table, tables
from huimin_flow import tick
from huimin_flow.api import Item, MonthlyScore, Rating, RatingLevel, Snapshot, State
from huimin_flow.clock import at_hour
from huimin_flow.reports import pages
from huimin_flow.reports.listings import items_page
from huimin_flow.reports.services.follow_ups import month_tables, rated_lines
from huimin_flow.testing import UNIT, Desk
from tests.test_docs import DOCS, blocks

MONTH = "2023-10"


@pytest.fixture
def scored(desk: Desk) -> Desk:
    """A month with ratings of two units, a report, appeals, scores and colors."""
    flow, begun = desk.flow, datetime(2023, 10, 2, 2, tzinfo=UTC)
    desk.clock.set(at_hour(date(2023, 10, 27), 10))
    for unit, bad in ((UNIT, 7), ("500102", 11)):
        ratings = [
            Rating(
                transaction=f"{unit}-{n}", unit=unit, item="startup_grant",
                channel="app", at=begun + timedelta(minutes=n), who=f"c{n}",
                level=RatingLevel.SATISFIED if n % bad else RatingLevel.DISSATISFIED,
            )
            for n in range(60)
        ]  # fmt: skip
        flow.ratings.add(ratings, by=desk.office)
    desk.link_appeals(desk.collect().number, 30)
    desk.report(desk.bring(State.ASSIGNED).number)
    desk.clock.set(at_hour(date(2023, 11, 20), 19))
    tick(flow)
    return desk


def cells(frame: pl.DataFrame | pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as plain values, whatever made it."""
    if isinstance(frame, pl.DataFrame):
        return frame.to_dicts()
    names = [str(name) for name in frame.columns]
    rows = [dict(zip(names, row, strict=True)) for row in frame.itertuples(index=False)]
    return [
        {name: None if pd.isna(cell) else cell for name, cell in row.items()}
        for row in rows
    ]


FRAMES = (in_polars, in_pandas)
Frame = Callable[[Table], Any]


@pytest.mark.parametrize("frame", FRAMES)
def test_frames_have_the_figures_of_the_pages(scored: Desk, frame: Frame) -> None:
    with scored.flow.snapshot() as now:
        made = {name: cells(frame(each)) for name, each in tables(now, MONTH).items()}
        scores_and_colors(now, made)
        ratings_and_follow_ups(now, made)
        items(now, made)


def scores_and_colors(now: Snapshot, made: dict[str, list[dict[str, Any]]]) -> None:
    page = pages.month_page(now, MONTH).values  # noqa: PD011 - no frame
    lines = {line.code: line for group in page["groups"] for line in group.lines}
    scores = {row["groups.unit"]: row for row in made["scores"]}
    colors = {row["groups.unit"]: row for row in made["colors"]}
    assert colors.keys() == lines.keys() == scores.keys()
    assert any(line.index for line in lines.values())
    for code, line in lines.items():
        index = scores[code]["groups.index"]
        assert index is None if line.index is None else isinstance(index, Decimal)
        assert line.index == (None if index is None else str(index))
        assert (colors[code]["groups.color"] or "none") == line.color
        word = colors[code]["groups.color.label"]
        assert (word or scores[code]["groups.standing.label"]) == line.word
    keys = [
        each.key for each in now.rulebook.active().scoring.index.indicators
    ]  # the columns of the page
    parts = {
        (row["groups.unit"], row["groups.parts"]): row["groups.parts.value"]
        for row in made["parts"]
    }
    assert len(parts) == sum(text != "—" for line in lines.values()
                             for text, _, _ in line.parts)  # fmt: skip
    (month,) = now.scores.months(MONTH, MONTH)
    kept = {unit.unit: unit.parts for group in month.groups.values() for unit in group}
    assert parts == {
        (code, key): Decimal(text)
        for code, own in kept.items()
        for key, text in own.items()
    }
    for line in lines.values():
        for key, (text, _, _) in zip(keys, line.parts, strict=True):
            part = parts.get((line.code, key))
            assert text == ("—" if part is None else f"{float(part):.1f}")


def ratings_and_follow_ups(
    now: Snapshot, made: dict[str, list[dict[str, Any]]]
) -> None:
    *services, whole = rated_lines({MONTH: now.ratings.by_service(MONTH)}, {})
    assert [line.whole for line in services] == [
        f"{row['ratings']}/{row['bad']}" for row in made["services"]
    ]
    rated = {
        row["of"]: [row[f"levels.{level}"] or 0 for level in RatingLevel]
        for row in made["ratings"]
    }
    assert rated.keys() == {UNIT, "500102"}
    assert whole.whole.startswith(f"{sum(map(sum, rated.values()))}/")
    bad, answered, called = month_tables({MONTH: now.ratings.follow_ups(MONTH)}, {})
    for row in made["follow_ups"]:
        shown = [
            next(line.whole for line in each.lines if line.code == row["unit"])
            for each in (bad, answered, called)
        ]
        shares = [
            f"{row[f'{name}.part']}/{row[f'{name}.whole']}"
            for name in ("answered_on_time", "called_back")
        ]
        shares = ["—" if share.endswith("/0") else share for share in shares]
        assert shown == [str(row["bad"]), *shares]
    assert len(bad.lines) == len(made["follow_ups"]) + 1


def items(now: Snapshot, made: dict[str, list[dict[str, Any]]]) -> None:
    groups = items_page(now).values["groups"]  # noqa: PD011 - no frame
    names = now.rulebook.active().organization.names
    shown = sorted(
        (str(ref), title, state, area, unit, stars)
        for _, lines in groups
        for ref, title, state, area, unit, stars, _ in lines
    )
    assert shown == sorted(
        (row["number"], row["title"], row["state.label"], row["area.label"],
         names[row["unit"]], row["stars"] or "")
        for row in made["items"]
    )  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_a_month_without_anything_has_the_same_columns(
    desk: Desk, frame: Frame
) -> None:
    with desk.flow.snapshot() as now:
        for name, each in tables(now, "2023-01").items():
            made = frame(each)
            assert list(made.columns) == list(each.columns), name
            assert len(made) == len(each.rows) == 0


def test_the_types_of_columns_are_those_of_their_values(scored: Desk) -> None:
    with scored.flow.snapshot() as now:
        empty = table([], Item)
        whole = tables(now, MONTH)["items"]
        scores = tables(now, MONTH)["scores"]
    assert in_polars(empty).schema == in_polars(whole).schema
    assert list(in_pandas(empty).dtypes) == list(in_pandas(whole).dtypes)
    nothing = table([], MonthlyScore, "groups")
    assert in_polars(nothing).schema == in_polars(scores).schema
    assert in_polars(scores).schema["groups.index"] == pl.Decimal(38, 2)


def test_the_script_prints_the_frames(
    scored: Desk, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del scored
    read.main(url, MONTH)
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("scores", "follow_ups", "已分解"))


def test_the_how_to_runs(scored: Desk, url: str) -> None:
    del scored
    page = DOCS / "how-to" / "read-into-frames.md"
    program = "\n".join(blocks(page, "python"))
    assert "sqlite:///huimin.db" in program
    program = program.replace("sqlite:///huimin.db", url)
    room: dict[str, Any] = {}
    exec(compile(program, page.name, "exec"), room)  # noqa: S102 - the page itself
    assert len(room["rows"]) > 0
    assert [each for each in room["index"] if each]
