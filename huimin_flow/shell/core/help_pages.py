"""Click's words and its help pages in our languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from huimin_flow.catalogue.language import in_english, say
from huimin_flow.catalogue.typography import full_width

_CLICK_WORDS = {
    "Usage:": "用法:",
    "Options": "选项",
    "Positional arguments": "参数",
    "Commands": "命令",
    "Aborted!": "已中断",
    "deprecated": "已不用",
    "required": "必填",
    "default: {default}": "默认:{default}",
    "(dynamic)": "(运行时决定)",
    "env var: {var}": "环境变量:{var}",
    "Show this message and exit.": "显示本帮助。",
    "Show the version and exit.": "显示版本。",
    "Missing command.": "缺少命令",
    "Invalid value: {message}": "值不对:{message}",
    "No such option {name!r}.": "没有选项“{name}”",
    "No such command {name!r}.": "没有命令“{name}”",
    "unknown error": "原因不明",
    "Could not open file {filename!r}: {message}": "打不开文件“{filename}”:{message}",
    "Got unexpected extra argument ({args})": "多了参数“{args}”",
    "Got unexpected extra arguments ({args})": "多了参数“{args}”",
    "{value!r} is not {choice}.": "“{value}”不是可用的值",
    "{value!r} is not one of {choices}.": "“{value}”不在可用的值之中",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "“{value}”不是 1 或 0"
    ),
    "{value!r} is not a valid {number_type}.": "“{value}”不是合适的{number_type}",
    "{value} is not in the range {range}.": "“{value}”不在范围之内",
    "{name} {filename!r} does not exist.": "{name}“{filename}”不存在",
    "{name} {filename!r} is a file.": "{name}“{filename}”是文件,不是目录",
    "{name} {filename!r} is a directory.": "{name}“{filename}”是目录,不是文件",
    "{name} '{filename}' is a directory.": "{name}“{filename}”是目录,不是文件",
    "{name} {filename!r} is not readable.": "{name}“{filename}”不可读",
    "{name} {filename!r} is not writable.": "{name}“{filename}”不可写",
    "file": "文件",
    "directory": "目录",
    "path": "路径",
    "Option {name!r} does not take a value.": "选项“{name}”不带值",
    "Option {name!r} requires an argument.": "选项“{name}”须带一个值",
    "Option {name!r} requires {nargs} arguments.": "选项“{name}”须带 {nargs} 个值",
    "Argument {name!r} takes {nargs} values.": "参数“{name}”须有 {nargs} 个值",
    "Takes {nargs} values but 1 was given.": "须有 {nargs} 个值,只给了 1 个",
    "Takes {nargs} values but {len} were given.": "须有 {nargs} 个值,给了 {len} 个",
    "integer": "整数",
    "float": "数",
}

#: Click's words that it keeps with a command when it is made: they stay Chinese, and
#: are put into the language of the moment when they are shown.
_KEPT = frozenset(
    {
        *("Show this message and exit.", "Show the version and exit."),
        *("file", "directory", "path"),
    }
)

#: What of a command or an option is shown; it is stored in Chinese.
_SHOWN = (
    (click.Command, ("help", "short_help", "options_metavar")),
    (click.Group, ("subcommand_metavar",)),
    (click.Parameter, ("help",)),
)

_HAN = re.compile("[\u4e00-\u9fff]+")

#: The parts of a text that a line keeps whole: a word, or a sign with closing marks.
_PARTS = re.compile(
    "(?:[“「《([（【]*(?:[!-~]+|[^ ]))[,.;:!?)，。、；：！？）】」》”…]* *"
)


class _Formatter(click.HelpFormatter):
    """Help with the typography of its language, in columns of a terminal."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line; a full-width colon needs no blank."""
        super().write_usage(prog, args, prefix or say("用法:"))

    def getvalue(self) -> str:
        """Return the page; marks become full-width also in its headings."""
        return full_width(super().getvalue())

    def write_text(self, text: str) -> None:
        """Write paragraphs in lines that fit the page."""
        start = " " * self.current_indent
        for paragraph in full_width(text).split("\n\n"):
            lines = _lines(paragraph, self.width - self.current_indent)
            self.write("\n".join(f"{start}{line}" for line in lines) + "\n")

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = 30,
        col_spacing: int = 2,
    ) -> None:
        """Write names and, beside them, their helps; a Chinese sign has two columns."""
        shown = [(full_width(name), full_width(text)) for name, text in rows]
        widest = max(_columns(name) for name, _ in shown)
        start = min(widest, col_max) + col_spacing
        margin = "\n" + " " * (self.current_indent + start)
        room = max(self.width - self.current_indent - start, 20)
        for name, text in shown:
            blank = start - _columns(name)
            head = name + (" " * blank if blank >= col_spacing else margin)
            body = margin.join(_lines(text, room))
            self.write(f"{'':{self.current_indent}}{head}{body}".rstrip() + "\n")


def _columns(text: str) -> int:
    """Return how many columns a text has; wcwidth would take a third of the time."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide


def _lines(text: str, room: int) -> Iterator[str]:
    """Yield a text in lines of at most ``room`` columns.

    A line ends after a blank or a Chinese sign, but not before a closing mark.
    """
    line = ""
    for part in _PARTS.findall(" ".join(text.split())):
        if line and _columns(line + part.rstrip()) > room:
            yield line.rstrip()
            line = ""
        line += part
    yield line.rstrip()


def speak() -> None:
    """Make click use the language of the moment in this process, not the locale's.

    Click's modules translate with their names ``_`` and ``ngettext``; this function
    replaces these names. Helps and placeholders are put into the language when click
    reads them, because a command is made before its language is known.
    """

    def spoken(words: str) -> str:
        english = in_english() and words not in _KEPT
        return words if english else _CLICK_WORDS.get(words, words)

    def counted(singular: str, plural: str, count: int) -> str:
        return spoken(singular if count == 1 else plural)

    for module in (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.parser,
        click.termui,
        click.types,
    ):
        for name, function in (("_", spoken), ("ngettext", counted)):
            if hasattr(module, name):
                setattr(module, name, function)
    for kind, names in _SHOWN:
        for name in names:
            setattr(kind, name, _Text(name))

    name = "make_metavar"
    for shows in (click.Option, click.Argument):
        setattr(shows, name, placeholder(getattr(shows, name)))
    click.Context.formatter_class = _Formatter
    click.STRING.name = "文字"
    click.INT.name = click.IntRange.name = "整数"


def placeholder(made: Callable[..., str]) -> Callable[..., str]:
    """Return a function that makes a placeholder in the language of the moment."""

    @wraps(made)
    def shown(*arguments: Any, **rest: Any) -> str:
        text = made(*arguments, **rest)
        if not in_english():
            return text
        from huimin_flow.catalogue.terms import Argument  # noqa: PLC0415 - English

        labels = {word.label: word.english.replace(" ", "_") for word in Argument}
        if text not in labels and (whole := spoken_text(text)) != text:
            return whole.upper()
        return _HAN.sub(
            lambda run: labels.get(run[0], spoken_text(run[0])).upper(), text
        )

    return shown


class _Text:
    """A text of click that is stored in Chinese, and read in the language."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, shown: Any, _: object = None) -> Any:
        text = vars(shown).get(self._name)
        return text and spoken_text(text)

    def __set__(self, shown: Any, text: str | None) -> None:
        vars(shown)[self._name] = text


def spoken_text(text: str) -> str:
    """Return a stored text in the language of the moment, also one of click's own."""
    own = {_CLICK_WORDS[words]: words for words in _KEPT} if in_english() else {}
    return own.get(text) or say(text)
