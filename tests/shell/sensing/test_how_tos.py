"""The pages on reading appeals, gathering, screening and importing run as they stand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sampled import NIGHTLY
from tests.test_docs import DOCS, blocks, demo, followed, run

__all__ = ["demo", "run"]


def test_the_how_to_of_personal_data_runs(
    run: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A master key of its own, as the page says; the auditor sees who read."""
    monkeypatch.delenv("HUIMIN_KEY")
    page = DOCS / "how-to" / "personal-data.zh-CN.md"
    lines = "".join(blocks(page, "sh")).splitlines()
    lines.remove("rm contact.json")
    read = next(n for n, line in enumerate(lines) if "--full" in line)
    followed(lines[:read], run, monkeypatch)
    shown = capsys.readouterr().out
    assert "***反映下雨没处躲,电话***********" in shown.replace("\uff0c", ",")
    followed(lines[read : read + 1], run, monkeypatch)
    assert "和平路12号" in capsys.readouterr().out
    followed(lines[read + 1 :], run, monkeypatch)
    shown = capsys.readouterr().out
    assert all(said in shown for said in ("电话回访", "已抹去", "主密钥不在备份中"))
    assert "张三丰" not in shown
    key = tmp_path / "privacy.db.key"
    assert (key.stat().st_mode & 0o777, len(key.read_text().split())) == (0o600, 2)
    (backup,) = (tmp_path / "backups").iterdir()
    run(f"huimin restore {backup} --db sqlite:///{tmp_path}/again.db", 0)
    shutil.copy(key, tmp_path / "again.db.key")
    run("huimin key check --db again.db")
    assert "没有找到抹去登记" in capsys.readouterr().out
    shutil.copy(f"{key}.erased", tmp_path / "again.db.key.erased")
    run("huimin key check --db again.db")
    assert "已再次抹去1条" in capsys.readouterr().out


def test_appeals_come_together_as_the_page_says(
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = DOCS / "how-to" / "gather-appeals.zh-CN.md"
    followed("".join(blocks(page, "sh")).splitlines(), run, monkeypatch)
    shown = capsys.readouterr().out.replace("\uff0c", ",").replace("\uff1a", ":")
    for said in ("比对3件:自动归并1件,待确认1件,新问题1件", "相似", "不再问起",
                 "已撤销归并", "金域华庭工地欠薪", "没有反复多渠道反映的问题"):  # fmt: skip
        assert said in shown, said


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            "screening-desk",
            (
                "其余须达",
                "找工作",
                "教育部门",
                "沙坪坝区石井坡街道",
                "已列出 screening_round",
            ),
        ),
        ("policies-and-measures", ("有差距", "期限2024-03-31已过", "已停止执行")),
    ],
)
def test_screening_and_policies_go_as_their_pages_say(
    page: str,
    said: tuple[str, ...],
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By day only the first page audits the demo, which takes long; by night both."""
    lines = "".join(blocks(DOCS / "how-to" / f"{page}.zh-CN.md", "sh"))
    database, *rest = lines.splitlines()
    if page != "screening-desk" and not NIGHTLY:
        rest.remove("huimin audit verify")
    assert database.startswith("export HUIMIN_DATABASE=")
    followed(rest, run, monkeypatch)
    shown = capsys.readouterr().out
    for words in said:
        assert words in shown, words


def test_appeals_come_in_and_go_out_as_the_page_says(
    run: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("HUIMIN_KEY", raising=False)
    page = DOCS / "how-to" / "import-appeals.zh-CN.md"
    followed("".join(blocks(page, "sh")).splitlines(), run, monkeypatch)
    shown = capsys.readouterr()
    for words in (
        "记入 1 行",
        "已有 1 行",
        "科学计数法",
        "看内容",
        "已写 诉求.csv",
    ):
        assert words in shown.out, words
    assert "13800138000" not in shown.out + shown.err
    assert "张三丰" not in shown.out + shown.err
    assert "已有 3 行" in shown.out
    assert (tmp_path / "mend.jsonl").stat().st_mode & 0o077 == 0
