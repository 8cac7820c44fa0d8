"""Roles, posts and leads of organization.yaml are held to what they may be (F1)."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import Duty
from huimin_flow.errors import ConfigRefused
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import load_rulebook

SHARED = """{id: op-500102, unit: "500102", roles: [operator], accounts: [zhang]}
  - {id: op2, unit: "500103", roles: [operator], accounts: [zhang]}"""

SPAN = "valid_from: 2026-01-05, valid_to: 2026-01-20"
BACK = "valid_from: 2026-01-20, valid_to: 2026-01-20"

CASES = [
    ("duties: [confirm, activate, excuse]", "duties: [confrim]", "没有“confrim”,可用的有:"),
    (
        "{steps: [], scope: own, duties: [audit]}",
        "{steps: [evaluate], scope: own, duties: [audit]}",
        "审计人员不办理任何步骤",
    ),
    (
        "{steps: [], scope: own, duties: [audit]}",
        "{steps: [], scope: own, duties: [audit, confirm]}",
        "审计人员只有审计职责",
    ),
    ("roles: [auditor]}", "roles: [auditor, office]}", "不能兼任其他角色"),
    ("unit: AUDITOR, roles: [auditor]", "unit: AUDITOR, roles: [office]", "只能是审计"),
    ("lead_unit: DIV-JYC", "lead_unit: AUDITOR", "监督单位不能牵头"),
    ("lead_unit: DIV-JYC", "lead_unit: FA-LJXQ", "已有终止日期"),
    ("id: office-2", "id: ''", "不是岗位代号"),
    ("id: office-2", "id: '13800138000'", "不是岗位代号"),
    ("id: office-2", "id: 50010119900101123X", "不是岗位代号"),
    ("id: office-2", "id: 张三", "不是岗位代号"),
    ("roles: [publicity]", "roles: []", "一个也没有写"),
    ("roles: [publicity]", "roles: [publicity], areas: [talent]", "只有组长、副组长"),
    ("roles: [publicity]", "roles: [publicity], holder: 张三", "不是岗位代号"),
    *(
        ("deputies: []", f"deputies: [{{{posts}, {days}, source: ours}}]", said)
        for posts, days, said in (
            ("post: head-500101, deputy: op-500102", SPAN, "同一单位"),
            ("post: head-500101, deputy: head-500101", SPAN, "同一单位"),
            ("post: head-500101, deputy: nobody", SPAN, "没有这个岗位"),
            ("post: head-500101, deputy: op-500101", BACK, "valid_from"),
        )
    ),
    (
        '{id: op-500102, unit: "500102", roles: [operator]}',
        SHARED,
        "账户“zhang”已属于单位500102的岗位",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), CASES)
def test_what_a_post_may_not_be_is_named_with_its_line_and_remedy(
    old: str, new: str, said: str, config: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "config"
    shutil.copytree(config, folder)
    path = folder / "organization.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigRefused) as refused:
        load_rulebook(folder)
    line = text[: text.index(old)].count("\n") + 1 + new.count("\n")
    (named,) = [one for one in refused.value.problems if said in str(one)]
    assert re.match(rf"organization\.yaml 第{line}行 \S+.*:.*;", str(named))


def test_several_posts_of_one_unit_may_share_an_account(
    config: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "config"
    shutil.copytree(config, folder)
    path = folder / "organization.yaml"
    text = path.read_text(encoding="utf-8")
    for one in ("office-1", "office-2"):
        post = f"{{id: {one}, unit: OFFICE, roles: [office]"
        text = text.replace(post, f"{post}, accounts: [shared]")
    assert text.count("[shared]") == 2
    path.write_text(text, encoding="utf-8")
    assert load_rulebook(folder)


def test_every_duty_of_the_bureau_is_a_word_with_a_label(book: Rulebook) -> None:
    given = {
        duty
        for permissions in book.organization.roles.values()
        for one in permissions
        for duty in one.duties
    }
    assert given == set(Duty)
