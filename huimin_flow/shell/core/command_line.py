"""Run a command line and return its exit code; remember its acts and its input.

Only click is loaded here: a help page needs none of what commands and refusals need.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

import click

from huimin_flow.catalogue.language import language_of, say, speaking
from huimin_flow.shell.core.usage import meant

if TYPE_CHECKING:
    from huimin_flow.flow import Flow
    from huimin_flow.flow.core.requests import Performed

F = TypeVar("F", bound=Callable[..., Any])

#: The variable by which bash, zsh and fish ask for completions.
COMPLETE_VARIABLE = "_HUIMIN_COMPLETE"

#: Words before a command that ask for its help.
_HELP_WORDS = {"help", "?", "帮助"}


class Running:
    """A command that runs: its acts, through every Flow, and the text that it read.

    ``unfinished`` means that more acts follow, or work that belongs to those done.
    """

    def __init__(self) -> None:
        """Begin without acts and without input."""
        self.unfinished = False
        self.opened: list[Flow] = []
        self.read: list[str] = []

    @property
    def done(self) -> int:
        """Return how many acts were committed."""
        return sum(acts.done for acts in self._acts())

    @property
    def all_done(self) -> bool:
        """Tell whether there were acts, and all of them were committed."""
        begun = self.unfinished or any(acts.begun for acts in self._acts())
        return bool(self.done) and not begun

    def _acts(self) -> Iterator[Performed]:
        if not self.opened:
            return
        from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - loaded by now

        yield from (door_of(flow).acts for flow in self.opened)


_RUNNING: ContextVar[Running] = ContextVar("_RUNNING")


def running() -> Running:
    """Return the running command; outside a command line, one that is forgotten."""
    return _RUNNING.get(None) or Running()


def watched(flow: Flow) -> Flow:
    """Add a Flow to those of the running command, and return it."""
    running().opened.append(flow)
    return flow


def switch(name: str, variable: str, **rest: Any) -> Callable[[Any], Any]:
    """Return an option without a value that an environment variable sets, too."""
    named = f"HUIMIN_{name.strip('-').replace('-', '_').upper()}"
    return click.option(
        name, variable, is_flag=True, envvar=named, show_envvar=True, **rest
    )


#: By path: a function with its own options, or a layout of ``core.commands``.
LAYOUTS: dict[str, Any] = {}


def plain(path: str) -> Callable[[F], F]:
    """Register a function with its own options as the command of a path."""

    def register(function: F) -> F:
        LAYOUTS[path] = function
        return function

    return register


def answer(tree: click.Command, arguments: list[str], *, piped: bool = False) -> int:
    """Run a command line of a tree and return its exit code.

    0 success, 1 refused, 2 usage error, 130 stopped; 3 if all acts are recorded and
    only the output failed. A recorded act is never reported as not done. ``piped``
    says that the standard input has a text for this command only: it is kept with a
    refused line even if the command did not read it.
    """
    now = Running()
    _RUNNING.set(now)
    language, arguments = language_of(arguments, os.environ)
    with speaking(language):
        try:
            return _run(tree, arguments)
        except (Exception, KeyboardInterrupt, SystemExit) as failure:  # noqa: BLE001 - operators see no trace
            from huimin_flow.shell.core.failed import failed  # noqa: PLC0415 - seldom

            return failed(failure, now, tree, arguments, piped=piped)


def _run(tree: click.Command, arguments: list[str]) -> int:
    try:  # a prompt or an embedder may pass characters that a terminal cannot
        valid = b"\0" not in os.fsencode("".join(arguments))
    except UnicodeEncodeError:
        valid = False
    if not valid:
        raise click.UsageError(say("输入中含有空字符或无效字符"))
    if arguments and arguments[0] in _HELP_WORDS:
        arguments = [*arguments[1:], "--help"]
    if COMPLETE_VARIABLE in os.environ:
        try:
            tree.main(arguments, "huimin", complete_var=COMPLETE_VARIABLE)
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 0
    command, path = meant(tree, arguments)
    if isinstance(command, click.Group) and len(path) == len(arguments):
        # A group without a command shows its help.
        with redirect_stdout(sys.stderr):
            tree.main([*arguments, "--help"], "huimin", standalone_mode=False)
        return 2
    code: Any = tree.main(arguments, prog_name="huimin", standalone_mode=False)
    sys.stdout.flush()
    return code if isinstance(code, int) else 0
