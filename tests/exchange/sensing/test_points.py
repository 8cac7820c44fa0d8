"""Tables of direct-report points, and the points that rows of appeals name (A2)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from huimin_flow.catalogue.reasons import FileCode, RowCode
from huimin_flow.catalogue.terms import PointLevel
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.tables import Grid, workbook
from huimin_flow.exchange.sensing.points import read_points

ROWS = (
    ("甲点", "区县", "万州区", "head-500101", "2026年3月2日"),
    ("乙点", "镇", "万州区高笋塘街道", "", ""),
    ("丙点", "社区", "高笋塘街道某某社区", "", "2026/3/3"),
    ("丁点", "省级", "万州区", "", ""),
    ("戊点", "区县", "万州区", "", "不久前"),
)
HEAD = ("直报点名称*", "级 别", "所在地点", "负责岗位", "开设日期(年月日)")


@pytest.mark.parametrize("kind", ["csv", "gb18030", "xlsx"])
def test_a_table_of_points_is_read_whatever_file_it_is(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"points.{'xlsx' if kind == 'xlsx' else 'csv'}"
    if kind == "xlsx":
        path.write_bytes(workbook([Grid(name="点", head=HEAD, rows=ROWS)]))
    else:
        lines = [",".join(row) for row in (HEAD, *ROWS, ("合计", "5", "", "", ""))]
        code = "utf-8-sig" if kind == "csv" else kind
        path.write_bytes("\r\n".join([*lines, ",,,,", ""]).encode(code))
    read = list(read_points(path))
    assert [line.line for line in read] == [2, 3, 4, 5, 6]
    entries = [line.entry for line in read[:3] if line.entry]
    assert [each.level for each in entries] == list(PointLevel)
    assert [each.opened_on for each in entries] == [
        date(2026, 3, 2), None, date(2026, 3, 3),
    ]  # fmt: skip
    assert entries[0].in_charge == "head-500101"
    codes = [line.reason.code for line in read[3:] if line.reason]
    assert codes == [RowCode.LEVEL_UNKNOWN, RowCode.TIME_UNREADABLE]


def test_a_table_without_a_column_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("名称,级别\n甲,区县\n", encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        list(read_points(path))
    assert refused.value.code == FileCode.POINT_COLUMNS
    assert "地点" in str(refused.value)
