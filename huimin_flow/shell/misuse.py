"""What is wrong with a command line: a sentence of the house, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import click
from click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoSuchOption,
)

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.errors import InputRefused


def refused(
    failure: click.ClickException, tree: click.Command, given: Sequence[str]
) -> InputRefused:
    """Return the refusal of a command line that click could not read.

    ``tree`` is the root of the commands and ``given`` the words after its name: from
    them the remedy names the very command whose help page answers the question.
    """
    command, path = meant(tree, given)
    word = next(iter(given[len(path) :]), "")
    where = f"用法见 {' '.join(('huimin', *path))} --help"
    return InputRefused(
        DoorCode.COMMAND_UNFIT,
        detail=_sentence(failure),
        remedy=_joined(_remedy(failure, command, word), where),
    )


def meant(
    tree: click.Command, given: Sequence[str]
) -> tuple[click.Command, tuple[str, ...]]:
    """Return the command that words lead to, and the words that lead there."""
    command = tree
    path: list[str] = []
    for one in given:
        if not isinstance(command, click.Group) or one not in command.commands:
            break
        command = command.commands[one]
        path.append(one)
    return command, tuple(path)


def _sentence(failure: click.ClickException) -> str:
    """Return what is wrong; click's own words are put together in English order."""
    if isinstance(failure, MissingParameter):
        kind = "选项" if isinstance(failure.param, click.Option) else "参数"
        return f"缺少{kind}{_name(failure.param)}"
    if isinstance(failure, BadParameter) and failure.param is not None:
        return f"{_name(failure.param)}的值不对:{failure.message}"
    if isinstance(failure, NoSuchOption):
        return f"没有选项“{failure.option_name}”"
    if hasattr(failure, "possibilities"):
        return failure.message
    return failure.format_message()


def _remedy(failure: click.ClickException, command: click.Command, word: str) -> str:
    """Return what mends this very line, or nothing where only its help page does."""
    if isinstance(failure, NoSuchOption):
        return _alike(failure.possibilities)
    if isinstance(command, click.Group):
        if alike := get_close_matches(word, command.commands):
            return _alike(alike)
        return f"可用的命令:{'、'.join(sorted(command.commands))}"
    if isinstance(failure, BadOptionUsage):
        return _usage(failure.option_name, command)
    if isinstance(failure, BadParameter) and failure.param is not None:
        return _filled(failure.param, missing=isinstance(failure, MissingParameter))
    many = failure.message.startswith("多了参数")
    return "请去掉多余的词;含空格的值请用引号括起来" if many else ""


def _alike(possibilities: Sequence[str] | None) -> str:
    return f"请看是否要用{_quoted(possibilities)}" if possibilities else ""


def _usage(name: str, command: click.Command) -> str:
    """Return how an option is written that was given too few values, or too many."""
    option = next((one for one in command.params if name in one.opts), None)
    if not isinstance(option, click.Option):
        return ""
    if option.is_flag or option.count:
        return f"请只写{_name(option)}"
    return _filled(option, missing=True)


def _filled(param: click.Parameter, *, missing: bool) -> str:
    """Return what stands in a parameter: its values, its range, or its meaning."""
    kind = param.type
    if isinstance(kind, click.Choice):
        return f"可用的值:{'、'.join(str(one) for one in kind.choices)}"
    if missing:
        told = (getattr(param, "help", None) or "").rstrip("。")
        return f"请补上{_name(param)}" + (f":{told}" if told else "")
    if isinstance(kind, click.IntRange) and kind.max is not None:
        return f"请写 {kind.min or 0} 到 {kind.max} 的整数"
    if isinstance(kind, click.IntRange):
        return f"请写不小于 {kind.min or 0} 的整数"
    return ""


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    if isinstance(param, click.Option):
        return f"“{max(param.opts, key=len)}”"
    return f"“{(param.metavar or param.human_readable_name).strip('[]…')}”"


def _quoted(names: Sequence[str]) -> str:
    return "或".join(f"“{one}”" for one in names)


def _joined(*parts: str) -> str:
    return ";".join(one for one in parts if one)
