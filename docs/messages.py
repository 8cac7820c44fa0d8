"""Write the catalog of what doors say, or check it: ``make messages``, ``make check``.

Every Chinese text of the shell, the pages and the entry is a message: no function marks
it, so that none can be forgotten. A text with values is written for ``say`` with named
fields. Texts of the catalogue have both languages already.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent / "huimin_flow"
FOLDER = PACKAGE / "locale" / "en" / "LC_MESSAGES"
CATALOG = FOLDER / "huimin.po"
COMPILED = FOLDER / "huimin.mo"

#: The modules that say something to people; the catalogue has both languages itself.
SOURCES = (
    PACKAGE / "entry.py",
    PACKAGE / "model" / "scoring" / "scores.py",
    *sorted(PACKAGE.glob("desk/**/*.py")),
    *sorted(PACKAGE.glob("reports/**/*.py")),
    *sorted(PACKAGE.glob("shell/**/*.py")),
)

HAN = re.compile("[\u3400-\u9fff]")
FIELD = re.compile(r"\{(\w*)[^}]*\}|%\((\w+)\)s")

#: The day of the catalog's header; a real one would change with every run.
_DAY = datetime(2026, 1, 1, tzinfo=UTC)

#: Words that are read, not said: what people may type, parts of names.
_TYPED = {
    *("_CLICK_WORDS", "_YES", "_YES_OR_NO", "_HELP_WORDS", "_END_WORDS"),
    *("_NATIONS", "_SCIENCE_CITY", "_NEW_AREA", "_PAINTED"),
}

#: A message with its context; a pair of texts is one with a count.
Message = tuple[str | tuple[str, str], str | None]


def messages(tree: ast.AST) -> Iterator[Message]:
    """Yield the messages of a module."""
    unsaid = {id(node) for node in _unsaid(tree)}
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in {"say_count", "say_as"}:
            first, *rest = node.args  # type: ignore[attr-defined]
            unsaid |= {id(first), id(rest[0])}
            if called.id == "say_count":
                yield (_text(first), _text(first)), None
            else:
                yield _text(rest[0]), _text(first)
    for node in ast.walk(tree):
        if id(node) not in unsaid and HAN.search(text := _text(node)):
            yield text, None


def _text(node: ast.AST) -> str:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else ""  # type: ignore[attr-defined]


def _unsaid(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the texts that nobody is shown: docstrings, patterns, parts of texts."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield body[0].value
        if isinstance(node, ast.JoinedStr):
            yield from node.values
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            yield from node.args
        if isinstance(node, ast.Compare):
            yield from node.comparators
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in _TYPED:
            yield from ast.walk(node)


def extracted() -> Catalog:
    """Return a catalog of all messages, none of them translated."""
    catalog = Catalog("en", project="huimin_flow", version="0", charset="utf-8")
    for path in SOURCES:
        for message, context in messages(ast.parse(path.read_bytes())):
            catalog.add(message, context=context)
    for path in sorted(PACKAGE.glob("*/templates/*.j2")):
        for _, text, _, context in extract_from_file(
            "jinja2", path, options={"trimmed": "true"}
        ):
            catalog.add(text, context=context)
    return catalog


def merged() -> Catalog:
    """Return the messages of the code with the translations of the file."""
    with CATALOG.open("rb") as file:
        old = read_po(file, locale="en")
    catalog = extracted()
    for message in catalog:
        before = old.get(_first(message), message.context) if message.id else None
        if before is not None and before.pluralizable == message.pluralizable:
            message.string = before.string
    catalog.creation_date = catalog.revision_date = _DAY
    return catalog


def _first(message: Any) -> str:
    return message.id[0] if message.pluralizable else message.id


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """Return the contents of the catalog's file and of its compiled form."""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, no_location=True, sort_output=True, width=88)
    write_mo(compiled, catalog)
    return text.getvalue(), compiled.getvalue()


def translated(message: Any) -> bool:
    """Tell whether a message has its English, the singular and the plural."""
    spoken = message.string
    return all(spoken) if isinstance(spoken, tuple) else bool(spoken)


def glued(path: Path) -> Iterator[int]:
    """Yield the lines of a module where values are glued into a Chinese text."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.JoinedStr) and HAN.search(
            "".join(map(_text, node.values))
        ):
            yield node.lineno


def faults(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with a translation: other fields, Chinese signs."""
    for message in catalog:
        if not (message.id and translated(message)):
            continue
        chinese, counted = _first(message), message.pluralizable
        for english in message.string if counted else (message.string,):
            fields = {*FIELD.findall(chinese)} ^ {*FIELD.findall(english)}
            if fields - ({("count", "")} if counted else set()):
                yield f"other fields: {chinese!r}: {english!r}"
            if HAN.search(re.sub("“[^”]*”", "", english)):
                yield f"Chinese signs: {chinese!r}: {english!r}"


def main() -> None:
    """Write the catalog, or with ``--check`` fail if it is not up to date."""
    catalog = merged()
    wrong = list(faults(catalog))
    files = dict(zip((CATALOG, COMPILED), written(catalog), strict=True))
    if "--check" in sys.argv:
        wrong += [
            f"{path.name} is not up to date: run `make messages`"
            for path, content in files.items()
            if not path.exists() or path.read_bytes() != content
        ]
    else:
        for path, content in files.items():
            path.write_bytes(content)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
