"""``items.possible`` and the outcome of trying agree, for each act, state and role."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from huimin_flow.catalogue.reasons import Reason, Reasons
from huimin_flow.catalogue.terms import Duty, Recommendation, Role, State, Step
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow
from huimin_flow.flow.methods import methods
from huimin_flow.flow.possible import OF_THE_ITEM, Possibility
from huimin_flow.model.core.organization import Actor, Person
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.states.guards import advice, tasks
from huimin_flow.states.guards import items as guards
from huimin_flow.states.table import LIFE
from huimin_flow.testing import UNIT, Desk
from tests import workflow
from tests.life.acts import Hand, Try
from tests.life.sweeps import ACTS, PEOPLE
from tests.life.world import BEGUN, OTHER_UNIT, copied, known_at_first
from tests.sampled import sampled

METHODS = methods(Flow)

#: The step of each act on an item that ``possible`` tells about.
STEPS = {
    "lists.supplement" if step is Step.ENLIST else f"items.{step.value}": step
    for step in Step
    if step is not Step.COLLECT
}

#: What lacks of rights; a refusal says it before all else.
LACK = {
    "step_not_permitted", "duty_missing", "duty_not_city_wide", "other_units_item",
    "own_item", "area_not_in_charge",
}  # fmt: skip

#: The guards whose facts only an act's own arguments can give.
OF_ARGUMENTS = {
    guards.is_screened, guards.is_judged, guards.has_stars, guards.is_selected,
    guards.is_ready, guards.is_carried_out, guards.is_excused_by_another,
    guards.has_no_open_risk,
    guards.has_result, guards.has_recommendation, guards.fits_result,
    guards.has_partner, guards.has_children, guards.is_screened_out,
    guards.is_judged_out, guards.is_reasoned, guards.two_may_confirm,
    guards.corrects, guards.has_other, guards.goes_to_another, guards.names_the_body,
    guards.names_a_cause, guards.enters_own,
    advice.has_advice, advice.fits_grounds,
    tasks.is_covered, tasks.is_borne_out, tasks.keeps_covered,
}  # fmt: skip


def test_each_guard_asks_about_the_item_or_about_arguments() -> None:
    asked = {guard for arc in LIFE for guard in arc.guards}
    assert asked == OF_THE_ITEM | OF_ARGUMENTS
    assert not OF_THE_ITEM & OF_ARGUMENTS


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Two items in each state, of two units; the unit's own ones are doubtful."""
    folder = copied()
    clock = RehearsalClock(BEGUN, seed=11)
    with Flow.open(f"sqlite:///{folder / 'life.db'}", clock=clock) as flow:
        desk = Desk(flow, clock)
        book = flow.rulebook.active()
        member = Person(id="member-1", unit="OFFICE", roles=frozenset({Role.MEMBER}))
        people = (*book.organization.people, member)
        held = replace(book, organization=replace(book.organization, people=people))
        flow.rulebook.activate(held, by=desk.office, second=desk.second)
        yield desk
    shutil.rmtree(folder)


def outcome(hand: Hand, flow: Flow, one: Try) -> Reasons:
    """Why an attempt is refused; nothing if it is accepted."""
    with flow.dry() as dry:
        trying = Hand(Desk(dry, hand.desk.clock))
        try:
            trying.prepare(one)
            trying.take(one)
        except HuiminError as refusal:
            return refusal.reasons
    return ()


def told(reason: Reason) -> str:
    """Return what a reason says."""
    return repr((reason.code, sorted(reason.values.items())))


def agrees(possible: Possibility, refused: Reasons) -> bool:
    """Whether a refusal says exactly the reasons that were told before.

    A right is asked first: then the reasons are some of those that were told.
    """
    if possible.step is Step.ENLIST:  # an argument names the list
        refused = tuple(why for why in refused if why.code != "duty_not_city_wide")
    known = {told(reason) for reason in possible.reasons}
    said = {told(reason) for reason in refused}
    lacks = any(reason.code in LACK for reason in possible.reasons)
    return possible.possible is (not known) and (
        said <= known if lacks else said == known
    )


def attempt(desk: Desk, step: str, number: str, by: Actor) -> Try:
    """An attempt with arguments that lack nothing."""
    item = desk.flow.items.get(number)
    known = known_at_first(item)
    known.told = True  # what is owed stays owed
    other = OTHER_UNIT if item.unit == UNIT else UNIT
    nowhere = by.unit in {"OFFICE", "AUDITOR"} or Role.TOWN in by.roles
    taken = other if nowhere else by.unit  # no town takes an item
    others = desk.flow.items.list(State.COLLECTED)
    return Try(
        step=step,
        number=number,
        known=known,
        by=by,
        second=desk.second if by.id != desk.second.id else desk.office,
        other=next(one.number for one in others if one.number != number),
        unit=taken,
        recommendation=Recommendation.STOP,
    )


def test_what_is_possible_agrees_with_the_outcome_of_trying(desk: Desk) -> None:
    both = {"office-1", "op-500102", "op-500101", "head-500101", "head-DIV-JYC"}
    seen: Counter[tuple[str, bool]] = Counter()
    roles: set[Role] = set()
    items = desk.flow.items.list()
    amended = {State.SCREENED: "origin", State.ASSIGNED: "area", State.EXECUTED: "area"}
    words = {"origin": "opinion", "area": "talent"}
    for item in items:
        if item.unit == UNIT and item.state in amended:  # a part of it is in doubt
            field = amended[item.state]
            desk.flow.items.amend(item.number, {field: words[field]}, by=desk.office)
        if item.unit == UNIT and item.state is State.ADJUSTED:  # it has a successor
            desk.flow.items.carry_over(item.number, by=desk.office)
        if item.state is State.EXECUTED and item.unit != UNIT:
            desk.report(item.number)
    hand = Hand(desk)
    people = ("office-1", "window-1", "member-1", "town-500101001", *PEOPLE)
    # The office and a unit look at every item, everybody at some of each unit.
    looks = sampled(
        [
            (p, item)
            for p, item in product(people, items)
            if item.unit == UNIT or p in both
        ],
        lambda look: (look[1].number, look[0] == "office-1"),
        lambda look: (look[1].number, look[0].startswith(("op-", "head-"))),
        lambda look: (look[0], look[1].unit),
    )
    cells: list[tuple[str, Item, Possibility]] = []
    for person, item in looks:
        by = desk.actor(person)
        roles |= by.roles
        answers = desk.flow.items.possible(item.number, by)
        cells += [(person, item, possible) for possible in answers]
    # Each answer for each step, by state, by person and by what it says.
    chosen = sampled(
        cells,
        lambda cell: (cell[2].step, cell[2].possible, cell[1].state),
        lambda cell: (cell[2].step, cell[2].possible, cell[0]),
        lambda cell: (cell[2].step, *(reason.code for reason in cell[2].reasons)),
    )
    for person, item, possible in chosen:
        by = desk.actor(person)
        one = attempt(desk, possible.step.value, item.number, by)
        refused = outcome(hand, desk.flow, one)
        where = (person, item.state, item.unit, possible, refused)
        assert possible.possible is (not refused), where
        assert agrees(possible, refused), where
        holders = {holder.post for holder in possible.who}
        assert person in holders or not possible.possible, where
        seen[(possible.step.value, possible.possible)] += 1
    assert roles == set(Role)
    assert {item.state for item in items} == set(State)
    assert {step for step, _ in seen} == set(ACTS)
    assert {step for step, done in seen if done} == set(ACTS)
    # Without an extension there is no own field to enter.
    assert set(workflow.STEPS) == {"collect", "annotate", *ACTS}


def without(book: Rulebook, role: Role, right: Step | Duty) -> Rulebook:
    """A rulebook in which a role lacks a step or a duty."""
    roles = book.organization.roles
    less = tuple(
        replace(has, steps=has.steps - {right}, duties=has.duties - {right.value})
        for has in roles[role]
    )
    held = replace(book.organization, roles={**roles, role: less})
    return replace(book, organization=held, digest="")


@pytest.mark.parametrize("name", [name for name in METHODS if name in STEPS])
def test_a_post_that_lacks_one_right_of_an_act_is_told_which(
    desk: Desk, name: str
) -> None:
    step, by = STEPS[name], desk.actor("office-1")
    book = desk.flow.rulebook.active()
    leaders = {"by": desk.actor("leader-1"), "second": desk.actor("deputy-1")}
    for right in METHODS[name].case.rights:
        # Whoever may reject an item may reopen one, who may amend enters own fields.
        included = {Step.REOPEN: Step.REJECT, Step.ANNOTATE: Step.AMEND}
        lacking = included.get(right, right)
        with desk.flow.dry() as dry:
            dry.rulebook.activate(without(book, Role.OFFICE, lacking), **leaders)
            for item in dry.items.list():
                (answer,) = dry.items.possible(item.number, by, step)
                told = [reason.values for reason in answer.reasons]
                assert not answer.possible, (item.state, right)
                assert any(right in {v.get("step"), v.get("duty")} for v in told), right
                assert by.id not in {holder.post for holder in answer.who}


def test_one_step_is_explained_with_who_can(desk: Desk) -> None:
    (item,) = (i for i in desk.flow.items.list(State.LISTED) if i.unit == UNIT)
    head = desk.actor(f"head-{UNIT}")
    (answer,) = desk.flow.items.possible(item.number, head, Step.CANCEL)
    assert (answer.possible, answer.two, answer.act) == (False, True, "items.cancel")
    codes = {reason.code for reason in answer.reasons}
    assert codes == {"step_not_permitted", "duty_not_city_wide"}
    assert {holder.post for holder in answer.who} == {
        "leader-1", "deputy-1", "office-1", "office-2", "coordination-1",
    }  # fmt: skip
