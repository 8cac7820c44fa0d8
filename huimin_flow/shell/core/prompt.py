"""The interactive shell: the same commands, with history and completion."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import click
from click.shell_completion import ShellComplete

from huimin_flow.personal import masked
from huimin_flow.settings import DATABASE_VARIABLE
from huimin_flow.shell.core import drafts
from huimin_flow.shell.core.command_line import answer
from huimin_flow.shell.core.place import Place, shared

#: Words that end the session.
_END_WORDS = {"exit", "quit", "退出"}


@click.command("shell", help="交互式操作:同样的命令,有历史与补全;Ctrl-D 退出。")
@shared
@click.pass_context
def shell(context: click.Context, place: Place) -> int:
    """Run commands line by line until the input ends."""
    with place.flow():
        pass  # refuse a database that cannot be opened now, not at the first line
    tree = context.find_root().command
    before = os.environ.get(DATABASE_VARIABLE)
    os.environ[DATABASE_VARIABLE] = place.url()  # every line works on this database
    try:
        if sys.stdin.isatty():
            return _converse(tree)
        lines = takewhile(lambda line: line.strip() not in _END_WORDS, sys.stdin)
        return max((_run(line, tree) for line in lines), default=0)
    finally:
        del os.environ[DATABASE_VARIABLE]
        if before is not None:
            os.environ[DATABASE_VARIABLE] = before


def completions(tree: click.Command, text: str) -> Iterator[tuple[str, str, int]]:
    """Yield completions of a line: word, meaning, and number of replaced characters."""
    try:
        words = words_of(text)
    except ValueError:
        return  # no completions within quotation marks
    prefix = words.pop() if words and not text[-1:].isspace() else ""
    complete = ShellComplete(tree, {}, "huimin", "_HUIMIN")
    for item in complete.get_completions(words, prefix):
        yield item.value, item.help or "", len(prefix)


def words_of(line: str) -> list[str]:
    """Return a line's words without a leading "huimin".

    Raises:
        ValueError: if a quotation mark is open.

    """
    words = shlex.split(line)
    return words[1:] if words[:1] == ["huimin"] else words


def _converse(tree: click.Command) -> int:
    from prompt_toolkit import PromptSession  # noqa: PLC0415 - 0.1 s, here only
    from prompt_toolkit.completion import Completer, Completion  # noqa: PLC0415
    from prompt_toolkit.history import FileHistory  # noqa: PLC0415

    class TreeCompleter(Completer):
        def get_completions(self, document: Any, _: Any) -> Iterator[Completion]:
            for word, meaning, length in completions(tree, document.text_before_cursor):
                yield Completion(word, start_position=-length, display_meta=meaning)

    class MaskedHistory(FileHistory):
        def store_string(self, string: str) -> None:
            super().store_string(masked(string))

    history = drafts.own_folder() / "history"
    history.touch(mode=0o600)
    session: PromptSession[str] = PromptSession(
        history=MaskedHistory(str(history)),
        completer=TreeCompleter(),
        complete_while_typing=False,
    )
    click.echo("惠民有感。Tab 补全,--help 看用法,Ctrl-D 退出。")
    refused = ""
    while True:
        try:
            line = session.prompt("惠民> ", default=refused)
        except KeyboardInterrupt:
            refused = ""
            continue
        except EOFError:
            return 0
        if line.strip() in _END_WORDS:
            return 0
        # A refused line comes back, so that the operator can correct it.
        refused = line if _run(line, tree) else ""


def _run(line: str, tree: click.Command) -> int:
    try:
        words = words_of(line)
    except ValueError:
        click.echo("引号没有成对;请补上引号", err=True)
        return 2
    if not words or words[0].startswith("#"):
        return 0
    if words[0] == "shell":
        click.echo("已在交互式操作中", err=True)
        return 2
    return answer(tree, words)
