"""A town's post registers and sees the appeals of its own town, and no others (A2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Area, Duty, Origin, Role, Step, Via
from huimin_flow.errors import StepRefused
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.states.authority import authorize, may_do, may_handle
from huimin_flow.testing import Desk
from tests.flow.sensing.test_appeals import appeal

TOWN, OTHER = "500101001", "500102009"
NOW = date(2023, 10, 9)


def test_a_town_registers_its_own_appeals_and_is_refused_elsewhere(desk: Desk) -> None:
    flow, town = desk.flow, desk.actor(f"town-{TOWN}")
    batch = [
        appeal("a", district="万州区高笋塘街道某某社区"),
        appeal("b", district="500101", town="高笋塘街道"),
        appeal("c", district="万州区"),
        appeal("d", district="万州区太白街道"),
        appeal("e", district="涪陵区江北街道"),
        appeal("f", district="A3区"),
    ]
    kept = flow.appeals.add_all(batch, by=town)
    assert kept.kept == 2
    assert [(each.key, each.reason.code) for each in kept.refused] == [
        *((key, Code.OTHER_UNITS_PLACE) for key in "cde"), ("f", Code.PLACE_NOBODYS),
    ]  # fmt: skip
    with pytest.raises(StepRefused) as refused:
        flow.appeals.add(batch[3], by=town)
    assert refused.value.code == Code.OTHER_UNITS_PLACE
    assert "太白街道" in str(refused.value)
    assert "高笋塘街道" in str(refused.value)
    assert refused.value.remedy
    # its district's people, and the city's, may
    flow.appeals.add(batch[3], by=desk.actor("op-500101"))
    flow.appeals.add(batch[5], by=desk.office)
    listed = {each.key for each in flow.appeals.list(town=TOWN)}
    assert listed == {"a", "b"}
    assert flow.appeals.count(town=TOWN) == 2


def test_a_town_takes_no_step_with_items(desk: Desk) -> None:
    flow, town = desk.flow, desk.actor(f"town-{TOWN}")
    number = desk.collect().number
    flow.appeals.add(appeal("a", district=TOWN), by=town)
    demand = Demand(title="甲", origin=Origin.PROBLEM, area=Area.TALENT, unit="500101")
    acts: list[Callable[[], object]] = [
        lambda: flow.items.collect(demand, by=town),
        lambda: flow.appeals.link(number, [("hotline_12333", "a")], by=town),
        lambda: flow.items.amend(number, {"title": "乙"}, by=town),
    ]
    for act in acts:
        with pytest.raises(StepRefused) as refused:
            act()
        assert refused.value.remedy
    possible = flow.items.possible(number, by=town)
    assert not [each for each in possible if not each.reasons]


@pytest.mark.parametrize("duty", [Duty.IMPORT, Duty.REPORT])
@pytest.mark.parametrize(
    "written", ["高笋塘街道", "太白街道", "万州区", "涪陵区江北街道", "A3区"]
)
@pytest.mark.parametrize(
    ("post", "own"),
    [
        (f"town-{TOWN}", {"高笋塘街道"}),
        (f"town-{OTHER}", {"涪陵区江北街道"}),
        ("op-500101", {"高笋塘街道", "太白街道", "万州区"}),
        ("op-500102", {"涪陵区江北街道"}),
        ("office-1", {"高笋塘街道", "太白街道", "万州区", "涪陵区江北街道", "A3区"}),
        ("auditor-1", set()), ("window-1", set()),
    ],
)  # fmt: skip
def test_an_appeal_is_its_towns_its_districts_and_the_citys(
    book: Rulebook, post: str, own: set[str], written: str, duty: Duty
) -> None:
    organization = book.organization
    actor = organization.actor(post, Via.HOST, NOW)
    assert actor is not None
    place = resolver_of(organization).resolve(written, NOW)
    why = may_handle(actor, duty, place, organization, day=NOW)
    has = any(
        duty in permission.duties
        for role in actor.roles
        for permission in organization.roles[role]
    )
    assert (why == ()) == (has and written in own)
    assert all(reason.code in set(Code) for reason in why)


def test_a_stored_place_is_whose_it_is_by_what_is_known_now(book: Rulebook) -> None:
    resolver = resolver_of(book.organization)
    for district, town, expected in (
        ("500101", TOWN, ("500101", TOWN)),
        ("500101", "高笋塘", ("500101", TOWN)),
        ("500101", "没有", ("500101", "")),
        ("高笋塘街道", "", ("500101", TOWN)),
        ("A3区", "甲镇", ("", "")),
    ):
        place = resolver.stored(district, town, NOW)
        assert (place.district, place.town) == expected


def test_a_post_of_a_town_acts_for_it_alone(book: Rulebook) -> None:
    organization = book.organization
    assert organization.acts_for(TOWN, NOW) == {TOWN}
    assert organization.acts_for("500101999", NOW) == frozenset()
    assert organization.name_of(TOWN) == "高笋塘街道"
    actor = Actor(id="x", unit=TOWN, roles=frozenset({Role.TOWN}), via=Via.HOST)
    place = resolver_of(organization).resolve("500101", NOW)
    assert may_handle(actor, Duty.IMPORT, place, organization, day=NOW)


@pytest.mark.parametrize("right", [*Duty, *Step])
def test_a_towns_rights_are_to_take_in_to_read_and_to_answer(
    book: Rulebook, right: Duty | Step
) -> None:
    organization = book.organization
    town = organization.actor(f"town-{TOWN}", Via.HOST, NOW)
    assert town is not None
    for unit in (TOWN, OTHER, "500101", "OFFICE"):
        if isinstance(right, Step):
            why = authorize(town, right, unit, Area.TALENT, organization, day=NOW)
        else:
            why = may_do(town, right, organization, unit=unit, day=NOW)
        own = right in {Duty.IMPORT, Duty.READ, Duty.ANSWER} and unit == TOWN
        assert (why == ()) == own, unit
        assert all(reason.code in {*Code} for reason in why)
