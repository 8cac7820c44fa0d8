"""An auditor draws spot checks again; a draw that was bent is found, whoever did it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from huimin_flow.catalogue.terms import (
    AuditPart,
    CheckWay,
    Flaw,
    RatingLevel,
    Risk,
    Severity,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.improving.spot_checks import drawing
from huimin_flow.model.core.canonical import canonical
from huimin_flow.rules.improving import spot_checks as rule
from huimin_flow.rules.improving.spot_checks import digest_of
from huimin_flow.store.core.tables import EVENTS, RECORDS
from huimin_flow.store.pasts import spot_checks as stored
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.audit.test_insider import by_hand, findings, reseal
from tests.ratings import rating

pytestmark = pytest.mark.usefixtures("schema_stays")

#: What the engine does without a lie.
DRAW, POPULATION, SIZES = rule.draw, rule.population, rule.sizes


@contextmanager
def bent(owner: Any, **names: object) -> Iterator[None]:
    """Let some functions lie, for as long as an act lasts."""
    with pytest.MonkeyPatch.context() as inside:
        for name, lie in names.items():
            inside.setattr(owner, name, lie)
        yield


def filled(desk: Desk) -> None:
    """Four windows with many bad ratings, and a running task."""
    windows = [(UNIT, "W01"), (UNIT, "W02"), ("500102", "W01"), ("500103", "W01")]
    rated = [
        rating(4 * n + m, RatingLevel.DISSATISFIED, window=window, unit=unit)
        for n in range(4)
        for m, (unit, window) in enumerate(windows)
    ]
    assert not desk.flow.ratings.add(rated, by=desk.office).refused
    desk.bring(State.ASSIGNED)


class Made:
    """A spot check step by step, each perhaps with a lie."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.checks = desk, desk.flow.spot_checks
        self.group = desk.actor("supervision-1")
        self.key = self.checks.plan(name, by=desk.office).key
        self.secrets = digest_of(f"a{name}"), digest_of(f"b{name}")

    def committed(self) -> Made:
        for secret, by in zip(
            self.secrets, (self.desk.office, self.group), strict=True
        ):
            self.checks.commit(self.key, digest_of(secret), by=by)
        return self

    def cut(self) -> Made:
        self.checks.cut(self.key, by=self.group)
        return self

    def revealed(self) -> Made:
        for secret, by in zip(
            self.secrets, (self.desk.office, self.group), strict=True
        ):
            self.checks.reveal(self.key, secret, by=by)
        return self

    def drawn(self) -> Made:
        self.checks.draw(self.key, by=self.desk.office)
        return self

    def done(self, severity: Severity) -> Made:
        for line in self.checks.show(self.key, by=self.group).check.drawn:
            way = CheckWay.UNANNOUNCED
            self.checks.find(self.key, line.id, way, severity, "无人", by=self.group)
        self.checks.finish(self.key, by=self.group)
        return self


def test_a_draw_that_was_bent_is_found_by_its_law(desk: Desk) -> None:
    filled(desk)
    expected: set[tuple[str, str]] = set()

    def named(made: Made, law: int) -> None:
        expected.add((made.key, f"spot_checks {law}"))

    Made(desk, "honest").committed().cut().revealed().drawn()
    # The engine draws another one than the secrets say.
    lying = Made(desk, "draw").committed().cut().revealed()
    with bent(rule, draw=lambda seed, *more: DRAW(digest_of(seed), *more)):
        lying.drawn()
    named(lying, 3)
    # A window is left out before the population is cut, or fewer are drawn.
    lying = Made(desk, "population").committed()
    with bent(rule, population=lambda *known: POPULATION(*known)[:-1]):
        lying.cut()
    named(lying, 2)
    lying = Made(desk, "sizes").committed()
    with bent(rule, sizes=lambda *known: SIZES(*known) | {Risk.MEDIUM: 1}):
        lying.cut()
    named(lying, 2)
    # A secret is another one than that of the commitment, or one that is known.
    lying = Made(desk, "secret").committed().cut()
    honest = lying.secrets
    lying.secrets = digest_of("chosen afterwards"), honest[1]
    known = dict(zip(lying.secrets, map(digest_of, honest), strict=True))
    with bent(rule, digest_of=known.__getitem__):
        lying.revealed()
    named(lying, 1)
    lying = Made(desk, "again")
    lying.secrets = honest
    with bent(drawing, repository=SimpleNamespace(records=lambda *_: ())):
        lying.committed()
    named(lying, 1)
    # A draw is void before its time; a secret comes after it.
    lying = Made(desk, "void").committed().cut()
    with bent(drawing, reveal_by=lambda *_: date(2023, 1, 1)):
        lying.checks.void(lying.key, by=desk.office)
    named(lying, 4)
    lying = Made(desk, "late").committed().cut()
    desk.clock.set(at_hour(date(2023, 10, 30), 9))
    with bent(drawing, reveal_by=lambda *_: None):
        lying.revealed()
    named(lying, 4)
    found = findings(desk)
    assert {(each.place, each.law) for each in found} == expected
    assert {each.part for each in found} == {AuditPart.DECISIONS}


def test_a_finding_that_was_changed_is_found(desk: Desk) -> None:
    filled(desk)
    made = Made(desk, "checked").committed().cut().revealed().drawn()
    key = made.done(Severity.GRAVE).key
    table = RECORDS.c.key == key
    mine = EVENTS.c.stream == key

    def kept(connection: Any) -> tuple[Any, list[Any]]:
        body = connection.execute(select(RECORDS.c.body).where(table)).scalar_one()
        events = connection.execute(select(EVENTS).where(mine)).mappings().all()
        return body, [dict(each) for each in events]

    def restored(connection: Any, *, body: str, events: list[Any]) -> None:
        connection.execute(update(RECORDS).where(table).values(body=body))
        for event in events:
            at = mine & (EVENTS.c.n == event["n"])
            connection.execute(update(EVENTS).where(at).values(event))

    def milder(value: Any) -> None:
        assert value["findings"]
        for each in value["findings"]:
            each["severity"] = Severity.MINOR.value

    def row(connection: Any) -> None:
        value = json.loads(kept(connection)[0])
        milder(value)
        body = canonical(value).decode()
        connection.execute(update(RECORDS).where(table).values(body=body))

    def unsealed(connection: Any) -> None:
        n = max(e.event.n for e in desk.flow.records.events(key))
        at = mine & (EVENTS.c.n == n)
        header = connection.execute(select(EVENTS.c.header).where(at)).scalar_one()
        plain = json.loads(header)
        milder(plain["public"]["value"])
        connection.execute(update(EVENTS).where(at).values(header=canonical(plain)))

    def sealed(connection: Any) -> None:
        n = max(e.event.n for e in desk.flow.records.events(key))
        reseal(connection, key, n, lambda plain: milder(plain["public"]["value"]))
        row(connection)

    for plant in (row, unsealed, sealed):
        body, events = door_of(desk.flow).read(kept)
        by_hand(desk, plant)
        assert any(key in each.place for each in findings(desk)), plant.__name__
        by_hand(desk, partial(restored, body=body, events=events))
        assert findings(desk) == ()


def test_a_spot_check_whose_history_nobody_can_read_is_named(desk: Desk) -> None:
    filled(desk)
    key = Made(desk, "torn").committed().cut().revealed().drawn().key
    mine = EVENTS.c.stream == key

    def torn(connection: Any) -> None:
        header = connection.execute(select(EVENTS.c.header).where(mine)).scalars().all()
        last = mine & (EVENTS.c.n == len(header))
        connection.execute(update(EVENTS).where(last).values(header=header[-1][:-1]))

    by_hand(desk, torn)
    named = {(each.flaw, each.place.split()[0]) for each in findings(desk)}
    assert (Flaw.HEADER_UNREADABLE, key) in named


def test_points_that_a_finding_did_not_take_off_are_found(desk: Desk) -> None:
    filled(desk)
    month = [rating(100 + n, unit=UNIT, at=at_hour(desk.today(), 9)) for n in range(80)]
    assert not desk.flow.ratings.add(month, by=desk.office).refused
    made = Made(desk, "checked").committed().cut().revealed().drawn()
    made.done(Severity.GRAVE)
    desk.clock.set(at_hour(date(2023, 11, 20), 9))
    with bent(stored, points_off=lambda *_: 0):
        tick(desk.flow, desk.clock.now())
    found = {(each.flaw, each.place) for each in findings(desk)}
    assert (Flaw.DECISION_MISMATCH, "score/2023-10") in found
