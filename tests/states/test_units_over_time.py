"""Who acts for a unit that ended, and for a zone of two bodies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from huimin_flow.audit import verify
from huimin_flow.catalogue.terms import Area, Duty, Origin, Role, Step, UnitKind, Via
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.organization import Actor, Unit
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.states.authority import authorize, may_do

ENDED, HUNG = date(2025, 11, 6), date(2026, 1, 25)


def operator(unit: str) -> Actor:
    return Actor(
        id=f"op-{unit}", unit=unit, roles=frozenset({Role.OPERATOR}), via=Via.HOST
    )


@pytest.mark.parametrize(
    ("unit", "day", "allowed"),
    [
        ("500105", date(2025, 11, 5), True),
        ("500105", ENDED, True),
        ("500105", date(2026, 1, 24), True),
        ("500105", HUNG, False),
        ("500157", date(2025, 11, 5), False),
        ("500157", ENDED, True),
        ("500157", date(2026, 6, 1), True),
        ("500112", date(2025, 11, 10), False),
        ("500109", date(2026, 6, 1), False),
    ],
)
def test_an_ended_units_items_pass_to_its_successor_on_their_days(
    book: Rulebook, unit: str, day: date, *, allowed: bool
) -> None:
    actor, organization = operator(unit), book.organization
    step = authorize(actor, Step.AMEND, "500105", Area.TALENT, organization, day=day)
    duty = may_do(actor, Duty.REPORT, organization, unit="500105", day=day)
    assert (not step) is allowed
    assert (not duty) is allowed


def test_people_of_a_unit_at_an_end_do_nothing_at_all(book: Rulebook) -> None:
    actor = replace(operator("500105"), roles=frozenset({Role.OFFICE}))
    organization = book.organization
    for day, refused in ((date(2026, 1, 24), False), (HUNG, True)):
        assert bool(may_do(actor, Duty.CONFIRM, organization, unit=None, day=day)) is (
            refused
        )


def test_successors_of_successors_inherit(book: Rulebook) -> None:
    later = Unit(
        code="500158",
        name="新区",
        kind=UnitKind.DISTRICT,
        source="ours",
        valid_from=date(2030, 1, 1),
    )
    units = tuple(
        replace(one, valid_to=date(2030, 1, 1), successors=("500158",))
        if one.code == "500157"
        else one
        for one in book.organization.units
    )
    organization = replace(book.organization, units=(*units, later))
    found = organization.acts_for("500158", date(2030, 1, 1))
    assert found == {"500158", "500157", "500105", "500112", "FA-LJXQ"}
    assert organization.acts_for("500158", date(2029, 12, 31)) == frozenset()


def test_a_person_of_either_body_acts_for_the_zone(book: Rulebook) -> None:
    for code in ("FA-GXQ-1", "FA-GXQ-2"):
        actor = operator(code)
        for unit, allowed in (("FA-GXQ", True), ("500107", False)):
            assert allowed is not bool(
                authorize(
                    actor, Step.AMEND, unit, Area.TALENT, book.organization, day=HUNG
                )
            )


def test_who_may_act_in_the_transition_is_what_the_audit_asks_again(
    url: str, book: Rulebook
) -> None:
    clock = RehearsalClock(datetime(2025, 11, 1, 2, tzinfo=UTC), seed=3)
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        demand = Demand(
            title="窗口排队久", origin=Origin.PROBLEM, area=Area.TALENT, unit="500105"
        )
        number = flow.items.collect(demand, by=flow.people.actor("op-500105")).number
        clock.set(datetime(2025, 11, 10, 2, tzinfo=UTC))
        for who in ("op-500105", "op-500157"):
            flow.items.amend(
                number, {"title": f"由{who}更正"}, by=flow.people.actor(who)
            )
        clock.set(datetime(2026, 1, 26, 2, tzinfo=UTC))
        with pytest.raises(StepRefused, match="不再"):
            flow.items.amend(
                number, {"title": "再改"}, by=flow.people.actor("op-500105")
            )
        flow.items.amend(number, {"title": "承接"}, by=flow.people.actor("op-500157"))
        assert not door_of(flow).read(verify.verify).findings
