"""What roles and posts of organization.yaml may be: duties, auditors, accounts (F1)."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.catalogue.terms import Duty, Role, UnitKind
from huimin_flow.model.organization import Organization, Person
from huimin_flow.model.personal import is_code
from huimin_flow.settings.document import Document


def of_posts(organization: Organization, document: Document) -> Iterator[str]:
    """Yield what is wrong with roles, posts and the leads of areas."""
    yield from _of_roles(organization, document)
    yield from _of_leads(organization, document)
    auditors = _auditors(organization)
    owners: dict[str, str] = {}
    for index, person in enumerate(organization.people):
        place: list[str | int] = ["people", index]
        yield from _of_person(person, auditors, place, document)
        for account in person.accounts:
            unit = owners.setdefault(account, person.unit)
            if unit != person.unit:
                yield document.problem(
                    [*place, "accounts"],
                    f"账户“{account}”已属于单位{unit}的岗位",
                    "一个账户只能属于一个单位的岗位,请改用另一个账户",
                )


def _of_roles(organization: Organization, document: Document) -> Iterator[str]:
    known = "、".join(f"{one.value}({one.label})" for one in Duty)
    for role, permissions in organization.roles.items():
        for n, one in enumerate(permissions):
            place: list[str | int] = ["roles", role.value, n]
            unknown = sorted(one.duties - set(Duty))
            if unknown:
                yield document.problem(
                    [*place, "duties"],
                    f"没有职责“{'、'.join(unknown)}”",
                    f"请核对拼写,可用:{known}",
                )
            if role is not Role.AUDITOR:
                continue
            if one.steps:
                yield document.problem(
                    [*place, "steps"], "审计人员不办理任何步骤", "请写 steps: []"
                )
            if one.duties - {Duty.AUDIT}:
                yield document.problem(
                    [*place, "duties"], "审计人员只有审计职责", "请写 duties: [audit]"
                )


def _of_leads(organization: Organization, document: Document) -> Iterator[str]:
    auditors = _auditors(organization)
    open_ended = {one.code for one in organization.units if one.valid_to is None}
    named = {one.code for one in organization.units}
    for area, lead in organization.areas.items():
        place: list[str | int] = ["areas", area.value, "lead_unit"]
        if lead.lead_unit in auditors:
            yield document.problem(place, "监督单位不能牵头", "请改为业务单位")
        elif lead.lead_unit in named - open_ended:
            yield document.problem(place, "该单位已有终止日期", "请改为接续它的单位")
    if organization.office in auditors:
        yield document.problem(["office"], "监督单位不能是专班办公室", "请改正")


def _of_person(
    person: Person, auditors: set[str], place: list[str | int], document: Document
) -> Iterator[str]:
    if not is_code(person.id):
        yield document.problem(
            [*place, "id"],
            "不是岗位代号(为空、不是ASCII代码,或像手机号、身份证号)",
            "请写成 op-500101 的样子,不写个人信息",
        )
    if not person.roles:
        yield document.problem([*place, "roles"], "没有任何角色", "请写明角色")
    if Role.AUDITOR in person.roles and len(person.roles) > 1:
        yield document.problem(
            [*place, "roles"], "审计人员不能兼任其他角色", "请分设两个岗位"
        )
    if person.unit in auditors and person.roles - {Role.AUDITOR}:
        yield document.problem(
            [*place, "roles"], "监督单位的岗位只能是审计人员", "请写 roles: [auditor]"
        )


def _auditors(organization: Organization) -> set[str]:
    return {one.code for one in organization.units if one.kind is UnitKind.AUDITOR}
