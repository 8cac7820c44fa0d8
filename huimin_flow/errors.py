"""Refusals: what the engine will not do, and the way out.

All derive from ``HuiminError``; ``ItemMoved`` is a ``StepRefused``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from huimin_flow.catalogue.reasons import (
    CELL,
    ConfigCode,
    Problem,
    Reasons,
    StoreCode,
    plain,
    reason_of,
    spoken,
    way_out,
    ways_out,
)
from huimin_flow.catalogue.terms import Obstacle, ReasonCode, Role
from huimin_flow.catalogue.terms.arguments import OBSTACLES


class HuiminError(Exception):
    """Something was refused, for ``reasons``: codes with values.

    ``str()`` says them in the door's language, ``remedy`` the ways out. A host
    branches on ``code``. ``earliest`` is the first day on which it could pass, None
    where no date decides.

    >>> from huimin_flow.catalogue.reasons import Code
    >>> InputRefused(Code.FACT_MISSING, fact="佐证").code
    'fact_missing'

    """

    def __init__(
        self,
        why: ReasonCode | Reasons,
        /,
        *,
        remedy: str = "",
        earliest: date | None = None,
        supplier: Role | None = None,
        **values: object,
    ) -> None:
        """Keep a code with the values of its sentence, or several reasons.

        ``earliest`` and ``supplier`` belong to the one code. Texts are cut at 300
        characters; days are kept as ISO text, several words as an enumeration.
        """
        super().__init__(why)
        self._remedy = remedy
        if isinstance(why, ReasonCode):
            self.reasons: Reasons = (reason_of(why, values, supplier, earliest),)
        else:
            self.reasons = tuple(
                replace(reason, values={k: plain(v) for k, v in reason.values.items()})
                for reason in why
            )
        days = [reason.earliest for reason in self.reasons if reason.earliest]
        self.earliest = max(days, default=earliest)

    @property
    def code(self) -> str:
        """Return the code of the first reason."""
        return self.reasons[0].code

    @property
    def remedy(self) -> str:
        """Return what to do about it, in the door's language."""
        return self._remedy or ways_out(self.reasons)

    def __str__(self) -> str:
        """Say the reasons in the door's language."""
        cells = any(CELL in reason.values for reason in self.reasons)
        return ("\n" if cells else ";").join(spoken(reason) for reason in self.reasons)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle all that was kept, so that a refusal crosses processes."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class StepRefused(HuiminError):
    """A step that may not happen now; nothing has changed.

    ``reasons`` say which rule or guard, what is missing, who can supply it and
    when it could pass at the earliest. ``trace`` is what the log of refusals keeps
    of it, None for one that no act raised: see ``Flow.keep``.
    """

    trace: Mapping[str, str] | None = None


class ItemMoved(StepRefused):
    """Someone else moved the item first."""


class NotFound(HuiminError):
    """There is no item, edition or record of that name."""


class InputRefused(HuiminError):
    """A value cannot be taken as it is."""


class RequestReused(HuiminError):
    """This request id already stands for another act."""


class ConfigRefused(HuiminError):
    """The config as a whole was refused; ``problems`` name file, line, key and remedy.

    A host branches on ``problem.reason.code``.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep each problem with its place."""
        super().__init__(tuple(problem.reason for problem in problems))
        self.problems = problems

    @property
    def remedy(self) -> str:
        """Return what to do; each problem says its own way out beside its place."""
        return way_out(ConfigCode.CONFIG_UNFIT, {})

    def __str__(self) -> str:
        """Say every problem on a line of its own, in the door's language."""
        return "\n".join(str(problem) for problem in self.problems)


class CalendarMissing(HuiminError):
    """The calendar of a year is not loaded; deadlines there are not guessed."""


class StoreBusy(HuiminError):
    """Another process is writing; the same call may be made again."""


class StoreRefused(HuiminError):
    """The database is of another make, age or purpose."""


class ExtraMissing(HuiminError):
    """A part of the package is not installed; the remedy names its extra."""


#: Which extra brings each module that the core does without.
EXTRAS = {
    "apscheduler": "service",
    "click": "shell",
    "jinja2": "pages",
    "prompt_toolkit": "shell",
    "psycopg": "postgres",
    "python_calamine": "office",
    "wcwidth": "shell",
    "xlsxwriter": "office",
}


def extra_missing(failure: ImportError, extra: str = "") -> ExtraMissing | None:
    """Return the refusal for a module that an extra brings, None for any other.

    ``extra`` names another extra that brings the module, too.

    >>> print(extra_missing(ImportError(name="jinja2.sandbox")))
    没有安装附加组件 pages(缺少 jinja2)

    """
    module = (failure.name or "").partition(".")[0]
    if module not in EXTRAS:
        return None
    return ExtraMissing(
        StoreCode.EXTRA_MISSING, extra=extra or EXTRAS[module], module=module
    )


def why_not(failure: OSError) -> Obstacle:
    """Return why a file could not be read or written.

    >>> why_not(FileNotFoundError(2, "No such file or directory")).label
    '不存在'

    """
    return OBSTACLES.get(failure.errno or 0, Obstacle.OTHER)
