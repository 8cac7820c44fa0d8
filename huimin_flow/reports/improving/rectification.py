"""Rectifications in words: their list, and their part of an item's page (D2, F3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_list,
    say_note,
    say_phrase,
)
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.catalogue.terms import RectificationState
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight
from huimin_flow.reports.core.present import Present

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.improving.rectification import (
        CitizensWord,
        Rectification,
        RectificationLine,
        Rung,
    )
    from huimin_flow.model.services.ratings import FailingCount
    from huimin_flow.reports.core.render import Page


def page_of(made: Rectification) -> str:
    """Return the part of an item's page that shows a rectification of it."""
    return f"item-{made.item}.html#rectifications"


def _row(sight: Sight, line: RectificationLine) -> Row:
    """Return a rectification: why, what was done, who accepted it, on what."""
    made = line.rectification
    return (
        Ref(made.key, page_of(made)),
        made.item,
        sight.unit(made.unit),
        made.cause if made.cause != made.since else period_in_words(made.since),
        made.opened_on,
        made.state.spoken,
        line.due or "",
        max(line.overdue, made.late) or "",
        made.done,
        say_list(_figures(made)),
        "" if made.word is None else word_of(made.word),
        _unit_of(sight, made.accepted_by),
        made.accepted_on or "",
        say_list(rung.name for rung in made.rungs),
    )


def _unit_of(sight: Sight, post: str) -> str:
    """Return the unit of who accepted: the public needs no post."""
    known = sight.book.organization.post(post)
    return "" if known is None else sight.unit(known.unit)


def _figures(made: Rectification) -> Iterator[str]:
    for each in made.measured:
        yield say_note(f"{each.indicator} {each.value}", each.month)


def word_of(word: CitizensWord) -> str:
    """Return in words what citizens said."""
    return say(
        "群众评价{answers}份,不是差评的{good}份", answers=word.answers, good=word.good
    )


#: The list of all rectifications: its page, its files and its command.
LISTING: Final = Listing(
    name="rectifications",
    title="整改",
    question="rectifications.list",
    head=(
        "整改", "事项", "责任单位", "事由", "启动", "状态", "期限", "逾期工作日",
        "做了什么", "新报的数", "群众评价", "验收人", "验收", "督办到",
    ),
    empty="没有这样的整改",
    row=_row,
    labels={"item": "事项编号", "unit": "责任单位", "state": "状态"},
)  # fmt: skip


def _failing(sight: Sight, known: FailingCount) -> Row:
    """Return a class of a unit's bad ratings: how many, what became of them."""
    again = (say_phrase(level.spoken, str(n)) for level, n in known.again.items())
    return (
        sight.unit(known.unit),
        known.failing.spoken,
        known.count,
        known.improved,
        say_list(again),
    )


#: What bad ratings of a month were about: its page, its files and its command.
FAILINGS: Final = Listing(
    name="failings",
    title="差评的问题",
    question="ratings.failings",
    count="",
    head=("单位", "问题", "件数", "写明改进", "群众对整改的评价"),
    empty="没有归类的差评",
    row=_failing,
    fixed={"period": lambda now: Present(now).past},
    labels={"period": "月份", "unit": "单位"},
)


def rectification_lines(
    line: RectificationLine, names: Mapping[str, str], posts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield a rectification in lines of a label and a text; ``posts`` names people."""
    made = line.rectification
    yield say("整改"), made.key
    since = period_in_words(made.since) if made.since else ""
    cause = "" if made.cause == made.since else made.cause
    yield say("事由"), say_clauses(*filter(None, (cause, made.order, since)))
    yield say("责任单位"), names.get(made.unit, made.unit)
    yield say("启动"), say_note(str(made.opened_on), posts.get(made.opened_by, ""))
    yield say("状态"), made.state.spoken
    if line.due is not None:
        yield say("期限"), str(line.due)
    if late := max(line.overdue, made.late):
        yield say("逾期工作日"), str(late)
    if made.done:
        who = posts.get(made.submitted_by, made.submitted_by)
        by = say_clauses(who, str(made.submitted_on))
        yield (
            say("做了什么"),
            say_note(made.done, by),
        )
        yield say("佐证"), " ".join(digest[:12] for digest in made.files)
    if made.finding:
        yield say("认定意见"), made.finding
    if made.accepted_by:
        who = posts.get(made.accepted_by, made.accepted_by)
        yield say("验收"), say_note(who, str(made.accepted_on))
        yield say("新报的数"), say_list(_figures(made))
    if made.word is not None:
        yield say("群众评价"), word_of(made.word)
    for reason in line.weak:
        yield say("验收后依据不足"), spoken(reason)
    for rung in made.rungs:
        yield say("督办到"), _rung(rung, posts)


def _rung(rung: Rung, posts: Mapping[str, str]) -> str:
    """Return a rung: whom it concerns, since when, and who acknowledged it."""
    to = say_list(posts.get(post, post) for post in rung.to)
    signed = say("未签收")
    if rung.acknowledged_on is not None:
        who = posts.get(rung.acknowledged_by, rung.acknowledged_by)
        signed = say("{who}已签收({day})", who=who, day=rung.acknowledged_on)
    return say_clauses(say_note(rung.name, to), str(rung.recorded_on), signed)


def in_short(now: Questions, key: str) -> tuple[str, str]:
    """Return a rectification in one line, and the part of the page that shows it."""
    line = now.rectifications.get(key)
    lines = rectification_lines(line, now.rulebook.active().organization.names, {})
    made = line.rectification
    return say_clauses(made.item, *(text for _, text in lines)), page_of(made)


def rectifications_page(now: Snapshot) -> Page:
    """Return the page of all rectifications by state, for a site without a server."""
    from huimin_flow.reports.core.render import Page  # noqa: PLC0415 - heavy

    sight = Sight(now, now.rulebook.active().organization.names)
    rows: dict[RectificationState, list[Row]] = {s: [] for s in RectificationState}
    for line in now.rectifications.list():
        rows[line.rectification.state].append(LISTING.row(sight, line))
    return Page(
        file=LISTING.file,
        template="items.html.j2",
        title=say(LISTING.title),
        values={
            "head": [say(text) for text in LISTING.head],
            "groups": [(state, lines) for state, lines in rows.items() if lines],
            "note": say("共{total}件整改", total=sum(map(len, rows.values()))),
        },
    )
