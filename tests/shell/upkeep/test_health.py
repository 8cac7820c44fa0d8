"""The checkup of machine and database says what would stop a day's work."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.shell.main import huimin, invoke
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


def checks(
    url: str, config: Path, *words: str
) -> tuple[int, dict[str, dict[str, str]]]:
    asked = ["doctor", "--db", url, "--config", str(config), "--json", *words]
    done = CliRunner().invoke(huimin, asked)
    return done.exit_code, {one["name"]: one for one in json.loads(done.output)}


def add_to(folder: Path, lines: str) -> None:
    """Add settings of the desk to a config."""
    file = folder / "huimin.yaml"
    text = file.read_text("utf-8").replace("desk:\n", lines, 1)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def own_config(config: Path, tmp_path: Path) -> Path:
    """A config whose desk has a socket, a proxy and its secret."""
    folder = tmp_path / "config"
    shutil.copytree(config, folder)
    run = tmp_path / "run"
    run.mkdir(mode=0o750)
    run.chmod(0o750)
    for name, mode in (("desk.sock", 0o660), ("proxy.secret", 0o600)):
        (run / name).write_text("x" * 32, encoding="utf-8")
        (run / name).chmod(mode)
    lines = (
        f"desk:\n  socket: {run}/desk.sock\n  proxy_account: www-data\n"
        f"  secret_file: {run}/proxy.secret\n"
    )
    add_to(folder, lines)
    return folder


FILES = (
    "数据库文件",
    "数据库目录",
    "附件目录",
    "附件子目录",
    "套接字",
    "套接字目录",
    "密钥文件",
)


def test_who_may_use_the_files_of_a_production_database_is_said_and_right(
    book: Rulebook, own_config: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/bureau/huimin.db"
    with Flow.found(url, book) as flow:
        shelf = door_of(flow).shelf
        assert shelf is not None
        digest = shelf.put(b"content")
    shown = checks(url, own_config)[1]
    assert [shown[name]["health"] for name in FILES] == ["green"] * len(FILES)
    own = pwd.getpwuid(os.geteuid()).pw_name
    assert f"归“{own}”" in shown["数据库文件"]["found"]
    assert "0640" in shown["数据库文件"]["found"]
    for path, mode, name, health in (
        (tmp_path / "bureau" / "huimin.db", 0o644, "数据库文件", "yellow"),
        (tmp_path / "bureau" / "huimin.db", 0o660, "数据库文件", "red"),
        (tmp_path / "bureau", 0o755, "数据库目录", "yellow"),
        (tmp_path / "bureau", 0o770, "数据库目录", "red"),
        (shelf.folder, 0o777, "附件目录", "red"),
        (shelf.folder / digest[:2], 0o700, "附件子目录", "red"),
        (tmp_path / "run" / "desk.sock", 0o666, "套接字", "red"),
        (tmp_path / "run", 0o755, "套接字目录", "yellow"),
        (tmp_path / "run" / "proxy.secret", 0o640, "密钥文件", "yellow"),
    ):
        before = path.stat().st_mode & 0o777
        path.chmod(mode)
        code, shown = checks(url, own_config)
        assert shown[name]["health"] == health, path
        assert code == 1
        remedy = shown[name]["remedy"].partition("运行 ")[2]
        assert subprocess.run(["sh", "-c", remedy], check=False).returncode == 0
        assert checks(url, own_config)[1][name]["health"] == "green", remedy
        path.chmod(before)


def test_an_owner_other_than_the_services_account_is_red_in_both_languages(
    book: Rulebook,
    own_config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"sqlite:///{tmp_path}/bureau/huimin.db"
    Flow.found(url, book).close()
    add_to(own_config, "desk:\n  service_account: huimin-service\n")
    shown = checks(url, own_config)[1]
    assert shown["数据库文件"]["health"] == "red"
    assert "chown huimin-service" in shown["数据库文件"]["remedy"]
    asked = ["--lang", "en", "doctor", "--db", url, "--config", str(own_config)]
    assert invoke(asked) == 1
    told = capsys.readouterr().out
    assert "database file" in told
    assert "chown huimin-service" in told


def test_a_password_in_the_config_is_for_its_owner_alone(
    book: Rulebook, own_config: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/bureau/huimin.db"
    Flow.found(url, book).close()
    assert "含密码的配置" not in checks(url, own_config)[1]
    file = own_config / "huimin.yaml"
    text = file.read_text("utf-8")
    address = "database: postgresql://huimin:secret@server/huimin"
    file.write_text(text.replace("database: sqlite:///huimin.db", address), "utf-8")
    file.chmod(0o644)
    shown = checks(url, own_config)[1]["含密码的配置"]
    assert (shown["health"], "secret" in str(shown)) == ("yellow", False)


def test_of_a_rehearsal_they_are_only_said(
    file_desk: Desk, file_url: str, own_config: Path, tmp_path: Path
) -> None:
    del file_desk
    (tmp_path / "huimin.db").chmod(0o666)
    shown = checks(file_url, own_config)[1]["数据库文件"]
    assert shown["health"] == "green"
    assert "0666" in shown["found"]
