"""Refused input is kept, so that its writer can correct and reuse it."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from itertools import accumulate
from pathlib import Path

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.clock import SHANGHAI, SystemClock
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value
from huimin_flow.personal import is_code, masked
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.command_line import plain, running, switch
from huimin_flow.shell.core.usage import meant

#: The most characters that are read from the standard input.
MOST_READ = 2_000_000

#: How many of them a screen shows.
_SHOWN = 400

#: How many refused lines and characters are kept; older lines are deleted.
_KEPT = 100
_ROOM = 4_000_000


@value
class Draft:
    """A refused command line and the reason; ``at`` is Shanghai time.

    ``stdin`` is the text that it read from the standard input.
    """

    at: str = ""
    line: str = ""
    reason: str = ""
    stdin: str = ""


def read_stdin() -> str:
    """Return all of the standard input, and remember it for the draft.

    Raises:
        InputRefused: if it has more than 2,000,000 characters.

    """
    text = sys.stdin.read(MOST_READ)
    running().read.append(text)
    if sys.stdin.read(1):
        raise InputRefused(DoorCode.INPUT_TOO_LONG, most=MOST_READ)
    return text


def keepable(words: Sequence[str], tree: click.Command) -> list[str]:
    """Return the words of a typed line as a file may keep them, with stars.

    Numbers of a person are masked in every line. No pattern finds a name, so in a line
    about what people say a value stays only if it is a code, and no text. A line that
    leads to no command may be one of those.
    """
    command, path = meant(tree, words)
    if not _is_private(path):
        return [masked(word) for word in words]
    options = {name: each for each in command.params for name in each.opts}
    kept, asks = list(path), None
    for word in words[len(path) :]:
        name, equals, said = word.partition("=")
        if asks is None and name in options:
            option = options[name]
            if equals:
                name += equals + _value(said, option)
            elif not getattr(option, "is_flag", False):
                asks = option
            kept.append(name)
            continue
        is_option = isinstance(command, click.Group) and _NAME.fullmatch(name)
        start = name + equals if is_option else ""
        kept.append(start + _value(word.removeprefix(start), asks))
        asks = None
    return kept


def _is_private(path: tuple[str, ...]) -> bool:
    """Tell whether a command is unknown or brings in, reads, answers what is said."""
    return not path or path[0] in _OF_PEOPLE or path in _PRIVATE


def _value(said: str, option: click.Parameter | None) -> str:
    coded = is_code(said) and (option is None or option.name not in _TEXTS)
    return said if coded else _SIGN.sub("*", said)


#: Other commands that say what a file may not keep: texts, a secret.
_PRIVATE = {("item", "suggest"), ("spot-check", "reveal")}
_OF_PEOPLE = frozenset({"appeal", "answer", "gather", "person", "rating"})

#: The options that have texts and names, also where one looks like a code.
_TEXTS = frozenset(
    {"who", "title", "text", "village", "reason", "subject", "said", "secret"}
)
_NAME = re.compile(r"--[a-z]+(?:-[a-z]+)*")
_SIGN = re.compile(r"[^\W_]")


def own_folder() -> Path:
    """Return the folder of this user's own files; only the user has access."""
    named = os.environ.get("XDG_STATE_HOME")
    base = Path(named) if named else Path.home() / ".local" / "state"
    folder = base / "huimin"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def keep(arguments: Sequence[str], reason: str, tree: click.Command) -> str:
    """Keep a refused command line; return its file, or "" if it can't be written.

    It is kept as ``keepable`` says, and so are its reason and what it read.
    """
    at = SystemClock().now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    kept, stdin = keepable(arguments, tree), "\n".join(running().read)
    private = _is_private(meant(tree, arguments)[1])
    for word in set(arguments) - set(kept) if private else ():
        said = word.partition("=")[2] if word.startswith("--") else word
        for written in filter(_SIGN.search, (said, showable(said))):
            reason = reason.replace(written, _SIGN.sub("*", written))
    draft = Draft(
        at=at,
        line=shlex.join(kept),
        reason=masked(reason),
        stdin=_SIGN.sub("*", stdin) if private else masked(stdin),
    )
    try:
        path = own_folder() / "refused.jsonl"
        lines = [*_lines(path)[1 - _KEPT :], json.dumps(asdict(draft))]
        # As many of the newest lines as fit, and at least the last line.
        count = sum(size <= _ROOM for size in accumulate(map(len, reversed(lines))))
        beside = path.with_suffix(".part")
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
        ) as file:
            file.write("\n".join(lines[-max(count, 1) :]) + "\n")
        beside.replace(path)
    except (OSError, UnicodeError):
        return ""
    return str(path)


def drafts() -> list[Draft]:
    """Return the kept drafts, newest first; a damaged line is shown as text.

    Of a line that another version wrote, the fields of a draft are read.
    """
    kept = []
    names = {field.name for field in fields(Draft)}
    for line in reversed(_lines(own_folder() / "refused.jsonl")):
        try:
            read = json.loads(line)
            known = {name: str(read[name]) for name in names & read.keys()}
        except (ValueError, AttributeError):
            known = {"line": screens.harmless(line), "reason": say("这一行已损坏")}
        kept.append(Draft(**known))
    return kept


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@plain("drafts")
@switch("--csv", "as_csv", help="以 CSV 输出表格。")
@switch("--json", "as_json", help="以 JSON 输出。")
@click.option("--limit", type=values.Whole(1), help="最多几条,新的在前。")
def drafts_command(*, as_json: bool, as_csv: bool, limit: int | None) -> None:
    """List the refused input, newest first; of a long text only the beginning."""
    if as_json and as_csv:
        raise click.UsageError(say("--json 与 --csv 只能用一个"))
    kept = drafts()[:limit]
    rows = [(draft.at, draft.reason.partition("\n")[0], draft.line) for draft in kept]
    table = screens.Table(("时间", "原因", "输入"), rows)
    if as_csv:
        screens.echo("\n".join(table.csv_lines()), raw=True)
        return
    text = str(table) if rows else say("没有被拒绝的输入")
    screens.show(kept, text, as_json=as_json)
    for draft in () if as_json else kept:
        if draft.stdin:
            screens.echo(say("{at} 从标准输入读到的:", at=draft.at))
            screens.echo(draft.stdin[:_SHOWN], raw=True)
        if len(draft.stdin) > _SHOWN:
            screens.echo(
                say(
                    "……(共{count}个字符,全文:huimin drafts --json)",
                    count=len(draft.stdin),
                )
            )
