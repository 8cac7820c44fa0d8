"""Other accounts of this machine: only root can become one.

The accounts are numbers that no machine knows, so that nothing is added to it.
"""

from __future__ import annotations

import os
import site
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.databases import memory

ROOT = Path(__file__).parent.parent

root_only = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another account"
)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Have another umask for a while."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def account(uid: int, *groups: int) -> Iterator[None]:
    """Go on as another account, whose own group has its number, and of ``groups``."""
    before = os.getgroups()
    os.setgroups(groups)
    os.setegid(uid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(before)


def require_open_checkout() -> None:
    """Skip a test that reads the checkout as another account, where none may."""
    with account(65534):
        closed = not os.access(
            ROOT / "tests" / "accounts.py", os.R_OK, effective_ids=True
        )
    if closed:
        pytest.skip(f"other accounts may not read {ROOT}")


def mode(path: Path) -> str:
    """Return a file's mode in octal digits."""
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a folder to which every account can walk.

    It is not below pytest's folder: each session that starts shuts others out there.
    """
    with TemporaryDirectory(prefix="huimin-", dir=memory()) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@cache
def interpreter() -> tuple[str, Mapping[str, str]]:
    """Return a Python that every account may run, and the variables it needs.

    A Python below root's home is root's alone; the machine's, if it is of the same
    release, loads the same packages.
    """
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = [*site.getsitepackages(), str(ROOT)]
    needs = {"PYTHONPATH": os.pathsep.join(packages), "PYTHONDONTWRITEBYTECODE": "1"}
    for program in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        try:
            done = subprocess.run(
                [program, "-c", "import sqlalchemy, pydantic, huimin_flow"],
                user=65534, group=65534, extra_groups=[], cwd="/", env=dict(needs),
                capture_output=True, check=False,
            )  # fmt: skip
        except OSError:
            continue
        if done.returncode == 0:
            return program, needs
    pytest.skip(f"other accounts may not run {sys.executable}, and there is no {name}")


def run(
    uid: int,
    words: Sequence[str],
    *,
    home: Path,
    groups: Sequence[int] = (),
    gid: int | None = None,
    mask: int = 0o077,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Run Python with these words as another account, in a folder that is its own."""
    program, needs = interpreter()
    home.mkdir(exist_ok=True)
    os.chown(home, uid, uid)
    home.chmod(0o700)
    places = {"HOME": str(home), "XDG_STATE_HOME": str(home), "PATH": os.defpath}
    return subprocess.run(
        [program, *words],
        user=uid, group=uid if gid is None else gid, extra_groups=list(groups),
        umask=mask, cwd=home, env={**needs, **places, "LANG": "C.UTF-8", **variables},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
