"""The real list of 2023 and the districts, held against the facts beside the tests."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import Comparator, IndicatorKind, UnitKind
from huimin_flow.model.executing.plans import OpeningList
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_opening_list
from huimin_flow.settings import yaml as config_document

DATA = Path(__file__).parents[1] / "data"
SEED = Path(__file__).parents[3] / "shared/seed/huimin-yougan-2023.txt"

#: SHA-256 of the 20 texts, a line each, as they stand in the document.
TEXTS = "5cc83732c7a1685fab6fa1a665a236f74a9212d40c728264626cac4c4e523396"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def opening(config: Path, book: Rulebook) -> OpeningList:
    return load_opening_list(config, 2023, book)


def test_every_indicator_is_that_of_the_annex(opening: OpeningList) -> None:
    found = [
        (
            str(task.task), one.quote, one.name, one.comparator.value,
            str(one.value), one.unit, one.kind.value,
        )
        for task in opening.tasks
        for one in task.indicators
    ]  # fmt: skip
    known = [
        (
            row["task"], row["quote"], row["name"], row["comparator"],
            row["value"], row["unit"], row["kind"],
        )
        for row in rows("annex2.csv")
    ]  # fmt: skip
    assert sorted(found) == sorted(known)
    assert len(found) == 45


def test_every_deliverable_is_that_of_the_annex(opening: OpeningList) -> None:
    found = [
        (str(task.task), one) for task in opening.tasks for one in task.deliverables
    ]
    known = [(row["task"], row["quote"]) for row in rows("annex2-milestones.csv")]
    assert sorted(found) == sorted(known)
    assert len(found) == 21


def test_the_texts_are_word_for_word_those_of_the_document(
    opening: OpeningList,
) -> None:
    texts = "\n".join(f"{task.task}.{task.text}" for task in opening.tasks)
    assert hashlib.sha256(texts.encode()).hexdigest() == TEXTS
    if SEED.is_file():
        document = SEED.read_text(encoding="utf-8")
        assert all(line in document for line in texts.splitlines())


def test_the_list_says_whose_reading_each_of_its_fields_is(
    opening: OpeningList,
) -> None:
    assert opening.source == "通知 附件2"
    assert {
        opening.area_source, opening.lead_source, opening.due_source,
        opening.title_source, opening.curve_source, opening.denominator_source,
    } == {"ours"}  # fmt: skip


NUMBER = re.compile(r"\d+(?:\.\d+)?[万亿]?")

#: Digits of annex 2 that are no target, each with its reason.
EXCUSED = {
    5: {"2023": "the contest's year"},
    19: {"15": "the name of the service circle", "5": "as before"},
    20: {"12333": "the hotline's number"},
}


def figure(token: str) -> int:
    factor = {"万": 10_000, "亿": 100_000_000}.get(token[-1], 1)
    return int(Decimal(token.rstrip("万亿")) * factor)


def test_every_digit_of_annex_2_is_an_indicator_or_excused(
    opening: OpeningList,
) -> None:
    for task in opening.tasks:
        values = Counter(one.value for one in task.indicators)
        in_words = Counter(
            one.value
            for one in task.indicators
            if one.kind in {IndicatorKind.ZERO, IndicatorKind.FULL}
        )
        for token in NUMBER.findall(task.text):
            if token in EXCUSED.get(task.task, {}):
                continue
            assert values[figure(token)], (task.task, token)
            values[figure(token)] -= 1
        assert values <= in_words, (task.task, values)


def test_the_real_list_has_its_tasks_indicators_and_deliverables(
    opening: OpeningList,
) -> None:
    tasks = opening.tasks
    indicators = [one for task in tasks for one in task.indicators]
    assert [task.task for task in tasks] == list(range(1, 21))
    assert len(indicators) == 45
    assert sum(len(task.deliverables) for task in tasks) == 21
    assert all(
        one.tolerance for one in indicators if one.comparator is Comparator.APPROX
    )
    for task in tasks:
        for one in task.indicators:
            assert all(part in task.text for part in [one.quote] if "、" not in part)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def test_every_district_and_zone_is_that_of_the_facts(book: Rulebook) -> None:
    found = {
        (
            one.code,
            one.name,
            one.kind.value,
            one.population,
            one.tile,
            one.valid_from,
            one.valid_to,
        )
        for one in book.organization.units
        if one.kind in {UnitKind.DISTRICT, UnitKind.ZONE}
    }
    known = {
        (
            row["code"], row["name"], row["kind"],
            int(row["population_2020"]) if row["population_2020"] else None,
            (int(row["tile_column"]), int(row["tile_row"])),
            day(row["valid_from"]), day(row["valid_to"]),
        )
        for row in rows("chongqing-districts.csv")
    }  # fmt: skip
    assert found == known
    assert len(found) == 42


def test_there_are_38_districts_and_37_since_the_new_one(book: Rulebook) -> None:
    def districts(on: date) -> int:
        there = book.organization.units_on(on)
        return sum(one.kind is UnitKind.DISTRICT for one in there)

    assert (districts(date(2023, 12, 31)), districts(date(2025, 11, 6))) == (38, 37)


def test_who_audits_is_never_ranked(book: Rulebook) -> None:
    auditors = [u for u in book.organization.units if u.kind is UnitKind.AUDITOR]
    assert auditors
    assert not any(one.ranked for one in auditors)


#: What each clause that config names is about: words of its text in the document.
CLAUSES = {
    "二(一)1": "采集汇总机制",
    "二(一)2": "最高强度为五星",
    "二(一)3": "大成集智",
    "二(二)": "4个板块",
    "二(二)1": "就业处牵头",
    "二(二)2": "市社保局牵头",
    "二(二)3": "局人才办牵头",
    "二(二)4": "关系处牵头",
    "二(三)1": "双榜",
    "二(三)2": "好差评",
    "二(三)3": "第三方评估机制",
    "二(四)1": "数据共享回流",
    "二(四)4": "五色图",
    "三(一)": "组建工作专班",
    "三(三)": "按月抓进度",
}

CLAUSE = re.compile(r"通知 ([一二三]\([一二三四]\)[0-9]?)")


def cited(config: Path) -> dict[str, list[str]]:
    """Every clause that a file of config/ names, with the lines that name it."""
    found: dict[str, list[str]] = {}
    for path in sorted(config.rglob("*.yaml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for clause in CLAUSE.findall(line):
                found.setdefault(clause, []).append(line)
    return found


def clauses(document: str) -> dict[str, str]:
    """The document's clauses by their numbers."""
    found: dict[str, str] = {}
    part = section = number = ""
    for line in (one.strip() for one in document.splitlines()):
        if head := re.match(r"([一二三])、", line):
            part, section, number = head[1], "", ""
        elif head := re.match(r"[(\uff08]([一二三四])[)\uff09]", line):
            section, number = head[1], ""
        elif head := re.match(r"([1-4])[.\uff0e]", line):
            number = head[1]
        if section:
            for key in {f"{part}({section})", f"{part}({section}){number}"}:
                found[key] = found.get(key, "") + line
    return found


def test_every_clause_that_config_names_is_one_of_the_document(config: Path) -> None:
    assert set(cited(config)) <= set(CLAUSES)
    if SEED.is_file():
        document = SEED.read_text(encoding="utf-8").split("附件1")[0]
        known = clauses(document)
        assert all(words in known[one] for one, words in CLAUSES.items())


@pytest.mark.skipif(not SEED.is_file(), reason="the document isn't here")
def test_the_clauses_that_a_source_may_name_are_those_of_the_document() -> None:
    text = SEED.read_text(encoding="utf-8").split("附件1")[0]
    (body, _) = re.split(r"\n\s*附件[:\uff1a]", text)
    assert set(clauses(body)) == config_document.CLAUSES


@pytest.mark.parametrize(
    ("name", "words", "clause"),
    [
        ("timetable.yaml", "月评价", "二(四)4"),
        ("timetable.yaml", "五色图", "二(四)4"),
        ("timetable.yaml", "按季列榜单", "三(三)"),
        ("timetable.yaml", "按月抓进度", "三(三)"),
    ],
)
def test_a_job_names_the_clause_that_asks_for_it(
    config: Path, name: str, words: str, clause: str
) -> None:
    text = (config / name).read_text(encoding="utf-8")
    assert f"source: 通知 {clause}:{words}" in text


def test_the_four_indicators_are_those_of_their_clause(book: Rulebook) -> None:
    assert book.scoring is not None
    named = {one.name: one.source for one in book.scoring.index.indicators}
    assert set(named) >= {"落实度", "业务量", "投诉率", "满意度"}
    assert {named[one] for one in ("落实度", "业务量", "投诉率", "满意度")} == {
        "通知 二(四)4"
    }
