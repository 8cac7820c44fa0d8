"""Every step through Flow, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from huimin_flow.catalogue.terms import Area, Criterion, Origin, Question, State
from huimin_flow.errors import (
    InputRefused,
    ItemMoved,
    NotFound,
    RequestReused,
    StepRefused,
)
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.executing.plans import TaskResult
from huimin_flow.store.core.tables import REFUSALS
from huimin_flow.store.sensing import tallies
from huimin_flow.testing import UNIT, Desk


def codes(refusal: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [one.code for one in refusal.value.reasons]


def test_an_item_walks_the_whole_main_line_to_its_end(desk: Desk) -> None:
    assert desk.bring(State.CLOSED).version == 10


def test_a_step_out_of_order_is_refused_and_changes_nothing(desk: Desk) -> None:
    item = desk.collect()
    with pytest.raises(StepRefused) as refused:
        desk.execute(item.number)
    assert codes(refused) == ["no_such_arc"]
    assert desk.flow.items.get(item.number) == item


def test_the_wrong_role_is_refused(desk: Desk) -> None:
    item = desk.collect()
    desk.link_appeals(item.number)
    scores = {Criterion.URGENCY: 80, Criterion.FUNDAMENTALITY: 80}
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.screen(item.number, scores, by=desk.operator)
    assert codes(refused) == ["step_not_permitted"]


def test_another_units_item_is_out_of_reach(desk: Desk) -> None:
    item = desk.collect()
    stranger = desk.actor("op-500102")
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.amend(item.number, {"title": "改名"}, by=stranger)
    assert codes(refused) == ["other_units_item"]


def test_an_operator_cannot_take_appeals_away_from_another_units_item(
    desk: Desk,
) -> None:
    theirs = desk.collect()
    desk.link_appeals(theirs.number, 1)
    (held,) = door_of(desk.flow).read(lambda c: tallies.appeals_of(c, theirs.number))
    stranger = desk.actor("op-500102")
    mine = desk.flow.items.collect(
        Demand(
            title="另一区的事项",
            origin=Origin.PROBLEM,
            area=Area.EMPLOYMENT,
            unit="500102",
        ),
        by=stranger,
    )
    pair = [(held["channel"], held["key"])]
    for number in (mine.number, theirs.number):
        with pytest.raises(StepRefused) as refused:
            desk.flow.appeals.link(number, pair, by=stranger)
        assert codes(refused) == ["other_units_item"]
    assert desk.flow.appeals.link(mine.number, pair, by=desk.office).appeals == 1


def test_a_loose_appeal_of_another_place_is_not_linked_to_an_own_item(
    desk: Desk,
) -> None:
    (theirs,) = desk.appeals(1)  # of Wanzhou
    desk.flow.appeals.add(theirs, by=desk.office)
    stranger, pair = desk.actor("op-500102"), (theirs.channel, theirs.key)
    mine = desk.collect(unit="500102")
    demand = Demand(
        title="别区", origin=Origin.PROBLEM, area=Area.TALENT, unit="500102"
    )
    for act in (
        lambda: desk.flow.appeals.link(mine.number, [pair], by=stranger),
        lambda: desk.flow.gathering.collect(pair, demand, by=stranger),
        lambda: desk.flow.appeals.read([pair], "挂接", by=stranger),
    ):
        with pytest.raises(StepRefused) as refused:
            act()
        assert codes(refused)[0] in {"other_units_place", "other_units_item"}
    assert desk.flow.appeals.link(mine.number, [pair], by=desk.office).appeals == 1


def test_a_stale_version_is_refused(desk: Desk) -> None:
    item = desk.collect()
    desk.flow.items.amend(item.number, {"title": "新标题"}, by=desk.operator, version=1)
    with pytest.raises(ItemMoved):
        desk.flow.items.amend(
            item.number, {"title": "旧标题"}, by=desk.operator, version=1
        )
    assert desk.flow.items.get(item.number).title == "新标题"


def test_a_retry_with_the_same_request_gets_the_first_answer(desk: Desk) -> None:
    demand = Demand(
        title="同一请求", origin=Origin.OPINION, area=Area.TALENT, unit=UNIT
    )
    first = desk.flow.once("r-1").items.collect(demand, by=desk.operator)
    again = desk.flow.once("r-1").items.collect(demand, by=desk.operator)
    assert first == again
    assert len(desk.flow.items.list()) == 1


def test_a_request_id_stands_for_one_act_only(desk: Desk) -> None:
    item = desk.flow.once("r-1").items.collect(
        Demand(title="甲", origin=Origin.OPINION, area=Area.TALENT, unit=UNIT),
        by=desk.operator,
    )
    with pytest.raises(RequestReused):
        desk.flow.once("r-1").items.amend(
            item.number, {"title": "乙"}, by=desk.operator
        )


def test_a_negative_screening_rejects_with_its_verdict(desk: Desk) -> None:
    item = desk.collect()
    rejected = desk.screen(item.number, level=10)
    assert (rejected.state, rejected.reason_code) == (State.REJECTED, "below_pass_mark")


def test_prevalence_cannot_be_typed_in(desk: Desk) -> None:
    item = desk.collect()
    with pytest.raises(InputRefused, match="普遍性"):
        desk.flow.items.screen(item.number, {Criterion.PREVALENCE: 100}, by=desk.office)


def test_a_missing_score_decides_nothing(desk: Desk) -> None:
    item = desk.collect()
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.screen(item.number, {Criterion.URGENCY: 90}, by=desk.office)
    assert codes(refused) == ["score_missing"]
    assert refused.value.reasons[0].supplier is not None


@pytest.mark.parametrize(
    ("no", "state"),
    [(Question.PERMITTED, State.REJECTED), (Question.CAPABLE, State.DEFERRED)],
)
def test_the_first_no_rejects_or_defers_as_the_rulebook_says(
    desk: Desk, no: Question, state: State
) -> None:
    item = desk.bring(State.SCREENED)
    assert desk.judge(item.number, no=no).state is state


def test_a_deferred_item_is_revived_as_screened(desk: Desk) -> None:
    item = desk.bring(State.SCREENED)
    desk.judge(item.number, no=Question.CAPABLE)
    assert desk.flow.items.revive(item.number, by=desk.office).state is State.SCREENED


def test_an_item_is_assigned_only_when_its_plan_is_whole(desk: Desk) -> None:
    item = desk.bring(State.LISTED)
    poor = replace(desk.plan(), carrier="", tasks=())
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.assign(item.number, poor, by=desk.operator)
    assert {"plan_field_missing", "no_task", "assessment_missing"} <= set(
        codes(refused)
    )


def test_merging_takes_the_appeals_along_and_unmerging_brings_them_back(
    desk: Desk,
) -> None:

    first, second = desk.collect("甲"), desk.collect("乙")
    desk.link_appeals(first.number, 5)
    desk.link_appeals(second.number, 7)

    def tally(number: str) -> int:
        return desk.flow.items.tally(number).appeals

    desk.flow.items.merge(second.number, first.number, by=desk.office)
    assert tally(first.number) == 12
    back = desk.flow.items.unmerge(second.number, by=desk.office)
    assert (back.state, tally(first.number), tally(second.number)) == (
        State.COLLECTED,
        5,
        7,
    )


def test_a_split_gives_each_child_its_appeals(desk: Desk) -> None:

    parent = desk.collect()
    appeals = desk.link_appeals(parent.number, 6)
    part = Demand(title="其一", origin=Origin.PROBLEM, area=Area.TALENT, unit=UNIT)
    pairs = [(one.channel, one.key) for one in appeals[:2]]
    _, child = desk.flow.items.split(parent.number, [(part, pairs)], by=desk.office)
    assert child.split_from == parent.number
    assert desk.flow.items.tally(child.number).appeals == 2
    # What was split off was told of the parent's problem, and counts there, too.
    tally = desk.flow.items.tally(parent.number)
    assert (tally.appeals, tally.inherited) == (6, 2)


def test_a_supplement_needs_two_different_people(desk: Desk) -> None:

    item = desk.bring(State.STARRED)
    key = desk.frozen(2099)
    with pytest.raises(StepRefused) as refused:
        desk.flow.lists.supplement(
            item.number, key, "确有必要", by=desk.office, second=desk.office
        )
    assert codes(refused) == ["same_person"]


def test_a_cancelled_item_leaves_its_list_in_a_new_edition(desk: Desk) -> None:
    item = desk.bring(State.LISTED)
    key = item.edition or ""
    desk.flow.items.cancel(item.number, "not_ours", by=desk.office, second=desk.second)
    edition = desk.flow.lists.get(key)
    assert (edition.version, edition.places) == (3, ())
    assert desk.flow.items.get(item.number).state is State.CLOSED


def test_an_item_that_runs_on_gets_a_successor_and_stays(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    parent, child = desk.flow.items.carry_over(item.number, by=desk.operator)
    assert (parent.state, child.state) == (State.ASSIGNED, State.COLLECTED)
    assert child.continues == item.number


def test_a_response_of_another_unit_is_born_judged(desk: Desk) -> None:
    item = desk.bring(State.JUDGED)
    _, child = desk.flow.items.respond(
        item.number, "500102", by=desk.actor("op-500102")
    )
    assert (child.state, child.responds_to) == (State.JUDGED, item.number)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.COLLECTED, "no_such_arc"),
        (State.SCREENED, "no_such_arc"),
        (State.REJECTED, "no_such_arc"),
        (State.CLOSED, "no_such_arc"),
        (State.DEFERRED, "fact_missing"),
    ],
)
def test_what_was_never_judged_or_is_at_an_end_gets_no_response(
    desk: Desk, state: State, code: str
) -> None:
    item = desk.item(state)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.respond(item.number, "500102", by=desk.actor("op-500102"))
    assert codes(refused) == [code]
    assert desk.flow.items.list(unit="500102") == []
    assert desk.flow.items.get(item.number) == item


def test_a_responding_operator_acts_for_their_own_unit_alone(desk: Desk) -> None:
    item = desk.bring(State.JUDGED)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.respond(item.number, "500103", by=desk.actor("op-500102"))
    assert codes(refused) == ["other_units_item"]
    parent, _ = desk.flow.items.respond(
        item.number, "500102", by=desk.actor("op-500102")
    )
    assert (parent.state, parent.version) == (item.state, item.version + 1)


@pytest.mark.parametrize("link", ["continues", "responds_to", "split_from"])
def test_a_link_that_a_step_makes_cannot_be_typed_in(desk: Desk, link: str) -> None:
    parent = desk.collect()
    demand = Demand(
        title="甲",
        origin=Origin.OPINION,
        area=Area.TALENT,
        unit=UNIT,
        continues=parent.number if link == "continues" else None,
        responds_to=parent.number if link == "responds_to" else None,
        split_from=parent.number if link == "split_from" else None,
    )
    with pytest.raises(InputRefused, match=link):
        desk.flow.items.collect(demand, by=desk.operator)
    with pytest.raises(InputRefused, match=link):
        desk.flow.items.split(parent.number, [(demand, [])], by=desk.office)
    assert desk.flow.items.list() == [parent]


def test_a_failed_evaluation_sends_the_item_back_and_counts_the_round(
    desk: Desk,
) -> None:
    item = desk.bring(State.EXECUTED)
    desk.report(item.number)
    failed = desk.conclude(item.number, 40)
    assert failed.evaluation_passed is False
    again = desk.flow.items.rework(item.number, by=desk.office)
    assert (again.state, again.rounds) == (State.ASSIGNED, 1)


def test_a_passed_evaluation_cannot_be_sent_back(desk: Desk) -> None:
    item = desk.bring(State.EVALUATED)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.rework(item.number, by=desk.office)
    assert codes(refused) == ["evaluation_passed"]


def test_a_return_needs_a_known_reason_and_is_counted(desk: Desk) -> None:
    item = desk.bring(State.SCREENED)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.return_(item.number, "whim", by=desk.office)
    assert codes(refused) == ["unknown_reason_code"]
    back = desk.flow.items.return_(item.number, "facts_incomplete", by=desk.office)
    assert (back.state, back.returns) == (State.COLLECTED, 1)


def test_a_corrected_area_puts_the_plan_in_doubt(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    changed = desk.flow.items.amend(item.number, {"area": "talent"}, by=desk.operator)
    assert (changed.area, changed.stale) == (Area.TALENT, ("plan",))


@pytest.mark.parametrize(
    "title", ["", "  ", "控制\x00符", "\ud800", "反\u202e向", "长" * 1_000_000]
)
def test_unfit_text_is_refused_in_a_sentence(desk: Desk, title: str) -> None:
    with pytest.raises(InputRefused) as refused:
        desk.collect(title)
    assert refused.value.remedy
    assert desk.flow.items.list() == []


def test_a_day_to_come_is_refused(desk: Desk) -> None:
    demand = Demand(title="甲", origin=Origin.OPINION, area=Area.TALENT, unit=UNIT)
    tomorrow = desk.today() + timedelta(days=1)
    with pytest.raises(InputRefused, match="晚于今天"):
        desk.flow.items.collect(demand, by=desk.operator, occurred_on=tomorrow)


def test_a_day_before_the_step_before_is_refused_with_both_days(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    results = [TaskResult(task="T1", met=True)]
    for day in (date(2000, 1, 1), desk.today() - timedelta(days=1)):
        with pytest.raises(InputRefused) as refused:
            desk.flow.items.execute(
                item.number, results, by=desk.operator, occurred_on=day
            )
        for named in (day, desk.today()):
            assert named.isoformat() in str(refused.value)
    assert desk.flow.items.get(item.number) == item
    desk.report(item.number)
    begun = desk.today()
    desk.clock.advance(timedelta(days=3))
    done = desk.flow.items.execute(
        item.number, results, by=desk.operator, occurred_on=begun
    )
    assert done.state is State.EXECUTED


def test_an_unknown_number_is_said(desk: Desk) -> None:
    with pytest.raises(NotFound, match="2023-999999"):
        desk.flow.items.get("2023-999999")


def test_the_same_appeals_again_add_nothing(desk: Desk) -> None:
    item = desk.collect()
    appeals = desk.link_appeals(item.number, 4)
    intake = desk.flow.appeals.add_all(appeals, by=desk.office)
    assert (intake.kept, intake.known) == (0, 4)


def test_refusals_are_logged_with_their_codes(desk: Desk) -> None:
    from sqlalchemy import select

    item = desk.collect()
    with pytest.raises(StepRefused):
        desk.execute(item.number)
    rows = door_of(desk.flow).read(
        lambda c: c.execute(select(REFUSALS)).mappings().all()
    )
    assert [(row["actor"], row["act"], row["about"]) for row in rows] == [
        (f"op-{UNIT}", "execute", item.number)
    ]
    assert "no_such_arc" in rows[0]["reasons"]
