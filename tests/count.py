"""Count how heavy the package is: ``make count`` prints each figure beside its bound.

``python tests/count.py small`` names what one figure counts. ``held`` is what
tests/test_count.py holds it to: it may only fall, until it has reached its bound. The
lines alone rise by what a new capability brings: the fast ways of acts, lists, months,
audits and commands brought 2,600, the desk brought 10,200, the room sensing (places,
imports, personal data, answers, gathering, screening) and the outbox 19,000, tasks,
surveys, boards, rectification, spot checks, reviews and the trial of rules 17,800, the
hosts and their extensions 4,000.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Text = tuple[int, str]

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "huimin_flow"
Function = ast.FunctionDef | ast.AsyncFunctionDef

#: What speaks to people, or tells the demonstration's story.
DOORS = {
    "shell", "desk", "reports", "catalogue", "rehearsal", "testing", "entry.py",
}  # fmt: skip

#: What an embedder must not load before it is used.
LATE = ("ruamel", "jinja2", "apscheduler", "xlsxwriter", "python_calamine")

#: Signs of Chinese texts, punctuation and full-width forms included.
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")

#: What only a sentence has: a comma, a semicolon, a colon between two signs.
SENTENCE = re.compile("[\u4e00-\u9fff”)][,;:][\u4e00-\u9fff“]|。")


@dataclass(frozen=True)
class Measure:
    """One thing that is counted: ``held`` today, ``bound`` once the house is light."""

    name: str
    what: str
    held: float
    bound: float
    items: Callable[[], list[str]]
    figure: Callable[[list[str]], float] = len

    def count(self) -> float:
        """Return today's figure."""
        return self.figure(self.items())


@cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax trees of the package by their paths within it."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def length(module: str) -> int:
    """Return how many lines a module has."""
    return len((PACKAGE / module).read_text("utf-8").splitlines())


def lines() -> list[str]:
    """Return every line of every module, by its place."""
    return [f"{name}:{k + 1}" for name in modules() for k in range(length(name))]


def functions() -> Iterator[tuple[str, ast.Module | ast.ClassDef, Function]]:
    """Yield each function or method: its module, what it stands in, and itself."""
    for name, tree in modules().items():
        for home in ast.walk(tree):
            if isinstance(home, (ast.Module, ast.ClassDef)):
                for node in home.body:
                    if isinstance(node, Function):
                        yield name, home, node


def uses(name: str, within: ast.AST, aside: ast.AST) -> int:
    """Return how often a name is used within a tree, its own definition aside."""
    found = 0
    waiting = [within]
    while waiting:
        node = waiting.pop()
        if node is aside:
            continue
        found += name in {getattr(node, "id", ""), getattr(node, "attr", "")}
        if isinstance(node, ast.alias):
            found += node.name == name
        waiting += ast.iter_child_nodes(node)
    return found


def used_once() -> list[str]:
    """Return every private function that is used at one place.

    A module's own is looked for in its module and where others import it, a method
    first in its class.
    """
    imported = [
        alias.name
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    found = []
    for name, home, function in functions():
        own = function.name
        if not own.startswith("_") or own.endswith("__"):
            continue
        count = uses(own, home, function) or uses(own, modules()[name], function)
        if count + imported.count(own) == 1:
            found.append(f"{name}:{function.lineno} {own}")
    return found


def share(items: list[str]) -> float:
    """Return how many percent of all functions and methods some are."""
    return round(100 * len(items) / sum(1 for _ in functions()), 1)


def small() -> list[str]:
    """Return the modules of at most 60 lines."""
    return [
        f"{name} {length(name)}"
        for name in modules()
        if not name.endswith("__init__.py") and length(name) <= 60
    ]


def large() -> list[str]:
    """Return the modules of more than 400 lines."""
    return [f"{name} {length(name)}" for name in modules() if length(name) > 400]


def long() -> list[str]:
    """Return the functions of more than 60 lines, their docstrings aside."""
    found = []
    for name, _, node in functions():
        doc = ast.get_docstring(node, clean=False) or ""
        code = (node.end_lineno or 0) - node.lineno + 1 - len(doc.splitlines())
        if code > 60 and "versions" not in Path(name).parts:  # one step of a schema
            found.append(f"{name}:{node.lineno} {node.name} {code}")
    return found


def crowded() -> list[str]:
    """Return the folders with more than twelve modules."""
    folders = [Path(name).parent for name in modules() if "__init__" not in name]
    return [
        f"{folder} {folders.count(folder)}"
        for folder in sorted(set(folders))
        if folders.count(folder) > 12
    ]


def texts(tree: ast.AST) -> list[tuple[int, str, int]]:
    """Return the texts of a tree in order, docstrings aside: line, text, identity."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | Function)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return sorted(
        (node.lineno, node.value, id(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
    )


def prefixes() -> list[str]:
    """Return the texts that begin with a stream's prefix, outside streams/.

    What the shell shows as an example of a key stands in its help lines.
    """
    starts = tuple(
        f"{node.value.elts[0].value!s}/"
        for tree in modules().values()
        for kind in tree.body
        if isinstance(kind, ast.ClassDef) and kind.name == "StreamKind"
        for node in kind.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        if isinstance(node.value.elts[0], ast.Constant)
    )
    return [
        f"{name}:{line} {text}"
        for name, tree in modules().items()
        if not name.startswith(("streams/", "shell/"))
        for line, text, _ in texts(tree)
        if text.startswith(starts)
    ]


def chinese(tree: ast.Module) -> tuple[list[Text], list[Text]]:
    """Return a module's Chinese texts, and apart the marks of its named tables.

    A mark is what a parser or filter knows: a text that is no sentence, within a
    constant of the module in upper case.
    """
    tables = {
        id(node)
        for statement in tree.body
        for names in [
            getattr(statement, "targets", [getattr(statement, "target", None)])
        ]
        if all(isinstance(name, ast.Name) and name.id.isupper() for name in names)
        for node in ast.walk(statement)
    }
    found = [each for each in texts(tree) if CHINESE.search(each[1])]
    marks = [
        (line, text)
        for line, text, node in found
        if node in tables and not SENTENCE.search(text)
    ]
    said = [(line, text) for line, text, _ in found if (line, text) not in marks]
    return said, marks


def literals(*, marks: bool = False) -> list[str]:
    """Return the Chinese texts below the doors, or the marks there."""
    return [
        f"{name}:{line} {text}"
        for name, tree in modules().items()
        if Path(name).parts[0] not in DOORS
        for line, text in chinese(tree)[marks]
    ]


@cache
def loaded() -> list[str]:
    """Return what ``from huimin_flow import Flow`` loads, in a process of its own."""
    program = "import sys\nfrom huimin_flow import Flow\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


def ours() -> list[str]:
    """Return our own modules that an embedder loads."""
    return [name for name in loaded() if name.partition(".")[0] == "huimin_flow"]


def late() -> list[str]:
    """Return the libraries that an embedder loads too early."""
    return sorted({name.partition(".")[0] for name in loaded()} & set(LATE))


MEASURES = (
    Measure("lines", "lines of the package", 130_900, 30_000, lines),
    Measure("once", "private functions used once, % of all", 15, 15, used_once, share),
    Measure("small", "modules of at most 60 lines", 20, 20, small),
    Measure("prefixes", "prefixes of streams outside streams/", 0, 0, prefixes),
    Measure("literals", "Chinese literals below the doors", 0, 0, literals),
    Measure("ours", "our modules that an embedder loads", 80, 80, ours),
    Measure("late", "libraries that an embedder loads too early", 0, 0, late),
    Measure("crowded", "folders of more than twelve modules", 0, 0, crowded),
    Measure("large", "modules of more than 400 lines", 0, 0, large),
    Measure("long", "functions of more than 60 lines", 0, 0, long),
)


def main() -> None:
    """Print every figure beside its bound, or what those that are named count."""
    named = sys.argv[1:]
    said = [] if named else [f"{'':10}{'today':>8}{'held':>8}{'bound':>8}"]
    for measure in MEASURES:
        if measure.name in named:
            said += measure.items()
        elif not named:
            figures = (measure.count(), measure.held, measure.bound)
            row = "".join(f"{figure:>8}" for figure in figures)
            mark = "" if figures[0] <= measure.bound else "  (above)"
            said.append(f"{measure.name:10}{row}  {measure.what}{mark}")
    marks = literals(marks=True)
    if "marks" in named:
        said += marks
    elif not named:
        said.append(f"{'marks':10}{len(marks):>8}  marks of parsers, counted apart")
    sys.stdout.write("\n".join([*said, ""]))


if __name__ == "__main__":
    main()
