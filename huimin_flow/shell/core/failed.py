"""What is said and kept of a command line that failed, and its exit code."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import click

from huimin_flow.catalogue.language import say, say_pair, say_sentences, truth
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.clock import SHANGHAI, SystemClock
from huimin_flow.errors import (
    ConfigRefused,
    HuiminError,
    InputRefused,
    StoreRefused,
    extra_missing,
    why_not,
)
from huimin_flow.model.core.values import to_plain
from huimin_flow.shell.core import drafts, screens
from huimin_flow.shell.core.command_line import Running
from huimin_flow.shell.core.usage import meant, refused

#: The message after Ctrl-C; ``entry`` has the same for the time while it loads.
INTERRUPTED = "已中断\uff1b未完成的操作没有留下任何改动"


#: Added to the message after Ctrl-C if an act of the command was recorded.
_BEFORE = "此前已办的都已保存,不必重办"

#: Added to a refusal if all acts were recorded and only the output failed.
_DONE = "已办理并已保存,不必重办"

#: The exit code of a command whose acts are recorded but whose output failed.
_UNSHOWN = 3

#: How many traces of unexpected failures are kept; older ones are deleted.
_KEPT = 20


def failed(
    failure: BaseException,
    now: Running,
    tree: click.Command,
    arguments: list[str],
    *,
    piped: bool,
) -> int:
    """Print why a command line failed, keep what was typed, return the exit code."""
    as_json = "--json" in arguments or truth(os.environ.get("HUIMIN_JSON", ""))
    if isinstance(failure, BrokenPipeError | SystemExit):
        # The reader needs no more (click exits so, too); the interpreter must not
        # flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNSHOWN if now.all_done else 1
    if isinstance(failure, click.ClickException):
        wrong = refused(failure, tree, arguments)
        keep = partial(_kept, now, tree, arguments, str(wrong), piped=piped)
        misuse(wrong, as_json=as_json, keep=keep)
        return 2
    if isinstance(failure, click.Abort | KeyboardInterrupt):
        parts = [say(INTERRUPTED), *([say(_BEFORE)] if now.done else [])]
        screens.echo(say_sentences(parts), err=True)
        return 130
    refusal = _refusal_of(failure)
    if now.all_done:
        unshown = StoreRefused(DoorCode.NOT_SHOWN, why=str(refusal))
        with suppress(OSError):  # the error stream may be closed, too
            refuse(unshown, as_json=as_json, head=say(_DONE))
        return _UNSHOWN
    head = say("此前已办的都已保存,不必重办;其后未执行") if now.done else ""
    keep = partial(_kept, now, tree, arguments, str(refusal), piped=piped)
    refuse(refusal, as_json=as_json, head=head, keep=keep)
    return 1


def refuse(
    refusal: HuiminError,
    *,
    as_json: bool,
    head: str = "",
    keep: Callable[[], str | None] = lambda: None,
) -> None:
    """Print a refusal on the error stream: what, why, and what to do.

    ``head`` says that some or all of the command's acts were done. ``keep`` keeps the
    typed line and returns as ``_kept``. As JSON, all of it is one object.
    """
    notes = [screens.harmless(note) for note in getattr(refusal, "__notes__", ())]
    if as_json:
        fields: dict[str, Any] = {
            "error": type(refusal).__name__,
            "code": refusal.code,
            "message": screens.harmless(str(refusal)),
            "remedy": refusal.remedy,
            "reasons": screens.plain_reasons(refusal.reasons),
        }
        if isinstance(refusal, ConfigRefused):
            fields["problems"] = to_plain(refusal.problems)
        if refusal.earliest is not None:
            fields["earliest"] = refusal.earliest.isoformat()
        fields |= {"notes": notes} if notes else {}
        fields |= {"done": head} if head else {}
        if (draft := keep()) is not None:
            fields["draft"] = draft
        screens.echo_json(json.dumps(fields, ensure_ascii=False), err=True)
        return
    text = say_pair(head or say("未执行"), screens.harmless(str(refusal)))
    red = screens.colored(err=True)
    screens.echo(click.style(text, fg="red") if red else text, err=True)
    if refusal.remedy:
        screens.echo(say_pair(say("可以这样做"), refusal.remedy), err=True)
    for note in notes:
        screens.echo(note, err=True)
    _say_kept(keep())


def misuse(
    wrong: InputRefused, *, as_json: bool, keep: Callable[[], str | None]
) -> None:
    """Print what is wrong with a command line, like a refusal."""
    if as_json:
        refuse(wrong, as_json=True, keep=keep)
        return
    remedy = say_pair(say("可以这样做"), screens.harmless(wrong.remedy))
    screens.echo(f"{screens.harmless(str(wrong))}\n{remedy}", err=True)
    _say_kept(keep())


def _say_kept(draft: str | None) -> None:
    if draft:
        screens.echo(say("您的输入已留存:huimin drafts 查看"), err=True)
    elif draft is not None:
        screens.echo(say("您的输入未能留存,请自行保存"), err=True)


def _refusal_of(failure: BaseException) -> HuiminError:
    """Return the refusal for a failure; write a trace of an unexpected failure."""
    if isinstance(failure, HuiminError):
        return failure
    if isinstance(failure, ImportError) and (missing := extra_missing(failure)):
        return missing
    if isinstance(failure, OSError):
        code, blocked = DoorCode.PATH_FAILED, failure.filename or ""
        return StoreRefused(code, file=blocked, why=why_not(failure))
    name, kept_at = type(failure).__name__, "-"
    trace = "".join(traceback.format_exception(failure))
    at = SystemClock().now().astimezone(SHANGHAI)
    with suppress(OSError):
        folder = drafts.own_folder() / "failures"
        folder.mkdir(exist_ok=True, mode=0o700)
        for old in sorted(folder.glob("*.txt"))[: 1 - _KEPT or None]:
            old.unlink(missing_ok=True)
        path = folder / f"{at:%Y%m%d-%H%M%S-%f}.txt"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(trace.encode(errors="backslashreplace").decode())
        kept_at = str(path)
    return StoreRefused(DoorCode.UNEXPECTED, error=name, file=kept_at)


def _kept(
    now: Running,
    tree: click.Command,
    arguments: list[str],
    reason: str,
    *,
    piped: bool,
) -> str | None:
    """Keep a refused line that acts, or that has more options than ``_LOOKS``.

    Return the path of its file, "" if it can't be written, None for other lines; a
    line that only tries keeps nothing.
    """
    if "--dry-run" in arguments:
        return None
    command, path = meant(tree, arguments)
    if getattr(command.callback, "acts", False):
        keeps = any(word not in _LOOKS for word in arguments[len(path) :])
    else:
        keeps = any(word.startswith("--") and word not in _LOOKS for word in arguments)
    if not keeps:
        return None
    if piped and "-" in arguments and not any(now.read):
        with suppress(InputRefused):  # the line is refused already; keep what fits
            drafts.read_stdin()
    return drafts.keep(arguments, reason, tree)


_LOOKS = {"--json", "--csv", "--read-only", "--db", "--config", "--help", "--now"}
