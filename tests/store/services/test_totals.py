"""Totals of a month: equal to a recount at every cut."""

from __future__ import annotations

import random
from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core.facts import Known
from huimin_flow.store.services import ratings as store
from huimin_flow.testing import Desk
from tests.ratings import some

MONTHS = ("2023-08", "2023-09", "2023-10")
TABLE = (
    "CREATE TABLE huimin_rating_month (month TEXT, unit TEXT, level TEXT, batch INT,"
    " ratings INT, total INT, PRIMARY KEY (month, unit, level, batch)) WITHOUT ROWID"
)
KEYS = st.tuples(
    st.sampled_from(MONTHS),
    st.sampled_from(["", "a", "b", "b1", "单位"]),
    st.sampled_from([one.value for one in RatingLevel]),
)
BATCHES = st.lists(st.dictionaries(KEYS, st.integers(1, 9), max_size=9), max_size=8)


def held(desk: Desk) -> None:
    """Hold every month against a recount, at every cut and without one."""
    head = door_of(desk.flow).read(verify).events
    for month in MONTHS:
        for cut in (*range(head + 1), None):
            again = door_of(desk.flow).read(
                partial(store.recount, period=month, cut=cut)
            )
            assert desk.flow.ratings.month_of_units(month, cut=cut) == again


def brought(desk: Desk) -> None:
    """Bring ratings of three months in batches of all of them, out of order."""
    ratings = some(300)
    random.Random(5).shuffle(ratings)
    for start in range(0, 300, 60):
        desk.flow.ratings.add(ratings[start : start + 60], by=desk.office)
        desk.collect()


def test_a_month_is_equal_to_a_recount_at_every_cut(desk: Desk) -> None:
    brought(desk)
    held(desk)
    assert desk.flow.ratings.month_of_units("2023-09")


@given(BATCHES)
def test_totals_are_the_sums_of_the_batches_up_to_each(
    batches: list[dict[tuple[str, str, str], int]],
) -> None:
    host = create_engine("sqlite://")
    with host.begin() as connection:
        connection.exec_driver_sql(TABLE)
        for number, sums in enumerate(batches, 1):
            rows = sorted((*key, number, count) for key, count in sums.items())
            for row in store.added_up(connection, rows):
                connection.exec_driver_sql(
                    "INSERT INTO huimin_rating_month VALUES (?, ?, ?, ?, ?, ?)", row
                )
        for upto in range(len(batches) + 1):
            for month in MONTHS:
                expected: dict[tuple[str, str], int] = {}
                for sums in batches[:upto]:
                    for (when, *key), count in sums.items():
                        if when == month:
                            of = (key[0], key[1])
                            expected[of] = expected.get(of, 0) + count
                found = store.totals(connection, month, known=Known(last=upto))
                assert found == expected
    host.dispose()


def test_one_total_that_was_edited_is_found(desk: Desk, url: str) -> None:
    brought(desk)
    assert door_of(desk.flow).read(verify).clean
    host = engines.open_engine(url)
    with host.begin() as connection:
        last = "(SELECT MAX(batch) FROM huimin_rating_month)"
        done = connection.execute(
            text(
                f"UPDATE huimin_rating_month SET total = total - 1 WHERE batch = {last}"
            )
        )
        assert done.rowcount >= 1
    host.dispose()
    places = [one.place for one in door_of(desk.flow).read(verify).findings]
    assert len(places) == 1
    assert places[0].startswith("huimin_rating_month batch")
