"""Editions of lists as documents (C3), and the packs of meetings (B1)."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from urllib.parse import quote

import docx
import openpyxl

from huimin_flow.catalogue.terms import Question, State
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.improving.reviewing.digests import issue
from huimin_flow.reports.improving.digests import digest_page
from huimin_flow.shell.pages import written
from huimin_flow.testing import UNIT
from tests.desk.asking import Asker
from tests.desk.client import serving
from tests.kept import rehearsal


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
        assert made.paragraphs[0].text == "推演\uff0c非正式文件\uff0c尚未发布"
        for name in ("items.docx", "units.json", "list-1999.docx", "index.docx"):
            assert reader.get(name).status == 404


def test_a_units_digest_is_a_page_and_three_files(tmp_path: Path) -> None:
    with rehearsal() as engine, serving(engine) as served:
        engine.bring(State.ASSIGNED)
        month = f"{engine.today():%Y-%m}"
        door_of(engine.flow).perform(
            lambda work: issue(
                work, month, work.head, work.rulebook, by=engine.scheduler
            )
        )
        reader = Asker(served.app).acting_as(engine.operator.id)
        name = f"digest-{month}-{UNIT}"
        assert f"{name}.html" in reader.get("digests.html").text
        page = reader.get(f"{name}.html").text
        for file in (f"mail-{name}.html", f"{name}.docx", f"{name}.json"):
            assert f'href="{file}"' in page
            assert reader.get(file).status == 200
        assert "万州区" in reader.get(f"mail-{name}.html").text
        path, _ = written(
            engine.flow, lambda now: digest_page(now, month, UNIT), tmp_path
        )
        site = path.read_text("utf-8")
        assert f'href="{name}.json"' in site
        assert f"{name}.docx" not in site  # a site has no program to make it
        told = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
        assert told["unit"] == UNIT
        assert reader.get(f"digest-{month}-none.html").status == 404
        assert reader.get("mail-items.html").status == 404
        office = Asker(served.app).acting_as(engine.office.id)
        form = office.get(f"act-digests.send.html?period={month}&unit={UNIT}")
        assert form.status == 200


def test_a_list_leads_to_the_form_of_each_entry_for_those_who_may() -> None:
    with rehearsal() as engine, serving(engine) as served:
        number = engine.bring(State.STARRED, "候工区").number
        key = engine.frozen(2099)
        engine.flow.lists.supplement(
            number, key, "必要", by=engine.office, second=engine.second
        )
        form = f"act-lists.describe.html?key={quote(key, '')}&item={number}"
        office = Asker(served.app).acting_as(engine.office.id)
        page = office.get("list-2099-city.html").text
        assert form in page
        assert "还没有写明的" in page
        assert number in office.get(form).text
        other = Asker(served.app).acting_as(engine.operator.id)
        assert form not in other.get("list-2099-city.html").text


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
            assert [sheet.title for sheet in made] == ["会议", "议题", "依据与回答"]
            rows = list(made.worksheets[1].values)
            assert rows[1][1] == number
        assert f'href="{name}.html"' in asker.get("meetings.html").text
        stranger = Asker(served.app).acting_as(engine.operator.id)
        assert stranger.get(f"{name}.html").status == 403
        assert stranger.get(f"{name}.xlsx").status == 403
        assert stranger.get("pack-2001-0001.html").status == 404


def test_a_pack_leads_to_each_act_on_its_meeting_and_so_does_the_items_page() -> None:
    with rehearsal() as engine, serving(engine) as served:
        number = engine.bring(State.SCREENED, "候工区").number
        asker = Asker(served.app).acting_as(engine.office.id)
        page = asker.get("todo.html").text
        assert "act-meetings.convene.html" in page
        held = engine.flow.meetings.convene(
            held_on=engine.today(), chair="leader-1", agenda=[number], by=engine.office
        )
        pack = f"pack-{held.key.partition('/')[2]}.html"
        item = f"item-{number}.html"

        def acts(name: str) -> set[str]:
            html = asker.get(name).body.decode()
            links = re.findall(r'href="(act-meetings[^"]+)"', html)
            for link in links:
                assert asker.get(link.replace("&amp;", "&")).status == 200, link
            return {link.partition(".")[2].partition(".")[0] for link in links}

        assert acts(pack) == {
            "begin", "put", "take_off", "amend", "attach", "call_off",
        }  # fmt: skip
        assert {"convene", "take_off", "amend"} <= acts(item)
        engine.flow.meetings.take_off(held.key, number, by=engine.office)
        assert "put" in acts(item)
        engine.flow.meetings.put(held.key, number, by=engine.office)
        engine.flow.meetings.begin(
            held.key, participants=["office-1", "office-2"], by=engine.office
        )
        assert acts(pack) == {"attach", "close", "amend", "postpone"}
        assert f"act-items.judge.html?number={number}" in asker.get(pack).text
        assert "postpone" in acts(item)
        reader = Asker(served.app).acting_as("head-500101")
        assert "act-meetings" not in reader.get(pack).text


def test_the_forms_of_meetings_tell_posts_and_meetings_apart() -> None:
    with rehearsal() as engine, serving(engine) as served:
        number = engine.bring(State.SCREENED, "候工区").number
        office = engine.office
        asker = Asker(served.app).acting_as(office.id)
        page = asker.get("act-meetings.convene.html").body.decode()
        chairs = page.partition('name="chair"')[2].partition("</select>")[0]
        assert "（office-1）" in chairs
        for other in ("scheduler-1", "auditor-1", engine.operator.id):
            assert other not in chairs
        both = [
            engine.flow.meetings.hold(
                chair="leader-1", participants=["office-1", "office-2"],
                agenda=[each], by=office,
            )
            for each in (number, engine.bring(State.SCREENED, "零工站").number)
        ]  # fmt: skip
        form = f"act-items.judge.html?number={number}"
        page = asker.get(form).text
        assert '.file"' not in page, "the item has no file to name"
        engine.flow.items.attach(number, "台账.pdf", b"%PDF-", by=office)
        page = asker.get(form).text
        assert page.count(">台账.pdf</option>") == len(Question)
        meetings = page.partition('name="deliberation"')[2].partition("</select>")[0]
        assert both[0].key.partition("/")[2] in meetings.partition(">")[2]
        assert both[1].key not in meetings
