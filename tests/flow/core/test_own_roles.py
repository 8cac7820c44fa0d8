"""Roles of a host: mapped by the organization, and by nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from huimin_flow.catalogue.reasons import Code, ConfigCode, RulebookCode
from huimin_flow.catalogue.terms import Duty, Role, Scope, Step, Via
from huimin_flow.errors import ConfigRefused, StepRefused
from huimin_flow.model.core.organization import Actor, OwnRole, Permission, Person
from huimin_flow.settings import load_rulebook
from huimin_flow.shell.main import invoke
from huimin_flow.testing import UNIT, Desk
from tests.conftest import CONFIG
from tests.flow.core.test_extensions import audited

CLERK = OwnRole(
    label="办事员", english="clerk", source="ours", roles=frozenset({Role.OPERATOR})
)
KEEPER = OwnRole(
    label="资金管理员",
    english="keeper of funds",
    source="ours",
    permissions=(
        Permission(
            steps=frozenset({Step.AMEND}),
            scope=Scope.ALL,
            duties=frozenset({Duty.IMPORT.value}),
        ),
    ),
)


def mapped(desk: Desk) -> None:
    """Enter two posts of a host, and what their roles are."""
    book = desk.flow.rulebook.active()
    posts = tuple(
        Person(id=name, unit=UNIT, roles=frozenset(), own_roles=frozenset({name}))
        for name in ("clerk", "keeper")
    )
    organization = replace(
        book.organization,
        people=(*book.organization.people, *posts),
        own_roles={"clerk": CLERK, "keeper": KEEPER},
    )
    book = replace(book, organization=organization)
    desk.flow.rulebook.activate(book, by=desk.office, second=desk.second)


def of_host(name: str, *roles: str) -> Actor:
    """An actor as a host names it."""
    named = frozenset(roles or {name})
    return Actor(id=name, unit=UNIT, roles=frozenset(), via=Via.HOST, own_roles=named)


def test_a_mapped_role_may_what_it_is_mapped_to(desk: Desk) -> None:
    mapped(desk)
    clerk, keeper = of_host("clerk"), of_host("keeper")
    assert desk.flow.people.actor("clerk").own_roles == {"clerk"}
    item = desk.collect()
    desk.flow.items.amend(item.number, {"title": "甲"}, by=clerk)
    desk.flow.items.amend(item.number, {"title": "乙"}, by=keeper)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.reject(item.number, "not_ours", by=keeper)
    assert refused.value.code == Code.STEP_NOT_PERMITTED
    (possible,) = desk.flow.items.possible(item.number, keeper, Step.AMEND)
    assert possible.possible
    assert "keeper" in {holder.post for holder in possible.who}
    assert audited(desk.flow).clean


def test_the_printed_table_has_the_roles_of_hosts(
    desk: Desk, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped(desk)
    assert invoke(["permissions", "--json", "--db", url]) == 0
    table = json.loads(capsys.readouterr().out)
    (keeper,) = (row["permission"] for row in table if row["role"] == "keeper")
    assert keeper["steps"] == ["amend", "annotate"]
    assert any(row["role"] == "clerk" for row in table)
    invoke(["--lang", "en", "permissions", "--db", url])
    assert "keeper of funds" in capsys.readouterr().out


def test_a_role_that_nobody_maps_is_refused(desk: Desk) -> None:
    mapped(desk)
    number = desk.collect().number
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.amend(number, {"title": "甲"}, by=of_host("clerk", "boss"))
    assert refused.value.code == Code.OWN_ROLE_UNMAPPED
    assert "boss" in str(refused.value)


def test_a_host_names_fewer_roles_than_a_post_has_never_more(desk: Desk) -> None:
    mapped(desk)
    number = desk.collect().number
    for actor in (
        of_host("clerk", "keeper"),
        replace(of_host("clerk"), own_roles=frozenset()),
    ):
        with pytest.raises(StepRefused) as refused:
            desk.flow.items.amend(number, {"title": "甲"}, by=actor)
        assert refused.value.code == Code.STEP_NOT_PERMITTED


def test_the_config_says_who_has_which(tmp_path: Path) -> None:
    for file in CONFIG.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(CONFIG)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    known = (CONFIG / "organization.yaml").read_text("utf-8")
    entry = "own_roles:\n  clerk: {label: 办事员, english: clerk, source: ours, roles: [operator]}\n"
    post = "people:\n  - {id: c-1, unit: OFFICE, roles: [], own_roles: [clerk]}\n"
    written = entry + known.replace("people:\n", post, 1)
    (tmp_path / "organization.yaml").write_text(written, "utf-8")
    organization = load_rulebook(tmp_path).organization
    assert organization.own_roles["clerk"].roles == {Role.OPERATOR}
    odd = written.replace("own_roles: [clerk]", "own_roles: [boss]")
    (tmp_path / "organization.yaml").write_text(odd, "utf-8")
    with pytest.raises(ConfigRefused) as refused:
        load_rulebook(tmp_path)
    assert refused.value.problems[0].reason.code == ConfigCode.NOT_AMONG
    # Who watches others, and a town, have no second role: not through a host's either.
    for role, post, code in (
        ("clerk", "{id: c-1, unit: AUDITOR, roles: [auditor], own_roles: [clerk]}",
         RulebookCode.AUDITOR_ALONE),
        ("clerk", "{id: c-1, unit: AUDITOR, roles: [], own_roles: [clerk]}",
         RulebookCode.AUDITOR_ONLY),
        ("watcher", "{id: c-1, unit: OFFICE, roles: [office], own_roles: [watcher]}",
         RulebookCode.AUDITOR_ALONE),
        ("town", "{id: c-1, unit: OFFICE, roles: [], own_roles: [town]}",
         RulebookCode.TOWN_POST),
        ("doer", "{id: c-1, unit: OFFICE, roles: [office], own_roles: [doer]}",
         ConfigCode.NOT_AMONG),
    ):  # fmt: skip
        entries = entry + (
            "  watcher: {label: 甲, english: a, source: ours, roles: [auditor]}\n"
            "  town: {label: 甲, english: a, source: ours, roles: [town]}\n"
            + "  doer: {label: 甲, english: a, source: ours, roles: [],"
            " permissions: [{steps: [], scope: all, duties: [everything]}]}\n"
            * (role == "doer")
        )
        odd = entries + known.replace("people:\n", f"people:\n  - {post}\n", 1)
        (tmp_path / "organization.yaml").write_text(odd, "utf-8")
        with pytest.raises(ConfigRefused) as refused:
            load_rulebook(tmp_path)
        assert code in {each.reason.code for each in refused.value.problems}, post
