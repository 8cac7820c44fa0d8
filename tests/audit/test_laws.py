"""Each module of the audit says its laws, numbered, and findings name them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import huimin_flow.audit as package

FOLDER = Path(package.__file__).parent
FILES = [path for path in sorted(FOLDER.rglob("*.py")) if path.stem != "__init__"]
TEXTS = {path.stem: path.read_text() for path in FILES}
LAWS = {
    name: [
        int(number)
        for number in re.findall(
            r"^(\d+)\. ", ast.get_docstring(ast.parse(text)) or "", re.MULTILINE
        )
    ]
    for name, text in TEXTS.items()
}
NAMED = {
    (module, int(number))
    for text in TEXTS.values()
    for module, number in re.findall(r'law="(\w+) (\d+)"', text)
}


@pytest.mark.parametrize("module", LAWS)
def test_laws_are_numbered_in_order(module: str) -> None:
    assert LAWS[module] == list(range(1, len(LAWS[module]) + 1))


def test_a_finding_names_a_law_that_is_written() -> None:
    written = {(module, number) for module, laws in LAWS.items() for number in laws}
    assert written >= NAMED


@pytest.mark.parametrize("module", LAWS)
def test_every_law_is_held(module: str) -> None:
    held = {number for name, number in NAMED if name == module}
    if any(f'law=f"{module} {{' in text for text in TEXTS.values()):
        wrong = re.findall(r"Wrong\(.*, (\d)\b", TEXTS[module])
        held |= {int(number) for number in wrong}
    assert held == set(LAWS[module])
