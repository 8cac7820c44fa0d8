"""The examples of the reference, read without running them.

An example is a public function in a file under ``docs/examples/``; its parameter is a
desk of ``huimin_flow.testing``. A paragraph is what stands between empty lines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

EXAMPLES = Path(__file__).parent / "examples"

#: What an example calls a Flow, and the questions on one moment.
FLOWS = {"Flow", "flow", "mine", "now", "dry", "whole", "bound"}


@dataclass(frozen=True)
class Example:
    """One example: its file, its name, what it shows, and its lines."""

    path: Path
    name: str
    about: str
    source: str
    tree: ast.FunctionDef

    def paragraph(self, line: int) -> str:
        """Return the paragraph around a line of the file."""
        lines = self.source.splitlines()
        first = last = line - self.tree.lineno
        while lines[first - 1].strip() and first > 1:
            first -= 1
        while last + 1 < len(lines) and lines[last + 1].strip():
            last += 1
        return dedent("\n".join(lines[first : last + 1]))


def examples(root: Path = EXAMPLES) -> Iterator[Example]:
    """Yield every example, file by file, in the order of their lines."""
    for path in sorted(root.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
                source = "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
                about = (ast.get_docstring(node) or "").partition("\n\n")[0]
                yield Example(path, node.name, about, source, node)


def title(path: Path) -> str:
    """Return what a file of examples is about."""
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return doc.splitlines()[0].rstrip(".")


def shown(
    names: Iterable[str], root: Path = EXAMPLES
) -> dict[str, tuple[Example, str]]:
    """Return by name the first example that calls it, with the paragraph.

    A name is ``items.get`` for a method of a noun, ``Flow.once`` for one of a Flow,
    ``Item`` for a class. An example in the file of the name's noun goes first.
    """
    wanted = set(names)
    found: dict[str, tuple[Example, str]] = {}
    own: dict[str, tuple[Example, str]] = {}
    for example in examples(root):
        for node in ast.walk(example.tree):
            for name in wanted.intersection(_names(node)):
                line: int = node.lineno  # type: ignore[attr-defined]
                kept = (example, example.paragraph(line))
                found.setdefault(name, kept)
                if name.partition(".")[0].lower() == example.path.stem:
                    own.setdefault(name, kept)
    return found | own


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the public names that a part of an example may stand for."""
    if isinstance(node, ast.Name):
        yield node.id
    if isinstance(node, ast.Attribute):
        before = node.value
        if isinstance(before, ast.Attribute):
            yield f"{before.attr}.{node.attr}"
        if isinstance(before, ast.Name) and before.id in FLOWS:
            yield f"Trial.{node.attr}" if before.id == "dry" else f"Flow.{node.attr}"
