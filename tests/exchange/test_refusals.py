"""What was refused is told beside, and comes in again once it is mended."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.exchange import lines
from huimin_flow.exchange.encoding import written
from huimin_flow.exchange.ratings import read_ratings
from huimin_flow.exchange.refusals import Refusals, unmarked

HEAD = "办件编号,单位,事项,渠道,评价,时间"


def test_a_file_without_refusals_leaves_nothing_beside(tmp_path: Path) -> None:
    source = tmp_path / "r.csv"
    source.write_text(HEAD + "\n", encoding="utf-8")
    with Refusals(source, written(source)) as beside:
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
    with Refusals(source, written(source)) as beside:
        beside.keep([(2, "为什么,\n“=”", False)])
    with beside.path.open(encoding="utf-8-sig", newline="") as file:
        _, told = csv.reader(file)
    assert told[:2] == ["2", "为什么,\n“=”"]
    assert not any(one[:1] in tuple("=+-@\t") for one in told[2:] if one)
    assert [unmarked(one) for one in told[2:]] == ["x", *map(unmarked, fields)]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_line_without_end_is_named_and_not_held(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 300)
    source = tmp_path / name
    head = f"{HEAD}\n" if name == "a.csv" else ""
    long = "x" * 10_000
    source.write_text(f"{head}{long}\n{long[:300]}\n{long}", encoding="utf-8")
    (portion,) = read_ratings(source)
    found = [(one.line, one.reason.code) for one in portion.refused]
    first = head.count("\n") + 1
    long_codes = [line for line, code in found if code == RatingCode.LINE_TOO_LONG]
    assert len(found) == 3
    assert {first, first + 2} <= set(long_codes)
    with source.open(encoding="utf-8") as file:
        assert max(len(one) for one in lines.bounded(file)) == 301


def test_an_object_that_has_a_key_twice_is_told_beside_as_it_was(
    tmp_path: Path,
) -> None:
    source = tmp_path / "r.jsonl"
    line = '{"transaction": "T1", "transaction": "T2"}'
    source.write_text(f"{line}\n", encoding="utf-8")
    with Refusals(source, written(source)) as beside:
        beside.keep([(1, "写了两次", False)])
    told = json.loads(beside.path.read_text("utf-8"))
    assert told == {"行": 1, "未收的原因": "写了两次", "原文": line}


def test_what_is_left_of_a_cell_over_two_lines_never_passes_for_a_record(
    tmp_path: Path,
) -> None:
    source = tmp_path / "r.csv"
    rest = "500101,startup_grant,app,满意,2026-02-11 10:00"
    source.write_text(f'{HEAD}\n"T\n1",{rest}\nT2,{rest}\n', encoding="utf-8")
    for path, lines_refused in ((source, [2, 3]), (tmp_path / "r.refused.csv", [2, 3])):
        (portion,) = read_ratings(path)
        assert [one.line for one in portion.refused] == lines_refused
        codes = {one.reason.code for one in portion.refused}
        assert codes == {RatingCode.LINE_UNREADABLE}
        with Refusals(path, written(path)) as beside:
            beside.keep([(one, "断开", False) for one in lines_refused])
