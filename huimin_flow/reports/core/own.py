"""Report templates of a site: drawn in a sandbox, from plain values only (E1).

A template gets no object of ours: only texts, whole numbers, yes and no, lists and
mappings. It has the parts of the language that can't grow without bound: loops and
macros are counted, each text and each list that an expression makes has a greatest
size, and so has the page; and drawing it takes only so long. Everything else is
refused: attributes, including other templates, blocks that are kept in a variable, and
filters that are not listed here. A list or a mapping is gone through, never written as
one text: that text could be longer than any memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from operator import add, floordiv, mod, mul, sub, truediv
from typing import TYPE_CHECKING, Any, Final, cast

from jinja2 import FileSystemLoader, StrictUndefined, nodes, pass_environment
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS, do_round, do_sum
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import EditionState
from huimin_flow.clock import shanghai
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.texts import visible
from huimin_flow.model.core.values import to_plain

if TYPE_CHECKING:
    from pathlib import Path

    from huimin_flow.flow import Snapshot

#: The largest page, in characters.
LARGEST: Final = 2_000_000

#: How often the loops and macros of a page may go round, and the longest text or list
#: that one expression may make.
ROUNDS: Final = 100_000
LONGEST: Final = 100_000

#: The values that lists and mappings in each other may have in all, however often the
#: same one stands in them, and how deep they may be: a comparison visits each.
HEAVIEST: Final = 10_000_000
_DEEPEST: Final = 50

#: How long a page may take, in seconds.
SECONDS: Final = 20.0

#: To how many places a number is rounded at most.
_PLACES: Final = 12

#: The largest whole number that is calculated with.
_GREATEST: Final = 10**12

#: The parts of the language that a template may use.
_PARTS: Final = (
    nodes.Template, nodes.Extends, nodes.Block, nodes.Output, nodes.TemplateData,
    nodes.For, nodes.If, nodes.Assign, nodes.Macro, nodes.Call, nodes.Keyword,
    nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.CondExpr,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod,
    nodes.Concat, nodes.Filter, nodes.Test,
)  # fmt: skip

#: The filters that make nothing larger than what they are given.
_FILTERS: Final = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape"),
    *("first", "int", "last", "length", "list", "lower", "max", "min", "reverse"),
    *("round", "sort", "string", "sum", "title", "trim", "unique", "upper"),
)

#: Those of them that write what they are given as a text.
_WRITING: Final = frozenset(
    {"capitalize", "e", "escape", "lower", "string", "title", "trim", "upper"}
)

#: By type: the methods and the fields that a template may use.
_METHODS: Final[Mapping[type, frozenset[str]]] = {
    str: frozenset({"startswith", "endswith"}),
    dict: frozenset({"items", "keys", "values", "get"}),
    LoopContext: frozenset({"index", "first", "last", "length"}),
}

_OPERATIONS: Final = {
    "+": add, "-": sub, "*": mul, "/": truediv, "//": floordiv, "%": mod,
}  # fmt: skip


class _Bounded(NodeTransformer):
    """Count every loop, and bound every text that is put together."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - its name
        self.generic_visit(node)
        node.iter = _filtered(cast("nodes.Expr", node.iter), "each_counted")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - its name
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "join")

    def visit_List(self, node: nodes.Expr) -> nodes.Node:  # noqa: N802 - its name
        self.generic_visit(node)
        stored = getattr(node, "ctx", "load") == "store"  # for a, b in …
        return node if stored else _filtered(node, "weighed")

    visit_Tuple = visit_Dict = visit_List  # noqa: N815 - their names


def _filtered(value: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


class _Sandbox(ImmutableSandboxedEnvironment):
    """An environment of templates that we did not write, for one page."""

    intercepted_binops = frozenset({*_OPERATIONS, "**"})
    rounds = 0

    def __init__(self, **options: Any) -> None:
        """Begin the page's time."""
        super().__init__(**options)
        self._end = time.monotonic() + SECONDS
        self._weights: dict[int, tuple[object, int, int]] = {}
        self._held = 0

    def _parse(self, source: str, name: str | None, filename: str | None) -> Any:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, _PARTS):
                raise SecurityError(type(node).__name__)
        return _Bounded().visit(tree)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Permit a few methods of texts and mappings that only read."""
        return attr in _METHODS.get(type(obj), ()) and super().is_safe_attribute(
            obj, attr, value
        )

    def wrap_str_format(self, value: Any) -> None:
        """Offer no format strings: they reach attributes, and pad to any width."""

    def call_binop(self, _: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with whole numbers; put together what stays short."""
        calculate = _OPERATIONS.get(operator)
        numbers = all(
            type(part) in {int, float} and abs(part) <= _GREATEST
            for part in (left, right)
        )
        both = next((kind for kind in (str, list) if _both(left, right, kind)), None)
        short = both is not None and len(left) + len(right) <= LONGEST
        if calculate is None or not (numbers or (operator == "+" and short)):
            raise SecurityError(operator)
        return self.weighed(calculate(left, right))

    def call(self, context: Any, called: Any, *args: Any, **kwargs: Any) -> Any:
        """Count a call, and bound the text that it makes."""
        self.round()
        made = super().call(context, called, *args, **kwargs)
        if isinstance(made, str) and len(made) > LONGEST:
            raise SecurityError(str(LONGEST))
        return made

    def round(self) -> None:
        """Count one round of a loop or one call."""
        self.rounds += 1
        if self.rounds > ROUNDS:
            raise SecurityError(str(ROUNDS))
        self.hurry()

    def hurry(self) -> None:
        """Refuse to go on once the page's time is over."""
        if time.monotonic() > self._end:
            raise SecurityError(f"{SECONDS:.0f} s")

    def weighed(self, made: Any) -> Any:
        """Return what an expression made, unless it has too much in it."""
        weight, depth = self._weight(made)
        if weight > HEAVIEST or depth > _DEEPEST:
            raise SecurityError(str(HEAVIEST))
        return made

    def _weight(self, made: Any) -> tuple[int, int]:
        """Return how many values are in one, and how deep it is.

        A list that was weighed is held, so that no other one gets its identity.
        """
        if not isinstance(made, list | tuple | dict):
            return 1, 0
        known = self._weights.get(id(made))
        if known is None:
            parts = made.values() if isinstance(made, dict) else made
            keys = made if isinstance(made, dict) else ()
            weights = [self._weight(part) for part in (*keys, *parts)]
            weight = 1 + sum(each for each, _ in weights)
            depth = 1 + max((each for _, each in weights), default=0)
            self._held += len(made)
            if self._held > HEAVIEST:
                raise SecurityError(str(HEAVIEST))
            known = self._weights[id(made)] = (made, weight, depth)
        return known[1:]

    def timed(self, name: str) -> Callable[..., Any]:
        """Return a filter that is within the page's time, and writes no list."""
        plain: Any = FILTERS[name]
        at = 1 if hasattr(plain, "jinja_pass_arg") else 0  # the environment is first

        @wraps(plain)
        def kept(*given: Any, **named: Any) -> Any:
            self.hurry()
            if name in _WRITING:
                _written(given[at])
            return plain(*given, **named)

        return kept

    def each_counted(self, values: Iterable[Any]) -> Iterator[Any]:
        """Yield what a loop goes over, counted."""
        for each in values:
            self.round()
            yield each


def _both(left: Any, right: Any, kind: type) -> bool:
    return isinstance(left, kind) and isinstance(right, kind)


def _written(part: Any) -> Any:
    """Return what a page may write: a text, a number, yes or no, or none.

    What is missing says so by itself.
    """
    if part is None or isinstance(part, str | int | float | Undefined):
        return part
    raise SecurityError(type(part).__name__)


def _rounded(number: Any, precision: int = 0, method: Any = "common") -> Any:
    """Return a number with some places; 10 to their number is calculated."""
    if abs(precision) > _PLACES:
        raise SecurityError(str(_PLACES))
    return do_round(number, precision, method)


@pass_environment
def _summed(environment: Any, values: Iterable[Any], attribute: Any = None) -> Any:
    """Return the sum of numbers; one of lists would grow."""
    return do_sum(environment, values, attribute)


def _joined(parts: Sequence[Any], between: str = "") -> str:
    """Return texts in one, escaped, if it stays short."""
    made: list[str] = []
    size = 0
    for part in parts:
        text = escape(_written(part))
        made += [escape(between), text] if made else [text]
        size += len(between) + len(made[-1])
        if size > LONGEST:
            raise SecurityError(str(LONGEST))
    return Markup("").join(made)


def _few(*limits: int) -> range:
    """Return a range that is not too long."""
    made = range(*limits)
    if len(made) > ROUNDS:
        raise SecurityError(str(ROUNDS))
    return made


def own_environment(folder: Path) -> Any:
    """Return the environment of a folder of templates, for one page.

    Raises:
        InputRefused: if there is no such folder.

    """
    if not folder.is_dir():
        raise InputRefused(DoorCode.TEMPLATES_MISSING, folder=folder)
    made: Any = _Sandbox(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_written,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals = {"range": _few}
    made.filters = {name: made.timed(name) for name in _FILTERS}
    made.filters |= {"join": _joined, "round": _rounded, "sum": _summed}
    made.filters |= {"each_counted": made.each_counted, "weighed": made.weighed}
    return made


def own_values(now: Snapshot, month: str | None = None) -> dict[str, Any]:
    """Return what a template of a site may show, as plain values.

    They are the moment ``made``, whether it is a ``rehearsal``, the names of ``units``
    by code, all ``items``, the ``lists``, and the ``score`` of a month, None without
    one.
    """
    score = None if month is None else now.scores.month_if_any(month)
    values = {
        "made": shanghai(now.moment()),
        "rehearsal": now.rehearsal,
        "units": now.rulebook.active().organization.names,
        "items": now.items.list(),
        "lists": [each for each in now.lists.list() if each.state in _ISSUED],
        "month": month,
        "score": score,
    }
    return {name: to_plain(part) for name, part in values.items()}


#: The states of a list that was published.
_ISSUED: Final = (EditionState.PUBLISHED, EditionState.SUPERSEDED)


def draw_own(folder: Path, name: str, values: Mapping[str, Any]) -> str:
    """Return the page that a site's template makes of values.

    ``folder`` has the template ``name`` and those that it extends. ``values`` become
    plain first, so that no method and no attribute of ours is reachable.

    Raises:
        InputRefused: if the folder or the template is missing, or if the template is
            wrong, names what is not there, does what the sandbox forbids, goes round
            too often, takes too long, or makes too large a page. It names the template
            and the flaw.

    """
    environment = own_environment(folder)
    try:
        parts, size = [], 0
        template = environment.get_template(name)
        for part in template.generate(to_plain(values)):
            size += len(part)
            if size > LARGEST:
                raise SecurityError(str(LARGEST))  # noqa: TRY301 - as all others
            parts.append(part)
    except Exception as flaw:  # Python's compiler has its limits, too
        line = getattr(flaw, "lineno", None)
        detail = type(flaw).__name__ + (f" {line}" if line else "")
        code = DoorCode.TEMPLATE_UNFIT
        raise InputRefused(code, template=name, detail=detail) from flaw
    return visible("".join(parts), lines=True)
