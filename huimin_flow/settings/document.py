"""YAML with the place of every value, and problems told in Chinese."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from huimin_flow.errors import ConfigRefused, why_not
from huimin_flow.model.canonical import GREATEST
from huimin_flow.model.plain import from_plain
from huimin_flow.settings import clauses

T = TypeVar("T")

#: The largest file that is read, in bytes; the bureau's own have some 30 KB.
LARGEST = 1024 * 1024

#: How deep values may lie within each other; the deepest of ours has eight.
DEEPEST = 40

#: What has a figure of its own, a single one or a deadline's day and hour.
_FIGURES = frozenset({"value", "job"})

#: How a source is written.
_SOURCES = "请写成 通知 二(四)4 或 通知 附件2 任务16 的样子;自定的写 ours"

#: What the operator can do about each kind of problem that pydantic finds.
_MESSAGES = {
    "missing": ("缺少该项", "请补上"),
    "extra_forbidden": ("不认识该项", "请核对拼写;键后须用半角冒号与空格"),
    "unexpected_keyword_argument": (
        "不认识该项",
        "请核对拼写;键后须用半角冒号与空格",
    ),
    "int_parsing": ("应为整数", "请写成不带单位的整数"),
    "int_type": ("应为整数", "请写成不带单位的整数"),
    "int_from_float": ("应为整数", "请去掉小数"),
    "string_type": ("应为文字", "数字代码请加引号"),
    "bool_type": ("应为 true 或 false", "请写 true 或 false"),
    "bool_parsing": ("应为 true 或 false", "请写 true 或 false"),
    "enum": ("不是可用的词", "请使用词汇表中的英文标识"),
    "date_type": ("应为日期", "请写成 2026-12-15 的样子"),
    "date_parsing": ("应为日期", "请写成 2026-12-15 的样子"),
    "date_from_datetime_parsing": ("应为日期", "请写成 2026-12-15 的样子"),
    "tuple_type": ("应为列表", "请用“- ”逐项列出"),
    "frozen_set_type": ("应为列表", "请用“- ”逐项列出"),
    "mapping_type": ("应为“键: 值”", "请逐行写成“键: 值”"),
    "dict_type": ("应为“键: 值”", "请逐行写成“键: 值”"),
    "dataclass_type": ("应为“键: 值”", "请逐行写成“键: 值”"),
    "too_long": ("项数过多", "请删去多余的项"),
    "too_short": ("项数不足", "请补上缺少的项"),
    "finite_number": ("应为有限的数", "请改正"),
    "decimal_parsing": ("应为数字", "请写成不带单位的数字"),
    "decimal_type": ("应为数字", "请写成不带单位的数字"),
    "invalid_key": ("键应为文字", "请给键加引号"),
}


class _Constructor(RoundTripConstructor):
    """Leaves dates as text, so that one that doesn't exist keeps its place."""


_Constructor.add_constructor(
    "tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str
)


class _NotPlain(Exception):
    """Says what a file may not do with YAML, and on which line."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


class _Composer(Composer):
    """Refuses what grows without bound: aliases of aliases, depth upon depth."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            raise _NotPlain(f"不用别名“*{event.anchor}”;请把内容写全", line)
        if self.depth >= DEEPEST:
            raise _NotPlain(f"嵌套超过{DEEPEST}层;请核对括号与缩进", line)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class Document:
    """One YAML file with the lines of its values."""

    def __init__(self, path: Path, name: str) -> None:
        """Read the file.

        Raises:
            ConfigRefused: if it is missing, no ordinary file, empty, too large, no
                UTF-8 or no plain YAML.

        """
        self.name = name
        self.tree = _loaded(path, name)

    def line(self, place: Sequence[str | int]) -> int:
        """Return the line, from 1, of a value or of its nearest container."""
        node: Any = self.tree
        line = 1
        for key in place:
            if not isinstance(node, CommentedMap | CommentedSeq):
                break
            marks = node.lc.data or {}
            if key not in marks:
                break
            line = marks[key][0] + 1
            node = node[key]
        return line

    def problem(self, place: Sequence[str | int], what: str, remedy: str) -> str:
        """Return a problem as one Chinese sentence: file, line, key, value, remedy."""
        key = ".".join(str(one) for one in place) or "(全文)"
        return (
            f"{self.name} 第{self.line(place)}行 {key}{self._shown(place)}:"
            f"{what};{remedy}"
        )

    def _shown(self, place: Sequence[str | int]) -> str:
        node: Any = self.tree
        for key in place:
            try:
                node = node[key]
            except (KeyError, IndexError, TypeError):
                return ""
        if isinstance(node, CommentedMap | CommentedSeq):
            return ""
        return f" = {str(node)[:40]}"

    def read(self, kind: type[T], problems: list[str], *prefix: str | int) -> T | None:
        """Return the value that the file describes, or add to ``problems``."""
        node: Any = self.tree
        for key in prefix:
            node = node[key]
        unfit = list(self._unfit(plain_tree(node), list(prefix)))
        problems.extend(unfit)
        try:
            found = from_plain(kind, plain_tree(node))
        except ValidationError as error:
            for one in error.errors(include_url=False):
                place = self._place([*prefix, *one["loc"]])
                fallback = (f"不合要求({one['type']})", "请对照说明修改")
                what, remedy = _MESSAGES.get(str(one["type"]), fallback)
                problems.append(self.problem(place, what, remedy))
            return None
        return None if unfit else found

    def _unfit(self, node: Any, place: list[str | int]) -> Iterator[str]:
        """Yield what no file may hold, whatever it describes (X5)."""
        if isinstance(node, dict):
            for key, one in node.items():
                inner = [*place, key]
                if str(key).endswith("source") and not str(one).strip():
                    yield self.problem(inner, "没有写出处", "请写条款,或写 ours")
                elif str(key).endswith("source") and clauses.unknown(
                    str(one), figure=not node.keys().isdisjoint(_FIGURES)
                ):
                    yield self.problem(inner, "通知中没有这一出处", _SOURCES)
                yield from self._unfit(one, inner)
        elif isinstance(node, list):
            for index, one in enumerate(node):
                yield from self._unfit(one, [*place, index])
        elif isinstance(node, str) and not _writable(node):
            yield self.problem(place, "含有无效字符", "请删去")
        elif isinstance(node, int) and abs(node) > GREATEST:
            yield self.problem(place, "数字过大", f"至多{GREATEST}")

    def _place(self, place: Sequence[str | int]) -> list[str | int]:
        """Leave out what pydantic adds for keys and branches of its own."""
        return [one for one in place if one != "[key]"]


def _writable(text: str) -> bool:
    """Tell whether a text is one that every place can keep."""
    try:
        return "\0" not in text and text.encode() is not None
    except UnicodeEncodeError:
        return False


def _loaded(path: Path, name: str) -> Any:
    text = _text_of(path, name)
    try:
        tree = _parsed(text)
    except DuplicateKeyError as error:
        raise ConfigRefused((_marked(name, error, "同一个键写了两次"),)) from None
    except _NotPlain as error:
        raise ConfigRefused((f"{name} 第{error.line}行:{error}",)) from None
    except MarkedYAMLError as error:
        raise ConfigRefused((_marked(name, error, "不是合法的 YAML"),)) from None
    except YAMLError as error:
        raise ConfigRefused((f"{name}:不是合法的 YAML({error})",)) from None
    except ValueError:
        # Python itself refuses to read a number of thousands of digits.
        raise ConfigRefused(
            (f"{name}:有一个数字或日期不能读取;请检查过长的数字",)
        ) from None
    if not isinstance(tree, CommentedMap | CommentedSeq):
        raise ConfigRefused((f"{name} 第1行:文件是空的,或只有一个值;请对照原文件恢复",))
    return tree


@lru_cache(maxsize=32)
def _parsed(text: str) -> Any:
    """Return the tree of a text; nobody writes into it, so all may share it.

    Nine tenths of reading a rulebook go into this, and a file seldom changes between
    two readings by one process. What is refused isn't kept.
    """
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    yaml.Composer = _Composer
    return yaml.load(text)


def _text_of(path: Path, name: str) -> str:
    """Return a file's text; what is no ordinary file is never waited for."""
    try:
        if path.is_dir():
            raise ConfigRefused((f"{name}:是目录,不是文件",), remedy="请换成文件")
        if not path.is_file() and path.exists():
            raise ConfigRefused((f"{name}:不是普通文件",), remedy="请换成普通文件")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ConfigRefused(
            (f"{name}:文件不存在",), remedy=f"请在 {path.parent.name}/ 中补上该文件"
        ) from None
    except OSError as error:
        raise ConfigRefused(
            (f"{name}:读不了({why_not(error)})",), remedy="请核对路径与读取权限"
        ) from None
    if len(data) > LARGEST:
        raise ConfigRefused(
            (f"{name}:文件超过{LARGEST // 1024}KB",), remedy="请核对是不是该文件"
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConfigRefused(
            (f"{name}:是 UTF-16 编码,不是 UTF-8",), remedy="请另存为 UTF-8 编码"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigRefused(
            (f"{name}:第{error.start + 1}个字节不是 UTF-8",),
            remedy="请另存为 UTF-8 编码",
        ) from None


def _marked(name: str, error: MarkedYAMLError, what: str) -> str:
    mark = error.problem_mark
    line = "" if mark is None else f" 第{mark.line + 1}行"
    remedy = "请改正该行"
    if mark is not None and "\uff1a" in (mark.buffer or ""):
        remedy += ",并把全角冒号改为半角冒号加空格"
    return f"{name}{line}:{what}({error.problem});{remedy}"


def plain_tree(node: Any) -> Any:
    """Return a YAML tree as ordinary dicts, lists and scalars."""
    if isinstance(node, CommentedMap):
        return {key: plain_tree(one) for key, one in node.items()}
    if isinstance(node, CommentedSeq):
        return [plain_tree(one) for one in node]
    return node
