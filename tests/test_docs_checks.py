"""The page on spot checks runs as it stands, in the demo."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from tests.test_docs import DOCS, blocks, demo, followed, run

__all__ = ["demo", "run"]


@pytest.mark.usefixtures("demo")
def test_a_spot_check_is_drawn_as_the_page_says(
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = DOCS / "how-to" / "spot-checks.zh-CN.md"
    database, *lines = "".join(blocks(page, "sh")).splitlines()
    assert database.startswith("export HUIMIN_DATABASE=")
    known, told = {"抽查编号": "spot_check/2024-0001"}, ""
    for line in lines:
        asked = [line]
        if "被查对象" in line:
            drawn = re.findall(r"(?:item|window)/\S+", told)
            asked = [line.replace("被查对象", each) for each in dict.fromkeys(drawn)]
        for each in asked:
            for word, value in known.items():
                each = each.replace(word, value)  # noqa: PLW2901
            followed([each], run, monkeypatch)
        told = capsys.readouterr().out
        for secret in re.findall(r"([0-9a-f]{64})$", told, re.MULTILINE)[:1]:
            party = "监督组" if "监督组" in told else "办公室"
            known[f"{party}的随机数"] = secret
    assert json.loads(told[told.index("{") :])["seed"]
