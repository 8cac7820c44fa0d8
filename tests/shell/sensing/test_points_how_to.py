"""The page on places, towns and points is run as it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_docs import DOCS, blocks, followed, run

__all__ = ["run"]


def test_the_how_to_of_places_and_points_runs(
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = DOCS / "how-to" / "places-and-points.zh-CN.md"
    (table,) = blocks(page, "csv")
    Path("直报点.csv").write_text(table, encoding="utf-8")
    followed("".join(blocks(page, "sh")).splitlines(), run, monkeypatch)
    shown = capsys.readouterr()
    for words in (
        "高笋塘街道某某社区", "不是已知的一个单位", "开设 2 个", "1/52", "并入街道直报点",
        "撤点",
    ):  # fmt: skip
        assert words in shown.out.replace("\uff0c", ","), words
    assert "太白街道" in shown.err
