"""progress and task: the pace of tasks, the monthly sheet, what was sent back (C4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.language import say, say_sentences
from huimin_flow.catalogue.reasons import DoorCode, sentence
from huimin_flow.catalogue.terms import SheetText
from huimin_flow.errors import InputRefused
from huimin_flow.reports import listings
from huimin_flow.reports.core.lists import Sight
from huimin_flow.reports.executing import tasks
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.commands import Shown, View, act, facts, free, listing, view
from huimin_flow.shell.core.place import Place, shared, timed
from huimin_flow.shell.core.screens import Table

if TYPE_CHECKING:
    from huimin_flow.model.executing.tasks import DatedReturn


@view("progress show", timed=True)
def _sheet(view: View) -> Shown:
    lines = view.answer
    rows = [
        (
            line.item,
            line.stands,
            "—" if line.actual is None else line.actual,
            line.expected,
            line.target,
            line.measure,
            view.unit(line.owner),
            line.indicator,
        )
        for line in lines
    ]
    head = ("事项", "进度", "已报", "应达", "目标", "计量单位", "责任单位", "指标")
    paces = sorted(Counter(line.pace for line in lines).items())
    counts = " · ".join(f"{pace.spoken} {count}" for pace, count in paces)
    table = Table(head, rows, say("{period}没有在执行的任务", **view.typed))
    return lines, table, *([counts] if counts else [])


@view("progress owing", timed=True)
def _owing(view: View) -> Shown:
    empty = say("{period}都已报送", **view.typed)
    return view.answer, view.table(listings.owing, empty)


@free(
    "progress template",
    more=[click.Option(["--out"], type=values.PATH, help="写到哪个文件。")],
)
@timed
@shared
def _template(
    place: Place,
    period: str,
    unit: str | None,
    numbers: Sequence[str] | None,
    out: Path | None,
) -> None:
    """Write the sheet that units fill in."""
    from huimin_flow.exchange.executing import sheets  # noqa: PLC0415 - heavy

    path = out or Path(f"progress-{period}{f'-{unit}' if unit else ''}.xlsx")
    sheets.writable(path)
    with place.now() as now:
        lines = now.tasks.sheet(period, unit=unit, numbers=numbers or None)
        names = now.rulebook.active().organization.names
    if not lines:
        whose = names.get(unit or "", unit or "")
        raise InputRefused(DoorCode.NOTHING_TO_REPORT, period=period, unit=whose)
    whose = names.get(unit or "", SheetText.ALL_UNITS.label)
    title = SheetText.TITLE.label.format(period=period, unit=whose)
    written = sheets.write_sheet(path, lines, title)
    text = say("已写 {written},{count} 行", written=written, count=len(lines))
    if written != path:
        unchanged = say("{path} 已存在,没有改动", path=path)
        text = say_sentences([text, unchanged])
    place.show({"file": str(written), "lines": len(lines)}, text)


@plain("progress import")
@values.FILE
@acts
def progress_import(act: Act, file: Path) -> None:
    """Import a filled sheet, wholly or not at all."""
    from huimin_flow.exchange.executing.progress import read_sheet  # noqa: PLC0415 - heavy

    filled = read_sheet(file)
    new = filled.touched()
    kept = act.flow.tasks.report(new.reports, by=act.by, places=new.places)
    text = say(
        "记入 {kept} 行,与已报相同 {known} 行,未填 {blank} 行",
        kept=kept.kept,
        known=kept.known,
        blank=filled.blank,
    )
    if filled.untouched:
        text += say(",导出后未改 {count} 行(不再记入)", count=len(filled.untouched))
    shown = {"kept": kept, "blank": filled.blank, "untouched": filled.untouched}
    act.say(shown, text)


listing("task returns", tasks.returns, last=lambda line: str(line.made.key))


@view("task units")
def _by_unit(view: View) -> Shown:
    return view.answer, view.table(tasks.by_unit)


@view("task year")
def _year(view: View) -> Shown:
    return view.answer, view.table(tasks.year)


@view("task show")
def _returned(view: View) -> Shown:
    line: DatedReturn = view.answer
    sight = Sight(view.now, view.names)
    cells = tasks.returns.row(sight, line)
    return line, facts(list(zip(tasks.returns.head, cells, strict=True)))


@view("item coverage")
def _coverage(view: View) -> Shown:
    verdict = view.answer
    plan = view.now.items.get(view.typed["number"]).plan
    good = say("各任务目标够数") if verdict.passed else say("各任务目标不够数")
    if plan is None or not plan.tasks:
        good = say("还没有分解任务,无从判断各任务目标够不够数(分解:huimin item assign)")
    elif not verdict.inputs["targets"]:
        good = say("事项自身没有目标,各任务目标不必合计")
    lines = [sentence(reason.code, dict(reason.values)) for reason in verdict.reasons]
    return verdict, *lines, good


act(
    "item reassign",
    settings={
        "new_targets": {
            "required": False,
            "type": None,
            "multiple": True,
            "callback": values.reading(values.new_targets),
        }
    },
)
for _step in ("return", "retain"):
    act(f"task {_step}", says="{made.key} {made.state.spoken}")
