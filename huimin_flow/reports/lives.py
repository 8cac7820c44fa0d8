"""An item's page: where it stands on the line of nine, its parts, its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_count,
    say_list,
    say_note,
    say_pair,
)
from huimin_flow.catalogue.terms import MeetingState
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import local_day
from huimin_flow.errors import StoreRefused
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.values import value
from huimin_flow.model.items import Attachment, Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.reports.agreements import (
    AssessmentLine,
    OutcomeLine,
    assessment_line,
    outcome_lines,
)
from huimin_flow.reports.core.histories import (
    EventLine,
    event_lines,
    event_words,
    list_name,
)
from huimin_flow.reports.core.lists import Row, Sight, list_file
from huimin_flow.reports.core.present import tally_notes
from huimin_flow.reports.deciding.beside import BesideLine, beside_lines
from huimin_flow.reports.deciding.meetings import meeting_file
from huimin_flow.reports.executing.surveys import measure_words, survey_lines
from huimin_flow.reports.executing.tasks import (
    cover_lines,
    waiting_returns,
)
from huimin_flow.reports.improving.advice import advice_lines
from huimin_flow.reports.improving.engagements import engagements_of
from huimin_flow.reports.improving.orders import order_lines
from huimin_flow.reports.improving.rectification import rectification_lines
from huimin_flow.reports.improving.replication import replicated
from huimin_flow.reports.items import (
    LinkLine,
    item_facts,
    link_lines,
    list_naming,
    strength_lines,
    target_lines,
)
from huimin_flow.reports.scoring.explained import why_file
from huimin_flow.reports.sensing.ways import count_rows, result_words
from huimin_flow.states.table import MAIN_LINE

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.events import Event, Recorded

#: How many appeals of an item are counted by channel.
_COUNTED: Final = 1000

#: The facts that stand in a page's heading: number and title.
_HEADING: Final = 2


@value
class Stage:
    """A state of the line of nine: the day on which the item reached it, and its stay.

    ``day`` is empty if it has not reached the state, or went back behind it. ``days``
    is the stay in words. ``now`` is true where it stands.
    """

    label: str
    day: str = ""
    days: str = ""
    now: bool = False


@value
class TaskLine:
    """A task of the plan: its unit, its due day, and what became of it."""

    key: str
    title: str
    unit: str
    due: str
    result: str


class Listed(NamedTuple):
    """The list on which an item is: the file of its page, and its name."""

    file: str
    name: str


@value
class ItemPage:
    """The content of an item's page.

    ``aside`` is the state of an item that stands beside the line of nine, or "".
    ``channels`` are the channels of its own appeals with their counts. ``inherited``
    says how many appeals come from the item that it continues. ``meetings`` are
    pairs of a heading and a text. ``plan`` are pairs, too, and each piece of
    ``advice``, ``orders``, ``rectifications``, ``replicated`` has such pairs.
    ``replicated`` are its practices, and what it replicates; ``engagements`` are
    pages with such pairs. ``beside`` compares it
    with the item that it continues; ``strength`` are the parts of its perceived
    benefit; ``ways`` are the rows of the way of its appeals, in counts; ``rows`` are
    the pages of the rows behind its units' last published month, with their names.
    """

    number: str
    title: str
    state: str
    unit: str
    appeals: int
    people: int
    inherited: tuple[str, ...]
    links: tuple[LinkLine, ...]
    history: tuple[EventLine, ...]
    targets: tuple[str, ...]
    stages: tuple[Stage, ...]
    aside: str
    facts: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    meetings: tuple[tuple[str, str, str], ...]
    assessments: tuple[AssessmentLine, ...]
    surveys: tuple[tuple[tuple[str, str], ...], ...]
    advice: tuple[tuple[tuple[str, str], ...], ...]
    orders: tuple[tuple[tuple[str, str], ...], ...]
    engagements: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    rectifications: tuple[tuple[tuple[str, str], ...], ...]
    replicated: tuple[tuple[tuple[str, str], ...], ...]
    beside: tuple[BesideLine, ...]
    strength: tuple[str, ...]
    plan: tuple[tuple[str, str], ...]
    outcomes: tuple[OutcomeLine, ...]
    tasks: tuple[TaskLine, ...]
    cover: tuple[tuple[str, str], ...]
    returned: tuple[str, ...]
    listed: Listed | None
    attachments: tuple[Attachment, ...]
    ways: tuple[Row, ...]
    rows: tuple[tuple[str, str], ...]


def item_page(now: Snapshot, number: str) -> ItemPage:
    """Return an item's page: its place on the line, its fields, links and history.

    Raises:
        NotFound: if no item has the number.

    """
    item = now.items.get(number)
    organization = now.rulebook.active().organization
    names = organization.names
    recorded, tally = now.items.history(number), now.items.tally(number)
    events = [each.event for each in recorded]
    posts = posts_of(organization)
    return ItemPage(
        number=number,
        title=item.title,
        state=item.status.spoken,
        unit=names.get(item.unit, item.unit),
        appeals=tally.appeals,
        people=tally.people,
        inherited=tally_notes(tally),
        links=link_lines(now.items.links(number)),
        history=tuple(history_lines(now, recorded, organization)),
        targets=target_lines(now.items.fulfilments(number), names),
        stages=tuple(stages(item, events, local_day(now.moment()))),
        aside="" if item.state in MAIN_LINE else item.status.spoken,
        facts=tuple(item_facts(now, item, plan=False)[_HEADING:]),
        channels=tuple(_channels(now, number)),
        meetings=tuple(meeting_lines(now, item, organization)),
        assessments=tuple(
            assessment_line(made, now.assessments.findings(made.key), names)
            for made in reversed(now.assessments.list(item=number))
        ),
        surveys=tuple(
            tuple(survey_lines(known, posts)) for known in now.surveys.list(item=number)
        ),
        advice=tuple(
            tuple(advice_lines(known, names, posts))
            for known in now.advice.list(item=number)
        ),
        orders=tuple(
            tuple(order_lines(order, names, posts))
            for order in now.orders.list(item=number)
        ),
        engagements=engagements_of(now, number, posts),
        rectifications=tuple(
            tuple(rectification_lines(now.rectifications.get(line.key), names, posts))
            for line in now.rectifications.list(item=number)
        ),
        replicated=tuple(replicated(now, item, names, posts)),
        beside=beside_lines(now, item),
        strength=strength_lines(now.items.strength(number)),
        plan=tuple(plan_lines(item, names)),
        outcomes=tuple(outcome_lines(item)),
        tasks=tuple(task_lines(item, organization)),
        cover=tuple(cover_lines(now, item)),
        returned=tuple(waiting_returns(now, item)),
        listed=Listed(list_file(key), list_name(key, names))
        if (key := list_naming(now, item))
        else None,
        attachments=tuple(now.items.attachments(number)),
        ways=tuple(
            count_rows(Sight(now, names), now.appeals.ways(number), result_words(item))
        ),
        rows=tuple(_rows(now, item, organization)),
    )


def _rows(
    now: Snapshot, item: Item, organization: Organization
) -> Iterator[tuple[str, str]]:
    """Yield the pages of rows of the last month of the units that have its tasks."""
    months = now.scores.periods().months if item.plan else ()
    if item.plan is None or not months:
        return
    last = last_day(months[-1])
    ranked = {unit.code for unit in organization.units_on(last) if unit.ranked}
    owners = (organization.heir(task.unit, last) for task in item.plan.tasks)
    for unit in dict.fromkeys(owners):
        if unit in ranked:
            name = organization.names.get(unit, unit)
            yield why_file(months[-1], unit), f"{name} {period_in_words(months[-1])}"


def _channels(now: Snapshot, number: str) -> Iterator[str]:
    """Yield the channels of an item's own appeals, with their counts."""
    names = {one.key: one.name for one in now.rulebook.active().channels.intake}
    heard = now.appeals.list(item=number, limit=_COUNTED)
    for key, count in Counter(appeal.channel for appeal in heard).most_common():
        yield say_count("{channel} {count}件", count, channel=names.get(key, key))


def posts_of(organization: Organization) -> dict[str, str]:
    """Return each post with the name of its unit, as pages show it."""
    names = organization.names
    return {
        person.id: say_note(person.id, names.get(person.unit, person.unit))
        for person in organization.people
    }


def history_lines(
    now: Snapshot, recorded: Sequence[Recorded], organization: Organization
) -> Iterator[EventLine]:
    """Yield what happened, each event in the words of the rulebook of its day."""
    names, posts = organization.names, posts_of(organization)

    @cache
    def book(digest: str | None) -> Rulebook | None:
        """Return the rulebook that an event names, for its words; None if missing."""
        try:
            return now.rulebook.active(str(digest))
        except (StoreRefused, ValueError):
            return None

    lines = event_lines(
        (each.event for each in recorded),
        lambda event: event_words(event, book(event.rulebook), names),
    )
    for line, each in zip(lines, recorded, strict=True):
        actor, words = posts.get(line.actor, line.actor), line.words
        if each.declared:
            words = say_clauses(say("时钟曾走错,时间不实"), *filter(None, [words]))
        at, leaf = line.at[:16], each.leaf[:16]
        yield replace(line, at=at, actor=actor, words=words, leaf=leaf)


def stages(item: Item, events: Sequence[Event], today: date) -> Iterator[Stage]:
    """Yield the states of the line of nine with the item's last way through them."""
    reached: dict[str, date] = {}
    for event in events:
        if event.target == event.source:
            continue
        if event.target in MAIN_LINE:
            place = MAIN_LINE.index(event.target)
            for later in MAIN_LINE[place:]:
                reached.pop(later, None)
            reached[event.target] = event.occurred_on
    end = today if item.state in MAIN_LINE else events[-1].occurred_on
    passed = [state for state in MAIN_LINE if state in reached]
    ends = [*(reached[state] for state in passed[1:]), end]
    stays = {
        state: (left - reached[state]).days
        for state, left in zip(passed, ends, strict=False)
    }
    for state in MAIN_LINE:
        day, stay = reached.get(state), stays.get(state)
        yield Stage(
            label=state.spoken,
            day="" if day is None else day.isoformat(),
            days="" if stay is None else say_count("停留{count}天", stay),
            now=state is item.state,
        )


def meeting_lines(
    now: Snapshot, item: Item, organization: Organization
) -> Iterator[tuple[str, str, str]]:
    """Yield each meeting on the item, what it minuted, and its page if it is closed."""
    units = {person.id: person.unit for person in organization.people}
    for held in now.meetings.list(item=item.number):
        chair = organization.names.get(units.get(held.chair, ""), held.chair)
        heading = say(
            "{day} 由{chair}({post})主持",
            day=held.held_on,
            chair=chair,
            post=held.chair,
        )
        minutes = held.postponed.get(item.number)
        said = held.minutes if minutes is None else say_pair(say("缓议"), minutes)
        if held.state is MeetingState.CLOSED:
            yield heading, said, meeting_file(held.key)
        else:
            yield heading, say_note(held.state.spoken, say("结论待办结后公布")), ""


def plan_lines(item: Item, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields of the plan that are filled in."""
    plan = item.plan
    if plan is None:
        return
    helping = say_list(
        say_note(names.get(each.unit, each.unit), each.part)
        if each.part
        else names.get(each.unit, each.unit)
        for each in plan.supporting_units
    )
    pairs = (
        ("配合单位", helping),
        ("成果", plan.deliverable),
        ("承载平台", plan.carrier),
        ("实施路径", plan.path),
        ("方式", plan.method),
        ("满意度测评方式", measure_words(plan.satisfaction_measure)),
    )
    for label, text in pairs:
        if text:
            yield say(label), text


def task_lines(item: Item, organization: Organization) -> Iterator[TaskLine]:
    """Yield the tasks of the plan with their results."""
    results = {result.task: result for result in item.results}
    for task in item.plan.tasks if item.plan else ():
        result = results.get(task.key)
        words = ""
        if result is not None:
            words = say("已完成") if result.met else say("未完成")
            words = say_note(words, result.excuse) if result.excuse else words
        yield TaskLine(
            key=task.key,
            title=task.title,
            unit=organization.names.get(task.unit, task.unit),
            due=task.due.isoformat(),
            result=words,
        )
