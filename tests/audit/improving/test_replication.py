"""An auditor makes practices and replications again; what was bent is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from huimin_flow.catalogue.terms import Flaw, Role
from huimin_flow.flow.deciding.demands import responses
from huimin_flow.flow.improving.replicating import proposals
from huimin_flow.rules.improving import replication as rules
from huimin_flow.testing import Desk
from tests.audit.improving.test_spot_checks import bent
from tests.audit.test_insider import findings
from tests.flow.improving.replicated import OTHER, TAKEN, THIRD, WHOM, good_item

pytestmark = pytest.mark.usefixtures("schema_stays")

#: What the engine does without a lie.
EFFECT_ON, EFFECT_OF, STEP = rules.effect_on, rules.effect_of, proposals._step


def test_a_bent_practice_or_replication_is_found_by_its_law(desk: Desk) -> None:
    flow, office = desk.flow, desk.office
    number = good_item(desk)
    expected: set[tuple[str, str]] = set()

    def named(key: str, law: int) -> None:
        expected.add((key, f"replication {law}"))

    # More citizens are content than the board says.
    with bent(rules, effect_on=lambda entry: replace(EFFECT_ON(entry), satisfied=100)):
        lying = flow.practices.shelve(number, TAKEN, WHOM, by=office)
    named(lying.key, 1)
    flow.practices.withdraw(lying.key, "有误", by=office)
    # An item that no board has is said to be on one.
    other, known = desk.collect("另一件").number, rules.good_entry
    with bent(
        rules, good_entry=lambda boards, _, period: known(boards, number, period)
    ):
        lying = flow.practices.shelve(other, TAKEN, WHOM, by=office)
    named(lying.key, 1)
    honest = flow.practices.shelve(number, TAKEN, WHOM, by=office)
    first, second = (
        flow.replications.propose(honest.key, unit, by=office).key
        for unit in (OTHER, THIRD)
    )

    def earlier(*given: Any, **changes: Any) -> Any:
        return STEP(*given, **changes | {"reminded_on": date(2024, 1, 1)})

    with bent(proposals, _step=earlier):  # another day than the one of the step
        flow.replications.remind(first, by=office)
    named(first, 2)
    # The unit has adopted by an item that responds to nothing.
    units = [desk.post(Role.OPERATOR, code) for code in (OTHER, THIRD)]
    loose = desk.collect("又一件", OTHER)
    with bent(responses, respond=lambda *_, **__: (loose, loose)):
        flow.replications.adopt(first, by=units[0])
    named(first, 3)
    # An item without an evaluation is said to have an effect.
    own = flow.replications.adopt(second, by=units[1]).successor
    flow.items.reject(own, "duplicate", by=office)
    with bent(rules, effect_of=lambda _: honest.effect):
        compared = flow.replications.compare(second, by=office)
    assert compared.verdict is not None
    assert compared.verdict.passed
    named(second, 4)
    found = {
        (each.place.partition("#")[0].split()[0], each.law)
        for each in findings(desk)
        if each.flaw is Flaw.DECISION_MISMATCH
    }
    assert found == expected
