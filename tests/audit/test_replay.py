"""Any stream replays into its very row; what disagrees is named with its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from huimin_flow.audit.replay import Replay, replay, streams
from huimin_flow.catalogue.terms import Flaw, State
from huimin_flow.errors import NotFound
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.reports.core.histories import event_lines
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core.tables import METADATA
from huimin_flow.testing import Desk
from tests.audit.conftest import Edit
from tests.ratings import some
from tests.shell.terminal import Terminal

ITEM = "item/2023-000001"


def test_every_kind_of_stream_of_the_demo_replays_into_its_row(played: Path) -> None:
    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}") as flow:
        first = {one.partition("/")[0]: one for one in door_of(flow).read(streams)}
        assert set(first) >= {
            "item", "list", "deliberation", "assessment", "batch", "followup",
            "rulebook", "score", "colors", "ranking", "job", "attachment",
            "progress_call", "progress_chase",
        }  # fmt: skip
        for stream in first.values():
            done = door_of(flow).read(
                partial(replay, stream=stream, shelf=door_of(flow).shelf)
            )
            assert done.findings == (), stream
            assert done.count == len(done.events) > 0
            for one in event_lines(done.events):
                assert any("\u4e00" <= mark <= "\u9fff" for mark in one.step), one


def test_a_later_batch_of_a_month_replays_with_what_came_before_it(
    desk: Desk,
) -> None:
    for first in (0, 20, 40):
        desk.flow.ratings.add(some(first + 20)[first:], by=desk.office)
    for stream in door_of(desk.flow).read(streams):
        assert door_of(desk.flow).read(partial(replay, stream=stream)).findings == (), (
            stream
        )


@pytest.fixture
def edited(hand: Connection, edit: Edit) -> Callable[..., Replay]:
    """Edit the one life by hand, replay a stream."""

    def look(statement: str, stream: str = ITEM) -> Replay:
        edit(statement)
        return replay(hand, stream)

    return look


def changed(table: str, column: str, make: str) -> str:
    kind = str(METADATA.tables[table].columns[column].type)
    if kind == "BLOB":
        lead = "x'00'" if make == "sqlite" else "decode('00', 'hex')"
        return f"{lead} || {column}"
    if kind in {"BIGINT", "INTEGER"}:
        return f"COALESCE({column}, 0) + 1000"
    return f"COALESCE({column}, '') || 'x'"


@pytest.mark.parametrize("column", list(METADATA.tables["huimin_event"].columns.keys()))
def test_an_edited_column_of_an_event_is_named(
    column: str, edited: Callable[..., Replay], hand: Connection
) -> None:
    value = changed("huimin_event", column, hand.dialect.name)
    done = edited(
        f"UPDATE huimin_event SET {column} = {value} WHERE stream = '{ITEM}' AND n = 3"
    )
    places = [one.place for one in done.findings]
    assert any(one.startswith(f"{ITEM} #") for one in places)
    if column not in {"stream", "n", "leaf", "header"}:
        assert f"{ITEM} #3 {column}" in places


@pytest.mark.parametrize("column", list(METADATA.tables["huimin_item"].columns.keys()))
def test_an_edited_column_of_an_item_is_named(
    column: str, edited: Callable[..., Replay], hand: Connection
) -> None:
    value = changed("huimin_item", column, hand.dialect.name)
    done = edited(f"UPDATE huimin_item SET {column} = {value}")
    suffix = "" if column == "number" else f" {column}"
    assert [one.place for one in done.findings] == [f"huimin_item 2023-000001{suffix}"]


@pytest.mark.parametrize(
    "column", list(METADATA.tables["huimin_record"].columns.keys())
)
def test_an_edited_column_of_a_record_is_named(
    column: str, edited: Callable[..., Replay], hand: Connection
) -> None:
    stream = next(one for one in streams(hand) if one.startswith("assess"))
    value = changed("huimin_record", column, hand.dialect.name)
    done = edited(
        f"UPDATE huimin_record SET {column} = {value} WHERE key = '{stream}'", stream
    )
    suffix = "" if column == "key" else f" {column}"
    assert [one.place for one in done.findings] == [f"huimin_record {stream}{suffix}"]


@pytest.mark.parametrize("table", ["huimin_appeal", "huimin_appeal_text"])
def test_an_edited_fact_of_a_batch_is_named(
    table: str, edited: Callable[..., Replay], hand: Connection
) -> None:
    column = "sealed" if table.endswith("text") else "district"
    value = changed(table, column, hand.dialect.name)
    done = edited(
        f"UPDATE {table} SET {column} = {value} WHERE line = 2", "batch/00000001"
    )
    assert done.findings


@pytest.mark.parametrize("n", [1, 4, 9])
def test_an_event_that_was_taken_out_is_named_wherever_it_stood(
    n: int, edited: Callable[..., Replay]
) -> None:
    done = edited(f"DELETE FROM huimin_event WHERE stream = '{ITEM}' AND n = {n}")
    assert done.findings


BROKEN = {
    "no JSON": "x'7b00'",
    "not UTF-8": "x'ff00ff'",
    "a list": "x'5b5d'",
    "nothing": "x''",
    "wrong types": 'CAST(REPLACE(CAST(header AS TEXT), \'"n":3\', \'"n":"3"\') AS BLOB)',
    "a bare year": 'CAST(REPLACE(CAST(header AS TEXT), \'"at":"2\', \'"at":"x\') AS BLOB)',
    "a verdict of text": 'CAST(REPLACE(CAST(header AS TEXT), \'"verdict":{\', \'"verdict":{"x":1,\') AS BLOB)',
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_header_is_a_named_finding_on_the_screen(
    kind: str,
    file_desk: Desk,
    file_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file_desk.bring(State.ADJUSTED)
    file = tmp_path / "huimin.db"
    assert file_url.endswith(str(file))
    with sqlite3.connect(file) as connection:
        statement = f"UPDATE huimin_event SET header = {BROKEN[kind]}"
        connection.execute(f"{statement} WHERE stream = ? AND n = 3", (ITEM,))
    connection.close()
    said = Terminal(capsys, str(file))("audit", "replay", "2023-000001")
    assert said.code == 1
    assert said.err == ""
    assert f"{ITEM} #3" in said.out
    everything = Terminal(capsys, str(file))("audit", "replay", "--all", "--json")
    assert everything.code == 1
    assert any(one["place"].startswith(ITEM) for one in everything.value["findings"])


@pytest.mark.parametrize("column", ["header", "leaf"])
def test_bytes_that_became_a_text_are_named_though_they_read_the_same(
    column: str, file_desk: Desk, tmp_path: Path
) -> None:
    file_desk.bring(State.ADJUSTED)
    with sqlite3.connect(tmp_path / "huimin.db") as connection:
        connection.execute(
            f"UPDATE huimin_event SET {column} = CAST({column} AS TEXT)"
            " WHERE stream = ? AND n = 3",
            (ITEM,),
        )
    connection.close()
    done = door_of(file_desk.flow).read(partial(replay, stream=ITEM))
    assert any(
        one.flaw is Flaw.COLUMN_MISMATCH
        and one.place.startswith(f"{ITEM} #3 {column} ")  # and which row it is
        for one in done.findings
    )


def test_a_replay_says_each_step_in_words_and_agrees(
    file_desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file_desk.bring(State.ADJUSTED)
    terminal = Terminal(capsys, str(tmp_path / "huimin.db"))
    said = terminal("audit", "replay", "2023-000001")
    assert said.code == 0
    assert "与现状一致" in said.out
    assert "已采集 → 已筛选" in said.out
    assert "得分" in said.out
    told = terminal("audit", "replay", "2023-000001", "--json").value
    assert told["same"]
    assert told["row"]["state"] == "adjusted"
    assert len(told["steps"]) == told["events"]
    assert terminal("audit", "replay", "--all").code == 0


def test_a_batch_of_ratings_agrees_alone_with_the_sums_of_those_before_it(
    desk: Desk,
) -> None:
    every = some(60)
    for part in (every[:20], every[20:40], every[40:]):
        desk.flow.ratings.add(part, by=desk.office)
    for stream in door_of(desk.flow).read(streams):
        assert door_of(desk.flow).read(partial(replay, stream=stream)).findings == (), (
            stream
        )


def test_a_batch_replayed_alone_names_a_total_that_was_edited(
    desk: Desk, url: str
) -> None:
    for part in (some(40)[:20], some(40)[20:]):
        desk.flow.ratings.add(part, by=desk.office)
    host = engines.open_engine(url)
    with host.begin() as connection:
        edit = "UPDATE huimin_rating_month SET total = total + 1 WHERE batch = 2"
        assert connection.execute(text(edit)).rowcount >= 1
    host.dispose()
    done = door_of(desk.flow).read(partial(replay, stream="batch/00000002"))
    assert [one.flaw for one in done.findings] == [Flaw.ROLLUP_MISMATCH]


def test_a_name_without_history_is_refused_with_what_names_there_are(
    file_desk: Desk,
) -> None:
    with pytest.raises(NotFound) as refused:
        door_of(file_desk.flow).read(partial(replay, stream="item/1999-000001"))
    assert "--all" in refused.value.remedy
