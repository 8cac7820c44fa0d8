"""The timetable's tables: what is due, and what has failed and is not done yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from huimin_flow.catalogue.terms import Job
from huimin_flow.model.period import in_words
from huimin_flow.shell import screens, words

if TYPE_CHECKING:
    from datetime import datetime

    from huimin_flow.rules.due import Due
    from huimin_flow.timetable.failures import Failure


def due(told: Mapping[str, Sequence[Due]]) -> str:
    """Return dues by what is said of them as a table, empty where there is none."""
    rows = [
        (
            word,
            words.word(Job, one.job),
            in_words(one.period),
            screens.shanghai(one.at),
        )
        for word, some in told.items()
        for one in some
    ]
    return screens.table(("情况", "作业", "期", "到期"), rows) if rows else ""


def failed(
    failures: Sequence[Failure], again: Mapping[tuple[str, str], datetime]
) -> str:
    """Return failures as a table, with the moment at which each is tried again."""
    rows = [
        (
            words.word(Job, one.job),
            in_words(one.period),
            moment(one.due),
            moment(one.last),
            one.attempts,
            screens.shanghai(again[one.job, one.period]),
            one.error,
            one.reason,
            one.remedy,
        )
        for one in failures
    ]
    return screens.table(_OF_FAILURES, rows)


_OF_FAILURES = (
    "作业", "期", "到期", "最近一次", "次数", "下一次", "类别", "原因", "可以这样做",
)  # fmt: skip


def moment(written: str) -> str:
    """Return a stored moment as Shanghai's clock shows it."""
    from huimin_flow.store.history import moment_of  # noqa: PLC0415 - heavy

    return screens.shanghai(moment_of(written))
