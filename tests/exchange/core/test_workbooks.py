"""Workbooks from outside: what they hide, and what they do to a reader."""

from __future__ import annotations

import tracemalloc
import warnings
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core import workbooks
from huimin_flow.exchange.executing.progress import read_sheet
from tests.exchange.executing.test_progress import NAMES, filled


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
            "XFD1048576:.*太远",
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
        # Rows and cells may leave out their names; the rows' own numbers count, and
        # a reader holds every row up to the farthest.
        (
            SHEET,
            b"</sheetData>",
            b'<row r="1048576"><c><v>1</v></c></row></sheetData>',
            "A1048576:.*太远",
        ),
        (
            SHEET,
            b"</sheetData>",
            b"<row>" + b"<c/>" * 256 + b"<c><v>1</v></c></row></sheetData>",
            "IW5:.*太远",
        ),
        (
            SHEET,
            b"</sheetData>",
            b'<row r="9"><c r="A70000"><v>1</v></c></row></sheetData>',
            "不是能打开的",
        ),
        (
            SHEET,
            b"</sheetData>",
            b'<row r="4"><c r="L4"><v>9</v></c></row></sheetData>',
            "不是能打开的",
        ),
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
        (r"A4:.*在隐藏", lambda one: setattr(one.row_dimensions[4], "hidden", True)),
        (
            "B3:.*在隐藏",
            lambda one: setattr(one.column_dimensions["B"], "hidden", 1),
        ),
        (
            "B3:.*在隐藏",
            lambda one: one.column_dimensions.group("B", "D", hidden=True),
        ),
        ("L4:L5:.*跨行合并", lambda one: one.merge_cells("L4:L5")),
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


@pytest.mark.parametrize(
    ("said", "old", "new"),
    [
        (r"A4:.*没有高度", b'<row r="4"', b'<row ht="0" customHeight="1" r="4"'),
        (r"A4:.*没有高度", b'<row r="4"', b'<row ht="0.1" r="4"'),
        (r"A1:.*没有高度", b"<sheetFormatPr ", b'<sheetFormatPr zeroHeight="1" '),
        (r"L3:.*没有宽度", b"<cols>", b'<cols><col min="12" max="12" width="0"/>'),
        (r"B3:.*没有宽度", b"<cols>", b'<cols><col min="2" max="12" width="0.1"/>'),
    ],
)
def test_rows_without_height_and_columns_without_width_hide_what_they_hold(
    said: str, old: bytes, new: bytes, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused, match=said):
        read_sheet(rezipped(filled(tmp_path, 1), SHEET, old, new))


def formatted(
    tmp_path: Path, value: object, code: str, column: str = "本月数值"
) -> Path:
    """Fill a sheet and give a cell of its row a number format."""
    path = filled(tmp_path, value if column == "本月数值" else 7)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    cell = sheet.cell(4, NAMES.index(column) + 1)
    if column != "本月数值":
        cell.value = value
    cell.number_format = code
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ('"5"', 7), (";;;", 7), ("0,", 5000), ('0"00"', 5), ("0%", 5), ('0"万"', 5),
        ("-0", 5), ("[>3]0;General", 5), ("0.00E+00", 5), ("#", 0), ("0;0;", 0),
        (';;;"5"', "7"), ('"1"@', "7"), ("h:mm", 5), ("0*5", 5), ("[$5-804]0", 5),
    ],
)  # fmt: skip
def test_a_figure_that_is_shown_otherwise_is_refused_by_its_cell(
    code: str, value: object, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused, match="L4:"):
        read_sheet(formatted(tmp_path, value, code))


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("0", 7), ("#,##0", 7), ("0.00", 7), ("@", 7), ('0"人"', 7), ("[Red]0", 7),
        ("#,##0_);(#,##0)", 7), ('General"件"', 7), ("0", "7"), ("@", "7"), ("#", 7),
        ('_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"??_ ;_ @_ ', 7),
    ],
)  # fmt: skip
def test_a_figure_that_is_shown_as_it_is_comes_in_whatever_stands_beside(
    code: str, value: object, tmp_path: Path
) -> None:
    (report,) = read_sheet(formatted(tmp_path, value, code)).reports
    assert report.value == 7


def test_nil_is_shown_as_a_dash_by_accountants(tmp_path: Path) -> None:
    code = '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"??_ ;_ @_ '
    assert read_sheet(formatted(tmp_path, 0, code)).reports[0].value == 0


def test_a_month_made_a_day_is_held_to_what_it_shows(tmp_path: Path) -> None:
    july = date(2023, 7, 1)
    path = formatted(tmp_path, july, "yyyy-mm", "月份")
    assert read_sheet(path).reports[0].month == "2023-07"
    path = formatted(tmp_path, july, '"2023-08"yyy;@', "月份")
    with pytest.raises(InputRefused, match="K4:"):
        read_sheet(path)


def test_a_figure_under_a_merged_cell_is_refused(tmp_path: Path) -> None:
    merged = b'<mergeCells count="1"><mergeCell ref="K4:L4"/></mergeCells>'
    old = b"<pageMargins"
    made = rezipped(filled(tmp_path, 7), SHEET, old, merged + old)
    with pytest.raises(InputRefused, match="L4:"):
        read_sheet(made)


def test_a_zero_is_refused_where_a_sheet_shows_none(tmp_path: Path) -> None:
    path = filled(tmp_path, 0)
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active.sheet_view.showZeros = False
    book.save(path)
    with pytest.raises(InputRefused, match="L4:"):
        read_sheet(path)


def test_a_condition_that_changes_what_is_shown_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, 7)
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode='"5"'))
    rule = Rule(type="expression", dxf=style, formula=["TRUE"])
    book.active.conditional_formatting.add("L4:L9", rule)
    book.save(path)
    with pytest.raises(InputRefused, match="L4:L9:"):
        read_sheet(path)


def test_another_sheet_may_be_formatted_as_it_likes(tmp_path: Path) -> None:
    path = filled(tmp_path, 7)
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("统计")
    other.cell(4, NAMES.index("本月数值") + 1, 5).number_format = "0%"
    other["A9"] = "=SUM(A1:A8)"
    other.row_dimensions[4].hidden = True
    book.save(path)
    assert [one.value for one in read_sheet(path).reports] == [7]


def test_a_part_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, 7)
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read(SHEET)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as parts:
        warnings.simplefilter("ignore")
        parts.writestr(SHEET, sheet.replace(b"<v>7</v>", b"<v>9</v>"))
    with pytest.raises(InputRefused, match="不是能打开的"):
        read_sheet(path)


def test_what_other_workbooks_hold_is_no_row_of_the_sheet(tmp_path: Path) -> None:
    """A link to another workbook keeps rows of several of its sheets in one part."""
    path = filled(tmp_path, 7)
    rows = '<sheetData sheetId="{}"><row r="1"><cell r="A1"/></row></sheetData>'
    text = f"<externalLink>{rows.format(0)}{rows.format(1)}</externalLink>"
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("xl/externalLinks/externalLink1.xml", text)
    assert [one.value for one in read_sheet(path).reports] == [7]


def test_a_first_sheet_that_nobody_sees_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, 7)
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active.sheet_state = "hidden"
    book.active = book.create_sheet("另一张")
    book.save(path)
    with pytest.raises(InputRefused, match=r"月度进展”是隐藏的"):
        read_sheet(path)


def test_a_month_in_full_width_digits_is_that_month(tmp_path: Path) -> None:
    path = filled(tmp_path, "7")
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    month = "2023-07".translate({ord(n): ord(n) + 0xFEE0 for n in "0123456789"})
    book.active.cell(4, NAMES.index("月份") + 1).value = month
    book.save(path)
    assert [one.month for one in read_sheet(path).reports] == ["2023-07"]
