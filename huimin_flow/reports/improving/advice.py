"""Advice on running measures in words: its list, and its part of an item's page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_clauses, say_note, say_pair
from huimin_flow.catalogue.terms import AdviceState
from huimin_flow.reports.core.histories import in_words
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight

if TYPE_CHECKING:
    from huimin_flow.flow import Questions
    from huimin_flow.model.improving.advice import Advice

#: The states in which something is still to be mended or verified.
OPEN: Final = (AdviceState.MENDING, AdviceState.REPORTED)


def page_of(known: Advice) -> str:
    """Return the part of an item's page that shows advice on it."""
    return f"item-{known.item}.html#advice"


def _row(sight: Sight, known: Advice) -> Row:
    """Return advice: on what, its grounds, its decision, and what is to be mended."""
    mending = known.mending
    return (
        Ref(known.key, page_of(known)),
        known.advised_on,
        sight.unit(known.unit),
        known.recommendation.spoken,
        in_words(known.verdict),
        known.state.spoken,
        known.reason,
        mending.what if mending else "",
        sight.unit(mending.unit) if mending else "",
        mending.until if mending else "",
    )


#: The list of all advice: its page, its files and its command.
LISTING: Final = Listing(
    name="advice",
    title="调整建议",
    question="advice.list",
    head=(
        "建议", "日期", "牵头单位", "建议内容", "依据", "状态", "决定理由",
        "完善内容", "责任单位", "完善期限",
    ),
    empty="没有这样的建议",
    row=_row,
    labels={"item": "事项编号", "unit": "牵头单位", "state": "状态"},
)  # fmt: skip


def advice_lines(
    known: Advice, names: Mapping[str, str], posts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield advice in lines of a label and a text each; ``posts`` names people."""

    def who(person: str) -> str:
        return posts.get(person, person)

    yield say("建议"), say_clauses(known.recommendation.spoken, str(known.advised_on))
    yield say("提出人"), who(known.advised_by)
    yield say("依据"), in_words(known.verdict)
    if known.grounds:
        yield say("补充说明"), known.grounds
    yield say("状态"), known.state.spoken
    if known.decided_by:
        yield say("决定"), say_note(known.reason or "—", who(known.decided_by))
    if known.mending is not None:
        yield say("完善内容"), known.mending.what
        unit = names.get(known.mending.unit, known.mending.unit)
        until = say("{day}以前", day=known.mending.until)
        yield say("责任单位"), say_clauses(unit, until)
    if known.reported_by:
        yield say("完善情况"), say_note(known.done or "—", who(known.reported_by))
        if known.files:
            yield say("佐证"), " ".join(digest[:12] for digest in known.files)
    if known.verified_by:
        yield say("核实"), say_note(known.finding or "—", who(known.verified_by))
    elif known.finding:
        yield say("退回理由"), known.finding


def in_short(now: Questions, key: str) -> tuple[str, str]:
    """Return advice in one line, and the part of the page that shows it."""
    known = now.advice.get(key)
    lines = advice_lines(known, now.rulebook.active().organization.names, {})
    return say_clauses(known.item, *(text for _, text in lines)), page_of(known)


def to_mend(now: Questions, unit: str | None = None) -> list[Advice]:
    """Return what is still to be mended, what ends first at the head.

    With ``unit``, only what that unit mends, or what is about its own items.
    """
    known = [each for state in OPEN for each in now.advice.list(state=state)]
    return sorted(
        (
            each
            for each in known
            if each.mending is not None
            and (unit is None or unit in {each.unit, each.mending.unit})
        ),
        key=lambda each: (_until(each), each.key),
    )


def mending_words(known: Advice, today: date, names: Mapping[str, str]) -> str:
    """Return in one line what is to be mended, by whom, and whether it is late."""
    mending = known.mending
    if mending is None:
        return ""
    until = say("{day}以前", day=mending.until)
    late = [say("已超期")] if mending.until < today else []
    unit = names.get(mending.unit, mending.unit)
    return say_pair(unit, say_clauses(mending.what, until, known.state.spoken, *late))


def mending_lines(
    known: Iterable[Advice], today: date, names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return the file, the key and the words of what is still to be mended."""
    return [
        (
            page_of(each),
            each.item,
            mending_words(each, today, names),
        )
        for each in known
    ]


def _until(known: Advice) -> date:
    return date.max if known.mending is None else known.mending.until
