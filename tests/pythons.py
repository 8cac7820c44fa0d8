"""Run tests on the wheel, away from the checkout, with other Pythons or releases.

``make pythons`` takes each Python of this machine that is newer than the one of the
environment; ``make ceilings`` takes that one, with the newest releases that
pyproject.toml allows. Both say what they ran, and what is not here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

#: What tests need beside the package: they are no part of the wheel.
TOOLS = ("hypothesis", "openpyxl", "pytest>")

#: What tests read of a checkout; the package is not among them.
READ = (
    "tests",
    "docs",
    "config",
    "scheduler.py",
    "pyproject.toml",
    "README.md",
    "README.zh-CN.md",
)


def pythons() -> Iterator[Path]:
    """Give one interpreter for each minor release newer than ours, if it runs."""
    pyenv = shutil.which("pyenv")
    for minor in range(sys.version_info.minor + 1, 30):
        name = f"python3.{minor}"
        found = [Path(path)] if (path := shutil.which(name)) else []
        if pyenv:
            root = _said(pyenv, "root")
            found += sorted(Path(root).glob(f"versions/3.{minor}.*/bin/{name}"))
        runs = [path for path in found if _said(str(path), "-c", "print(1)") == "1"]
        yield from runs[:1]


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def tools() -> list[str]:
    """Return the requirements of the tests' tools, as the extra ``dev`` has them."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    return [line for line in extras["dev"] if line.startswith(TOOLS)]


def run(python: Path, wheel: Path, tests: list[str], *held: str) -> None:
    """Install the wheel with all its extras for ``python``, and run the tests on it."""
    with tempfile.TemporaryDirectory() as folder:
        away, home = Path(folder, "away"), Path(folder, "env")
        subprocess.run([python, "-m", "venv", home], check=True)
        pip = [str(home / "bin/python"), "-m", "pip", "install", "-q", *held]
        pip += ["--disable-pip-version-check"]
        subprocess.run([*pip, f"{wheel}[all]", *tools()], check=True)
        away.mkdir()
        for name in READ:
            (away / name).symlink_to(ROOT / name)
        version = _said(str(home / "bin/python"), "-V")
        print(f"== {version}: {len(tests)} test files on {wheel.name}", flush=True)  # noqa: T201 - its work
        path = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(
            [
                home / "bin/python",
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                *tests,
            ],
            cwd=away,
            check=True,
            env={**os.environ, "PATH": path},
        )


def main() -> None:
    """Run ``newer`` or ``newest``, with the tests that follow on the command line."""
    what, *tests = sys.argv[1:]
    (wheel,) = (ROOT / "dist").glob("huimin_flow-*.whl")
    if what == "newest":
        run(Path(sys.executable), wheel, tests, "--upgrade")
        return
    constraints = ("-c", str(ROOT / "constraints.txt"))
    found = list(pythons())
    for python in found:
        run(python, wheel, tests, *constraints)
    names = [re.sub(r"^python", "", path.name) for path in found]
    print(f"newer Pythons that were here: {', '.join(names) or 'none'}")  # noqa: T201 - its work


if __name__ == "__main__":
    main()
