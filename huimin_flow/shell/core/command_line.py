"""Run a command line: refusals become sentences, results become exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import redirect_stdout, suppress
from typing import Any

import click

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.clock import SHANGHAI, SystemClock
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    StoreRefused,
    extra_missing,
    why_not,
)
from huimin_flow.shell.core import drafts, place, screens
from huimin_flow.shell.core.usage import meant, refused

#: The message after Ctrl-C; ``entry`` has the same for the time while it loads.
INTERRUPTED = "已中断;未完成的操作没有留下任何改动"


#: Added to a refusal if an earlier act of the command was recorded.
_BEFORE = "此前已办的都已保存,不必重办"

#: Added to a refusal if all acts were recorded and only the output failed.
_DONE = "已办理并已保存,不必重办"

#: The exit code of a command whose acts are recorded but whose output failed.
_UNSHOWN = 3

#: How many traces of unexpected failures are kept; older ones are deleted.
_KEPT = 20


def answer(tree: click.Command, arguments: list[str], *, piped: bool = False) -> int:
    """Run a command line of a tree and return its exit code.

    0 success, 1 refused, 2 usage error, 130 stopped; 3 if all acts are recorded and
    only the output failed. A recorded act is never reported as not done. ``piped``
    says that the standard input has a text for this command only: it is kept with a
    refused line even if the command did not read it.
    """
    as_json = "--json" in arguments
    drafts.begin()
    acts = place.begin()
    try:
        return _run(tree, arguments)
    except (BrokenPipeError, SystemExit):  # click exits so if the reader has stopped
        # The reader needs no more; the interpreter must not flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNSHOWN if acts.all_done else 1
    except click.ClickException as failure:
        misuse = refused(failure, tree, arguments)
        screens.misuse(misuse, as_json=as_json)
        _kept(tree, arguments, str(misuse), piped=piped)
        return 2
    except (click.Abort, KeyboardInterrupt):
        screens.echo(INTERRUPTED + (f";{_BEFORE}" if acts.done else ""), err=True)
        return 130
    except Exception as failure:  # noqa: BLE001 - operators see no trace
        refusal = _refusal_of(failure)
        if acts.all_done:
            unshown = StoreRefused(DoorCode.NOT_SHOWN, why=str(refusal))
            with suppress(OSError):  # the error stream may be closed, too
                screens.refuse(unshown, as_json=as_json, head=_DONE)
            return _UNSHOWN
        head = f"{_BEFORE};其后未执行" if acts.done else "未执行"
        screens.refuse(refusal, as_json=as_json, head=head)
        _kept(tree, arguments, str(refusal), piped=piped)
        return 1


def _run(tree: click.Command, arguments: list[str]) -> int:
    try:  # a prompt or an embedder may pass characters that a terminal cannot
        valid = b"\0" not in os.fsencode("".join(arguments))
    except UnicodeEncodeError:
        valid = False
    if not valid:
        raise click.UsageError("输入中含有空字符或无效字符")
    command, path = meant(tree, arguments)
    if isinstance(command, click.Group) and len(path) == len(arguments):
        # A group without a command shows its help.
        with redirect_stdout(sys.stderr):
            tree.main([*arguments, "--help"], "huimin", standalone_mode=False)
        return 2
    code: Any = tree.main(arguments, prog_name="huimin", standalone_mode=False)
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _refusal_of(failure: Exception) -> HuiminError:
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
    tree: click.Command, arguments: list[str], reason: str, *, piped: bool
) -> None:
    """Keep a refused line that acts, or that has more options than ``_LOOKS``."""
    command, path = meant(tree, arguments)
    if getattr(command.callback, "acts", False):
        keeps = any(word not in _LOOKS for word in arguments[len(path) :])
    else:
        keeps = any(word.startswith("--") and word not in _LOOKS for word in arguments)
    if not keeps:
        return
    if piped and "-" in arguments and not drafts.read_so_far():
        with suppress(InputRefused):  # the line is refused already; keep what fits
            drafts.read_stdin()
    if drafts.keep(arguments, reason):
        click.echo("您的输入已留存:huimin drafts 查看", err=True)
    else:
        click.echo("您的输入未能留存,请自行保存", err=True)


_LOOKS = {"--json", "--db", "--config", "--help", "--now"}
