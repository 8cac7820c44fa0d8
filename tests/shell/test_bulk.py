"""bulk: a sheet is written, filled in, tried, and done by its check code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from huimin_flow.exchange.core.tables import Grid, csv_file, workbook
from tests.shell.terminal import Terminal

OFFICE = ("--by", "office-1")


def collected(at: Terminal) -> str:
    """The number of a new item."""
    words = (
        "--title",
        "候工",
        "--origin",
        "问题",
        "--area",
        "就业",
        "--unit",
        "500101",
    )
    made = at("item", "collect", *words, "--by", "op-500101", "--json")
    number: str = made.value["number"]
    return number


def cells_of(sheet: str | Path) -> list[list[Any]]:
    """The cells of a workbook; whole numbers are no floats."""
    rows = load_workbook(sheet).get_sheet_by_index(0).to_python()
    return [[int(c) if isinstance(c, float) else c for c in row] for row in rows]


def filled(sheet: Path, urgency: list[str]) -> list[tuple[Any, ...]]:
    """The rows of a template, filled in by a clerk."""
    head, *rows = cells_of(sheet)
    assert head[:4] == ["事项编号", "标题", "紧迫性", "根本性"]
    own = [
        (*row[:2], text, "100" if text else "", *row[4:])
        for row, text in zip(rows, urgency, strict=True)
    ]
    return [tuple(head), *own]


def test_a_template_is_filled_in_tried_and_done_and_the_rest_is_kept(
    rehearsal: Terminal, own: Path
) -> None:
    numbers = [collected(rehearsal) for _ in range(4)]
    assert rehearsal("bulk", "template", "筛选", *OFFICE).code == 0
    head, *rows = filled(Path("bulk-screen.xlsx"), ["100", "八十", "100", ""])
    rows[2] = (*rows[2][:3], "", *rows[2][4:])  # its second score is missing
    sheet = Path("筛选.xlsx")
    sheet.write_bytes(workbook([Grid(name="筛选", head=head, rows=tuple(rows))]))
    unseen = rehearsal("bulk", "do", "筛选", str(sheet), "--each", *OFFICE)
    assert (unseen.code, "没有写核对码" in unseen.err) == (1, True), unseen.err
    tried = rehearsal("bulk", "do", "筛选", str(sheet), "--dry-run", *OFFICE)
    assert tried.code == 1
    assert "可办 1 项，不能办 2 项" in tried.out
    assert "C3" in tried.out
    as_json = rehearsal(
        "bulk", "do", "筛选", str(sheet), "--dry-run", "--json", *OFFICE
    )
    seen = as_json.value["would"]["seen"][:12]
    assert seen in tried.out
    whole = rehearsal("bulk", "do", "筛选", str(sheet), "--seen", seen, *OFFICE)
    assert (whole.code, "C3" in whole.err) == (1, True)
    words = ("bulk", "do", "screen", str(sheet), "--each", "--seen", seen)
    done = rehearsal(*words, *OFFICE, "--json", "--request", "eve-1")
    assert (done.code, Path(done.value["refused_file"]).name) == (
        1,
        "筛选.refused.xlsx",
    )
    states = [rehearsal("item", "show", n, "--json").value["state"] for n in numbers]
    assert states == ["screened", "collected", "collected", "collected"]
    stale = rehearsal(*words, *OFFICE)
    assert (stale.code, "不再相符" in stale.err) == (1, True)
    # The kept rows are corrected where they are, and that file is done.
    kept = cells_of("筛选.refused.xlsx")
    assert [row[:3] for row in kept[1:]] == [
        [3, kept[1][1], numbers[1]],
        [4, kept[2][1], numbers[2]],
    ]
    mended = [tuple(kept[0]), *((*row[:4], "100", "100", *row[6:]) for row in kept[1:])]
    rows_of = tuple(mended[1:])
    again = Path("again.csv")
    again.write_bytes(csv_file([Grid(name="", head=mended[0], rows=rows_of)]))
    assert rehearsal("bulk", "do", "screen", str(again), "--yes", *OFFICE).code == 0
    states = [rehearsal("item", "show", n, "--json").value["state"] for n in numbers]
    assert states == ["screened", "screened", "screened", "collected"]
    assert {"筛选.refused.xlsx", "again.csv"} <= {path.name for path in own.iterdir()}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("标题\n甲\n", "没有表头"),
        ("事项编号,事项编号\n1,2\n", "列重复"),
        ("事项编号,紧迫性\n", "共0行"),
    ],
)
def test_a_sheet_that_is_none_is_refused_with_the_way_to_one(
    rehearsal: Terminal, own: Path, content: str, says: str
) -> None:
    (own / "x.csv").write_text(content, encoding="utf-8")
    said = rehearsal("bulk", "do", "screen", "x.csv", "--yes", *OFFICE)
    assert (said.code, says in said.err) == (1, True)
    assert list(own.glob("*.refused*")) == []
    nothing = rehearsal("bulk", "template", "star", *OFFICE)
    assert (nothing.code, "没有等着您评星" in nothing.err) == (1, True)
