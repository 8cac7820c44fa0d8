"""An event loop in a thread of its own: a browser of the tests has one in theirs."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Coroutine
from functools import cache
from threading import Thread
from typing import Any, Self, TypeVar

R = TypeVar("R")


def ran(work: Coroutine[Any, Any, R]) -> R:
    """Return what a coroutine returns, on a loop that all who ask share."""
    return _shared().run(work)


@cache
def _shared() -> Aside:
    aside = Aside()
    atexit.register(aside.close)
    return aside


class Aside:
    """A loop that runs until its end, and whatever is given to it, at once.

    A request may be sent while another waits for a thread that sends it.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        """Return what a coroutine returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """End the loop and its threads."""
        if self._loop.is_closed():
            return
        self.run(self._loop.shutdown_asyncgens())
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the loop."""
        self.close()
