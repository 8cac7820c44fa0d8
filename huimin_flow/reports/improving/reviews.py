"""Review meetings and their decisions in words: lists, the pack's page (F3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_note
from huimin_flow.catalogue.terms import Argument, DigestKind, StreamKind
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.model.core.periods import month_before
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.improving.reviews import (
        Decision,
        DigestLine,
        Price,
        ReviewMeeting,
        ReviewPack,
        UnitBurden,
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


#: The columns of the burden of units.
BURDEN_HEAD: Final = (
    "单位", "合计", "比上月", "手工办理", "填写项", "上传", "被要求办理",
    "手工填报的数", "回流的数", "手工占比(%)", "要得最多的",
)  # fmt: skip

#: How many kinds of records are named as asking most.
_MOST: Final = 3


def burden_row(line: UnitBurden, names: Mapping[str, str]) -> Row:
    """Return the burden of a unit in a month."""
    return (
        names.get(line.unit, line.unit),
        line.load,
        f"{line.more:+}" if line.more else "0",
        *(line.steps, line.fields, line.uploads, line.checks, line.by_hand, line.fed),
        line.hand_share or "—",
        say_list(
            say_note(each.kind.spoken, str(each.load)) for each in line.asking[:_MOST]
        ),
    )


def burden_file(period: str) -> str:
    """Return the file of the page of a month's burden.

    >>> burden_file("2026-07")
    'burden-2026-07.html'

    """
    return f"burden-{period}.html"


def own_burden(now: Snapshot, unit: str) -> tuple[str, str]:
    """Return the place of a unit's own burden, and its name; "" without a month."""
    months = now.scores.periods().months
    if not months:
        return "", ""
    month = months[-1]
    name = say("{month}基层负担", month=period_in_words(month))
    return f"{burden_file(month)}#unit-{unit}", name


def burden_page(now: Snapshot, period: str) -> Page:
    """Return the page of what units did by hand in a month, the heaviest first.

    Raises:
        InputRefused: for a wrong month.

    """
    names = now.rulebook.active().organization.names
    lines = sorted(now.burden.of(period), key=lambda each: (-each.load, each.unit))
    sight, asking = Sight(now, names), Counter[StreamKind]()
    for line in lines:
        for each in line.asking:
            asking[each.kind] += each.load
    months = now.scores.periods().months
    beside = [month_before(period), *(each for each in months if each > period)][:2]
    return Page(
        file=burden_file(period),
        template="tables.html.j2",
        title=say("{month}基层负担", month=period_in_words(period)),
        values={
            "anchors": True,
            "note": say(
                "合计是填写项、上传、被要求办理与手工填报的数;回流的数不计入负担"
            ),
            "leads": [
                (burden_file(each), period_in_words(each))
                for each in beside
                if each in months
            ],
            "tables": [
                (
                    say("各单位"),
                    [say(text) for text in BURDEN_HEAD],
                    [
                        (
                            Ref(sight.unit(line.unit), f"unit-{line.unit}.html"),
                            *burden_row(line, names)[1:],
                        )
                        for line in lines
                    ],
                    say("没有"),
                ),
                (
                    say("要得最多的"),
                    [say("哪一类"), say("合计")],
                    [(kind.spoken, count) for kind, count in asking.most_common()],
                    say("没有"),
                ),
            ],
        },
    )


#: The columns of the price of a rulebook, in the words of the burden of units.
PRICE_HEAD: Final = ("哪一类", "手工填报的数", "填写项", "上传", "被要求办理")

#: What a price counts, in the order of its columns.
_PRICED: Final = ("by_hand", "fields", "uploads", "checks")


def price_rows(price: Price) -> list[Row]:
    """Return what the rulebooks ask in a month, by kind of record: before → after."""
    rows: list[Row] = []
    pairs = zip(price.before.parts, price.after.parts, strict=True)
    for name, before, after in (
        *((was.kind.spoken, was, now) for was, now in pairs),
        (say("合计"), price.before, price.after),
    ):
        figures = []
        for part in _PRICED:
            old, new = getattr(before, part), getattr(after, part)
            figures.append(f"{old}" if old == new else f"{old}→{new}")
        rows.append((name, *figures))
    return rows


def price_words(price: Price) -> str:
    """Return in words what a rulebook asks more of all units, and what is assumed."""
    more, scale = price.more, price.scale
    clauses = (
        say(
            "负担:全市每月增减 手工填报的数 {by_hand:+}、填写项 {fields:+}"
            "、上传 {uploads:+}、被要求办理 {checks:+}",
            by_hand=more.by_hand,
            fields=more.fields,
            uploads=more.uploads,
            checks=more.checks,
        ),
        say(
            "假定:{kinds}同近{days}天一样多,抽查每月{draws}次,按今日可抽的对象计",
            kinds=say_list(kind.spoken for kind in price.assumed),
            days=scale.days,
            draws=scale.draws.quantize(Decimal("0.1")),
        ),
        say(
            "不计价:事项各步的办理,以及{kinds};要多少由事项、群众和上级定",
            kinds=say_list(kind.spoken for kind in price.unpriced),
        ),
    )
    return "\n".join(clauses)
