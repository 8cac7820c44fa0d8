"""The values of an item's page, read from a snapshot and put into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from huimin_flow.catalogue.terms import (
    Criterion,
    Scope,
    StalePart,
    State,
    Step,
)
from huimin_flow.errors import StoreRefused
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.values import value
from huimin_flow.model.items import Item, Link, Preview
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.reports.core.histories import (
    EventLine,
    event_lines,
    event_words,
    finding,
    in_words,
    list_name,
)
from huimin_flow.rules.sensing import screening
from huimin_flow.states.table import ENDS, LIFE, MAIN_LINE

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot


#: Steps that cannot simply be taken again, besides those that end an item.
_ASKED = frozenset({Step.MERGE, Step.SPLIT})


@value
class LinkLine:
    """A link of an item to another item: its label, and the other's state."""

    label: str
    number: str
    title: str
    state: str


@value
class ItemPage:
    """The content of an item's page."""

    number: str
    title: str
    state: str
    unit: str
    appeals: int
    people: int
    links: tuple[LinkLine, ...]
    history: tuple[EventLine, ...]
    targets: tuple[str, ...] = ()


def item_page(now: Snapshot, number: str) -> ItemPage:
    """Return an item's page: its fields, its links, its history.

    Raises:
        NotFound: if no item has the number.

    """
    item = now.items.get(number)
    organization = now.rulebook.active().organization
    names = organization.names
    posts = {
        person.id: f"{person.id}({names.get(person.unit, person.unit)})"
        for person in organization.people
    }

    @cache
    def book(digest: str | None) -> Rulebook | None:
        """Return the rulebook that an event names, for its words; None if missing."""
        try:
            return now.rulebook.active(str(digest))
        except (StoreRefused, ValueError):
            return None

    events = now.items.history(number)
    lines = event_lines(
        (recorded.event for recorded in events),
        lambda event: event_words(event, book(event.rulebook), names),
    )
    history = (
        replace(
            line,
            at=line.at[:16],
            actor=posts.get(line.actor, line.actor),
            leaf=recorded.leaf[:16],
        )
        for line, recorded in zip(lines, events, strict=True)
    )
    tally = now.items.tally(number)
    return ItemPage(
        number=number,
        title=item.title,
        state=item.state.label,
        unit=names.get(item.unit, item.unit),
        appeals=tally.appeals,
        people=tally.people,
        links=link_lines(now.items.links(number)),
        history=tuple(history),
        targets=target_lines(now.items.fulfilments(number)),
    )


def item_facts(now: Snapshot, item: Item) -> list[tuple[str, str]]:
    """Return what a person needs to know of an item: a label and a text each."""
    book = now.rulebook.active()
    names, tally = book.organization.names, now.items.tally(item.number)
    number = item.number
    lines = [
        ("编号", number),
        ("标题", item.title),
        ("状态", f"{item.state.label}(第{item.version}版)"),
        ("下一步", next_step(item, book.organization)),
        ("来源", item.origin.label),
        ("板块", item.area.label),
        ("单位", names.get(item.unit, item.unit)),
        ("诉求", f"{tally.appeals}条,{tally.people}人,{tally.places}地"),
        ("普遍性", _prevalence(item, tally, book)),
        ("筛选得分", item.screening_score or "—"),
        ("惠民有感强度", item.perceived_benefit or "—"),
        ("星级", str(item.stars or "—")),
    ]
    if item.edition:
        lines.append(("清单", f"{list_name(item.edition, names)}({item.edition})"))
    if item.state in {State.REJECTED, State.DEFERRED, State.CLOSED}:
        events = [recorded.event for recorded in now.items.history(number)]
        moved = [each for each in events if each.target != each.source]
        words = event_words(moved[-1], book, names)
        lines += [("为何", f"{item.state.label}:{words}")] if words else []
    if item.plan is not None:
        lines.append(("方案", item.plan.deliverable or "—"))
        results = {result.task: result for result in item.results}
        for task in item.plan.tasks:
            unit, result = names.get(task.unit, task.unit), results.get(task.key)
            end = "" if result is None else _DONE[result.met]
            text = f"{task.key} {task.title},{unit},{task.due}到期{end}"
            lines.append(("任务", text))
    lines += [("指标", line) for line in target_lines(now.items.fulfilments(number))]
    if item.evaluation_passed is not None:
        passed = "通过" if item.evaluation_passed else "未通过"
        text = f"落实度{item.fulfilment},满意度{item.satisfaction}%,{passed}"
        lines.append(("最终评价", text))
    if item.recommendation is not None:
        lines.append(("动态调整", f"{item.recommendation.label}:{item.grounds}"))
    lines += [("存疑", StalePart(part).label) for part in item.stale]
    return lines + [
        (link.label, f"{link.number} {link.state} {link.title}")
        for link in link_lines(now.items.links(number))
    ]


def _prevalence(item: Item, tally: Tally, book: Rulebook) -> str:
    """Return the prevalence of the screening, or what a screening would find now."""
    if item.state is not State.COLLECTED:
        return "—" if item.prevalence is None else str(item.prevalence)
    rule = book.rules.screening
    if Criterion.PREVALENCE not in rule.criteria[item.origin].weights:
        return "—"
    return f"{screening.prevalence(tally, rule.prevalence)}(此刻算得)"


_DONE = {True: ",已完成", False: ",未完成"}


def next_step(item: Item, organization: Organization) -> str:
    """Return the step that leads an item on, and the roles that may take it.

    A failed evaluation leads back to the tasks, a deferred item is revived.
    """
    step = _LEADS_ON.get(item.state)
    if item.state is State.EVALUATED and item.evaluation_passed is False:
        step = Step.REWORK
    if step is None:
        return "—"
    unit = organization.name_of(item.unit)
    lead = organization.areas.get(item.area)
    whose = {
        Scope.OWN: unit,
        Scope.AREA: "" if lead is None else organization.name_of(lead.lead_unit),
        Scope.ALL: "",
    }
    who = dict.fromkeys(
        f"{whose[permission.scope]}{role.label}"
        for role, permissions in organization.roles.items()
        for permission in permissions
        if step in permission.steps
    )
    return f"{step.label},由{'、'.join(who)}办理"


#: The states of the main line to the end, each with the next.
_ROADS = {*pairwise((*MAIN_LINE, State.CLOSED))}

#: By state: the step that leads an item on.
_LEADS_ON = {
    arc.source: arc.step for arc in LIFE if (arc.source, arc.target) in _ROADS
} | {State.DEFERRED: Step.REVIVE}


def target_lines(targets: Sequence[Verdict]) -> tuple[str, ...]:
    """Return a line for each indicator: its finding and its percentage."""
    return tuple(
        in_words(verdict) + (f"(达成{verdict.score}%)" if verdict.score else "")
        for verdict in targets
    )


def last_finding(now: Snapshot, number: str) -> str:
    """Return the rule's finding at an item's last event, in words."""
    recorded = now.items.history(number)
    return finding(recorded[-1].event) if recorded else ""


def asks(preview: Preview) -> bool:
    """Return whether a step is confirmed again: it ends something, or lacks voices."""
    unheard = preview.prevalence is not None and not preview.tally.appeals
    return preview.target in ENDS or preview.step in _ASKED or unheard


def preview_line(preview: Preview) -> str:
    """Return in one line what a step would do to an item, with the counts."""
    tally = preview.tally
    heard = f"诉求{tally.appeals}条、{tally.people}人"
    if preview.prevalence is not None:
        heard += f",普遍性{preview.prevalence}"
    parts = [in_words(preview.verdict)] if preview.verdict else []
    if preview.target is not None and preview.target is not preview.item.state:
        parts.append(
            f"事项将由“{preview.item.state.label}”转为“{preview.target.label}”"
        )
    if preview.step is Step.CLOSE and preview.item.evaluation_passed is False:
        parts.append("最终评价不合格")
    if preview.lists and preview.step is Step.CANCEL:
        parts.append(f"将从{len(preview.lists)}份清单中撤下")
    parts.append(heard if tally.appeals else f"还没有挂接诉求,{heard}")
    return f"{preview.item.number} {preview.item.title}\n{';'.join(parts)}"


def link_lines(links: Iterable[Link]) -> tuple[LinkLine, ...]:
    """Return an item's links in both directions."""
    return tuple(
        LinkLine(
            label=(_ABOVE if link.above else _BELOW)[link.field],
            number=link.item.number,
            title=link.item.title,
            state=link.item.state.label,
        )
        for link in links
    )


#: By the field of the link: what the upper item is to the lower item.
_ABOVE = {
    "continues": "接续自",
    "responds_to": "响应",
    "arises_from": "源于",
    "split_from": "拆分自",
    "merged_into": "并入",
}

#: By the field of the link: what the lower item is to the upper item.
_BELOW = {
    "continues": "由其接续",
    "responds_to": "由其响应",
    "arises_from": "由此产生",
    "split_from": "拆分出",
    "merged_into": "并入本事项",
}
