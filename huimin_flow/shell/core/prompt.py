"""The interactive shell: the same commands, with history and completion."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import click
from click.shell_completion import ShellComplete

from huimin_flow.catalogue.language import say, say_count
from huimin_flow.catalogue.typography import full_width
from huimin_flow.errors import HuiminError
from huimin_flow.exchange.core.cells import half_width
from huimin_flow.personal import masked
from huimin_flow.settings import DATABASE_VARIABLE
from huimin_flow.shell.core import drafts, screens
from huimin_flow.shell.core.acting import account
from huimin_flow.shell.core.command_line import COMPLETE_VARIABLE, answer, plain
from huimin_flow.shell.core.place import Place, shared

#: Words that end the session.
_END_WORDS = {"exit", "quit", "退出"}

#: The parts of a line: a text in plain quotation marks, a word in those of an input
#: method, a blank, and what is between them. Chinese marks within a word, as in
#: 关于“零工”市场, belong to the word.
_PARTS = re.compile(
    r"""(?P<plain>"(?:\\.|[^"\\])*"|'[^']*'|\\.)
    |(?<![^\s=\uff1d])(?:
        “(?P<double>(?:[^“”]|“[^“”]*”)*)”
        |\u2018(?P<single>(?:[^\u2018\u2019]|\u2018[^\u2018\u2019]*\u2019)*)\u2019
        |\uff02(?P<wide>[^\uff02]*)\uff02
    )(?!\S)
    |(?P<open>(?<![^\s=\uff1d])[“\u2018\uff02][^”\u2019\uff02]*$)
    |(?P<blank>\s)
    |(?P<bare>[^\s"'\\]+?(?=[\s"'\\]|(?<=[=\uff1d])[“\u2018\uff02]|$)|.)""",
    re.VERBOSE | re.DOTALL,
)

#: A word without any sign but those of ASCII, in plain or full-width form.
_CODE = re.compile(r"[!-~\uff01-\uff5e]+")

#: The name of an option; some input methods turn "--" into dashes.
_DASHES = r"(?:[-\uff0d]{2}|[—\u2013]{1,2})"
_OPTION = re.compile(rf"{_DASHES}(?=[a-z\uff41-\uff5a])[^=\uff1d]+[=\uff1d]?")


@plain("shell")
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
            return _converse(tree, standing(place))
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
    typed = re.split(r"\s", text)[-1]
    prefix = words.pop() if words and typed else ""
    complete = ShellComplete(tree, {}, "huimin", COMPLETE_VARIABLE)
    for item in complete.get_completions(words, prefix):
        yield item.value, full_width(item.help or ""), len(typed)


def words_of(line: str) -> list[str]:
    r"""Return a line's words without a leading "huimin".

    Full-width letters, digits, signs and blanks mean the plain ones in a word that has
    only these, and in an option's name. Quoted texts and words with Chinese characters
    stay as they are, because a title keeps its full-width signs.

    >>> words_of("item show \uff12\uff10\uff12\uff16-1 --title “零工\uff0c市场”")
    ['item', 'show', '2026-1', '--title', '零工\uff0c市场']

    Raises:
        ValueError: if a quotation mark is open.

    """
    plain = ""
    for part in _PARTS.finditer(line):
        text = part[0]
        if part["open"]:
            raise ValueError("No closing quotation")
        if part["blank"]:
            plain += " "
        elif part["bare"]:
            option = _OPTION.match(text)
            name = text[: option.end()] if option else ""
            rest = text[len(name) :]
            plain += _halved(re.sub(f"^{_DASHES}", "--", name))
            plain += _halved(rest) if _CODE.fullmatch(rest) else rest
        elif part["plain"]:
            plain += text
        else:
            plain += shlex.quote(part["double"] or part["single"] or part["wide"] or "")
    words = shlex.split(plain)
    return words[1:] if words[:1] == ["huimin"] else words


def _halved(text: str) -> str:
    """Return a text in half width, but for the signs that quote."""
    return re.sub("[^\uff02\uff07\uff3c]+", lambda part: half_width(part[0]), text)


def _keepable(typed: str, tree: click.Command) -> str:
    """Return typed lines as the history may keep them; an unread line says nothing."""
    kept = []
    for line in re.sub(r"\\\r?\n", " ", typed).splitlines():
        try:
            words = words_of(line)
        except ValueError:
            kept.append(re.sub(r"\w", "*", line))
            continue
        hidden = drafts.keepable(words, tree)
        plain = hidden == list(map(masked, words))
        kept.append(masked(line) if plain else shlex.join(hidden))
    return "\n".join(kept)


def standing(place: Place) -> str:
    """Return the bottom line: who, of which unit, on which database."""
    with place.flow() as flow:
        try:
            by = flow.people.identify(account(), os.environ.get("HUIMIN_BY"))
        except HuiminError:
            who = say("{account}(未定岗位,请写 --by)", account=account(flow))
        else:
            names = flow.rulebook.active().organization.names
            who = f"{by.id} {names.get(by.unit, by.unit)}"
        # The address may have a password.
        address = re.sub("//[^/@]*@", "//", place.url().removeprefix("sqlite:///"))
        kind = say("推演库") if flow.rehearsal else say("正式库")
    return full_width(f"{who} | {screens.harmless(address)} | {kind}")


def _converse(tree: click.Command, standing: str) -> int:
    from prompt_toolkit import PromptSession  # noqa: PLC0415 - 0.1 s, here only
    from prompt_toolkit.completion import Completer, Completion  # noqa: PLC0415
    from prompt_toolkit.history import FileHistory  # noqa: PLC0415

    class TreeCompleter(Completer):
        def get_completions(self, document: Any, _: Any) -> Iterator[Completion]:
            for word, meaning, length in completions(tree, document.text_before_cursor):
                yield Completion(word, start_position=-length, display_meta=meaning)

    class MaskedHistory(FileHistory):
        def store_string(self, string: str) -> None:
            super().store_string(_keepable(string, tree))

    history = MaskedHistory(str(drafts.own_folder() / "history"))
    (drafts.own_folder() / "history").touch(mode=0o600)
    session: PromptSession[str] = PromptSession(
        history=history,
        completer=TreeCompleter(),
        complete_while_typing=False,
        bottom_toolbar=standing,
    )
    screens.echo(say("惠民有感。Tab 补全,↑ 找回上一行,help 看用法,Ctrl-D 退出。"))
    while True:
        try:
            # The library itself leaves colors out with NO_COLOR.
            text = session.prompt([("ansicyan", say("惠民> "))])
        except KeyboardInterrupt:
            session.default_buffer.append_to_history()  # what was typed is kept
            continue
        except EOFError:
            return 0
        typed = re.sub(r"\\\r?\n", " ", text).splitlines()
        lines = list(takewhile(lambda line: line.strip() not in _END_WORDS, typed))
        refused = next((n for n, line in enumerate(lines) if _run(line, tree)), None)
        if refused is None and len(lines) < len(typed):
            return 0
        if refused is not None and (rest := typed[refused + 1 :]):
            history.append_string("\n".join(typed[refused:]))
            text = say_count(
                "以上一行未办成,其后{count}行未执行;按 ↑ 一并找回,改正后再执行:",
                len(rest),
            )
            screens.echo(text, err=True)
            screens.echo(screens.harmless("\n".join(rest)), err=True, raw=True)


def _run(line: str, tree: click.Command) -> int:
    try:
        words = words_of(line)
    except ValueError:
        screens.echo(say("引号没有成对;请补上引号"), err=True)
        return 2
    if not words or words[0].startswith("#"):
        return 0
    if words[0] == "shell":
        screens.echo(say("已在交互式操作中"), err=True)
        return 2
    return answer(tree, words)
