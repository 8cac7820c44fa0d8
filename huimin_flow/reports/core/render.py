"""One Jinja2 environment: autoescape on, a missing value is an error."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from huimin_flow.catalogue.language import (
    in_english,
    say,
    say_as,
    say_count,
    say_list,
    say_note,
    say_sentences,
)
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.typography import full_width, full_width_page
from huimin_flow.errors import StoreRefused
from huimin_flow.model.core.texts import visible
from huimin_flow.model.core.values import value


@cache
def environment() -> Environment:
    """Return the environment of our own templates."""
    made: Any = Environment(
        loader=PackageLoader("huimin_flow.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(say, say_count, newstyle=True, pgettext=say_as)
    made.globals |= {
        "in_english": in_english,
        "say_list": say_list,
        "say_note": say_note,
        "say_sentences": say_sentences,
        "style_hash": style_hash,
    }
    made.filters["full_width"] = full_width
    environment: Environment = made
    return environment


@cache
def style_hash() -> str:
    """Return the hash by which a page's policy allows the one stylesheet, and no other.

    >>> style_hash()[:7]
    'sha256-'

    """
    style = environment().get_template("style.css").render()
    digest = sha256(style.encode()).digest()
    return f"sha256-{b64encode(digest).decode()}"


@value
class Page:
    """A page before it is drawn: its file, its template, its title and its values."""

    file: str
    template: str
    title: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What surrounds a page.

    ``files`` are the pages that a link may lead to, None for every page. A page of a
    ``rehearsal`` says so, because its figures are not real (X5). ``made`` is the moment
    of its figures, in words; ``more`` are a file and a text for each further entry of
    the navigation. On the desk, ``visitor`` is who asks, with the token of their forms.
    """

    rehearsal: bool
    files: AbstractSet[str] | None = frozenset()
    made: str = ""
    more: Sequence[tuple[str, str]] = ()
    visitor: Any = None

    def has(self, file: str) -> bool:
        """Tell whether a page exists; ``file`` may have a query and a fragment."""
        name = file.partition("#")[0].partition("?")[0]
        return self.files is None or name in self.files

    def first(self, files: Iterable[str]) -> str:
        """Return the first of some pages that exists, or "" if none does."""
        return next(filter(self.has, files), "")

    def link(self, file: str, text: str) -> Markup:
        """Return a link to a page, or the text alone if there is no such page."""
        if not self.has(file):
            return escape(text)
        return Markup('<a href="{}">{}</a>').format(file, text)


def draw(page: Page, frame: Frame, within: Environment | None = None) -> str:
    """Return a self-contained page that opens from a file, without a network.

    ``within`` is an environment that has further templates. A sign that turns the
    reading direction, or that nobody sees, is shown as an escape.
    """
    values = {**page.values, "title": page.title, "file": page.file, "frame": frame}
    template = (within or environment()).get_template(page.template)
    return visible(full_width_page(template.render(values)), lines=True)


def write_page(path: Path, text: str | bytes) -> None:
    """Write a page whole or not at all: write it to another file, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(text.encode() if isinstance(text, str) else text)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def staged(into: Path) -> Iterator[Path]:
    """Give a temporary folder; move all its pages into ``into``, or none.

    Raises:
        StoreRefused: if a page's path is a folder; nothing is moved then.

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
    """Move every page, the index last; an interrupt takes effect after the last."""
    pages = sorted(aside.iterdir(), key=lambda page: (page.stem == "index", page.name))
    for made in pages:
        if (into / made.name).is_dir():
            raise StoreRefused(DoorCode.PAGE_BLOCKED, file=into / made.name)
    stopped: KeyboardInterrupt | None = None
    while left := [made for made in pages if made.exists()]:
        try:
            for made in left:
                made.replace(into / made.name)
        except KeyboardInterrupt as interrupt:
            stopped = interrupt
    if stopped is not None:
        raise stopped
