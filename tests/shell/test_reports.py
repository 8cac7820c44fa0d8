"""report …: one table of pages, each a command of its own (D6, D7)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huimin_flow.shell.main import invoke
from huimin_flow.shell.reporting import REPORTS, report


def test_every_report_of_the_table_is_a_command_that_names_what_it_wants() -> None:
    assert set(report.commands) == {one.name for one in REPORTS} | {"site"}
    for one in REPORTS:
        command = report.commands[one.name]
        options = {name for option in command.params for name in option.opts}
        assert (command.help, command.params[0].human_readable_name) == (
            one.tells,
            one.about,
        )
        assert {"--into", "--db", "--config", "--json"} <= options
        assert ("--edition" in options) is one.editions


@pytest.mark.parametrize(
    ("name", "about", "file"),
    [
        ("month", "2023-11", "month-2023-11.html"),
        ("quarter", "2023Q4", "quarter-2023Q4.html"),
        ("progress", "2023-11", "progress-2023-11.html"),
        ("list", "list/2023/city", "list-2023.html"),
        ("item", "2022-000001", "item-2022-000001.html"),
    ],
)
def test_a_report_writes_its_page_and_says_where(
    name: str,
    about: str,
    file: str,
    played: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    into = tmp_path / "pages"
    words = ["report", name, about, "--into", str(into), "--json"]
    assert invoke([*words, "--db", str(played / "out" / "demo.db")]) == 0
    assert json.loads(capsys.readouterr().out) == {"pages": [str(into / file)]}
    assert [one.name for one in into.iterdir()] == [file]
