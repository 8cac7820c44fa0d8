"""Appeals from files: exactly the bad rows are refused, each for its reason."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import FileCode, InputCode, RowCode
from huimin_flow.catalogue.terms import AppealField, GuessGround, LifeStage
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.portions import Portion
from huimin_flow.exchange.core.refusals import Refusals
from huimin_flow.exchange.sensing.appeals import (
    best_profile,
    read_appeals,
    source_of_appeals,
)
from huimin_flow.exchange.sensing.proposing import proposed
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.appeals import Intake
from huimin_flow.model.core.events import RefusedRow
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.profiles import Profile
from huimin_flow.settings.profiles import ready_profiles
from huimin_flow.store.sensing.texts import opened
from huimin_flow.testing import Desk
from tests.orders import HEAD, KINDS, export

CONFIG = Path(__file__).parents[3] / "config"
READY = {each.word: each.profile for each in ready_profiles(CONFIG)}
HOTLINE = READY["hotline-12333"]

#: Real messages of citizens, which lie beside the project, never within it.
DATA = os.environ.get("HUIMIN_DATA", "")


def portions(path: Path, profile: Profile, size: int = 4_000) -> list[Portion[Appeal]]:
    source = source_of_appeals(path, [profile])
    return list(read_appeals(source, profile, portion=size))


def taken(desk: Desk, read: Sequence[Portion[Appeal]], name: str) -> list[Intake]:
    return [
        desk.flow.appeals.add_all(
            each.facts, by=desk.office, lines=each.lines, refused=each.refused,
            source=name,
        )
        for each in read
    ]  # fmt: skip


def test_of_ten_thousand_rows_exactly_the_bad_ones_are_refused_each_for_its_reason(
    file_desk: Desk, tmp_path: Path
) -> None:
    made = export(10_000, 137)
    assert (len(KINDS), len(made.bad)) == (15, 137)
    path = tmp_path / "工单.csv"
    path.write_text(made.text, encoding="gb18030", newline="")
    intakes = taken(file_desk, portions(path, HOTLINE), path.name)
    assert sum(each.kept for each in intakes) == 9_863
    refused = {
        row.index: (str(row.reason.code), str(row.reason.values.get("field", "")))
        for each in intakes
        for row in each.refused
    }
    assert refused == made.bad
    again = taken(file_desk, portions(path, HOTLINE), path.name)
    assert [(each.kept, each.others) for each in again] == [(0, ())] * 3
    assert sum(each.known for each in again) == 9_863


def test_refused_rows_come_in_again_once_they_are_mended(
    file_desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    head, good, bad = export(2, 0).text.splitlines()[:3]
    mended = bad.split(",")
    path.write_text(f"{head}\n{good}\n{bad.replace(mended[2], '昨天')}\n", "utf-8")
    (portion,) = portions(path, HOTLINE)
    beside = Refusals(source_of_appeals(path, [HOTLINE]), tmp_path / "坏行.csv")
    with beside:
        beside.keep([RefusedRow(line=3, reason=portion.refused[0].reason)])
    assert beside.path.stat().st_mode & 0o077 == 0
    text = beside.path.read_text("utf-8-sig")
    beside.path.write_text(text.replace(",昨天,", f",{mended[2]},"), "utf-8")
    (again,) = portions(beside.path, HOTLINE)
    assert ([each.key for each in again.facts], again.refused) == ([mended[1]], ())
    assert taken(file_desk, [portion, again], "a")[1].kept == 1


@given(st.integers(0, 2**32), st.integers(1, 15))
def test_read_and_admitted_by_columns_or_one_by_one_each_appeal_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, seed: int, bad: int
) -> None:
    path = tmp_path_factory.mktemp("b") / "a.csv"
    made = export(40, bad, seed=seed)
    good = [
        row
        for line, row in zip(_lines(made.text), _rows(made.text), strict=True)
        if line not in made.bad
    ]
    path.write_text(_text(good), encoding="utf-8", newline="")
    (quick,) = portions(path, HOTLINE)
    path.write_text(made.text, encoding="utf-8", newline="")
    (slow,) = portions(path, HOTLINE)
    late = {InputCode.MOMENT_TO_COME, InputCode.TEXT_UNFIT, InputCode.TEXT_TOO_LONG}
    late |= {InputCode.NAMES_A_PERSON}
    kept = [
        appeal
        for appeal, line in zip(slow.facts, slow.lines, strict=True)
        if made.bad.get(line, ("", ""))[0] not in late
    ]
    assert kept == list(quick.facts)
    assert quick.refused == ()


def _rows(text: str) -> list[str]:
    """Return the records of a generated file after its header."""
    rows: list[str] = []
    for line in text.split("\n")[1:-1]:
        if rows and rows[-1].count('"') % 2 and '万州"区' not in rows[-1]:
            rows[-1] += f"\n{line}"
        else:
            rows.append(line)
    return rows


def _lines(text: str) -> list[int]:
    lines, at = [], 2
    for row in _rows(text):
        lines.append(at)
        at += row.count("\n") + 1
    return lines


def _text(rows: Sequence[str]) -> str:
    return "\n".join([",".join(HEAD), *rows, ""])


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_a_work_order_becomes_an_appeal_with_its_contact_apart(
    kind: str, desk: Desk, tmp_path: Path
) -> None:
    row = [
        "1", "\uff27\uff24\u200b01", "2022年1月4日 上午9:05", "张三", "13800138000", "",
        "某路1号", "停车", "车位\r\n不够", "重庆市万州区", "", "失业",
    ]  # fmt: skip
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-16", newline="") as file:
            csv.writer(file, delimiter="\t").writerows([HEAD, row])
    elif kind == "jsonl":
        text = json.dumps(dict(zip(HEAD, row, strict=True)))
        path = tmp_path / "a.jsonl.gz"
        path.write_bytes(gzip.compress(text.encode()))
    else:
        import openpyxl

        book = openpyxl.Workbook()
        for each in (["12333工单"], HEAD, row, ["合计", 1]):
            book.active.append(each)
        book.save(path)
    (portion,) = portions(path, HOTLINE)
    (intake,) = taken(desk, [portion], path.name)
    assert (intake.kept, intake.refused) == (1, ())
    pair = ("hotline_12333", "GD01")
    content = door_of(desk.flow).ask(opened, [pair])[pair]
    assert (content.title, content.text) == ("停车", "车位\n不够")
    assert content.contact is not None
    assert (content.contact.name, content.contact.phone) == ("张三", "13800138000")
    stored = desk.flow.appeals.trail("GD01").appeal
    assert (stored.district, stored.life_stage) == ("500101", LifeStage.UNEMPLOYMENT)


def test_the_profile_that_knows_most_columns_is_taken_or_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(export(1).text, "utf-8")
    source = source_of_appeals(path, list(READY.values()))
    assert best_profile(source, list(READY.items()))[0] == "hotline-12333"
    path.write_text("甲,乙\n1,2\n", "utf-8")
    source = source_of_appeals(path, list(READY.values()))
    with pytest.raises(InputRefused) as refused:
        best_profile(source, list(READY.items()))
    assert refused.value.code == FileCode.NO_PROFILE_FITS
    path.write_text("工单编号,工单号,来电时间\n1,2,3\n", "utf-8")
    with pytest.raises(InputRefused, match=r"缺少:内容.*重复:工单编号、工单号"):
        portions(path, HOTLINE)


def test_a_profile_is_proposed_from_names_and_contents(tmp_path: Path) -> None:
    rows = [
        f"W-{n:03},2022/1/{n} 9:05,1380013800{n},"
        f"第{n}位群众反映的问题写在这一列,x,受理的工单标题\n"
        for n in range(1, 6)
    ]
    path = tmp_path / "a.csv"
    path.write_text("号,何时,打来的,说了啥,别的,标题\n" + "".join(rows), "utf-8")
    found = proposed(source_of_appeals(path, list(READY.values())), [HOTLINE])
    assert {guess.field: (guess.column, guess.ground) for guess in found.guesses} == {
        AppealField.KEY: ("号", GuessGround.UNIQUE),
        AppealField.AT: ("何时", GuessGround.CONTENT),
        AppealField.PHONE: ("打来的", GuessGround.CONTENT),
        AppealField.TEXT: ("说了啥", GuessGround.LONGEST),
        AppealField.TITLE: ("标题", GuessGround.SAME_NAME),
    }
    assert found.unused == ("别的",)


def test_rows_of_another_file_add_nothing_and_other_contents_are_named(
    desk: Desk, tmp_path: Path
) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    text = export(5).text
    path.write_text(text, "utf-8")
    rows = list(reversed(_rows(text)))
    other.write_text(_text(rows).replace("第3次", "第9次"), "utf-8")
    profile = replace(HOTLINE, withheld=False)
    taken(desk, portions(path, profile), "a")
    (again,) = taken(desk, portions(other, profile), "b")
    assert (again.kept, again.known) == (0, 5)
    assert [name.partition("/")[2][-6:] for name in again.others] == ["000003"]


@pytest.mark.skipif(not DATA, reason="HUIMIN_DATA names no folder with messages")
def test_the_real_messages_come_in_once(file_desk: Desk) -> None:
    path = Path(DATA) / "messages.jsonl.gz"
    read = portions(path, READY["message-board"])
    assert not any(each.refused for each in read)
    first = taken(file_desk, read, path.name)
    again = taken(file_desk, read, path.name)
    assert sum(each.kept for each in first) == 2_169
    assert [(each.kept, each.others) for each in again] == [(0, ())]


def test_a_json_line_without_text_or_with_a_list_is_refused_by_its_line(
    tmp_path: Path,
) -> None:
    lines = [
        {"id": "1", "at": "2022-01-04 09:05:00", "title": "标题", "text": "内容"},
        {"id": "2", "at": "2022-01-04 09:05:00", "title": "", "text": None},
        {"id": "3", "at": "2022-01-04 09:05:00", "title": "", "text": ["内容"]},
        {"id": 4, "at": "2022-01-04 09:05:00", "title": "只有标题"},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (portion,) = portions(path, READY["message-board"])
    assert [(each.key, each.text) for each in portion.facts] == [
        ("1", "内容"),
        ("4", "只有标题"),
    ]
    codes = [(row.line, row.reason.code) for row in portion.refused]
    assert codes == [(2, RowCode.TEXT_UNFIT), (3, RowCode.TEXT_UNFIT)]
