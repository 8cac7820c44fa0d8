"""One reader of tables: whatever file they come in, the same rows come out."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import FileCode, RowCode
from huimin_flow.catalogue.terms import SheetColumn
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core import records, workbooks
from huimin_flow.exchange.core.portions import cells_of, portions
from huimin_flow.exchange.core.records import fields_of
from huimin_flow.exchange.core.sources import Source, heading
from huimin_flow.exchange.executing.progress import read_sheet
from huimin_flow.model.core.events import Reason

KNOWN = frozenset({"工单编号", "来电时间", "联系电话", "诉求内容", "key"})
HEAD = ["序号", "工单编号", "来电时间", "联系电话", "诉求内容"]
ROWS = [
    ["1", "GD0001", "2026-11-02 09:05:00", "13800138002", "甲镇停车难,\n请解决"],
    ["2", "GD0002", "2026-11-03 18:30:00", "13800138003", '说"社保卡"没有寄到;谢谢|完'],
]
ORDERS = Path(__file__).parents[2] / "data" / "orders.xls"


def read(path: Path) -> list[list[str]]:
    """Return the rows of a file that are no notes."""
    source = Source(path, KNOWN)
    return [
        fields_of(text)
        for _, text, _ in source.records()
        if text.strip(", \n") and not source.is_aside(text)
    ]


def delimited(sign: str) -> str:
    rows = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in ROWS]
    return "\n".join(sign.join(row) for row in [HEAD, *rows]) + "\n"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_text_table_is_read_whatever_its_encoding_and_delimiter(
    sign: str,
    encoding: str,
    packed: bool,  # noqa: FBT001 - drawn
    tmp_path: Path,
) -> None:
    data = delimited(sign).encode(encoding)
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(data) if packed else data)
    source = Source(path, KNOWN)
    assert (source.delimiter, list(source.head)) == (sign, HEAD)
    assert source.encoding is not None
    assert source.encoding.name == encoding
    assert read(path) == ROWS


def book(path: Path, *above: list[str], below: Sequence[Sequence[object]] = ()) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in [*above, HEAD, *ROWS, *below]:
        sheet.append(row)
    made.save(path)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_a_workbook_is_read_between_its_title_and_its_notes(
    packed: bool,  # noqa: FBT001 - drawn
    tmp_path: Path,
) -> None:
    below: Sequence[Sequence[object]] = [
        ["合计", 2],
        ["", "小计", 2],
        [None],
        list(HEAD),
        ["备注:系统导出"],
    ]
    path = book(tmp_path / "a.xlsx", ["工单导出表"], [], ["2026年11月"], below=below)
    if packed:
        path = tmp_path / "a.xlsx.gz"
        path.write_bytes(gzip.compress((tmp_path / "a.xlsx").read_bytes()))
    source = Source(path, KNOWN)
    assert (source.kind, source.line) == ("xlsx", 4)
    assert read(path) == ROWS


def test_an_old_workbook_is_read_and_a_ruined_number_is_seen() -> None:
    source = Source(ORDERS, KNOWN)
    assert (source.kind, list(source.head)) == ("xls", HEAD)
    rows = read(ORDERS)
    assert [row[1] for row in rows] == ["GD0001", "202611020001", "1.23457E+17"]
    assert rows[0][2:] == ["2026-11-02 09:05:00", "13800138002", "甲镇停车难\n请解决"]


def test_a_cell_keeps_what_a_spreadsheet_shows(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["key", "at", "id"])
    made.active.append(["=1+1", datetime(2026, 11, 2, 9, 5), 500101202611021034])  # noqa: DTZ001
    made.active["A2"].data_type = "s"
    made.save(tmp_path / "a.xlsx")
    ((_, text, _),) = Source(tmp_path / "a.xlsx", KNOWN).records()
    cells = cells_of(text, 3)
    assert cells == ["=1+1", "2026-11-02 09:05:00", "5.00101E+17"]


def test_headers_that_are_merged_over_two_rows_are_one(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["工单导出"])
    sheet.append(["工单编号", "来电", None, "诉求内容(必填)"])
    sheet.append([None, "来电时间", "联系电话"])
    for merged in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        sheet.merge_cells(merged)
    sheet.append(["GD1", "2026-11-02", "13800138000", "内容"])
    made.save(tmp_path / "a.xlsx")
    source = Source(tmp_path / "a.xlsx", KNOWN)
    head = ["工单编号", "来电时间", "联系电话", "诉求内容(必填)"]
    assert ([*source.head], source.line) == (head, 3)
    assert [number for number, _, _ in source.records()] == [4]
    sheet.append(["GD2"])
    sheet.merge_cells("A4:A5")
    made.save(tmp_path / "b.xlsx")
    with pytest.raises(InputRefused, match="跨行合并"):
        Source(tmp_path / "b.xlsx", KNOWN)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xls", b"<html><table>", FileCode.BOOK_IS_PAGE),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', FileCode.BOOK_IS_PAGE),
        ("a.xlsx", b"x,y\n", FileCode.BOOK_UNREADABLE),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, FileCode.BOOK_UNREADABLE),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") * 40,
            FileCode.BOOK_LOCKED,
        ),
        ("a.docx", b"PK", FileCode.KIND_UNKNOWN),
        (
            "a.csv.gz",
            gzip.compress(b"key\n1\n" * 99, mtime=0)[:-9],
            FileCode.PACKED_BROKEN,
        ),
        ("a.csv.gz", b"\x1f\x8bno", FileCode.PACKED_BROKEN),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_what_it_is(
    name: str, content: bytes, code: FileCode, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputRefused) as refused:
        Source(tmp_path / name, KNOWN)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_packed_file_is_unpacked_only_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records.unpacked, "__defaults__", (1,))
    monkeypatch.setattr(workbooks, "LARGEST", 1)
    for name, content in (
        ("a.csv.gz", b"key\n" + b"x" * 3_000_000),
        ("a.xlsx.gz", b"PK\x03\x04" + b"\0" * 3_000_000),
    ):
        (tmp_path / name).write_bytes(gzip.compress(content))
        with pytest.raises(InputRefused, match="超过"):
            Source(tmp_path / name, KNOWN)


def test_what_packs_far_better_than_a_table_is_refused_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PLAUSIBLE", 1)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"key\n" + b"x" * 3_000_000))
    with pytest.raises(InputRefused, match="超过1MB"):
        Source(path, KNOWN)


def test_a_sheet_that_is_not_read_is_named(tmp_path: Path) -> None:
    assert Source(ORDERS, KNOWN).reading["other_sheets"] == []
    made = openpyxl.Workbook()
    cover = made.active
    cover.title = "说明"
    cover.append(["本文件由系统导出"])
    for title in ("一月", "空表", "二月", "字典"):
        sheet = made.create_sheet(title)
        for row in [HEAD, *ROWS] if "月" in title else []:
            sheet.append(row)
    made["字典"].append(["=1+1"])
    made["字典"].sheet_state = "hidden"
    made.save(tmp_path / "a.xlsx")
    reading = Source(tmp_path / "a.xlsx", KNOWN).reading
    assert (reading["sheet"], reading["other_sheets"]) == ("一月", ["说明", "二月"])
    assert read(tmp_path / "a.xlsx") == ROWS


def test_a_name_in_the_wrong_clothes_is_read_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(delimited("\t").encode("utf-16"))
    assert read(tmp_path / "a.xls") == ROWS
    book(tmp_path / "b.xlsx").rename(tmp_path / "b.csv")
    assert read(tmp_path / "b.csv") == ROWS


def test_rows_that_are_no_records_are_counted_and_a_bad_row_is_not_among_them(
    tmp_path: Path,
) -> None:
    text = delimited(",") + "合计,2,,,\n,,,,\n说明一下这是坏行,x,y,z,w\n备注:导出,,,,\n"
    text += "注:本表由系统导出,,,,\n共2条,,,,\n注意事项很多,,,,\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    source = Source(tmp_path / "a.csv", KNOWN)

    def parse(record: str) -> list[str] | Reason:
        cells = cells_of(record, 5)
        bad = isinstance(cells, list) and not cells[0].isdigit()
        return Reason(code=RowCode.LINE_UNREADABLE) if bad else cells

    (portion,) = portions(source, parse, 100)
    assert (list(portion.facts), portion.passed) == (ROWS, 4)
    assert [row.line for row in portion.refused] == [7, 11]
    assert source.done == 1


def test_a_record_that_breaks_its_delimiter_is_no_record_with_commas(
    tmp_path: Path,
) -> None:
    text = 'key;来电时间\n1;a"b,c\n2;d\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (bad, good) = Source(tmp_path / "a.csv", KNOWN).records()
    assert isinstance(cells_of(bad[1], 2), Reason)
    assert cells_of(good[1], 2) == ["2", "d"]


CELLS = st.text(st.sampled_from('甲,;|\t"\n '), max_size=5)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=5), sign=st.sampled_from(",;\t|")
)
def test_a_table_with_any_delimiter_gives_the_cells_that_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], sign: str
) -> None:
    path = tmp_path_factory.mktemp("d") / "a.csv"
    quoted = [
        [f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows
    ]
    lines = [sign.join(row) for row in [["key", "工单编号"], *quoted]]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8", newline="")
    source = Source(path, KNOWN)
    assert [tuple(fields_of(text)) for _, text, _ in source.records()] == rows


def test_progress_reads_packed_files_and_other_delimiters_too(tmp_path: Path) -> None:
    names = [column.label for column in SheetColumn]
    row = dict.fromkeys(names, "")
    figures = {
        SheetColumn.ITEM: "2023-000001",
        SheetColumn.TASK: "T1",
        SheetColumn.INDICATOR: "候工区",
        SheetColumn.MONTH: "2023-07",
        SheetColumn.VALUE: "5",
    }
    row |= {column.label: text for column, text in figures.items()}
    text = "\t".join(names) + "\n" + "\t".join(row.values()) + "\n"
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(text.encode("utf-16")))
    (report,) = read_sheet(path).reports
    assert (report.item, report.value) == ("2023-000001", 5)


def test_a_json_line_is_a_record_as_it_is(tmp_path: Path) -> None:
    lines = io.StringIO()
    for row in ROWS:
        lines.write(json.dumps(dict(zip(HEAD, row, strict=True))) + "\n")
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines.getvalue().encode()))
    source = Source(path)
    assert (source.kind, heading("\u200b联系 电话*:")) == ("jsonl", "联系电话")
    assert [json.loads(text)["工单编号"] for _, text, _ in source.records()] == [
        "GD0001", "GD0002",
    ]  # fmt: skip
