"""progress: how running tasks stand, and the sheet that units fill each month (C4)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.place import PERIOD, UNIT, Place, shared, timed

progress = click.Group(
    "progress", help="月度进展:对照计划曲线的快慢、催报名单、填报表的导出与导入。"
)


@progress.command("show", help="某月各项任务的进展:超前、按期还是滞后,差几天。")
@PERIOD
@UNIT
@timed
@shared
def progress_show(place: Place, period: str, unit: str | None) -> None:
    """Show a month's standing."""
    with place.now() as now:
        found = now.progress_sheet(period, unit=unit)
        names = now.rulebook().organization.names
    rows = [
        (
            one.item,
            one.stands,
            "—" if one.actual is None else one.actual,
            one.expected,
            one.target,
            one.measure,
            names.get(one.owner, one.owner),
            one.indicator,
        )
        for one in found
    ]
    head = ("事项", "进度", "已报", "应达", "目标", "单位", "责任单位", "指标")
    paces = Counter(one.pace for one in found)
    text = screens.table(head, rows) if rows else f"{period}没有在执行的任务"
    if rows:
        text += "\n" + " · ".join(f"{one.label} {paces[one]}" for one in sorted(paces))
    place.show(found, text)


@progress.command("owing", help="某月还没有报送的任务,按单位。")
@PERIOD
@UNIT
@timed
@shared
def progress_owing(place: Place, period: str, unit: str | None) -> None:
    """Show who has not reported a month."""
    with place.now() as now:
        found = now.progress_owing(period, unit=unit)
        names = now.rulebook().organization.names
    rows = [
        (names.get(one.unit, one.unit), one.item, one.task, name)
        for one in found
        for name in one.indicators
    ]
    text = screens.table(("责任单位", "事项", "任务", "指标"), rows)
    place.show(found, text if rows else f"{period}都已报送")


@progress.command("template", help="导出某月的填报表(xlsx),已知的都填好。")
@PERIOD
@UNIT
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="写到哪个文件。"
)
@timed
@shared
def progress_template(
    place: Place, period: str, unit: str | None, out: Path | None
) -> None:
    """Write the sheet that units fill."""
    from huimin_flow.errors import InputRefused  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.executing.sheets import (  # noqa: PLC0415 - heavy
        writable,
        write_sheet,
    )

    path = out or Path(f"progress-{period}{f'-{unit}' if unit else ''}.xlsx")
    writable(path)
    with place.now() as now:
        found = now.progress_sheet(period, unit=unit)
        names = now.rulebook().organization.names
    if not found:
        whose = names.get(unit or "", unit or "")
        raise InputRefused(DoorCode.NOTHING_TO_REPORT, period=period, unit=whose)
    whose = names.get(unit or "", "全部单位")
    written = write_sheet(path, found, f"{period} 月度进展填报表({whose})")
    said = {"file": str(written), "lines": len(found)}
    text = f"已写 {written},{len(found)} 行"
    if written != path:
        text += f";{path} 已存在,没有改动"
    place.show(said, text)


@progress.command("import", help="导入填好的表(xlsx、csv);有一处不对就都不记入。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@acts
def progress_import(act: Act, file: Path) -> None:
    """Take a filled sheet in, wholly or not at all."""
    from huimin_flow.exchange.executing.progress import read_sheet  # noqa: PLC0415 - heavy

    filled = read_sheet(file)
    told = filled.touched()
    kept = act.flow.report_progress(told.reports, by=act.by, places=told.places)
    text = f"记入 {kept.kept} 行,与已报相同 {kept.known} 行,未填 {filled.blank} 行"
    if filled.untouched:
        text += f",导出后未改 {len(filled.untouched)} 行(不再记入)"
    said = {"kept": kept, "blank": filled.blank, "untouched": filled.untouched}
    act.say(said, text)
