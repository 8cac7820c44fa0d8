"""The world that tried acts are about: two items in each state, and one of all else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import product
from typing import Any

from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Misrating,
    PointLevel,
    RatingLevel,
    Recommendation,
    Role,
    State,
    ThirdPartyKind,
    TwoPeople,
)
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding import freezing
from huimin_flow.flow.improving import boards
from huimin_flow.flow.improving.reviewing import digests
from huimin_flow.model.core.organization import Actor, Person
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.policies import Promise, Undertaking
from huimin_flow.settings import load_opening_list
from huimin_flow.testing import UNIT, Desk
from tests.conftest import CONFIG
from tests.dead_letters import all_refused
from tests.flow.core import engaged, spot_checks
from tests.flow.core.asked import asked
from tests.flow.core.improving import prepare_feeds, prepare_replication
from tests.life.world import OTHER_UNIT
from tests.ratings import rating

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
        return {
            row["permission"]["scope"]
            for row in self.table
            if row["role"] == role.value
            and right in {*row["permission"]["steps"], *row["permission"]["duties"]}
        }


def posts(desk: Desk) -> None:
    """Give each unit a post of each role."""
    book = desk.flow.rulebook.active()
    made = tuple(
        Person(id=f"{role.value}-{whose}", unit=unit, roles=frozenset({role}))
        for role, (whose, unit) in product(Role, UNITS.items())
    )
    people = (*book.organization.people, *made)
    organization = replace(book.organization, people=people)
    held = replace(book, organization=organization, extensions={"funds": {}})
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


def _issue(work: Work, period: str, by: Actor) -> None:
    digests.issue(work, period, work.head, work.rulebook, by=by)


def reviewed(world: World) -> None:
    """Bring in review meetings, what one decided, and engagements."""
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
        if name == "decided":  # what is decided next changes them
            known["month"] = f"{today:%Y-%m}"
            door_of(flow).perform(_issue, known["month"], desk.scheduler)
    flow.decisions.report(known["done"], "已办", [known["proof"]], by=unit)
    engaged.prepare(desk, known, UNIT)


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
    """Open rectifications, to be submitted and to be judged; replicate a practice."""
    desk, flow, known = world.desk, world.desk.flow, world.known
    prepare_replication(desk, known)
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
