"""The package gets no heavier: each figure of ``make count`` may only fall."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest

from tests import count
from tests.count import MEASURES, Measure

FLAWS = {
    "catalogue/histories.py": "class StreamKind:\n    ITEM = 'item', '事项'\n",
    "flow/once.py": (
        "def _once():\n    '''甲。'''\n    return _twice() + _twice()\n\n\n"
        "def _twice():\n    return _twice\n\n\n"
        "class Door:\n    def _own(self):\n        return _once()\n\n"
        "    def open(self):\n        return self._own()\n"
    ),
    "flow/prefix.py": "def key(n):\n    return f'item/{n}', 'items'\n",
    "rules/words.py": "MARKS = ('序号', '甲,乙')\n_said = '丙'\n",
    "shell/words.py": "SAID = '一条诉求。'\n",
    "store/large.py": "\n" * 401,
    "store/long.py": "def long():\n" + "    print()\n" * 60,
} | {f"model/m{k}.py": "" for k in range(13)}


@cache
def counted(name: str) -> list[str]:
    """Return what a measure counts in the package, counted once for all tests."""
    (measure,) = (each for each in MEASURES if each.name == name)
    return measure.items()


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.name)
def test_no_figure_of_the_house_rises(measure: Measure) -> None:
    assert measure.bound <= measure.held
    items = counted(measure.name)
    assert measure.figure(items) <= measure.held, "\n".join(items[:100])


def test_each_figure_sees_what_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FLAWS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    trees = {name: ast.parse(text) for name, text in FLAWS.items()}
    monkeypatch.setattr(count, "PACKAGE", tmp_path)
    monkeypatch.setattr(count, "modules", lambda: trees)
    by_name = {measure.name: measure for measure in MEASURES}
    assert by_name["once"].items() == ["flow/once.py:1 _once", "flow/once.py:11 _own"]
    assert by_name["once"].count() == 33.3  # of two functions, two methods, two more
    assert by_name["prefixes"].items() == ["flow/prefix.py:2 item/"]
    assert by_name["literals"].items() == [
        "rules/words.py:1 甲,乙",
        "rules/words.py:2 丙",
    ]
    assert count.literals(marks=True) == ["rules/words.py:1 序号"]
    assert by_name["crowded"].items() == ["model 13"]
    assert by_name["large"].items() == ["store/large.py 401"]
    assert by_name["long"].items() == ["store/long.py:1 long 61"]
    assert by_name["lines"].count() == sum(
        len(text.splitlines()) for text in FLAWS.values()
    )
    assert "store/large.py 401" not in by_name["small"].items()
    assert "model/m7.py 0" in by_name["small"].items()


def test_a_library_that_is_loaded_early_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["huimin_flow", "huimin_flow.flow", "jinja2.sandbox", "json"]
    monkeypatch.setattr(count, "loaded", lambda: names)
    assert count.ours() == ["huimin_flow", "huimin_flow.flow"]
    assert count.late() == ["jinja2"]


def test_it_prints_every_figure_beside_its_bound_and_what_one_counts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [replace(each, items=partial(counted, each.name)) for each in MEASURES]
    monkeypatch.setattr(count, "MEASURES", known)

    def said(*words: str) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["tests/count.py", *words])
        count.main()
        return capsys.readouterr().out.splitlines()

    table = {line.split()[0]: line.split() for line in said()}
    for measure in MEASURES:
        assert float(table[measure.name][3]) == measure.bound
    assert len(said("small")) == int(table["small"][1])
