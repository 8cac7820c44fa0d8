"""The candidates of a cut: read from rows, they equal those of the histories."""

from __future__ import annotations

from operator import attrgetter

from sqlalchemy import Connection

from huimin_flow.catalogue.terms import Area, State
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.deciding.lists import Candidate
from huimin_flow.rules.deciding.lists import candidates
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import positions
from huimin_flow.store.deciding import lists
from huimin_flow.testing import Desk
from tests.flow.core.test_one_moment import written_to
from tests.statements import recorded

BY_NUMBER = attrgetter("number")


def moved(desk: Desk) -> list[str]:
    """Star five items; then amend one, defer one, return one and enlist one."""
    numbers = [desk.bring(State.STARRED, f"事项{n}").number for n in range(5)]
    amended, deferred, returned, listed, _ = numbers
    desk.flow.items.amend(amended, {"area": Area.TALENT.value}, by=desk.office)
    desk.flow.items.defer(deferred, "not_this_period", by=desk.office)
    desk.flow.items.return_(returned, "facts_incomplete", by=desk.office)
    desk.enlist(listed)
    return numbers


def read(connection: Connection, cut: int) -> list[Candidate]:
    return sorted(lists.candidates_at(connection, cut), key=BY_NUMBER)


def test_at_every_cut_rows_and_histories_give_the_same_candidates(desk: Desk) -> None:
    numbers = moved(desk)

    def compare(connection: Connection) -> set[int]:
        counts = set()
        for cut in range(positions.last_position(connection) + 1):
            starred = candidates(lists.starred_items(connection, cut))
            assert read(connection, cut) == sorted(starred, key=BY_NUMBER), cut
            counts.add(len(starred))
        return counts

    assert door_of(desk.flow).read(compare) == set(range(len(numbers) + 1))


def test_an_item_that_moved_is_read_as_it_was_at_the_cut(desk: Desk) -> None:
    number = desk.bring(State.STARRED).number
    cut = door_of(desk.flow).read(positions.last_position)
    (before,) = door_of(desk.flow).read(lambda c: read(c, cut))
    desk.flow.items.amend(number, {"area": Area.TALENT.value}, by=desk.office)
    assert door_of(desk.flow).read(lambda c: read(c, cut)) == [before]
    (after,) = door_of(desk.flow).read(lambda c: read(c, cut + 1))
    assert (before.area, after.area) == (Area.EMPLOYMENT, Area.TALENT)


def test_an_event_without_a_position_is_after_every_cut(desk: Desk, url: str) -> None:
    number = desk.bring(State.STARRED).number
    cut = door_of(desk.flow).read(positions.last_position)
    host = engines.open_engine(url)
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        bound.items.amend(number, {"area": Area.TALENT.value}, by=desk.office)
        (seen,) = lists.candidates_at(connection, cut)
        connection.rollback()
    host.dispose()
    assert seen.area is Area.EMPLOYMENT


def counts(desk: Desk) -> tuple[int, int]:
    """Return the statements of a preview, and of a cut after which all moved."""
    cut = door_of(desk.flow).read(positions.last_position)
    with recorded(door_of(desk.flow).own) as previewed:
        desk.flow.lists.preview("2024")
    for item in desk.flow.items.list(State.STARRED):
        desk.flow.items.amend(item.number, {"description": "已核实"}, by=desk.office)
    with recorded(door_of(desk.flow).own) as late:
        door_of(desk.flow).read(lambda c: lists.candidates_at(c, cut))
    return len(previewed), len(late)


def test_twenty_candidates_are_read_by_as_many_statements_as_five(desk: Desk) -> None:
    for n in range(5):
        desk.bring(State.STARRED, f"事项{n}")
    desk.flow.lists.preview("2024")  # the rulebook is read once
    few = counts(desk)
    for n in range(5, 20):
        desk.bring(State.STARRED, f"事项{n}")
    assert counts(desk) == few


def test_a_preview_leaves_the_write_lock_to_others(desk: Desk) -> None:
    number = desk.bring(State.STARRED).number
    with desk.flow.snapshot() as now:
        before = now.lists.preview("2024")
        with written_to(desk.flow):
            assert now.lists.preview("2024") == before
    assert [place.item for place in before.city.places] == [number]
