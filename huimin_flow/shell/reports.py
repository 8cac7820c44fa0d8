"""report: pages that open from a file, without a network (D6, D7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click

from huimin_flow.catalogue.terms import Argument
from huimin_flow.shell import pages
from huimin_flow.shell.core import values
from huimin_flow.shell.core.named import Month, Named
from huimin_flow.shell.core.place import Place, shared, timed
from huimin_flow.shell.scoring.charts import EDITION

INTO = values.into(default=Path("out/reports"))


class Report(NamedTuple):
    """A report command: the page it writes, and the name of its argument.

    ``editions`` tells whether the page has earlier editions.
    """

    name: str
    help: str
    about: str
    write: Callable[..., Path]
    editions: bool = False

    def command(self) -> click.Command:
        """Return the command that writes the page."""

        def write(place: Place, about: str, into: Path, **edition: int | None) -> None:
            with place.now() as now:
                path = self.write(now, about, into, **edition)
            place.show({"pages": [str(path)]}, f"已写 {path}")

        options = timed(shared(write))
        options = INTO(EDITION(options) if self.editions else options)
        kind = _KINDS.get(self.about)
        options = click.argument("about", metavar=self.about, type=kind)(options)
        return click.command(self.name, help=self.help)(options)


#: By what a report is about: its type, which knows the values.
_KINDS: dict[str, click.types.StringParamType] = {
    "月份": Month(),
    "清单编号": Named(Argument.LIST),
    "编号": Named(Argument.NUMBER),
}

REPORTS = (
    Report("month", "某月的五色图页面。", "月份", pages.month_page, editions=True),
    Report("quarter", "某季的榜单页面。", "季度", pages.quarter_page, editions=True),
    Report(
        "progress", "某月的进展页面:各项任务对照计划。", "月份", pages.progress_page
    ),
    Report(
        "services",
        "某年的服务事项页面:目录、减负成效、评价覆盖、差评处置。",
        "年份",
        pages.services_page,
    ),
    Report("list", "一份清单的页面,如 list/2024/city。", "清单编号", pages.list_page),
    Report("item", "一个事项的全部历史。", "编号", pages.item_page),
)


report = click.Group("report", help="报告页面:月、季、全站;单个文件即可打开,不联网。")


@report.command("site", help="全部清单、月、季、进展、服务事项页面与目录页。")
@INTO
@timed
@shared
def report_site(place: Place, into: Path) -> None:
    """Write all pages and an index page with links to them."""
    with place.flow() as flow:
        paths = pages.site(flow, into)
    shown = {"pages": [str(path) for path in paths]}
    place.show(shown, f"已写{len(paths)}页,从 {paths[0]} 看起")


for page in REPORTS:
    report.add_command(page.command())
