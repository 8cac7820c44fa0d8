"""Merges that cross: of two items, one goes into the other, never both."""

from __future__ import annotations

import threading

from sqlalchemy import text

from huimin_flow.catalogue.terms import State
from huimin_flow.errors import HuiminError
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.sensing import tallies
from huimin_flow.testing import Desk


def test_of_two_merges_that_cross_one_is_refused(desk: Desk) -> None:
    for _ in range(8):
        pair = (desk.collect("甲").number, desk.collect("乙").number)
        begin = threading.Barrier(2)
        refused: list[HuiminError] = []

        def merge(
            number: str,
            into: str,
            begin: threading.Barrier = begin,
            refused: list[HuiminError] = refused,
        ) -> None:
            begin.wait()
            try:
                desk.flow.items.merge(number, into, by=desk.office)
            except HuiminError as error:
                refused.append(error)

        threads = [
            threading.Thread(target=merge, args=(pair[k], pair[1 - k])) for k in (0, 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        states = sorted(desk.flow.items.get(one).state for one in pair)
        assert states == [State.COLLECTED, State.MERGED]
        assert len(refused) == 1


def test_a_circle_of_merged_items_holds_no_reader(desk: Desk) -> None:
    units = desk.flow.rulebook.active().organization
    first, second = desk.collect("甲").number, desk.collect("乙").number
    desk.link_appeals(first, 3)
    desk.flow.items.merge(second, first, by=desk.office)
    circle = text("UPDATE huimin_item SET merged_into = :a WHERE number = :b")
    door_of(desk.flow).perform(
        lambda work: work.connection.execute(circle, {"a": second, "b": first}) and None
    )
    assert (
        door_of(desk.flow).read(lambda c: tallies.tally(c, first, units)).appeals == 3
    )
