"""Sensing: voices come in, gather under items, and are screened (A1–A6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from huimin_flow.clock import day_to_come
from huimin_flow.errors import InputRefused
from huimin_flow.flow.advance import advance, bear
from huimin_flow.flow.batches import keep_batch
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.appeal import Appeal, Tally
from huimin_flow.model.case import Case
from huimin_flow.model.item import Item
from huimin_flow.model.text import accepted, pseudonym, required
from huimin_flow.model.value import later, value
from huimin_flow.rules import screening
from huimin_flow.store import facts, repository, voices
from huimin_flow.terms import Area, Criterion, LifeStage, Origin, Step, UnitKind

#: How many characters a title may have.
TITLE = 200


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
    others: tuple[str, ...] = later(default=())


@value
class Demand:
    """What a new item says of itself when it is collected."""

    title: str
    origin: Origin
    area: Area
    unit: str
    description: str = ""
    life_stage: LifeStage = LifeStage.ALL
    continues: str | None = None
    responds_to: str | None = None
    arises_from: str | None = None
    split_from: str | None = None


def collect(
    work: Work, demand: Demand, *, by: Actor, occurred_on: date | None = None
) -> Item:
    """Collect a new item (A3–A5); its number counts within the year.

    Raises:
        InputRefused: for unfit text, an unknown unit, a day to come, or a link
            that a step of its own makes.
        NotFound: if an item it names as its origin doesn't exist.

    """
    day = work.happened(occurred_on)
    refuse_made_links(demand)
    changes = born_of(work, demand, day)
    number = next_number(work, day)
    return bear(
        work,
        number,
        Step.COLLECT,
        Case(actor=by, today=work.today),
        changes=changes,
        occurred_on=day,
    )


#: Links that a step of their own makes, once it has looked at the parent.
_MADE: Mapping[str, Step] = {
    "continues": Step.CARRY_OVER,
    "responds_to": Step.RESPOND,
    "split_from": Step.SPLIT,
}


def refuse_made_links(demand: Demand) -> None:
    """Refuse a demand that claims a parent which never agreed.

    Raises:
        InputRefused: naming the step that makes such a link.

    """
    for link, step in _MADE.items():
        if getattr(demand, link) is not None:
            raise InputRefused(
                f"“{link}”只能由“{step.label}”产生,采集时不能填写",
                remedy=f"请对原事项办理“{step.label}”",
            )


def born_of(work: Work, demand: Demand, day: date) -> dict[str, object]:
    """Return the first facts of an item, checked.

    Raises:
        InputRefused: for unfit text, a unit that doesn't exist on ``day``, or an
            auditor, who handles nothing.
        NotFound: if an item it names doesn't exist.

    """
    owner = work.rulebook.organization.unit(demand.unit, day)
    if owner is not None and owner.kind is UnitKind.AUDITOR:
        raise InputRefused(
            f"监督单位“{owner.name}”({owner.code})不能是事项的责任单位",
            remedy="请改为负责办理的业务单位",
        )
    if owner is None:
        raise InputRefused(
            f"{day.isoformat()}没有代码为“{demand.unit}”的单位",
            remedy="请核对 organization.yaml 中的单位代码",
            earliest=work.rulebook.organization.begins_after(demand.unit, day),
        )
    changes: dict[str, object] = {
        "title": required(demand.title, "标题", longest=TITLE),
        "description": accepted(demand.description, "说明"),
        "origin": demand.origin,
        "area": demand.area,
        "unit": demand.unit,
        "life_stage": demand.life_stage,
        "collected_on": day,
    }
    for link in ("continues", "responds_to", "arises_from", "split_from"):
        other = getattr(demand, link)
        if other is not None:
            repository.item(work.connection, other)
            changes[link] = other
    return changes


def next_number(work: Work, day: date) -> str:
    """Return the next item number of a year: ``2023-000001``."""
    count = repository.next_number(work.connection, f"item/{day.year:04d}")
    return f"{day.year:04d}-{count:06d}"


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
    batch = repository.next_number(work.connection, "batch")
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
        batch = repository.next_number(work.connection, "batch")
        rows = facts.link_rows(pairs, number, batch)
        facts.keep(work.connection, facts.LINKS, rows)
        keep_batch(work, "links", batch, rows, by=by)
    return facts.tally(work.connection, number)


def screen(
    work: Work,
    number: str,
    scores: Mapping[Criterion, int],
    *,
    by: Actor,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Screen an item by the criteria of its origin (A3, A4, A5).

    Prevalence is computed from the linked appeals and cannot be typed in. A
    score below the pass mark rejects the item, with the verdict as evidence.

    Raises:
        InputRefused: if ``scores`` contain the prevalence.
        StepRefused: if a score is missing or the step may not happen.

    """
    if Criterion.PREVALENCE in scores:
        raise InputRefused("普遍性由系统按诉求计算,不能填写", remedy="请去掉该项评分")
    rule = work.rulebook.rules.screening
    item = repository.item(work.connection, number)
    known: dict[Criterion, int | None] = dict(scores)
    prevalence = None
    if Criterion.PREVALENCE in rule.criteria[item.origin].weights:
        tally = facts.tally(work.connection, number)
        prevalence = screening.prevalence(tally, rule.prevalence)
        known[Criterion.PREVALENCE] = prevalence
    verdict = screening.screen(item.origin, known, rule)
    negative = not verdict.passed and verdict.score is not None
    changes: dict[str, object] = {
        "prevalence": prevalence,
        "screening_score": verdict.score,
    }
    if negative:
        changes = {"reason_code": "below_pass_mark"}
    return advance(
        work,
        number,
        Step.REJECT if negative else Step.SCREEN,
        Case(actor=by, today=work.today, verdict=verdict),
        changes=changes,
        version=version,
        occurred_on=work.happened(occurred_on),
        of=Step.SCREEN,
    )
