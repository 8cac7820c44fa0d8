"""Every file of config/ is read, and read again when it changed, not before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from huimin_flow.errors import ConfigRefused
from huimin_flow.settings import check, load_rulebook, load_settings


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "rules.yaml",
            "quorum: {value: 3, source: ours",
            "quorum: {value: 3, source: ''",
            "没有写出处",
        ),
        (
            "rules.yaml",
            "quorum: {value: 3",
            "quorum: {value: 90071992547409930",
            "数字过大",
        ),
        (
            "rules.yaml",
            "not_ours: 不属于人力社保职责",
            'not_ours: "\\ud800"',
            "无效字符",
        ),
        (
            "rules.yaml",
            "quota_per_unit: {value: 10",
            "quota_per_unit: {value: 6",
            "少于2023年已发布清单中“就业处”的7项",
        ),
        (
            "rules.yaml",
            "    labor_relations: {value: 10",
            "    labor_relations: {value: 2",
            "少于2023年已发布清单中“劳动关系”板块的3项",
        ),
        ("channels.yaml", "key: hotline_12333", "key: eight_lists", "与另一处重复"),
        ("channels.yaml", "days: {value: 5", "days: {value: 0", "应在1至250之间"),
        ("channels.yaml", "days: {value: 5", "days: {value: 1_0", "应为整数"),
        (
            "channels.yaml",
            "service:",
            "rating_codes: {fax: {'1': satisfied}}\nservice:",
            "没有“fax”",
        ),
        (
            "channels.yaml",
            "service:",
            "rating_codes: {app: {'1': good}}\nservice:",
            "不是可用的词",
        ),
        ("huimin.yaml", "time_zone:", "time_zon:", "不认识该项"),
        ("huimin.yaml", "port: 8023", "port: 99999", "应在0至65535之间"),
        ("huimin.yaml", "connections: {value: 200", "connections: {value: 1", "应在10"),
        (
            "huimin.yaml",
            "idle_minutes: {value: 30",
            "idle_minutes: {value: 700",
            "idle",
        ),
        ("huimin.yaml", "# socket: /run", "socket: run", "应写完整路径"),
        ("huimin.yaml", "# proxy_account: www-data", "proxy_account: w", "缺少 socket"),
        ("huimin.yaml", "# proxy_account: www-data", "proxy_account: W W", "不合要求"),
        ("huimin.yaml", "# hosts: [desk.example.gov.cn]", "hosts: ['a b']", "不合要求"),
        (
            "huimin.yaml",
            "  # proxy_account: www-data",
            "  service_account: s\n  proxy_account: s",
            "不得是服务账户",
        ),
        ("lists/2023.yaml", "area: employment", "area: emp", "不是可用的词"),
        ("lists/2023.yaml", "lead_unit: DIV-JYC", "lead_unit: NOPE", "没有该单位"),
        ("lists/2023.yaml", "lead_unit: DIV-JYC", "lead_unit: AUDITOR", "没有该单位"),
        ("lists/2023.yaml", "curve: year_end", "curve: crooked", "没有“crooked”"),
        ("lists/2023.yaml", "task: 2\n", "task: 1\n", "与另一处重复"),
        ("lists/2023.yaml", "value: 1000000", "value: -5", "应不小于0"),
        ("lists/2023.yaml", '["社保补贴", ', '["甲", "甲", ', "与另一处重复"),
        ("lists/2023.yaml", '["社保补贴", ', '["甲", "乙", ', "成员多于目标值"),
        ("lists/2023.yaml", '["社保补贴", ', '["社保、补贴", ', "隔开成员"),
        (
            "lists/2023.yaml",
            "kind: set\n        comparator: bare\n        value: 2\n",
            "kind: flow\n        comparator: bare\n        value: 2\n",
            "只有 set 一类有成员",
        ),
        ("lists/2023.yaml", "tolerance: 左右", "tolerance: 上下", "没有“上下”"),
        ("lists/2023.yaml", "year: 2023", "year: 2022", "只能是 2023"),
        ("lists/2023.yaml", "kind: opening", "kind: annual", "只能是 opening"),
        (
            "lists/2023.yaml",
            'quote: "提供就业岗位100万个以上',
            'quote: "提供就业岗位90万个以上',
            "不是原文",
        ),
    ],
)
def test_rules_check_reads_every_file_whole(
    broken: Callable[[str, str, str], Path], name: str, old: str, new: str, said: str
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        check(broken(name, old, new))
    problems = str(refused.value)
    assert said in problems
    assert name in problems
    assert "第" in problems


def test_all_problems_are_told_at_once(
    broken: Callable[[str, str, str], Path],
) -> None:
    folder = broken("rules.yaml", "urgency: {value: 35", "urgency: {value: 36")
    (folder / "channels.yaml").write_bytes(b"\xff\xfe\x00")
    (folder / "timetable.yaml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigRefused) as refused:
        load_rulebook(folder)
    assert {problem.file for problem in refused.value.problems} == {
        "rules.yaml", "channels.yaml", "timetable.yaml",
    }  # fmt: skip


def test_a_missing_file_is_named(config: Path, tmp_path: Path) -> None:
    shutil.copytree(config, tmp_path / "config")
    (tmp_path / "config" / "rules.yaml").unlink()
    with pytest.raises(ConfigRefused, match=r"rules\.yaml:文件不存在"):
        load_rulebook(tmp_path / "config")


def test_the_environment_may_name_the_database(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIMIN_DATABASE", "sqlite:///elsewhere.db")
    assert load_settings(config).database == "sqlite:///elsewhere.db"


def test_of_several_files_only_one_that_changed_is_parsed_again(
    broken: Callable[[str, str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = broken("rules.yaml", "quorum: {value: 3", "quorum: {value: 4")
    assert load_rulebook(folder).rules.judging.quorum.value == 4
    parsed: list[str] = []
    real = YAML.load

    def counted(reader: Any, text: str) -> Any:
        parsed.append(text)
        return real(reader, text)

    monkeypatch.setattr(YAML, "load", counted)
    assert load_rulebook(folder).rules.judging.quorum.value == 4
    assert parsed == []
    rules = folder / "rules.yaml"
    text = rules.read_text("utf-8").replace("quorum: {value: 4", "quorum: {value: 5")
    rules.write_text(text, encoding="utf-8")
    assert load_rulebook(folder).rules.judging.quorum.value == 5
    assert parsed == [text]
