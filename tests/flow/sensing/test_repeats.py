"""A problem that repeats stays one, whatever becomes of its item (N7, D2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Flaw, Gathering
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.store.core.tables import GATHERED
from huimin_flow.testing import UNIT, Desk

from .test_gathering import WAGES, Pair, demand, held


def tell(desk: Desk, *channels: str, who: str = "", first: int = 1) -> list[Pair]:
    """Tell of one problem on some channels, and compare."""
    title, text = WAGES
    told = [
        Appeal(
            key=f"R{number}",
            channel=channel,
            who=who or f"p{number}",
            district=UNIT,
            title=title,
            text=text,
            at=desk.clock.now() - timedelta(hours=50 - number),
        )
        for number, channel in enumerate(channels, first)
    ]
    desk.flow.appeals.add_all(told, by=desk.office)
    desk.flow.gathering.run(by=desk.office)
    return [(each.channel, each.key) for each in told]


BOTH = ("hotline_12333", "media")


def test_splitting_an_item_hides_no_repeat_and_lowers_no_count(desk: Desk) -> None:
    gathering, by = desk.flow.gathering, desk.office
    told = tell(desk, *BOTH * 3)
    item = gathering.collect(told[0], demand(), by=by).number
    parts = [(demand("甲"), told[:3]), (demand("乙"), told[3:5])]
    items = [each.number for each in desk.flow.items.split(item, parts, by=by)]
    assert [gathering.repeat(each).inputs["appeals"] for each in items] == [6, 6, 6]
    (found,) = gathering.repeating()
    assert (found.problem.item, found.problem.appeals) == (items[1], 6)
    tallies = [desk.flow.items.tally(each) for each in items]
    assert [(each.appeals, each.inherited) for each in tallies] == [
        (6, 5), (3, 0), (2, 0),
    ]  # fmt: skip


def test_what_is_told_again_after_a_rejection_counts_with_it(desk: Desk) -> None:
    """Nobody has linked the later ones: that an item ended is no end of the problem."""
    gathering, by = desk.flow.gathering, desk.office
    told = tell(desk, *["hotline_12333"] * 3)
    item = gathering.collect(told[0], demand(), by=by).number
    desk.flow.items.reject(item, "duplicate", by=by)
    later = tell(desk, "media", "media", first=4)
    assert gathering.repeat(item).inputs["appeals"] == 5
    (found,) = gathering.repeating()
    assert (found.problem.item, found.problem.channels) == (
        item, {"hotline_12333": 3, "media": 2},
    )  # fmt: skip
    why = gathering.explain(later[0])[-1]
    assert (why.outcome, why.item) == (Gathering.AGAIN, item)
    again = gathering.collect(later[0], demand("又欠薪"), by=by).number
    assert gathering.repeat(again).inputs == gathering.repeat(item).inputs
    assert desk.flow.items.tally(again).appeals == 2  # an evidence, and no link
    held(desk)


def test_one_person_on_several_channels_is_no_repeat(desk: Desk) -> None:
    tell(desk, *BOTH * 3, who="same")
    assert desk.flow.gathering.repeating() == ()
    assert desk.flow.gathering.verdicts() == ()


def test_a_verdict_is_kept_once_for_each_state_and_can_be_derived_again(
    desk: Desk,
) -> None:
    gathering, by = desk.flow.gathering, desk.office
    told = tell(desk, *BOTH * 3)
    tell(desk, "media", first=7)
    (kept,) = gathering.verdicts()
    assert (kept.group, kept.state, kept.appeals) == (told[0], "", tuple(sorted(told)))
    assert (kept.verdict.rule, kept.verdict.passed) == ("repeats", True)
    item = gathering.collect(told[0], demand(), by=by).number
    tell(desk, "media", first=8)
    tell(desk, "media", first=9)
    (of_item,) = gathering.verdicts(item)
    assert (of_item.state, len(of_item.appeals)) == ("collected", 8)
    gathering.undo(told[0], by=by)
    assert gathering.verdicts(item) == (of_item,)  # what was known then
    held(desk)


@pytest.mark.parametrize("edited", ['"passed":false', '"people":99'])
def test_an_edited_verdict_is_found(desk: Desk, edited: str) -> None:
    tell(desk, *BOTH * 3)
    name = edited.partition(":")[0]

    def edit(work: object) -> None:
        connection = work.connection  # type: ignore[attr-defined]
        (text,) = connection.execute(
            sa.select(GATHERED.c.evidence).where(GATHERED.c.outcome == "repeat")
        ).scalars()
        start = text.index(name)
        end = min(text.find(mark, start) for mark in ",}" if mark in text[start:])
        made = text[:start] + edited + text[end:]
        connection.execute(
            sa.update(GATHERED)
            .where(GATHERED.c.outcome == "repeat")
            .values(evidence=made)
        )

    door_of(desk.flow).perform(edit)
    findings = door_of(desk.flow).ask(lambda work: verify(work.connection)).findings
    assert {(each.flaw, each.law) for each in findings} >= {
        (Flaw.FACTS_MISMATCH, "gathering 4")
    }
