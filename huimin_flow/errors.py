"""Refusals: the errors of the engine, with reasons and ways out.

All derive from ``HuiminError``; ``ItemMoved`` is a ``StepRefused``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from huimin_flow.catalogue.language import say_sentences
from huimin_flow.catalogue.reasons import (
    CELL,
    ConfigCode,
    ConfigProblem,
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
    """A refusal with its ``reasons``: codes with values.

    ``str()`` returns their sentences, ``remedy`` the ways out, both in the chosen
    language. A host branches on ``code``. ``earliest`` is the first day on which it
    could pass, None if no date decides.

    >>> from huimin_flow.catalogue.reasons import Code
    >>> InputRefused(Code.FACT_MISSING, fact="佐证").code
    'fact_missing'

    """

    reasons: Reasons
    earliest: date | None

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
        """Store a code with the values of its sentence, or several reasons.

        ``earliest`` and ``supplier`` are only for a single code. Texts are cut at 300
        characters; days are stored as ISO text, several words as an enumeration.
        """
        super().__init__(why)
        self._remedy = remedy
        if isinstance(why, ReasonCode):
            self.reasons = (reason_of(why, values, supplier, earliest),)
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
        """Return the ways out, in the chosen language."""
        return self._remedy or ways_out(self.reasons)

    def __str__(self) -> str:
        """Return the sentences of the reasons, in the chosen language."""
        cells = any(CELL in reason.values for reason in self.reasons)
        sentences = map(spoken, self.reasons)
        return "\n".join(sentences) if cells else say_sentences(sentences)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle all fields, so that a refusal can go to another process."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class StepRefused(HuiminError):
    """A step that may not happen now; nothing has changed.

    ``reasons`` say which rule or guard, what is missing, who can supply it and
    the earliest day on which it could pass. ``trace`` is its row in the log of
    refusals, None if no act raised it: see ``Flow.keep``.
    """

    trace: Mapping[str, str] | None = None


class ItemMoved(StepRefused):
    """The item or record has a newer event than the caller saw."""


class NotFound(HuiminError):
    """There is no item, edition or record with that name."""


class InputRefused(HuiminError):
    """A value is not valid."""


class RequestReused(HuiminError):
    """This request id already belongs to another act."""


class ConfigRefused(HuiminError):
    """The whole config is refused; ``problems`` name file, line, key and remedy.

    A host branches on ``problem.reason.code``.
    """

    problems: tuple[ConfigProblem, ...]

    def __init__(self, problems: tuple[ConfigProblem, ...]) -> None:
        """Store each problem with its place."""
        super().__init__(tuple(problem.reason for problem in problems))
        self.problems = problems

    @property
    def remedy(self) -> str:
        """Return the general way out; each problem has its own as well."""
        return way_out(ConfigCode.CONFIG_UNFIT, {})

    def __str__(self) -> str:
        """Return every problem on a line of its own, in the chosen language."""
        return "\n".join(str(problem) for problem in self.problems)


class CalendarMissing(HuiminError):
    """The calendar of a year is not loaded; its deadlines are not guessed."""


class StoreBusy(HuiminError):
    """Another process is writing; the caller may repeat the call."""


class StoreRefused(HuiminError):
    """The database has another schema, age or purpose, or can't be used now."""


class ExtraMissing(HuiminError):
    """An optional part of the package is not installed; the remedy names its extra."""


#: The extra of each module that the core does not need.
EXTRAS = {
    "anyio": "web",
    "apscheduler": "service",
    "click": "shell",
    "django": "django",
    "docx": "office",
    "h11": "web",
    "jinja2": "pages",
    "prompt_toolkit": "shell",
    "psycopg": "postgres",
    "python_calamine": "office",
    "starlette": "web",
    "uvicorn": "web",
    "wcwidth": "shell",
    "xlsxwriter": "office",
}


def extra_missing(failure: ImportError, extra: str = "") -> ExtraMissing | None:
    """Return the refusal for a missing module of an extra, None for any other.

    ``extra`` names another extra that also has the module.

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
