"""Worlds that are made once, and of which every test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest

from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.settings import config_folder, load_rulebook
from huimin_flow.testing import MORNING, Desk
from tests import databases
from tests.databases import Pool

Story = Callable[[Desk], None]


@dataclass(frozen=True)
class Kept:
    """A database in which a story was told, and where its clock and people stood."""

    place: Path | Pool
    now: datetime
    drawn: Any
    voices: int

    @contextmanager
    def url(self, folder: Path) -> Iterator[str]:
        """Give a copy: a file in ``folder``, or a server's database for a while."""
        if isinstance(self.place, Path):
            yield f"sqlite:///{shutil.copy(self.place, folder / 'huimin.db')}"
            return
        name = self.place.take()
        yield f"{self.place.server}/{name}"
        self.place.give(name)

    @contextmanager
    def desk(self, folder: Path) -> Iterator[Desk]:
        """Give a desk on a copy, as if the story had just been told."""
        clock = RehearsalClock(self.now)
        clock._random.setstate(self.drawn)
        with self.url(folder) as url, Flow.open(url, clock=clock) as flow:
            desk = Desk(flow, clock)
            desk._appeals = self.voices
            yield desk


@contextmanager
def rehearsal() -> Iterator[Desk]:
    """Yield the desk of ``huimin_flow.testing.rehearsal``, on a copy of its database."""
    founded, drawn = _founded()
    with TemporaryDirectory(dir=databases.memory()) as folder:
        file = Path(folder) / "rehearsal.db"
        file.write_bytes(founded)
        with Kept(file, MORNING, drawn, voices=0).desk(Path(folder)) as desk:
            yield desk


@cache
def _founded() -> tuple[bytes, Any]:
    """Return what a founded file contains, and where the clock's randomness stands."""
    with TemporaryDirectory(dir=databases.memory()) as folder:
        place = Path(folder)
        kept = in_file(place, load_rulebook(config_folder()), lambda _: None)
        return (place / "kept.db").read_bytes(), kept.drawn


def in_file(folder: Path, book: Rulebook, story: Story) -> Kept:
    """Tell a story in a new file of ``folder``."""
    file = folder / "kept.db"
    return _told(f"sqlite:///{file}", file, book, story)


def on_server(server: str, book: Rulebook, story: Story) -> Kept:
    """Tell a story in a new database of a server."""
    name = databases.fresh(server)
    return _told(f"{server}/{name}", Pool(server, name), book, story)


def fixtures(story: Story, scope: Literal["module", "session"]) -> tuple[Any, Any]:
    """Return fixtures of a story's world: in a file, and on a server."""

    @pytest.fixture(scope=scope)
    def of_sqlite(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Kept:
        return in_file(tmp_path_factory.mktemp("kept"), book, story)

    @pytest.fixture(scope=scope)
    def of_postgresql(book: Rulebook, server: str) -> Kept:
        return on_server(server, book, story)

    return of_sqlite, of_postgresql


def _told(url: str, place: Path | Pool, book: Rulebook, story: Story) -> Kept:
    clock = RehearsalClock(MORNING, seed=7)
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        desk = Desk(flow, clock)
        story(desk)
    return Kept(place, clock.now(), clock._random.getstate(), desk._appeals)
