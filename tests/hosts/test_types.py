"""The types of all examples hold where only the wheel is installed, outside of here."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.pythons import ROOT

TOOLS = Path(sys.executable).parent

#: Django has no types of its own: a host that checks types says so, as its user does.
SETTINGS = """
[tool.mypy]
strict = true
[[tool.mypy.overrides]]
module = ["django.*"]
ignore_missing_imports = true
[[tool.mypy.overrides]]
module = ["examples.django_host.*"]
disallow_subclassing_any = false
disallow_untyped_decorators = false
[tool.basedpyright]
useLibraryCodeForTypes = false
"""


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples and an environment that has the wheel, not the tree."""
    folder = tmp_path_factory.mktemp("away")
    subprocess.run(["make", "--silent", "wheel"], cwd=ROOT, check=True)
    (wheel,) = (ROOT / "dist").glob("huimin_flow-*.whl")
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", "env"], cwd=folder, check=True
    )
    (packages,) = (folder / "env/lib").glob("python3.*/site-packages")
    shutil.unpack_archive(wheel, packages, "zip")
    # What a host installs beside it is here already; our own tree is not on that path.
    (packages / "beside.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "pyproject.toml").write_text(SETTINGS)
    return folder


@pytest.mark.parametrize(
    "command",
    [
        ("mypy", "--python-executable", "env/bin/python"),
        ("basedpyright", "--level", "error", "--pythonpath", "env/bin/python"),
    ],
    ids=lambda command: command[0],
)
def test_examples_are_typed_for_whoever_has_only_the_wheel(
    away: Path, command: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [TOOLS / command[0], *command[1:], "examples"],
        cwd=away,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
