"""changes and outbox: the feed for other systems, and what is sent to them."""

from __future__ import annotations

import json
from typing import Any

from huimin_flow.catalogue.language import say
from huimin_flow.clock import shanghai
from huimin_flow.model.core.changes import Cursor, Delivery
from huimin_flow.model.core.values import to_plain
from huimin_flow.reports.core import outbox
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act
from huimin_flow.shell.core.commands import Shown, View, act, free, listing, view
from huimin_flow.shell.core.place import Place, tabled
from huimin_flow.streams import STREAMS


@free("changes list")
@tabled
def _changes(place: Place, **typed: Any) -> None:
    """List the changes after a position; with --json each is one line."""
    typed["kinds"] = tuple(typed["kinds"])
    with place.now() as now:
        changes = now.changes.after(**typed)
    if place.as_json:
        for change in changes:
            screens.echo(json.dumps(to_plain(change), ensure_ascii=False), raw=True)
        return
    rows = [
        (
            change.position,
            shanghai(change.at),
            change.kind.spoken,
            change.stream,
            STREAMS[change.kind].life.steps[change.step].spoken,
            change.unit or "—",
        )
        for change in changes
    ]
    head = ("位置", "时间", "类别", "记录", "步骤", "单位")
    place.table(changes, head, rows, say("此后没有变更"))


@view("changes schema", csv=False)
def _schema(view: View) -> Shown:
    return view.answer, json.dumps(view.answer, ensure_ascii=False, indent=2)


@view("changes cursors")
def _cursors(view: View) -> Shown:
    rows = [
        (cursor.consumer, cursor.position, cursor.lag, shanghai(cursor.at))
        for cursor in view.answer
    ]
    head = ("系统", "已读到", "还差", "登记时间")
    return view.answer, screens.Table(head, rows, "还没有系统登记")


def _acknowledged(_: Act, made: Cursor, __: Any) -> str:
    return say(
        "“{consumer}”已读到第{position}条,还差{lag}条",
        consumer=made.consumer,
        position=made.position,
        lag=made.lag,
    )


act("changes acknowledge", settings={"position": {"nargs": 1}}, says=_acknowledged)

listing("outbox list", outbox.deliveries)


@view("outbox show")
def _destinations(view: View) -> Shown:
    return view.answer, view.table(outbox.destinations)


def _decided(_: Act, made: Delivery, __: Any) -> str:
    return say(
        "{destination}第{position}条:{state}",
        destination=made.destination,
        position=made.position,
        state=made.state.spoken,
    )


for _path in ("outbox retry", "outbox abandon"):
    act(
        _path,
        settings={"position": {"nargs": 1}},
        options=frozenset({"recipient", "reason"}),
        says=_decided,
    )
