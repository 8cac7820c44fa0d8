"""What tests of programs with the engine inside share: an engine of the host's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.flow.core.test_host import plain


@pytest.fixture
def host(url: str) -> Iterator[Engine]:
    """A host's engine, with nothing of ours."""
    engine = plain(url)
    yield engine
    engine.dispose()
