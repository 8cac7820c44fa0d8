"""One Jinja2 environment: autoescape on, a missing value is an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.errors import StoreRefused


@cache
def environment() -> Environment:
    """Return the environment of our own templates."""
    return Environment(
        loader=PackageLoader("huimin_flow.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, *, rehearsal: bool, **values: Any) -> str:
    """Return a self-contained page that opens from a file, without a network.

    A page of a ``rehearsal`` says so: its figures are of nobody (X5).
    """
    return environment().get_template(template).render(rehearsal=rehearsal, **values)


def write_page(path: Path, text: str) -> None:
    """Write a page whole or not at all: beside its place, then moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def staged(into: Path) -> Iterator[Path]:
    """Give a folder for pages that come into ``into`` all together, or not at all.

    Raises:
        StoreRefused: if a folder stands where a page should; nothing is moved then.

    """
    new = not into.exists()
    into.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(prefix=".pages-", dir=into) as aside:
            yield Path(aside)
            _move(Path(aside), into)
    finally:
        if new and not any(into.iterdir()):
            into.rmdir()


def _move(aside: Path, into: Path) -> None:
    """Move every page, the index last; whoever interrupts waits till it is done."""
    pages = sorted(aside.iterdir(), key=lambda one: (one.stem == "index", one.name))
    for one in pages:
        if (into / one.name).is_dir():
            raise StoreRefused(DoorCode.PAGE_BLOCKED, file=into / one.name)
    stopped: KeyboardInterrupt | None = None
    while left := [one for one in pages if one.exists()]:
        try:
            for one in left:
                one.replace(into / one.name)
        except KeyboardInterrupt as told:
            stopped = told
    if stopped is not None:
        raise stopped
