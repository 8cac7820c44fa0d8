"""A source names a clause that the notice has, or says that the figure is ours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from huimin_flow.errors import ConfigRefused
from huimin_flow.settings import load_rulebook


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "rules.yaml",
            "quorum: {value: 3, source: ours",
            "quorum: {value: 3, source: 通知 二(四)9",
            "quorum.source = 通知 二(四)9:通知中没有这一出处;请写成 通知 二(四)4",
        ),
        (
            "rules.yaml",
            "quorum: {value: 3, source: ours",
            "quorum: {value: 3, source: 听说",
            "quorum.source = 听说:通知中没有这一出处",
        ),
        (
            "timetable.yaml",
            "source: 通知 二(四)4:五色图",
            "source: 通知 四(四)4:五色图",
            "通知中没有这一出处",
        ),
        (
            "timetable.yaml",
            "source: 通知 二(四)4:五色图",
            "source: 惯例",
            "source = 惯例;日与时为 ours:通知中没有这一出处",
        ),
    ],
)
def test_a_source_that_the_notice_does_not_have_is_refused_with_its_place(
    config: Path, tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    folder = tmp_path / "config"
    shutil.copytree(config, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigRefused) as refused:
        load_rulebook(folder)
    (problem,) = refused.value.problems
    assert said in str(problem)
    line = (
        text[: text.index(old)].count("\n") + 1 + old[: old.index("source")].count("\n")
    )
    assert (problem.file, problem.line) == (name, line)
