"""Intake: voices come in, and gather under items (A1, A6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.clock import day_to_come
from huimin_flow.errors import InputRefused
from huimin_flow.flow.batches import keep_batch
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.appeal import Appeal, Tally
from huimin_flow.model.text import pseudonym, required
from huimin_flow.model.value import value
from huimin_flow.store import facts, repository, voices


@value
class Intake:
    """What became of a batch of facts: how many were kept, known already.

    ``batch`` is the number of its event's stream, 0 where nothing was new.
    ``others`` are, as channel/key, the known appeals that this batch told
    otherwise; nothing of that was kept.
    """

    batch: int
    kept: int
    known: int
    root: str
    others: tuple[str, ...] = ()


def add_appeals(work: Work, appeals: Sequence[Appeal], *, by: Actor) -> Intake:
    """Keep a batch of appeals; those already known add nothing (A1).

    Raises:
        InputRefused: for unfit text, a person's name or number outside the
            text, an unknown channel or a time to come.
        StepRefused: if the actor may not import.

    """
    work.duty_for(by, "import", by.unit)
    checked = [_checked(work, one) for one in appeals]
    pairs = [(one.channel, one.key) for one in checked]
    known = facts.known_keys(work.connection, pairs)
    fresh: dict[tuple[str, str], Appeal] = {}
    again: list[Appeal] = []
    others: list[str] = []
    for pair, one, given in zip(pairs, checked, appeals, strict=True):
        # Without a moment of its own an appeal has that of its first telling.
        told = one if given.at is not None else replace(one, at=None)
        if pair in known:
            again.append(told)
        elif _differ(told, fresh.setdefault(pair, one)):
            others.append("/".join(pair))
    others += voices.told_otherwise(work.connection, again)
    if not fresh:
        none = Intake(batch=0, kept=0, known=len(appeals), root="")
        return replace(none, others=tuple(others))
    batch = repository.next_number(work.connection, StreamKind.BATCH)
    salts = [work.clock.token(16) for _ in fresh]
    rows, texts = facts.appeal_rows(list(fresh.values()), batch, salts)
    facts.keep(work.connection, facts.APPEALS, rows)
    facts.keep(work.connection, facts.APPEAL_TEXTS, texts)
    known_count = len(appeals) - len(fresh)
    root = keep_batch(work, "appeals", batch, rows, by=by, known=known_count)
    return Intake(
        batch=batch,
        kept=len(rows),
        known=known_count,
        root=root,
        others=tuple(others),
    )


def _differ(told: Appeal, first: Appeal) -> bool:
    """Tell whether an appeal is told otherwise than it was at first."""
    return told != (first if told.at is not None else replace(first, at=None))


def _checked(work: Work, appeal: Appeal) -> Appeal:
    channels = {one.key for one in work.rulebook.channels.intake}
    if appeal.channel not in channels:
        raise InputRefused(
            f"没有名为“{appeal.channel}”的采集渠道",
            remedy="请使用 channels.yaml 中的渠道代码",
        )
    key = required(appeal.key, "诉求编号", longest=100)
    at = work.now if appeal.at is None else appeal.at
    if at > work.now:
        raise InputRefused(
            f"诉求“{key}”的时间晚于现在",
            remedy="请核对日期与时间",
            earliest=day_to_come(at),
        )
    return Appeal(
        key=key,
        channel=appeal.channel,
        who=pseudonym(appeal.who, "来访人代号"),
        district=required(appeal.district, "地点", longest=100),
        at=at,
        text=required(appeal.text, "诉求内容", apart=True),
        life_stage=appeal.life_stage,
    )


def link(
    work: Work, number: str, appeals: Sequence[tuple[str, str]], *, by: Actor
) -> Tally:
    """Hang appeals, named by (channel, key), on an item; return its tally (A6).

    An appeal that hangs on another item moves, if the actor may take it away.

    Raises:
        NotFound: if the item doesn't exist.
        InputRefused: if an appeal doesn't exist, naming it.
        StepRefused: if either item is another unit's.

    """
    work.duty_for(by, "import", repository.item(work.connection, number).unit)
    pairs = list(dict.fromkeys(appeals))
    missing = set(pairs) - facts.known_keys(work.connection, pairs)
    if missing:
        channel, key = min(missing)
        raise InputRefused(
            f"渠道“{channel}”没有编号为“{key}”的诉求", remedy="请先导入该诉求"
        )
    held = facts.linked_to(work.connection, pairs)
    for other in sorted(set(held.values()) - {number}):
        work.duty_for(by, "import", repository.item(work.connection, other).unit)
    if pairs:
        batch = repository.next_number(work.connection, StreamKind.BATCH)
        rows = facts.link_rows(pairs, number, batch)
        facts.keep(work.connection, facts.LINKS, rows)
        keep_batch(work, "links", batch, rows, by=by)
    return facts.tally(work.connection, number)
