"""An event loop in a thread of its own: a browser of the tests has one in theirs."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Self, TypeVar

R = TypeVar("R")


def ran(work: Coroutine[Any, Any, R]) -> R:
    """Return what a coroutine returns, on a loop that all who ask share."""
    return _shared().run(work)


@cache
def _shared() -> Aside:
    aside = Aside()
    atexit.register(aside._runner.close)  # its thread has ended by then
    return aside


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
