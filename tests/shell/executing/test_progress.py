"""Progress by commands: shown, called for, filled in a sheet, taken back in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from huimin_flow.catalogue.terms import SheetColumn, State
from huimin_flow.clock import RehearsalClock, SystemClock
from huimin_flow.flow import Flow
from huimin_flow.testing import Desk
from tests.shell.terminal import Terminal

VALUE = list(SheetColumn).index(SheetColumn.VALUE) + 1


def assigned(at: Terminal) -> tuple[str, str]:
    """An item whose task runs, and the present month."""
    clock = RehearsalClock(SystemClock().now())
    with Flow.open(f"sqlite:///{at.database}", clock=clock) as flow:
        desk = Desk(flow, clock)
        return desk.bring(State.ASSIGNED).number, desk.today().strftime("%Y-%m")


def fill(path: Path, value: object) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(4, VALUE).value = value
    book.save(path)


def test_a_months_sheet_goes_out_and_comes_back_in(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    number, month = assigned(at)
    assert number in at("progress", "owing", month).out
    made = at("progress", "template", month, "--out", "sheet.xlsx", "--json")
    assert made.value == {"file": "sheet.xlsx", "lines": 1}
    fill(own / "sheet.xlsx", "1,5")
    wrong = at("progress", "import", "sheet.xlsx", "--by", "op-500101")
    assert wrong.code == 1
    assert "L4" in wrong.err
    assert "什么也没有记入" in wrong.err
    fill(own / "sheet.xlsx", 3)
    done = at("progress", "import", "sheet.xlsx", "--by", "op-500101")
    assert "记入 1 行" in done.out
    again = at("progress", "import", "sheet.xlsx", "--by", "op-500101")
    assert "与已报相同 1 行" in again.out
    assert "都已报送" in at("progress", "owing", month).out
    (line,) = at("progress", "show", month, "--json").value
    assert (line["actual"], line["report"]["value"]) == (3, 3)
    assert "候工区" in at("progress", "show", month).out
    assert at("audit", "verify").code == 0


def test_a_month_is_written_as_the_screens_write_it_and_slips_are_named(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    number, month = assigned(at)
    year, of = month.split("-")
    short = at("progress", "owing", month, "--json").value
    for written in (f"{year}年{int(of)}月", f"{year}-{int(of)}", f"{year}\uff0d{of}"):
        assert at("progress", "owing", written, "--json").value == short
    report = ("item", "progress", number, "--value", "1", "--by", "op-500101")
    late = at(*report, "--task", "T1", "--indicator", "x", "--month", "2199年2月")
    assert "2199-02尚未到来" in late.err
    assert "最早" not in late.err
    slip = at(*report, "--task", "T9", "--indicator", "x", "--month", month)
    assert "没有任务“T9”；其任务：T1" in slip.err
    slip = at(*report, "--task", "T1", "--indicator", "x", "--month", f"{year}年{of}月")
    assert "没有指标“x”；其指标：候工区" in slip.err
    for page in (("progress", f"{year}年{of}月"), ("quarter", "2023年第四季度")):
        assert "不对" not in at("report", *page, "--into", str(own)).err


def test_a_sheet_that_was_filled_in_is_never_written_over(
    rehearsal: Terminal, own: Path
) -> None:
    _, month = assigned(rehearsal)
    words = ("progress", "template", month)
    name = Path(rehearsal(*words, "--json").value["file"])
    fill(own / name, 3)
    filled = (own / name).read_bytes()
    second = rehearsal(*words)
    assert second.code == 0
    assert f"已写 {name.stem}-2.xlsx" in second.out
    assert f"{name} 已存在，没有改动" in second.out
    assert (own / name).read_bytes() == filled
    third = rehearsal(*words, "--json").value["file"]
    assert third == f"{name.stem}-3.xlsx"


def test_an_old_sheet_does_not_undo_what_was_corrected_since(
    rehearsal: Terminal,
) -> None:
    at = rehearsal
    number, month = assigned(at)
    say = ["item", "progress", number, "--task", "T1", "--indicator", "候工区"]
    say += ["--month", month, "--by", "op-500101", "--value"]
    assert at(*say, "3").code == 0
    assert at("progress", "template", month, "--out", "sheet.xlsx").code == 0
    assert at(*say, "5").code == 0
    old = at("progress", "import", "sheet.xlsx", "--by", "op-500101")
    assert "记入 0 行" in old.out
    assert "导出后未改 1 行" in old.out
    (line,) = at("progress", "show", month, "--json").value
    assert line["report"]["value"] == 5


def test_a_sheet_of_another_unit_is_not_taken(rehearsal: Terminal, own: Path) -> None:
    at = rehearsal
    _, month = assigned(at)
    assert at("progress", "template", month, "--out", "sheet.xlsx").code == 0
    fill(own / "sheet.xlsx", 3)
    refused = at("progress", "import", "sheet.xlsx", "--by", "op-500102")
    assert refused.code == 1
    assert "500101" in refused.err


def test_a_month_without_tasks_has_no_sheet(rehearsal: Terminal, own: Path) -> None:
    refused = rehearsal("progress", "template", "2020-01")
    assert refused.code == 1
    assert "没有需要" in refused.err
    assert not list(own.glob("*.xlsx"))


@pytest.mark.parametrize("words", [["owing"], ["show"], ["template"]])
def test_a_unit_that_never_was_is_refused(
    words: list[str], rehearsal: Terminal, own: Path
) -> None:
    refused = rehearsal("progress", *words, "2024-01", "--unit", "NOPE")
    assert refused.code == 1
    assert "没有代码或名称为“NOPE”的单位" in refused.err
    assert not list(own.glob("*.xlsx"))


@pytest.mark.parametrize("out", ["/nonexistent/c.xlsx", ".", "c.csv"])
def test_a_place_for_no_sheet_is_refused_in_a_sentence(
    out: str, rehearsal: Terminal, own: Path
) -> None:
    _, month = assigned(rehearsal)
    refused = rehearsal("progress", "template", month, "--out", out)
    assert refused.code == 1
    assert "可以这样做" in refused.err
    assert not [*own.glob("*.part"), *own.glob("c.*")]
