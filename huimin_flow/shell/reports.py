"""report: pages that open from a file, without a network (D6, D7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import Argument
from huimin_flow.exchange.core import cells
from huimin_flow.shell import pages
from huimin_flow.shell.core import values
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.parameters import Month, Named
from huimin_flow.shell.core.place import Place, shared, timed
from huimin_flow.shell.scoring.charts import EDITION

INTO = values.into(default=Path("out/reports"))


@plain("report site")
@INTO
@timed
@shared
def report_site(place: Place, into: Path) -> None:
    """Write all pages and an index page with links to them."""
    with place.flow() as flow:
        paths = pages.site(flow, into)
    shown = {"pages": [str(path) for path in paths]}
    place.show(
        shown, say("已写{count}页,从 {first} 看起", count=len(paths), first=paths[0])
    )


def _page(
    name: str, about: str, page: Callable[..., Path], *, editions: bool = False
) -> None:
    """Register the command of a page about something; it may have earlier editions."""

    def write(place: Place, about: str, into: Path, **edition: int | None) -> None:
        with place.now() as now:
            path = page(now, about, into, **edition)
        place.show({"pages": [str(path)]}, say("已写 {path}", path=path))

    options = INTO(timed(shared(write)))
    options = EDITION(options) if editions else options
    kind = _KINDS.get(about)
    read = None if isinstance(kind, Named) else values.reading(cells.period)
    argument = click.argument("about", metavar=about, type=kind, callback=read)
    plain(f"report {name}")(argument(options))


#: By what a report is about: its type, which knows the values.
_KINDS: dict[str, click.types.StringParamType] = {
    "月份": Month(),
    "清单编号": Named(Argument.LIST),
    "事项编号": Named(Argument.NUMBER),
}


_page("month", "月份", pages.month_page, editions=True)
_page("quarter", "季度", pages.quarter_page, editions=True)
_page("progress", "月份", pages.progress_page)
_page("services", "年份", pages.services_page)
_page("list", "清单编号", pages.list_page)
_page("item", "事项编号", pages.item_page)
