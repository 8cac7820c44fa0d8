"""A host in another language gets each change once, in order, though it is killed."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from huimin_flow.api import Flow, to_plain
from huimin_flow.testing import Desk
from tests.desk.serving import serving
from tests.flow.core.test_host import plain
from tests.hosts.described import of
from tests.test_docs import DOCS, blocks

NODE = shutil.which("node")
SCRIPT = Path(__file__).parents[2] / "examples" / "node_consumer" / "consume.mjs"

pytestmark = pytest.mark.skipif(NODE is None, reason="node is missing")

#: How many write at once, and how many items each of them collects.
WRITERS, ITEMS = 4, 8

#: How long a started process may take until it has read on, in seconds.
PATIENCE = 60.0


def write(desk: Desk, url: str) -> None:
    """Collect items, every second one in a transaction of another program."""
    host = plain(url)
    with Flow.open(url, clock=desk.clock) as flow:
        own = Desk(flow, desk.clock)
        for n in range(ITEMS):
            if n % 2:
                own.collect()
                continue
            with host.begin() as connection:
                Desk(Flow.bind(connection, clock=desk.clock), desk.clock).collect()
        flow.settle()
    host.dispose()


@contextmanager
def consumer(address: str, log: Path, said: Path) -> Iterator[None]:
    """Run the script, and kill it in the end."""
    assert NODE is not None
    with said.open("ab") as errors:
        command = [NODE, str(SCRIPT), address, str(log)]
        process = subprocess.Popen(command, stderr=errors)
        try:
            yield
            assert process.poll() is None, said.read_text("utf-8")
        finally:
            process.kill()
            process.wait()


def reached(log: Path) -> int:
    """Return the position of the last change that the script has whole."""
    whole = log.read_bytes().rpartition(b"\n")[0] if log.exists() else b""
    position: int = json.loads(whole.splitlines()[-1])["position"] if whole else 0
    return position


def wait_for(log: Path, position: int) -> None:
    """Wait until the script has come so far."""
    pause, tries = threading.Event(), int(PATIENCE / 0.05)
    while tries and reached(log) < position:
        pause.wait(0.05)
        tries -= 1
    assert reached(log) >= position


def test_it_has_every_change_once_in_order_though_it_is_killed(
    desk: Desk, url: str, tmp_path: Path
) -> None:
    log, said = tmp_path / "changes.jsonl", tmp_path / "said.txt"
    path = tmp_path / "desk.sock"
    with consumer(str(path), log, said):  # the service isn't there yet: it waits
        pass
    with serving(desk.flow, path) as service:
        threads = [
            threading.Thread(target=write, args=(desk, url)) for _ in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        for _ in range(3):
            had = reached(log)
            with consumer(str(path), log, said):
                wait_for(log, min(had + 5, WRITERS * ITEMS))
            with log.open("ab") as torn:  # as if it had died while it wrote
                torn.write('{"position": 1, "收'.encode()[:-1])
        for thread in threads:
            thread.join()
        desk.flow.settle()
        desk.collect()
        every = [to_plain(change) for change in of(desk.flow)]
        assert len(every) == 2 + WRITERS * ITEMS
        with consumer(str(path), log, said):
            wait_for(log, len(every))
        assert service.failures == []
    seen = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert seen == every
    assert reached(log) == len(every)


def test_the_how_to_starts_it() -> None:
    (command,) = blocks(DOCS / "how-to" / "subscribe-to-changes.md", "sh")
    assert command.split()[:2] == ["node", "examples/node_consumer/consume.mjs"]
    assert (DOCS.parent / command.split()[1]).read_text("utf-8") == SCRIPT.read_text(
        "utf-8"
    )


def test_the_script_has_thirty_lines_and_needs_no_package() -> None:
    text = SCRIPT.read_text("utf-8")
    assert len(text.splitlines()) == 30
    imported = [
        line.split('"')[1]
        for line in text.splitlines()
        if " from " in line and line.startswith("import")
    ]
    assert all(name.startswith("node:") for name in imported)
