"""In any order of intakes, erasures, backups and restores nobody erased comes back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huimin_flow.audit.verify import verify
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.sensing.appeals import Appeal, Contact
from huimin_flow.shell.upkeep.backups import erased_again
from huimin_flow.store import backup as backups
from huimin_flow.testing import Desk
from tests import databases
from tests.conftest import Founded, usual_clock

PEOPLE = ("13800138000", "13900139000", "")
STEPS = st.sampled_from(["add", "add", "erase", "back_up", "restore", "rotate"])
ORDERS = st.lists(st.tuples(STEPS, st.integers(0, 2)), min_size=3, max_size=14)


class World:
    """A database, its backups, and what must be readable in each.

    ``said`` has of each appeal its person and the life of that person's data key;
    ``gone`` are the lives that were erased, whatever backup is restored.
    """

    def __init__(self, url: str, free: Any, folder: Path) -> None:
        self.url, self._free, self._folder = url, free, folder
        self.said: dict[str, tuple[str, int]] = {}
        self.gone: set[tuple[str, int]] = set()
        self.lives: dict[str, int] = {}
        self.kept: list[tuple[Path, dict[str, tuple[str, int]], dict[str, int]]] = []
        self._count = 0

    def open(self) -> Iterator[Desk]:
        clock = usual_clock()
        clock.seed = self._count
        clock.__post_init__()
        with Flow.open(self.url, clock=clock) as flow:
            yield Desk(flow, clock)

    def add(self, desk: Desk, who: int) -> None:
        self._count += 1
        key, phone = f"A{self._count}", PEOPLE[who]
        contact = Contact(phone=phone) if phone else None
        told = Appeal(
            key=key,
            channel="media",
            district="500101",
            text=f"说{key}",
            contact=contact,
        )
        desk.flow.appeals.add(told, by=desk.office)
        owner = phone or key
        self.said[key] = (owner, self.lives.setdefault(owner, self._count))

    def erase(self, desk: Desk, who: int) -> None:
        alive = [key for key, life in self.said.items() if life not in self.gone]
        if not alive:
            return
        key = alive[who % len(alive)]
        desk.flow.appeals.erase(
            f"media={key}", "要求", by=desk.office, second=desk.second
        )
        self.gone.add(self.said[key])
        self.lives.pop(self.said[key][0], None)

    def back_up(self, _desk: Desk, _: int) -> None:
        self._count += 1
        folder = self._folder / f"backup{self._count}"
        folder.mkdir()
        backups.copy_out(self.url, folder, None, "2023-10-09T02:00:00.000000Z")
        self.kept.append((folder, dict(self.said), dict(self.lives)))

    def rotate(self, desk: Desk, _: int) -> None:
        door = door_of(desk.flow)
        door.keyring.masters.add()
        door.perform(lambda work: door.keyring.rewrap(work.connection))
        door.keyring.masters.promote()

    def restore(self, which: int) -> None:
        if not self.kept:
            return
        folder, said, lives = self.kept[which % len(self.kept)]
        self.url = self._free()
        backups.copy_in(folder, backups.read(folder), self.url, None)
        self.said = dict(said)
        self.lives = {who: n for who, n in lives.items() if (who, n) not in self.gone}
        for desk in self.open():
            erased_again(desk.flow)

    def hold(self, desk: Desk) -> None:
        pairs = [("media", key) for key in self.said]
        lines = desk.flow.appeals.read(pairs, "核对", by=desk.office) if pairs else ()
        shown = {line.key: line.text for line in lines}
        assert shown == {
            key: "" if life in self.gone else f"说{key}"
            for key, life in self.said.items()
        }
        assert door_of(desk.flow).read(verify).findings == ()


def lived(world: World, order: list[tuple[str, int]]) -> None:
    for step, which in [*order, ("back_up", 0)]:
        if step == "restore":
            world.restore(which)
        else:
            for desk in world.open():
                getattr(world, step)(desk, which)
        if step in {"restore", "back_up"}:
            for desk in world.open():
                world.hold(desk)


@pytest.fixture
def own_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the master key, so that a rotation changes nobody else's."""
    own = tmp_path / "own.key"
    shutil.copy(os.environ["HUIMIN_KEY"], own)
    monkeypatch.setenv("HUIMIN_KEY", str(own))
    return own


FEW = settings(
    max_examples=settings().max_examples // 5,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(order=ORDERS)
def test_on_sqlite(
    order: list[tuple[str, int]], founded: Founded, tmp_path: Path, own_key: Path
) -> None:
    # Each example draws the same data keys: another one's erasures are not its own.
    own_key.with_name("own.key.erased").unlink(missing_ok=True)
    place = tmp_path / os.urandom(6).hex()
    place.mkdir()

    def free() -> str:
        return f"sqlite:///{place / os.urandom(6).hex()}.db"

    url = free()
    shutil.copy(founded.file, url.removeprefix("sqlite:///"))
    lived(World(url, free, place), order)
    shutil.rmtree(place)


#: On a server an empty database takes long to make: one order that has every step.
ORDER = [
    ("add", 0), ("add", 2), ("back_up", 0), ("erase", 0), ("add", 0), ("rotate", 0),
    ("erase", 0), ("restore", 0),
]  # fmt: skip


@pytest.mark.usefixtures("desk", "own_key")
def test_on_postgresql(
    url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if url.startswith("sqlite"):
        pytest.skip("the property has it")
    server = request.getfixturevalue("server")
    made: list[str] = []

    def free() -> str:
        made.append(databases.fresh(server))
        return f"{server}/{made[-1]}"

    lived(World(url, free, tmp_path), ORDER)
    for name in made:
        databases.dropped(server, name)


@pytest.mark.usefixtures("desk")
def test_a_register_that_is_forgotten_is_what_brings_people_back(
    url: str, tmp_path: Path, own_key: Path
) -> None:
    """The control: without the register the property fails."""
    if not url.startswith("sqlite"):
        pytest.skip("one database is enough for a control")

    def free() -> str:
        own_key.with_name("own.key.erased").unlink()
        return f"sqlite:///{tmp_path / 'again.db'}"

    order = [("add", 0), ("back_up", 0), ("erase", 0), ("restore", 0)]
    with pytest.raises(AssertionError):
        lived(World(url, free, tmp_path), order)
