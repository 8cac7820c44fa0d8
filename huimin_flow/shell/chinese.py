"""Click's own words in Chinese: its help, its prompts, its complaints."""

from __future__ import annotations

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

_WORDS = {
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


def speak_chinese() -> None:
    """Let click speak Chinese in this process, wherever its locale stands.

    Its modules look their words up by a name of their own, which is set here;
    an environment without a Chinese locale would otherwise fall to English.
    """
    for module in (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.parser,
        click.termui,
        click.types,
    ):
        for name, spoken in (("_", _said), ("ngettext", _counted)):
            if hasattr(module, name):
                setattr(module, name, spoken)
    click.STRING.name = "文字"
    click.INT.name = click.IntRange.name = "整数"


def reword(tree: click.Command) -> None:
    """Put Chinese placeholders into the usage lines of a whole command tree."""
    tree.options_metavar = "[选项]"
    if isinstance(tree, click.Group):
        tree.subcommand_metavar = "命令 [参数]…"
        for command in tree.commands.values():
            reword(command)


def _said(words: str) -> str:
    return _WORDS.get(words, words)


def _counted(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many)
