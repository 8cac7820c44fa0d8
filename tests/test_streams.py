"""Every kind of stream is declared once, and its prefix is written nowhere else."""

from __future__ import annotations

import ast
from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import StreamKind, TwoPeople
from huimin_flow.stream_names import nth, number_of
from huimin_flow.streams import KIND_OF_ACT, SEALED, STREAMS, TWO_PERSON_ACTS

PACKAGE = Path(__file__).parent.parent / "huimin_flow"
PREFIXES = tuple(one.key("") for one in StreamKind)
NUMBERED = [one.kind for one in STREAMS.values() if one.numbering is not None]


def prefixes_in(source: str) -> list[str]:
    """What a module writes that begins with a stream's prefix, docstrings aside."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and node.value.startswith(PREFIXES)
    ]


def test_every_kind_is_declared() -> None:
    assert set(STREAMS) == set(StreamKind)


def test_what_is_sealed_whole_is_named_before_its_declaration_is_loaded() -> None:
    whole = {
        kind: stream.sealed.states
        for kind, stream in STREAMS.items()
        if stream.sealed is not None and not stream.sealed.steps
    }
    assert whole == SEALED


def test_a_scan_sees_a_prefix_in_a_text_and_in_a_formatted_one() -> None:
    assert prefixes_in('x = "item/1"\ny = f"list/{x}"') == ["item/1", "list/"]


@pytest.mark.parametrize(
    "path",
    sorted(one for one in PACKAGE.rglob("*.py") if "former" not in one.parts),
    ids=lambda one: str(one.relative_to(PACKAGE)),
)
def test_no_module_writes_a_prefix_itself(path: Path) -> None:
    # What the shell shows as an example of a key stands in its help lines.
    if path.parent.name == "shell":
        return
    assert prefixes_in(path.read_text(encoding="utf-8")) == []


def joint(kind: StreamKind) -> str:
    """What separates the subject from the number; nothing if one count numbers all."""
    numbering = STREAMS[kind].numbering
    return "" if numbering is None else numbering.joint


@pytest.mark.parametrize("kind", NUMBERED)
def test_a_number_that_was_given_is_read_again(kind: StreamKind) -> None:
    for within in ("2027-000001", "2027"):
        stream = kind.key(nth(kind, 12, within if joint(kind) else ""))
        counter, number = number_of(stream) or ("", 0)
        assert number == 12
        assert kind.key(counter.removeprefix(kind.key("")) or 0).startswith(kind.key())


@pytest.mark.parametrize(
    "stream", ["item/", "item/2027", "batch/x", "moon/1", "item/9-\uff19"]
)
def test_what_bears_no_number_is_told_so(stream: str) -> None:
    assert number_of(stream) is None


def test_every_word_for_what_two_people_do_is_declared_beside_one_stream() -> None:
    assert set(TWO_PERSON_ACTS) == set(TwoPeople)
    declared = [name for stream in STREAMS.values() for name in stream.two_people]
    assert len(declared) == len(set(declared))


@pytest.mark.parametrize("name", TwoPeople)
def test_a_two_person_act_is_a_step_of_its_stream_and_done_by_a_use_case(
    name: TwoPeople,
) -> None:
    declared, life = TWO_PERSON_ACTS[name], STREAMS[KIND_OF_ACT[name]].life
    assert declared.step in life.steps.values()
    assert declared.about is None or declared.about in declared.needs
    module, _, act = declared.act.rpartition(".")
    use_case = getattr(import_module(f"huimin_flow.flow.{module}"), act)
    parameters = signature(use_case).parameters
    assert {"by", "second"} <= set(parameters)
    assert len(declared.needs) < len(parameters) - 2, "the work, what is needed, both"
