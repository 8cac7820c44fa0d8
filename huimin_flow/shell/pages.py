"""Write pages that open from a file, without a network; ``site`` writes all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.errors import StoreRefused

if TYPE_CHECKING:
    from huimin_flow.flow import Flow
    from huimin_flow.reports.core.render import Page

#: What identifies our own sites: the maker of a page, as the template names it.
_MAKER = '<meta name="generator" content="huimin_flow">'

_INDEX = "index.html"


def made(
    flow: Flow, build: Callable[..., Page], about: str, into: Path, *edition: int | None
) -> Path:
    """Write a page about something from its own snapshot, and return its path.

    It leads to the pages that are in its folder.
    """
    from huimin_flow.reports.core.render import Frame  # noqa: PLC0415 - heavy

    beside = frozenset(path.name for path in into.glob("*.html"))
    frame = Frame(rehearsal=flow.rehearsal, files=beside)
    with flow.snapshot() as now:
        page = build(now, about, *edition)
    return into / _written(page, frame, into)


def _written(page: Page, frame: Any, into: Path) -> str:
    """Write a page and return its file."""
    from huimin_flow.reports.core import render  # noqa: PLC0415 - heavy

    render.write_page(into / page.file, render.draw(page, frame))
    return page.file


def site(flow: Flow, into: Path) -> list[Path]:
    """Write the pages of everything published and of every item; the index is first.

    Each page has its own snapshot, so that a commit waits at most for one page. If a
    page fails, the old site stays unchanged.

    Raises:
        StoreRefused: if the folder has the index page of another site.

    """
    from huimin_flow.reports import pages  # noqa: PLC0415 - heavy
    from huimin_flow.reports.core.render import Frame, Page, staged  # noqa: PLC0415

    index = into / _INDEX
    if index.is_file() and _MAKER not in index.read_text("utf-8", errors="replace"):
        raise StoreRefused(DoorCode.OTHER_SITE, file=index)
    early: dict[str, Page] = {}
    groups = _groups(flow, early)
    files = [file for group in groups.values() for file in group]
    frame = Frame(rehearsal=flow.rehearsal, files=frozenset({_INDEX, *files}))
    links = {
        heading: [(text, file) for file, text in group.items()]
        for heading, group in groups.items()
    }
    home = Page(
        file=_INDEX,
        template="index.html.j2",
        title=say("“惠民有感”清单与评价"),
        values={"groups": list(links.items())},
    )
    with staged(into) as aside:
        for file in files:
            page = early.pop(file, None)
            if page is None:
                with flow.snapshot() as now:
                    page = pages.page_of(file)(now)
            _written(page, frame, aside)
        _written(home, frame, aside)
    return [into / file for file in (_INDEX, *files)]


def _groups(flow: Flow, early: dict[str, Page]) -> dict[str, dict[str, str]]:
    """Return the texts of all pages by heading and file.

    Months without a running task have no progress page; the pages of the others are
    built for that, and put into ``early``.
    """
    from huimin_flow.reports import pages  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import runs  # noqa: PLC0415 - heavy

    with flow.snapshot() as now:
        done = runs(now)
        months = [run.period for run in done if run.job == "five_colors"]
        quarters = [run.period for run in done if run.job == "quarterly_ranking"]
        lists = {edition.key: edition.period for edition in now.lists.list()}
        numbers = [item.number for item in now.items.list()]
    progress = {}
    for month in months:
        with flow.snapshot() as now:
            if lines := now.tasks.sheet(month):
                page = pages.progress_page(now, month, lines)
                early[page.file] = page
                progress[page.file] = period_in_words(month)
    years = sorted({month[:4] for month in months})
    return {
        say("民生任务清单"): {
            pages.list_file(key): period_in_words(period)
            for key, period in lists.items()
            if key.endswith("/city")
        },
        say("月度五色图"): {
            f"month-{month}.html": period_in_words(month) for month in months
        },
        say("季度榜单"): {
            f"quarter-{period}.html": period_in_words(period) for period in quarters
        },
        say("任务进展"): progress,
        say("服务事项与“好差评”"): {
            f"services-{year}.html": period_in_words(year) for year in years
        },
        say("事项历史"): {pages.item_file(number): number for number in numbers},
    }
