"""Complaints of divisions are those of their items, as known at the cut (D5)."""

from __future__ import annotations

from datetime import date

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, LateKind
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.scoring.complaints import Linked, answering
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.scoring.test_scores import ratings


def test_a_complaint_counts_for_the_place_and_for_who_answers_for_the_item(
    desk: Desk,
) -> None:
    desk.clock.set(at_hour(date(2023, 10, 27), 10))
    rated = ("500101", "AG-SBJ", "DIV-JYC", "DIV-RCB")
    many = [one for unit in rated for one in ratings(10, unit, 40, 1)]
    desk.flow.ratings.add(many, by=desk.office)
    item = desk.collect()
    linked = desk.link_appeals(item.number, 30)
    desk.clock.set(at_hour(date(2023, 11, 9), 19))
    tick(desk.flow, desk.clock.now())
    month = desk.flow.scores.month("2023-10")
    counts = {
        score.unit: (reading.numerator, reading.denominator)
        for group in month.groups.values()
        for score in group
        for key, reading in score.readings.items()
        if key == "complaint_rate" and reading.numerator
    }
    book = desk.flow.rulebook.active()
    lead, chosen = (
        book.organization.areas[item.area].lead_unit,
        book.scoring.index.complaints,
    )
    assert chosen is not None
    complaints = [one for one in linked if one.channel in chosen.channels]
    assert complaints
    assert counts[lead] == (len(complaints), 40)
    assert counts.keys() <= {lead, *(one.district for one in complaints)}
    # A link that comes later is a late fact, and changes nothing.
    desk.flow.appeals.link(
        desk.collect().number,
        [(complaints[0].channel, complaints[0].key)],
        by=desk.office,
    )
    assert desk.flow.scores.month("2023-10") == month
    late = [one.kind for one in desk.flow.scores.late_facts("2023-10")]
    assert LateKind.COMPLAINTS in late
    assert door_of(desk.flow).read(verify).findings == ()


def test_an_items_own_division_comes_before_the_lead_of_its_area(
    book: Rulebook,
) -> None:
    linked = Linked(
        item="2023-000001", unit="DIV-RCB", area=Area.EMPLOYMENT,
        channel="hotline_12333", batch=1, count=1,
    )  # fmt: skip
    assert answering(linked, book.organization, lambda unit: unit) == "DIV-RCB"
