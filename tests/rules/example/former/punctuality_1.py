"""Revision 1 of punctuality: an excused task counted as late."""

from __future__ import annotations


def punctuality(on_time: int, whole: int) -> int:
    """Return the percent, rounded down."""
    return 100 * on_time // whole if whole else 0
