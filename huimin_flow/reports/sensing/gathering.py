"""Gathered appeals in words: what was weighed and decided, and hot problems (A6, N7).

Hot problems of a time stand beside the stages of life that speak up (X1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_clauses, say_count
from huimin_flow.catalogue.reasons import Reasons, spoken
from huimin_flow.catalogue.terms import Nearness
from huimin_flow.reports.core.lists import Ref, Row, Sight, item_file, listed
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.sensing.appeals import life_stages

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.sensing.gathering import Likeness, Problem

#: How many problems the page names.
_HOTTEST: Final = 20


def gather_file() -> str:
    """Return the desk's page of proposals."""
    return "gather.html"


def pair_words(pair: tuple[str, str]) -> str:
    """Return an appeal as commands take it, "" for none."""
    return "=".join(pair) if any(pair) else ""


def target_words(item: str, group: tuple[str, str], title: str = "") -> str:
    """Return an item with its title, or a group by its first appeal."""
    if item:
        return f"{item} {title}".rstrip()
    return say("未挂接的{appeal}一组", appeal=pair_words(group)) if any(group) else ""


def likeness_words(likeness: Likeness | None) -> str:
    """Return what was weighed, "" for what a person said."""
    if likeness is None:
        return ""
    parts = [
        say("全文{share}‰", share=likeness.whole),
        say("互含{share}‰", share=likeness.within),
        say("标题{share}‰", share=likeness.heading),
        say("相同数字{count}个", count=likeness.numbers),
        say("相隔{days}天", days=likeness.days),
    ]
    if likeness.place is not Nearness.UNKNOWN:
        parts.append(likeness.place.spoken)
    return say_clauses(*parts)


def reasons_words(reasons: Reasons) -> str:
    """Return what decided."""
    return say_clauses(*map(spoken, reasons))


@listed(
    name="problems",
    title="高频问题",
    question="gathering.groups",
    count="count_groups",
    head=(
        "问题",
        "单位",
        "诉求",
        "其中待确认",
        "较前期",
        "人数",
        "渠道",
        "地方",
        "天数",
        "最近",
    ),
    empty="这段时间没有诉求",
)
def problems(sight: Sight, problem: Problem) -> Row:
    """Return a problem: what it is, how often it was told, by whom and where."""
    channel, key = problem.group
    names = {each.key: each.name for each in sight.book.channels.intake}
    group = names.get(channel, channel), key
    words = target_words(problem.item, group, problem.title)
    places = str(problem.places)
    if problem.unplaced:
        places = say(
            "{places}(另{count}件地点不明)", places=places, count=problem.unplaced
        )
    return (
        Ref(words, item_file(problem.item)) if problem.item else words,
        sight.unit(problem.unit) if problem.unit else "",
        problem.appeals,
        problem.likely,
        f"{problem.appeals - problem.before:+d}",
        problem.people,
        len(problem.channels),
        places,
        problem.days,
        problem.last,
    )


def problems_page(now: Snapshot) -> Page:
    """Return the page of the year's hot problems and of the stages of life."""
    sight = Sight(now, now.rulebook.active().organization.names)
    told = now.gathering.groups(limit=_HOTTEST)
    hottest = [problem for problem in told if problem.appeals > 1]
    loose, waiting = now.appeals.count(loose=True), now.gathering.count()
    return Page(
        file="hot-problems.html",
        template="tables.html.j2",
        title=say("高频问题与生命周期覆盖"),
        values={
            "note": say("近一年的诉求,同一问题归并后计;“较前期”与此前一年相比。"),
            "leads": [
                (
                    "appeals.html?loose=yes",
                    say_count("尚未挂接到事项的诉求{count}件", loose),
                ),
                (gather_file(), say_count("待确认的归并{count}件", waiting)),
            ],
            "tables": [
                (
                    say(listing.title),
                    list(map(say, listing.head)),
                    [listing.row(sight, line) for line in lines],
                    say(listing.empty),
                )
                for listing, lines in (
                    (problems, hottest),
                    (life_stages, now.appeals.by_life_stage()),
                )
            ],
        },
    )
