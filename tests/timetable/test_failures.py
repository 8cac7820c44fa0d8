"""One job that fails stops no other; it is told, kept and tried again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Area, Missed, State
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import OpeningList
from huimin_flow.model.rulebook import Rulebook, Slot, rulebook_from_text, rulebook_text
from huimin_flow.model.scoring.published import ProgressCall
from huimin_flow.settings import load_opening_list
from huimin_flow.store.core import repository
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable import effects
from huimin_flow.timetable.ledger import (
    failures,
    heartbeat,
    pending,
    run_due,
    runs,
    tick,
)
from huimin_flow.timetable.metronome import beat
from tests.conftest import CONFIG

MARCH = at_hour(date(2024, 3, 20), 19)


def lines(desk: Desk) -> list[dict[str, Any]]:
    log = io.StringIO()
    beat(desk.flow, log)
    return [json.loads(line) for line in log.getvalue().splitlines()]


def done(flow: Flow) -> list[tuple[str, str]]:
    ordered = sorted(runs(flow), key=lambda one: (one.ran, one.due))
    return [(one.job, one.period) for one in ordered]


def altered(book: Rulebook, slots: tuple[Slot, ...]) -> Rulebook:
    return rulebook_from_text(rulebook_text(replace(book, timetable=slots)))


def founded(url: str, book: Rulebook) -> tuple[Flow, RehearsalClock]:
    clock = RehearsalClock(datetime(2023, 10, 9, 2, tzinfo=UTC), seed=7)
    return Flow.found(url, book, rehearsal=True, clock=clock), clock


def opening(desk: Desk, year: int) -> tuple[OpeningList, dict[int, str]]:
    shipped = load_opening_list(CONFIG, 2023, desk.flow.rulebook.active())
    known = replace(shipped, year=year, dated=date(2023, 9, 1), tasks=shipped.tasks[:1])
    return known, {known.tasks[0].task: desk.bring(State.STARRED).number}


#: Whether the freeze has its bug.
BUGS: set[str] = set()


@pytest.fixture
def broken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """December's freeze has a bug; the clock stands in March."""
    honest = effects.EFFECTS["listing"]

    def breaks(*given: Any) -> Any:
        if BUGS:
            raise ZeroDivisionError("secret 13800138000")
        return honest(*given)

    monkeypatch.setitem(effects.EFFECTS, "listing", breaks)
    desk.clock.set(MARCH)
    BUGS.add("freeze")
    yield desk
    BUGS.clear()


def test_a_job_that_fails_stops_no_other_and_the_service_beats_on(
    broken: Desk,
) -> None:
    run_due(broken.flow, MARCH)
    jobs = done(broken.flow)
    assert ("monthly_score", "2024-02") in jobs
    assert ("quarterly_ranking", "2023Q4") in jobs
    assert ("listing", "2024") not in jobs
    assert heartbeat(broken.flow) is not None


def test_a_failure_is_a_log_line_with_job_period_class_and_traceback(
    broken: Desk,
) -> None:
    (failed,) = [one for one in lines(broken) if one["event"] == "failed"]
    assert (failed["job"], failed["period"]) == ("listing", "2024")
    assert failed["error"] == "ZeroDivisionError"
    assert "in breaks" in failed["traceback"]
    assert lines(broken)[-1]["event"] == "ticked"


def test_a_failure_is_kept_until_it_is_done_and_tells_no_screen_its_text(
    broken: Desk,
) -> None:
    run_due(broken.flow, MARCH)
    run_due(broken.flow, MARCH)
    (kept,) = failures(broken.flow)
    assert (kept.job, kept.period, kept.attempts) == ("listing", "2024", 2)
    assert kept.error == "ZeroDivisionError"
    assert "13800138000" not in kept.reason
    assert [one.job for one in pending(broken.flow, MARCH)] == ["listing"]
    BUGS.clear()
    assert [one.job for one in tick(broken.flow, MARCH)] == ["listing"]
    assert failures(broken.flow) == []
    assert door_of(broken.flow).read(verify).findings == ()


def test_what_reads_a_failed_months_scores_waits_and_nothing_else_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = effects.EFFECTS["monthly_score"]

    def breaks(work: Any, due: Any, *more: Any) -> Any:
        if due.period == "2023-11":
            raise InputRefused(Code.FACT_MISSING, fact="十一月")
        return honest(work, due, *more)

    monkeypatch.setitem(effects.EFFECTS, "monthly_score", breaks)
    desk.clock.set(MARCH)
    taken = run_due(desk.flow, MARCH)
    assert [str(one.error) for one in taken.failed] == ["缺少“十一月”"]
    held = {(one.job, one.period) for one in taken.held}
    assert ("quarterly_ranking", "2023Q4") in held
    assert {p for job, p in held if job == "five_colors"} == {
        "2023-11", "2023-12", "2024-01", "2024-02",
    }  # fmt: skip
    assert ("monthly_score", "2024-02") in done(desk.flow)
    monkeypatch.undo()
    tick(desk.flow, MARCH)
    assert pending(desk.flow, MARCH) == []


def test_a_failure_that_no_turn_foresees_is_logged_and_never_raised(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("no turn at all")

    monkeypatch.setattr("huimin_flow.timetable.metronome.run_due", breaks)
    (line,) = lines(desk)
    assert (line["event"], line["error"]) == ("failed", "RuntimeError")
    assert "no turn at all" in line["traceback"]


def test_months_come_before_colors_and_quarters_however_the_slots_stand(
    file_url: str, book: Rulebook
) -> None:
    early = tuple(
        replace(one, hour=9) if one.job in {"five_colors", "quarterly_ranking"} else one
        for one in reversed(book.timetable)
    )
    flow, clock = founded(file_url, altered(book, early))
    with flow:
        clock.set(at_hour(date(2024, 1, 8), 9))
        taken = run_due(flow, clock.now())
        assert ("quarterly_ranking", "2023Q4") in {
            (one.job, one.period) for one in taken.held
        }
        clock.set(at_hour(date(2024, 1, 8), 18))
        order = [(one.job, one.period) for one in tick(flow, clock.now())]
        assert order.index(("monthly_score", "2023-12")) < order.index(
            ("five_colors", "2023-12")
        )
        assert ("quarterly_ranking", "2023Q4") in order
        assert flow.scores.ranking("2023Q4").months == (
            "2023-10", "2023-11", "2023-12",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("missed", "kept"), [(Missed.EACH, {"2024", "2025"}), (Missed.ONCE, {"2025"})]
)
def test_once_makes_up_for_the_newest_period_and_each_for_all(
    missed: Missed, kept: set[str], file_url: str, book: Rulebook
) -> None:
    slots = tuple(
        replace(one, missed=missed) if one.job == "listing" else one
        for one in book.timetable
    )
    flow, clock = founded(file_url, altered(book, slots))
    with flow:
        clock.set(at_hour(date(2024, 12, 20), 9))
        tick(flow, clock.now())
        entered = {one.period: one for one in runs(flow) if one.job == "listing"}
        assert set(entered) == {"2024", "2025"}
        assert {y for y, one in entered.items() if "skipped" not in one.result} == kept


def test_a_month_still_unreported_is_chased_late_by_who_owes_it_then(
    desk: Desk,
) -> None:
    slow, quick = (desk.bring(State.ASSIGNED) for _ in range(2))
    desk.clock.set(at_hour(date(2023, 10, 30), 9))
    desk.clock.set(at_hour(date(2023, 11, 5), 9))  # the chase was due on the third
    desk.clock.set(at_hour(date(2023, 11, 9), 9))
    from huimin_flow.model.executing.plans import Progress

    told = Progress(
        item=quick.number, task="T1", indicator="候工区", month="2023-10", value=3
    )
    desk.flow.tasks.report([told], by=desk.operator_of(quick.number))
    tick(desk.flow, desk.clock.now())
    key = "progress_chase/2023-10"
    call = door_of(desk.flow).read(
        lambda c: repository.find_record(c, ProgressCall, key)
    )
    assert call is not None
    assert [one.item for one in call.owing] == [slow.number]
    assert call.known > next(
        one.cut for one in runs(desk.flow) if one.period == "2023-10"
    )
    called = door_of(desk.flow).read(
        lambda c: repository.find_record(c, ProgressCall, "progress_call/2023-10")
    )
    assert called is None


def test_late_hours_are_the_slots_own_figure(file_url: str, book: Rulebook) -> None:
    patient = tuple(
        replace(one, late_hours=replace(one.late_hours, value=24 * 10))
        if one.job == "listing_reminder" and one.late_hours is not None
        else one
        for one in book.timetable
    )
    flow, clock = founded(file_url, altered(book, patient))
    with flow:
        clock.set(at_hour(date(2023, 12, 14), 9))
        tick(flow, clock.now())
        (reminder,) = [one for one in runs(flow) if one.job == "listing_reminder"]
        assert "waiting" in reminder.result


def test_an_opening_list_is_refused_where_the_timetable_makes_that_years_list(
    desk: Desk,
) -> None:
    known, numbers = opening(desk, 2024)
    with pytest.raises(InputRefused, match="按期产生"):
        desk.flow.lists.enter_opening(
            known, numbers, by=desk.office, second=desk.second
        )
    desk.clock.set(at_hour(date(2023, 12, 15), 18))
    tick(desk.flow, desk.clock.now())
    with pytest.raises(InputRefused, match="按期产生"):
        desk.flow.lists.enter_opening(
            known, numbers, by=desk.office, second=desk.second
        )
    desk.consolidate(2024)
    with pytest.raises(InputRefused, match="已有1项"):
        desk.flow.lists.enter_opening(
            known, numbers, by=desk.office, second=desk.second
        )


def test_a_freeze_keeps_what_stands_under_its_key_already(desk: Desk) -> None:
    desk.frozen(2024)
    own = f"list/2024/{UNIT}"
    first = desk.bring(State.STARRED).number
    desk.flow.lists.supplement(first, own, "特急", by=desk.office, second=desk.second)
    chosen = desk.bring(State.STARRED).number
    desk.clock.set(at_hour(date(2023, 12, 15), 18))
    (run,) = [one for one in tick(desk.flow, desk.clock.now()) if one.job == "listing"]
    result = json.loads(run.result)
    assert result["existed"] == result["units"] + len(Area)
    kept = desk.flow.lists.get(own)
    assert [(one.item, one.rank) for one in kept.places] == [(first, 1), (chosen, 2)]
    assert kept.version == 3
