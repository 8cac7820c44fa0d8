"""The tree of commands in parts, and refusals of a line that click cannot read."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoSuchOption,
)

from huimin_flow.catalogue.language import in_english, say, say_list, say_sentences
from huimin_flow.shell.core.help_pages import spoken_text

if TYPE_CHECKING:
    from huimin_flow.errors import InputRefused


def loaded(module: str) -> Any:
    """Import a module and those it needs, with the garbage collector at rest.

    Its 400,000 new objects all stay. Otherwise the collector would look at them again
    and again: a tenth of a command's start.
    """
    if module in sys.modules or not gc.isenabled():
        return import_module(module)
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


#: A command's module in ``huimin_flow.shell``, its path, its act, and its help.
Where = tuple[str, str, str, str]


class Commands(MutableMapping[str, click.Command]):
    """The commands of a group; one is imported when it is first used."""

    def __init__(self, places: Mapping[str, Where]) -> None:
        """Store the place and the help of each command."""
        self._places = dict(places)
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        """Return a command, and import it if this is its first use."""
        if name not in self._loaded:
            module, path, act, _ = self._places[name]
            if module:
                loaded(f"huimin_flow.shell.{module}")
            self[name] = loaded("huimin_flow.shell.core.commands").made(path, act)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        """Add a command, with Chinese placeholders in its usage lines."""
        reword(command)
        self._places[name] = "", name, "", command.help or ""
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        """Remove a command."""
        del self._places[name]
        self._loaded.pop(name, None)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a command, without importing it."""
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the commands."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return the number of commands."""
        return len(self._places)

    def described(self) -> dict[str, click.Command]:
        """Return a command with only name and help for each, without any import."""
        return {
            name: click.Command(name, short_help=text)
            for name, (*_, text) in self._places.items()
        }


class Branch(click.Group):
    """A group that imports a command only when it is used; its help imports none."""

    def __init__(self, name: str, *, places: Mapping[str, Where], **rest: Any) -> None:
        """Store the name, the places of the commands and click's other fields."""
        self.places = places
        self._commands = Commands(places)
        super().__init__(name, commands=self._commands, **rest)
        reword(self)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the names and helps of the commands."""
        shown = click.Group(commands=self._commands.described())
        shown.format_commands(ctx, formatter)


def reword(tree: click.Command) -> None:
    """Set Chinese placeholders in the usage lines of a whole command tree."""
    tree.options_metavar = "[选项]"
    if isinstance(tree, click.Group):
        tree.subcommand_metavar = "命令 [参数]…"
        if not isinstance(tree, Branch):  # its commands are reworded when they load
            for command in tree.commands.values():
                reword(command)


def refused(
    failure: click.ClickException, tree: click.Command, arguments: Sequence[str]
) -> InputRefused:
    """Return the refusal of a command line that click could not read.

    ``tree`` is the root of the commands, ``arguments`` are the words after its name.
    The way out names the command whose help page is useful.
    """
    from huimin_flow.catalogue.reasons import DoorCode  # noqa: PLC0415 - no help needs it
    from huimin_flow.errors import InputRefused  # noqa: PLC0415 - no help needs it

    command, path = meant(tree, arguments)
    word = next(iter(arguments[len(path) :]), "")
    where = say("用法见 {command} --help", command=" ".join(("huimin", *path)))
    remedies = (_remedy(failure, command, word), where)
    return InputRefused(
        DoorCode.COMMAND_UNFIT,
        detail=_sentence(failure),
        remedy=say_sentences(part for part in remedies if part),
    )


def meant(
    tree: click.Command, arguments: Sequence[str]
) -> tuple[click.Command, tuple[str, ...]]:
    """Return the command that words lead to, and the words that lead there."""
    command = tree
    path: list[str] = []
    for word in arguments:
        if not isinstance(command, click.Group) or word not in command.commands:
            break
        command = command.commands[word]
        path.append(word)
    return command, tuple(path)


def _sentence(failure: click.ClickException) -> str:
    """Return what is wrong; click's order of words is English."""
    if isinstance(failure, MissingParameter):
        name = _name(failure.param)
        if isinstance(failure.param, click.Option):
            return say("缺少选项{name}", name=name)
        return say("缺少参数{name}", name=name)
    if isinstance(failure, BadParameter) and failure.param is not None:
        return say(
            "{name}的值不对:{message}",
            name=_name(failure.param),
            message=failure.message,
        )
    if isinstance(failure, NoSuchOption):
        return say("没有选项“{option_name}”", option_name=failure.option_name)
    own = hasattr(failure, "possibilities")
    text = failure.message if own else failure.format_message()
    # A part of a sentence of ours; click's own begins with a capital.
    return text[:1].lower() + text[1:].rstrip(".") if in_english() else text


def _remedy(failure: click.ClickException, command: click.Command, word: str) -> str:
    """Return how to correct this line, or "" if only the help page can say it."""
    if isinstance(failure, NoSuchOption):
        return _alike(failure.possibilities)
    if isinstance(failure, BadParameter) and failure.param is not None:
        return _filled(failure.param, missing=isinstance(failure, MissingParameter))
    if isinstance(command, click.Group):
        from difflib import get_close_matches  # noqa: PLC0415 - no help needs it

        if alike := get_close_matches(word, command.commands):
            return _alike(alike)
        return say("可用的命令:{names}", names=say_list(sorted(command.commands)))
    if isinstance(failure, BadOptionUsage):
        return _usage(failure.option_name, command)
    many = failure.message.startswith(("多了", "Got unexpected"))
    return say("请去掉多余的词;含空格的值请用引号括起来") if many else ""


def _alike(possibilities: Sequence[str] | None) -> str:
    names = say("或").join(f"“{name}”" for name in possibilities or ())
    return say("请看是否要用{names}", names=names) if names else ""


def _usage(name: str, command: click.Command) -> str:
    """Return how to write an option that has too few or too many values."""
    option = next((each for each in command.params if name in each.opts), None)
    if not isinstance(option, click.Option):
        return ""
    if option.is_flag or option.count:
        return say("请只写{name}", name=_name(option))
    return _filled(option, missing=True)


def _filled(param: click.Parameter, *, missing: bool) -> str:
    """Return what to write for a parameter: its choices, its range, or its meaning."""
    kind = param.type
    if isinstance(kind, click.Choice):
        return say("可用的值:{names}", names=say_list(kind.choices))
    if missing:
        meaning = (getattr(param, "help", None) or "").rstrip("。.")
        if meaning:
            return say("请补上{name}:{meaning}", name=_name(param), meaning=meaning)
        return say("请补上{name}", name=_name(param))
    if isinstance(kind, click.IntRange) and kind.max is not None:
        return say("请写 {min} 到 {max} 的整数", min=kind.min or 0, max=kind.max)
    if isinstance(kind, click.IntRange):
        return say("请写不小于 {min} 的整数", min=kind.min or 0)
    return ""


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    if isinstance(param, click.Option):
        return f"“{max(param.opts, key=len)}”"
    name = spoken_text(param.metavar or param.human_readable_name)
    return f"“{name.strip('[]…')}”"
