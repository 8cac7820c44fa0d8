"""No file of config/ hangs the reader, fills the memory or ends in a trace."""

from __future__ import annotations

import os
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from huimin_flow.catalogue.typography import full_width
from huimin_flow.errors import ConfigRefused
from huimin_flow.settings import check
from huimin_flow.settings.yaml import LARGEST, Document
from huimin_flow.shell.main import invoke

LAUGHS = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


def of_bytes(data: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)


CASES: list[tuple[Callable[[Path], None], str]] = [
    (of_bytes(LAUGHS.encode()), "第2行:不用别名“*a0”"),
    (of_bytes(b"a: &a\n  b: *a\n"), "第2行:不用别名“*a”"),
    (of_bytes(b"a: " + b"[" * 10_000 + b"]" * 10_000), "第1行:嵌套超过"),
    (of_bytes(b"".join(b" " * n + b"a:\n" for n in range(1000))), "行:嵌套超过"),
    (huge, f"文件超过{LARGEST // 1024}KB"),
    (Path.mkdir, "不是普通文件"),
    (os.mkfifo, "不是普通文件"),
    (of_bytes(b"a: \xff\n"), "第4个字节不是 UTF-8"),
    (of_bytes("a: 1\n".encode("utf-16")), "是 UTF-16 编码"),
    (of_bytes(b"a: 1\na: 2\n"), "第2行:同一个键写了两次"),
    (of_bytes("a\uff1a1\nb: 2\n".encode()), "把全角冒号改为半角冒号"),
    (of_bytes(b"a: " + b"1" * 5000 + b"\n"), "数字或日期不能读取"),
    (of_bytes(b"a: \x07\n"), "不是合法的 YAML"),
]


@pytest.mark.parametrize(("make", "said"), CASES)
def test_an_odd_file_is_refused_in_a_sentence_soon_and_with_little_memory(
    make: Callable[[Path], None],
    said: str,
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "config"
    shutil.copytree(config, folder)
    path = folder / "rules.yaml"
    path.unlink()
    make(path)
    begun = process_time()
    with pytest.raises(ConfigRefused) as refused:
        Document(path, "rules.yaml")
    assert process_time() - begun < 2
    tracemalloc.start()
    with pytest.raises(ConfigRefused):
        Document(path, "rules.yaml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
    assert said in str(refused.value)
    with pytest.raises(ConfigRefused, match=r"rules\.yaml"):
        check(folder)
    assert invoke(["rules", "check", "--config", str(folder)]) == 1
    shown = capsys.readouterr().err
    assert full_width(said) in shown
    assert "没有料到" not in shown


def test_a_mark_of_byte_order_is_no_matter(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(config, folder)
    path = folder / "rules.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert check(folder)
