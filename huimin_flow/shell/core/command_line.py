"""The edge of a command line: every refusal a sentence, every failure a code."""

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

#: What a command that Ctrl-C stopped says; ``entry`` says the same while it loads.
INTERRUPTED = "已中断;未完成的操作没有留下任何改动"


#: What else a refusal says where an earlier act was kept.
_BEFORE = "此前已办的都已保存,不必重办"

#: What a refusal says where everything was kept, and only what follows failed.
_DONE = "已办理并已保存,不必重办"

#: How a command ends whose act is kept and whose answer could not be shown.
_UNSHOWN = 3

#: How many traces of unforeseen failures are kept; older ones go.
_KEPT = 20


def answer(tree: click.Command, arguments: list[str], *, piped: bool = False) -> int:
    """Run one command line of a tree; return how it ended.

    0 well, 1 refused, 2 misused, 130 stopped; 3 where all was done and kept and
    only its answer could not be shown. What is kept is never reported as undone.
    ``piped`` says that the standard input holds a text for this command alone:
    it is kept with the line, though it was refused before anybody read it.
    """
    as_json = "--json" in arguments
    drafts.begin()
    acts = place.begin()
    try:
        return _run(tree, arguments)
    except (BrokenPipeError, SystemExit):  # click ends so where its reader has left
        # Whoever read us has read enough; the interpreter must not flush again.
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
    except Exception as failure:  # noqa: BLE001 - no operator is shown a trace
        refusal = _refusal_of(failure)
        if acts.all_done:
            untold = StoreRefused(DoorCode.UNTOLD, why=str(refusal))
            with suppress(OSError):  # nobody is left to read it
                screens.refuse(untold, as_json=as_json, head=_DONE)
            return _UNSHOWN
        head = f"{_BEFORE};其后未执行" if acts.done else "未执行"
        screens.refuse(refusal, as_json=as_json, head=head)
        _kept(tree, arguments, str(refusal), piped=piped)
        return 1


def _run(tree: click.Command, arguments: list[str]) -> int:
    try:  # a prompt or an embedder might hand over words that no terminal does
        fits = b"\0" not in os.fsencode("".join(arguments))
    except UnicodeEncodeError:
        fits = False
    if not fits:
        raise click.UsageError("输入中含有空字符或无效字符")
    command, path = meant(tree, arguments)
    if isinstance(command, click.Group) and len(path) == len(arguments):
        # Who names only a group wants to see what is in it.
        with redirect_stdout(sys.stderr):
            tree.main([*arguments, "--help"], "huimin", standalone_mode=False)
        return 2
    code: Any = tree.main(arguments, prog_name="huimin", standalone_mode=False)
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _refusal_of(failure: Exception) -> HuiminError:
    """Return what an operator reads of a failure; an unforeseen one leaves a trace."""
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
        folder = drafts.own_folder() / "incidents"
        folder.mkdir(exist_ok=True, mode=0o700)
        for old in sorted(folder.glob("*.txt"))[: 1 - _KEPT or None]:
            old.unlink(missing_ok=True)
        path = folder / f"{at:%Y%m%d-%H%M%S-%f}.txt"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(trace.encode(errors="backslashreplace").decode())
        kept_at = str(path)
    return StoreRefused(DoorCode.INCIDENT, error=name, file=kept_at)


def _kept(
    tree: click.Command, arguments: list[str], reason: str, *, piped: bool
) -> None:
    """Keep what was typed for an act, or with an option that says more than a look."""
    command, path = meant(tree, arguments)
    if getattr(command.callback, "acts", False):
        worth = any(word not in _LOOKS for word in arguments[len(path) :])
    else:
        worth = any(word.startswith("--") and word not in _LOOKS for word in arguments)
    if not worth:
        return
    if piped and "-" in arguments and not drafts.heard():
        with suppress(InputRefused):  # the line is refused already; this is kept of it
            drafts.listen()
    if drafts.keep(arguments, reason):
        click.echo("您的输入已留存:huimin drafts 查看", err=True)
    else:
        click.echo("您的输入未能留存,请自行保存", err=True)


_LOOKS = {"--json", "--db", "--config", "--help", "--now"}
