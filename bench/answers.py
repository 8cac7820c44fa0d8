"""Answers to appeals: many by one act, their rates, those to close, and what is open.

What is open is looked at in a city: lists, counts, to-dos and hot problems. The limits
the answers already: a loop that seals the texts, hashes the rows and inserts both;
and the join of appeals and answers with a count in Python.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench import limits, worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.core.canonical import canonical_of_plain, merkle_root
from huimin_flow.model.sensing.answers import GivenAnswer
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.settings import load_rulebook

CHANNEL = "hotline_12333"
TEXT = "您反映的问题已经办理:零工市场的候工区将于下月建成,感谢您的监督。"
#: Most of the appeals are answered, a few by each act of the bench.
BATCH = 2000
BEGUN = worlds.HEARD + timedelta(hours=1)


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of giving answers, and of both questions about them."""
    many, pieces = size.pick(100_000, 300), size.pick(500, 10)
    path = folder / "answers.db"
    clock = RehearsalClock(BEGUN, seed=1)
    with worlds.journal("MEMORY", "OFF"):
        book = load_rulebook(worlds.CONFIG)
        url = worlds.url_of(path)
        with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
            by = flow.people.actor(worlds.BY)
            for first in range(0, many, BATCH):
                said = range(first, min(first + BATCH, many))
                flow.appeals.add_all([appeal(k) for k in said], by=by)
            blocks = size.blocks + 1
            for first in range(blocks * pieces, many * 3 // 4, BATCH):
                last = min(first + BATCH, many * 3 // 4)
                flow.answers.give_all(given(range(first, last)), by=by)
    with worlds.journal("MEMORY", "OFF"):
        lines = by_one_act(size, path, pieces, folder)
    # In ten working days, what was answered may be closed.
    clock.advance(timedelta(days=20))
    return [*lines, *asked(size, path, clock), *seen(size, folder)]


def appeal(k: int) -> Appeal:
    """Return an appeal that the bench's actor answers, one of its month."""
    at = worlds.HEARD - timedelta(minutes=k % 10_000)
    return Appeal(
        key=f"V{k}", channel=CHANNEL, who=f"p{k}", district="500101", at=at,
        text=f"希望解决候工难 {k}",
    )  # fmt: skip


def given(numbers: range) -> list[GivenAnswer]:
    """Return an answer to each of some appeals."""
    return [GivenAnswer(channel=CHANNEL, key=f"V{k}", text=TEXT) for k in numbers]


def by_one_act(size: Size, path: Path, pieces: int, folder: Path) -> list[Line]:
    """Return the line of a batch of answers, each sealed under its person's key."""
    bare = sqlite3.connect(worlds.copied(path, folder / "bare.db"))
    pattern = bare.execute("SELECT * FROM huimin_answer LIMIT 1")
    names = [column[0] for column in pattern.description]
    row: dict[str, Any] = dict(zip(names, pattern.fetchone(), strict=True))
    marks = ", ".join(f":{name}" for name in names)
    clock = RehearsalClock(BEGUN + timedelta(hours=1), seed=2)
    with Flow.open(worlds.url_of(path), clock=clock) as flow:
        by = flow.people.actor(worlds.BY)

        def ours(block: int) -> None:
            first = block * pieces
            flow.answers.give_all(given(range(first, first + pieces)), by=by)

        def alone(block: int) -> None:
            rows, texts, leaves = [], [], []
            for line in range(1, pieces + 1):
                salt, nonce = os.urandom(16), os.urandom(12)
                plain = canonical_of_plain({"text": TEXT, "salt": salt.hex()})
                place = {"batch": 10**6 + block, "line": line}
                name = f"V{block * pieces + line - 1}"
                said = {"text_commitment": sha256(salt + plain).hexdigest()}
                rows.append({**row, **place, **said, "key": name})
                leaves.append(sha256(limits.json_of(rows[-1])).digest())
                cipher = AESGCM(os.urandom(32))
                sealed = nonce + cipher.encrypt(nonce, plain, name.encode())
                texts.append({**place, "sealed": sealed})
            merkle_root(leaves)
            bare.executemany(f"INSERT INTO huimin_answer VALUES ({marks})", rows)
            insert = "INSERT INTO huimin_answer_text VALUES (:batch, :line, :sealed)"
            bare.executemany(insert, texts)
            bare.commit()

        variants = [Variant("ours", ours, pieces), Variant("bare", alone, pieces)]
        samples = turns(variants, size.blocks)
    bare.close()
    each = [sample.cpu * 1e6 for sample in samples["ours"]]
    name = f"answers, {pieces} by one act"
    return [
        compare(name, samples, "ours", "bare", by="CPU"),
        figure(name, each, "µs an answer", by="CPU"),
    ]


def asked(size: Size, path: Path, clock: RehearsalClock) -> list[Line]:
    """Return the lines of the rates of all months, and of what may be closed."""
    query = (
        "SELECT a.channel, a.key, a.at, a.district, n.n, n.step, n.unit, n.at"
        " FROM huimin_appeal a LEFT JOIN huimin_answer n"
        " ON n.channel = a.channel AND n.key = a.key"
    )
    with (
        Flow.open(worlds.url_of(path), clock=clock) as flow,
        sqlite3.connect(path) as bare,
    ):
        count = flow.appeals.count()

        def alone(_: int) -> None:
            answered: dict[str, int] = {}
            for _, _, _, district, n, *_ in bare.execute(query):
                answered[district] = answered.get(district, 0) + (n is not None)

        def rates(_: int) -> None:
            flow.answers.rates(first="2023-09", last="2023-10")

        lines = []
        for name, ours in (
            ("answer rates", rates),
            ("first 50 answers to close", lambda _: flow.answers.to_close(limit=50)),
        ):
            variants = [Variant("ours", ours, count), Variant("bare", alone, count)]
            samples = turns(variants, min(size.blocks, 5))
            named = f"{name}, {count:,} appeals"
            seconds = [sample.cpu * count for sample in samples["ours"]]
            lines += [
                compare(named, samples, "ours", "bare", by="CPU"),
                figure(named, seconds, "s", by="CPU"),
            ]
    return lines


def seen(size: Size, folder: Path) -> list[Line]:
    """Return the lines of looks at the open appeals of a city with 20 districts."""
    many = size.pick(60_000, 300)
    path, clock = folder / "city.db", RehearsalClock(BEGUN, seed=3)
    book = load_rulebook(worlds.CONFIG)
    channels = [channel.key for channel in book.channels.intake[:3]]
    begun, step = worlds.HEARD - timedelta(days=20), 1_700_000 // many
    said = [
        Appeal(
            key=f"V{k}", channel=channels[k % 3], who=f"p{k % (many // 2)}",
            district=f"5001{k % 20 + 1:02d}", at=begun + timedelta(seconds=k * step),
            text=f"希望解决候工难 {k}",
        )
        for k in range(many)
    ]  # fmt: skip
    with (
        worlds.journal("MEMORY", "OFF"),
        Flow.found(worlds.url_of(path), book, rehearsal=True, clock=clock) as flow,
    ):
        by, office = map(flow.people.actor, (worlds.BY, "office-1"))
        for first in range(0, many, BATCH):
            flow.appeals.add_all(said[first : first + BATCH], by=office)
        # A third of the appeals of the district hang on its items.
        own = [each for each in said if each.district == by.unit]
        for k in range(10):
            number = flow.items.collect(worlds.demand(k), by=by).number
            pairs = [(each.channel, each.key) for each in own[k::30]]
            flow.appeals.link(number, pairs, by=by)
        looks: dict[str, Callable[[], object]] = {
            "list, the first 3": lambda: flow.answers.list(limit=3),
            "list of a district, the first 50": lambda: flow.answers.list(unit=by.unit),
            "count of what is overdue": lambda: flow.answers.count(overdue=True),
            "to-dos of a district": lambda: flow.todo(by),
            "hot problems, the first 50": flow.gathering.groups,
        }
        variants = [
            Variant(name, lambda _, look=look: look(), 1)  # type: ignore[misc]
            for name, look in looks.items()
        ]
        samples = turns(variants, min(size.blocks, 5))
    return [
        figure(
            f"{many:,} open appeals: {name}",
            [sample.cpu for sample in samples[name]],
            "s",
            by="CPU",
            bound=0.5,
        )
        for name in looks
    ]


if __name__ == "__main__":
    run(measure)
