"""Workbooks for Excel and WPS: how they look, and that texts stay texts."""

from __future__ import annotations

import io
from datetime import date

import openpyxl

from huimin_flow.exchange.core.tables import Grid, workbook


def test_a_workbook_opens_ready_to_be_read_filtered_and_printed() -> None:
    head = ("编号", "标题", "期限", "任务")
    rows = (
        ("2026-000001", "提供就业岗位100万个以上" * 9, date(2026, 12, 31), 12),
        ("2026-000002", "=1+1", "", "012"),
        ("2026-000003", "@x\nhttp://a.example", date(1, 1, 1), 10**16),
    )
    made = workbook([Grid(name="民生任务台账", head=head, rows=rows)])
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:D4")
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == (
        "$1:$1",
        "landscape",
    )
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    widths = [sheet.column_dimensions[name].width for name in "ABCD"]
    assert 12 < widths[0] < 20 < widths[1] <= 62
    assert {cell.font.name for row in sheet.rows for cell in row} == {"SimSun"}
    due = sheet["C2"]
    assert (due.value.date(), due.number_format) == (date(2026, 12, 31), "yyyy-mm-dd")
    assert (sheet["D2"].value, sheet["D3"].value) == (12, "012")
    kinds = {cell.data_type for row in sheet.rows for cell in row if cell.value}
    assert kinds == {"s", "d", "n"}, "no cell is a formula"
    assert [sheet["B3"].value, sheet["C4"].value, sheet["D4"].value] == [
        "=1+1",
        "0001-01-01",
        str(10**16),
    ]
