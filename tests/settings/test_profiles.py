"""Profiles of import: the ready ones are fit, and a wrong one is named by its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import AppealField
from huimin_flow.errors import ConfigRefused
from huimin_flow.settings import check
from huimin_flow.settings.profiles import read_profile, ready_profiles

CONFIG = Path(__file__).parents[2] / "config"


def test_the_ready_profiles_have_what_an_appeal_needs() -> None:
    ready = {each.word: each.profile for each in ready_profiles(CONFIG)}
    assert set(ready) == {"export", "hotline-12333", "message-board"}
    for profile in ready.values():
        assert set(profile.needed) <= set(profile.columns)
    assert AppealField.PHONE in ready["hotline-12333"].columns


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key:", "kee:", "columns"),
        ("  text:", "  note:", "columns"),
        ("[工单编号,", "[工单编号, 来电人,", "只留在一项"),
        ("channel: hotline_12333", "channel: pigeon", "channel"),
        ("name: 12333", "nome: 12333", "name"),
    ],
)
def test_a_wrong_profile_is_refused_with_the_whole_config(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(CONFIG, tmp_path / "config")
    file = folder / "profiles" / "hotline-12333.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigRefused) as refused:
        check(folder)
    assert "profiles/hotline-12333.yaml" in str(refused.value)
    assert said in str(refused.value)


def test_a_profile_without_a_key_is_refused_by_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("{name: a, source: ours, columns: {text: [甲]}}", "utf-8")
    with pytest.raises(ConfigRefused, match=r"columns\.key"):
        read_profile(path)
