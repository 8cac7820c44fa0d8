"""Numbers count within their year, whatever year that is."""

from __future__ import annotations

from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, Origin
from huimin_flow.flow.door import door_of
from huimin_flow.flow.sensing import Demand
from huimin_flow.testing import UNIT, Desk


@pytest.mark.parametrize("day", [date(1, 1, 1), date(999, 5, 5)])
def test_a_day_of_a_year_of_fewer_digits_leaves_an_audit_clean(
    file_desk: Desk, day: date
) -> None:
    demand = Demand(
        title="候工区", origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit=UNIT
    )
    item = file_desk.flow.collect(demand, by=file_desk.office, occurred_on=day)
    assert item.number == f"{day.year:04d}-000001"
    assert door_of(file_desk.flow).read(verify).findings == ()
