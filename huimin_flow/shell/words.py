"""Words for what the store keeps as codes: units, jobs, periods, lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from huimin_flow.catalogue.terms import Job, Term
from huimin_flow.model.period import in_words

if TYPE_CHECKING:
    from huimin_flow.flow import Questions


def unit_names(now: Questions) -> dict[str, str]:
    """Return the names of all units by their codes."""
    return {one.code: one.name for one in now.rulebook().organization.units}


def word(kind: Iterable[Term], written: str) -> str:
    """Return the label of a word, or what is written where it's none of the kind.

    >>> word(Job, "listing"), word(Job, "a_job_of_tomorrow")
    ('次年清单截止', 'a_job_of_tomorrow')

    """
    return next((one.label for one in kind if one.value == written), written)


def job(name: str, period: str) -> str:
    """Return a job and its period in words.

    >>> job("quarterly_ranking", "2023Q4")
    '季度榜单 2023年第四季度'

    """
    return f"{word(Job, name)} {in_words(period)}"


def list_title(key: str, names: Mapping[str, str]) -> str:
    """Return a list's name, and the key by which commands ask for it.

    >>> list_title("list/2024/city", {})
    '2024年全市清单(list/2024/city)'

    """
    from huimin_flow.reports.histories import list_name  # noqa: PLC0415 - heavy

    return f"{list_name(key, names)}({key})" if key.count("/") == 2 else key
