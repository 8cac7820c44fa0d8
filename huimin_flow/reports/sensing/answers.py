"""Lists of answers: what waits, whom to tell, how promptly; a receipt in words (A7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_count,
    say_list,
    say_note,
    say_phrase,
)
from huimin_flow.catalogue.terms import Argument, Duty
from huimin_flow.clock import local_day, shanghai
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.core.values import Share
from huimin_flow.reports.core.histories import list_name
from huimin_flow.reports.core.lists import Ref, Row, Sight, item_file, listed
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.rulebook import Rulebook
    from huimin_flow.model.sensing.answers import (
        AnswerAct,
        Answering,
        AnswerProposal,
        AnswerRate,
        ReceiptStatus,
    )


#: The months whose appeals the page of rates has.
_MONTHS: Final = 12

#: The columns of times, which can't be added up over units: they stand before the unit.
_OF_TIMES: Final = 3


def channel_name(book: Rulebook, key: str) -> str:
    """Return the name of a channel, or its key if the rulebook has none."""
    return next((each.name for each in book.channels.intake if each.key == key), key)


def reason_words(book: Rulebook, act: AnswerAct) -> str:
    """Return the reason of a step in words; one of its own stays as it is."""
    rules = book.rules
    known = {**rules.transfer_reasons, **rules.answers.reopen_reasons}
    return known.get(act.reason, act.reason)


def _state(answering: Answering) -> str:
    if answering.calendar_missing:
        return say("历法未载")
    return say("超期") if answering.overdue else ""


@listed(
    name="answers",
    title="待答复的诉求",
    question="answers.list",
    head=("编号", "渠道", "期限", "是否超期", "答复单位", "听到", "地点", "事项"),
    empty="没有待答复的诉求",
    labels={"item": "事项编号", "overdue": "只看超期的"},
    of_town="unit",
    own_first=Duty.ANSWER,
)
def waiting(sight: Sight, answering: Answering) -> Row:
    """Return an appeal that waits for an answer: who gives it, until when."""
    places = answering.district, answering.town
    channel = answering.channel
    return (
        Ref(answering.key, answer_file(channel, answering.key)),
        channel_name(sight.book, channel),
        answering.due or "—",
        _state(answering),
        sight.unit(answering.unit),
        shanghai(answering.at),
        say_phrase(*filter(None, map(sight.unit, places))),
        Ref(answering.item, item_file(answering.item)) if answering.item else "",
    )


def answer_file(channel: str, key: str) -> str:
    """Return the address of the form that answers an appeal."""
    from urllib.parse import urlencode  # noqa: PLC0415 - only for pages

    return f"act-answers.give.html?{urlencode({'key': key, 'channel': channel})}"


@listed(
    name="answer-proposals",
    title="待告知的事项",
    question="answers.proposals",
    count="",
    head=(
        "事项",
        "标题",
        "进展",
        "何日",
        "期限",
        "待告知",
        "其中待答复",
        "已告知",
        "单位",
    ),
    empty="没有待告知的事项",
    own_first=Duty.ANSWER,
)
def proposals(sight: Sight, line: AnswerProposal) -> Row:
    """Return an item about which not everyone was told."""
    return (
        Ref(line.item, f"act-answers.batch.html?number={line.item}"),
        line.title,
        line.occasion.spoken,
        line.since,
        line.due or "—",
        line.left,
        line.open,
        line.told,
        sight.unit(line.unit),
    )


@listed(
    name="answers-to-close",
    title="可办结的诉求",
    question="answers.to_close",
    count="count_to_close",
    head=("编号", "渠道", "答复日", "答复单位"),
    empty="没有可办结的诉求",
    of_town="unit",
    own_first=Duty.ANSWER,
)
def ripe(sight: Sight, answering: Answering) -> Row:
    """Return an answered appeal that may be closed."""
    return (
        answering.key,
        channel_name(sight.book, answering.channel),
        answering.answered or "",
        sight.unit(answering.unit),
    )


def _this_month(now: Snapshot) -> str:
    return f"{local_day(now.moment()):%Y-%m}"


@listed(
    name="answer-rates",
    title="答复率与用时",
    question="answers.rates",
    count="",
    head=(
        *("渠道", "应答复", "已答复", "按期", "按期率", "在办", "逾期"),
        *("用时中位数", "九成在几日内", "用时件数", "单位"),
    ),
    empty="这段时间没有诉求",
    fixed={"first": _this_month, "last": _this_month},
    words={"unit": Argument.UNIT},
)
def rates(sight: Sight, rate: AnswerRate) -> Row:
    """Return how promptly a unit answers the appeals of a channel, with each n."""
    return (
        channel_name(sight.book, rate.channel),
        rate.received,
        rate.answered,
        rate.in_time,
        _in_time(rate.in_time_share),
        rate.open,
        rate.overdue,
        "—" if rate.median is None else rate.median,
        "—" if rate.ninetieth is None else rate.ninetieth,
        rate.measured,
        sight.unit(rate.unit),
    )


def _in_time(share: Share) -> str:
    """Return a share in percent with its counts, or a dash if the whole is 0."""
    if not share.whole:
        return "—"
    counts = f"{share.part}/{share.whole}"
    return say_note(f"{100 * share.part / share.whole:.2f}%", counts)


def rates_page(now: Snapshot) -> Page:
    """Return the page of the answers to the appeals of twelve months (A7).

    It has each channel, then each unit with each of its channels; an unanswered appeal
    counts as open, and as overdue once it is late.
    """
    sight, last = Sight(now, now.rulebook.active().organization.names), _this_month(now)
    first = last
    for _ in range(_MONTHS - 1):
        first = month_before(first)
    lines = now.answers.rates(first=first, last=last)
    by_channel: dict[str, list[AnswerRate]] = defaultdict(list)
    for line in lines:
        by_channel[line.channel].append(line)
    head = list(map(say, rates.head))
    units = [(row[-1], *row[:-1]) for row in map(partial(rates.row, sight), lines)]
    return Page(
        file=rates.file,
        template="tables.html.j2",
        title=say("诉求答复率与用时"),
        values={
            "note": say(
                "{first}至{last}收到的诉求;按期率 = 按期答复 ÷ (已答复 + 逾期未答复),"
                "用时为工作日;截至{day:%Y-%m-%d}。",
                first=first,
                last=last,
                day=local_day(now.moment()),
            ),
            "leads": [
                (waiting.file, say_count("待答复的诉求{count}件", now.answers.count()))
            ],
            "tables": [
                (
                    say("各渠道"),
                    head[: -1 - _OF_TIMES],
                    [_together(sight, part) for part in by_channel.values()],
                    say(rates.empty),
                ),
                (
                    say("各单位各渠道"),
                    [head[-1], *head[:-1]],
                    sorted(units, key=lambda row: str(row[0])),
                    say(rates.empty),
                ),
            ],
        },
    )


def _together(sight: Sight, lines: Sequence[AnswerRate]) -> Row:
    """Return how promptly all units answer the appeals of a channel."""
    shares = [line.in_time_share for line in lines]
    whole = Share(
        part=sum(share.part for share in shares),
        whole=sum(share.whole for share in shares),
    )
    return (
        channel_name(sight.book, lines[0].channel),
        sum(line.received for line in lines),
        sum(line.answered for line in lines),
        sum(line.in_time for line in lines),
        _in_time(whole),
        sum(line.open for line in lines),
        sum(line.overdue for line in lines),
    )


def answering_words(now: Questions, answering: Answering) -> str:
    """Return how far the answer to an appeal is, in words."""
    book = now.rulebook.active()
    parts = [
        f"{channel_name(book, answering.channel)} {answering.key}",
        answering.state.spoken,
        say("由{unit}答复", unit=book.organization.name_of(answering.unit)),
    ]
    if answering.due is not None:
        parts.append(say("期限{day}", day=answering.due))
    parts += filter(None, [_state(answering)])
    return say_clauses(*parts)


def foretold(
    before: Questions, after: Questions, act: str, arguments: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what an act on one appeal, or on its answer, would come to.

    ``before`` answers as it is now, ``after`` as it would be.
    """
    appeal = arguments.get("appeal")
    if act == "appeals.add" and appeal is not None:
        names = {
            each.name: each.key for each in before.rulebook.active().channels.intake
        }
        key, channel = appeal.key, names.get(appeal.channel, appeal.channel)
    elif act.startswith("answers.") and arguments.get("key"):
        key, channel = arguments["key"], arguments.get("channel")
        then = before.answers.get(key, channel=channel).answering
        if act == "answers.give" and then.answered is not None:
            yield say("已于{day}答复过;确要再告知?", day=then.answered)
        if act == "answers.transfer" and then.overdue:
            yield say("这件已超期:逾期仍记在{unit}", unit=_unit_name(before, then.unit))
    else:
        return
    answering = after.answers.get(key, channel=channel).answering
    if act == "appeals.add":
        kept = after.appeals.get(key, channel=channel)
        places = filter(None, (kept.district, kept.town, kept.village))
        where = say_phrase(*(_unit_name(after, place) for place in places))
        yield say("地点记为{place}", place=where)
    yield answering_words(after, answering)


def _unit_name(now: Questions, code: str) -> str:
    return now.rulebook.active().organization.name_of(code)


def answered_about(subject: str) -> dict[str, str]:
    """Return what the form of a to-do about answers is about.

    >>> answered_about("media/A/1"), answered_about("2026-000001")
    ({'channel': 'media', 'key': 'A/1'}, {'number': '2026-000001'})

    """
    channel, slash, key = subject.partition("/")
    return {"channel": channel, "key": key} if slash else {"number": subject}


#: The lists of answers.
LISTINGS: Final = (waiting, proposals, ripe, rates)


def receipt_lines(
    status: ReceiptStatus, names: Mapping[str, str]
) -> list[tuple[str, object]]:
    """Return what whoever holds a receipt learns: no person and no text."""
    lines: list[tuple[str, object]] = [
        ("收到日期", status.received),
        ("渠道", status.channel),
        ("由谁答复", status.unit),
        ("办到哪一步", status.word.spoken),
    ]
    if status.due:
        lines.append(("答复期限", status.due))
    if status.answered:
        lines.append(("答复日期", status.answered))
    matter = say("已归入一件民生需求事项") if status.linked else say("尚未归入事项")
    if status.matter is not None:
        matter = say_note(matter, status.matter.spoken)
    lines.append(("归入事项", matter))
    if status.lists:
        titles = say_list(list_name(key, names) for key in status.lists)
        lines.append(("列入清单", titles))
    return lines
