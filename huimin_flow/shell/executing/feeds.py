"""feed: the feeds, 数据共享回流, and the import of what they bring (E1)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import Argument
from huimin_flow.errors import InputRefused
from huimin_flow.model.executing.feeds import FedIndicator
from huimin_flow.reports.executing import feeds
from huimin_flow.reports.sensing.imports import how_read
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.commands import Shown, View, act, facts, view
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.sensing import portions as filing

if TYPE_CHECKING:
    from huimin_flow.exchange.core.portions import Portion
    from huimin_flow.flow import Flow
    from huimin_flow.model.core.events import RefusedRow
    from huimin_flow.model.executing.feeds import FedFigure, FeedIntake, FeedStatus

#: What stands behind an indicator whose source counts from the beginning.
_TOTAL = "+"


def _indicators(texts: Sequence[str]) -> tuple[FedIndicator, ...]:
    """Return indicators from texts like ``2027-000001/T1/候工区``, or with ``+``."""
    made = []
    for text in texts:
        parts = [part.strip() for part in text.removesuffix(_TOTAL).split("/", 2)]
        if len(parts) < 3 or not all(parts):
            example = say("2027-000001/T1/新增就业")
            raise InputRefused(DoorCode.NOT_A_PAIR, text=text[:40], example=example)
        item, task, indicator = parts
        made.append(
            FedIndicator(
                item=item,
                task=task,
                indicator=indicator,
                running_total=text.endswith(_TOTAL),
            )
        )
    return tuple(made)


_INDICATORS: dict[str, Any] = {
    "indicators": {
        "required": False,
        "type": None,
        "multiple": True,
        "callback": values.reading(_indicators),
    }
}

act(
    "feed register",
    settings=_INDICATORS,
    says=lambda _, made, __: say("已登记 {key} {name}", key=made.key, name=made.name),
)
act(
    "feed amend",
    settings=_INDICATORS,
    says=lambda _, made, __: say("{key} 已变更", key=made.key),
)
act("feed end", says=lambda _, made, __: say("{key} 已停用", key=made.key))


@view("feed list")
def _feeds(view: View) -> Shown:
    return view.answer, view.table(feeds.STATUS)


@view("feed show")
def _feed(view: View) -> Shown:
    status: FeedStatus = view.answer
    cells = view.rows(feeds.STATUS, [status])[0]
    rows = list(zip(feeds.STATUS.head, cells, strict=True))
    if status.due is not None:
        rows.append(("新数应于何时前", status.due))
    if status.feed.reason:
        rows.append(("停用理由", status.feed.reason))
    return status, facts(rows)


@view("feed figures")
def _figures(view: View) -> Shown:
    rows = [feeds.figure_row(row) for row in view.answer]
    empty = say("还没有送来数")
    return view.answer, screens.Table(feeds.FIGURES_HEAD, rows, empty)


@view("feed business")
def _business(view: View) -> Shown:
    rows = [feeds.business_row(case, view.unit(case.unit)) for case in view.answer]
    empty = say("{period}没有回流的业务量", **view.typed)
    return view.answer, screens.Table(feeds.BUSINESS_HEAD, rows, empty)


@view("feed shares")
def _shares(view: View) -> Shown:
    rows = [feeds.shares_row(share, view.unit(share.unit)) for share in view.answer]
    empty = say("{period}还没有报送的数", **view.typed)
    return view.answer, screens.Table(feeds.SHARES_HEAD, rows, empty)


@plain("feed import")
@click.argument("feed", type=Named(Argument.FEED))
@values.FILE
@click.option("--reason", default="", help="理由:替换手工更正的数时写明。")
@acts
def feed_import(act: Act, feed: str, file: Path, reason: str) -> None:
    """Import a file of a feed, batch by batch; exit 1 if a row was refused."""
    from huimin_flow.exchange.core.refusals import Refusals  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.executing import feeds as files  # noqa: PLC0415 - heavy

    read = files.source_of_figures(file)
    first, portions = filing.peeked(files.read_figures(read))
    if first is None or not (first.facts or first.refused):
        raise InputRefused(DoorCode.NO_FIGURE, file=file.name)
    origin = f"{file.name} {read.digest[:16]}"

    def add(
        door: Flow, portion: Portion[FedFigure]
    ) -> tuple[FeedIntake, Sequence[RefusedRow]]:
        intake = door.feeds.deliver(
            feed,
            portion.facts,
            reason=reason,
            by=act.by,
            lines=portion.lines,
            refused=portion.refused,
            source=origin,
        )
        return intake, intake.refused

    beside = Refusals(read)
    tally = filing.bring(act, read, portions, beside, add)
    shown = tally.plain(beside, dry=act.dry)
    shown["read"] = read.reading
    texts = [*how_read(read.reading), *tally.texts(beside, dry=act.dry)]
    act.say(shown, "\n".join(texts))
    filing.end(tally)
