"""A file of appeals on the desk: sent, looked at, taken in, its bad rows fetched."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from huimin_flow.catalogue.reasons import DeskCode, StoreCode
from huimin_flow.catalogue.terms import Role
from huimin_flow.desk.core import shelf as shelves
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.exchange.sensing import appeals as files
from tests.desk.client import Served, serving
from tests.kept import rehearsal
from tests.orders import export

PAGE = "import.html"


@pytest.fixture
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        yield served


def test_a_file_is_tried_then_taken_in_and_its_bad_rows_are_fetched(
    served: Served,
) -> None:
    browser = served.browser(served.engine.office.id)
    for way in ("appeals.html", "todo.html"):  # an operator finds the page
        assert f'href="{PAGE}"' in browser.get(way).html
    auditor = served.browser(served.engine.post(Role.AUDITOR).id)
    assert PAGE not in auditor.get("appeals.html").html
    assert 'type="file"' in browser.get(PAGE).html
    data = export(20, 3).text.encode("gb18030")
    tried = browser.upload(
        PAGE, {"do": "ahead", "profile": ""}, "content", "工单.csv", data
    )
    assert tried.status == 200
    assert "记入 17 行，已有 0 行，未收 3 行" in tried.html
    assert "试算" in tried.html
    assert served.engine.flow.appeals.count() == 0
    kept = re.search(r'name="kept" value="([^"]+)"', tried.html)
    assert kept is not None
    fields = {"do": "done", "profile": "", "channel": "", "kept": kept[1]}
    done = browser.post(PAGE, fields)
    assert done.status == 200
    assert "记入 17 行，已有 0 行，未收 3 行" in done.html
    assert served.engine.flow.appeals.count() == 17
    assert not list(Path(shelves.shelf().folder.name).glob("*/工单.csv"))
    fetched = browser.post(PAGE, fields | {"do": "refused"})
    assert fetched.html.count("\n") >= 4
    assert "未收的原因" in fetched.html
    other = served.browser(served.engine.second.id).post(
        PAGE, fields | {"kept": "nothing"}
    )
    assert other.status == 400


def test_a_file_that_is_no_table_is_refused_in_words(served: Served) -> None:
    browser = served.browser(served.engine.office.id)
    page = browser.upload(
        PAGE, {"do": "ahead", "profile": ""}, "content", "a.docx", b"PK"
    )
    assert page.status == 400
    assert "不支持的文件" in page.html


def test_a_file_with_a_header_alone_is_refused(served: Served) -> None:
    browser = served.browser(served.engine.office.id)
    head = export(1).text.partition("\n")[0] + "\n"
    page = browser.upload(PAGE, {"do": "ahead"}, "content", "a.csv", head.encode())
    assert page.status == 400
    assert "没有一行诉求" in page.html


def test_an_import_that_stops_on_the_way_says_what_is_kept(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = files.read_appeals

    def stops(*given: object) -> Iterator[object]:
        yield next(honest(*given, portion=20))  # type: ignore[arg-type]
        raise StoreRefused(StoreCode.DISK_FULL)

    monkeypatch.setattr(files, "read_appeals", stops)
    browser = served.browser(served.engine.office.id)
    data = export(40, 2).text.encode()
    page = browser.upload(PAGE, {"do": "done"}, "content", "../a.csv", data)
    assert page.status >= 400
    assert "磁盘已满" in page.html
    assert "导入中断了" in page.html
    count = served.engine.flow.appeals.count()
    assert 0 < count < 38
    assert f"记入 {count} 行" in page.html


def test_only_so_many_files_wait(served: Served) -> None:
    browser = served.browser(served.engine.office.id)
    for _ in range(10):
        browser.upload(PAGE, {"do": "ahead"}, "content", "a.csv", b"x\n")
    assert len(shelves.shelf().files) == shelves.KEPT


def test_a_file_goes_in_time_and_one_of_a_killed_desk_with_the_next(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_SECONDS", 0)
    browser, shelf = served.browser(served.engine.office.id), shelves.shelf()
    browser.upload(PAGE, {"do": "ahead"}, "content", "b.csv", b"x\n")
    with shelf.lock:  # a timer that begins again has been started
        held = [kept for kept in shelf.files.values() if kept.path.name == "b.csv"]
    for kept in held:
        kept.end.join(5)
    assert not list(Path(shelf.folder.name).glob("*/b.csv"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own = shelves.Shelf()
    dead = tmp_path / "huimin-import-dead"
    shutil.copytree(own.folder.name, dead)
    shelves.sweep()
    assert not dead.exists()
    assert Path(own.folder.name).is_dir()
    own.held.close()
    own.folder.cleanup()


def test_who_may_not_import_is_refused_before_the_file_is_read(served: Served) -> None:
    browser = served.browser(served.engine.post(Role.AUDITOR).id)
    page = browser.upload(PAGE, {"do": "ahead"}, "content", "a.csv.gz", b"\x1f\x8b")
    assert page.status == 403
    assert "文件" not in re.sub("<form.*</form>", "", page.html, flags=re.DOTALL)


def test_one_file_is_read_at_a_time(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (served.browser(served.engine.office.id) for _ in range(2))
    answers = []

    def read_beside(*_: object) -> None:
        answers.append(two.upload(PAGE, {"do": "ahead"}, "content", "b.csv", b"x\n"))
        raise InputRefused(DeskCode.FILE_GONE)

    monkeypatch.setattr(files, "source_of_appeals", read_beside)
    one.upload(PAGE, {"do": "ahead"}, "content", "a.csv", b"x\n")
    assert "正在读取另一个文件" in answers[0].html
    assert len(answers) == 1
