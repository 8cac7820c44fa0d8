"""Workbooks from outside: what they hide, and what they do to a reader."""

from __future__ import annotations

import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from huimin_flow.errors import InputRefused
from huimin_flow.exchange import workbooks
from huimin_flow.exchange.progress import read_sheet
from tests.exchange.test_progress import NAMES, filled


def rezipped(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Write a workbook anew with some bytes of one part replaced."""
    made = path.with_name("made.xlsx")
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(made, "w", 8) as out:
        assert part in parts.namelist()
        for one in parts.infolist():
            content = parts.read(one)
            if one.filename == part:
                assert old in content
                content = content.replace(old, new)
            out.writestr(one.filename, content)
    return made


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        # One cell far away makes a reader hold every cell up to it.
        (
            SHEET,
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
            "XFD1048576 太远",
        ),
        (
            SHEET,
            b"</sheetData>",
            b"<row>" + b"<c><v>1</v></c>" * 10_001 + b"</row></sheetData>",
            "太远",
        ),
        (
            "xl/theme/theme1.xml",
            b"</a:theme>",
            b" " * 60_000_000 + b"</a:theme>",
            "过大",
        ),
        (SHEET, b"<worksheet", b"<!DOCTYPE a><worksheet", "不安全"),
        # Rows and cells may leave out their names.
        (
            SHEET,
            b"</sheetData>",
            b"<row><c><f>1+1</f><v>2</v></c></row></sheetData>",
            "公式",
        ),
    ],
)
def test_a_hostile_workbook_is_refused_before_it_fills_the_memory(
    part: str,
    old: bytes,
    new: bytes,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "CELLS", 10_000)
    made = rezipped(filled(tmp_path, 1), part, old, new)
    tracemalloc.start()
    try:
        with pytest.raises(InputRefused, match=said):
            read_sheet(made)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_workbook_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = filled(tmp_path, 1).read_bytes()
    cut = tmp_path / "cut.xlsx"
    for length in range(0, len(whole), 97):
        cut.write_bytes(whole[:length])
        with pytest.raises(InputRefused, match="不是能打开的"):
            read_sheet(cut)


def test_a_workbook_with_a_spoilt_byte_never_says_another_figure(
    tmp_path: Path,
) -> None:
    path = filled(tmp_path, 1234567)
    whole, honest = path.read_bytes(), read_sheet(path)
    for place in range(0, len(whole), 53):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0x55
        path.write_bytes(spoilt)
        with suppress(InputRefused):
            assert read_sheet(path) == honest


def test_rows_and_columns_that_are_hidden_or_merged_are_refused_by_their_cell(
    tmp_path: Path,
) -> None:
    for name, change in (
        ("A4 在隐藏的行里", lambda one: setattr(one.row_dimensions[4], "hidden", True)),
        (
            "B3 在隐藏的列里",
            lambda one: setattr(one.column_dimensions["B"], "hidden", 1),
        ),
        (
            "B3 在隐藏的列里",
            lambda one: one.column_dimensions.group("B", "D", hidden=True),
        ),
        ("L4:L5 是跨行合并", lambda one: one.merge_cells("L4:L5")),
    ):
        path = filled(tmp_path, 1)
        book = openpyxl.load_workbook(path)
        change(book.active)
        book.save(path)
        with pytest.raises(InputRefused, match=name) as refused:
            read_sheet(path)
        assert refused.value.remedy


def test_what_is_merged_within_one_row_or_hidden_and_empty_is_no_matter(
    tmp_path: Path,
) -> None:
    path = filled(tmp_path, 7)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("A1:K1")
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["Z"].hidden = True
    book.save(path)
    assert [one.value for one in read_sheet(path).reports] == [7]


def test_a_first_sheet_that_nobody_sees_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, 7)
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active.sheet_state = "hidden"
    book.active = book.create_sheet("另一张")
    book.save(path)
    with pytest.raises(InputRefused, match="月度进展”是隐藏的"):
        read_sheet(path)


def test_a_month_in_full_width_digits_is_that_month(tmp_path: Path) -> None:
    path = filled(tmp_path, "7")
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    month = "2023-07".translate({ord(n): ord(n) + 0xFEE0 for n in "0123456789"})
    book.active.cell(4, NAMES.index("月份") + 1).value = month
    book.save(path)
    assert [one.month for one in read_sheet(path).reports] == ["2023-07"]
