"""The public API: its frozen list, its value types, and what its methods tell."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import huimin_flow
from huimin_flow import api
from huimin_flow.flow.methods import methods
from tests.flow import public_api

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_public_api_equals_its_frozen_list() -> None:
    frozen = public_api.FROZEN.read_text(encoding="utf-8")
    assert public_api.text().splitlines() == frozen.splitlines(), (
        "the public API changed; if it is to: python -m tests.flow.public_api"
    )


def test_api_gives_each_class_that_a_caller_passes_or_gets_and_no_other() -> None:
    exported = {name: getattr(api, name) for name in api.__all__}
    public: list[Any] = [*public_api.public(), *public_api.functions()]
    assert exported == {kind.__name__: kind for kind in public}
    ours = {
        name
        for name, kind in vars(api).items()
        if getattr(kind, "__module__", "").startswith("huimin_flow")
    }
    assert ours - {"__getattr__"} <= exported.keys()


def test_the_package_gives_what_its_api_gives() -> None:
    for name in huimin_flow.__all__:
        assert getattr(huimin_flow, name) is getattr(api, name)


def public_modules() -> dict[str, set[str]]:
    """Return by module the names that the documents allow a host to import."""
    text = (DOCS / "reference/modules.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(huimin_flow[\w.]*)` \| (.*?) \|", text, re.MULTILINE)
    return {name: {*re.findall(r"`(\w+)`", told)} for name, told in rows}


def test_the_public_modules_have_what_the_documents_name() -> None:
    for module, names in public_modules().items():
        if module != "huimin_flow.django":  # the extra hosts: see tests/hosts
            loaded = import_module(module)
            assert [name for name in names if not hasattr(loaded, name)] == []
    assert public_modules()["huimin_flow"] == {*huimin_flow.__all__}


def imported(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each module of ours that a program or a document imports, with names."""
    found = r"^\s*from (huimin_flow[\w.]*) import (\([^)]*\)|.*)$"
    for module, names in re.findall(found, path.read_text("utf-8"), re.MULTILINE):
        for name in re.findall(r"\w+", names.partition("#")[0]):
            yield module, name


def test_examples_and_documents_import_only_what_is_public() -> None:
    known = public_modules()
    strange = [
        (path.name, module, name)
        for path in [
            *DOCS.glob("examples/**/*.py"),
            *DOCS.glob("how-to/*.md"),
            *DOCS.glob("tutorial/*.md"),
            *(DOCS.parent / "examples").rglob("*.py"),
        ]
        for module, name in imported(path)
        if not (
            (module == "huimin_flow.api" and name in api.__all__)
            or name in known.get(module, ())
            or f"{module}.{name}" in known
            or module == "huimin_flow.store.rows"
        )
    ]
    assert strange == []


def test_each_count_takes_exactly_the_filters_of_its_list() -> None:
    known = methods(api.Flow)
    pairs = {
        name: name.replace("count_", "") if "count_" in name else f"{noun}.list"
        for name in known
        for noun, _, verb in [name.partition(".")]
        if verb.startswith("count")
    }
    assert len(pairs) == 35
    paging = {"after", "skip", "limit", "order", "numbers"}
    for count, listed in pairs.items():
        filters = dict(inspect.signature(known[listed]).parameters)
        filters = {name: p for name, p in filters.items() if name not in paging}
        assert dict(inspect.signature(known[count]).parameters) == filters, count
