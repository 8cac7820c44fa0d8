"""The questions to a person at a terminal, with their choices.

What is asked follows from a value's type and the words of its fields. A value that is
refused is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, is_dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from huimin_flow.catalogue.language import in_english, say, say_list, say_note
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import Argument, Term
from huimin_flow.catalogue.typography import full_width
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.flow import Questions
from huimin_flow.model.deciding.deliberations import Answer
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.parameters import Field, parts_of

if TYPE_CHECKING:
    from huimin_flow.flow.core.extending.annotating import OwnEntry

#: Fields that a rule fills in, or that few values need: they keep their default.
_SELDOM = frozenset(
    {"tolerance", "denominator", "members", "curve", "unmeasured", "share", "side"}
)

#: Values of which there may be none: whether there is one is asked first.
_OPTIONAL = frozenset(
    {
        "plan.supporting_units",
        "plan.indicators",
        "plan.service_items",
        "new_targets",
        "members",
    }
)

#: With which letter the keys of the values of an argument begin.
_KEYED = {Argument.TASKS: "T", Argument.OUTCOMES: "E"}

#: How many choices one line shows.
_SHOWN = 12


class Asker:
    """The questions to one person at a terminal."""

    def __init__(self, now: Callable[[], Any]) -> None:
        """Store what opens the questions on one moment, to resolve names."""
        self._now = now

    def ask(self, field: Field, *, place: int = 1) -> Any:
        """Return a value of an argument or a field of one.

        An empty line means the default if there is one. ``place`` counts the values
        of a list: its second task is T2, its second outcome E2.
        """
        if field.many:
            one = replace(field, many=False, default=MISSING)
            label, made = _label(field.word), []
            may_lack = field.path in _OPTIONAL
            if may_lack and not self.yes(say("加一项{label}?", label=label)):
                return ()
            made.append(self.ask(one))
            while self.yes(say("再加一项{label}?", label=label)):
                made.append(self.ask(one, place=len(made) + 1))
            return tuple(made)
        kind = field.hint
        if isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping):
            return self._each_word(*get_args(kind), label=_label(field.word))
        if is_dataclass(kind):
            make: Any = kind
            parts = {part.path.rpartition(".")[2]: part for part in parts_of(field)}
            if "key" in parts:
                parts["key"] = replace(
                    parts["key"], default=f"{_KEYED[Argument(field.word)]}{place}"
                )
            return make(
                **{
                    name: self.ask(part)
                    for name, part in parts.items()
                    if name not in _SELDOM
                }
            )
        label = _label(field.word)
        if isinstance(kind, type) and issubclass(kind, Term):
            label = say_note(label, _numbered(term.spoken for term in kind))
        return self._line(label, self._reader(kind, field.word), field.default)

    def yes(self, question: str) -> bool:
        """Return whether a person says yes; an empty line means no."""
        said: bool = self._line(
            say("{question}(是/否,回车为否)", question=question),
            values.yes_or_no,
            default=False,
        )
        return said

    def own(self, entry: OwnEntry) -> str:
        """Return the text for an own field of an extension, "" for an empty line."""
        label = entry.english if in_english() else entry.label
        if entry.choices:
            label = say_note(label, say_list(entry.choices))
        text: str = self._line(label, str, default="")
        return text

    def file(self, label: str) -> Path | None:
        """Return the file that a person names, None for an empty line."""
        named: str = self._line(label, str, default="")
        return Path(named) if named else None

    def scores(self, words: Iterable[Term]) -> dict[Any, int]:
        """Return a score of 0 to 100 for each word."""
        return {
            term: self._line(
                say_note(term.spoken, "0–100"), partial(_whole, word=term.spoken)
            )
            for term in words
        }

    def choose(self, word: str, choices: Mapping[str, str]) -> str:
        """Return one of some codes, which a person names by number, code or name."""
        numbered = dict(enumerate(choices, 1))
        label = say_note(_label(word), _numbered(choices.values()))

        def read(text: str) -> str:
            if text.isdigit() and int(text) in numbered:
                return numbered[int(text)]
            fitting = [c for c, name in choices.items() if text in {c, name}]
            if not fitting:
                fitting = [c for c, name in choices.items() if text in name]
            if len(fitting) != 1:
                raise InputRefused(DoorCode.NOT_A_CHOICE, text=text[:40])
            return fitting[0]

        chosen: str = self._line(label, read, MISSING)
        return chosen

    def _line(
        self, label: str, read: Callable[[str], Any], default: object = MISSING
    ) -> Any:
        from prompt_toolkit import prompt  # noqa: PLC0415 - 0.1 s, here only

        shown = getattr(default, "spoken", default)
        shown = "" if shown in {MISSING, None, "", False} else f"[{shown}]"
        label = full_width(f"{label}{shown}") + (": " if in_english() else "\uff1a")
        while True:
            typed = prompt(label)
            if not typed.strip() and default is not MISSING:
                return default
            try:
                return read(typed.strip())
            except HuiminError as refusal:
                screens.echo(f"{refusal}\n{refusal.remedy}", err=True)

    def _reader(self, kind: Any, word: str) -> Callable[[str], Any]:
        if kind is bool:
            return values.yes_or_no
        if kind is int:
            return partial(_whole, word=_label(word))
        if kind is date:
            return values.day
        if isinstance(kind, type) and issubclass(kind, Term):
            by_number = {str(n): term for n, term in enumerate(kind, 1)}
            return lambda text: by_number.get(text) or values.word(kind, text)

        def resolved(text: str) -> str:
            with self._now() as now:
                questions: Questions = now
                return questions.fields.resolve(Argument(word), text)

        return resolved

    def _each_word(self, words: Any, part: Any, *, label: str) -> dict[Any, Any]:
        """Return a mapping from each word to its value; a first "no" ends answers.

        Keys of one's own are asked for with their values, until a line is empty.
        """
        made: dict[Any, Any] = {}
        if words is str:
            while text := self._line(label, str, ""):
                key, own = values.pair(text, "funds.code=A12")
                made[key] = own
            return made
        if part is not Answer:
            return self.scores(words)
        for term in words:
            yes = self._line(say("{term}(是/否)", term=term.spoken), values.yes_or_no)
            reason = self._line(say("{term}的理由", term=term.spoken), str)
            made[term] = Answer(yes=yes, reason=reason)
            if not yes:
                break
        return made


def _whole(text: str, word: str) -> int:
    return values.whole(text, word)


def _numbered(names: Iterable[str]) -> str:
    shown = [f"{n} {name}" for n, name in enumerate(names, 1)][:_SHOWN]
    return say_list(shown)


def _label(word: str) -> str:
    return Argument(word).spoken
