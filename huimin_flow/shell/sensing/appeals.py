"""appeal: what was heard, and what was done about it (A1, F4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_pair
from huimin_flow.catalogue.terms import Argument
from huimin_flow.clock import shanghai
from huimin_flow.model.core.values import to_plain
from huimin_flow.reports.core.lists import Sight
from huimin_flow.reports.sensing import appeals as heard
from huimin_flow.reports.sensing.ways import (
    COUNTS,
    STEPS,
    count_rows,
    result_words,
    step_rows,
)
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act
from huimin_flow.shell.core.commands import Shown, View, act, facts, listing, view
from huimin_flow.shell.core.parameters import Named

if TYPE_CHECKING:
    from huimin_flow.model.sensing.reading import AppealText, Erasure


def _channel(view: View, key: str) -> str:
    intakes = view.book.channels.intake
    return next((intake.name for intake in intakes if intake.key == key), key)


listing(
    "appeal list",
    heard.appeals,
    last=lambda line: f"{line.channel}={line.key}",
    settings={
        "district": {"type": Named(Argument.UNIT)},
        "after": {"help": "从哪一条之后列起:写作 渠道=诉求编号。"},
    },
)


@view("appeal stages")
def _stages(view: View) -> Shown:
    return view.answer, view.table(heard.life_stages)


@view("appeal show", csv=False)
def _trail(view: View) -> Shown:
    trail = view.answer
    summary, linked = trail.appeal, trail.linked_at
    about = [
        ("诉求", summary.key),
        ("渠道", _channel(view, summary.channel)),
        ("听到", shanghai(summary.at)),
        ("地点", heard.place_words(Sight(view.now, view.names), summary)),
        ("生命周期", summary.life_stage.spoken),
        ("入库", shanghai(trail.kept_at)),
        ("挂接", shanghai(linked) if linked else say("尚未挂到事项")),
    ]
    sight = Sight(view.now, view.names)
    steps = [tuple(map(str, row)) for row in step_rows(sight, summary, trail.way)]
    tables = []
    for item in trail.items:
        origin = say("(来自{of})", of=item.of) if item.of else ""
        lists = (screens.list_title(edition, view.names) for edition in item.lists)
        lines = [
            (item.tie.spoken, f"{item.number} {item.title}{origin}"),
            ("单位", view.unit(item.unit)),
            ("现状", item.state.spoken),
            *(("清单", title) for title in lists),
        ]
        if result := result_words(item):
            lines.append(("评价与调整", result))
        lines += [
            (step.day.isoformat(), f"{step.step.spoken} → {step.state.spoken}")
            for step in item.steps
        ]
        tables.append(lines)
    parts = (part for rows in tables for part in ("", facts(rows)))
    return trail, facts(about), "", screens.Table(STEPS, steps), *parts


@view("appeal ways")
def _ways(view: View) -> Shown:
    result = result_words(view.now.items.get(view.typed["number"]))
    rows = count_rows(Sight(view.now, view.names), view.answer, result)
    shown = [tuple(map(str, row)) for row in rows]
    return view.answer, screens.Table(COUNTS, shown, "没有挂接的诉求")


def _said(_: Act, made: Sequence[AppealText], __: object) -> str:
    """Return what appeals say, one after the other."""
    parts = []
    for line in made:
        lines = [f"{line.channel}={line.key} {shanghai(line.at)} {line.title}".rstrip()]
        contact = line.contact
        if contact is not None:
            known = filter(None, to_plain(contact).values())
            lines.append(say_pair(say("联系人"), " ".join(known)))
        lines.append(say("已抹去,没有内容") if line.erased else line.text)
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


act(
    "appeal read",
    settings={"appeals": {"nargs": -1, "metavar": "渠道=诉求编号…"}},
    options=frozenset({"reason"}),
    says=_said,
)


listing("appeal readings", heard.readings)


def _erased(_: Act, made: Erasure, __: object) -> str:
    return say("{key} 已抹去{count}条诉求的内容", key=made.key, count=len(made.rows))


act("person erase", options=frozenset({"reason"}), says=_erased)
