from __future__ import annotations

from datetime import date

import pytest

from huimin_flow.catalogue.terms import Area, Duty, Role, Scope, Step, Via
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.states.authority import authorize, may_do

DAY = date(2024, 3, 1)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("step", list(Step))
def test_exactly_what_the_table_of_roles_says_is_permitted(
    role: Role, step: Step, book: Rulebook
) -> None:
    organization = book.organization
    actor = Actor(id="x", unit="500101", roles=frozenset({role}), via=Via.HOST)
    # Who may reject may reopen; who may amend may enter own fields.
    named = {Step.REOPEN: Step.REJECT, Step.ANNOTATE: Step.AMEND}.get(step, step)
    rows = [one for one in organization.roles[role] if named in one.steps]
    for unit in ("500101", "500102"):
        wanted = any(
            row.scope is Scope.ALL or (row.scope is Scope.OWN and unit == "500101")
            for row in rows
        )
        reasons = authorize(actor, step, unit, Area.TALENT, organization, day=DAY)
        assert (not reasons) is wanted


def test_a_lead_unit_may_act_within_its_area_only(book: Rulebook) -> None:
    head = Actor(
        id="h", unit="DIV-JYC", roles=frozenset({Role.UNIT_HEAD}), via=Via.HOST
    )
    organization = book.organization
    assert not authorize(
        head, Step.ASSIGN, "500101", Area.EMPLOYMENT, organization, day=DAY
    )
    assert authorize(head, Step.ASSIGN, "500101", Area.TALENT, organization, day=DAY)


def test_an_actor_without_roles_may_do_nothing(book: Rulebook) -> None:
    nobody = Actor(id="n", unit="500101", roles=frozenset(), via=Via.HOST)
    for step in Step:
        assert authorize(
            nobody, step, "500101", Area.TALENT, book.organization, day=DAY
        )
    assert may_do(nobody, Duty.CONFIRM, book.organization, unit="500101", day=DAY)


@pytest.mark.parametrize("duty", Duty)
@pytest.mark.parametrize("role", list(Role))
def test_a_duty_reaches_as_far_as_its_scope_and_no_further(
    role: Role, duty: Duty, book: Rulebook
) -> None:
    organization = book.organization
    actor = Actor(id="x", unit="500101", roles=frozenset({role}), via=Via.HOST)
    scopes = {one.scope for one in organization.roles[role] if duty in one.duties}
    reached = {
        unit: not may_do(actor, duty, organization, unit=unit, day=DAY)
        for unit in ("500101", "500102", None)
    }
    everywhere = Scope.ALL in scopes
    assert reached == {
        "500101": everywhere or Scope.OWN in scopes,
        "500102": everywhere,
        None: everywhere,
    }


def test_every_duty_of_the_organization_is_tried(book: Rulebook) -> None:
    carried = {
        duty
        for permissions in book.organization.roles.values()
        for one in permissions
        for duty in one.duties
    }
    assert carried == set(Duty)
