"""Every act with arguments that lack nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Attribute,
    BulkAct,
    Criterion,
    Dimension,
    Misrating,
    Origin,
    PointLevel,
    Question,
    Recommendation,
    State,
    ThirdPartyKind,
    TwoPeople,
)
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.methods import methods
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.model.executing.plans import Progress, TaskResult
from huimin_flow.model.items import Effectiveness
from huimin_flow.model.sensing.answers import GivenAnswer
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.points import PointEntry
from huimin_flow.model.sensing.policies import Promise, Undertaking
from huimin_flow.testing import UNIT, Desk
from tests.flow.core import engaged, spot_checks
from tests.flow.core.asked import survey_arguments
from tests.flow.core.improving import (
    feed_arguments,
    improving_arguments,
    replication_arguments,
)
from tests.flow.core.world import LATE, World
from tests.life.world import OTHER_UNIT
from tests.ratings import rating

ACTS = {
    name: method.case
    for name, method in methods(Flow).items()
    if method.case.kind is Kind.ACT
}

#: What a refusal for lack of right says.
LACK = {
    "step_not_permitted", "duty_missing", "duty_not_city_wide", "other_units_item",
    "own_case", "not_the_office", "order_not_the_office",
    "review_not_the_office", "rectification_not_the_office", "rectification_own_case", "rectification_not_a_judge",
    "area_not_in_charge", "spot_check_own_unit", "task_not_theirs",
    "replication_not_the_office",
    "other_units_place",
}  # fmt: skip


def arguments(world: World) -> dict[str, dict[str, Any]]:
    """Return arguments for each act that lack nothing, but who acts."""
    at, known, desk = world.numbers, world.known, world.desk
    demand = Demand(title="甲", origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit=UNIT)
    answers = dict.fromkeys(Question, Answer(yes=True, reason="已核实"))
    judgment = Judgment(answers=answers, scores=dict.fromkeys(Attribute, 80))
    appeal = Appeal(key="A2", channel="media", who="p2", district=UNIT, text="乙")
    criteria = {Criterion.URGENCY: 100, Criterion.FUNDAMENTALITY: 100}
    stars = {
        "scores": dict.fromkeys(Dimension, 80),
        "expected": Effectiveness(value=85, low=80, high=90),
    }
    figure = Progress(
        item=at[State.ASSIGNED], task="T1", indicator="候工区", month="2023-10", value=1
    )
    two, improve = {"second": desk.second}, {"recommendation": Recommendation.IMPROVE}
    in_area: dict[str, Any] = {"key": "list/2096/employment", "reason": "群众最盼"}
    in_area["item"] = at[State.LISTED]
    pairs = {"number": at[State.COLLECTED], "appeals": [("media", "A1")]}
    asked = {"appeal": ("media", "G3"), "near": ("media", known["near"])}
    point: dict[str, Any] = {"name": "乙点", "level": PointLevel.DISTRICT}
    point["locality"] = "万州区"
    put = {"number": at[State.JUDGED], "unit": OTHER_UNIT}
    return {
        "items.collect": {"demand": demand},
        "items.screen": {"number": at[State.COLLECTED], "scores": criteria},
        "bulk.do": {
            "kind": BulkAct.SCREEN,
            "rows": [{"number": at[State.COLLECTED], "scores": criteria}],
        },
        "items.merge": {"number": at[State.COLLECTED], "into": at[State.SCREENED]},
        "items.unmerge": {"number": at[State.MERGED]},
        "items.split": {"number": at[State.SCREENED], "parts": [(demand, [])]},
        "items.judge": {
            "number": at[State.SCREENED],
            "deliberation": known["meeting"],
            "judgment": judgment,
        },
        "items.star": {"number": at[State.JUDGED], **stars},
        "items.reject": {"number": at[State.COLLECTED], "reason": "duplicate"},
        "items.return_": {"number": at[State.SCREENED], "reason": "facts_incomplete"},
        "items.defer": {"number": at[State.STARRED], "reason": "not_this_period"},
        "items.revive": {"number": at[State.DEFERRED]},
        "items.cancel": {"number": at[State.LISTED], "reason_code": "not_ours"} | two,
        "items.reopen": {
            "number": at[State.REJECTED],
            "reason_code": "facts_incomplete",
        }
        | two,
        "items.carry_over": {"number": at[State.EXECUTED]},
        "items.respond": put,
        "items.transfer": {
            "number": at[State.JUDGED],
            "unit": OTHER_UNIT,
            "reason": "wrong_unit",
        },
        "ledgers.decline": put | {"reason": "lacks_means"},
        "ledgers.reconsider": put | {"reason": "改为承接"},
        "ledgers.drop": {"number": at[State.JUDGED], "reason": "not_ours"} | two,
        "items.assign": {"number": at[State.LISTED], "plan": desk.plan()},
        "items.execute": {
            "number": at[State.ASSIGNED],
            "results": [TaskResult(task="T1", met=True)],
        },
        "items.reassign": {
            "number": at[State.ASSIGNED],
            "task": "T1",
            "reason": "due_changed",
            "due": LATE,
        },
        "tasks.return_": {
            "number": known["split"],
            "task": "T3",
            "reason": "lacks_means",
            "note": "无场地",
        },
        "tasks.retain": {"key": known["task_return"], "reason": "已协调场地"},
        "items.attach": {"number": at[State.ASSIGNED], "name": "a", "content": b"a"},
        "items.evaluate": {
            "number": at[State.EXECUTED],
        },
        "items.doubt": {"number": at[State.EVALUATED], "reason": "依据有误"},
        **survey_arguments(known),
        "items.rework": {"number": at[State.EVALUATED]},
        "items.adjust": {"number": at[State.EVALUATED], "grounds": "整改"} | improve,
        "items.advise": {"number": at[State.ASSIGNED]} | improve,
        "items.amend": {"number": at[State.COLLECTED], "corrections": {"title": "乙"}},
        # No extension is in force here.
        "items.annotate": {"number": at[State.COLLECTED], "own": {"funds.code": "A"}},
        "items.close": {"number": at[State.ADJUSTED]},
        "appeals.add": {"appeal": appeal},
        "appeals.add_all": {"appeals": [appeal]},
        "appeals.link": pairs,
        "appeals.unlink": pairs,
        "gathering.run": {},
        "gathering.yes": asked,
        "gathering.no": asked,
        "gathering.join": asked,
        "gathering.later": asked,
        "gathering.collect": {"appeal": ("media", "G1"), "demand": demand},
        "gathering.undo": {"appeal": ("media", "G2")},
        **feed_arguments(known),
        "points.add": point,
        "points.add_all": {"points": [PointEntry(**point)]},
        "points.move": {"key": known["point"], "new_name": "丙点"},
        "points.close": {"key": known["point"], "reason": "撤销"},
        "answers.give": {"key": "A1", "text": "已办"},
        "answers.give_all": {
            "answers": [GivenAnswer(channel="media", key="A1", text="已办")]
        },
        "answers.extend": {"key": "A1", "reason": "须核实"},
        "answers.transfer": {
            "key": "A1",
            "unit": "DIV-JYC",
            "reason_code": "wrong_unit",
        },
        "answers.reopen": {"key": "A3", "reason_code": "citizen_disagrees"},
        "answers.close": {"unit": UNIT},
        "answers.batch": {"number": at[State.LISTED]},
        "answers.give_back": {"channel": "media", "unit": UNIT},
        "appeals.read": {"appeals": [("media", "A1")], "reason": "挂接"},
        "appeals.erase": {"subject": "p1", "reason": "本人要求"} | two,
        "meetings.hold": {
            "held_on": desk.today(),
            "chair": "leader-1",
            "participants": ["office-1", "office-2"],
            "agenda": [known["free"]],
            "minutes": "同意",
        },
        "meetings.convene": {
            "held_on": desk.today(),
            "chair": "leader-1",
            "agenda": [known["free"]],
        },
        "meetings.begin": {
            "key": known["convened"],
            "participants": ["office-1", "office-2"],
        },
        "meetings.put": {"key": known["convened"], "item": known["free"]},
        "resources.state": {
            "period": "2024",
            "area": Area.EMPLOYMENT,
            "amount": 100,
            "source": "财政批复",
        },
        "resources.cost": {
            "number": known["free"],
            "amount": 60,
            "unit": "500101",
            "funding": "财政预算",
        },
        "meetings.take_off": {"key": known["convened"], "item": known["waiting"]},
        "meetings.call_off": {"key": known["convened"], "reason": "改期"},
        "meetings.postpone": {
            "key": known["meeting"],
            "item": at[State.SCREENED],
            "reason": "材料不齐",
        },
        "meetings.attach": {
            "key": known["meeting"],
            "name": "纪要.txt",
            "content": b"2",
        },
        "meetings.close": {"key": known["ended"]},
        "meetings.amend": {"key": known["meeting"], "minutes": "再议"},
        "assessments.request": {
            "number": at[State.LISTED],
            "kind": AssessmentKind.LEGALITY,
            "assessor": "甲",
        },
        "assessments.submit": {
            "key": known["requested"],
            "finding": "可行",
            "high_risk": False,
        },
        "assessments.accept": {"key": known["submitted"]},
        "assessments.return_": {"key": known["submitted"], "note": "补充"},
        **improving_arguments(known, desk.today(), at[State.ASSIGNED], two),
        **replication_arguments(known),
        **spot_checks.arguments(known, desk.second),
        **engaged.engagement_arguments(known),
        "rectifications.open": {"number": at[State.ASSIGNED], "cause": "被督办"}
        | {"order_key": known["cause"]},
        "rectifications.submit": {"key": known["put_right"], "done": "已整改"}
        | {"evidence": [known["file"]]},
        "rectifications.accept": {"key": known["done_right"], "finding": "属实"},
        "rectifications.return_": {"key": known["done_right"], "note": "补充"},
        "rectifications.escalate": {},
        "rectifications.open_listed": {},
        "rectifications.acknowledge": {"key": known["put_right"]},
        "reviews.call": {"held_on": desk.today(), "chair": "leader-1"},
        "reviews.hold": {"key": known["called"], "participants": ["office-1"]},
        "reviews.attach": {"key": known["held"], "name": "纪要", "content": b"5"},
        "reviews.close": {"key": known["held"]},
        "reviews.call_off": {"key": known["called"], "reason": "改期"},
        "digests.reissue": {"period": known["month"], "reason": "核对"},
        "digests.send": {"period": known["month"], "unit": UNIT},
        "decisions.decide": {
            "review_meeting": known["held"],
            "decided": "补齐",
            "owner": UNIT,
            "due": LATE,
        },
        "decisions.remind": {"key": known["decided"]},
        "decisions.attach": {"key": known["decided"], "name": "甲", "content": b"6"},
        "decisions.report": {"key": known["decided"], "done": "已办"}
        | {"evidence": [known["proof"]]},
        "decisions.accept": {"key": known["done"]},
        "decisions.return_": {"key": known["done"], "note": "补充"},
        "decisions.drop": {"key": known["decided"], "reason": "不必再办"},
        "assessments.treat": {
            "key": known["risky"],
            "measures": "走访",
            "unit": UNIT,
            "due": desk.today(),
        },
        "screening.run": {},
        "policies.register": {
            "authority": "某部",
            "document": "3号",
            "title": "甲",
            "dated": desk.today(),
            "promises": [Promise(key="P1", indicator="甲", due=LATE)],
        },
        "policies.amend": {"key": known["policy"], "title": "丙"},
        "policies.withdraw": {"key": known["free_policy"], "reason": "到期"},
        "measures.register": {
            "policy": known["policy"],
            "title": "丁",
            "area": Area.EMPLOYMENT,
            "unit": UNIT,
            "undertakings": [Undertaking(promise="P2", due=LATE)],
        },
        "measures.amend": {"key": known["measure"], "title": "戊"},
        "measures.withdraw": {"key": known["measure"], "reason": "到期"},
        "third_parties.register": {
            "name": "丙大学",
            "kind": ThirdPartyKind.UNIVERSITY,
            "experience": "有",
            "understanding": "有",
        },
        "third_parties.amend": {"key": known["party"], "parent": "某集团"},
        "third_parties.end": {"key": known["party"], "reason": "注销"},
        "lists.supplement": {
            "number": at[State.STARRED],
            "edition": "list/2099/city",
            "reason": "必要",
        }
        | two,
        "lists.arrange": in_area | {"rank": 1},
        "lists.describe": {name: in_area[name] for name in ("key", "item")}
        | {"targets": ["建成9个"]},
        "lists.leave_out": in_area,
        "lists.propose": {"key": in_area["key"]},
        "lists.consolidate": {"period": "2096", "silent": "今年不列"},
        "lists.confirm": {"key": "list/2098/city"} | two,
        "lists.confirm_all": {"period": "2098"} | two,
        "lists.drop": {"key": "list/2098/city", "reason": "误改"},
        "lists.publish": {"key": "list/2098/city"},
        "lists.enter_opening": {
            "opening": known["opening"],
            "numbers": {known["opening"].tasks[0].task: at[State.STARRED]},
        }
        | two,
        "tasks.report": {"reports": [figure]},
        "tasks.excuse": {
            "number": at[State.ASSIGNED],
            "task": "T1",
            "reason": "不可抗力",
        },
        "ratings.add": {"ratings": [rating(9)]},
        "ratings.answer": {"transaction": "T1", "answer": "已整改"},
        "ratings.verify": {"transaction": "T2", "finding": "属实", "accept": True},
        "ratings.object_to": {
            "transaction": "T1",
            "ground": Misrating.MISTAKEN,
            "grounds": "点错",
        },
        "ratings.settle": {"transaction": "T3", "finding": "属实", "set_aside": False},
        "scores.correct": {"key": "score/2023-09", "reason": "补报"} | two,
        "proposals.propose": {
            "act": TwoPeople.CANCEL.value,
            "values": {"item": at[State.LISTED], "reason": "not_ours"},
        },
        "proposals.propose_rulebook": {"book": known["opening"] and book_of(desk)},
        "proposals.approve": {"key": known["proposal"], "seen": known["seen"]},
        "proposals.withdraw": {"key": known["proposal"]},
        "rulebook.activate": {"book": book_of(desk)} | two,
        "changes.acknowledge": {"consumer": "portal", "position": 1},
        "deliveries.retry": {"destination": "portal", "position": 1},
        "deliveries.abandon": {
            "destination": "portal",
            "position": 1,
            "reason": "已停用",
        },
        "clock.confirm": {"moment": desk.clock.now()},
        "clock.declare": {"first_record": 1, "last_record": 1, "reason": "慢"} | two,
    }


def book_of(desk: Desk) -> Any:
    """The active rulebook with one word changed."""
    book = desk.flow.rulebook.active()
    rules = replace(book.rules, reject_reasons={**book.rules.reject_reasons, "x": "甲"})
    return replace(book, rules=rules, digest="")


def tried(flow: Flow, name: str, values: dict[str, Any], by: Actor) -> Reasons:
    """Return why an act was refused, nothing if it was done."""
    noun, verb = name.split(".")
    with flow.dry() as dry:
        try:
            getattr(getattr(dry, noun), verb)(**values, by=by)
        except HuiminError as refusal:
            return refusal.reasons
    return ()
