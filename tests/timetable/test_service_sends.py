"""The unattended service sends what is due, as a process of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.shell.core.acting import account
from tests.desk.server import configured
from tests.programs import Program


def test_the_service_sends_and_says_so(
    file_url: str, book: Rulebook, config: Path, tmp_path: Path
) -> None:
    own = configured(config, tmp_path / "config", service_account=account())
    folder = tmp_path / "changes"
    folder.mkdir()
    with (own / "huimin.yaml").open("a", encoding="utf-8") as file:
        destination = (
            f"{{name: files, sender: file, folder: {folder}, from_start: true}}"
        )
        file.write(f"outbox:\n  destinations: [{destination}]\n")
    Flow.found(file_url, book).close()
    words = ["scheduler", "--db", file_url, "--config", str(own)]
    with Program(words, stdout=subprocess.PIPE) as service:
        assert service.stdout is not None
        lines = (json.loads(line) for line in service.stdout)
        sent = next(line for line in lines if line["event"] == "sent")
        service.terminate()
        assert service.wait(timeout=60) == 0
    assert (sent["destination"], sent["count"] >= 1) == ("files", True)
    assert json.loads((folder / "000000000001.json").read_text())["kind"] == "rulebook"
