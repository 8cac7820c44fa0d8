"""Every act with arguments that lack nothing, and the world that they are about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import product
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
    RatingLevel,
    Recommendation,
    Role,
    State,
    ThirdPartyKind,
    TwoPeople,
)
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.deciding import freezing
from huimin_flow.flow.improving import boards
from huimin_flow.flow.methods import methods
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.organization import Actor, Person
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.model.executing.plans import Progress, TaskResult
from huimin_flow.model.items import Effectiveness
from huimin_flow.model.sensing.answers import GivenAnswer
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.points import PointEntry
from huimin_flow.model.sensing.policies import Promise, Undertaking
from huimin_flow.settings import load_opening_list
from huimin_flow.testing import UNIT, Desk
from tests.conftest import CONFIG
from tests.dead_letters import all_refused
from tests.flow.core import spot_checks
from tests.flow.core.asked import asked, survey_arguments
from tests.flow.core.improving import feed_arguments, improving_arguments, prepare_feeds
from tests.life.world import OTHER_UNIT
from tests.ratings import rating

ACTS = {
    name: method.case
    for name, method in methods(Flow).items()
    if method.case.kind is Kind.ACT
}

#: Whose post tries: of the unit that owns the thing, of others.
UNITS = {"own": UNIT, "other": OTHER_UNIT, "lead": "DIV-JYC", "office": "OFFICE"}

#: What three tell of: two of one problem, the third perhaps of the same.
TOLD = (
    (
        "金域华庭工地拖欠木工班组工资",
        "金域华庭项目木工班组三十人,从春节到现在工资没有发过",
    ),
    (
        "金域华庭工地拖欠木工工资",
        "金域华庭项目木工班组的工资从春节到现在没有发过,求解决",
    ),
    ("金域华庭工地夜间施工噪音", "金域华庭项目工地晚上十二点还在施工,住户睡不着觉"),
)

#: A day until which something may be mended, whatever the day of the test.
LATE = date(2099, 1, 1)

#: What a refusal for lack of right says.
LACK = {
    "step_not_permitted", "duty_missing", "duty_not_city_wide", "other_units_item",
    "own_case", "not_the_office", "order_not_the_office",
    "review_not_the_office", "rectification_not_the_office", "rectification_own_case", "area_not_in_charge",
    "other_units_place",
}  # fmt: skip


@dataclass
class World:
    """A database with two items in each state, and one of everything else."""

    desk: Desk
    table: list[dict[str, Any]]
    numbers: dict[State, str]
    database: str
    known: dict[str, Any] = field(default_factory=dict)

    def actor(self, role: Role, whose: str) -> Actor:
        """The post of a role in one of the units."""
        return self.desk.actor(f"{role.value}-{whose}")

    def granted(self, role: Role, right: str) -> set[str]:
        """The scopes in which the printed table gives a role a step or a duty."""
        rights = {right, "reject"} if right == "reopen" else {right}
        return {
            row["permission"]["scope"]
            for row in self.table
            if row["role"] == role.value
            and rights & {*row["permission"]["steps"], *row["permission"]["duties"]}
        }


def posts(desk: Desk) -> None:
    """Give each unit a post of each role."""
    book = desk.flow.rulebook.active()
    made = tuple(
        Person(id=f"{role.value}-{whose}", unit=unit, roles=frozenset({role}))
        for role, (whose, unit) in product(Role, UNITS.items())
    )
    people = (*book.organization.people, *made)
    held = replace(book, organization=replace(book.organization, people=people))
    desk.flow.rulebook.activate(held, by=desk.office, second=desk.second)


def prepare(world: World) -> None:
    """Bring in what the acts beside an item's steps are about."""
    desk, flow, known = world.desk, world.desk.flow, world.known
    office, number = desk.office, world.numbers[State.ASSIGNED]
    known["meeting"] = desk.meet([world.numbers[State.SCREENED]]).key
    invited, free = (desk.bring(State.SCREENED).number for _ in range(2))
    known["ended"] = desk.meet([invited]).key
    flow.meetings.postpone(known["ended"], invited, "材料不齐", by=office)
    flow.meetings.attach(known["ended"], "纪要.txt", b"1", by=office)
    known["convened"] = flow.meetings.convene(
        held_on=desk.today(), chair="leader-1", agenda=[invited], by=office
    ).key
    known["waiting"], known["free"] = invited, free
    heard(world)
    names = ("requested", "submitted", "risky")
    for kind, name in zip(list(AssessmentKind)[1:], names, strict=True):
        # A high risk stops its item; the assigned one is executed.
        about = world.numbers[State.LISTED] if name == "risky" else number
        known[name] = flow.assessments.request(about, kind, "甲", by=office).key
    flow.assessments.submit(known["submitted"], "可行", high_risk=False, by=office)
    flow.assessments.submit(known["risky"], "有隐患", high_risk=True, by=office)
    flow.assessments.accept(known["risky"], by=desk.second)
    university = ThirdPartyKind.UNIVERSITY
    known["party"] = flow.third_parties.register(
        "乙大学", university, "有", "有", by=office
    ).key
    ran, unit = world.numbers[State.EXECUTED], desk.actor(f"op-{UNIT}")
    known |= asked(desk, ran)
    for name in ("reported", "mending", "advised"):
        flow.items.advise(ran, Recommendation.IMPROVE, by=unit)
        known[name] = flow.advice.list(item=ran)[0].key
        if name != "advised":
            flow.advice.adopt(
                known[name], "同意", what="甲", unit=UNIT, mended_by=LATE, by=office
            )
    flow.advice.mend(known["reported"], "已完善", by=unit)
    known["file"] = flow.items.attach(ran, "函.txt", b"2", by=unit).digest
    for name in ("ordered", "followed"):
        known[name] = flow.orders.receive(
            ran, "督查室", name, desk.today(), "限期办结", by=office
        ).key
    flow.orders.answer(known["followed"], "已办", [known["file"]], by=unit)
    spot_checks.prepare(desk, known)
    sent_back(world)
    put_right(world)
    promises = [Promise(key=k, indicator="甲", due=LATE) for k in ("P1", "P2")]
    policies = [
        flow.policies.register("某部", text, "甲", desk.today(), promises, by=office)
        for text in ("1号", "2号")
    ]
    known["free_policy"], known["policy"] = (each.key for each in policies)
    known["measure"] = flow.measures.register(
        known["policy"], "乙", Area.EMPLOYMENT, UNIT,
        [Undertaking(promise="P1", due=LATE)], by=office,
    ).key  # fmt: skip
    bad = [rating(n, RatingLevel.DISSATISFIED) for n in range(1, 4)]
    flow.ratings.add(bad, by=office)
    flow.ratings.answer("T2", "已整改", by=unit)
    flow.ratings.object_to("T3", Misrating.MISTAKEN, "点错", by=unit)
    opening = load_opening_list(CONFIG, 2023, flow.rulebook.active())
    known["opening"] = replace(opening, year=2097, tasks=opening.tasks[:1])
    freeze = partial(freezing.freeze, day=desk.today(), by=desk.scheduler)
    door_of(flow).perform(lambda work: freeze(work, 2096, 0, work.rulebook))
    drawn = partial(boards.draft, period="2023Q3", by=desk.scheduler)
    known["boards"] = (
        door_of(flow)
        .perform(lambda work: drawn(work, cut=work.head, book=work.rulebook))
        .key
    )
    values = {"item": world.numbers[State.LISTED], "reason": "not_ours"}
    waiting = flow.proposals.propose(TwoPeople.CANCEL, values, by=office)
    known["proposal"], known["seen"] = waiting.key, waiting.seen
    all_refused(flow)


def sent_back(world: World) -> None:
    """Report what is to be executed; let another unit send one of its tasks back."""
    desk = world.desk
    desk.report(world.numbers[State.ASSIGNED])
    split, plan = desk.bring(State.LISTED).number, desk.plan()
    theirs = [replace(plan.tasks[0], key=k, unit=OTHER_UNIT) for k in ("T2", "T3")]
    desk.assign(split, replace(plan, tasks=(*plan.tasks, *theirs)))
    other = desk.post(Role.OPERATOR, OTHER_UNIT)
    sent = desk.flow.tasks.return_(split, "T2", "lacks_means", "无场地", by=other)
    world.known |= {"split": split, "task_return": sent.key}
    reviewed(world)


def reviewed(world: World) -> None:
    """Bring in review meetings, and what one of them decided."""
    desk, flow, known = world.desk, world.desk.flow, world.known
    office, unit = desk.office, desk.actor(f"op-{UNIT}")
    today = desk.today()
    for name in ("called", "held"):
        known[name] = flow.reviews.call(today, "leader-1", by=office).key
    flow.reviews.hold(known["held"], ["office-1"], by=office)
    flow.reviews.attach(known["held"], "纪要.txt", b"3", by=office)
    for name in ("decided", "done"):
        made = flow.decisions.decide(known["held"], name, UNIT, today, by=office)
        known[name] = made.key
        file = flow.decisions.attach(made.key, "佐证.txt", b"4", by=unit)
        known["proof"] = file.digest
    flow.decisions.report(known["done"], "已办", [known["proof"]], by=unit)


def heard(world: World) -> None:
    """Bring in appeals, linked, answered, gathered and asked about, and a point."""
    flow, office, known = world.desk.flow, world.desk.office, world.known
    flow.appeals.add(
        Appeal(key="A1", channel="media", who="p1", district=UNIT, text="甲"), by=office
    )
    flow.appeals.link(world.numbers[State.COLLECTED], [("media", "A1")], by=office)
    told = Appeal(key="A3", channel="media", who="p3", district=UNIT, text="丙")
    flow.appeals.add(told, by=office)
    flow.answers.give("A3", "已办", by=office)
    about = Appeal(key="A4", channel="media", who="p4", district=UNIT, text="丁")
    flow.appeals.add(about, by=office)
    flow.appeals.link(world.numbers[State.LISTED], [("media", "A4")], by=office)
    flow.appeals.add_all(
        [
            Appeal(
                key=key, channel="media", who=key, district=UNIT, title=title, text=text
            )
            for key, (title, text) in zip(("G1", "G2", "G3"), TOLD, strict=True)
        ],
        by=office,
    )
    flow.gathering.run(by=office)
    (waiting,) = flow.gathering.list()
    assert waiting.appeal == ("media", "G3")
    known["near"] = waiting.near[1]
    prepare_feeds(flow, known, office)
    known["point"] = flow.points.add(
        "甲点", PointLevel.DISTRICT, "万州区", by=office
    ).key


def put_right(world: World) -> None:
    """Open rectifications: one to be submitted, one to be judged."""
    desk, flow, known = world.desk, world.desk.flow, world.known
    office = desk.office
    ran, unit = world.numbers[State.EXECUTED], desk.actor(f"op-{UNIT}")
    other = world.numbers[State.EVALUATED]
    proof = flow.items.attach(other, "函.txt", b"3", by=unit).digest
    keys = {
        state: flow.orders.receive(
            world.numbers[state], "督查室", state, desk.today(), "限期整改", by=office
        ).key
        for state in (State.ASSIGNED, State.EVALUATED)
    }
    known["cause"], begin = keys[State.ASSIGNED], flow.rectifications.open
    made = begin(ran, "被督办", order_key=known["ordered"], by=office)
    known["put_right"] = made.key
    made = begin(other, "被督办", order_key=keys[State.EVALUATED], by=office)
    known["done_right"] = made.key
    flow.rectifications.submit(made.key, "已整改", [proof], by=unit)


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
        **spot_checks.arguments(known, desk.second),
        "rectifications.open": {"number": at[State.ASSIGNED], "cause": "被督办"}
        | {"order_key": known["cause"]},
        "rectifications.submit": {"key": known["put_right"], "done": "已整改"}
        | {"evidence": [known["file"]]},
        "rectifications.accept": {"key": known["done_right"], "finding": "属实"},
        "rectifications.return_": {"key": known["done_right"], "note": "补充"},
        "rectifications.escalate": {},
        "rectifications.acknowledge": {"key": known["put_right"]},
        "reviews.call": {"held_on": desk.today(), "chair": "leader-1"},
        "reviews.hold": {"key": known["called"], "participants": ["office-1"]},
        "reviews.attach": {"key": known["held"], "name": "纪要", "content": b"5"},
        "reviews.close": {"key": known["held"]},
        "reviews.call_off": {"key": known["called"], "reason": "改期"},
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
