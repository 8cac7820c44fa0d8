"""A list that was published before the engine is entered by two people, whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, EditionState, State, TwoPeople
from huimin_flow.errors import (
    ConfigRefused,
    HuiminError,
    InputRefused,
    ItemMoved,
    StepRefused,
)
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.deciding.opening import opening_values
from huimin_flow.model.executing.plans import OpeningList
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_opening_list, read_opening_list
from huimin_flow.testing import Desk
from tests.conftest import CONFIG
from tests.shell.terminal import Terminal
from tests.test_docs import DOCS, blocks

KEY = "list/2023/city"


def opening(desk: Desk, count: int = 2) -> OpeningList:
    """Return the first tasks of the real list, each with a starred item."""
    shipped = load_opening_list(CONFIG, 2023, desk.flow.rulebook.active())
    tasks = tuple(
        replace(task, item=desk.bring(State.STARRED, task.title).number)
        for task in shipped.tasks[:count]
    )
    return replace(shipped, tasks=tasks)


def test_two_people_enter_a_whole_list_that_the_second_has_seen(desk: Desk) -> None:
    flow, listed = desk.flow, opening(desk)
    first, _ = listed.tasks
    values = opening_values(listed)
    stale = flow.proposals.propose(TwoPeople.OPEN, values, by=desk.office)
    flow.items.amend(first.item, {"title": "改了"}, by=desk.office)
    assert flow.proposals.get(stale.key).moved == (f"item/{first.item}",)
    with pytest.raises(ItemMoved):
        flow.proposals.approve(stale.key, stale.seen, by=desk.second)
    made = flow.proposals.propose(TwoPeople.OPEN, values, by=desk.office)
    content = {each.path: each.new for each in flow.proposals.get(made.key).content}
    for task in listed.tasks:
        shown = {
            name: content[f"{task.item}.{name}"] for name in ("rank", "text", "due")
        }
        assert shown == {"rank": task.task, "text": task.text, "due": "2023-12-31"}
        assert content[f"{task.item}.lead"]
        for indicator in task.indicators:
            assert indicator.quote in content.values()
    assert content[f"{first.item}.title"] == "改了"
    assert flow.items.get(first.item).state is State.STARRED
    with pytest.raises(StepRefused):
        flow.proposals.approve(made.key, made.seen, by=desk.office)
    flow.proposals.approve(made.key, made.seen, by=desk.second)
    entered = flow.lists.published(KEY)
    assert [place.item for place in entered.places] == [t.item for t in listed.tasks]
    assert entered.state is EditionState.PUBLISHED
    for task in listed.tasks:
        last = flow.records.events(f"item/{task.item}")[-1].event
        assert (last.step, last.public["confirmed_by"]) == ("enlist", desk.second.id)
    settled = {each.path: each.new for each in flow.proposals.get(made.key).content}
    assert listed.source in settled.values()
    with pytest.raises(InputRefused, match="已有2项"):
        flow.proposals.propose(TwoPeople.OPEN, values, by=desk.office)
    assert door_of(flow).read(verify).findings == ()


def test_a_corrected_title_leaves_the_other_words_of_the_published_list(
    desk: Desk,
) -> None:
    flow, listed = desk.flow, opening(desk)
    by_two = {"by": desk.office, "second": desk.second}
    flow.lists.enter_opening(listed, listed.numbers, **by_two)
    number = listed.tasks[0].item
    before = flow.lists.published(KEY).place(number)
    assert before is not None
    for corrected in ({"title": "换题"}, {"area": "人才人事"}):
        flow.items.amend(number, corrected, by=desk.office)
    draft = flow.lists.get(KEY)
    new = replace(before, title="换题", area=Area.TALENT)
    assert draft.place(number) == new
    [change] = draft.changes
    assert {each.field for each in change.fields} == {"title", "area"}


def test_the_whole_real_list_can_be_proposed(file_desk: Desk) -> None:
    listed = opening(file_desk, 20)
    made = file_desk.flow.proposals.propose(
        TwoPeople.OPEN, opening_values(listed), by=file_desk.office
    )
    assert len(made.rests) == 21


Wrong = Callable[[OpeningList, Desk], OpeningList]


def _twice(listed: OpeningList, **changed: Any) -> OpeningList:
    first, second = listed.tasks
    return replace(listed, tasks=(first, replace(second, **changed)))


WRONG: dict[str, Wrong] = {
    "opening_empty": lambda listed, _: replace(listed, tasks=()),
    "opening_task_twice": lambda listed, _: _twice(listed, task=1),
    "opening_item_twice": lambda listed, _: _twice(listed, item=listed.tasks[0].item),
    "opening_entry_without_item": lambda listed, _: _twice(listed, item=""),
    "unit_unknown": lambda listed, _: _twice(listed, lead_unit="DIV-NONE"),
    "item_unknown": lambda listed, _: _twice(listed, item="2023-999999"),
    "no_such_arc": lambda listed, desk: _twice(
        listed, item=desk.bring(State.JUDGED).number
    ),
    "day_to_come": lambda listed, _: replace(listed, dated=date(2023, 12, 1)),
    "list_made_here": lambda listed, _: replace(listed, year=2024),
}


def test_a_wrong_list_is_refused_and_nothing_changes(desk: Desk) -> None:
    right = opening(desk)
    wrong = {code: opening_values(make(right, desk)) for code, make in WRONG.items()}
    wrong["opening_of_other_year"] = opening_values(right) | {
        "edition": "list/2022/city"
    }
    wrong["no_opening_list"] = opening_values(right) | {"opening": '{"year":2023}'}
    for code, values in wrong.items():
        with pytest.raises(HuiminError) as refusal:
            desk.flow.proposals.propose(TwoPeople.OPEN, values, by=desk.office)
        assert code in {reason.code for reason in refusal.value.reasons}, refusal.value
    assert desk.flow.lists.list(period="2023") == []
    assert desk.flow.proposals.waiting() == ()
    assert desk.flow.items.get(right.tasks[0].item).state is State.STARRED


def test_a_wrong_file_is_refused_with_file_line_and_key(
    tmp_path: Path, book: Rulebook
) -> None:
    text = (CONFIG / "lists" / "2023.yaml").read_text(encoding="utf-8")
    file = tmp_path / "old.yaml"
    head = text.partition("tasks:")[0]
    file.write_text(f"{head}tasks: []\n", encoding="utf-8")
    with pytest.raises(ConfigRefused) as refusal:
        read_opening_list(file, book)
    [problem] = refusal.value.problems
    assert (problem.file, problem.key) == ("old.yaml", "tasks")
    named = text.replace("  - task: 1\n", "  - task: 1\n    item: 2023-000001\n")
    named = named.replace("  - task: 2\n", "  - task: 1\n    item: 2023-000001\n")
    file.write_text(named, encoding="utf-8")
    with pytest.raises(ConfigRefused) as refusal:
        read_opening_list(file, book)
    keys = {problem.key for problem in refusal.value.problems}
    assert keys == {"tasks.0.task", "tasks.1.task", "tasks.0.item", "tasks.1.item"}


def test_an_opening_list_is_entered_as_the_page_says(
    url: str,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = DOCS / "how-to" / "enter-an-opening-list.zh-CN.md"
    number = desk.bring(State.STARRED, "困难群体就业帮扶").number
    monkeypatch.chdir(tmp_path)
    [listed] = blocks(page, "yaml")
    Path("2023.yaml").write_text(listed.replace("事项编号", number), encoding="utf-8")
    database, *lines = "".join(blocks(page, "sh")).splitlines()
    assert database.startswith("export HUIMIN_DATABASE=")
    terminal, told = Terminal(capsys, url), ""
    asked: re.Match[str] | None = None
    for line in lines:
        if line.startswith("export"):
            name, _, content = line.split()[1].partition("=")
            monkeypatch.setenv(name, content)
            continue
        words = line.partition("#")[0]
        if asked is not None:
            words = words.replace("提请编号", asked[1]).replace("核对码", asked[2])
        said = terminal(*words.split()[1:])
        assert said.code == int("会被拒绝" in line), (line, said.err)
        told += said.out
        if "dry-run" in line:
            assert "帮扶困难人员就业8万人以上" in said.out
            assert (
                terminal("proposal", "list").out
                == "没有可列的提请；默认只列等待复核的\n"
            )
        else:
            asked = asked or re.search(r"approve (\S+) --seen (\w+)", said.out)
    assert desk.flow.lists.published(KEY).places[0].item == number
    assert told.count("困难群体就业帮扶") >= 3
