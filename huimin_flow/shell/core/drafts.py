"""Refused input is never lost: it is kept for its writer, and given back."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import asdict
from itertools import accumulate
from pathlib import Path

import click

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.clock import SHANGHAI, SystemClock
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.values import value
from huimin_flow.personal import masked
from huimin_flow.shell.core import screens

#: The most characters that are taken from the standard input.
MOST_HEARD = 2_000_000

#: How many of them a screen shows.
_SHOWN = 400

#: How many refused lines are kept, and how many characters; older ones go.
_KEPT = 100
_ROOM = 4_000_000


#: What the command at hand has read from the standard input.
_HEARD: ContextVar[tuple[str, ...]] = ContextVar("heard", default=())


@value
class Draft:
    """A command line that was refused, and why; ``at`` is Shanghai time.

    ``heard`` is what it had read from the standard input.
    """

    at: str
    line: str
    reason: str
    heard: str


def listen() -> str:
    """Return all that stands on the standard input, and remember it.

    Raises:
        InputRefused: if there is more than anybody would type or keep.

    """
    text = sys.stdin.read(MOST_HEARD)
    _HEARD.set((*_HEARD.get(), text))
    if sys.stdin.read(1):
        raise InputRefused(DoorCode.INPUT_TOO_LONG, most=MOST_HEARD)
    return text


def heard() -> str:
    """Return what the command at hand has read from the standard input."""
    return "\n".join(_HEARD.get())


def begin() -> None:
    """Forget what an earlier command had read."""
    _HEARD.set(())


def own_folder() -> Path:
    """Return the folder of this user's own files, made with nobody else's access."""
    named = os.environ.get("XDG_STATE_HOME")
    base = Path(named) if named else Path.home() / ".local" / "state"
    folder = base / "huimin"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def keep(arguments: Sequence[str], reason: str) -> bool:
    """Keep a refused command line; False if nothing could be written.

    What names a person is masked.
    """
    at = SystemClock().now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    draft = Draft(
        at=at,
        line=masked(shlex.join(arguments)),
        reason=masked(reason),
        heard=masked(heard()),
    )
    try:
        path = own_folder() / "refused.jsonl"
        lines = [*_lines(path)[1 - _KEPT :], json.dumps(asdict(draft))]
        # The newest for which there is room; the last in any case.
        fit = sum(size <= _ROOM for size in accumulate(map(len, reversed(lines))))
        beside = path.with_suffix(".part")
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
        ) as file:
            file.write("\n".join(lines[-max(fit, 1) :]) + "\n")
        beside.replace(path)
    except (OSError, UnicodeError):
        return False
    return True


def drafts() -> list[Draft]:
    """Return the refused lines that are kept, oldest first; a spoilt one as it is."""
    kept = []
    for line in _lines(own_folder() / "refused.jsonl"):
        try:
            draft = Draft(**json.loads(line))
        except (ValueError, TypeError):
            shown, reason = screens.harmless(line), "这一行已损坏"
            draft = Draft(at="", line=shown, reason=reason, heard="")
        kept.append(draft)
    return kept


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@click.command("drafts", help="被拒绝的输入:逐条列出,改正后可再用。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def drafts_command(*, as_json: bool) -> None:
    """List what was refused; of a long text that was read the beginning."""
    kept = drafts()
    rows = [(draft.at, draft.reason.splitlines()[0], draft.line) for draft in kept]
    text = screens.table(("时间", "原因", "输入"), rows) if rows else "没有被拒绝的输入"
    for draft in kept:
        if draft.heard:
            text += f"\n{draft.at} 从标准输入读到的:\n{draft.heard[:_SHOWN]}"
        if len(draft.heard) > _SHOWN:
            text += f"……(共{len(draft.heard)}个字符,全文:huimin drafts --json)"
    screens.show(kept, text, as_json=as_json)
