"""An edition of a list is downloaded as a document; other pages have none (C3)."""

from __future__ import annotations

import io

import docx

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
