"""The big figures of the cockpit, each with its change (E2).

What is counted to the present day is held against the end of the last month. What is
counted by months is that of the last month that has ended, against the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from huimin_flow.catalogue.language import in_english, say, say_count
from huimin_flow.catalogue.terms import Color
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.model.core.periods import last_day, month_before
from huimin_flow.model.core.values import Share, value
from huimin_flow.reports.core.present import Present

#: What stands for a figure that nobody knows.
UNKNOWN: Final = "—"


@value
class Figure:
    """A big figure: its label, what it means, and its change.

    ``files`` are pages with its rows; a link leads to the first that exists. ``bad``
    is true for what should not be.
    """

    label: str
    figure: str
    note: str
    change: str
    files: tuple[str, ...]
    bad: bool = False


def _change(now: int, before: int, since: str) -> str:
    """Return a difference in words: 比上月底 +3."""
    if now == before:
        return say("与{since}持平", since=since)
    return say("比{since} {difference:+,}", since=since, difference=now - before)


def _points(now: Share, before: Share, since: str) -> str:
    """Return the difference of two shares in words, in percentage points."""
    if not before.whole:
        return say("{since}没有数据", since=since)
    old, new = (round(1000 * each.part / each.whole) for each in (before, now))
    if old == new:
        return say("与{since}持平", since=since)
    difference = (new - old) / 10
    return say(
        "比{since} {difference:+.1f}个百分点", since=since, difference=difference
    )


def percent(share: Share) -> str:
    """Return a share in percent with at most one decimal, or a dash without a whole.

    Only a whole is shown as 100%.

    >>> percent(Share(part=7, whole=8)), percent(Share(part=0, whole=0))
    ('87.5%', '—')

    """
    if not share.whole:
        return UNKNOWN
    tenths = round(1000 * share.part / share.whole)
    if tenths == 1000 and share.part < share.whole:
        tenths = 999
    return f"{tenths / 10:g}%"


def figures(known: Present) -> tuple[Figure, ...]:
    """Return the big figures of the present day and of the last month."""
    return (
        listed(known),
        behind(known),
        overdue(known),
        *followed(known),
        red(known),
        heard(known),
        rated(known),
    )


def listed(known: Present) -> Figure:
    """Return how much of the city's list is executed or further."""
    label, year = say("清单事项"), known.today.year
    end = last_day(known.past)
    shares = {of: known.executed(of) for of in (year, year - 1)}
    of = next((of for of, share in shares.items() if share is not None), year)
    share = shares[of]
    if share is None:
        note = say("还没有{year}年的清单", year=year)
        return Figure(
            label=label, figure=UNKNOWN, note=note, change="", files=("lists.html",)
        )
    before = known.executed(of, on=end) or share
    note, past = say("{year}年清单,已执行及以后", year=of), shares[year - 1]
    if of == year and past is not None:
        note = say(
            "{note};{year}年 {part}/{whole}",
            note=note,
            year=year - 1,
            part=past.part,
            whole=past.whole,
        )
    return Figure(
        label=label,
        figure=f"{share.part}/{share.whole}",
        note=note,
        change=_change(share.part, before.part, say("上月底")),
        files=(f"list-{of}.html",),
    )


def behind(known: Present) -> Figure:
    """Return how many indicators are behind their plan."""
    label, sheet = say("进展滞后"), known.sheet
    files = f"progress-{known.month}.html", f"progress-{known.past}.html"
    if not sheet:
        note = say("没有在执行的任务")
        return Figure(label=label, figure=UNKNOWN, note=note, change="", files=files)
    late = [line for line in sheet if line.is_late]
    before = known.now.tasks.sheet(known.past)
    most = max((-line.days for line in late), default=0)
    return Figure(
        label=label,
        figure=f"{len(late)}/{len(sheet)}",
        note=say("项指标,最多滞后{days}天", days=most)
        if most
        else say("项指标,都按期或超前"),
        change=_change(len(late), sum(line.is_late for line in before), say("上月底"))
        if before
        else "",
        files=files,
        bad=bool(late),
    )


def overdue(known: Present) -> Figure:
    """Return how many answers to bad ratings are overdue."""
    now = sum(each.count for each in known.overdue)
    past = sum(each.before for each in known.overdue)
    oldest = min((each.oldest for each in known.overdue if each.oldest), default=None)
    return Figure(
        label=say("差评超期未答复"),
        figure=f"{now:,}",
        note=say("件,最早应于{day}答复", day=oldest) if oldest else say("件"),
        change=_change(now, past, say("上月底")),
        files=bad_ratings(known),
        bad=now > 0,
    )


def bad_ratings(known: Present) -> tuple[str, ...]:
    """Return the pages that show overdue answers."""
    year = f"services-{known.today.year}.html"
    return "bad-ratings.html?overdue=true", year, f"services-{known.past[:4]}.html"


def followed(known: Present) -> Iterator[Figure]:
    """Yield the rates of answers on time and of call-backs of a month."""
    months = [
        known.now.ratings.follow_ups(period)
        for period in (known.past, month_before(known.past))
    ]
    answers, calls = (
        [
            Share(
                part=sum(getattr(each, name).part for each in month),
                whole=sum(getattr(each, name).whole for each in month),
            )
            for month in months
        ]
        for name in ("answered_on_time", "called_back")
    )
    needed = known.book.services.follow_up.callback_percent.value
    before = _month(month_before(known.past))
    word, files = (
        _month(known.past),
        (
            f"follow-ups.html?period={known.past}",
            f"services-{known.past[:4]}.html",
        ),
    )
    notes = {
        say("差评按期答复"): (
            answers,
            say("{month}差评应答复{whole}件,按期{part}件"),
            False,
        ),
        say("实名差评回访"): (
            calls,
            say("{month}{whole}件,已回访{part}件;要求{needed}%"),
            not calls[0].reaches(needed),
        ),
    }
    for label, (shares, note, bad) in notes.items():
        yield Figure(
            label=label,
            figure=percent(shares[0]),
            note=note.format(
                month=word, part=shares[0].part, whole=shares[0].whole, needed=needed
            )
            if shares[0].whole
            else say("{month}没有要办的差评", month=word),
            change=_points(shares[0], shares[1], before) if shares[0].whole else "",
            files=files,
            bad=bad,
        )


def _month(period: str) -> str:
    """Return a month of a year that is clear: 12月."""
    if in_english():
        return period_in_words(period)
    return say("{month}月", month=int(period[5:]))


def red(known: Present) -> Figure:
    """Return how many units are red."""
    label, colors = say("红色单位"), known.colors
    if colors is None:
        note = say("还没有公布过五色图")
        return Figure(
            label=label, figure=UNKNOWN, note=note, change="", files=("months.html",)
        )
    units = [unit for group in colors.groups.values() for unit in group]
    now = sum(unit.color is Color.RED for unit in units)
    before = sum(unit.before is Color.RED for unit in units)
    twice = sum(unit.color is Color.RED is unit.before for unit in units)
    return Figure(
        label=label,
        figure=str(now),
        note=say(
            "{month},共{units}个单位;连续两月红{twice}个",
            month=period_in_words(colors.period),
            units=len(units),
            twice=twice,
        ),
        change=_change(now, before, _month(month_before(colors.period)))
        if any(unit.before for unit in units)
        else say("上月没有五色图"),
        files=(f"month-{colors.period}.html",),
        bad=now > 0,
    )


def heard(known: Present) -> Figure:
    """Return how many appeals a month brought."""
    counts = {each.month: each.total for each in known.appeals}
    now, before = known.past, month_before(known.past)
    words = _month(now), _month(before)
    rate = ""
    if counts.get(before):
        rate = say(
            "比{since} {rate:+.1f}%",
            since=words[1],
            rate=100 * (counts[now] - counts[before]) / counts[before],
        )
    so_far = say_count("本月至今{count}件", counts.get(known.month, 0))
    return Figure(
        label=say("群众诉求"),
        figure=f"{counts[now]:,}" if now in counts else UNKNOWN,
        note=say("{month}收到,件;{so_far}", month=words[0], so_far=so_far)
        if now in counts
        else say("{month}还没有收到诉求;{so_far}", month=words[0], so_far=so_far),
        change=rate,
        files=(f"appeals.html?first={now}&last={now}",),
    )


def rated(known: Present) -> Figure:
    """Return the share of good ratings of a month."""
    now, before = (
        Share(
            part=sum(each.good.part for each in units),
            whole=sum(each.good.whole for each in units),
        )
        for units in map(
            known.now.ratings.month_of_units, (known.past, month_before(known.past))
        )
    )
    word = _month(known.past)
    return Figure(
        label=say("好评率"),
        figure=percent(now),
        note=say(
            "{month}评价{whole:,}件,差评{bad:,}件",
            month=word,
            whole=now.whole,
            bad=now.whole - now.part,
        )
        if now.whole
        else say("{month}没有收到评价", month=word),
        change=_points(now, before, _month(month_before(known.past)))
        if now.whole
        else "",
        files=(f"services-{known.past[:4]}.html",),
    )
