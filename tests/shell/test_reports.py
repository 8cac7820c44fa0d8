"""report …: one table of pages, each a command of its own (D6, D7)."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from huimin_flow.reports import contents
from huimin_flow.reports.core import render
from huimin_flow.shell.main import huimin, invoke

ABOUT = {
    "month": "月份", "quarter": "季度", "progress": "月份", "services": "年份",
    "list": "清单编号", "item": "事项编号",
}  # fmt: skip

#: The kinds of files of a report that is a page alone.
PAGE = ("html",)

#: Those of a published list, whose documents stand beside its page.
PUBLISHED = (*PAGE, "docx", "xlsx", "json")


def test_every_report_is_a_command_that_names_what_it_wants() -> None:
    report = huimin.commands["report"]
    assert isinstance(report, click.Group)
    assert set(report.commands) == {*ABOUT, "cockpit", "own", "site"}
    for name, about in ABOUT.items():
        command = report.commands[name]
        options = {name for option in command.params for name in option.opts}
        assert command.params[0].human_readable_name == about
        assert {"--into", "--db", "--config", "--json"} <= options
        assert ("--edition" in options) is (name in {"list", "month", "quarter"})


@pytest.mark.parametrize(
    ("name", "about", "stem", "kinds"),
    [
        ("month", "2023-11", "month-2023-11", PAGE),
        ("quarter", "2023Q4", "quarter-2023Q4", PAGE),
        ("progress", "2023-11", "progress-2023-11", PAGE),
        ("list", "list/2023/city", "list-2023", PUBLISHED),
        ("item", "2022-000001", "item-2022-000001", PAGE),
    ],
)
def test_a_report_writes_its_page_and_says_where(
    name: str,
    about: str,
    stem: str,
    kinds: tuple[str, ...],
    played: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    into = tmp_path / "pages"
    words = ["report", name, about, "--into", str(into), "--json"]
    assert invoke([*words, "--db", str(played / "out" / "demo.db")]) == 0
    page = str(into / f"{stem}.html")
    assert json.loads(capsys.readouterr().out) == {"pages": [page]}
    assert {one.name for one in into.iterdir()} == {f"{stem}.{kind}" for kind in kinds}


def site(
    into: Path, played: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    words = ["report", "site", "--into", str(into)]
    code = invoke([*words, "--db", str(played / "out" / "demo.db")])
    return code, capsys.readouterr().err


def kept(into: Path) -> dict[str, str]:
    return {one.name: one.read_text("utf-8") for one in into.iterdir()}


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (OSError(28, "No space left on device"), 1, "磁盘已满"),
        (KeyboardInterrupt(), 130, "已中断"),
    ],
)
def test_a_site_that_cannot_be_finished_leaves_the_old_one(
    failure: BaseException,
    code: int,
    said: str,
    played: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    into = tmp_path / "pages"
    into.mkdir()
    pages = {one.name: one.read_text("utf-8") for one in played.glob("out/*.html")}
    old = {name: f"{text}<!-- old -->" for name, text in pages.items()}
    for name, text in old.items():
        (into / name).write_text(text, "utf-8")
    real = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        done = real(path, data[: len(data) // 2])
        if path.name.startswith("month-"):  # some pages are written by now
            raise failure
        real(path, data)
        return done

    monkeypatch.setattr(Path, "write_bytes", full)
    found = site(into, played, capsys)
    assert found[0] == code
    assert said in found[1]
    assert site(tmp_path / "new", played, capsys)[0] == code
    assert not (tmp_path / "new").exists()
    monkeypatch.undo()
    assert kept(into) == old


def test_pages_come_all_together_though_somebody_interrupts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into = tmp_path / "pages"
    real = Path.replace
    moved: list[str] = []

    def interrupted(path: Path, target: Path) -> Path:
        if path.parent != into and path.suffix == ".html":
            moved.append(path.name)
            if len(moved) == 2:
                raise KeyboardInterrupt
        return real(path, target)

    def publish() -> None:
        with render.staged(into) as aside:
            for name in ("index", "a", "b", "c"):
                (aside / f"{name}.html").write_text(name, "utf-8")
            monkeypatch.setattr(Path, "replace", interrupted)

    with pytest.raises(KeyboardInterrupt):
        publish()
    assert set(kept(into)) == {"index.html", "a.html", "b.html", "c.html"}
    assert moved[-1] == "index.html"


def test_a_folder_of_another_hand_or_shape_is_refused_and_left_as_it_was(
    played: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(contents, "site_files", lambda _: ("list-2023.html",))
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("<title>别处</title>", "utf-8")
    code, said = site(other, played, capsys)
    assert (code, list(kept(other))) == (1, ["index.html"])
    assert "是别的网站的首页" in said
    occupied = tmp_path / "occupied"
    (occupied / "list-2023.html").mkdir(parents=True)
    code, said = site(occupied, played, capsys)
    assert (code, [one.name for one in occupied.iterdir()]) == (1, ["list-2023.html"])
    assert "页面无处可放" in said
    file = tmp_path / "file"
    file.write_text("甲", "utf-8")
    for into in (file, file / "below"):
        code, said = site(into, played, capsys)
        assert code == 1
        assert "不是目录" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["month", "2024-02"], "尚未发布"),
        (["month", "2099-01"], "尚未发布"),
        (["month", "../../x"], "月份“../../x”不对"),
        (["quarter", "2019Q1"], "尚未发布"),
        (["quarter", "2023-Q4"], "不是季度"),
        (["progress", "2099-01"], "尚未到来"),
        (["list", "list/../x"], "没有编号为"),
        (["item", "../x"], "没有编号为"),
    ],
)
def test_a_page_of_what_is_not_there_is_refused_and_leaves_nothing(
    words: list[str],
    said: str,
    played: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    into = tmp_path / "pages"
    line = ["report", *words, "--into", str(into)]
    assert invoke([*line, "--db", str(played / "out" / "demo.db")]) == 1
    assert said in capsys.readouterr().err
    assert not into.exists()
