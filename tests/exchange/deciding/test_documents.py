"""A published edition is a document that others open, and always the same bytes (C3)."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.terms import Area, EditionKind, EditionState
from huimin_flow.exchange.deciding import documents
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.lists import (
    Edition,
    Partner,
    Place,
    Source,
    content_digest,
)
from huimin_flow.reports.deciding.documents import document

PLACES = tuple(
    Place(
        item=f"2026-{n:06d}",
        rank=n,
        unit="500157",
        area=Area.EMPLOYMENT,
        stars=4,
        title=title,
        text="建成候工区12处,配备遮雨棚、饮水点。",
        targets=("候工区12处", "日均服务3000人次以上"),
        deliverable="=HYPERLINK(1)",
        lead="两江新区",
        supporting=(Partner(unit="DIV-JYC", name="就业处"),),
        due=date(2027, 11, 30),
        appeals=n + 30,
        people=n + 20,
        sources=(Source(channel="12333", name="12333热线", appeals=n + 30),),
    )
    for n, title in enumerate(("零工市场候工区", "=1+1", "名称\u202e藏起"), 1)
)

EDITION = Edition(
    key="list/2027/city",
    period="2027",
    unit="OFFICE",
    kind=EditionKind.ANNUAL,
    state=EditionState.PUBLISHED,
    places=PLACES,
    document="渝人社发〔2026〕88号",
    signature="工作专班办公室",
    dated=date(2026, 12, 22),
)
EDITION = replace(EDITION, digest=content_digest(EDITION))


def texts(content: bytes) -> list[str]:
    """Return all texts of a document: paragraphs, then cells."""
    made = docx.Document(io.BytesIO(content))
    cells = (
        cell.text for table in made.tables for row in table.rows for cell in row.cells
    )
    return [*(paragraph.text for paragraph in made.paragraphs), *cells]


def test_a_document_has_title_number_columns_signature_and_date() -> None:
    shown = document(EDITION, "", ("补入1项",))
    written = texts(documents.docx_file(shown))
    for text in (
        "2027年“惠民有感”民生任务清单",
        "渝人社发〔2026〕88号",
        *("主要内容", "目标", "牵头单位", "配合单位", "时限"),
        *("工作专班办公室", "2026年12月22日", "2027年11月30日", "就业处"),
        *("1. 补入1项", "12333热线31条", "21"),
        f"内容核对码 {EDITION.digest[:12]}",
    ):
        assert text in written, text
    assert not any("\u202e" in text for text in written), "hidden signs are shown"
    assert not any("替代" in text or "尚未" in text for text in written)


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        (EditionState.SUPERSEDED, "已被替代"),
        (EditionState.DRAFTING, "尚未发布"),
        (EditionState.FROZEN, "尚未发布"),
    ],
)
def test_what_is_not_in_force_says_so_first(state: EditionState, mark: str) -> None:
    shown = document(replace(EDITION, state=state), "")
    assert mark in texts(documents.docx_file(shown))[0]


def test_a_document_says_its_edition_what_it_replaces_and_who_was_silent() -> None:
    former = replace(EDITION, document="渝人社发〔2026〕80号")
    silent = replace(
        EDITION, edition=2, silent=(Area.TALENT,), note="逾期", document="新号"
    )
    shown = document(silent, "", former=former, rehearsal=True)
    assert shown.notes == (
        "第2版，替代渝人社发〔2026〕80号",
        "人才人事未提出，按草案列入：逾期",
    )
    book = openpyxl.load_workbook(io.BytesIO(documents.xlsx_file(shown)))
    sheet = [cell.value for cell in book.worksheets[-1]["A"]]
    for written in (texts(documents.docx_file(shown)), sheet):
        assert {"推演，非正式文件", *shown.notes} <= set(written)
    assert document(EDITION, "").mark == ""


def test_a_workbook_has_the_list_and_where_it_comes_from_and_no_formula() -> None:
    shown = document(EDITION, "")
    book = openpyxl.load_workbook(io.BytesIO(documents.xlsx_file(shown)))
    first, second, about = book.worksheets
    assert shown.number in [cell.value for cell in about["A"]]
    assert [cell.value for cell in first[1]] == list(shown.entries.head)
    assert [cell.data_type for cell in first[3]] == ["n", *"sssss"]
    assert first["B3"].value.startswith("=1+1")
    assert second["C2"].value == 31
    assert first.freeze_panes == "B2"


def test_json_gives_the_edition_back_and_its_digest_covers_the_content() -> None:
    written = documents.json_file(EDITION)
    again = from_plain(Edition, json.loads(written))
    assert again == EDITION
    assert content_digest(again) == EDITION.digest


def test_the_same_edition_gives_the_same_bytes() -> None:
    shown = document(EDITION, "")
    for write in (documents.docx_file, documents.xlsx_file):
        assert write(shown) == write(shown)
    other = document(replace(EDITION, document="其他"), "")
    assert documents.docx_file(other) != documents.docx_file(shown)


def test_a_document_is_in_the_language_of_the_door() -> None:
    with speaking(Language.ENGLISH):
        written = texts(documents.docx_file(document(EDITION, "")))
    assert "Supporting units" in written


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)
def test_an_office_program_opens_both(tmp_path: Path) -> None:
    shown = document(EDITION, "")
    (tmp_path / "list.docx").write_bytes(documents.docx_file(shown))
    (tmp_path / "table.xlsx").write_bytes(documents.xlsx_file(shown))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "list.docx", "table.xlsx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    read = {
        name: "".join(
            page.extract_text() for page in pypdf.PdfReader(tmp_path / name).pages
        ).replace(" ", "")
        for name in ("list.pdf", "table.pdf")
    }
    assert "渝人社发〔2026〕88号" in read["list.pdf"]
    assert "2026年12月22日" in read["list.pdf"]
    for text in read.values():
        assert "零工市场候工区" in text
        assert "12333热线31条" in text
