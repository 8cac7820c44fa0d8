"""What commands print in English has no Chinese but names of the bureau's config."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import Dimension, State
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import rulebook_text
from huimin_flow.testing import Desk
from tests.shell.terminal import Terminal
from tests.shell.test_next import Keys

HAN = re.compile("[\u3400-\u9fff\uff00-\uffef]+|、")


def chinese(text: str, names: str) -> list[str]:
    """Return the Chinese parts of a text that are no part of a name."""
    return [part for part in HAN.findall(text) if part == "、" or part not in names]


WORDS = [
    "doctor",
    "item list --sort stars",
    "item list",
    "item show NUMBER",
    "item history NUMBER",
    "item explain NUMBER --by office-1",
    "item undo NUMBER --by office-1",
    "item screen NUMBER --score urgency=90 --score fundamentality=90 --by office-1",
    "item screen NUMBER --by office-1 --score urgency=90 --score x=1",
    "item judge NUMBER --by office-1",
    "item show 2099-000001",
    "todo --by office-1",
    "todo --by op-500101",
    "whoami --by office-1",
    "permissions",
    "next NUMBER --by office-1",
    "list list",
    "list preview 2027",
    "proposal list",
    "meeting list",
    "assessment list",
    "appeal list",
    "rating bad",
    "rating callback 2026-01",
    "rating coverage 2026-01 2026-02",
    "rating savings 2026",
    "score editions 2026-01",
    "progress show 2026-01",
    "progress owing 2026-01",
    "rules show",
    "rules diff",
    "rules check",
    "timetable list",
    "timetable due",
    "timetable status",
    "audit verify",
    "audit replay NUMBER",
    "audit refusals",
    "drafts",
    "nonsense",
    "item",
]


@pytest.fixture
def number(rehearsal: Terminal) -> str:
    """An item with a title that is English."""
    made = rehearsal(
        "item", "collect", "--title", "Shelter for workers", "--origin", "problem",
        "--area", "employment", "--unit", "500101", "--by", "op-500101", "--json",
    ).value  # fmt: skip
    return str(made["number"])


@pytest.mark.parametrize("words", WORDS)
def test_a_command_prints_english(words: str, rehearsal: Terminal, number: str) -> None:
    names = json.dumps(rehearsal("rules", "show", "--json").value, ensure_ascii=False)
    line = words.replace("NUMBER", number).split()
    answer = rehearsal("--lang", "en", *line)
    text = answer.out + answer.err
    assert text
    assert chinese(text, names) == []


def test_an_item_is_taken_through_its_life_in_english(
    file_desk: Desk, file_url: str, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIMIN_LANG", "en")
    desk, keys = file_desk, Keys(own, file_url)
    number = desk.collect().number
    desk.link_appeals(number)
    shown = ""

    def step(*answers: str, by: str = "office-1") -> State:
        nonlocal shown
        shown += keys.next(number, answers, by=by, now=desk.clock.now())
        return desk.flow.items.get(number).state

    assert step("80", "80") is State.SCREENED
    held = (
        desk.today().isoformat(), "leader-1", "office-1", "yes", "coordination-1", "",
        "=agreed",
    )  # fmt: skip
    yes = ("yes", "=many ask for it") * 4
    minutes = own / "minutes.txt"
    minutes.write_text("agreed", encoding="utf-8")
    judged = (*yes, "80", "80", "80", f"={minutes}")
    assert step(*held, *judged) is State.JUDGED
    assert step(*("80",) * len(Dimension), "85", "80", "90") is State.STARRED
    desk.enlist(number)
    desk.assess(number)
    due = (desk.today() + timedelta(days=200)).isoformat()
    plan = [f"={name}" for name in ["shelter", "market", "building", "tender"]]
    measure = ("4", "=job seekers", "30", "80")
    outcomes = (
        "", "1", "=workers wait indoors", due, "=workers a day", "500", "=people", "",
        "yes", "", "2", "=none wait in the street", due, "", "", "", "=patrol log", "",
    )  # fmt: skip
    task = ("", "=build it", "500101", due, "=候工区", "=10 places", "1", "1", "10")
    clerk = desk.operator_of(number).id
    given = (*plan, *measure, *outcomes, *task, "=places", *("",) * 6)
    assert step(*given, by=clerk) is State.ASSIGNED
    desk.report(number)
    assert step("yes", by=clerk) is State.EXECUTED
    desk.survey(number)
    results = ("520", "=register", "1", "=patrol log")
    assert step(*results) is State.EVALUATED
    assert step("continue", "=people are content") is State.ADJUSTED
    assert step("y") is State.CLOSED
    names = rulebook_text(desk.flow.rulebook.active()).decode()
    names += str(desk.flow.items.get(number))
    assert "? (yes/no; Enter means no):" in shown
    assert chinese(shown, names) == []


def test_what_click_says_is_a_part_of_a_sentence(rehearsal: Terminal) -> None:
    answer = rehearsal("--lang", "en", "to")
    assert "the command is wrong: no such command 'to'\n" in answer.err
    shown = rehearsal("--lang", "en", "item", "list", "--help").out
    assert "Only those in this state: " in shown
    assert "Only those with this unit." in shown
    assert "None" not in rehearsal("scheduler", "--help").out


#: What reads the whole demo, a line for each kind of screen and table.
READ = [
    "item list --limit 300",
    "item show 2023-000001",
    "item history 2023-000001",
    "list show list/2024/city",
    "meeting list",
    "assessment list",
    "proposal list --all",
    "appeal list",
    "rating show 2023-11",
    "rating items",
    "rating bad",
    "rating callback 2023-11",
    "rating coverage 2023-01 2023-12 --all",
    "rating savings 2023",
    "score month 2023-11",
    "score quarter 2023Q4",
    "score explain 500101 2023-11",
    "score rows 500101 2023-11",
    "progress show 2023-11",
    "progress owing 2023-11",
    "timetable status",
    "timetable calls",
    "todo --by office-1",
    "doctor",
]


@pytest.mark.parametrize("words", READ)
def test_the_demo_reads_in_english(
    words: str, played: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del own
    terminal = Terminal(capsys, str(played / "out" / "demo.db"))
    answer = terminal("--lang", "en", *words.split())
    assert answer.code == 0, answer.err
    names = json.dumps(terminal("rules", "show", "--json").value, ensure_ascii=False)
    flow = Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}", read_only=True)
    with flow, flow.snapshot() as now:
        names += "".join(map(str, now.items.list()))
        names += "".join(map(str, now.assessments.list()))
    text = re.sub("[（）、]", " ", answer.out + answer.err)  # titles have them
    assert chinese(text, names) == []
    ours = re.sub("[\u3400-\u9fff]\\([^)]*\\)", "", text) if "list" in words else text
    assert (
        re.findall(r"[a-z]\(|[a-z]{2},[A-Z]|;[A-Z]|\b[a-z]{4,}[0-9]+\b(?!_)", ours)
        == []
    )
