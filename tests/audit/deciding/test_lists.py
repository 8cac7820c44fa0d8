"""An auditor chooses the December list again and sees a list that was bent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, State
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.rules import SelectionRule
from huimin_flow.rules.deciding import lists
from huimin_flow.rules.deciding.lists import Selection
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick

honest = lists.draft


def frozen(desk: Desk) -> None:
    for title in ("甲", "乙", "丙"):
        desk.bring(State.STARRED, title)
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    tick(desk.flow, desk.clock.now())
    desk.consolidate(2024)


def test_an_honest_list_is_chosen_again(desk: Desk) -> None:
    frozen(desk)
    assert len(desk.flow.lists.get("list/2024/city").places) == 3
    assert door_of(desk.flow).read(verify).clean


def test_a_bent_choice_is_found_though_every_hash_is_right(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bent(
        by_unit: Mapping[str, Selection], rule: SelectionRule
    ) -> dict[Area, Selection]:
        drafts = honest(by_unit, rule)
        own = drafts[Area.EMPLOYMENT]
        return drafts | {Area.EMPLOYMENT: replace(own, chosen=own.chosen[1:])}

    monkeypatch.setattr(lists, "draft", bent)
    frozen(desk)
    monkeypatch.undo()
    found = door_of(desk.flow).read(verify).findings
    assert [(one.flaw.value, one.place) for one in found] == [
        ("decision_mismatch", "list/2024/employment")
    ]
