"""Extensions that packages bring, and the example of the documents."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from huimin_flow.catalogue.reasons import EXTENDED, ExtensionCode
from huimin_flow.catalogue.terms import Health, State, Step
from huimin_flow.errors import ConfigRefused, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.reports.core.histories import event_words
from huimin_flow.settings import extensions as registry
from huimin_flow.settings import load_rulebook
from huimin_flow.shell.main import invoke
from huimin_flow.shell.upkeep.checks import extensions
from huimin_flow.testing import Desk
from tests.conftest import CONFIG
from tests.flow.core.test_extensions import audited, name_in_force

ROOT = CONFIG.parent
EXAMPLE = ROOT / "examples" / "extension"

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package with an entry point, as pip leaves it behind."""
    registry.installed.cache_clear()
    monkeypatch.syspath_prepend(str(tmp_path))
    before = {*sys.modules}

    def put(package: str, name: str, place: str, code: str = "") -> None:
        if code:
            module = place.partition(":")[0]
            (tmp_path / f"{module}.py").write_text(dedent(code), "utf-8")
        info = tmp_path / f"{package}-1.0.dist-info"
        info.mkdir()
        about = f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
        (info / "METADATA").write_text(about, "utf-8")
        group = f"[huimin_flow.extensions]\n{name} = {place}\n"
        (info / "entry_points.txt").write_text(group, "utf-8")

    yield put
    registry.installed.cache_clear()
    for module in {*sys.modules} - before:
        if module.startswith(("ext_", "huimin_funds")):
            del sys.modules[module]


_MADE = """
from huimin_flow.api import Extension
E = Extension(name="{name}", label="甲", english="a", revision={revision})
"""

BAD = {
    "raises": ("raise RuntimeError", ExtensionCode.BROKEN),
    "leaves": ("raise SystemExit", ExtensionCode.BROKEN),
    "nothing": ("E = 1", ExtensionCode.BROKEN),
    "absent": ("", ExtensionCode.BROKEN),
    "unfit": (
        _MADE.format(name="bad", revision=0),
        ExtensionCode.UNFIT,
    ),
    "another": (
        _MADE.format(name="other", revision=1),
        ExtensionCode.BROKEN,
    ),
}


@pytest.mark.parametrize("way", BAD)
def test_an_entry_point_that_is_bad_is_refused_by_name(
    desk: Desk, install: Install, way: str
) -> None:
    code, refusal = BAD[way]
    item = desk.collect()
    name_in_force(desk, {"bad": {}})
    install("bad", "bad", f"ext_{way}:E", code)
    registry.installed.cache_clear()
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.amend(item.number, {"title": "甲"}, by=desk.operator)
    assert refused.value.code == refusal.value
    assert desk.flow.items.get(item.number) == item
    with desk.flow.snapshot() as now:
        (check,) = extensions(now)
    assert check.health is Health.RED
    assert audited(desk.flow).clean


def test_two_packages_with_one_name_are_refused(desk: Desk, install: Install) -> None:
    for package in ("one", "two"):
        install(package, "twice", f"ext_{package}:E", "E = 1")
    name_error = None
    try:
        name_in_force(desk, {"twice": {}})
    except Exception as refusal:  # noqa: BLE001 - its code is asked below
        name_error = refusal
    assert getattr(name_error, "code", "") == ExtensionCode.TWICE


def test_the_example_does_what_its_page_says(
    desk: Desk,
    install: Install,
    tmp_path: Path,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copy(EXAMPLE / "huimin_funds.py", tmp_path)
    install("huimin_funds", "funds", "huimin_funds:FUNDS")
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    shutil.copy(EXAMPLE / "extensions.yaml", config)
    book = load_rulebook(config)
    differing = {each.path: each.new for each in desk.flow.rulebook.diff(book)}
    assert differing == {"extensions.funds.least": 10, "extensions.funds.large": 500}
    desk.flow.rulebook.activate(book, by=desk.office, second=desk.second)
    number = desk.item(State.LISTED).number
    with pytest.raises(StepRefused, match="没有写明资金"):
        desk.assign(number)
    registry.installed.cache_clear()
    monkeypatch.delitem(EXTENDED, "funds.no_fund")
    with Flow.open(url, clock=desk.clock) as another:  # as in a new process
        assert another.rulebook.active() == book
        (kept,) = another.records.refusals(limit=1)
        assert str(kept.reasons[0]) == "没有写明资金"
    clerk, flow = desk.operator, desk.flow
    page = (ROOT / "docs" / "how-to" / "extend.md").read_text("utf-8")
    shown = page.partition("```python\n")[2].partition("```")[0]
    exec(shown, {"flow": flow, "number": number, "clerk": clerk})  # noqa: S102 - the page
    (possible,) = flow.items.possible(number, clerk, Step.ASSIGN)
    assert possible.possible
    desk.assign(number)
    with flow.snapshot() as now:
        last = now.items.history(number)[-1].event
        assert [check.health for check in extensions(now)] == [Health.GREEN]
    assert "资金50万元" in event_words(last)
    report = audited(flow)
    assert report.clean
    assert report.absent == ()


def test_a_section_is_checked_with_its_file(install: Install, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE / "huimin_funds.py", tmp_path)
    install("huimin_funds", "funds", "huimin_funds:FUNDS")
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    for text, place in {
        "funds: {least: -1, large: 5}": "funds.least",
        "funds: {least: 1, large: 5, more: 1}": "funds.more",
        "funds: {least: 1.5, large: 5}": "funds",
        "funds: 5": "funds",
        "资金: {}": "资金",
    }.items():
        (config / "extensions.yaml").write_text(text, "utf-8")
        with pytest.raises(ConfigRefused) as refused:
            load_rulebook(config)
        problem = refused.value.problems[0]
        assert (problem.file, problem.key) == ("extensions.yaml", place)
        assert problem.line == 1
    (config / "extensions.yaml").write_text("absent: {a: {b: [1, x]}}", "utf-8")
    known = load_rulebook(config)
    assert known.extensions == {"absent": {"a": {"b": [1, "x"]}}}
    bare = replace(known, extensions={})
    assert bare.extensions != known.extensions


def test_the_commands_enter_show_find_and_take_back_own_fields(
    file_desk: Desk,
    file_url: str,
    install: Install,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copy(EXAMPLE / "huimin_funds.py", tmp_path)
    install("huimin_funds", "funds", "huimin_funds:FUNDS")
    name_in_force(file_desk, {"funds": {"least": 10, "large": 500}})
    number = file_desk.collect().number

    def at(*words: str) -> str:
        by = ["--by", "office-1"] if words[1] in {"annotate", "undo"} else []
        assert invoke([*words, *by, "--db", file_url]) == 0, words
        return capsys.readouterr().out

    own = ("--own", "funds.fund=AB-2027", "--own", "funds.amount=50")
    at("item", "annotate", number, *own)
    assert "资金编号" in at("item", "show", number)
    assert number in at("item", "list", *own)
    assert number not in at("item", "list", "--own", "funds.fund=XX-2027")
    assert "city、district" in at("item", "own", number)
    back = at("item", "undo", number)
    assert "--own funds.amount=" in back
    registry.installed.cache_clear()
    shutil.rmtree(tmp_path / "huimin_funds-1.0.dist-info")
    assert "没有装在这里" in at("audit", "verify")
    again = ["item", "annotate", number, *own, "--by", "office-1", "--db", file_url]
    assert invoke(again) == 1
    assert "extension_missing" in str(file_desk.flow.records.refusals(limit=1))
