from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context

import pytest

from huimin_flow.clock import RehearsalClock, SystemClock, at_hour, local_day

NOON = datetime(2023, 12, 15, 4, tzinfo=UTC)


def test_a_rehearsal_clock_stands_where_it_was_set() -> None:
    clock = RehearsalClock(NOON)
    clock.advance(timedelta(hours=1))
    assert clock.now() == NOON + timedelta(hours=1)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        RehearsalClock(datetime(2023, 12, 15))  # noqa: DTZ001 - that is the point


def test_the_same_seed_gives_the_same_tokens() -> None:
    first, second = RehearsalClock(NOON, seed=3), RehearsalClock(NOON, seed=3)
    assert first.token(16) == second.token(16) != first.token(16)


SHARED = RehearsalClock(NOON, seed=4)


def drawn() -> bytes:
    return SHARED.token(16)


def test_a_forked_child_never_draws_what_its_parent_draws() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as child:
        first, second = child.submit(drawn).result(), child.submit(drawn).result()
    assert len({first, second, SHARED.token(16)}) == 3


def test_the_machines_clock_is_aware_and_its_tokens_differ() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.token(16) != clock.token(16)


def test_an_hour_in_shanghai_is_eight_hours_before_utc() -> None:
    assert at_hour(date(2023, 12, 15), 18) == datetime(2023, 12, 15, 10, tzinfo=UTC)
    assert local_day(datetime(2023, 12, 14, 16, tzinfo=UTC)) == date(2023, 12, 15)
