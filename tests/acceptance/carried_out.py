"""A rehearsal of what follows a plan, through the shell and the desk.

One item is split over five districts, others are evaluated, doubted, put on the boards
and right again; a spot check takes points off. Who only looks at the end reads
``Story.known``: what each number and key stands for.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from huimin_flow.catalogue.terms import (
    BoardGround,
    Comparator,
    IndicatorKind,
    RatingLevel,
    State,
)
from huimin_flow.clock import SHANGHAI, at_hour
from huimin_flow.model.executing.plans import Indicator, Task
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.shell.main import invoke
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.desk.client import Browser, serving
from tests.ratings import rating

#: The districts of the item that is split; the fifth is excused, the second sends back.
DISTRICTS = ("500101", "500102", "500103", "500104", "500105")
TARGET, SHARE = "新增就业", 25
CHANNELS = ("hotline_12333", "media", "letters_visits")
OFFICE, SECOND, GROUP, CLERK = "office-1", "office-2", "supervision-1", "op-500101"
YEAR_END = date(2023, 12, 20)
DECEMBER = "2023-12"
CUT = date(2024, 1, 9)
E2 = ("--outcome", "E2=达成:巡查记录")
OUTCOMES = ("--outcome", "E1=520:登记台账", *E2)

#: Where each item stands for one ground of the boards, and its people's answers.
ASKED = {
    BoardGround.SATISFIED: (400, 380),
    BoardGround.DISLIKED: (40, 12),
}


@dataclass
class Story:
    """The engine, the folder for files, and what each number and key stands for."""

    desk: Desk
    url: str
    folder: Path
    known: dict[str, Any] = field(default_factory=dict)

    def say(self, *words: str, by: str | None = OFFICE, code: int = 0) -> str:
        """Type a command at the story's moment, and return what it said."""
        out, err = io.StringIO(), io.StringIO()
        who = ["--by", by] if by else []
        moment = self.desk.clock.now().astimezone(SHANGHAI)
        timed = ["--now", f"{moment:%Y-%m-%dT%H:%M:%S}"] if by else []
        with redirect_stdout(out), redirect_stderr(err):
            ended = invoke([*words, *who, *timed, "--db", self.url])
        assert ended == code, (words, ended, out.getvalue(), err.getvalue())
        return out.getvalue() + (err.getvalue() if code else "")

    def told(self, *words: str, by: str | None = OFFICE) -> Any:
        """Type a command with ``--json``, and return its value."""
        return json.loads(self.say(*words, "--json", by=by))

    def file(self, name: str, *lines: str) -> str:
        """Write a file of so many lines, and return its path."""
        path = self.folder / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(path)

    def at(self, day: date, hour: int = 9) -> None:
        """Go on to a day."""
        self.desk.clock.set(at_hour(day, hour))

    @contextmanager
    def browser(self, post: str) -> Iterator[Browser]:
        """Open the desk as a post."""
        with serving(self.desk) as served:
            yield served.browser(post)
            assert "Traceback" not in served.log.getvalue()

    def attached(self, number: str, text: str, by: str = CLERK) -> str:
        """Attach a file to an item, and return its digest."""
        path = self.file(f"{text}.txt", text)
        return str(self.told("item", "attach", number, path, by=by)["digest"])

    def surveyed(self, number: str, asked: int, satisfied: int) -> str:
        """Draw, collect in bulk and close a survey; return its key."""
        frame = self.file("frame.csv", "代号", *(f"c{n:03d}" for n in range(asked)))
        words = ("survey", "draw", number, "--frame", frame, "--drawn", str(asked))
        key = str(self.told(*words)["key"])
        sample = self.told("survey", "sample", key, by=None)
        rows = [
            f"{each['code']},{'满意' if n < satisfied else '不满意'}"
            for n, each in enumerate(sample)
        ]
        self.say("survey", "answer", key, self.file("answers.csv", "代号,评价", *rows))
        self.say("survey", "close", key)
        self.say("survey", "redraw", key, "--frame", frame, by=None)
        return key


def jobs(value: int) -> Indicator:
    """An indicator that adds up over districts."""
    return Indicator(
        name=TARGET, quote=f"新增就业{value}人", kind=IndicatorKind.FLOW,
        comparator=Comparator.GE, value=value, unit="人",
    )  # fmt: skip


def heard(desk: Desk, title: str, channels: int = 1) -> str:
    """An item on the list that people told by so many channels."""
    number = desk.collect(title).number
    appeals = [
        Appeal(
            key=f"{number}-{n}", channel=CHANNELS[n % channels], who=f"w{n}",
            district=f"5001{n % 9:02d}", at=desk.clock.now(), text=f"{title} {n}",
        )
        for n in range(25)
    ]  # fmt: skip
    desk.flow.appeals.add_all(appeals, by=desk.office)
    pairs = [(each.channel, each.key) for each in appeals]
    desk.flow.appeals.link(number, pairs, by=desk.office)
    for step in (desk.screen, desk.judge, desk.star, desk.enlist):
        step(number)
    return number


def planned(story: Story) -> None:
    """Put the items on the list and assign them: one split, one with nothing to count."""
    desk, known = story.desk, story.known
    plan = desk.plan()
    bare = replace(plan.tasks[0], indicators=(), unmeasured="无法计量")
    grounds = (BoardGround.SATISFIED, *BAD)
    for ground in grounds:
        number = heard(desk, ground.label, 3 if ground is BoardGround.REPEATED else 1)
        hollow = ground is BoardGround.HOLLOW
        desk.assign(number, replace(plan, tasks=(bare,)) if hollow else plan)
        known[ground] = number
    known["corrected"] = desk.assign(heard(desk, "先好后差")).number
    due = plan.tasks[0].due
    tasks = tuple(
        Task(key=f"T{n}", title="稳就业", unit=unit, due=due, indicators=(jobs(SHARE),))
        for n, unit in enumerate(DISTRICTS, 1)
    )
    split = replace(plan, indicators=(jobs(100),), tasks=tasks)
    known["split"] = desk.assign(heard(desk, "分解到五个区县"), split).number


#: The grounds of the bad board, each alone.
BAD = (
    BoardGround.HOLLOW,
    BoardGround.SLOW,
    BoardGround.DISLIKED,
    BoardGround.REPEATED,
    BoardGround.SUPERVISED,
)


def carried_out(story: Story) -> None:
    """Carry the split item out: sent back and reassigned, fed, excused, reported."""
    number, month = story.known["split"], f"{story.desk.today():%Y-%m}"
    covered = story.told("item", "coverage", number, by=None)
    assert (covered["passed"], covered["score"]) == (True, "100.00"), covered
    story.say(
        "task", "return", number, "--task", "T2", "--reason", "lacks_means",
        "--note", "无场地", by="op-500102",
    )  # fmt: skip
    with story.browser(CLERK) as browser:
        todo = browser.get("todo.html").text
        assert number in todo
        done = browser.act(
            f"act-items.reassign.html?number={number}", task="T2", reason="returned",
            unit="500106",
        )  # fmt: skip
        assert done.status == 200, done.text
    (sent,) = story.told("task", "returns", by=None)["rows"]
    story.known["returned"] = sent["made"]["key"]
    story.say(
        "feed", "register", "jobs-center", "--feed-name", "就业系统", "--source", "智慧人社",
        "--unit", "500103", "--way", "file", "--fed-indicator",
        f"{number}/T3/{TARGET}", by="op-500103",
    )  # fmt: skip
    rows = story.file(
        "回流.csv", "月份,数值,取数时间", f"{month},{SHARE},{story.desk.today()} 08:00"
    )
    assert "记入 1 行" in story.say(
        "feed", "import", "jobs-center", rows, by="op-500103"
    )
    with story.browser("leader-1") as browser:
        done = browser.act(
            f"act-tasks.excuse.html?number={number}", task="T5", reason="汛期停工"
        )
        assert done.status == 200, done.text
    for task, unit in (("T1", "500101"), ("T2", "500106"), ("T4", "500104")):
        story.say(
            "item", "progress", number, "--task", task, "--indicator", TARGET,
            "--month", month, "--value", str(SHARE), by=f"op-{unit}",
        )  # fmt: skip
    met = [word for n in (1, 2, 3, 4) for word in ("--met", f"T{n}")]
    story.say("item", "execute", number, *met, by=CLERK)
    assert story.desk.flow.items.get(number).state is State.EXECUTED


def reported(
    story: Story, number: str, value: int, month: str, by: str = CLERK
) -> None:
    """Report the figure of the desk's plan for a month, with a file."""
    proof = story.attached(number, f"照片{value}", by)
    story.say(
        "item", "progress", number, "--task", "T1", "--indicator", "候工区", "--month",
        month, "--value", str(value), "--evidence", proof, by=by,
    )  # fmt: skip


def evaluated(story: Story) -> None:
    """Report and evaluate: a good one, one that fails, one that is corrected."""
    known = story.known
    for ground in (BoardGround.SATISFIED, *BAD):
        if ground is not BoardGround.HOLLOW:
            reported(
                story, known[ground], 0 if ground is BoardGround.SLOW else 11, DECEMBER
            )
    reported(story, known["corrected"], 11, DECEMBER)
    people = {known[ground]: asked for ground, asked in ASKED.items()}
    people[known["corrected"]] = (60, 57)
    for number, (asked, satisfied) in people.items():
        story.say("item", "execute", number, "--met", "T1", by=CLERK)
        story.known[f"survey of {number}"] = story.surveyed(number, asked, satisfied)
        story.say("item", "evaluate", number, *OUTCOMES)
    story.say("gather", "run")
    story.say(
        "order", "receive", known[BoardGround.SUPERVISED], "--authority", "市政府督查室",
        "--document", "渝督〔2023〕9号", "--dated", "2023-12-18", "--demanded", "限期办结",
    )  # fmt: skip
    passed = {
        name: story.told("item", "show", known[name], by=None)["evaluation_passed"]
        for name in (BoardGround.SATISFIED, BoardGround.DISLIKED, "corrected")
    }
    assert list(passed.values()) == [True, False, True]


def doubted(story: Story) -> None:
    """Correct a figure under an evaluation: it is asked for again, and fails."""
    number = story.known["corrected"]
    reported(story, number, 2, DECEMBER)
    refused = story.say(
        "item", "adjust", number, "--recommendation", "continue", "--grounds", "好",
        code=1,
    )  # fmt: skip
    assert "存疑" in refused, refused
    story.say("item", "evaluate", number, *OUTCOMES)
    item = story.desk.flow.items.get(number)
    assert item.evaluation_passed is False
    story.say("item", "rework", number)
    assert story.desk.flow.items.get(number).rounds == 1


def checked(story: Story) -> None:
    """Draw a spot check by two secrets, and find something grave at everything."""
    desk, known = story.desk, story.known
    rated = [
        rating(n, RatingLevel.DISSATISFIED, window="W01", unit=UNIT) for n in range(6)
    ]
    rated += [
        rating(100 + n, unit=(UNIT, "500102")[n % 2], at=desk.clock.now())
        for n in range(80)
    ]
    assert not desk.flow.ratings.add(rated, by=desk.office).refused
    key = known["check"] = story.told("spot-check", "plan", "暗访窗口与任务")["key"]
    # Dice of both parties, the same in every run: what is drawn is the same.
    secrets = {by: sha256(by.encode()).hexdigest() for by in (OFFICE, GROUP)}
    for by, secret in secrets.items():
        seal = sha256(secret.encode()).hexdigest()
        story.say("spot-check", "commit", key, "--commitment", seal, by=by)
    story.say("spot-check", "cut", key, by=GROUP)
    assert key not in story.say("spot-check", "list", by=None)
    for by, secret in secrets.items():
        story.say("spot-check", "reveal", key, "--secret", secret, by=by)
    drawn = story.told("spot-check", "draw", key)["drawn"]
    for line in drawn:
        story.say(
            "spot-check", "find", key, "--checked", line["id"], "--manner", "unannounced",
            "--severity", "grave", "--found", "窗口无人", by=GROUP,
        )  # fmt: skip
    story.say("spot-check", "finish", key, by=GROUP)
    record = story.told("spot-check", "record", key, by=None)
    known["record"], known["drawn"] = record, drawn


def published(story: Story) -> None:
    """Let the job draft the boards; two people see them and publish."""
    tick(story.desk.flow)
    key = story.known["board"] = "board/2023Q4"
    story.say("board", "publish", key)
    (waiting,) = story.told("proposal", "list", by=None)["rows"]
    with story.browser(SECOND) as browser:
        page = browser.get(f"proposal-{waiting['key'].partition('/')[2]}.html")
        assert "渝督〔2023〕9号" in page.text
        done = browser.press(page, "do=approve")
        assert done.status == 200, done.text


def rectified(story: Story) -> None:
    """Open three: one is accepted, one returned, one goes up to its last rung."""
    known, keys = story.known, {}
    for ground in (BoardGround.SLOW, BoardGround.REPEATED, BoardGround.HOLLOW):
        opened = ("rectification", "open", known[ground], "--cause", ground.label)
        keys[ground] = story.told(*opened)["key"]
    slow, repeated, hollow = keys.values()
    known["accepted"], known["turned back"], known["escalated"] = slow, repeated, hollow
    story.at(date(2024, 1, 10))
    rows = [
        f"Z{n},500101,startup_grant,hall_device,满意,2024-01-10 08:00,,"
        for n in range(6)
    ]
    told = story.file(
        "ratings.csv", "办件编号,单位,事项,渠道,评价,时间,窗口,人员", *rows
    )
    assert "记入 6 行" in story.say("rating", "import", told)
    for ground in (BoardGround.SLOW, BoardGround.REPEATED):
        reported(story, known[ground], 11, "2024-01")
        proof = story.attached(known[ground], f"整改{ground}")
        story.say(
            "rectification", "submit", keys[ground], "--done", "已开放", "--evidence",
            proof, by=CLERK,
        )  # fmt: skip
    own = ("rectification", "accept", slow, "--finding", "属实", "--json")
    refused = story.say(*own, by="head-500101", code=1)
    assert "rectification_own_case" in refused, refused
    with story.browser(GROUP) as browser:
        done = browser.act(
            f"act-rectifications.accept.html?key={slow}", finding="现场属实"
        )
        assert done.status == 200, done.text
    story.say("rectification", "return", repeated, "--reason", "照片不清")
    for day in (date(2024, 1, 31), date(2024, 2, 8), date(2024, 3, 5)):
        story.at(day)
        story.say("rectification", "escalate", by="scheduler")
    story.say("rectification", "acknowledge", hollow, by="deputy-1")


def replicated(story: Story) -> None:
    """Shelve what the good board praises; two units adopt it, another declines."""
    known = story.known
    good = known[BoardGround.SATISFIED]
    shelve = ("practice", "shelve", good, "--taken", "腾退闲置用房", "--whom", "求职者")
    practice = known["practice"] = story.told(*shelve)["key"]
    for name, unit in (
        ("adopted", "500106"), ("adopted too", "500109"), ("declined", "500104"),
    ):  # fmt: skip
        proposed = story.told("replication", "propose", practice, "--unit", unit)
        known[name] = proposed["key"]
    with story.browser("op-500106") as browser:
        assert known["adopted"] in unquote(browser.get("todo.html").html)
        done = browser.act(f"act-replications.adopt.html?key={known['adopted']}")
        assert done.status == 200, done.text
    story.say("replication", "adopt", known["adopted too"], by="op-500109")
    declined = ("replication", "decline", known["declined"], "--reason", "无此需求")
    story.say(*declined, by="op-500104")


def compared(story: Story) -> None:
    """Carry both replicas out, and compare: one is worse, one differs by chance."""
    desk, known = story.desk, story.known
    for name, figure, asked, satisfied in (
        ("adopted", 400, 120, 98), ("adopted too", 510, 30, 26),
    ):  # fmt: skip
        made = story.told("replication", "show", known[name], by=None)["replication"]
        number, unit = made["successor"], made["unit"]
        desk.star(number)
        desk.enlist(number)
        plan = desk.plan()
        desk.assign(number, replace(plan, tasks=(replace(plan.tasks[0], unit=unit),)))
        clerk, month = f"op-{unit}", f"{story.desk.today():%Y-%m}"
        reported(story, number, 11, month, by=clerk)
        story.say("item", "execute", number, "--met", "T1", by=clerk)
        story.surveyed(number, asked, satisfied)
        story.say("item", "evaluate", number, "--outcome", f"E1={figure}:台账", *E2)
        story.say("replication", "compare", known[name])


def reviewed(story: Story) -> None:
    """Hold a review meeting, and decide what a unit does until a day."""
    called = ("review", "call", str(story.desk.today()), "--chair", "leader-1")
    key = story.known["review"] = story.told(*called)["key"]
    story.say("review", "hold", key, "--participant", OFFICE)
    decided = ("--decided", "补齐候工区", "--owner", UNIT, "--due", "2024-01-23")
    made = story.told("decision", "make", key, *decided)
    story.known["decision"] = made["key"]
