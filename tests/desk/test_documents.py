"""Editions of lists as documents (C3), and the packs of meetings (B1)."""

from __future__ import annotations

import io

import docx
import openpyxl

from huimin_flow.catalogue.terms import State
from huimin_flow.testing import rehearsal
from tests.desk.asking import Asker
from tests.desk.client import serving


def test_an_edition_is_downloaded_as_a_document_and_other_pages_are_not() -> None:
    with rehearsal() as engine, serving(engine) as served:
        engine.bring(State.STARRED, "候工区")
        engine.frozen(2099)
        reader = Asker(served.app).acting_as(engine.office.id)
        page = reader.get("list-2099-500101.html")
        for kind in ("docx", "xlsx", "json"):
            assert f'href="list-2099-500101.{kind}"' in page.text
            assert reader.get(f"list-2099-500101.{kind}").status == 200
        made = docx.Document(io.BytesIO(reader.get("list-2099-500101.docx").body))
        assert made.paragraphs[0].text == "尚未发布"
        for name in ("items.docx", "units.json", "list-1999.docx", "index.docx"):
            assert reader.get(name).status == 404


def test_a_pack_is_read_and_downloaded_by_those_entitled() -> None:
    with rehearsal() as engine, serving(engine) as served:
        number = engine.bring(State.SCREENED, "候工区").number
        key = engine.flow.meetings.convene(
            held_on=engine.today(), chair="leader-1", agenda=[number], by=engine.office
        ).key
        name = f"pack-{key.partition('/')[2]}"
        for reader in ("office-1", "head-500101"):
            asker = Asker(served.app).acting_as(reader)
            page = asker.get(f"{name}.html")
            assert page.status == 200
            assert "候工区" in page.text
            assert "待答之问" in page.text
            made = openpyxl.load_workbook(io.BytesIO(asker.get(f"{name}.xlsx").body))
            rows = list(made.worksheets[0].values)
            assert rows[1][1] == number
        assert f'href="{name}.html"' in asker.get("meetings.html").text
        stranger = Asker(served.app).acting_as(engine.operator.id)
        assert stranger.get(f"{name}.html").status == 403
        assert stranger.get(f"{name}.xlsx").status == 403
        assert stranger.get("pack-2001-0001.html").status == 404
