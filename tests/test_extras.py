"""What an embedder needs is the core; every door's packages are extras that say so."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from huimin_flow.errors import EXTRAS, ExtraMissing, HuiminError
from huimin_flow.store.core import engine
from tests import floors, pythons

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]

#: Runs the command line, or a program, where modules are missing.
BARE = "import sys\nsys.modules.update(dict.fromkeys(sys.argv.pop(1).split(',')))\n"
COMMAND = "from huimin_flow.entry import run\nrun(sys.argv[1:])"


def without(modules: str, program: str, *words: str, cwd: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", BARE + program, modules, *words],
        cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def distributions(requirements: list[str]) -> set[str]:
    """Return the normalized names of requirements, those of named extras included."""
    names = set()
    for line in requirements:
        name = re.split(r"[\[<>=]", line)[0]
        if name == "huimin-flow":
            for extra in line.partition("[")[2].rstrip("]").split(","):
                names |= distributions(PROJECT["optional-dependencies"][extra])
        else:
            names.add(re.sub(r"[-_.]+", "-", name).lower())
    return names


def imported() -> dict[str, set[str]]:
    """Return the modules from outside that the package imports, with their files."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "huimin_flow").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                if top not in {*sys.stdlib_module_names, "huimin_flow"}:
                    found.setdefault(top, set()).add(path.name)
    return found


def test_what_the_package_imports_is_declared_and_nothing_else_is() -> None:
    named = packages_distributions()
    core = distributions(PROJECT["dependencies"])
    extras = {
        name: distributions(lines)
        for name, lines in PROJECT["optional-dependencies"].items()
    }
    modules = imported() | {"psycopg": {"engine.py"}}  # SQLAlchemy loads it by name
    used = set()
    for module in modules:
        found = named.get(module, [module])  # a framework of a host need not be here
        brought = {re.sub(r"[-_.]+", "-", one).lower() for one in found}
        used |= brought
        if module in EXTRAS:
            assert brought <= extras[EXTRAS[module]], module
            assert not brought & core, module
        else:
            assert brought <= core, module
    assert set(EXTRAS) <= set(modules)
    assert core - used == {"tzdata"}  # zoneinfo reads it
    for extra in ("shell", "pages", "office", "service", "postgres"):
        assert extras[extra] <= used, extra
    # A framework is the host's own; peers, hosts and the site are not the package.
    others = {"all", "dev", "bench", "django", "docs", "hosts"}
    assert set().union(*(extras[e] for e in extras.keys() - others)) == extras["all"]


def test_an_embedder_founds_and_acts_without_any_extra(tmp_path: Path) -> None:
    program = """
import huimin_flow.entry
from huimin_flow import Flow
from huimin_flow.catalogue.terms import State
from huimin_flow.testing import rehearsal
with rehearsal() as desk:
    assert desk.item(State.CLOSED).state is State.CLOSED
"""
    assert without(",".join(EXTRAS), program, cwd=tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("missing", "extra", "words"),
    [
        ("click", "shell", ["doctor"]),
        ("wcwidth", "shell", ["item", "list"]),
        ("jinja2", "pages", ["demo", "--into", "out"]),
        ("apscheduler", "service", ["scheduler"]),
        ("click", "service", ["scheduler"]),
        ("psycopg", "postgres", ["doctor", "--db", "postgresql://nowhere/x"]),
    ],
)
def test_a_command_whose_extra_is_missing_names_it(
    missing: str, extra: str, words: list[str], tmp_path: Path
) -> None:
    code, said = without(missing, COMMAND, *words, cwd=tmp_path)
    assert code == 1
    assert f"未执行：没有安装附加组件 {extra}（缺少 {missing}）" in said
    assert f"可以这样做：请安装：pip install 'huimin-flow[{extra}]'" in said
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())


def test_the_unattended_service_without_its_extra_says_so(tmp_path: Path) -> None:
    program = f"import runpy\nrunpy.run_path({str(ROOT / 'scheduler.py')!r}, run_name='__main__')"
    code, said = without("apscheduler", program, cwd=tmp_path)
    assert (code, said.splitlines()[0]) == (
        1,
        "未执行：没有安装附加组件 service（缺少 apscheduler）",
    )


def test_a_sheet_cannot_be_read_or_written_without_the_office_extra(
    tmp_path: Path,
) -> None:
    program = """
from pathlib import Path
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import extra_missing
from huimin_flow.exchange.executing.sheets import write_sheet
from huimin_flow.exchange.core.workbooks import sheet_in
import zipfile
with zipfile.ZipFile("a.xlsx", "w") as book:
    book.writestr("x.xml", "<x/>")
for use in (lambda: write_sheet(Path("b.xlsx"), [], "2026-11"), lambda: sheet_in(Path("a.xlsx"))):
    try:
        use()
    except ImportError as failure:
        print(extra_missing(failure), file=sys.stderr)
"""
    code, said = without("python_calamine,xlsxwriter", program, cwd=tmp_path)
    assert (code, said.splitlines()) == (
        0,
        [
            "没有安装附加组件 office(缺少 xlsxwriter)",
            "没有安装附加组件 office(缺少 python_calamine)",
        ],
    )


def test_a_host_on_postgresql_without_a_driver_learns_the_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(HuiminError) as refusal:
        engine.open_engine("postgresql://nowhere/x")
    assert isinstance(refusal.value, ExtraMissing)
    assert refusal.value.code == "extra_missing"
    assert "huimin-flow[postgres]" in refusal.value.remedy


def test_floors_are_the_lowest_releases_of_the_core_and_of_each_extra(
    capsys: pytest.CaptureFixture[str],
) -> None:
    extras = PROJECT["optional-dependencies"]
    apart = {"dev", "bench", "docs", "django", "hosts"}  # tools, peers, site, hosts
    bounds = [*PROJECT["dependencies"], *pythons.tools()]
    bounds += [bound for name in extras.keys() - apart for bound in extras[name]]
    floors.main()
    assert set(capsys.readouterr().out.split()) == {
        re.sub(r">=([\d.]+).*", r"==\1", bound)
        for bound in bounds
        if not bound.startswith("huimin-flow")
    }
