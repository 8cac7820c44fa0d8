"""Write pages that open from a file, without a network; ``site`` writes all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.clock import shanghai
from huimin_flow.errors import StoreRefused

if TYPE_CHECKING:
    from huimin_flow.flow import Flow, Snapshot
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
    return written(flow, lambda now: build(now, about, *edition), into)[0]


def written(
    flow: Flow, build: Callable[[Snapshot], Page], into: Path
) -> tuple[Path, Page]:
    """Write a page as ``made`` does; return its path, and what it shows."""
    from huimin_flow.reports.core.render import (  # noqa: PLC0415 - heavy
        Frame,
        draw,
        write_page,
    )

    with flow.snapshot() as now:
        page, at = build(now), shanghai(now.moment())
    beside = frozenset({page.file, *(path.name for path in into.glob("*.html"))})
    path = into / page.file
    frame = Frame(rehearsal=flow.rehearsal, files=beside, made=at)
    write_page(path, draw(page, frame))
    return path, page


def site(flow: Flow, into: Path) -> list[Path]:
    """Write the pages of everything published and of every item; the index is first.

    Each page has its own snapshot, so that a commit waits at most for one page. If a
    page fails, the old site stays unchanged.

    Raises:
        StoreRefused: if the folder has the index page of another site.

    """
    from huimin_flow.reports import contents, pages  # noqa: PLC0415 - heavy
    from huimin_flow.reports.core.render import (  # noqa: PLC0415 - heavy
        Frame,
        draw,
        staged,
        write_page,
    )

    index = into / _INDEX
    if index.is_file() and _MAKER not in index.read_text("utf-8", errors="replace"):
        raise StoreRefused(DoorCode.OTHER_SITE, file=index)
    with flow.snapshot() as now:
        files = contents.site_files(now)
        at = shanghai(now.moment())
    every = frozenset({_INDEX, *files})
    frame = Frame(rehearsal=flow.rehearsal, files=every, made=at)
    with staged(into) as aside:
        for file in (*files, _INDEX):
            with flow.snapshot() as now:
                page = pages.page_of(file)(now)
            write_page(aside / file, draw(page, frame))
    return [into / file for file in (_INDEX, *files)]
