"""The checkup of machine and database says what would stop a day's work."""

from __future__ import annotations

import json
import os
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from huimin_flow.shell.main import huimin
from huimin_flow.testing import Desk


def writing(url: str) -> tuple[int, dict[str, str]]:
    found = CliRunner().invoke(huimin, ["doctor", "--db", url, "--json"])
    (one,) = [check for check in json.loads(found.output) if check["name"] == "写入"]
    return found.exit_code, one


def test_a_database_that_can_be_written_is_green(desk: Desk, url: str) -> None:
    del desk
    assert writing(url)[1]["health"] == "green"


def test_a_file_or_folder_that_is_read_only_is_red(
    file_desk: Desk, file_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The superuser may write whatever its mode says: so the answer is given."""
    del file_desk
    file = Path(file_url.removeprefix("sqlite:///"))
    for shut in (file, file.parent):
        monkeypatch.setattr(os, "access", lambda path, _, shut=shut: path != shut)
        code, found = writing(file_url)
        assert (code, found["health"]) == (1, "red")
        assert "写权限" in found["remedy"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_an_account_that_may_only_read_is_red(desk: Desk, url: str) -> None:
    del desk
    with psycopg.connect(url, autocommit=True) as owner:
        info = owner.info
        owner.execute("CREATE ROLE huimin_looker LOGIN")
        owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO huimin_looker")
        try:
            code, found = writing(
                f"postgresql://huimin_looker@/{info.dbname}?host={info.host}&port={info.port}"
            )
        finally:
            owner.execute("DROP OWNED BY huimin_looker")
            owner.execute("DROP ROLE huimin_looker")
    assert (code, found["health"], found["found"]) == (1, "red", "只读,不能办理")
