"""What several workloads begin with: a founded database, an actor, items, voices."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from huimin_flow.catalogue.terms import Area, Origin
from huimin_flow.errors import StoreBusy
from huimin_flow.flow import Flow
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.settings import load_rulebook
from huimin_flow.store.core import engine

CONFIG = Path(__file__).parent.parent / "config"
BY = "op-500101"

#: When the voices of the bench were heard: before any machine's present.
HEARD = datetime(2023, 10, 9, 1, tzinfo=UTC)


@contextmanager
def journal(mode: str, level: str) -> Iterator[None]:
    """Make every connection opened inside use this journal mode and level."""
    usual = engine.journal_mode
    engine.journal_mode = lambda: (mode, level)
    try:
        yield
    finally:
        engine.journal_mode = usual


def in_wal(path: Path) -> bool:
    """Tell whether a database file says that it is in WAL mode."""
    with path.open("rb") as file:
        return file.read(20)[18:] == b"\x02\x02"


def url_of(path: Path) -> str:
    """Return the URL of an SQLite file."""
    return f"sqlite:///{path}"


def founded(path: Path) -> Flow:
    """Return a Flow on a new production database of the bureau's rulebook."""
    return Flow.found(url_of(path), load_rulebook(CONFIG))


def copied(source: Path, into: Path) -> Path:
    """Copy a closed database and its master key; return the copy."""
    shutil.copyfile(source, into)
    if (key := Path(f"{source}.key")).exists():
        shutil.copyfile(key, f"{into}.key")
    return into


def demand(k: int) -> Demand:
    """Return a demand of the unit of the bench's actor."""
    return Demand(
        title=f"零工市场缺少候工区{k}",
        origin=Origin.PROBLEM,
        area=Area.EMPLOYMENT,
        unit="500101",
    )


def title(k: int) -> dict[str, str]:
    """Return the changes of an amendment; each k has another title."""
    return {"title": f"零工市场缺少遮雨候工区{k}"}


def insist(act: Callable[[], object]) -> None:
    """Do an act again until it is done: a refusal of a busy file is only a wait."""
    while True:
        try:
            act()
        except StoreBusy:
            continue
        return


def with_items(path: Path, count: int) -> list[str]:
    """Found a database with items, and return their numbers."""
    with founded(path) as flow, flow.whole() as whole:
        by = whole.people.actor(BY)
        return [whole.items.collect(demand(k), by=by).number for k in range(count)]


def voices(first: int, count: int) -> list[Appeal]:
    """Return voices numbered from ``first``."""
    return [
        Appeal(
            key=f"V{k}",
            channel="hotline_12333",
            who=f"p{k}",
            district=f"5001{k % 30:02d}",
            at=HEARD - timedelta(minutes=k % 10_000),
            text=f"希望解决候工难 {k}",
        )
        for k in range(first, first + count)
    ]
