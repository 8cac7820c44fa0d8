"""What is counted and paged in groups is what a look at each appeal finds."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import AnswerState, AnswerStep
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.answering.histories import answerings, histories, units_of
from huimin_flow.model.sensing.answers import Answering, AnswerRate, AnswerRound
from huimin_flow.rules.sensing import answers as rules
from huimin_flow.store.core.history import moment_text
from huimin_flow.store.core.tables import (
    ANSWERS,
    APPEAL_TEXTS,
    APPEALS,
    ITEMS,
    LINKS,
)
from huimin_flow.store.sensing import answers as store
from huimin_flow.testing import Desk

TODAY = date(2023, 10, 30)
CHANNELS = ("hotline_12333", "online_politics", "proposals")
UNITS = ("500101", "500102", "500103", "OFFICE")
TOWN = "500101001"
_S, _A = AnswerStep, AnswerState
#: The steps of the life of answers, those that are frequent several times.
NEXT = {
    _A.RECEIVED: (_S.ANSWER, _S.ANSWER, _S.EXTEND, _S.TRANSFER),
    _A.ANSWERED: (_S.INFORM, _S.CLOSE, _S.LAPSE, _S.REOPEN, _S.TRANSFER),
    _A.CLOSED: (_S.INFORM, _S.REOPEN, _S.TRANSFER),
}
INTO = {
    _S.ANSWER: _A.ANSWERED, _S.CLOSE: _A.CLOSED, _S.LAPSE: _A.CLOSED,
    _S.TRANSFER: _A.RECEIVED, _S.REOPEN: _A.RECEIVED,
}  # fmt: skip


def fill(connection: sa.Connection, random: Random, items: list[str]) -> None:
    """Keep appeals in all states, some of one moment, with links, some erased."""
    for table in (APPEALS, APPEAL_TEXTS, ANSWERS, LINKS):
        connection.execute(sa.delete(table))
    rows: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
    hours = (0, 15, 16, 23)  # the Shanghai day begins at 16 UTC
    for line in range(1, 91):
        day = date(2023, 9, 1) + timedelta(days=random.randrange(59))
        second = timedelta(
            hours=random.choice(hours), microseconds=random.choice((0, 1))
        )
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) + second
        place: dict[str, Any] = {"batch": 1, "line": line}
        named = {"channel": random.choice(CHANNELS), "key": f"k{random.random()}"}
        texts = dict.fromkeys(("village", "point", "life_stage", "text_commitment"), "")
        rows[APPEALS].append(
            {
                **place, **named, **texts, "who": f"p{line % 7}", "at": moment_text(at),
                "district": random.choice((*UNITS[:3], "不知何处")),
                "town": random.choice(("", "", "", TOWN)),
            }
        )  # fmt: skip
        if random.random() < 0.9:  # the others are erased
            rows[APPEAL_TEXTS].append({**place, "sealed": b""})
        state, batch, n = _A.RECEIVED, 1, 0
        while random.random() < 0.6:
            batch += 1
            at += timedelta(hours=random.choice((0, 8, 40, 200)))
            if random.random() < 0.3:
                item = random.choice((*items, ""))
                rows[LINKS].append({**place, **named, "batch": batch, "item": item})
                continue
            step, n = random.choice(NEXT[state]), n + 1
            state = INTO.get(step, state)
            rows[ANSWERS].append(
                {
                    **place, **named, "batch": batch, "n": n, "step": step.value,
                    "unit": random.choice(UNITS), "at": moment_text(at), "reason": "",
                    "days": 10 if step is _S.EXTEND else None, "item": "",
                    "text_commitment": "", "kind": None,
                }
            )  # fmt: skip
    for table, lines in rows.items():
        connection.execute(sa.insert(table), lines)


def each_of(work: Work) -> tuple[list[store.Received], list[Answering]]:
    query = sa.select(APPEALS.c.channel, APPEALS.c.key)
    pairs = [(channel, key) for channel, key in work.connection.execute(query)]
    received = [*store.received(work.connection, pairs).values()]
    return received, answerings(work, received)


def awaited(
    work: Work, unit: str | None, channel: str | None, *, overdue: bool
) -> list[Answering]:
    units = units_of(work, unit)
    return sorted(
        (
            now
            for each, now in zip(*each_of(work), strict=True)
            if now.state is _A.RECEIVED
            and not each.erased
            and channel in {None, now.channel}
            and (units is None or now.unit in units)
            and (now.overdue or not overdue)
        ),
        key=lambda now: (now.due or date.max, now.at, now.channel, now.key),
    )


def closable(work: Work, unit: str | None) -> list[Answering]:
    units, book = units_of(work, unit), work.rulebook
    least = book.rules.answers.close_days.value
    found = [
        (now.answered, now.at, now.channel, now.key, now)
        for now in each_of(work)[1]
        if now.state is _A.ANSWERED
        and now.answered is not None
        and (units is None or now.unit in units)
        and rules.is_ripe(now.answered, TODAY, least, book.calendar)
    ]
    return [now for *_, now in sorted(found, key=lambda each: each[:4])]


def rated(work: Work, unit: str | None, channel: str | None) -> list[AnswerRate]:
    units, organization = units_of(work, unit), work.rulebook.organization
    groups: dict[tuple[str, str], list[AnswerRound]] = defaultdict(list)
    first, after = (moment_text(at_hour(date(2023, n, 1), 0)) for n in (9, 10))
    received = [
        each
        for each in each_of(work)[0]
        if first <= each.at < after and channel in {None, each.channel}
    ]
    for each, (start, acts) in zip(received, histories(work, received), strict=True):
        for answer in rules.rounds(start, acts):
            owner = organization.heir(answer.unit, TODAY)
            counts = answer.answered is not None or not each.erased
            if counts and (units is None or owner in units):
                groups[owner, each.channel].append(answer)
    due = rules.answers_due(work.activations)
    days = rules.working_days(work.rulebook.calendar)
    return [
        rules.rate(owner, by, Counter(found), due=due, days=days, today=TODAY)
        for (owner, by), found in sorted(groups.items())
    ]


def test_groups_of_appeals_are_what_each_of_them_is(desk: Desk) -> None:
    desk.clock.set(at_hour(TODAY, 12))
    door, flow = door_of(desk.flow), desk.flow
    own, other, merged = items = [desk.collect().number for _ in range(3)]
    with door.own.begin() as connection:
        for number, changes in (
            (other, {"unit": "500103"}),
            (merged, {"unit": "500102", "merged_into": own}),
        ):
            change = sa.update(ITEMS).where(ITEMS.c.number == number)
            connection.execute(change.values(**changes))

    def ask(question: Any, *args: Any, **kwargs: Any) -> Any:
        return tuple(door.ask(lambda work: question(work, *args, **kwargs)))

    @settings(max_examples=3, phases=[Phase.generate])
    @given(st.integers(0, 2**32))
    def compare(seed: int) -> None:
        random = Random(seed)
        with door.own.begin() as connection:
            fill(connection, random, items)
        answers = flow.answers
        for unit in (None, *UNITS, TOWN):
            channel = random.choice((None, *CHANNELS))
            overdue = random.random() < 0.3
            each = ask(awaited, unit, channel, overdue=overdue)
            asked: Any = {"unit": unit, "channel": channel, "overdue": overdue}
            assert answers.count(**asked) == len(each)
            assert answers.list(**asked, limit=1000) == each
            skip = random.randrange(len(each) + 2)
            assert answers.list(**asked, skip=skip, limit=3) == each[skip:][:3]
            named: Any = {"unit": unit, "channel": channel}
            rates = answers.rates(first="2023-09", last="2023-09", **named)
            assert rates == ask(rated, unit, channel)
            each = ask(closable, unit)
            assert answers.count_to_close(unit=unit) == len(each)
            assert answers.to_close(unit=unit) == each
            skip = random.randrange(len(each) + 2)
            assert answers.to_close(unit=unit, skip=skip, limit=2) == each[skip:][:2]

    compare()
