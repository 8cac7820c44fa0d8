"""Review meetings and their decisions in words: lists, the pack's page (F3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_note
from huimin_flow.catalogue.terms import Argument, DigestKind, StreamKind
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.improving.reviews import (
        Decision,
        DigestLine,
        ReviewMeeting,
        ReviewPack,
        UnitPart,
    )
    from huimin_flow.model.rulebook import Rulebook

#: The kinds of lines whose subject begins with the number of an item.
_OF_ITEMS: Final = frozenset(
    {
        DigestKind.TASK,
        DigestKind.DOUBT,
        DigestKind.BOARD,
        DigestKind.PROGRESS,
        DigestKind.RESPONSES,
        DigestKind.EXECUTED,
        DigestKind.EVALUATED,
        DigestKind.FAILED,
        DigestKind.GOOD_BOARD,
    }
)


def review_file(key: str) -> str:
    """Return the file of the page of a review meeting and its pack."""
    return f"review-{StreamKind.parse(key)[1]}.html"


def decision_file(decision: Decision) -> str:
    """Return the page that shows a decision: that of its meeting."""
    return f"{review_file(decision.meeting)}#decisions"


def _meeting_row(_: Sight, held: ReviewMeeting) -> Row:
    """Return a review meeting: its day, who was there, how it stands."""
    return (
        Ref(held.key, review_file(held.key)),
        held.held_on,
        held.state.spoken,
        held.chair,
        say_list(held.participants),
        len(held.minutes) or "",
        held.reason,
    )


MEETINGS: Final = Listing(
    name="reviews",
    title="调度会",
    question="reviews.list",
    head=("调度会", "日期", "状态", "主持人", "到会", "纪要", "取消理由"),
    empty="没有这样的调度会",
    row=_meeting_row,
    labels={"state": "状态"},
)


def _decision_row(sight: Sight, made: Decision) -> Row:
    """Return a decision: who does what until when, and how it turned out."""
    return (
        Ref(made.key, decision_file(made)),
        sight.unit(made.unit),
        made.post,
        made.decided,
        made.due,
        made.state.spoken,
        made.reminders or "",
        made.note,
        made.finding,
    )


DECISIONS: Final = Listing(
    name="decisions",
    title="调度决定",
    question="decisions.list",
    head=(
        "决定", "责任单位", "岗位", "决定事项", "期限", "状态", "催办次数",
        "办理情况", "认定意见",
    ),
    empty="没有这样的决定",
    row=_decision_row,
    labels={"review_meeting": "调度会", "unit": "责任单位", "state": "状态"},
    words={"review_meeting": Argument.REVIEW_MEETING},
)  # fmt: skip


def meeting_lines(
    held: ReviewMeeting, posts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield a review meeting in lines of a label and a text; ``posts`` names people."""
    yield say("调度会"), held.key
    yield say("日期"), str(held.held_on)
    yield say("状态"), held.state.spoken
    yield say("主持人"), posts.get(held.chair, held.chair)
    if held.participants:
        yield say("到会"), say_list(posts.get(p, p) for p in held.participants)
    if held.minutes:
        yield say("纪要"), " ".join(digest[:12] for digest in held.minutes)
    if held.reason:
        yield say("取消理由"), held.reason


def decision_lines(
    made: Decision, names: Mapping[str, str], posts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield a decision in lines of a label and a text each; ``posts`` names people."""
    owner = names.get(made.unit, made.unit)
    if made.post:
        owner = say_note(owner, posts.get(made.post, made.post))
    yield say("决定事项"), made.decided
    yield say("责任"), say_clauses(owner, say("{day}以前", day=made.due))
    yield say("状态"), made.state.spoken
    if made.reminded_on is not None:
        yield say("催办次数"), say_note(str(made.reminders), str(made.reminded_on))
    if made.reported_by:
        who = posts.get(made.reported_by, made.reported_by)
        yield say("办理情况"), say_note(made.note, who)
        yield say("佐证"), " ".join(digest[:12] for digest in made.files)
    if made.finding:
        yield say("认定意见"), made.finding


def in_short(now: Questions, key: str) -> tuple[str, str]:
    """Return a meeting or a decision in one line, and the page that shows it."""
    if StreamKind.parse(key)[0] is StreamKind.REVIEW_MEETING:
        held = now.reviews.get(key)
        words = say_clauses(*(text for _, text in meeting_lines(held, {})))
        return words, review_file(key)
    made = now.decisions.get(key)
    names = now.rulebook.active().organization.names
    words = say_clauses(*(text for _, text in decision_lines(made, names, {})))
    return words, decision_file(made)


def subject_names(book: Rulebook) -> dict[str, str]:
    """Return the names of units and channels by the codes that lines have."""
    channels = {channel.key: channel.name for channel in book.channels.intake}
    return channels | book.organization.names


def subject_words(line: DigestLine, names: Mapping[str, str]) -> str:
    """Return what a line is about: a link to its item, its record, or how many.

    ``names`` are those of units and channels.
    """
    if not line.subject:
        return say("{count}件", count=line.count)
    if line.kind in _OF_ITEMS:
        return Ref(line.subject, item_file(line.subject.partition("/")[0]))
    about = names.get(line.subject, line.subject)
    if line.count != 1:
        return say_note(about, say("{count}件", count=line.count))
    return about


def line_words(line: DigestLine) -> str:
    """Return how late a line is, or on which day it was, with its figure."""
    if line.days:
        return say("{days}天", days=line.days)
    day = "" if line.since is None else str(line.since)
    return f"{day} {line.figure}%" if line.figure else day


#: How many things of a kind that a unit has many of are named.
_NAMED: Final = 5

#: The columns of the lines of a pack or a digest.
PARTS_HEAD: Final = ("单位", "哪一类", "什么", "何时、几天")


def part_rows(
    parts: Iterable[UnitPart], heading: str, names: Mapping[str, str]
) -> list[Row]:
    """Return the rows of one of ``headings`` of all units.

    Of what a unit has many of a kind, none with a day, the first are named and the
    others counted.
    """
    rows: list[Row] = []
    for part in parts:
        unit, lines = names.get(part.unit, part.unit), getattr(part, heading)
        for kind, group in groupby(lines, key=lambda line: line.kind):
            known = list(group)
            if len(known) > _NAMED and not any(map(line_words, known)):
                named = say_list(line.subject for line in known[:_NAMED])
                text = say("{named}等{count}件", named=named, count=len(known))
                rows.append((unit, kind.spoken, text, ""))
                continue
            rows += [
                (unit, kind.spoken, subject_words(line, names), line_words(line))
                for line in known
            ]
    return rows


def headings() -> tuple[tuple[str, str], ...]:
    """Return the headings of a digest, with their words."""
    return (
        ("late", say("迟办")),
        ("owed", say("欠办")),
        ("faults", say("问题")),
        ("well", say("办好")),
    )


def pack_tables(
    now: Snapshot, pack: ReviewPack
) -> list[tuple[str, list[str], list[Row], str]]:
    """Return a pack as tables: title, head, rows, and what is said without rows."""
    book = now.rulebook.active()
    sight = Sight(now, book.organization.names)
    head = [say(text) for text in PARTS_HEAD]
    tables = [
        (title, head, part_rows(pack.units, heading, subject_names(book)), say("没有"))
        for heading, title in headings()[:2]
    ]
    decided = [say(text) for text in DECISIONS.head]
    return [
        *tables,
        *(
            (
                title,
                decided,
                [_decision_row(sight, made) for made in known],
                say("没有"),
            )
            for title, known in (
                (say("没有办结的决定"), pack.open),
                (say("上次调度会以来办结、撤销的决定"), pack.ended),
            )
        ),
    ]


def review_page(now: Snapshot, number: str) -> Page:
    """Return the page of a review meeting by its number, with its pack of today.

    Raises:
        NotFound: if there is none.

    """
    key = StreamKind.REVIEW_MEETING.key(number)
    pack = now.reviews.pack(key)
    organization = now.rulebook.active().organization
    posts = {
        person.id: say_note(person.id, organization.name_of(person.unit))
        for person in organization.people
    }
    facts = [f"{label} {text}" for label, text in meeting_lines(pack.meeting, posts)]
    return Page(
        file=review_file(key),
        template="tables.html.j2",
        title=say("{day}调度会", day=pack.meeting.held_on),
        values={
            "note": say_clauses(*facts),
            "leads": (),
            "tables": pack_tables(now, pack),
        },
    )
