"""todo, whoami, permissions at the terminal."""

from __future__ import annotations

import pwd
import re
from os import geteuid

import pytest

from huimin_flow.catalogue.terms import Role
from huimin_flow.shell.core import screens
from tests.shell import test_life_by_commands as life
from tests.shell.core.test_screens import TITLE
from tests.shell.terminal import Terminal


def test_what_waits_is_a_table_and_json(rehearsal: Terminal) -> None:
    number = life.collected(rehearsal)
    said = rehearsal("todo", "--by", "office-1")
    collected = rehearsal("item", "show", number, "--json").value["collected_on"]
    (entry,) = rehearsal("todo", "--by", "office-1", "--json").rows
    assert (entry["kind"], entry["act"]) == ("item", "items.screen")
    assert entry["due"] is None or entry["due"] > collected  # None: no calendar yet
    assert said.out.splitlines()[1].split() == [
        entry["due"] or "—", "事项待办", "筛选", number, "零工市场缺少候工区", collected,
    ]  # fmt: skip
    assert rehearsal("todo", "--by", "auditor-1").out == "没有等着您办的事\n"
    other = ["--title", "甲", "--origin", "problem", "--area", "general"]
    made = ["item", "collect", *other, "--unit", "500101", "--by", "op-500101"]
    assert rehearsal(*made).code == 0
    assert rehearsal("todo", "--by", "office-1", "--limit", "1").out.endswith(
        "另有 1 条\n"
    )
    unknown = rehearsal("todo", "--by", "nobody-1")
    assert (unknown.code, "nobody-1" in unknown.err) == (1, True)


def test_a_narrow_terminal_shows_what_waits_whole_without_since_when(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = life.collected(rehearsal, TITLE)
    for room, since in ((60, False), (80, False), (120, True)):
        monkeypatch.setattr(screens, "room", lambda room=room: room)
        said = rehearsal("todo", "--by", "office-1").out
        assert number in said
        assert set(TITLE) <= set(said)
        assert ("何时起" in said) is since
    monkeypatch.setattr(screens, "room", lambda: 60)
    (_, *lines) = rehearsal("permissions", "--role", "operator").out.splitlines()
    assert "…" not in "".join(lines)
    assert "报送进展" in "".join(line.split()[-1] for line in lines)


def test_who_acts_and_where_is_said(rehearsal: Terminal) -> None:
    account = pwd.getpwuid(geteuid()).pw_name
    said = rehearsal("whoami", "--by", "op-500101")
    for word in (account, "op-500101", "万州区（500101）", "经办人", "t.db", "推演"):
        assert word in said.out
    value = rehearsal("whoami", "--json").value
    assert re.search(r"此刻 +[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$", said.out)
    assert (value["account"], value["posts"], value["rehearsal"]) == (account, [], True)
    assert "没有；推演库中用 --by 指明" in rehearsal("whoami").out


def test_the_rights_of_all_roles_are_the_rulebooks(rehearsal: Terminal) -> None:
    table = rehearsal("permissions").out
    assert all(role.label in table for role in Role)
    (right,) = rehearsal("permissions", "--role", "专班办公室", "--json").value
    assert "screen" in right["permission"]["steps"]
    assert right["permission"]["scope"] == "all"
    (line,) = rehearsal("permissions", "--role", "operator").out.splitlines()[1:]
    assert line.split()[:2] == ["经办人", "本单位"]
    for step in ("执行完成", "报送进展", "填写附加字段"):
        assert step in line
    assert "annotate" in right["permission"]["steps"]


def test_a_step_that_is_not_possible_is_explained_with_who_can(
    rehearsal: Terminal,
) -> None:
    number = life.collected(rehearsal)
    said = rehearsal("item", "explain", number, "筛选", "--by", "op-500101").out
    assert "不可" in said
    assert "“经办人”无权“筛选”" in said
    assert "专班办公室" in said
    shown = rehearsal("item", "explain", number, "--by", "office-1").out
    assert "此时可以" not in shown
    rows = shown.splitlines()
    others, way = rows[9:]
    assert {row.split()[0] for row in rows[1:7]} == {
        "筛选", "合并", "拆分", "不予采纳", "更正", "移交",
    }  # fmt: skip
    assert others.startswith("此时的状态还不能：研判、")
    assert f"huimin item explain {number} 步骤" in way
    every = rehearsal("item", "explain", number, "--by", "office-1", "--json").value
    can = {answer["step"] for answer in every if answer["possible"]}
    assert can == {"screen", "merge", "split", "reject", "amend", "transfer"}
    assert every[0]["possible"]
    wrong = rehearsal("item", "explain", number, "飞", "--by", "office-1")
    assert wrong.code != 0
