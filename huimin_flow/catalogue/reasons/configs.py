"""What is wrong with config/, each with its place."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class ConfigCode(ReasonCode):
    """A file, a key or a value of config/ that cannot be taken."""

    CALENDAR_MISSING = (
        "calendar_missing",
        "{year}年的日历尚未载入",
        "the calendar of {year} is not loaded",
        "请补上 config/holidays/{year}.yaml 并启用",
        "add config/holidays/{year}.yaml and activate it",
    )
