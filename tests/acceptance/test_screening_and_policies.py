"""From appeals to a round of screening, from a policy to the item of its gap (A3–A5).

Everything goes through the public doors, on both databases; the audit ends each story.
"""

from __future__ import annotations

from datetime import date, timedelta

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, Criterion, Origin, State, TodoKind
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.policies import Promise, Undertaking
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick

CHANNELS = ("hotline_12333", "online_politics", "letters_visits")


def hear(desk: Desk, number: str, people: int, channels: int) -> None:
    """Let people say the same by some channels, and link what they said."""
    pairs = []
    for n in range(people):
        channel, key = CHANNELS[n % channels], f"{number}-{n}"
        desk.flow.appeals.add(
            Appeal(
                key=key, channel=channel, who=f"w{n}", district=UNIT, text="同一件事"
            ),
            by=desk.operator,
        )
        pairs.append((channel, key))
    desk.flow.appeals.link(number, pairs, by=desk.office)


def test_what_many_people_say_stands_first_and_passes_with_the_score_foretold(
    desk: Desk,
) -> None:
    flow, office = desk.flow, desk.office
    suggested = flow.items.suggest("零工市场没有候工区", "找工作的人站在路边")
    assert suggested.area is not None
    numbers = [
        flow.items.collect(
            Demand(
                title=title,
                origin=Origin.OPINION,
                area=Area(suggested.area.subject),
                unit=UNIT,
            ),
            by=office,
        ).number
        for title in ("一个人说的事", "许多人说的事", "小区停车的事")
    ]
    alone, many, foreign = numbers
    hear(desk, alone, 1, 1)
    hear(desk, many, 12, 3)
    desk.clock.advance(timedelta(days=28))  # over the second working day of November
    tick(flow)
    drawn = flow.screening.get("screening_round/2023-11")
    assert [each.number for each in drawn.candidates] == [many, alone, foreign]
    first = drawn.candidates[0]
    assert (first.tally.people, first.tally.channels, first.last) == (12, 3, 12)
    assert first.needed is not None
    waiting = {e.subject: e for e in flow.todo(by=office) if e.kind is TodoKind.ITEM}
    assert all(waiting[number].due == date(2023, 10, 23) for number in numbers)
    scores = dict.fromkeys((Criterion.IMPORTANCE, Criterion.POSSIBILITY), first.needed)
    passed = flow.items.screen(many, scores, by=office)
    assert (passed.state, passed.screening_score) == (State.SCREENED, first.score)
    flow.items.reject(foreign, "not_ours", referred_to="housing", by=office)
    assert flow.screening.referred() == {"housing": 1}
    assert [each.number for each in flow.screening.list()] == [alone]
    assert door_of(flow).read(verify).clean


def test_a_promise_that_is_not_kept_becomes_a_demand_that_leads_back_to_it(
    desk: Desk,
) -> None:
    flow, office = desk.flow, desk.office
    parent = desk.bring(State.ASSIGNED).number
    promise = Promise(
        key="P1", indicator="零工市场", due=date(2024, 6, 30), target=12, unit="个"
    )
    policy = flow.policies.register(
        "人力资源和社会保障部", "人社部发〔2023〕9号", "关于零工市场建设的意见",
        date(2023, 9, 1), [promise], by=office,
    )  # fmt: skip
    assert policy.key in {entry.subject for entry in flow.todo(by=office)}
    measure = flow.measures.register(
        policy.key, "每个区县建一个零工市场", Area.EMPLOYMENT, UNIT,
        [Undertaking(promise="P1", due=date(2023, 11, 30))], [parent], by=office,
    )  # fmt: skip
    (line,) = flow.measures.compare()
    assert "promise_open" in {reason.code for reason in line.verdict.reasons}
    desk.clock.advance(timedelta(days=65))  # the promise's own day has passed
    tick(flow)
    review = flow.policies.reviews()[0]
    (line,) = review.lines
    assert "promise_unproven" in {reason.code for reason in line.verdict.reasons}
    assert line.fresh
    born = flow.items.get(str(line.item))
    assert (born.origin, born.arises_from) == (Origin.POLICY, parent)
    assert born.title == "每个区县建一个零工市场:执行中发现的差距"
    assert born.number in {link.item.number for link in flow.items.links(parent)}
    assert born.number in {each.number for each in flow.screening.list()}
    (again,) = flow.measures.compare()
    assert (again.measure, again.item) == (measure.key, born.number)
    assert door_of(flow).read(verify).clean
