"""The values of an item's page, read from a snapshot and put into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import (
    in_english,
    say,
    say_clauses,
    say_count,
    say_list,
    say_note,
    say_pair,
    say_phrase,
    say_sentences,
)
from huimin_flow.catalogue.reasons import sentence, spoken
from huimin_flow.catalogue.terms import (
    AssessmentState,
    Criterion,
    Scope,
    StalePart,
    State,
    Step,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import area_of_list, unit_of_list
from huimin_flow.model.items import Item, Link
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.reports.core.histories import (
    event_words,
    in_words,
    list_name,
)
from huimin_flow.reports.core.present import figures_words, tally_notes
from huimin_flow.rules.sensing import screening
from huimin_flow.states.table import LIFE, MAIN_LINE

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.deciding.assessments import Assessment


#: An accepted high risk whose treatment is not accepted: it stops the item.
_AT_RISK = frozenset({AssessmentState.AT_RISK, AssessmentState.TREATED})


@value
class LinkLine:
    """A link of an item to another item: its label, and the other's state."""

    label: str
    number: str
    title: str
    state: str


def list_naming(now: Questions, item: Item) -> str | None:
    """Return the city's published list that has an item, else its unit's, or None."""
    listed = () if item.edition is None else now.lists.list(item=item.number)
    for known in listed:
        if unit_of_list(known.key) is None and area_of_list(known.key) is None:
            issued = now.lists.editions(known.key)[-1:]
            if any(p.item == item.number for each in issued for p in each.places):
                return known.key
    return item.edition


def item_facts(
    now: Snapshot, item: Item, *, plan: bool = True
) -> list[tuple[str, str]]:
    """Return what a person needs to know of an item: a label and a text each.

    Without ``plan`` they leave out its list, plan, targets and links.
    """
    book = now.rulebook.active()
    names, tally = book.organization.names, now.items.tally(item.number)
    number, assessed = item.number, now.assessments.list(item=item.number)[::-1]
    lines = [
        ("编号", number),
        ("标题", item.title),
        ("状态", stands(item)),
        ("下一步", _unless_stopped(next_step(item, book.organization), assessed)),
        ("来源", item.origin.spoken),
        ("板块", item.area.spoken),
        ("单位", names.get(item.unit, item.unit)),
        ("诉求", _heard(tally)),
        *_repeated(now, item),
        ("普遍性", _prevalence(item, tally, book)),
        ("筛选得分", item.screening_score or "—"),
        ("惠民有感强度", item.perceived_benefit or "—"),
        ("星级", str(item.stars or "—")),
        *(_parts(now, item) if plan else ()),
    ]
    lines += [
        ("评估", say_pair(each.kind.spoken, say_note(each.state.spoken, each.assessor)))
        for each in assessed
    ]
    if plan and (key := list_naming(now, item)):
        lines.append(("清单", say_note(list_name(key, names), key)))
    if item.state in {State.REJECTED, State.DEFERRED, State.CLOSED}:
        events = [recorded.event for recorded in now.items.history(number)]
        moved = [each for each in events if each.target != each.source]
        words = event_words(moved[-1], book, names)
        lines += [("为何", say_pair(item.status.spoken, words))] if words else []
    lines += _planned(now, item, names) if plan else ()
    if item.plan is not None and item.edition is not None:
        from huimin_flow.reports.deciding.editions import (  # noqa: PLC0415 - heavy
            promised_lines,
        )

        lines += [("与清单不一致", text) for text in promised_lines(now, item)]
    if item.evaluation_passed is not None:
        figures = figures_words(item.fulfilment, item.satisfaction)
        passed = say("通过") if item.evaluation_passed else say("未通过")
        grade = "—" if item.result is None else item.result.spoken
        lines.append(("最终评价", say_clauses(figures, say_note(passed, grade))))
        if item.sample is not None:
            from huimin_flow.reports.executing.surveys import (  # noqa: PLC0415 - as above
                sample_words,
            )

            words = sample_words(item.sample)
            lines += [("满意度来源", words)] if words else []
    if item.recommendation is not None:
        lines.append(("动态调整", say_pair(item.recommendation.spoken, item.grounds)))
    lines += [("存疑", StalePart(part).spoken) for part in item.stale]
    lines += _own(now, item)
    links = link_lines(now.items.links(number)) if plan else ()
    return [(say(label), text) for label, text in lines] + [
        (link.label, f"{link.number} {link.state} {link.title}") for link in links
    ]


def _own(now: Snapshot, item: Item) -> Iterator[tuple[str, str]]:
    """Yield the own fields of an item, by their labels if their extension is here."""
    named = now.rulebook.active().extensions  # what they say is known from here on
    known = {entry.key: entry for entry in now.items.own(item.number)} if named else {}
    for each in item.own:
        entry, text = known.get(each.key), each.text
        if isinstance(each.value, bool):
            text = say("是") if each.value else say("否")
        elif isinstance(each.value, tuple):
            text = say_list(each.value)
        label = "" if entry is None else entry.english if in_english() else entry.label
        yield label or each.key, text
    if named:
        yield from _left(now, item)


def _left(now: Snapshot, item: Item) -> Iterator[tuple[str, str]]:
    """Yield why guards of hosts let no job list or transfer an item (E1)."""
    names = now.rulebook.active().organization.names
    if item.state is State.STARRED:
        for listed in now.lists.list(unit=item.unit):
            why = [
                spoken(out.reason)
                for out in listed.left_out
                if out.item == item.number and "." in out.reason.code
            ]
            if why:
                yield (
                    "未列入",
                    say_pair(list_name(listed.key, names), say_sentences(why)),
                )
    for ended in now.items.successions():
        if item.number in ended.refused:
            unit = names.get(ended.former, ended.former)
            gone = say("{unit}已于{day}撤销", unit=unit, day=ended.ended)
            why = [spoken(reason) for reason in ended.refused[item.number]]
            yield "未移交", say_pair(gone, say_sentences(why))


def _planned(
    now: Snapshot, item: Item, names: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield an item's plan: what is made, by which tasks, what was agreed."""
    if item.plan is not None:
        from huimin_flow.reports.agreements import (  # noqa: PLC0415 - heavy
            outcome_lines,
        )
        from huimin_flow.reports.executing.feeds import (  # noqa: PLC0415 - heavy
            fed_lines,
        )
        from huimin_flow.reports.executing.tasks import (  # noqa: PLC0415 - heavy
            cover_lines,
        )

        yield ("方案", item.plan.deliverable or "—")
        results = {result.task: result for result in item.results}
        for task in item.plan.tasks:
            unit, result = names.get(task.unit, task.unit), results.get(task.key)
            parts = [f"{task.key} {task.title}", unit, say("{day}到期", day=task.due)]
            parts += [] if result is None else [say(_DONE[result.met])]
            yield ("任务", say_clauses(*parts))
        covered = cover_lines(now, item)
        yield from (("覆盖", say_pair(target, words)) for target, words in covered)
        for agreed in outcome_lines(item):
            parts = [f"{agreed.key} {agreed.statement}", agreed.agreed, agreed.result]
            yield ("约定效果", say_clauses(*filter(None, parts)))
        names = now.rulebook.active().organization.names
        targets = target_lines(now.items.fulfilments(item.number), names)
        yield from (("指标", line) for line in targets)
        yield from (("回流", text) for text in fed_lines(now, item.number))


def stands(item: Item) -> str:
    """Return an item's state and version."""
    text = "{state}(第{version}版)"
    return say(text, state=item.status.spoken, version=item.version)


def _repeated(now: Snapshot, item: Item) -> Iterator[tuple[str, str]]:
    """Yield the ground of the bad board that a problem told again and again is (D2)."""
    verdict = now.gathering.repeat(item.number)
    if verdict.passed:
        yield "反复反映", say_clauses(*map(spoken, verdict.reasons))


def _heard(tally: Tally) -> str:
    return say_clauses(
        say_count("{count}条", tally.appeals),
        say_count("{count}人", tally.people),
        say_count("{count}地", tally.places),
        *tally_notes(tally),
    )


def _parts(now: Snapshot, item: Item) -> Iterator[tuple[str, str]]:
    """Yield what an item's page shows in parts of their own."""
    strength = None if item.stars is None else now.items.strength(item.number)
    for line in strength_lines(strength):
        yield "构成", line
    if item.continues is not None:
        from huimin_flow.reports.deciding.beside import (  # noqa: PLC0415 - heavy
            beside_lines,
        )

        for both in beside_lines(now, item):
            yield "上一轮", say_pair(both.label, both.before)


def strength_lines(verdict: Verdict | None) -> tuple[str, ...]:
    """Return the parts of an item's perceived benefit, a line each."""
    reasons = () if verdict is None else verdict.reasons
    return tuple(sentence(reason.code, dict(reason.values)) for reason in reasons)


def _prevalence(item: Item, tally: Tally, book: Rulebook) -> str:
    """Return the prevalence of the screening, or what a screening would find now."""
    if item.state is not State.COLLECTED:
        return "—" if item.prevalence is None else str(item.prevalence)
    rule = book.rules.screening
    if Criterion.PREVALENCE not in rule.criteria[item.origin].weights:
        return "—"
    found = screening.prevalence(tally, rule.prevalence)
    return say("{prevalence}(此刻算得)", prevalence=found)


_DONE = {True: "已完成", False: "未完成"}


def _unless_stopped(step: str, assessed: Sequence[Assessment]) -> str:
    """Return the next step, or that a high risk stops the item before it."""
    risky = [each for each in assessed if each.state in _AT_RISK]
    if not risky:
        return step
    kinds = say_list(say_note(each.kind.spoken, each.state.spoken) for each in risky)
    return say("先办妥高风险处置:{kinds};然后{step}", kinds=kinds, step=step)


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
        say_phrase(whose[permission.scope], role.spoken)
        for role, permissions in organization.roles.items()
        for permission in permissions
        if step in permission.steps
    )
    return say("{step},由{who}办理", step=step.spoken, who=say_list(who))


#: The states of the main line to the end, each with the next.
_ROADS = {*pairwise((*MAIN_LINE, State.CLOSED))}

#: By state: the step that leads an item on.
_LEADS_ON = {
    arc.source: arc.step for arc in LIFE if (arc.source, arc.target) in _ROADS
} | {State.DEFERRED: Step.REVIVE}


def target_lines(
    targets: Sequence[Verdict], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Return a line for each indicator of a task: its finding and its percentage.

    ``names`` are those of units; districts have indicators of the same name.
    """
    return tuple(
        " ".join(
            str(part)
            for part in (
                verdict.inputs["task"],
                names.get(str(verdict.inputs["unit"]), verdict.inputs["unit"]),
                in_words(verdict),
            )
            if part
        )
        + (say("(达成{score}%)", score=verdict.score) if verdict.score else "")
        for verdict in targets
    )


def link_lines(links: Iterable[Link]) -> tuple[LinkLine, ...]:
    """Return an item's links in both directions."""
    return tuple(
        LinkLine(
            label=say((_ABOVE if link.above else _BELOW)[link.field]),
            number=link.item.number,
            title=link.item.title,
            state=link.item.status.spoken,
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
