"""Write pages that open from a file, without a network; ``site`` writes all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import EditionState
from huimin_flow.clock import shanghai
from huimin_flow.errors import StoreRefused
from huimin_flow.model.improving.digests import Digest

if TYPE_CHECKING:
    from huimin_flow.flow import Flow, Snapshot
    from huimin_flow.reports.core.render import Page

#: What identifies our own sites: the maker of a page, as the template names it.
_MAKER = '<meta name="generator" content="huimin_flow">'

_INDEX = "index.html"

#: The states of an edition that was published.
_ISSUED = (EditionState.PUBLISHED, EditionState.SUPERSEDED)


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
    issued = {path.name for path in publish(page, into)}
    beside = frozenset(
        {page.file, *issued, *(path.name for path in into.glob("*.html"))}
    )
    path = into / page.file
    frame = Frame(rehearsal=flow.rehearsal, files=beside, made=at)
    write_page(path, draw(page, frame))
    return path, page


def publish(page: Page, into: Path) -> list[Path]:
    """Write the files in which a list's edition is published; return their paths.

    An edition that was not published has none, and so has another page. Without the
    extra for documents there is only json. So it is for a digest, of which a site has
    hundreds: its docx is made where somebody asks for it, at the desk or the shell.
    """
    from huimin_flow.exchange.deciding import documents  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.improving.digests import json_file  # noqa: PLC0415
    from huimin_flow.reports.core.render import write_page  # noqa: PLC0415 - heavy

    made = page.values.get("digest")  # of a list it is the check code
    if isinstance(made, Digest):
        path = into / page.file.replace(".html", ".json")
        write_page(path, json_file([made]))
        return [path]
    edition = page.values.get("edition")
    if edition is None or edition.state not in _ISSUED:
        return []
    files = documents.files(edition, page.values["document"])
    if find_spec("docx") is None or find_spec("xlsxwriter") is None:
        files = {"json": files["json"]}
    paths = []
    for kind, write in files.items():
        paths.append(into / page.file.replace(".html", f".{kind}"))
        write_page(paths[-1], write())
    return paths


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
            beside = {path.name for path in publish(page, aside)}
            own = replace(frame, files=every | beside) if beside else frame
            write_page(aside / file, draw(page, own))
    return [into / file for file in (_INDEX, *files)]
