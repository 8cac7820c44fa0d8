"""Every workload of the bench runs at its tiniest size, so that none is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bench import harness, page
from tests.databases import memory

FILES = {path.stem for path in (harness.ROOT / "bench").glob("*.py")}

#: What the workloads use, and what runs after them.
BESIDE = {
    "__init__", "growth", "harness", "limits", "order_files", "page", "peers",
    "rating_files", "teams",
    "visitors", "worlds",
}  # fmt: skip


def test_every_file_of_the_bench_has_a_place_in_it() -> None:
    assert set(harness.WORKLOADS) >= FILES - BESIDE


@pytest.mark.parametrize("name", sorted(set(harness.WORKLOADS) & FILES))
def test_a_workload_runs_at_its_tiniest_size(name: str, tmp_path: Path) -> None:
    into = tmp_path / "lines.json"
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        Path(folder).chmod(0o711)  # the server of PostgreSQL has another account
        environment = {
            **os.environ,
            "SIZES": "tiny",
            "BLOCKS": "1",
            "BENCH_FOLDER": folder,
            "BENCH_LINES": str(into),
        }
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{name}"],
            cwd=harness.ROOT, env=environment, capture_output=True, text=True,
            check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        lines = harness.lines_of(json.loads(into.read_text(encoding="utf-8")))
        assert lines or "skipped" in done.stdout
        assert not list(Path(folder).iterdir())


def test_the_growth_is_measured_and_fills_the_page(tmp_path: Path) -> None:
    into = tmp_path / "growth.json"
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        environment = {
            **os.environ,
            "SIZES": "tiny",
            "BENCH_FOLDER": folder,
            "GROWTH_FILE": str(into),
        }
        subprocess.run(
            [sys.executable, "-m", "bench.growth"],
            cwd=harness.ROOT, env=environment, check=True, capture_output=True, timeout=300,
        )  # fmt: skip
    parts = page.of_growth(json.loads(into.read_text(encoding="utf-8")))
    text = page.filled(page.PAGE.read_text(encoding="utf-8"), parts)
    assert "tally of 25 voices, ms of CPU, by voices" in text
    assert page.filled(text, parts) == text


def test_many_visitors_are_all_answered(played: Path) -> None:
    database = str(played / "out" / "demo.db")
    done = subprocess.run(
        [sys.executable, "-m", "bench.visitors", database, "6"],
        cwd=harness.ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("failed 0 []") == 2, done.stdout
