"""Convert typed text to values: scores, answers, times, plan files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from huimin_flow.catalogue.language import in_english, say
from huimin_flow.catalogue.reasons import DoorCode, InputCode
from huimin_flow.catalogue.terms import (
    Argument,
    Criterion,
    Grade,
    Question,
    Severity,
    Term,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import ConfigRefused, HuiminError, InputRefused
from huimin_flow.exchange.core import cells
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.deciding.assessments import Staff
from huimin_flow.model.deciding.deliberations import Answer
from huimin_flow.model.executing.agreements import OutcomeResult
from huimin_flow.model.executing.plans import NewTarget
from huimin_flow.model.improving.engagements import FindingEntry
from huimin_flow.settings.yaml import Document

PATH = click.Path(path_type=Path)
FILE = click.argument("file", metavar="文件", type=PATH)

#: Adds --into, the folder for files.
into = partial(click.option, "--into", type=PATH, help="写到哪个目录。")

W = TypeVar("W", bound=Term)
T = TypeVar("T")

#: Half-width and full-width signs; the first sign separates.
_EQUALS = re.compile("[=\uff1d]")
_COLON = re.compile("[:\uff1a]")

#: How many months are offered.
_MONTHS = 24

_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)


def word(kind: type[W], text: str) -> W:
    """Return the word that a text names: its identifier, its label, or a part of one.

    >>> from huimin_flow.catalogue.terms import Criterion
    >>> word(Criterion, "紧迫性").value, word(Criterion, "紧迫").value
    ('urgency', 'urgency')

    Raises:
        InputRefused: with the possible words.

    """
    plain = cells.half_width(text).strip()
    for term in kind:
        if plain in {term.value, term.label, term.english}:
            return term
    parts = [term for term in kind if plain and plain in term.spoken]
    if len(parts) == 1:
        return parts[0]
    raise InputRefused(InputCode.WORD_UNKNOWN, text=text, choices=kind)


def whole(text: str, field: str) -> int:
    r"""Return the whole number that a text names, in plain or full-width digits.

    >>> whole("\uff19\uff18", "满意度")
    98

    Raises:
        InputRefused: if it is not a number: other digits, an underscore.

    """
    plain = cells.half_width(text)
    if not _WHOLE.fullmatch(plain):
        raise InputRefused(DoorCode.NOT_WHOLE, name=field, text=text[:40])
    return int(plain)


class Whole(click.IntRange):
    """A whole number on the command line, in the form that ``whole`` accepts."""

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """Return the number within its range; Python's int() accepts more forms."""
        plain = cells.half_width(str(value))
        if not _WHOLE.fullmatch(plain):
            self.fail(say("“{value}”不是合适的整数", value=value), param, ctx)
        return super().convert(int(plain), param, ctx)


class Word(click.types.StringParamType):
    """A term of the catalogue, by its identifier or its label."""

    def __init__(self, kind: type[Term]) -> None:
        """Store the kind of term."""
        self.kind, self.name = kind, "词"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        """Return the term that a text means.

        Raises:
            InputRefused: with the possible words.

        """
        del param, ctx
        return value if isinstance(value, self.kind) else word(self.kind, value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the labels that have a text, with their identifiers."""
        del ctx, param
        return [
            CompletionItem(term.value, help=term.english)
            if in_english()
            else CompletionItem(term.label, help=term.value)
            for term in self.kind
            if incomplete in term.spoken or term.value.startswith(incomplete)
        ]


class Scored(click.types.StringParamType):
    """A pair of a term and its value, as in 紧迫性=80; the command reads it."""

    def __init__(self, kind: type[Term]) -> None:
        """Store the kind of term."""
        self.kind, self.name = kind, "词=值"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the beginnings of a pair, whose terms have a text."""
        known = Word(self.kind).shell_complete(ctx, param, incomplete)
        return [CompletionItem(f"{item.value}=", help=item.help) for item in known]


class Month(click.types.StringParamType):
    """A month, as in 2026-11; the command reads it."""

    name = "月份"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the last months, newest first."""
        from huimin_flow.shell.core.place import Place  # noqa: PLC0415 - it needs this

        del param
        place = Place(ctx.params.get("database"), ctx.params.get("config"))
        try:
            with place.quietly() as now:
                months = [f"{local_day(now.moment()):%Y-%m}"]
        except HuiminError:
            return []
        while len(months) < _MONTHS:
            months.append(month_before(months[-1]))
        return [CompletionItem(each) for each in months if each.startswith(incomplete)]


PERCENT = Whole(0, 100)
seed = partial(
    click.option, "--seed", type=Whole(0), help="随机种子;同一种子结果相同。"
)


def pair(text: str, example: str) -> tuple[str, str]:
    r"""Return both sides of ``name=value``, separated by the first equals sign.

    >>> pair("说明=甲=乙", "说明=文字"), pair("说明\uff1d甲", "说明=文字")
    (('说明', '甲=乙'), ('说明', '甲'))

    Raises:
        InputRefused: if there is no equals sign, or nothing on its left.

    """
    left, *right = _EQUALS.split(text, maxsplit=1)
    if not right or not left.strip():
        raise InputRefused(DoorCode.NOT_A_PAIR, text=text[:60], example=example)
    return left.strip(), right[0].strip()


def scores(kind: type[W], texts: Sequence[str]) -> dict[W, int]:
    """Return scores by their words, from texts like ``紧迫性=80`` or ``紧迫性:80``."""
    by_word: dict[W, int] = {}
    example = next(term for term in kind if term is not Criterion.PREVALENCE)
    for text in texts:
        left, right = pair(_COLON.sub("=", text, count=1), f"{example.spoken}=80")
        by_word[word(kind, left)] = whole(right, left)
    return by_word


def answers(texts: Sequence[str]) -> dict[Question, Answer]:
    """Return the four questions' answers, from texts like ``想做=是:群众多次反映``."""
    by_question = {}
    for text in texts:
        left, right = pair(text, say("想做=是:群众多次反映"))
        choice, *reason = _COLON.split(right, maxsplit=1)
        yes = _YES_OR_NO.get(choice.strip().lower())
        if yes is None:
            code = DoorCode.NEITHER_YES_NOR_NO
            raise InputRefused(code, question=left, text=choice[:40])
        answer = Answer(yes=yes, reason="".join(reason).strip())
        by_question[word(Question, left)] = answer
    return by_question


def outcomes(texts: Sequence[str]) -> tuple[OutcomeResult, ...]:
    """Return results of agreed outcomes, from texts like ``E1=520:登记台账``.

    An outcome that is not counted has a grade instead of a figure.

    Raises:
        InputRefused: if there is no equals sign, or neither a figure nor a grade.

    """
    results = []
    for text in texts:
        key, right = pair(text, say("E1=520:登记台账"))
        actual, *evidence = _COLON.split(right, maxsplit=1)
        figure = cells.half_width(actual).strip()
        counted = _WHOLE.fullmatch(figure) is not None
        results.append(
            OutcomeResult(
                outcome=key,
                value=int(figure) if counted else None,
                grade=None if counted else word(Grade, actual),
                evidence="".join(evidence).strip(),
            )
        )
    return tuple(results)


def new_targets(texts: Sequence[str]) -> tuple[NewTarget, ...]:
    """Return new targets by indicator, from texts like ``候工区=12``.

    Raises:
        InputRefused: if there is no equals sign, or no whole number.

    """
    made = []
    for text in texts:
        name, right = pair(text, say("候工区=12"))
        figure = cells.half_width(right).strip()
        if _WHOLE.fullmatch(figure) is None:
            raise InputRefused(DoorCode.NOT_A_PAIR, text=text[:60], example="候工区=12")
        made.append(NewTarget(indicator=name, value=int(figure)))
    return tuple(made)


def staff(texts: Sequence[str]) -> tuple[Staff, ...]:
    """Return staff by role and qualification, from texts like ``负责人:教授=1``.

    Raises:
        InputRefused: if there is no equals sign, or no number.

    """
    members = []
    for text in texts:
        left, right = pair(text, say("负责人:教授=1"))
        role, *qualification = _COLON.split(left, maxsplit=1)
        members.append(
            Staff(
                role=role.strip(),
                qualification="".join(qualification).strip(),
                count=whole(right, left),
            )
        )
    return tuple(members)


def findings(texts: Sequence[str]) -> tuple[FindingEntry, ...]:
    """Return findings of a report, from texts like ``较重问题:E1=登记不全``.

    Without an outcome a finding is about the whole item.

    Raises:
        InputRefused: if there is no equals sign, or no severity.

    """
    made = []
    for text in texts:
        left, right = pair(text, say("较重问题:E1=登记不全"))
        severity, *outcome = _COLON.split(left, maxsplit=1)
        entry = FindingEntry(
            severity=word(Severity, severity),
            text=right,
            outcome="".join(outcome).strip(),
        )
        made.append(entry)
    return tuple(made)


def yes_or_no(text: str) -> bool:
    """Return whether a text says yes.

    Raises:
        InputRefused: if it says neither yes nor no.

    """
    yes = _YES_OR_NO.get(cells.half_width(text).strip().lower())
    if yes is None:
        raise InputRefused(DoorCode.NOT_YES_OR_NO, text=text[:40])
    return yes


_YES_OR_NO = {
    "是": True, "y": True, "yes": True, "1": True,
    "否": False, "n": False, "no": False, "0": False,
}  # fmt: skip


def corrections(texts: Sequence[str]) -> dict[str, str]:
    """Return corrected facts by their fields, from texts like ``标题=新标题``.

    A field is named by its identifier or its label.
    """
    fields = {field.english: field.value for field in Argument}
    fields |= {field.label: field.value for field in Argument}
    pairs = (pair(text, say("标题=新标题")) for text in texts)
    return {fields.get(left, left): right for left, right in pairs}


def day(text: str) -> date:
    """Return the day that a text names.

    Raises:
        InputRefused: if it is not a day.

    """
    try:
        return date.fromisoformat(cells.half_width(text))
    except ValueError:
        raise InputRefused(DoorCode.NOT_A_DAY, text=text[:40]) from None


def moment(text: str) -> datetime:
    """Return the moment, in Shanghai time, that a text names.

    Raises:
        InputRefused: if it is not a moment.

    """
    named = cells.moment(text.strip())
    if named is None:
        raise InputRefused(DoorCode.NOT_A_MOMENT, text=text[:40])
    return named


def reading(
    read: Callable[..., Any], *first: object
) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return an option's callback: ``read`` of its text, or None without a text."""
    return lambda _, __, text: None if text is None else read(*first, text)


def text_or_stdin(text: str) -> str:
    """Return a text, or the standard input for ``-``."""
    if text != "-":
        return text
    from huimin_flow.shell.core.drafts import read_stdin  # noqa: PLC0415 - it needs this

    return read_stdin()


def from_file(kind: type[T], path: Path) -> T:
    """Return the value that a YAML or JSON file describes.

    Raises:
        ConfigRefused: with every line that is not valid.

    """
    document = Document(path, path.name)
    value = document.read(kind)
    if value is None:
        raise ConfigRefused(tuple(document.problems))
    return value
