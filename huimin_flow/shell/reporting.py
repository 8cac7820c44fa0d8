"""report: pages that open from a file, without a network (D6, D7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from huimin_flow.shell import pages, screens
from huimin_flow.shell.charts import EDITION
from huimin_flow.shell.place import placed, shared
from huimin_flow.shell.rehearsed import timed

INTO = click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("out/reports"),
    help="写到哪个目录。",
)


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report command: the page it writes, and what its one argument is called.

    ``editions`` tells that earlier editions of the page can be asked for.
    """

    name: str
    tells: str
    about: str
    write: Callable[..., Path]
    editions: bool = False


REPORTS = (
    Report(
        name="month",
        tells="某月的五色图页面。",
        about="月份",
        write=pages.month_page,
        editions=True,
    ),
    Report(
        name="quarter",
        tells="某季的榜单页面。",
        about="季度",
        write=pages.quarter_page,
        editions=True,
    ),
    Report(
        name="progress",
        tells="某月的进展页面:各项任务对照计划。",
        about="月份",
        write=pages.progress_page,
    ),
    Report(
        name="services",
        tells="某年的服务事项页面:目录、减负成效、评价覆盖、差评处置。",
        about="年份",
        write=pages.services_page,
    ),
    Report(
        name="list",
        tells="一份清单的页面,如 list/2024/city。",
        about="清单编号",
        write=pages.list_page,
    ),
    Report(
        name="item", tells="一个事项的全部历史。", about="编号", write=pages.item_page
    ),
)


@click.group(help="报告页面:月、季、全站;单个文件即可打开,不联网。")
def report() -> None:
    """Group the commands of reports."""


def _command(told: Report) -> click.Command:
    """Return the command that writes one page."""

    def write(
        about: str,
        into: Path,
        database: str | None,
        config: Path | None,
        *,
        as_json: bool,
        **edition: int | None,
    ) -> None:
        with placed(database, config).now() as now:
            path = told.write(now, about, into, **edition)
        screens.show({"pages": [str(path)]}, f"已写 {path}", as_json=as_json)

    options = timed(shared(write))
    if told.editions:
        options = EDITION(options)
    options = click.argument("about", metavar=told.about)(INTO(options))
    return click.command(told.name, help=told.tells)(options)


@report.command("site", help="全部清单、月、季、进展、服务事项页面与目录页。")
@INTO
@timed
@shared
def report_site(
    into: Path, database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Write every page and a page that leads to them."""
    with placed(database, config).flow() as flow:
        paths = pages.site(flow, into)
    said = {"pages": [str(one) for one in paths]}
    screens.show(said, f"已写{len(paths)}页,从 {paths[0]} 看起", as_json=as_json)


for one in REPORTS:
    report.add_command(_command(one))
