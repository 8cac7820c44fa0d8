"""The progress sheet: written for clerks, read back with care."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import IndicatorKind, Pace, SheetColumn
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core import workbooks
from huimin_flow.exchange.core.parts import cell_name
from huimin_flow.exchange.executing.progress import read_sheet
from huimin_flow.exchange.executing.sheets import mark_of, writable, write_sheet
from huimin_flow.model.executing.plans import Progress, SheetLine

NAMES = [column.label for column in SheetColumn]
VALUE, OF = NAMES.index("本月数值"), NAMES.index("分母")


def line(**more: Any) -> SheetLine:
    usual: dict[str, Any] = {
        "item": "2023-000001", "item_title": "零工市场", "task": "T1",
        "task_title": "建设", "owner": "500101", "indicator": "候工区",
        "kind": IndicatorKind.FLOW, "measure": "处", "target": 10,
        "due": date(2023, 12, 31), "expected": 4, "actual": 3, "pace": Pace.BEHIND,
        "days": -23, "month": "2023-07", "report": None,
    }  # fmt: skip
    return SheetLine(**(usual | more))


def told(value: int, denominator: int | None = None, note: str = "") -> Progress:
    return Progress(
        item="2023-000001", task="T1", indicator="候工区", month="2023-07",
        value=value, denominator=denominator, note=note,
    )  # fmt: skip


def filled(tmp_path: Path, value: object, of: object = None) -> Path:
    """Write the sheet, then fill two cells as a clerk would in a spreadsheet."""
    path = tmp_path / "sheet.xlsx"
    path.unlink(missing_ok=True)
    write_sheet(path, [line()], "填报表")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(4, VALUE + 1).value = value
    sheet.cell(4, OF + 1).value = of
    book.save(path)
    return path


def test_the_sheet_comes_out_filled_with_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    write_sheet(path, [line(), line(report=told(7, 9, "备注"))], "2023-07 填报表")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert rows[0] == NAMES
    assert rows[1][:11] == [
        "2023-000001", "零工市场", "T1", "候工区", "累计量", "处", 10, 4, 3,
        "滞后 23 天", "2023-07",
    ]  # fmt: skip
    assert rows[1][VALUE] is None
    mark = mark_of(told(7, 9, "备注"))
    assert rows[2][VALUE:] == [7, 9, "备注", None, None, None, "手工", None, mark]
    assert sheet.protection.sheet
    assert not sheet.cell(4, VALUE + 1).protection.locked
    assert sheet.cell(4, 1).protection.locked


def test_the_members_of_a_set_stand_in_the_sheet_and_those_done_come_back(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sheet.xlsx"
    done = Progress(
        item="2023-000001", task="T1", indicator="候工区", month="2023-07",
        value=2, members=("社保补贴", "交通补助"),
    )  # fmt: skip
    whole = ("社保补贴", "交通补助", "职业介绍")
    kind = IndicatorKind.SET
    write_sheet(path, [line(kind=kind, members=whole, report=done)], "填报表")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.cell(4, NAMES.index("全部成员") + 1).value == ";".join(whole)
    assert sheet.cell(4, NAMES.index("全部成员") + 1).protection.locked
    assert read_sheet(path).reports == (done,)


def test_texts_never_become_formulas_or_links(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    write_sheet(path, [line(item_title="=1+1"), line(item_title="http://x.cn")], "=A1")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert cell.hyperlink is None


@given(st.lists(st.tuples(st.integers(0, 10**15 - 1), st.booleans()), max_size=6))
def test_what_was_told_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, figures: list[tuple[int, bool]]
) -> None:
    path = tmp_path_factory.mktemp("sheet") / "sheet.xlsx"
    reports = [told(value, 3 if of else None) for value, of in figures]
    write_sheet(path, [line(report=one) for one in reports], "填报表")
    assert read_sheet(path).reports == tuple(reports)


def test_rows_without_a_figure_are_counted_and_left_alone(tmp_path: Path) -> None:
    found = read_sheet(filled(tmp_path, None))
    assert (found.reports, found.blank) == ((), 1)


@pytest.mark.parametrize(
    "given", ["1,200", "\uff11\uff12\uff10\uff10", 1200, 1200.0, " 1200 "]
)
def test_a_whole_number_is_read_however_it_is_written(
    given: object, tmp_path: Path
) -> None:
    found = read_sheet(filled(tmp_path, given))
    assert found.reports == (told(1200),)
    assert found.places == ("L4",)


@pytest.mark.parametrize(
    "given",
    [
        "1,5",
        "10,5",
        "1,2,3",
        "1\uff0c5",
        "1,20",
        "约1200",
        -3,
        12.5,
        "12%",
        True,
        date(2023, 7, 1),
        "1e3",
        "\u00b2",
        10**15,
    ],
)
def test_what_is_no_whole_number_is_named_by_its_cell(
    given: object, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused, match="L4:"):
        read_sheet(filled(tmp_path, given))


def test_a_formula_is_refused_by_its_cell(tmp_path: Path) -> None:
    """Another program may have left its result out; then it would read as blank."""
    with pytest.raises(InputRefused, match=r"L4:.*是公式"):
        read_sheet(filled(tmp_path, "=6*7"))


def in_csv(tmp_path: Path, *rows: Sequence[str], encoding: str = "utf-8-sig") -> Path:
    path = tmp_path / "sheet.csv"
    head = "事项编号,任务编号,指标,月份,本月数值,分母"
    text = "\n".join([head, *(",".join(row) for row in rows)]) + "\n"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    row = ("2023-000001", "T1", "候工区", "2023-07", "5", "")
    assert read_sheet(in_csv(tmp_path, row, encoding=encoding)).reports == (told(5),)


def test_a_csv_that_breaks_off_within_its_last_figure_is_refused(
    tmp_path: Path,
) -> None:
    path = in_csv(tmp_path, ("2023-000001", "T1", "候工区", "2023-07", "5", "77"))
    whole = path.read_bytes()
    for cut in (whole[:-1], whole[:-2]):
        path.write_bytes(cut)
        with pytest.raises(InputRefused, match="不是完整的 CSV"):
            read_sheet(path)


def test_a_row_as_the_sheet_came_with_it_is_told_from_one_filled_in(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sheet.xlsx"
    known = [told(5), told(7, 9, "备注"), told(6)]
    write_sheet(path, [line(report=one) for one in known], "填报表")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(6, VALUE + 1).value = 8
    book.save(path)
    filled_in = read_sheet(path)
    assert filled_in.untouched == ("L4", "L5,M5")
    assert filled_in.touched().reports == (told(8),)
    assert filled_in.touched().places == ("L6",)


def test_every_wrong_cell_is_named_at_once(tmp_path: Path) -> None:
    row = ("2023-000001", "T1", "候工区", "2023-07")
    with pytest.raises(InputRefused) as refused:
        read_sheet(in_csv(tmp_path, (*row, "甲", ""), (*row, "5", "乙")))
    assert [one[:2] for one in str(refused.value).splitlines()] == ["E2", "F3"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"", "不是能打开的 xlsx"),
        ("a.xlsx", b"PK\x03\x04 broken", "不是能打开的 xlsx"),
        ("a.ods", b"x", "不支持的文件"),
        ("a.csv", b"", "没有表头"),
        ("a.csv", "事项编号,月份\n".encode(), "没有表头"),
        ("a.csv", "事项编号,任务编号,指标,月份,本月数值,月份\n".encode(), "列重复"),
        ("a.csv", b"\xff\xff\xff", "编码"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_a_sentence(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputRefused, match=said) as refused:
        read_sheet(tmp_path / name)
    assert refused.value.remedy


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(tmp_path, 1)
    monkeypatch.setattr(workbooks, "UNPACKED", 0)
    with pytest.raises(InputRefused, match="过大"):
        read_sheet(path)


@given(st.integers(1, 99), st.integers(0, 800))
def test_cells_are_named_as_spreadsheets_name_them(row: int, column: int) -> None:
    assert cell_name(row, column) == openpyxl.utils.cell.get_column_letter(
        column + 1
    ) + str(row)


def test_an_error_value_is_refused_by_its_cell(tmp_path: Path) -> None:
    """A reader of values would give it as blank, and the row as not filled."""
    path = filled(tmp_path, 1)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    cell = sheet.cell(4, VALUE + 1)
    cell.value = "#REF!"
    cell.data_type = "e"
    book.save(path)
    with pytest.raises(InputRefused, match=r"L4:.*是错误值"):
        read_sheet(path)


def test_a_row_that_lacks_the_figure_alone_is_named(tmp_path: Path) -> None:
    row = ("2023-000001", "T1", "候工区", "2023-07", "")
    with pytest.raises(InputRefused, match="E2:填了分母") as refused:
        read_sheet(in_csv(tmp_path, (*row, "9"), (*row, "")))
    assert len(str(refused.value).splitlines()) == 1
    path = filled(tmp_path, None)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(4, NAMES.index("备注") + 1).value = "下月补报"
    book.save(path)
    with pytest.raises(InputRefused, match="L4:填了备注"):
        read_sheet(path)


@pytest.mark.parametrize(
    ("given", "month"),
    [("2023-07", "2023-07"), ("2023-07-01", "2023-07"), ("2023-071", "2023-071")],
)
def test_a_month_is_read_whole(given: str, month: str, tmp_path: Path) -> None:
    row = ("2023-000001", "T1", "候工区", given, "5", "")
    assert read_sheet(in_csv(tmp_path, row)).reports[0].month == month


def test_a_table_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huimin_flow.exchange.core import sources

    monkeypatch.setattr(sources, "LARGEST", 0)
    with pytest.raises(InputRefused, match="超过"):
        read_sheet(in_csv(tmp_path))


@pytest.mark.parametrize(
    ("name", "said"),
    [("none/c.xlsx", "不存在"), ("", "是目录"), ("c.csv", "只能写成 .xlsx")],
)
def test_a_place_for_no_sheet_is_refused_and_left_as_it_was(
    name: str, said: str, tmp_path: Path
) -> None:
    for write in (writable, lambda path: write_sheet(path, [line()], "填报表")):
        with pytest.raises(InputRefused, match=said) as refused:
            write(tmp_path / name)
        assert refused.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputRefused, match="磁盘已满"):
        write_sheet(tmp_path / "c.xlsx", [line()], "填报表")
    assert list(tmp_path.iterdir()) == []


def test_where_a_disk_is_full_nothing_but_the_sentence_is_said(tmp_path: Path) -> None:
    """A library that closes its file while it is collected prints a traceback."""
    program = """
import resource, signal, sys
from pathlib import Path
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.executing.sheets import write_sheet
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    write_sheet(Path(sys.argv[1]), [], "x" * 100)
except InputRefused as refusal:
    sys.exit(f"refused: {refusal.code}")
"""
    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "c.xlsx")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.stderr, said.stdout) == ("refused: file_not_written\n", "")
    assert list(tmp_path.iterdir()) == []


def test_what_lies_in_its_place_stays_and_the_sheet_gets_a_number(
    tmp_path: Path,
) -> None:
    path = filled(tmp_path, 7)
    content = path.read_bytes()
    assert write_sheet(path, [line()], "填报表") == tmp_path / "sheet-2.xlsx"
    assert write_sheet(path, [line()], "填报表") == tmp_path / "sheet-3.xlsx"
    assert path.read_bytes() == content
    assert read_sheet(tmp_path / "sheet-3.xlsx").blank == 1


def test_a_row_of_totals_is_told_from_the_sheets_own(tmp_path: Path) -> None:
    row = ("2023-000001", "T1", "候工区", "2023-07", "5", "")
    with pytest.raises(InputRefused, match=r"A3:.*没有事项编号") as refused:
        read_sheet(in_csv(tmp_path, row, ("", "", "合计", "", "5", "")))
    assert "合计" in refused.value.remedy


def test_a_csv_with_a_quote_without_end_is_refused_by_its_line(tmp_path: Path) -> None:
    row = ("2023-000001", "T1", "候工区", "2023-07", "5", "")
    path = in_csv(tmp_path, row, ("2023-000001", '"T1', *row[2:]), row)
    with pytest.raises(InputRefused, match="第3行的引号"):
        read_sheet(path)


def test_of_many_wrong_cells_the_first_are_named_and_all_are_counted(
    tmp_path: Path,
) -> None:
    row = ("2023-000001", "T1", "候工区", "2023-07", "甲", "")
    with pytest.raises(InputRefused) as refused:
        read_sheet(in_csv(tmp_path, *[row] * 25))
    said = str(refused.value).splitlines()
    assert (len(said), said[19][:4], said[20]) == (21, "E21:", "……共25处")
    assert refused.value.remedy == "请改正后重新导入;这次什么也没有记入"
