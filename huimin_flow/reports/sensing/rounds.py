"""The screening desk, its rounds, and suggestions from texts in words (A3, X1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_list,
    say_note,
    say_phrase,
)
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    LifeStage,
    ScreeningOrder,
    StreamKind,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file
from huimin_flow.reports.core.present import tally_notes
from huimin_flow.reports.core.render import Page
from huimin_flow.rules.sensing.suggesting import suggest

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.rulebook import Rulebook
    from huimin_flow.model.sensing.rounds import Candidate, ScreeningRound
    from huimin_flow.model.sensing.suggestions import Proposed, Suggestion

#: The columns of an item on the desk.
HEAD: Final = (
    "事项", "标题", "来源类型", "单位", "诉求", "普遍性", "增长", "其余须达",
    "预计得分", "还缺", "期限", "是否超期",
)  # fmt: skip


def candidate_row(sight: Sight, line: Candidate) -> Row:
    """Return an item on the desk: its figures, what it needs, who supplies that."""
    tally = line.tally
    late = line.due is not None and line.due < local_day(sight.now.moment())
    return (
        Ref(line.number, item_file(line.number)),
        line.title,
        line.origin.spoken,
        sight.unit(line.unit),
        say_clauses(
            say(
                "{appeals}条、{people}人、{places}地、{channels}渠道、{days}天",
                appeals=tally.appeals,
                people=tally.people,
                places=tally.places,
                channels=tally.channels,
                days=tally.days,
            ),
            *tally_notes(tally),
        ),
        line.prevalence,
        growth_words(line),
        say("不可达") if line.needed is None else line.needed,
        line.score,
        lacking_words(line),
        line.due or "",
        say("超期") if late else "",
    )


def desk_row(sight: Sight, line: Candidate) -> Row:
    """Return an item as it waits now, with what its text says against its area."""
    item = sight.now.items.get(line.number)
    made = suggest(item.title, item.description, sight.book.suggestions)
    bodies, words = sight.book.rules.referral_bodies, ""
    if made.elsewhere is not None:
        body = made.elsewhere.subject
        other = grounded(bodies.get(body, body), made.elsewhere)
        words = say("可能不属本局职责,可转{other}", other=other)
    elif made.area is not None and made.area.subject != line.area:
        other = grounded(Area(made.area.subject).spoken, made.area)
        words = say("板块或为{other}", other=other)
    return (*candidate_row(sight, line), words)


def growth_words(line: Candidate) -> str:
    """Return by how many appeals an item grew, with both counts."""
    sign = "+" if line.growth > 0 else ""
    return say_note(f"{sign}{line.growth}", f"{line.before}→{line.last}")


def lacking_words(line: Candidate) -> str:
    """Return the criteria that nobody has scored, each with who supplies it."""
    return say_list(
        say_note(criterion.spoken, supplier.spoken)
        for criterion, supplier in line.lacking
    )


def _round_row(_: Sight, drawn: ScreeningRound) -> Row:
    """Return a round: its day, how many items it has, and how many were not ours."""
    overdue = [each for each in drawn.candidates if each.due and each.due < drawn.day]
    return (
        Ref(drawn.key, round_file(drawn.key)),
        drawn.day,
        len(drawn.candidates),
        len(overdue),
        sum(drawn.referred.values()),
    )


def round_file(key: str) -> str:
    """Return the file of a round's page.

    >>> round_file("screening_round/2026-12")
    'screening-2026-12.html'

    """
    return f"screening-{key.partition('/')[2]}.html"


#: The desk as it stands now.
DESK: Final = Listing(
    name="screening",
    title="筛选台",
    question="screening.list",
    head=(*HEAD, "系统建议"),
    empty="没有待筛选的事项",
    row=desk_row,
    labels={"overdue": "只看超期的"},
)

#: The rounds that were drawn up.
ROUNDS: Final = Listing(
    name="screening-rounds",
    title="历次定期筛选",
    question="screening.rounds",
    count="count_rounds",
    head=("筛选台", "截至", "待筛选", "超期", "不属本局"),
    empty="还没有定期筛选",
    row=_round_row,
)


def round_page(now: Snapshot, period: str) -> Page:
    """Return the page of a round, as it was drawn up.

    Raises:
        NotFound: if no round has the period.

    """
    drawn = now.screening.get(StreamKind.SCREENING_ROUND.key(period))
    sight = Sight(now, now.rulebook.active().organization.names)
    bodies = sight.book.rules.referral_bodies
    counts = drawn.referred.items()
    referred = say_list(say_note(bodies.get(body, body), n) for body, n in counts)
    notes = [order_words(drawn.span, drawn.day)]
    if referred:
        notes.append(say("不属本局职责的已转:{bodies}", bodies=referred))
    return Page(
        file=round_file(drawn.key),
        template="rows.html.j2",
        title=say("{when}筛选台", when=period_in_words(period)),
        values={
            "notes": notes,
            "head": [say(text) for text in HEAD],
            "rows": [candidate_row(sight, line) for line in drawn.candidates],
            "empty": say(DESK.empty),
        },
    )


def order_words(span: int, day: date) -> str:
    """Return in words by what the desk is ordered, and what its growth compares."""
    order = say_list(part.spoken for part in ScreeningOrder)
    return say(
        "截至{day}。次序:{order};增长为最近{span}天与此前{span}天的诉求相比",
        day=day,
        order=order,
        span=span,
    )


def proposed_words(made: Suggestion, book: Rulebook) -> Iterator[tuple[str, str]]:
    """Yield a suggestion in lines: area, life stage, place, who else is in charge."""
    area, stage, other = made.area, made.life_stage, made.elsewhere
    yield (
        Argument.AREA.spoken,
        grounded(Area(area.subject).spoken, area) if area else say("没有建议"),
    )
    yield (
        Argument.LIFE_STAGE.spoken,
        grounded(LifeStage(stage.subject).spoken, stage) if stage else say("没有建议"),
    )
    if made.place is not None:
        yield say("地点"), grounded(place_name(made.place, book), made.place)
    if other is not None:
        bodies = book.rules.referral_bodies
        name = bodies.get(other.subject, other.subject)
        yield say("可能不属本局职责,可转"), grounded(name, other)


def place_name(place: Proposed, book: Rulebook) -> str:
    """Return the district, town and village of a suggested place."""
    organization = book.organization
    town = organization.town(place.town) if place.town else ""
    return say_phrase(organization.name_of(place.subject), town or "", place.village)


def grounded(name: str, proposed: Proposed) -> str:
    """Return a suggestion with its points, and the terms that earned them."""
    terms = say_list(
        say(
            "{part}“{term}”{points}分",
            part=say_phrase(
                "" if ground.naming is None else f"{ground.naming.spoken} ",
                ground.part.spoken,
            ),
            term=ground.term,
            points=ground.points,
        )
        for ground in proposed.grounds
    )
    points = say("{points}分", points=proposed.points)
    return say_note(f"{name} {points}", terms)
