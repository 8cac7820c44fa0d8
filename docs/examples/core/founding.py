"""A rehearsal of your own: a clock, a rulebook from its folder, a database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from huimin_flow.api import Flow, RehearsalClock, config_folder, load_rulebook
from huimin_flow.testing import Desk


def a_rehearsal_of_your_own(desk: Desk) -> None:
    """Found a database from the bureau's rulebook, with a clock that you set."""
    clock = RehearsalClock(desk.clock.now(), seed=1)
    book = load_rulebook(config_folder())
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'tests.db'}"
        with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
            clock.set(clock.now() + timedelta(days=1))
            assert flow.moment() == clock.now()
            assert flow.items.list() == []
