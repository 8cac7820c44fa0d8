"""report: pages that open from a file, without a network (D6, D7)."""

from __future__ import annotations

from pathlib import Path

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import Argument
from huimin_flow.exchange.core import cells
from huimin_flow.shell import pages
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import Place, shared, timed
from huimin_flow.shell.core.values import Month

#: An earlier edition of a chart or a ranking.
EDITION = click.option("--edition", type=values.Whole(1), help="第几版;默认现行版。")

INTO = values.into(default=Path("out/reports"))


@plain("report site")
@INTO
@timed
@shared
def report_site(place: Place, into: Path) -> None:
    """Write all pages and an index page with links to them."""
    with place.flow(shows=True) as flow:
        paths = pages.site(flow, into)
    shown = {"pages": [str(path) for path in paths]}
    place.show(
        shown, say("已写{count}页,从 {first} 看起", count=len(paths), first=paths[0])
    )


@plain("report cockpit")
@INTO
@timed
@shared
def report_cockpit(place: Place, into: Path) -> None:
    """Write the cockpit; its big figures are shown, and with ``--json`` all values."""
    from huimin_flow.reports.cockpit import cockpit_page  # noqa: PLC0415 - heavy

    with place.flow(shows=True) as flow:
        path, page = pages.written(flow, cockpit_page, into)
    rows = [
        (each.label, each.figure, each.note, each.change)
        for each in page.values["figures"]
    ]
    table = screens.Table(("", "数", "说明", "变化"), rows)
    place.show(
        {"pages": [str(path)], **page.values}, table, say("已写 {path}", path=path)
    )


@plain("report own")
@click.argument("template", metavar="模板文件", type=values.PATH)
@click.option("--month", type=Month(), help="月份:模板可用该月的得分。")
@INTO
@timed
@shared
def report_own(place: Place, template: Path, month: str | None, into: Path) -> None:
    """Write a page by a template of one's own, which gets plain values only."""
    from huimin_flow.reports.core.own import (  # noqa: PLC0415 - heavy
        draw_own,
        own_values,
    )
    from huimin_flow.reports.core.render import write_page  # noqa: PLC0415 - heavy

    with place.flow(shows=True) as flow, flow.snapshot() as now:
        known = own_values(now, month)
    path = into / template.name
    write_page(path, draw_own(template.parent, template.name, known))
    place.show({"pages": [str(path)]}, say("已写 {path}", path=path))


def _page(name: str, about: str, *, editions: bool = False) -> None:
    """Register the command of a page about something; it may have earlier editions."""

    def write(place: Place, about: str, into: Path, **edition: int | None) -> None:
        from huimin_flow.reports import pages as builders  # noqa: PLC0415 - heavy

        build = getattr(builders, f"{name}_page")
        with place.flow(shows=True) as flow:
            path = pages.made(flow, build, about, into, *edition.values())
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


_page("month", "月份", editions=True)
_page("quarter", "季度", editions=True)
_page("progress", "月份")
_page("services", "年份")
_page("list", "清单编号", editions=True)
_page("item", "事项编号")
