"""Real clocks go on while a job works: what it says of its time still holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core.history import moment_of, moment_text
from huimin_flow.timetable.ledger import runs, tick


class Going(RehearsalClock):
    """A clock that goes on by 0.3 s whenever it is looked at."""

    def now(self) -> datetime:
        self.moment += timedelta(seconds=0.3)
        return self.moment


@pytest.mark.parametrize("pause", [timedelta(0), timedelta(days=30)])
def test_an_audit_takes_runs_that_began_a_moment_before_they_were_entered(
    url: str, book: Rulebook, pause: timedelta
) -> None:
    clock = Going(at_hour(date(2023, 10, 9), 10), seed=7)
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        clock.set(at_hour(date(2023, 12, 15), 18) + pause)
        tick(flow, clock.now())
        assert runs(flow)
        assert door_of(flow).read(verify).findings == ()
        for one in runs(flow):
            late = moment_of(one.ran) - moment_of(one.due)
            assert one.late_seconds == int(late.total_seconds())
            assert one.ran <= moment_text(clock.moment)
