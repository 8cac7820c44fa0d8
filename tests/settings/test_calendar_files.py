"""Files of holidays/: what is wrong is named by file, line and day, with its way out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from huimin_flow.errors import ConfigRefused
from huimin_flow.settings import check

Edit = Callable[[Path], None]


def written(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / "holidays" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def copied(name: str, to: str) -> Edit:
    def edit(folder: Path) -> None:
        shutil.copy(folder / "holidays" / name, folder / "holidays" / to)

    return edit


def without_days_off(folder: Path) -> None:
    path = folder / "holidays" / "2025.yaml"
    head, _, rest = path.read_text(encoding="utf-8").partition("days_off:")
    _, _, tail = rest.partition("working_weekends:")
    path.write_text(f"{head}days_off: []\nworking_weekends:{tail}", encoding="utf-8")


def removed(folder: Path) -> None:
    (folder / "holidays" / "2024.yaml").unlink()


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            written("2026.yaml", "  - 2026-10-07", "  - 2026-10-07\n  - 2025-12-31"),
            ["holidays/2026.yaml 第24行", "2025-12-31是2025年的日子,不属于2026年", "holidays/2025.yaml"],
        ),
        (
            written("2025.yaml", "working_weekends:", "working_weekends:\n  - 2026-12-27"),
            ["holidays/2025.yaml 第", "2026-12-27是2026年的日子", "holidays/2026.yaml"],
        ),
        (
            written("2026.yaml", "  - 2026-10-10", "  - 2026-10-10\n  - 2026-10-12"),
            ["2026-10-12不是周末", "请删去"],
        ),
        (
            written("2026.yaml", "  - 2026-10-07", "  - 2026-10-07\n  - 2026-10-10"),
            ["2026-10-10既是休息日又须上班"],
        ),
        (copied("2026.yaml", "2026 (1).yaml"), ["holidays/2026 (1).yaml", "移出 holidays/"]),
        (copied("2024.yaml", "2024(旧).yaml"), ["holidays/2024(旧).yaml", "不是“2024.yaml”"]),
        (written("2026.yaml", "year: 2026", "year: 2025"), ["holidays/2026.yaml", "不是“2025.yaml”"]),
        (without_days_off, ["holidays/2025.yaml 第", "2025年没有任何休息日"]),
        (removed, ["2024年的日历尚未载入", "config/holidays/2024.yaml"]),
    ],
)  # fmt: skip
def test_a_calendar_that_is_wrong_says_where_and_what_to_do(
    config: Path, tmp_path: Path, edit: Edit, told: list[str]
) -> None:
    folder = tmp_path / "config"
    shutil.copytree(config, folder)
    edit(folder)
    with pytest.raises(ConfigRefused) as refused:
        check(folder)
    said = f"{refused.value} {refused.value.remedy}"
    for words in told:
        assert words in said
    if edit is not removed:
        assert "尚未载入" not in said
