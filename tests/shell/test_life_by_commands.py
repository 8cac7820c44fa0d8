"""An item's whole life by commands alone, as an operator would type them."""

from __future__ import annotations

from pathlib import Path

from tests.shell.terminal import Terminal

PLAN = """
deliverable: 候工区
carrier: 零工市场
path: 选址、建设、验收
method: 政府采购
satisfaction_measure: {method: on_site, population: 求职者, size: 30, mark: 80}
outcomes:
  - {key: E1, kind: outcome, statement: 求职者有室内候工处, counted: 日均候工人数, mark: 500, unit: 人, due: 2099-12-31}
  - {key: E2, kind: social_benefit, statement: 马路候工消除, check: 街道巡查记录, due: 2099-12-31}
tasks:
  - key: T1
    title: 建设候工区
    unit: "500101"
    due: 2099-12-31
    indicators:
      - {name: 候工区, quote: 新建候工区10处以上, kind: flow, comparator: ge, value: 10, unit: 处}
"""

FOUR = [
    word
    for question in ("想做", "可做", "能做", "该做")
    for word in ("--answer", f"{question}=是:已核实")
]
THREE = [
    word for one in ("可能性", "可行性", "可感性") for word in ("--score", f"{one}=80")
]
DIMENSIONS = [
    word
    for one in ("受益面", "急需度", "可感性", "长效性")
    for word in ("--score", f"{one}=60")
]


def collected(at: Terminal, title: str = "零工市场缺少候工区") -> str:
    made = at(
        "item", "collect", "--title", title, "--origin", "问题反映",
        "--area", "就业创业", "--unit", "500101", "--by", "op-500101", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    number: str = made.value["number"]
    for k in range(9):
        told = at(
            "appeal", "add", "--channel", "media", "--key", f"A{k}", "--who", f"p{k}",
            "--district", f"50010{k}", "--text", "候工难", "--item", number,
            "--by", "office-1",
        )  # fmt: skip
        assert told.code == 0, told.err
    return number


def test_an_item_goes_from_collected_to_closed_by_commands(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    number = collected(at)

    def step(*words: str, by: str = "office-1") -> str:
        said = at("item", words[0], number, *words[1:], "--by", by, "--json")
        assert said.code == 0, said.err
        state: str = said.value["state"]
        return state

    scores = ["--score", "紧迫性=90", "--score", "fundamentality=90"]
    assert step("screen", *scores) == "screened"
    today = at("item", "show", number, "--json").value["collected_on"]
    held = at(
        "meeting", "hold", "--on", today, "--chair", "leader-1", "--participant",
        "office-1", "--participant", "office-2", "--item", number, "--minutes", "同意",
        "--by", "office-1", "--json",
    )  # fmt: skip
    meeting = held.value["key"]
    assert step("judge", "--meeting", meeting, *FOUR, *THREE) == "screened"
    minutes = own / "minutes.txt"
    minutes.write_text("一致同意", encoding="utf-8")
    assert at("meeting", "attach", meeting, str(minutes), "--by", "office-1").code == 0
    assert at("meeting", "close", meeting, "--by", "office-1").code == 0
    for reader in (["show", meeting], ["files", meeting, "--by", "office-1"]):
        assert "minutes.txt" in at("meeting", *reader).out
    expected = ["--expected", "80", "--low", "70", "--high", "90"]
    assert step("star", *DIMENSIONS, *expected) == "starred"
    frozen(at)
    listed = at(
        "list", "supplement", number, "--list", "list/2099/city", "--reason", "确有必要",
        "--by", "office-1", "--second", "office-2", "--json",
    )  # fmt: skip
    assert listed.value["state"] == "listed", listed.err
    asked = at(
        "assessment", "request", number, "--kind", "合法性审查评估",
        "--assessor", "某律所", "--by", "office-1", "--json",
    )  # fmt: skip
    key = asked.value["key"]
    submit, accept = ("submit", key, "--finding", "合法"), ("accept", key)
    for words, by in ((submit, "office-1"), (accept, "office-2")):
        assert at("assessment", *words, "--by", by).code == 0
    (own / "plan.yaml").write_text(PLAN, encoding="utf-8")
    assert step("assign", "--plan", "plan.yaml", by="op-500101") == "assigned"
    execute = ("item", "execute", number, "--met", "T1", "--by", "op-500101")
    refused = at(*execute)
    assert (refused.code, "从未报送" in refused.err) == (1, True)
    reported = at(
        "item", "progress", number, "--task", "T1", "--indicator", "候工区",
        "--month", today[:7], "--value", "12", "--by", "op-500101",
    )  # fmt: skip
    assert reported.code == 0, reported.err
    assert at(*execute).code == 0
    surveyed(own, at, number)
    results = ["--outcome", "E1=520:登记台账", "--outcome", "E2=达成:巡查记录"]
    assert step("evaluate", *results) == "evaluated"
    shown = at("item", "show", number)
    assert "E1 求职者有室内候工处" in shown.out
    assert "通过（达成）" in shown.out
    grounds = ["--recommendation", "复制推广", "--grounds", "效果好"]
    assert step("adjust", *grounds) == "adjusted"
    assert step("close") == "closed"
    assert "无异常" in at("audit", "verify").out


def surveyed(own: Path, at: Terminal, number: str) -> None:
    """Forty of sixty people are asked; 37 of them are satisfied."""
    (own / "frame.csv").write_text("代号\n" + "".join(f"c{n}\n" for n in range(60)))
    by = ("--by", "office-1")
    drawn = at("survey", "draw", number, "--frame", "frame.csv", "--drawn", "40", *by)
    assert "60人中抽取40人" in drawn.out, drawn.err
    key = f"survey/{number}/01"
    codes = [one["code"] for one in at("survey", "sample", key, "--json").value]
    words = ["满意"] * 37 + ["不满意"] * 3
    rows = [f"{code},{word}\n" for code, word in zip(codes, words, strict=True)]
    (own / "answers.csv").write_text("".join(["代号,评价\n", *rows, "c99,满意\n"]))
    answered = at("survey", "answer", key, "answers.csv", *by)
    assert (answered.code, "记入 40 行" in answered.out) == (1, True)
    assert "不在抽取的样本中" in answered.out
    closed = at("survey", "close", key, *by)
    assert "有效答卷40份" in closed.out
    assert "92.50%(80.13%至97.42%)" in closed.out
    again = at("survey", "redraw", key, "--frame", "frame.csv")
    assert "一致" in again.out


def frozen(at: Terminal) -> None:
    """A list of 2099, frozen while empty."""
    from huimin_flow.clock import RehearsalClock, SystemClock
    from huimin_flow.flow import Flow
    from huimin_flow.testing import Desk

    clock = RehearsalClock(SystemClock().now())
    url = at.database if "://" in at.database else f"sqlite:///{at.database}"
    with Flow.open(url, clock=clock) as flow:
        Desk(flow, clock).frozen(2099)


def test_the_side_steps_are_commands_too(rehearsal: Terminal, own: Path) -> None:
    at = rehearsal
    number = collected(at)
    other = at(
        "item", "collect", "--title", "同类", "--origin", "opinion", "--area",
        "employment", "--unit", "500101", "--by", "office-1", "--json",
    ).value["number"]  # fmt: skip
    done = [
        ("merge", other, "--keep", number),
        ("unmerge", other),
        ("amend", other, "--set", "title=更正后的标题"),
        ("screen", number, "--score", "紧迫性=90", "--score", "根本性=90"),
        ("return", number, "--reason", "facts_incomplete"),
        ("reject", other, "--reason", "duplicate"),
        ("reopen", other, "--reason", "facts_incomplete", "--second", "office-2"),
    ]
    for words in done:
        said = at("item", *words, "--by", "office-1")
        assert said.code == 0, said.err
    (own / "parts.yaml").write_text(
        "- demand: {title: 其一, origin: problem, area: talent, unit: '500101'}\n"
        "  appeals: [[media, A1]]\n",
        encoding="utf-8",
    )
    split = at("item", "split", number, "--parts", "parts.yaml", "--by", "office-1")
    assert "新事项" in split.out, split.err
    (own / "照片.txt").write_text("x", encoding="utf-8")
    attached = at("item", "attach", number, "照片.txt", "--by", "op-500101")
    assert attached.code == 0, attached.err
    assert "照片.txt" in at("item", "files", number, "--into", "taken").out
    assert "退回上一步" not in at("item", "history", number).out
    assert "退回" in at("item", "history", number).out
    assert "无异常" in at("audit", "verify").out


def test_a_retry_under_a_request_id_gets_the_first_answer(rehearsal: Terminal) -> None:
    words = [
        "item", "collect", "--title", "甲", "--origin", "problem", "--area", "general",
        "--unit", "500101", "--by", "op-500101", "--request", "r-1", "--json",
    ]  # fmt: skip
    first, again = rehearsal(*words), rehearsal(*words)
    assert first.value == again.value
    assert len(rehearsal("item", "list", "--json").rows) == 1


def test_a_part_in_doubt_is_shown_with_the_item(rehearsal: Terminal) -> None:
    number = collected(rehearsal)
    scores = ["--score", "紧迫性=90", "--score", "根本性=90"]
    made = rehearsal("item", "screen", number, *scores, "--by", "office-1")
    assert made.code == 0, made.err
    told = ["--set", "origin=opinion", "--by", "op-500101"]
    assert rehearsal("item", "amend", number, *told).code == 0
    assert "筛选结论" in rehearsal("item", "show", number).out
