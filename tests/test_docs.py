"""What the documents show is run: a reader can do the same."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import SHANGHAI, RehearsalClock, SystemClock
from huimin_flow.flow import Flow, Snapshot
from huimin_flow.flow.core.door import door_of
from huimin_flow.reports import contents
from huimin_flow.settings import load_rulebook
from huimin_flow.shell.core.acting import account
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk
from tests.dead_letters import all_refused
from tests.sampled import two_of_a_kind

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def blocks(path: Path, language: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def indented(path: Path) -> Iterator[str]:
    """Yield the commands of a page's indented blocks."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("    huimin "):
            yield line.strip()


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., None]:
    """Run a line as a reader would, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def line(text: str, expected: int = 0) -> None:
        words = shlex.split(text, comments=True)
        code = invoke(words[1:])
        assert code == expected, (text, capsys.readouterr().err)

    return line


def test_the_embedders_tutorial_runs(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program = "\n".join(blocks(DOCS / "tutorial" / "embedder.md", "python"))
    assert program.count("sqlite:///tutorial.db") == 2
    # Without a driver's name, SQLAlchemy 2.0 takes another one for a host's engine.
    named = url.replace("postgresql:", "postgresql+psycopg:")
    program = program.replace("sqlite:///tutorial.db", named)
    code = compile(program, "embedder.md", "exec")
    room: dict[str, object] = {"__name__": "tutorial"}
    exec(code, room)  # noqa: S102 - the document itself is under test
    room["host"].dispose()  # type: ignore[attr-defined]


OPERATOR = DOCS / "tutorial" / "operator.zh-CN.md"

#: What audits a whole database: the tutorial's own is small, the demo takes long.
WHOLE = ("huimin audit replay --all", "huimin audit verify --json")


def followed(
    lines: list[str], run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[:1] == ["export"]:
            name, _, value = words[1].partition("=")
            monkeypatch.setenv(name, value)
        elif words[:1] == ["echo"]:
            Path(words[-1]).write_text(words[1], encoding="utf-8")
        elif words:
            run(line, 1 if "会被拒绝" in line else 0)


def operators_halves() -> tuple[list[str], list[str]]:
    """Return the tutorial's lines before and from the demo on."""
    lines = "".join(blocks(OPERATOR, "sh")).splitlines()
    at = lines.index("huimin demo --into demo")
    return lines[:at], lines[at + 1 :]


def test_the_operators_tutorial_runs(
    url: str,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    config: Path,
) -> None:
    from huimin_flow.clock import SystemClock, local_day

    own = shutil.copytree(config, tmp_path / "own")  # a server's database has no folder
    settings = (own / "huimin.yaml").read_text(encoding="utf-8")
    settings = settings.replace(
        "# attachments: files", f"attachments: {tmp_path}/files"
    )
    (own / "huimin.yaml").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("HUIMIN_CONFIG", str(own))

    year = str(local_day(SystemClock().now()).year)
    shown = "\n".join(operators_halves()[0]).replace("2026-", f"{year}-")
    shown = shown.replace("preview 2027", f"preview {int(year) + 1}")
    followed(shown.replace("try.db", url).splitlines(), run, monkeypatch)
    for line in WHOLE:
        run(line)


@pytest.mark.usefixtures("demo")
def test_the_operators_tutorial_goes_on_in_the_demo(
    run: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "demo").mkdir()
    for name in ("demo.db", "demo.db.files"):
        shutil.move(tmp_path / name, tmp_path / "demo" / name)
    (plan,) = blocks(OPERATOR, "yaml")
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    codes = [f"Q{n:02d}" for n in range(1, 31)]
    levels = ["满意"] * 28 + ["不满意"] * 2
    rows = [f"{code},{level}" for code, level in zip(codes, levels, strict=True)]
    for name, lines in ("frame", ["代号", *codes]), ("answers", ["代号,评价", *rows]):
        (tmp_path / f"{name}.csv").write_text("\n".join([*lines, ""]), "utf-8")
    every, named = contents.site_files, {"month-2024-01.html", "list-2024.html"}

    def few(now: Snapshot) -> tuple[str, ...]:
        chosen = {*two_of_a_kind(every(now)), *named}
        return tuple(file for file in every(now) if file in chosen)

    monkeypatch.setattr(contents, "site_files", few)
    followed(operators_halves()[1], run, monkeypatch)
    said = capsys.readouterr().out
    for words in ("还没有完成：井口", "24例都已按期帮扶", "由其接续", "与现状一致"):
        assert words in said
    pages = {one.name for one in tmp_path.rglob("*.html")}
    assert named | {"index.html"} <= pages


def test_the_readmes_program_runs(run: Callable[..., None], tmp_path: Path) -> None:
    (founding,) = blocks(ROOT / "README.md", "sh")
    for line in founding.splitlines():
        run(line)
    (program,) = blocks(ROOT / "README.md", "python")
    room: dict[str, object] = {"__name__": "readme"}
    exec(compile(program, "README.md", "exec"), room)  # noqa: S102 - see above
    assert (tmp_path / "huimin.db").is_file()
    assert room["item"].number.endswith("-000001")  # type: ignore[attr-defined]
    room["flow"].close()  # type: ignore[attr-defined]


@pytest.fixture
def demo(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the finished demo's database to be worked on."""
    for name in ("demo.db", "demo.db.files"):
        here, there = played / "out" / name, tmp_path / name
        (shutil.copytree if here.is_dir() else shutil.copy)(here, there)
    monkeypatch.setenv("HUIMIN_DATABASE", f"sqlite:///{tmp_path / 'demo.db'}")


def as_of_the_demo(line: str, by: str) -> str:
    """Return a page's line with a month and a unit of the demo, and somebody's name."""
    for ours, theirs in (
        ("2026-11", "2024-01"),
        ("2026-01", "2023-01"),
        ("savings 2026", "savings 2023"),
        ("500101", "500107"),
    ):
        line = line.replace(ours, theirs)
    line = line.partition(" #")[0]
    acts = {"import", "answer", "verify", "object", "settle"}
    return f"{line} --by {by}" if acts & set(line.split()) else line


@pytest.mark.usefixtures("demo")
def test_progress_is_reported_as_the_page_says(run: Callable[..., None]) -> None:
    for line in indented(DOCS / "how-to" / "report-progress.md"):
        run(as_of_the_demo(line, "op-500107"))


@pytest.mark.usefixtures("demo")
def test_ratings_are_brought_in_and_followed_up_as_the_page_says(
    run: Callable[..., None], tmp_path: Path
) -> None:
    text = "办件编号,单位,事项,渠道,评价,时间,评价人\n" + "".join(
        f"{one},500107,startup_grant,hall_device,不满意,2024-01-10T10:00+08:00,c{one}\n"
        for one in ("T1", "T2")
    )
    (tmp_path / "ratings-2024-01.csv").write_text(text, encoding="utf-8")
    for line in indented(DOCS / "how-to" / "import-ratings.md"):
        second = {"verify", "settle"} & set(line.split())
        run(as_of_the_demo(line, "office-1" if second else "op-500107"))


@pytest.mark.usefixtures("demo")
def test_a_database_is_audited_as_the_page_says(run: Callable[..., None]) -> None:
    page = (DOCS / "how-to" / "audit-a-database.md").read_text(encoding="utf-8")
    streams = re.findall(r"`([a-z]+/[^` ]+|rulebook)`", page)
    assert len(streams) >= 7
    for stream in streams:
        run(f"huimin audit replay {stream}")
    run("huimin audit replay 2023-000001")


@pytest.mark.usefixtures("demo")
def test_a_clerks_day_goes_as_the_page_says(
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = "".join(blocks(DOCS / "how-to" / "a-clerks-day.zh-CN.md", "sh"))
    database, *day = lines.splitlines()
    assert database.startswith("export HUIMIN_DATABASE=")
    followed(day, run, monkeypatch)
    shown = capsys.readouterr()
    for words in ("九龙坡区（500107）", "试算，未作任何改动", "已采集", "已答复"):
        assert words in shown.out
    assert "现有诉求2条" in shown.out  # with the other one of its group
    for words in ("请谁响应", "500107就2022-000006", "承接", "九龙坡创业大赛"):
        assert words in shown.out, words
    assert "已提请 proposal/2024-" in shown.out
    assert "huimin item unlink 2024-" in shown.out
    assert "“经办人”无权“办结”" in shown.out
    assert "“经办人”无权“筛选”" in shown.out  # as the drafts show it


@pytest.mark.usefixtures("demo")
def test_agreements_and_assessments_go_as_the_page_says(
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = DOCS / "how-to" / "agree-and-assess.zh-CN.md"
    database, *lines = "".join(blocks(page, "sh")).splitlines()
    assert database.startswith("export HUIMIN_DATABASE=")
    followed(lines, run, monkeypatch)
    told = capsys.readouterr().out
    for words in ("高风险待处置", "处置已认可", "退回：未列依据"):
        assert words in told, words
    assert "第1稿" in told


@pytest.mark.usefixtures("demo")
def test_the_offices_december_goes_as_the_page_says(
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = DOCS / "how-to" / "the-offices-december.zh-CN.md"
    database, *lines = "".join(blocks(page, "sh")).splitlines()
    assert database.startswith("export HUIMIN_DATABASE=")
    at = next(n for n, line in enumerate(lines) if "proposal show" in line)
    followed(lines[:at], run, monkeypatch)
    said = re.search(r"approve (\S+) --seen (\w+)", capsys.readouterr().out)
    assert said is not None
    rest = "\n".join(lines[at:]).replace("提请编号", said[1]).replace("核对码", said[2])
    followed(rest.splitlines(), run, monkeypatch)
    told = capsys.readouterr().out
    assert "list/2025/city 已发布" in told
    assert re.search("1 +已被替代.*\n2 +已发布", told)


@pytest.mark.usefixtures("demo")
def test_a_measure_is_advised_on_and_mended_as_the_page_says(
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = DOCS / "how-to" / "advise-and-calibrate.zh-CN.md"
    database, *lines = "".join(blocks(page, "sh")).splitlines()
    assert database.startswith("export HUIMIN_DATABASE=")
    followed(lines[:3], run, monkeypatch)
    [number] = re.findall(r"^(\d{4}-\d{6})", capsys.readouterr().out, re.MULTILINE)[:1]
    rest = [
        line.replace("事项编号", number).replace("建议编号", f"advice/{number}/01")
        for line in lines[3:]
        if "decline" not in line
    ]
    followed(rest, run, monkeypatch)
    shown = capsys.readouterr().out
    for words in ("项指标中", "调整完善", "完善中", "加派人员", "预估单位", "预估人"):
        assert words in shown, words


def test_a_review_meeting_decides_as_the_page_says(
    file_desk: Desk,
    file_url: str,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file_desk.bring(State.ASSIGNED)
    file_desk.flow.close()
    monkeypatch.setenv("HUIMIN_DATABASE", file_url)
    monkeypatch.setenv("HUIMIN_NOW", "2024-04-08T09:30")
    monkeypatch.setenv("HUIMIN_BY", "office-1")
    page = DOCS / "how-to" / "review-meetings-and-digests.zh-CN.md"
    followed("".join(blocks(page, "sh")).splitlines(), run, monkeypatch)
    shown = capsys.readouterr().out
    for words in ("补齐候工区", "迟办", "被要求办理", "2024年2月月报", "没有收件地址"):
        assert words in shown, words
    assert {path.suffix for path in Path("月报").iterdir()} == {
        ".docx",
        ".html",
        ".json",
    }


def test_a_meeting_is_held_as_the_page_says(
    file_desk: Desk,
    file_url: str,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = (file_desk.bring(State.SCREENED).number for _ in range(2))
    monkeypatch.setenv("HUIMIN_DATABASE", file_url)
    monkeypatch.setenv("HUIMIN_NOW", f"{file_desk.today()}T11:00")
    page = DOCS / "how-to" / "hold-a-meeting.zh-CN.md"
    text = "".join(blocks(page, "sh")).replace("开会日期", str(file_desk.today()))
    text = re.sub("(item judge|resource cost|--item) 甲", rf"\1 {first}", text)
    *lines, last = text.replace("--item 乙", f"--item {second}").splitlines()
    (sheet,) = blocks(page, "csv")
    Path("评星.csv").write_text(sheet.replace("甲", first), encoding="utf-8")
    followed(lines, run, monkeypatch)
    assert file_desk.flow.items.get(first).state is State.JUDGED
    seen = re.search("核对码 (\\w+)", capsys.readouterr().out)
    assert seen is not None
    run(last.replace("核对码", seen[1]))
    assert file_desk.flow.items.get(first).state is State.STARRED
    assert file_desk.flow.items.get(second).state is State.SCREENED


def test_a_wrong_clock_is_put_right_as_the_page_says(
    config: Path,
    tmp_path: Path,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    own, url = tmp_path / "config", f"sqlite:///{tmp_path / 'huimin.db'}"
    shutil.copytree(config, own)
    people = own / "organization.yaml"
    text = people.read_text(encoding="utf-8")
    held = rf"\1, accounts: [{account()}]}}"
    text = re.sub(r"(\{id: office-1,[^}]*)\}", held, text)
    people.write_text(text, encoding="utf-8")
    monkeypatch.setenv("HUIMIN_DATABASE", url)
    monkeypatch.setenv("HUIMIN_CONFIG", str(own))
    page = DOCS / "how-to" / "when-the-clock-is-wrong.zh-CN.md"
    show, doctor, confirm, declare, waiting = "".join(blocks(page, "sh")).splitlines()
    with Flow.found(url, load_rulebook(own)) as flow:
        ahead = RehearsalClock(SystemClock().now() + timedelta(days=40))
        wrong = Flow(replace(door_of(flow), clock=ahead))
        Desk(wrong, ahead).collect()
        run(show)
        assert "huimin clock declare 2 --last-record 2" in capsys.readouterr().out
        run(doctor, 1)
        assert "1条记录的时间超前" in capsys.readouterr().out
        run(confirm, 1)
        assert "与本机时钟" in capsys.readouterr().err
        now = f"{SystemClock().now().astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
        run(confirm.replace("2026-11-29T20:30", now), 1)
        assert "认定走错的一段" in capsys.readouterr().err
        run("huimin item list")
        run(declare)
        run(waiting)
        (proposal,) = flow.proposals.waiting()
        other = flow.people.actor("office-2")
        flow.proposals.approve(proposal.key, proposal.seen, by=other)
        run(show)
        assert "时钟超前" not in capsys.readouterr().err
        now = f"{SystemClock().now().astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
        run(confirm.replace("2026-11-29T20:30", now))
        Desk(flow, ahead).collect()
        assert door_of(flow).read(verify).findings == ()


def test_the_page_on_new_rules_is_run_and_records_nothing(
    run: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "新规则")
    url = f"sqlite:///{tmp_path / 'huimin.db'}"
    clock = RehearsalClock(datetime(2024, 1, 9, 2, tzinfo=UTC), seed=7)
    Flow.found(url, load_rulebook(ROOT / "config"), rehearsal=True, clock=clock).close()
    kept = (tmp_path / "huimin.db").read_bytes()
    text = (DOCS / "how-to" / "try-new-rules.zh-CN.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ {8}(huimin .*)$", text, re.MULTILINE)
    run(f"{line} --db {url} --read-only")
    assert "变动0处" in capsys.readouterr().out
    assert (tmp_path / "huimin.db").read_bytes() == kept


def test_changes_are_delivered_as_the_page_says(
    file_url: str,
    file_desk: Desk,
    config: Path,
    tmp_path: Path,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Some are refused, then the folder is missing; nothing is called elsewhere."""
    page, own = DOCS / "how-to" / "outbox.zh-CN.md", tmp_path / "own"
    shutil.copytree(config, own)
    (settings,) = blocks(page, "yaml")
    settings = settings.replace("/var/lib/huimin/changes", f"{tmp_path}/changes")
    with (own / "huimin.yaml").open("a", encoding="utf-8") as file:
        file.write(settings)
    monkeypatch.setenv("HUIMIN_CONFIG", str(own))
    monkeypatch.setenv("HUIMIN_DATABASE", file_url)
    monkeypatch.setenv("HUIMIN_NOW", f"{file_desk.today()}T11:00")
    file_desk.collect()
    all_refused(file_desk.flow, "files")
    file_desk.collect()
    look, mended, fetched = (one.splitlines() for one in blocks(page, "sh"))
    run(look[0], 1)
    for line in look[1:]:
        run(line)
    assert "对方拒收" in capsys.readouterr().out
    (tmp_path / "changes").mkdir()
    followed([*mended, *fetched], run, monkeypatch)
    assert "portal 1 " in capsys.readouterr().out.replace("  ", " ")
    assert (tmp_path / "changes" / "000000000001.json").is_file()
