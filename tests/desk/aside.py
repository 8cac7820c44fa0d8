"""An event loop in a thread of its own: a browser of the tests has one in theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

R = TypeVar("R")


class Aside:
    """A loop that runs one thing after another, until its end."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        """Return what a coroutine returns."""
        return self._thread.submit(self._runner.run, work).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the loop where it ran."""
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()
