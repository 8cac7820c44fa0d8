"""Moments as text: as Python writes them in UTC, by whichever way is quicker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import example, given
from hypothesis import strategies as st

from huimin_flow.store.core.history import moment_of, moment_text

OFFSETS = st.timedeltas(
    min_value=timedelta(hours=-23, minutes=-59), max_value=timedelta(hours=23)
)
MOMENTS = st.builds(
    datetime.replace,
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31))  # noqa: DTZ001 - the zone is drawn beside
    | st.datetimes(
        min_value=datetime(1969, 12, 31),  # noqa: DTZ001
        max_value=datetime(1970, 1, 2),  # noqa: DTZ001
    ).map(lambda one: one.replace(microsecond=0)),
    tzinfo=OFFSETS.map(timezone),
)
HALF = timezone(timedelta(seconds=1, microseconds=500_000))


@given(MOMENTS)
@example(datetime(2023, 10, 9, 10, tzinfo=HALF))
@example(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC))
def test_a_moment_is_written_in_utc_to_its_last_place(moment: datetime) -> None:
    plain = moment.astimezone(UTC).replace(tzinfo=None)
    assert moment_text(moment) == f"{plain.isoformat(timespec='microseconds')}Z"
    assert moment_of(moment_text(moment)) == moment
