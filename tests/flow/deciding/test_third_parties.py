"""Third parties come from a register, and are independent of what they assess."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import (
    AssessmentKind,
    Role,
    State,
    ThirdPartyKind,
    ThirdPartyState,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.deciding.assessments import Staff, ThirdParty
from huimin_flow.model.executing.plans import Supporter
from huimin_flow.rules.deciding.independence import concerned_by
from huimin_flow.testing import STAFF, UNIT, Desk

KIND = AssessmentKind.THIRD_PARTY
BUREAU = "重庆市人力资源和社会保障局"


def registered(desk: Desk, name: str = "某大学", parent: str = "") -> ThirdParty:
    return desk.flow.third_parties.register(
        name, ThirdPartyKind.UNIVERSITY, "评估过8项政策", "公共就业研究", parent,
        by=desk.office,
    )  # fmt: skip


def refusal(desk: Desk, number: str, assessor: str) -> list[tuple[object, object]]:
    """The relations for which an assessor is refused."""
    with pytest.raises(StepRefused) as refused:
        desk.flow.assessments.request(
            number, KIND, assessor, "问卷", STAFF, by=desk.office
        )
    reasons = refused.value.reasons
    assert {why.code for why in reasons} <= {
        "assessor_not_independent", "assessor_is_parent", "assessor_is_child",
        "assessor_is_sibling",
    }  # fmt: skip
    near = {
        "parent": "的上级机构",
        "child": "的下属机构",
        "sibling": "同属一个上级机构",
    }
    for why in reasons:
        words = sentence(why.code, dict(why.values))
        assert near.get(str(why.values["relation"]), "它是该事项的") in words
    assert "无关的在册机构" in str(refused.value.remedy)
    assert desk.flow.assessments.count(item=number) == 0
    return [(why.values["relation"], why.values["party"]) for why in reasons]


def test_a_register_is_kept_by_the_office(desk: Desk) -> None:
    flow, party = desk.flow, registered(desk)
    with pytest.raises(StepRefused):
        flow.third_parties.end(party.key, "注销", by=desk.post(Role.UNIT_HEAD, UNIT))
    with pytest.raises(InputRefused) as refused:
        registered(desk)
    assert refused.value.code == "third_party_twice"
    with pytest.raises(InputRefused) as refused:
        registered(desk, "某集团", "某集团")
    assert refused.value.code == "parent_of_itself"
    amended = flow.third_parties.amend(party.key, parent="某教育集团", by=desk.office)
    assert (amended.parent, amended.experience) == ("某教育集团", party.experience)
    ended = flow.third_parties.end(party.key, "资质到期", by=desk.office)
    assert (ended.state, ended.reason) == (ThirdPartyState.ENDED, "资质到期")
    with pytest.raises(StepRefused):
        flow.third_parties.amend(party.key, parent="", by=desk.office)
    again = registered(desk)
    assert flow.third_parties.list(state=ThirdPartyState.REGISTERED) == (again,)
    assert flow.third_parties.count() == 2
    assert flow.third_parties.get(party.key) == ended
    assert door_of(flow).read(verify).findings == ()


def test_a_third_party_is_in_the_register_with_a_plan_and_staff(desk: Desk) -> None:
    number = desk.bring(State.LISTED).number
    request = partial(desk.flow.assessments.request, number, KIND, by=desk.office)
    with pytest.raises(StepRefused) as refused:
        request("某大学", "问卷", STAFF)
    assert [why.code for why in refused.value.reasons] == ["assessor_unregistered"]
    assert "third-party list" in str(refused.value.remedy)
    party = registered(desk)
    with pytest.raises(StepRefused) as refused:
        request("某大学")
    assert [why.code for why in refused.value.reasons] == [
        "engagement_without_plan",
        "engagement_without_staff",
    ]
    with pytest.raises(InputRefused) as told:
        request("某大学", "问卷", [Staff(role="组员", qualification="硕士", count=0)])
    assert told.value.code == "staff_unfit"
    with pytest.raises(InputRefused) as told:
        request("某大学", "问卷", [Staff(role="组员", qualification="", count=1)])
    assert told.value.code == "text_empty"
    desk.flow.third_parties.end(party.key, "注销", by=desk.office)
    with pytest.raises(StepRefused) as refused:
        request(party.key, "问卷", STAFF)
    assert [why.code for why in refused.value.reasons] == ["assessor_ended"]
    registered(desk)
    made = request("某大学", "问卷500份", STAFF)
    assert (made.assessor, made.approach, made.staff) == ("某大学", "问卷500份", STAFF)
    assert desk.flow.assessments.count(item=number) == 1
    assert door_of(desk.flow).read(verify).findings == ()


def test_who_leads_is_parent_or_child_of_the_lead_or_shares_its_parent_is_refused(
    desk: Desk,
) -> None:
    own = desk.bring(State.LISTED).number
    registered(desk, "万州区")
    assert refusal(desk, own, "万州区") == [("lead", "万州区")]
    registered(desk, "万州就业研究所", "万州区")
    assert refusal(desk, own, "万州就业研究所") == [("child", "万州区")]
    demand = desk.flow.items.transfer(own, "DIV-JYC", "wrong_unit", by=desk.office)
    assert demand.unit == "DIV-JYC"
    registered(desk, BUREAU)
    assert refusal(desk, own, BUREAU) == [("parent", "就业处")]
    registered(desk, "市人社科学研究所", BUREAU)
    assert refusal(desk, own, "市人社科学研究所") == [("sibling", "就业处")]


def test_who_made_what_an_item_answers_or_is_its_subject_is_refused(
    desk: Desk,
) -> None:
    asked = desk.bring(State.JUDGED)
    born = desk.flow.items.respond(asked.number, "500102", by=desk.office)[1]
    registered(desk, "万州区")
    assert refusal(desk, born.number, "万州区") == [("maker", "万州区")]
    listed = desk.bring(State.LISTED).number
    helping = (Supporter(unit="500102"),)
    plan = replace(desk.plan(), supporting_units=helping)
    item, book = desk.flow.items.get(listed), desk.flow.rulebook.active()
    known = concerned_by(item, plan, [], book.organization, [])
    assert ("executor", "涪陵区") in {
        (each.relation.value, each.name) for each in known
    }
    registered(desk, "零工市场")
    assert refusal(desk, born.number, "零工市场") == [("subject", "零工市场")]


def test_a_plan_that_brings_its_assessor_in_is_not_assigned(desk: Desk) -> None:
    item = desk.bring(State.LISTED)
    registered(desk, "某人力集团", "某集团")
    made = desk.flow.assessments.request(
        item.number, KIND, "某人力集团", "问卷", STAFF, by=desk.office
    )
    desk.flow.assessments.submit(made.key, "可行", high_risk=False, by=desk.office)
    desk.flow.assessments.accept(made.key, by=desk.second)
    desk.assess(item.number)
    plan = desk.plan()
    for carrier, code in (
        ("某人力集团", "assessor_not_independent"),
        ("由某集团承办", "assessor_is_child"),
    ):
        with pytest.raises(StepRefused) as refused:
            desk.flow.items.assign(
                item.number, replace(plan, carrier=carrier), by=desk.operator
            )
        (why,) = refused.value.reasons
        assert why.code == code
    assert desk.flow.items.assign(item.number, plan, by=desk.operator).plan == plan
    assert door_of(desk.flow).read(verify).findings == ()
