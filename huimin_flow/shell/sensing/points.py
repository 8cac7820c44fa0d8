"""point: the registry of direct-report points, their coverage and silence (A2)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.language import say, say_clauses
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.catalogue.terms import PointStep
from huimin_flow.clock import shanghai
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.sensing.points import ReportingPoint
from huimin_flow.reports.sensing import points
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.commands import Shown, View, act, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.core.events import Reason
    from huimin_flow.rules.sensing.coverage import PointCoverage

#: How many refused rows a screen shows.
_NAMED = 20

listing("point list", points.points)
act(
    "point add",
    says=lambda _, made, __: say("已开设 {key} {name}", key=made.key, name=made.name),
)
act("point move", says=lambda _, made, __: say("{key} 已变更", key=made.key))
act("point close", says=lambda _, made, __: say("{key} 已撤点", key=made.key))


@view("point show")
def _point(view: View) -> Shown:
    point: ReportingPoint = view.answer
    cells = view.rows(points.points, [point])[0]
    rows = list(zip(points.points.head, cells, strict=True))
    for each in view.now.records.events(point.key):
        then = from_plain(ReportingPoint, each.event.public["value"])
        step = PointStep(each.event.step).spoken
        words = say_clauses(*filter(None, (step, then.name, then.reason)))
        rows.append((shanghai(each.event.at), words))
    return point, facts(rows)


@view("point coverage")
def _coverage(view: View) -> Shown:
    made: PointCoverage = view.answer
    rows = [points.coverage_row(line, view.names) for line in made.districts]
    table = screens.Table(points.HEAD, rows)
    silent = points.silent_words(made)
    return made, table, *points.coverage_notes(made), *([silent] if silent else [])


@plain("point import")
@values.FILE
@acts
def point_import(act: Act, file: Path) -> None:
    """Import a table of points; exit 1 if a row was refused."""
    from huimin_flow.exchange.sensing.points import read_points  # noqa: PLC0415 - heavy

    lines = list(read_points(file))
    good = [line for line in lines if line.entry is not None]
    entries = [line.entry for line in good if line.entry is not None]
    intake = act.flow.points.add_all(entries, by=act.by)
    refused: list[tuple[int, Reason]] = [
        (line.line, line.reason) for line in lines if line.reason is not None
    ]
    refused += [(good[each.index - 1].line, each.reason) for each in intake.refused]
    text = say(
        "开设 {kept} 个,已有 {known} 个,未收 {refused} 行",
        kept=len(intake.kept),
        known=intake.known,
        refused=len(refused),
    )
    if refused:
        rows = [(line, spoken(reason)) for line, reason in sorted(refused)[:_NAMED]]
        text += f"\n{screens.Table(('行', '未收的原因'), rows)}"
    shown = {
        "kept": list(intake.kept),
        "known": intake.known,
        "refused": [
            {"line": line, "code": reason.code} for line, reason in sorted(refused)
        ],
    }
    act.say(shown, text)
    if refused:
        raise click.exceptions.Exit(1)
