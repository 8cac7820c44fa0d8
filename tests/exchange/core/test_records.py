"""Records of csv: what RFC 4180 calls one, whatever stands in its cells."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huimin_flow.exchange.core import records as module
from huimin_flow.exchange.core.records import (
    Record,
    bounded,
    encoding_of,
    fields_of,
    records,
)

CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from('",\n\r'),
    max_size=12,
)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=8)


def split(path: Path, text: str) -> list[Record]:
    path.write_text(text, encoding="utf-8", newline="")
    encoding = encoding_of(path)
    with encoding.opened(path) as file:
        return list(records(bounded(file, encoding.end)))


@given(
    rows=ROWS,
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    windows=st.booleans(),
)
@example(rows=[["\n", "\n"]], quoting=csv.QUOTE_ALL, windows=False)
@example(rows=[["a\nb", "c\nd", "e", "\n,\n"]], quoting=csv.QUOTE_ALL, windows=True)
def test_what_a_program_writes_as_a_record_is_read_as_that_record(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    quoting: int,
    windows: bool,  # noqa: FBT001 - drawn
) -> None:
    if quoting != csv.QUOTE_ALL:
        # Python before 3.13 writes a lone carriage return without quotes.
        rows = [[re.sub("\r(?!\n)", "", cell) for cell in row] for row in rows]
    out = io.StringIO()
    end = "\r\n" if windows else "\n"
    writer = csv.writer(out, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerow(["head", "head"])
    writer.writerows(rows)
    found = split(tmp_path_factory.mktemp("r") / "a.csv", out.getvalue())
    assert [opened for _, _, opened in found] == [0] * (len(rows) + 1)

    def plain(cells: list[str]) -> list[str]:
        return [
            cell.replace("\r\n", "\n").replace("\r", "\n").strip("\n") for cell in cells
        ]

    read = [fields_of(text) for _, text, _ in found[1:]]
    assert [plain(one) for one in read] == [plain(one) for one in rows]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_behind_a_cell_that_is_too_long_the_next_record_is_found(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 40)
    rows = ["head,head", "1,a", f'2,"{"x" * 50}', f'{"y" * 90}""', '3,b",c', "4,d", ""]
    found = split(tmp_path / "a.csv", end.join(rows))
    assert [(number, opened) for number, _, opened in found] == [
        (1, 0), (2, 0), (3, 3), (4, 3), (5, 3), (6, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "opened"),
    [
        # a line is refused for itself where its quotes end on it
        (['1,a"b', "2,c"], [0, 0]),
        (['1,"a"b', "2,c"], [0, 0]),
        (['1,"a""', "2,c"], [1, 1]),
        (['1, "a', '2,c"', "3,d"], [0, 0]),
        # a quote that ends a cell in the middle of a word: nothing is certain
        (['1,"a', '2,"b"', "3,c"], [1, 1, 1]),
        (['1,"a', '2,"b', "3,c", 'd"'], [1, 1, 1, 1]),
    ],
)
def test_behind_a_quote_without_partner_every_line_is_in_doubt(
    lines: list[str], opened: list[int], tmp_path: Path
) -> None:
    found = split(tmp_path / "a.csv", "\n".join([*lines, ""]))
    assert [one for _, _, one in found] == opened
