"""Lists of quarters, and the preview of who is chosen and who just missed (B5)."""

from __future__ import annotations

import json
from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, PublicationCode
from huimin_flow.catalogue.terms import EditionKind, Placement, State, Strength
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import runs, tick
from tests.flow.deciding.placed import placed


def test_what_was_placed_on_the_next_phase_is_frozen_by_the_quarter(
    desk: Desk,
) -> None:
    year = desk.bring(State.STARRED, "下年度").number
    late = placed(desk, Placement.PHASE)
    desk.clock.set(at_hour(date(2023, 12, 25), 19))
    after = placed(desk, Placement.PHASE)
    # The service was down on the 25th of December, and lists what was there then.
    desk.clock.set(at_hour(date(2024, 1, 9), 9))
    tick(desk.flow, desk.clock.now())
    own, city = (desk.flow.lists.get(f"list/2024Q1/{each}") for each in (UNIT, "city"))
    assert [place.item for place in own.places] == [late]
    assert [place.item for place in city.places] == [late]
    assert (own.kind, city.kind) == (EditionKind.PHASE, EditionKind.PHASE)
    assert desk.flow.items.get(late).edition == f"list/2024Q1/{UNIT}"
    assert desk.flow.items.get(year).edition == f"list/2024/{UNIT}"
    assert desk.flow.items.get(after).state is State.STARRED
    # Units without a candidate have no list of the quarter.
    assert len(desk.flow.lists.list(period="2024Q1")) == 2
    assert door_of(desk.flow).read(verify).clean


def test_a_quarter_without_a_candidate_has_no_list(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 1, 9), 9))
    tick(desk.flow, desk.clock.now())
    run = next(each for each in runs(desk.flow) if each.job == "phase_listing")
    assert run.period == "2024Q1"
    assert set(json.loads(run.result).values()) == {0}
    with pytest.raises(NotFound):
        desk.flow.lists.get("list/2024Q1/city")
    assert door_of(desk.flow).read(verify).clean


def test_a_preview_says_who_just_missed_why_and_by_how_much(desk: Desk) -> None:
    strong = [desk.bring(State.STARRED, f"事项{n}").number for n in range(12)]
    weak = desk.bring(State.SCREENED, "两星").number
    desk.judge(weak)
    desk.star(weak, 45)
    phase = placed(desk, Placement.PHASE)
    seen = desk.flow.lists.preview("2024")
    assert seen.cutoff == at_hour(date(2023, 12, 15), 18)
    (own,) = seen.units
    assert [place.item for place in own.places] == strong[:10]
    assert [place.item for place in seen.city.places] == strong[:10]
    missed = {near.item: near for near in seen.missed}
    assert set(missed) == {*strong[10:], weak, phase}
    first, second = (missed[number] for number in strong[10:])
    assert (first.reason.code, first.behind, second.behind) == (
        Code.UNIT_QUOTA_FULL, 1, 2,
    )  # fmt: skip
    assert (first.lacks_benefit, first.lacks_stars) == (0, None)
    assert missed[weak].lacks_stars == 1
    assert missed[phase].reason.code == Code.PLACED_ELSEWHERE
    # All are alike, so the number decides, also between the tenth and the eleventh.
    (decisive,) = (tie for tie in seen.ties if tie.decides)
    assert (decisive.first, decisive.second) == (strong[9], strong[10])
    assert {tie.broken_by for tie in seen.ties} == {Strength.NUMBER}
    assert desk.flow.lists.list() == []
    quarter = desk.flow.lists.preview("2024Q1")
    assert [place.item for place in quarter.city.places] == [phase]
    assert not seen.frozen
    desk.clock.set(at_hour(date(2023, 12, 18), 9))
    tick(desk.flow, desk.clock.now())
    desk.bring(State.STARRED, "迟到")
    late = desk.flow.lists.preview("2024")
    assert late.frozen
    assert (late.units, late.city.places, late.missed) == ((), (), ())


@pytest.mark.parametrize("period", ["2022", "2026", "2023Q3", "2024Q2"])
def test_only_the_present_period_and_the_next_can_be_previewed(
    desk: Desk, period: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        desk.flow.lists.preview(period)
    (reason,) = refused.value.reasons
    assert reason.code == PublicationCode.NO_PREVIEW
