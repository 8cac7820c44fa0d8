"""``huimin`` as a client of a service: every command as before, or one refusal."""

from __future__ import annotations

import getpass
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import State, Via
from huimin_flow.clock import RehearsalClock, SystemClock
from huimin_flow.desk.calls import Account
from huimin_flow.flow import Flow
from huimin_flow.reports import contents
from huimin_flow.shell.main import places
from tests.conftest import CONFIG
from tests.desk.serving import serving
from tests.flow.core.test_permissions import world
from tests.flow.core.words import FILES, TABLES, WORDS
from tests.flow.core.world import World
from tests.sampled import NIGHTLY, sampled, two_of_a_kind
from tests.shell.executing.test_progress import assigned, fill
from tests.shell.terminal import Said, Terminal

__all__ = ["world"]  # a fixture

#: What only reads, on the demo; ``{item}`` is an item of its list.
READS = (
    "appeal list", "appeal list --csv", "appeal show {appeal} --channel {channel}",
    "assessment list", "assessment show {assessment}", "audit refusals", "item explain {item} --by office-1",
    "item files {item}", "item history {item}", "item list --limit 30",
    "item list --json --limit 3", "item list --csv --title 就业", "item show {item}",
    "item own {item}", "item show {item} --json", "item undo {item} --by office-1", "list list",
    "list preview 2025", "list show list/2023/city", "meeting list",
    "meeting answers {meeting} --by office-1", "meeting files {meeting} --by office-1", "meeting funnel 2023", "meeting pack {meeting} --by office-1", "resource show 2024", "meeting show {meeting}", "permissions --role 经办人", "progress owing 2023-10",
    "progress show 2023-10", "progress template 2023-10", "proposal list",
    "rating bad", "rating failings 2023-09", "rating callback 2023-09", "rating coverage 2023-01 2023-03",
    "rating items", "rating savings 2023", "rating show 2023-10", "report item {item}",
    "report list list/2023/city", "report month 2023-10", "report progress 2023-10",
    "report cockpit", "report own {config}/none.html", "report quarter 2023-Q3", "report services 2023", "report site", "rules check",
    "rules diff", "rules show", "rules show --json", "rules what-if {config} --from 2023-10 --to 2023-10",
    "score editions score/2023-10",
    "score explain 500230 2023-10", "score month 2023-10", "score quarter 2023-Q3",
    "score rows 500230 2023-10",
    "timetable calls", "timetable due", "timetable list", "timetable status --json",
    "survey list", "survey show survey/none", "survey sample survey/none", "survey redraw survey/none --frame frame.csv",
    "advice list", "advice show advice/none", "order list", "board list", "board bad", "board show 2023Q3", "board published 2023Q3", "board late 2023Q3", "order show 2023-0001", "assessment findings {assessment}",
    "spot-check list", "spot-check mine",
    "engagement list", "engagement show engagement/none", "engagement files engagement/none",
    "engagement sample engagement/none", "engagement redraw engagement/none --frame frame.csv",
    "item coverage {item}", "task returns", "task show task_return/none",
    "task units 2023", "task year 500101 2023",
    "spot-check show spot_check/none", "spot-check record spot_check/none",
    "rectification list", "rectification show 2023-0001",
    "practice list", "practice show 2023-0001",
    "replication list", "replication show 2023-0001",
    "burden show 2023-10", "review digest 2023-09",
    "digest list", "digest show 2023-10 500101", "digest editions 2023-10",
    "digest reached 2023-10",
    "review list", "review show 2023-0001", "review pack 2023-0001",
    "review files 2023-0001", "decision list", "decision show 2023-0001/01",
    "decision files 2023-0001/01",
    "bulk template star --by office-1", "clock show", "forecast calibration",
    "forecast cases", "feed list", "feed business 2023-12", "feed shares 2023-12",
    "feed figures feed/none", "feed show feed/none", "item grounds {item}", "ledger awaited", "ledger demands",
    "ledger changes 2023-06-30", "ledger responses", "ledger tasks 500101",
    "ledger units", "list editions list/2023/city", "third-party list",
    "third-party show 1",
    "timetable status", "todo --by op-500230 --now 2024-02-29T18:00",
    "answer list", "answer preview {item}", "answer proposals", "answer rates",
    "answer show {appeal} --channel {channel}", "answer to-close", "appeal readings",
    "appeal receipt-of {appeal} --channel {channel}", "appeal receipt AAAA-AAAA-AAAA",
    "appeal stages", "appeal suggest {appeal} --channel {channel}", "appeal ways {item}",
    "changes list --limit 3", "changes cursors",
    "changes schema item", "gather explain {appeal}", "gather groups", "gather list", "gather members {appeal}",
    "gather repeating", "gather verdicts", "item suggest 拖欠工资", "measure compare", "measure list",
    "measure show 1", "outbox list", "outbox show",
    "point coverage", "point list", "point show 1", "policy list", "policy reviews",
    "policy review policy_review/2023-12", "policy show 1", "screening list",
    "screening referred", "screening rounds", "screening show 2023-12",
)  # fmt: skip

#: The pages of everything there is.
SITE = "report site"

#: What needs the database itself.
REFUSED = (
    "backup out", "restore out", "key check", "key rotate", "outbox send", "audit verify", "audit replay --all", "audit replay {item}", "doctor", "init",
    "demo --yes", "timetable run", "scheduler",
    "scheduler --rehearse 2024-03-01 2024-03-02", "desk --port 0",
)  # fmt: skip

#: Commands with tests of their own, here or elsewhere: they differ by their nature.
APART = {
    "appeal export", "appeal import", "appeal profile", "bulk do", "drafts", "next", "progress import", "proposal show",
    "shell", "whoami",
}  # fmt: skip

ME = Account(getpass.getuser(), Via.PEER)


def commands(lines: tuple[str, ...]) -> set[str]:
    known = {path for _, (_, path, _, _) in places()}
    return {
        path
        for path in known
        if any(f"{line} ".startswith(f"{path} ") for line in lines)
    }


def test_no_command_is_left_out() -> None:
    known = {path for _, (_, path, _, _) in places()}
    assert known == commands(READS) | commands(REFUSED) | APART | WORDS.keys()


@pytest.fixture
def served(
    own: Path, played: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[tuple[Terminal, Terminal, dict[str, str]]]:
    """Two terminals on the demo: on its file, and behind a service."""
    (own / "frame.csv").write_text("代号\nc1\n", encoding="utf-8")
    file = own / "demo.db"
    shutil.copy(played / "out" / "demo.db", file)
    with Flow.open(f"sqlite:///{file}") as flow:
        appeal, meeting = flow.appeals.list(limit=1)[0], flow.meetings.list(limit=1)
        known = {
            "item": flow.lists.get("list/2023/city").places[0].item,
            "appeal": appeal.key,
            "channel": appeal.channel,
            "assessment": flow.assessments.list(limit=1)[0].key,
            "meeting": meeting[0].key if meeting else "",
            "config": str(CONFIG),
        }
        with serving(flow, own / "desk.sock") as service:
            service.who = ME
            yield (
                Terminal(capsys, str(file)),
                Terminal(capsys, service.url),
                known,
            )
            assert service.failures == []


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_reading_command_says_the_same(
    served: tuple[Terminal, Terminal, dict[str, str]], own: Path
) -> None:
    """By day one command of each noun; by night all, the demo's whole site with them."""
    near, far, known = served
    lines = [line for line in READS if line != SITE or NIGHTLY]
    for line in sampled(lines, lambda line: line.split()[0]):
        require_same(near, far, line.format_map(known).split(), own / "out")


def test_a_site_says_the_same(
    world: World,
    own: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By day two pages of each kind are."""
    every = contents.site_files
    monkeypatch.setattr(contents, "site_files", lambda now: two_of_a_kind(every(now)))
    near = Terminal(capsys, world.database)
    with (
        Flow.open(f"sqlite:///{world.database}") as flow,
        serving(flow, own / "desk.sock") as service,
    ):
        service.who = ME
        far = Terminal(capsys, service.url)
        written = require_same(near, far, SITE.split(), own / "out")
        assert service.failures == []
    with world.desk.flow.snapshot() as now:
        assert set(two_of_a_kind(every(now))) < written.keys()
    assert sum(name.startswith("item-") for name in written) > 1


def require_same(
    near: Terminal, far: Terminal, words: list[str], out: Path
) -> dict[str, bytes]:
    """Give a command to both terminals; return the files that both write into ``out``."""
    said: list[tuple[Said, dict[str, bytes]]] = []
    for terminal in (near, far):
        shutil.rmtree(out, ignore_errors=True)
        into = ["--into", str(out)] if words[0] == "report" else []
        if words[1:2] == ["template"]:
            into = ["--out", str(out / "sheet.xlsx")]
            out.mkdir()
        said.append((terminal(*words, *into), files(out) if out.exists() else {}))
    (here, made), (there, written) = said
    assert here.code in {0, 1}, (words, here)
    assert there == here, words
    assert written.keys() == made.keys(), words
    if words[0] == "report":
        assert written == made, words
    return written


def test_a_months_sheet_goes_out_and_comes_back_in(
    own: Path, begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = own / "t.db"
    shutil.copy(begun, file)
    near = Terminal(capsys, str(file))
    number, month = assigned(near)
    with (
        Flow.open(f"sqlite:///{file}") as flow,
        serving(flow, own / "desk.sock") as service,
    ):
        service.who = ME
        far = Terminal(capsys, service.url)
        assert far("progress", "template", month, "--out", "sheet.xlsx").code == 0
        fill(own / "sheet.xlsx", 3)
        words = ("progress", "import", "sheet.xlsx", "--by", "op-500101")
        assert far(*words, "--dry-run") == near(*words, "--dry-run")
        assert "记入 1 行" in far(*words).out
        assert number not in far("progress", "owing", month).out
    assert near("audit", "verify").code == 0


def test_what_needs_the_database_is_refused_by_one_code(
    served: tuple[Terminal, Terminal, dict[str, str]],
) -> None:
    _, far, known = served
    for line in REFUSED:
        said = far(*line.format_map(known).split(), "--json")
        assert said.code == 1, line
        assert '"desk_not_by_service"' in said.err, (line, said.err)
        assert said.out == ""


def test_every_acting_command_tries_the_same(
    world: World,
    own: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = {state.value: number for state, number in world.numbers.items()}
    known |= {"today": str(world.desk.today()), **world.known}
    for name, text in FILES.items():
        known[name] = str(own / f"{name}.{'csv' if name in TABLES else 'yaml'}")
        body = text.replace("STARRED", known["starred"])
        Path(known[name]).write_text(body, encoding="utf-8")
    near = Terminal(capsys, world.database)
    with (
        Flow.open(f"sqlite:///{world.database}") as flow,
        serving(flow, own / "desk.sock") as service,
    ):
        service.who = ME
        far = Terminal(capsys, service.url)
        done = 0
        for path, words in WORDS.items():
            line = [word.format_map(known) for word in [*path.split(), *words.split()]]
            here, posts = Said(1, "", ""), ["office-1", "operator-own"]
            # By day the operator tries only what the office may not do.
            while posts and (NIGHTLY or here.code):
                post = posts.pop(0)
                here, there = (
                    terminal(*line, "--by", post, "--dry-run")
                    for terminal in (near, far)
                )
                assert there == here, path
                done += here.code == 0
        assert service.failures == []
    assert done > len(WORDS) / 2


def test_a_day_of_work_is_recorded_behind_the_service(
    own: Path, begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Acts with request ids, imports, the prompt and who one is."""
    file = own / "t.db"
    shutil.copy(begun, file)
    with ExitStack() as stack:
        clock = RehearsalClock(SystemClock().now())
        flow = stack.enter_context(Flow.open(f"sqlite:///{file}", clock=clock))
        service = stack.enter_context(serving(flow, own / "desk.sock"))
        service.who = ME
        far = Terminal(capsys, service.url)
        words = [
            "item",
            "collect",
            "--title",
            "甲",
            "--origin",
            "problem",
            "--area",
            "employment",
        ]
        first = [
            far(*words, "--by", "op-500101", "--request", "r-1", "--json").value
            for _ in range(2)
        ]
        assert first[0] == first[1]
        assert flow.items.count() == 1
        number = first[0]["number"]
        assert far("item", "list", "--title", "甲").out.count(number) == 1
        said = far("whoami", "--by", "op-500101")
        assert (said.code, "op-500101" in said.out, service.url in said.out) == (
            0, True, True,
        )  # fmt: skip
        ratings = own / "ratings.csv"
        row = FILES["ratings"].replace("2023-10-02", "2026-01-02")
        ratings.write_text(row.replace(",app,5,", ",app,满意,"), "utf-8")
        imported = far("rating", "import", str(ratings), "--by", "office-1")
        assert imported.code == 0, imported
        assert sum(imported.out.count(word) for word in ("记入 1 行", "未收 0 行")) == 2
        refused = far("item", "close", number, "--by", "office-1", "--yes", "--json")
        assert (refused.code, '"no_such_arc"' in refused.err) == (1, True)
        assert flow.records.refusals()[0].act == "close"
        next_step = far("next", number, "--by", "office-1")
        assert "逐项询问需要终端" in next_step.err
        assert flow.items.get(number).state is State.COLLECTED
        assert far("item", "list", "--read-only").code == 0
        reading = far(*words, "--by", "op-500101", "--read-only", "--json")
        assert '"reading_only"' in reading.err


def test_the_shell_works_behind_a_service(
    served: tuple[Terminal, Terminal, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import io

    _, far, known = served
    lines = f"item show {known['item']}\nlist list\nexit\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    said = far("shell")
    assert said.code == 0, said
    assert known["item"] in said.out


def test_a_service_that_is_gone_is_named(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = Terminal(capsys, f"unix:{own / 'desk.sock'}")("item", "list", "--json")
    assert said.code == 1
    assert '"desk_not_running"' in said.err
    assert str(own / "desk.sock") in said.err
