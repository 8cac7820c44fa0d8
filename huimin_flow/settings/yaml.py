"""YAML files with the line of every value, and the problems in them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.scanner import Scanner

from huimin_flow.catalogue.reasons import (
    ConfigCode,
    ConfigProblem,
    RulebookCode,
    reason_of,
)
from huimin_flow.catalogue.terms import ReasonCode
from huimin_flow.errors import ConfigRefused, why_not
from huimin_flow.model.core.canonical import GREATEST
from huimin_flow.model.core.rules import Bounds, Figure
from huimin_flow.model.core.values import from_plain

T = TypeVar("T")

#: The keys and positions that lead to a value of a file.
Place = tuple[str | int, ...]

#: The largest file that is read, in bytes; the bureau's files have about 30 KB.
LARGEST = 1024 * 1024

#: The greatest depth of nested values; ours have at most eight levels.
DEEPEST = 40

#: Keys of mappings with a figure: a single value, or a deadline's day and hour.
_FIGURES = frozenset({"value", "job"})

#: The source of a figure that the bureau itself sets.
OURS = "ours"

#: The clauses of the notice: part, section, number.
CLAUSES = frozenset({
    "二(一)", "二(一)1", "二(一)2", "二(一)3",
    "二(二)", "二(二)1", "二(二)2", "二(二)3", "二(二)4",
    "二(三)", "二(三)1", "二(三)2", "二(三)3",
    "二(四)", "二(四)1", "二(四)2", "二(四)3", "二(四)4",
    "三(一)", "三(二)", "三(三)",
})  # fmt: skip

#: The notice's other places: its addressees and its list of tasks.
_PLACES = frozenset({"主送机关", "附件2", *(f"附件2 任务{n}" for n in range(1, 21))})

_CITED = re.compile(
    r"通知\s*([一二三四五六七八九十]+(?:\([一二三四五六七八九十]+\))?[0-9]*"
    r"|附件[0-9]+(?: 任务[0-9]+)?|主送机关)?"
)

#: Characters that a database or a file cannot store.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")

#: The YAML nodes that contain other nodes.
_CONTAINERS = (CommentedMap, CommentedSeq)

#: The notice's full-width brackets, and their half-width forms.
_HALF_WIDTH = {0xFF08: "(", 0xFF09: ")"}

#: By pydantic's type of error: the code of the problem.
_UNFIT = {
    "missing": ConfigCode.KEY_MISSING,
    "extra_forbidden": ConfigCode.KEY_UNKNOWN,
    "unexpected_keyword_argument": ConfigCode.KEY_UNKNOWN,
    "invalid_key": ConfigCode.KEY_NOT_TEXT,
    "int_parsing": ConfigCode.NOT_AN_INTEGER,
    "int_type": ConfigCode.NOT_AN_INTEGER,
    "int_from_float": ConfigCode.NOT_AN_INTEGER,
    "decimal_parsing": ConfigCode.NOT_A_NUMBER,
    "decimal_type": ConfigCode.NOT_A_NUMBER,
    "finite_number": ConfigCode.NOT_A_NUMBER,
    "string_type": ConfigCode.NOT_A_TEXT,
    "bool_type": ConfigCode.NOT_A_BOOLEAN,
    "bool_parsing": ConfigCode.NOT_A_BOOLEAN,
    "enum": ConfigCode.NOT_A_WORD,
    "date_type": ConfigCode.NOT_A_DATE,
    "date_parsing": ConfigCode.NOT_A_DATE,
    "date_from_datetime_parsing": ConfigCode.NOT_A_DATE,
    "tuple_type": ConfigCode.NOT_A_LIST,
    "frozen_set_type": ConfigCode.NOT_A_LIST,
    "mapping_type": ConfigCode.NOT_A_MAPPING,
    "dict_type": ConfigCode.NOT_A_MAPPING,
    "dataclass_type": ConfigCode.NOT_A_MAPPING,
    "too_long": ConfigCode.TOO_MANY,
    "too_short": ConfigCode.TOO_FEW,
}


def unknown_source(source: str, *, figure: bool) -> bool:
    """Tell whether a source names a place that the notice doesn't have.

    The source of a ``figure`` is the notice or the bureau itself; other entries of a
    file may name other documents.

    >>> unknown_source("通知 二(四)4:月评价", figure=True)
    False
    >>> unknown_source("通知 二(四)9", figure=True)
    True
    >>> [unknown_source("GB/T 2260", figure=figure) for figure in (False, True)]
    [False, True]

    """
    text = source.translate(_HALF_WIDTH)
    cited = _CITED.findall(text)
    if any(place not in CLAUSES | _PLACES for place in cited):
        return True
    return figure and not cited and re.match(rf"{OURS}\b", text) is None


class _Constructor(RoundTripConstructor):
    """A constructor that leaves dates as text, so that a wrong date keeps its line.

    Whole numbers must be plain digits: YAML reads 1_0 as ten.
    """

    def construct_plain_int(self, node: Any) -> Any:
        if not re.fullmatch(r"[-+]?[0-9]+", node.value, re.ASCII):
            raise _NotPlain(node.start_mark.line + 1, ConfigCode.NOT_AN_INTEGER)
        return super().construct_yaml_int(node)


_Constructor.add_constructor(
    "tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str
)
_Constructor.add_constructor("tag:yaml.org,2002:int", _Constructor.construct_plain_int)


class _NotPlain(Exception):
    """A feature of YAML that is not allowed, with its line."""

    def __init__(self, line: int, code: ConfigCode, **values: str | int) -> None:
        super().__init__(code)
        self.line = line
        self.reason = reason_of(code, values)


class _Composer(Composer):
    """A composer that refuses aliases and deep nesting, which have no size limit."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            raise _NotPlain(line, ConfigCode.ALIAS_USED, name=str(event.anchor))
        if self.depth >= DEEPEST:
            raise _NotPlain(line, ConfigCode.TOO_DEEP, most=DEEPEST)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class Document:
    """A YAML file with the lines of its values, and the problems recorded so far."""

    def __init__(self, path: Path, name: str) -> None:
        """Read the file.

        Raises:
            ConfigRefused: if it is missing, not a regular file, empty, too large,
                not UTF-8 or not plain YAML.

        """
        text = _text_of(path, name)
        try:
            self.tree = _parsed(text)
        except DuplicateKeyError as error:
            raise refused(name, ConfigCode.KEY_TWICE, line=_line(error)) from None
        except _NotPlain as error:
            raise ConfigRefused(
                (ConfigProblem(name, error.reason, error.line),)
            ) from None
        except MarkedYAMLError as error:
            code, line = ConfigCode.YAML_BROKEN, _line(error)
            raise refused(name, code, line=line, detail=error.problem) from None
        except YAMLError as error:
            raise refused(name, ConfigCode.YAML_BROKEN, detail=error) from None
        except ValueError:
            # Python itself refuses to read a number of thousands of digits.
            raise refused(name, ConfigCode.NUMBER_UNREADABLE) from None
        if not isinstance(self.tree, _CONTAINERS):
            raise refused(name, ConfigCode.FILE_EMPTY, line=1)
        self.name = name
        self.problems: list[ConfigProblem] = []

    def problem(self, code: ReasonCode, /, *place: str | int, **values: object) -> None:
        """Record a problem at a place, with its line, key and value.

        The line, from 1, is that of the value or of its nearest container.
        """
        node: Any = self.tree
        line, missing = 1, False
        for key in place:
            marks = (node.lc.data or {}) if isinstance(node, _CONTAINERS) else {}
            if missing := key not in marks:
                break
            line = marks[key][0] + 1
            node = node[key]
        hidden = missing or isinstance(node, _CONTAINERS)
        key, shown = ".".join(map(str, place)), "" if hidden else str(node)[:40]
        reason = reason_of(code, values)
        self.problems.append(ConfigProblem(self.name, reason, line, key, shown))

    def hundred(self, figures: Iterable[Figure], *place: str | int) -> None:
        """Record a problem if the weights don't sum to 100 or one is below 0."""
        values = [figure.value for figure in figures]
        if sum(values) != 100:
            self.problem(ConfigCode.SUM_NOT_100, *place, total=sum(values))
        if any(number < 0 for number in values):
            self.problem(ConfigCode.TOO_SMALL, *place, least=0)

    def complete(
        self, entries: Container[Any], words: Iterable[object], *place: str | int
    ) -> None:
        """Record a problem for each word that is missing in a mapping."""
        for word in words:
            if word not in entries:
                self.problem(ConfigCode.ENTRY_MISSING, *place, name=word)

    def unit(
        self, code: str | None, codes: Container[str] | None, *place: str | int
    ) -> None:
        """Record a problem if a unit is not None and not among the known ``codes``."""
        if code and codes is not None and code not in codes:
            self.problem(RulebookCode.UNIT_UNKNOWN, *place)

    def distinct(
        self, values: Sequence[str | int], field: str, *place: str | int
    ) -> None:
        """Record a problem for each repeated value of a field in a list's entries."""
        for n, value in enumerate(values):
            if values.count(value) > 1:
                self.problem(ConfigCode.REPEATED, *place, n, field)

    def among(self, name: str, choices: Iterable[str], *place: str | int) -> None:
        """Record a problem if a name is not one of the choices."""
        known = tuple(choices)
        if name not in known:
            self.problem(ConfigCode.NOT_AMONG, *place, name=name, choices=known)

    def read(self, kind: type[T]) -> T | None:
        """Return the value that the file describes; None if it has problems."""
        tree = plain_tree(self.tree)
        self._check_tree(tree, [])
        try:
            value = from_plain(kind, tree)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                # "[key]" is pydantic's mark for a key instead of its value.
                place = [key for key in detail["loc"] if key != "[key]"]
                code = _UNFIT.get(detail["type"], ConfigCode.UNFIT)
                self.problem(code, *place, detail=detail["type"])
            return None
        if self.problems:
            return None
        self._check_bounds(kind, value, ())
        return value

    def _check_bounds(self, kind: Any, value: Any, place: Place) -> None:
        """Record figures outside the bounds that their fields declare."""
        # A host's extension checks its own section by its own model.
        inner = get_args(kind) or (Any, Any)
        if value is not None and NoneType in inner:
            self._check_bounds(inner[0], value, place)
        elif get_origin(kind) is Annotated and isinstance(inner[1], Bounds):
            (low, high), number = inner[1], getattr(value, "value", value)
            if not low <= number <= high:
                at = place if number is value else (*place, "value")
                self.problem(ConfigCode.OUT_OF_RANGE, *at, low=low, high=high)
        elif is_dataclass(value):
            for name, hint in _hints(value.__class__).items():
                self._check_bounds(hint, getattr(value, name), (*place, name))
        elif isinstance(value, Mapping):
            for name, part in value.items():
                self._check_bounds(inner[1], part, (*place, name))
        elif isinstance(value, tuple):
            for n, part in enumerate(value):
                self._check_bounds(inner[0], part, (*place, n))

    def _check_tree(self, node: Any, place: list[str | int]) -> None:
        """Record unknown sources and values that cannot be stored (X5)."""
        if isinstance(node, dict):
            for key, inner in node.items():
                here = [*place, key]
                if str(key).endswith("source"):
                    source, figure = str(inner), not node.keys().isdisjoint(_FIGURES)
                    if not source.strip():
                        self.problem(ConfigCode.SOURCE_MISSING, *here)
                    elif unknown_source(source, figure=figure):
                        self.problem(ConfigCode.SOURCE_UNKNOWN, *here)
                self._check_tree(inner, here)
        elif isinstance(node, list):
            for index, inner in enumerate(node):
                self._check_tree(inner, [*place, index])
        elif isinstance(node, str) and _UNWRITABLE.search(node):
            self.problem(ConfigCode.UNWRITABLE, *place)
        elif isinstance(node, int) and abs(node) > GREATEST:
            self.problem(ConfigCode.TOO_LARGE, *place, most=GREATEST)


def refused(
    file: str, code: ReasonCode, /, *, line: int | None = None, **values: object
) -> ConfigRefused:
    """Return the refusal for a problem with a whole file."""
    return ConfigRefused((ConfigProblem(file, reason_of(code, values), line),))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _line(error: MarkedYAMLError) -> int | None:
    return None if error.problem_mark is None else error.problem_mark.line + 1


@lru_cache(maxsize=32)
def _parsed(text: str) -> Any:
    """Return the tree of a text; the tree is never changed, so callers share it.

    Parsing is 90 % of the time to read a rulebook, and a file seldom changes between
    two reads of a process. A refusal is not cached.
    """
    yaml = YAML(typ="rt")
    yaml.Scanner = Scanner  # nobody asks for comments, and gathering them is slow
    yaml.Constructor = _Constructor
    yaml.Composer = _Composer
    return yaml.load(text)


def _text_of(path: Path, name: str) -> str:
    """Return a file's text; refuse a pipe or device, which could block."""
    try:
        if path.exists() and not path.is_file():
            raise refused(name, ConfigCode.NOT_A_FILE)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise refused(name, ConfigCode.FILE_MISSING) from None
    except OSError as error:
        code = ConfigCode.FILE_UNREADABLE
        raise refused(name, code, why=why_not(error)) from None
    if len(data) > LARGEST:
        raise refused(name, ConfigCode.FILE_TOO_LARGE, most=LARGEST // 1024)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise refused(name, ConfigCode.UTF16)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        code = ConfigCode.NOT_UTF8
        raise refused(name, code, byte=error.start + 1) from None


def plain_tree(node: Any) -> Any:
    """Return a YAML tree as ordinary dicts, lists and scalars."""
    if isinstance(node, CommentedMap):
        return {key: plain_tree(inner) for key, inner in node.items()}
    if isinstance(node, CommentedSeq):
        return [plain_tree(inner) for inner in node]
    return node
