"""--dry-run says what an act would do and leaves nothing, for every act command."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.store.core.tables import METADATA
from huimin_flow.testing import Desk
from tests.conftest import CONFIG
from tests.databases import connected
from tests.sampled import NIGHTLY
from tests.shell import test_life_by_commands as life
from tests.shell.core.test_every_command import COMMANDS, filled
from tests.shell.services import test_ratings as ratings
from tests.shell.terminal import Said, Terminal

ACTS = {path for path, one in COMMANDS.items() if getattr(one.callback, "acts", False)}

#: Numbers of items, meetings and proposals, check codes, batches and receipts.
_NUMBERS = re.compile(
    r"20[0-9]{2}-[0-9]{4,6}|[0-9a-f]{12,64}|(?<=\"batches\": \[)[0-9]+"
    r"|(?:[0-9A-Z]{4}-){3}[0-9A-Z]{5}"
)


def rows(url: str) -> dict[str, Any]:
    """Every row of every table; of a server's their number and what they hash to."""
    names = [table.name for table in METADATA.sorted_tables]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return {
                name: connection.execute(f"SELECT * FROM {name}").fetchall()
                for name in names
            }
    query = " UNION ALL ".join(
        f"SELECT '{name}', count(*), sum(hashtextextended(t::text, 0)) FROM {name} t"
        for name in names
    )
    server, _, database = url.rpartition("/")
    told = connected(server, database).execute(query.encode()).fetchall()
    return {name: counted for name, *counted in told}


class Dry(Terminal):
    """A terminal that tries each act before it is done, and looks what is left."""

    def __init__(
        self, capsys: pytest.CaptureFixture[str], url: str, folder: Path
    ) -> None:
        super().__init__(capsys, url)
        self.folder = folder
        self.tried: set[tuple[str, ...]] = set()

    def left(self) -> tuple[dict[str, Any], set[Path]]:
        """All rows, and all files but those of the database itself."""
        files = {one for one in self.folder.rglob("*") if ".db-" not in one.name}
        return rows(self.database), files

    def trial(self, *words: str) -> Said:
        """Try a command; nothing may remain of it."""
        before = self.left()
        said = super().__call__(*words, "--dry-run")
        assert self.left() == before, words
        return said

    def __call__(self, *words: str) -> Said:
        path = next((one for one in ACTS if words[: len(one)] == one), None)
        if path is None:
            return super().__call__(*words)
        said = self.trial(*words)
        done = super().__call__(*words)
        assert said.code == done.code, (words, said.err, done.err)
        if done.code:
            assert said.err.splitlines()[:2] == done.err.splitlines()[:2]
        else:
            self.tried.add(path)
            self.compared(words, said, done)
        return done

    def plain(self, text: str) -> str:
        """A text; without the numbers that a rollback uses up on a server."""
        if self.database.startswith("sqlite"):
            return text
        return _NUMBERS.sub("#", text)

    def compared(self, words: tuple[str, ...], said: Said, done: Said) -> None:
        """The answer is the one that came when it was done: the same numbers."""
        if "--json" in words:
            would, answer = said.value["would"], done.value
            assert self.plain(json.dumps(would)) == self.plain(json.dumps(answer))
            assert said.value["events"], words
            return
        assert said.out.startswith("试算，未作任何改动。若办理，将会：\n"), words
        assert self.plain(done.out.splitlines()[0]) in self.plain(said.out), words
        assert "将记入" in said.out


@pytest.fixture
def dry(
    desk: Desk,
    url: str,
    own: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Dry:
    del desk
    shutil.copytree(CONFIG, own / "config")
    with (own / "config" / "huimin.yaml").open("a", encoding="utf-8") as file:
        file.write(f"attachments: {own / 'files'}\n")
    monkeypatch.setenv("HUIMIN_CONFIG", str(own / "config"))
    return Dry(capsys, url, own)


def test_every_act_command_can_be_tried_and_leaves_nothing(dry: Dry, own: Path) -> None:
    if not (NIGHTLY or dry.database.startswith("sqlite")):
        pytest.skip("make nightly: by day trials of acts themselves run on both")
    scenes: tuple[Callable[[Terminal, Path], None], ...] = (
        life.test_an_item_goes_from_collected_to_closed_by_commands,
        life.test_the_side_steps_are_commands_too,
        ratings.test_a_mistaken_rating_is_set_aside_by_two_people,
    )
    for scene in scenes:
        scene(dry, own)
    assert len(dry.tried) > 20
    if not (NIGHTLY or dry.database.startswith("sqlite")):
        return  # what is refused for its words is refused before a database is asked
    for path in ACTS - dry.tried:
        words = filled(COMMANDS[path], "2023-000001")
        at = words.index("--")
        said = dry.trial(*path, *words[:at], *words[at + 1 :])
        assert said.code != 0, path
        assert "Traceback" not in said.err


def test_a_refused_trial_is_said_and_logged_nowhere(rehearsal: Terminal) -> None:
    number = life.collected(rehearsal)
    url = f"sqlite:///{rehearsal.database}"
    before = rows(url)
    said = rehearsal("item", "close", number, "--by", "office-1", "--dry-run")
    assert (said.code, "不能“办结”" in said.err, said.out) == (1, True, "")
    assert "已留存" not in said.err
    assert rows(url) == before
    assert rehearsal.bare("drafts").out == "没有被拒绝的输入\n"


def test_an_import_that_is_tried_writes_no_file_beside(
    rehearsal: Terminal, own: Path
) -> None:
    name = ratings.written(own, ratings.row(1), "kaputt")
    said = rehearsal("rating", "import", name, *ratings.BY, "--dry-run")
    assert (said.code, "未收 1 行" in said.out) == (1, True)
    kept = {one.name for one in own.iterdir() if ".db" not in one.name}
    assert kept - {"state"} == {name}
