from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import Connection, Engine, event, select, text

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.clock import RehearsalClock, local_day
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.services.admission import Admission
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.events import Reason
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import Rating, RatingRow
from huimin_flow.store import schema
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import facts
from huimin_flow.store.core.tables import RATINGS
from huimin_flow.store.services import ratings as store
from huimin_flow.testing import Desk
from tests import kept
from tests.ratings import BEGUN, any_ratings, rating, some


def admitted(ratings: list[Rating]) -> list[RatingRow]:
    book, clock = _BOOK[0], RehearsalClock(BEGUN.replace(year=2024))
    door = Admission(book, clock.now())
    rows: list[RatingRow] = []
    for one in ratings:
        row = door.admit(one)
        assert isinstance(row, RatingRow), (one, row)
        rows.append(row)
    return rows


_BOOK: list[Rulebook] = []


@pytest.fixture(autouse=True)
def _book(book: Rulebook) -> None:
    _BOOK[:] = [book]


@given(any_ratings())
def test_a_rows_bytes_are_its_canonical_json(ratings: list[Rating]) -> None:
    assert [one.name for one in RATINGS.columns][2:] == list(RatingRow._fields)
    for line, row in enumerate(admitted(ratings), 1):
        stored = {"batch": 7, "line": line, **row._asdict()}
        assert store.row_bytes(7, line, row) == canonical(stored)


@given(any_ratings())
def test_rollups_do_not_depend_on_the_order_of_rows(ratings: list[Rating]) -> None:
    rows = admitted(ratings)
    shuffled = random.Random(1).sample(rows, len(rows))
    assert store.rollups(1, shuffled) == store.rollups(1, rows)


@given(any_ratings())
def test_rollups_count_every_rating_once_on_its_shanghai_day(
    ratings: list[Rating],
) -> None:
    scores, months, coverage = store.rollups(1, admitted(ratings))
    assert Counter({tuple(row[:3]): row[4] for row in scores}) == Counter(
        (local_day(one.at).isoformat(), one.unit, one.level.value) for one in ratings
    )
    assert sum(row[4] for row in months) == len(ratings)
    assert sum(row[4] for row in coverage) == len(ratings)


@pytest.mark.parametrize("field", ["transaction", "person", "who"])
@pytest.mark.parametrize("number", ["13800138000", "110101900101123"])
def test_a_number_as_short_as_one_can_be_is_seen_in_every_code(
    field: str, number: str
) -> None:
    door = Admission(_BOOK[0], RehearsalClock(BEGUN.replace(year=2024)).now())
    changed: dict[str, Any] = {field: number}
    given = replace(rating(1), **changed)

    flaw = door.admit(given)

    assert isinstance(flaw, Reason)
    assert (flaw.code, flaw.values["field"]) == (RatingCode.PERSONAL, field)


def test_the_root_of_a_batch_is_that_of_its_stored_rows(desk: Desk) -> None:
    taken = desk.flow.ratings.add(some(300), by=desk.office)
    stored = door_of(desk.flow).read(
        lambda c: facts.stored_rows(c, "ratings", taken.batch)
    )
    assert len(stored) == 300
    assert facts.root_of(stored) == taken.root


def test_the_month_from_rollups_is_the_month_counted_anew(desk: Desk) -> None:
    ratings = some(700)
    random.Random(3).shuffle(ratings)
    for start in range(0, 700, 100):
        desk.flow.ratings.add(ratings[start : start + 100], by=desk.office)
    for month in ("2023-08", "2023-09", "2023-10"):
        again = door_of(desk.flow).read(partial(store.recount, period=month))
        assert desk.flow.ratings.month_of_units(month) == again
    assert sum(one.total for one in desk.flow.ratings.month_of_units("2023-09")) > 400


def test_a_rating_before_midnight_in_shanghai_is_of_the_old_month(desk: Desk) -> None:
    late = BEGUN.replace(month=9, day=30, hour=15, minute=59)
    desk.flow.ratings.add(
        [rating(1, at=late), rating(2, at=late.replace(hour=16))], by=desk.office
    )
    assert [one.total for one in desk.flow.ratings.month_of_units("2023-09")] == [1]
    assert [one.total for one in desk.flow.ratings.month_of_units("2023-10")] == [1]


def test_a_cut_leaves_out_what_came_later(desk: Desk) -> None:
    desk.flow.ratings.add(some(30), by=desk.office)
    before = desk.flow.ratings.month_of_units("2023-09")
    cut = door_of(desk.flow).read(verify).events
    desk.link_appeals(desk.collect().number)
    desk.flow.ratings.add([rating(100), rating(101)], by=desk.office)
    assert desk.flow.ratings.month_of_units("2023-09", cut=cut) == before
    assert desk.flow.ratings.month_of_units("2023-09") != before
    assert (
        door_of(desk.flow).read(lambda c: store.recount(c, "2023-09", cut=cut))
        == before
    )
    assert desk.flow.ratings.month_of_units("2023-09", cut=0) == ()


def test_a_month_is_found_by_its_totals_however_many_batches_it_has(
    file_desk: Desk,
) -> None:
    def plan(connection: Connection) -> str:
        rows = connection.execute(
            text(f"EXPLAIN QUERY PLAN {store._TOTALS.text}"),
            {"month": "a", "unit": "", "upto": 9},
        )
        return str([row[3] for row in rows])

    said = door_of(file_desk.flow).read(plan)
    assert "PRIMARY KEY (month=? AND unit=? AND level=? AND batch<?)" in said
    assert said.count("PRIMARY KEY (month=? AND unit>?") == 2
    assert "SCAN huimin_rating_month" not in said


def test_bad_ratings_are_found_by_their_own_index(file_desk: Desk) -> None:
    def plan(connection: Connection) -> str:
        rows = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT * FROM huimin_rating WHERE level IN"
                " ('dissatisfied', 'very_dissatisfied') AND at >= 'a'"
            )
        )
        return str([row[3] for row in rows])

    assert "huimin_rating_bad" in door_of(file_desk.flow).read(plan)
    assert {one.value for one in RatingLevel if one.bad} == {
        "dissatisfied", "very_dissatisfied",
    }  # fmt: skip


def test_two_who_bring_the_same_file_at_once_keep_it_once(desk: Desk, url: str) -> None:
    ratings, kept, refusals = some(200), [], []

    def bring() -> None:
        with Flow.open(url, clock=desk.clock) as mine:
            for start in range(0, 200, 50):
                part = ratings[start : start + 50]
                try:
                    kept.append(mine.ratings.add(part, by=desk.office).kept)
                except Exception as refused:  # noqa: BLE001 - none is expected
                    refusals.append(refused)

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refusals == []
    assert sum(kept) == 200
    assert door_of(desk.flow).read(verify).clean


def test_a_batch_that_breaks_off_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = door_of(desk.flow).read(verify)

    def fails(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "root_of", fails)
    with pytest.raises(KeyboardInterrupt):
        desk.flow.ratings.add(some(50), by=desk.office)
    monkeypatch.undo()
    assert door_of(desk.flow).read(verify) == before
    assert desk.flow.ratings.month_of_units("2023-09") == ()
    assert desk.flow.ratings.add(some(50), by=desk.office).kept == 50


def rate(desk: Desk) -> None:
    desk.flow.ratings.add(some(40), by=desk.office)
    assert door_of(desk.flow).read(verify).clean


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def rated(
    request: pytest.FixtureRequest,
    book: Rulebook,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Engine]:
    """A clean database with ratings on each make; what is edited is rolled back."""
    folder = tmp_path_factory.mktemp("rated")
    if request.param == "sqlite":
        world = kept.in_file(folder, book, rate)
    else:
        server: str = request.getfixturevalue("server")
        world = kept.on_server(server, book, rate)
    with world.url(folder) as url:
        engine = engines.open_engine(url)
        yield engine
        with engine.connect() as connection:
            assert verify(connection).clean
        engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE huimin_rating SET level = 'satisfied' WHERE line = 3",
        "UPDATE huimin_rating SET at = '2023-09-04T02:00:00.000001Z' WHERE line = 3",
        "UPDATE huimin_rating SET who = 'c9' WHERE line = 3",
        "DELETE FROM huimin_rating WHERE line = 3",
        "DELETE FROM huimin_rating",
        """INSERT INTO huimin_rating SELECT 99, line, "transaction" || 'x', unit, item, "window", person, who, channel, level, at FROM huimin_rating""",
        "UPDATE huimin_rating_score SET ratings = ratings + 1",
        "UPDATE huimin_rating_score SET unit = unit || 'x'",
        "UPDATE huimin_rating_score SET day = '2020-01-01' WHERE level = 'satisfied' AND day = '2023-09-04'",
        "DELETE FROM huimin_rating_score",
        "INSERT INTO huimin_rating_score VALUES ('2030-01-01', 'x', 'y', 7, 1)",
        "UPDATE huimin_rating_month SET ratings = ratings - 1",
        "UPDATE huimin_rating_month SET month = '2022-01'",
        "UPDATE huimin_rating_month SET total = total + 1",
        "UPDATE huimin_rating_coverage SET people = people + 1",
        "UPDATE huimin_rating_coverage SET month = '2023-01'",
        "DELETE FROM huimin_rating_coverage WHERE channel = 'app'",
    ],
)
def test_an_edited_rating_or_rollup_is_found(rated: Engine, statement: str) -> None:
    with rated.connect() as connection:
        transaction = connection.begin()
        assert connection.execute(text(statement)).rowcount >= 1
        report = verify(connection)
        transaction.rollback()
    assert not report.clean
    assert all(one.place for one in report.findings)


def test_the_schema_is_that_of_the_last_migration(config: Path) -> None:
    versions = config.parent / "huimin_flow" / "store" / "migrations" / "versions"
    assert max(one.name[:4] for one in versions.glob("0*.py")) == schema.CURRENT


def test_numbers_that_rise_are_told_new_by_one_look(file_desk: Desk) -> None:
    file_desk.flow.ratings.add(some(20), by=file_desk.office)
    asked: list[object] = []

    def look(connection: Connection, numbers: tuple[str, ...] = ()) -> list[str]:
        def heard(*given: object) -> None:
            asked.extend(one for one in given if str(one).startswith("SELECT"))

        asked.clear()
        event.listen(connection, "before_cursor_execute", heard)
        try:
            return list(store.known(connection, numbers))
        finally:
            event.remove(connection, "before_cursor_execute", heard)

    stored = door_of(file_desk.flow).read(
        lambda c: sorted(c.execute(select(RATINGS.c.transaction)).scalars())
    )
    later = stored[-1] + "1"
    assert (
        door_of(file_desk.flow).read(partial(look, numbers=(later, later + "惠"))) == []
    )
    assert len(asked) == 1
    for known in (stored[0], stored[7], stored[-1]):
        found = door_of(file_desk.flow).read(partial(look, numbers=(later, known)))
        assert found == [known]
    assert door_of(file_desk.flow).read(look) == []
