"""What was refused is told beside, and comes in again once it is mended."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import RatingCode, Reason, RowCode, spoken
from huimin_flow.exchange.core import portions, records
from huimin_flow.exchange.core.cells import unmarked
from huimin_flow.exchange.core.refusals import Refusals
from huimin_flow.exchange.services.ratings import read_ratings, source_of_ratings
from huimin_flow.model.core.events import RefusedRow

HEAD = "办件编号,单位,事项,渠道,评价,时间"


def test_a_file_without_refusals_leaves_nothing_beside(tmp_path: Path) -> None:
    source = tmp_path / "r.csv"
    source.write_text(HEAD + "\n", encoding="utf-8")
    with Refusals(source_of_ratings(source)) as beside:
        beside.keep([])
    assert not beside.path.exists()


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"))))
def test_every_field_comes_back_as_it_was_however_a_spreadsheet_would_run_it(
    tmp_path_factory: pytest.TempPathFactory, fields: list[str]
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(["x", *fields])
    source = tmp_path_factory.mktemp("r") / "r.csv"
    source.write_text(f"{HEAD}\n{out.getvalue()}", encoding="utf-8", newline="")
    if len(source.read_text("utf-8").splitlines()) != 2:
        return  # other marks that end a line
    with Refusals(source_of_ratings(source)) as beside:
        values = {"given": "=1,\n“=”"}
        reason = Reason(code=RatingCode.UNKNOWN_ITEM, values=dict(values))
        beside.keep([RefusedRow(line=2, reason=reason)])
    with beside.path.open(encoding="utf-8-sig", newline="") as file:
        _, told = csv.reader(file)
    assert told[:2] == ["2", spoken(reason)]
    assert not any(one[:1] in tuple("=+-@\t") for one in told[2:] if one)
    assert [unmarked(one) for one in told[2:]] == ["x", *map(unmarked, fields)]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_line_without_end_is_named_and_not_held(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST", 300)
    monkeypatch.setattr(portions, "LONGEST", 300)
    source = tmp_path / name
    head = f"{HEAD}\n" if name == "a.csv" else ""
    long = "x" * 10_000
    source.write_text(f"{head}{long}\n{long[:300]}\n{long}", encoding="utf-8")
    (portion,) = read_ratings(source_of_ratings(source))
    found = [(one.line, one.reason.code) for one in portion.refused]
    first = head.count("\n") + 1
    long_codes = [line for line, code in found if code == RowCode.LINE_TOO_LONG]
    assert len(found) == 3
    assert {first, first + 2} <= set(long_codes)
    with source.open(encoding="utf-8") as file:
        assert max(len(one) for one in records.bounded(file, None)) == 301


def test_an_object_that_has_a_key_twice_is_told_beside_as_it_was(
    tmp_path: Path,
) -> None:
    source = tmp_path / "r.jsonl"
    line = '{"transaction": "T1", "transaction": "T2"}'
    source.write_text(f"{line}\n", encoding="utf-8")
    with Refusals(source_of_ratings(source)) as beside:
        reason = Reason(code=RowCode.LINE_UNREADABLE)
        beside.keep([RefusedRow(line=1, reason=reason)])
    told = json.loads(beside.path.read_text("utf-8"))
    assert told == {"行": 1, "未收的原因": spoken(reason), "原文": line}


REST = "500101,startup_grant,app,满意,2026-02-11 10:00"


def refused_again(path: Path) -> list[tuple[int, str]]:
    """Keep what a file's reader refuses, and return it."""
    refused = [
        row
        for portion in read_ratings(source_of_ratings(path))
        for row in portion.refused
    ]
    with Refusals(source_of_ratings(path)) as beside:
        beside.keep(refused)
    return [(row.line, str(row.reason.code)) for row in refused]


def test_a_record_of_several_lines_is_told_beside_as_one_and_comes_in_once_mended(
    tmp_path: Path,
) -> None:
    source = tmp_path / "r.csv"
    comment = f'"太慢了\n=T9,{REST},\n他说""谢谢"""'
    head = f"{HEAD},评价内容\n"
    source.write_text(f"{head}T1,{REST[:-1]}x,{comment}\nT2,{REST},好\n", "utf-8")
    assert refused_again(source) == [(2, RowCode.TIME_UNREADABLE)]
    beside = tmp_path / "r.refused.csv"
    text = beside.read_text("utf-8-sig")
    assert refused_again(beside) == [(2, RowCode.TIME_UNREADABLE)]
    beside.write_text(text.replace("10:0x", "10:00"), "utf-8")
    (portion,) = read_ratings(source_of_ratings(beside))
    assert ([one.transaction for one in portion.facts], portion.lines) == (
        ["T1"],
        [2],
    )
    with beside.open(encoding="utf-8", newline="") as file:
        _, row = csv.reader(file)
    assert row[-1] == f'太慢了\n=T9,{REST},\n他说"谢谢"'


def test_what_an_open_quote_swallows_is_told_beside_and_never_passes_for_a_record(
    tmp_path: Path,
) -> None:
    source = tmp_path / "r.csv"
    rows = [f"T{k},{REST}" for k in (2, 3, 4)]
    rows.insert(1, f'"T9,{REST}')
    source.write_text("\n".join([HEAD, *rows, ""]), "utf-8")
    swallowed = [(line, RowCode.LINE_IN_QUOTES) for line in (3, 4, 5)]
    assert refused_again(source) == swallowed
    beside = tmp_path / "r.refused.csv"
    with beside.open(encoding="utf-8-sig", newline="") as file:
        assert [row[2] for row in csv.reader(file)][1:] == rows[1:]
    again = [(line, RowCode.LINE_MISSHAPED) for line in (2, 3, 4)]
    assert refused_again(beside) == again
