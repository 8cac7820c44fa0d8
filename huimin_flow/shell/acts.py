"""The layout of the commands that act: what their descriptions don't say.

An act that is not here is a command by its description alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say, say_list, say_note, say_pair
from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Area, Argument, Question, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.executing.plans import TaskResult
from huimin_flow.model.items import LARGEST_FILE
from huimin_flow.reports.sensing.rounds import (
    grounded,
    place_name,
    proposed_words,
)
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.commands import act, free
from huimin_flow.shell.core.parameters import Named

if TYPE_CHECKING:
    from huimin_flow.model.deciding.deliberations import Answer
    from huimin_flow.model.items import Item
    from huimin_flow.model.services.ratings import FollowUp

Typed = Mapping[str, Any]


def _own_unit(act: Act, typed: dict[str, Any]) -> None:
    """Put the code of the unit that was named on the day, or the actor's own.

    Without an area a person at a terminal is asked for it, and sees as the default
    what the title suggests and by which terms; nobody else gets it filled in.
    """
    if typed["area"] is None:
        made = act.plain.items.suggest(typed["title"], typed["description"] or "")
        lines = dict(proposed_words(made, act.plain.rulebook.active()))
        label = Argument.AREA.spoken
        screens.echo(say_pair(label, lines[label]), err=True)
        if not sys.stdin.isatty():
            raise click.UsageError(say("缺少 --area:请选定业务板块"))
        default = Area(made.area.subject).spoken if made.area else None
        typed["area"] = values.word(Area, click.prompt(label, default, err=True))
    named, day = typed["unit"] or act.by.unit, typed.get("occurred_on")
    typed["unit"] = act.plain.people.unit(named, on=day).code


act(
    "item collect",
    settings={
        "unit": {"required": False, "type": Named(Argument.UNIT, later=True)},
        "area": {"required": False},
    },
    without=frozenset({"continues", "responds_to", "split_from"}),
    fills=_own_unit,
)


act(
    "gather collect",
    settings={
        "appeal": {"metavar": "渠道=诉求编号"},
        "unit": {"required": False, "type": Named(Argument.UNIT, later=True)},
    },
    without=frozenset({"continues", "responds_to", "split_from"}),
    fills=_own_unit,
)
for step in ("link", "unlink"):
    act(
        f"item {step}",
        settings={"appeals": {"nargs": -1, "metavar": "渠道=诉求编号…"}},
        says="{number} 现有诉求{made.appeals}条,{made.people}人,{made.places}地",
    )
act("item screen", ahead="screening")


def _with_evidence(act: Act, typed: dict[str, Any]) -> None:
    """Add to each answer what it rests on; a file is named by its name or digest."""
    answers: dict[Question, Answer] = typed["answers"]
    papers: dict[str, str] = {}
    if typed["file"]:
        known = (
            *act.plain.meetings.attachments(typed["deliberation"], act.by),
            *act.plain.items.attachments(typed["number"]),
        )
        papers = {paper.name: paper.digest for paper in known}
    for name in ("evidence", "file"):
        for text in typed[name]:
            left, named = values.pair(text, say("想做=12345热线台账"))
            question = values.word(Question, left)
            if question not in answers:
                raise InputRefused(Code.ANSWER_MISSING, question=question)
            old = answers[question]
            answers[question] = (
                replace(old, file=papers.get(named, named))
                if name == "file"
                else replace(old, evidence=named)
            )


act(
    "item judge",
    more=[
        click.Option(
            [f"--{name}"], multiple=True, type=values.Scored(Question), help=help_
        )
        for name, help_ in (
            ("evidence", "佐证:某问的依据,例:想做=12345热线台账。"),
            ("file", "佐证附件:某问的依据,写附件名或摘要,例:能做=预算.pdf。"),
        )
    ],
    fills=_with_evidence,
    ahead="judging",
    says="{number} 的研判已记入 {deliberation};会议办结后生效并公布",
)
act("item star", ahead="starring")


def _parts(_: click.Context, __: click.Parameter, file: Path) -> Any:
    from huimin_flow.flow.sensing.splitting import Part  # noqa: PLC0415 - heavy

    read = values.from_file(tuple[Part, ...], file)
    return tuple((part.demand, part.appeals) for part in read)


def _moving(typed: Typed) -> str:
    parts = typed["parts"]
    return say(
        ",其中{appeals}条随{parts}项拆出",
        appeals=sum(len(appeals) for _, appeals in parts),
        parts=len(parts),
    )


act(
    "item split",
    settings={"parts": {"type": values.PATH, "multiple": False, "callback": _parts}},
    ahead="preview",
    foretells=_moving,
)
for step in ("merge", "reject", "close", "cancel"):
    act(f"item {step}", ahead="preview")


def _needs_two(act: Act, typed: Typed) -> bool:
    from huimin_flow.flow.deciding.judgment import needs_two  # noqa: PLC0415 - heavy

    return needs_two(act.flow.items.get(typed["number"]))


act("item defer", two=_needs_two)


def _still_due(act: Act, item: Item, _: Typed) -> str:
    """Return the reports that the last month of an executed item still needs."""
    last = act.plain.records.events(StreamKind.ITEM.key(item.number))[-1].event
    month = f"{last.occurred_on:%Y-%m}"
    units = {task.unit for task in item.plan.tasks} if item.plan else set()
    missing = say_list(
        say_note(line.task, say_list(line.indicators))
        for unit in sorted(units)
        for line in act.plain.tasks.owing(month, unit=unit)
        if line.item == item.number
    )
    if not missing:
        return ""
    return say("{month}的进度还须报送:{missing}", month=month, missing=missing)


def _met(_: Act, typed: dict[str, Any]) -> None:
    # Excused tasks are already recorded.
    typed["results"] = [TaskResult(task=task, met=True) for task in typed["results"]]


act(
    "item execute",
    settings={
        "results": {
            "required": False,
            "type": None,
            "multiple": True,
            "callback": None,
        }
    },
    fills=_met,
    says=_still_due,
)


act(
    "assessment request",
    settings={
        "staff": {
            "required": False,
            "type": None,
            "multiple": True,
            "callback": values.reading(values.staff),
        }
    },
)


act(
    "item evaluate",
    settings={
        "outcomes": {
            "required": False,
            "type": None,
            "multiple": True,
            "callback": values.reading(values.outcomes),
        }
    },
)


act(
    "item progress",
    settings={"item": {"nargs": 1, "metavar": "事项编号"}},
    without=frozenset({"places", "feed", "measured_at"}),
    single=frozenset({"reports"}),
    says="已记入 {item} {task}“{indicator}”{month}为{value}",
)
act("item excuse", says="{number} 任务“{made.task}”已由 {made.by} 免除:{made.reason}")


def _attach(act: Act, about: str, file: Path, noun: str) -> None:
    """Attach a file to an item or a meeting, and say its digest."""
    from huimin_flow.store.files import read_regular  # noqa: PLC0415 - heavy

    content = read_regular(file, LARGEST_FILE)
    made = getattr(act.flow, noun).attach(about, file.name, content, by=act.by)
    text = say(
        "{number} 附件“{name}”{size}字节,摘要 {digest}",
        number=about,
        name=made.name,
        size=made.size,
        digest=made.digest[:12],
    )
    act.say(made, text)


@free(
    "item attach",
    without=frozenset({"name", "content"}),
    more=[click.Argument(["file"], metavar="文件", type=values.PATH)],
)
@acts
def _attach_to_item(act: Act, number: str, file: Path) -> None:
    _attach(act, number, file, "items")


def _attaching(noun: str, facet: str) -> None:
    @free(
        f"{noun} attach",
        without=frozenset({"name", "content"}),
        more=[click.Argument(["file"], metavar="文件", type=values.PATH)],
    )
    @acts
    def _attach_to_record(act: Act, key: str, file: Path) -> None:
        _attach(act, key, file, facet)


for _noun in ("meeting", "review", "decision", "engagement"):
    _attaching(_noun, f"{_noun}s")


def _place_of_appeal(act: Act, typed: dict[str, Any]) -> None:
    """Show what the text suggests for a place that is unknown, or is not written.

    A person at a terminal is asked for it and sees the suggestion as the default;
    nobody else gets it filled in. A point says its own place.
    """
    written, point = typed["district"] or "", typed["point"] or ""
    typed["district"] = written
    book, day = act.plain.rulebook.active(), local_day(act.plain.moment())
    if resolver_of(book.organization).unit_of(written, day) or (point and not written):
        return
    said = (typed["title"] or "", typed["text"] or "")
    made = act.plain.items.suggest(*said, unit=act.by.unit) if any(said) else None
    place = None if made is None else made.place
    name = "" if place is None else place_name(place, book)
    note = say("没有建议") if place is None else grounded(name, place)
    screens.echo(say_pair(say("地点的建议"), note), err=True)
    if sys.stdin.isatty():
        label = Argument.DISTRICT.spoken
        typed["district"] = click.prompt(label, name or written or None, err=True)
    elif not written:
        raise click.UsageError(say("缺少 --district:请写明地点"))


def _added(act: Act, kept: Any, typed: Typed) -> str:
    """Link a new appeal to the item of --item, and return what was done."""
    text = say("已登记") if kept.kept else say("早已登记,没有重复记入")
    for place in kept.unplaced:
        text += say(
            ",地点“{place}”不是已知的一个单位,不计入任何单位的投诉率", place=place
        )
    for town in kept.strange:
        text += say(",没有“{town}”这个镇街,照所写保留", town=town)
    if item := typed["item"]:
        pair = (typed["channel"], typed["key"])
        act.part("link").appeals.link(item, [pair], by=act.by)
        text += say(",已挂到 {item}", item=item)
    if kept.receipt:
        text += say(";回执编号 {receipt},请交给来访人", receipt=kept.receipt)
    return say("诉求 {key} {text}", key=typed["key"], text=text)


act(
    "appeal add",
    settings={"district": {"required": False}},
    fills=_place_of_appeal,
    more=[
        click.Option(
            ["--item"], type=Named(Argument.ITEM), help="事项编号:同时挂到它。"
        )
    ],
    says=_added,
)
act(
    "meeting hold",
    says=lambda _, held, __: say(
        "已登记 {key},议题{count}项", key=held.key, count=len(held.agenda)
    ),
)
act(
    "meeting convene",
    says=lambda _, held, __: say(
        "已召集 {key},定于{day},议题{count}项",
        key=held.key,
        day=held.held_on,
        count=len(held.agenda),
    ),
)
act("meeting amend", says="{made.key} 已更正(第{made.version}版)")
act("meeting begin", says="{made.key} {made.state.spoken}")
for step in ("put", "take-off"):
    act(
        f"meeting {step}",
        says=lambda _, held, __: say(
            "{key} 现有议题{count}项", key=held.key, count=len(held.agenda)
        ),
    )
act("resource state", says="{made.key} 列明 {made.amount} 万元")
act("resource cost", says="{made.item} 列明成本 {made.amount} 万元")
act("meeting postpone", says="{item} 已缓议,可列入下次会议")
for step in ("call-off", "close"):
    act(f"meeting {step}", says="{made.key} {made.state.spoken}")
act("proposal approve", says="{made.key} {made.state.spoken},已办理")


def _answered(act: Act, made: FollowUp, _: Typed) -> str:
    """Say what was answered, and whether a call-back is still due."""
    text = say(
        "{key} {state}(第{version}版)",
        key=made.transaction,
        state=made.state.spoken,
        version=made.version,
    )
    with act.plain.snapshot() as now:
        percent = now.rulebook.active().services.follow_up.callback_percent.value
        mine = now.ratings.bad(unit=made.unit) if percent else ()
    named = {bad.rating.transaction for bad in mine if bad.rating.who}
    if made.called_back_on is None and made.transaction in named:
        text += "\n" + say(
            "实名差评还须写明回访日期(--called-back),否则不能核实:"
            "请先回访;退回后重新答复时写明"
        )
    return text


act("rating answer", says=_answered)


def _accepted(_: Act, typed: dict[str, Any]) -> None:
    typed["accept"] = not typed["accept"]


act("rating verify", fills=_accepted)
act("rating settle", two=lambda _, typed: typed["set_aside"], proposal="set_aside")
act(
    "score correct",
    says=lambda _, made, __: "\n".join(
        say("{key} 第{version}版", key=edition.key, version=edition.version)
        for edition in made
    ),
)
