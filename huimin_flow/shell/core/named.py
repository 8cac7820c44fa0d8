"""Values that have a code or a word: what people write for them, and completion.

A person writes a name, a part of a title, a short number; the command gets the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from huimin_flow.catalogue.language import in_english
from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Term
from huimin_flow.clock import local_day
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.model.core.periods import month_before
from huimin_flow.shell.core import values

if TYPE_CHECKING:
    from huimin_flow.shell.core.place import Place


class Named(click.types.StringParamType):
    """A value of an argument that has codes; the command's place resolves it."""

    def __init__(self, argument: Argument, *, later: bool = False) -> None:
        """Store the argument, which says of which kind its values are.

        ``later`` is true if the command resolves it: its day decides.
        """
        self.argument, self.name, self.later = argument, argument.label, later

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the codes that a text may mean, with their names."""
        from huimin_flow.shell.core.place import Place  # noqa: PLC0415 - it needs this

        del param
        place = Place(ctx.params.get("database"), ctx.params.get("config"))
        try:
            with place.quietly() as now:
                known = now.fields.choices(self.argument, incomplete)
        except HuiminError:
            return []
        return [CompletionItem(choice.code, help=choice.name) for choice in known]


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
        return value if isinstance(value, self.kind) else values.word(self.kind, value)

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


#: How many months are offered.
_MONTHS = 24

_ITEM = re.compile(r"[0-9]{4}-[0-9]{6}", re.ASCII)
_POST = re.compile(r"[a-z]+-[A-Za-z0-9-]+", re.ASCII)

#: By argument: what is a whole code by its shape, besides a key with a slash.
_WHOLE = {
    **dict.fromkeys((Argument.NUMBER, Argument.INTO, Argument.ITEM), _ITEM),
    **dict.fromkeys((Argument.PERSON, Argument.CHAIR, Argument.PARTICIPANTS), _POST),
    Argument.UNIT: re.compile(r"[0-9]{6}|[A-Z]+(?:-[A-Z]+)+", re.ASCII),
}


def resolved(place: Place, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a command's options with the codes of what was written for them.

    A code that nothing has stays: the act or the question says what is wrong with it.

    Raises:
        InputRefused: if a name fits no value or several.

    """
    context = click.get_current_context(silent=True)
    kinds = {} if context is None else {p.name: p.type for p in context.command.params}
    unclear = {
        name: kind
        for name, kind in kinds.items()
        if isinstance(kind, Named) and not _is_clear(kind, options.get(name))
    }
    if not unclear:
        return dict(options)
    with place.quietly() as now:
        codes = {
            name: _each(partial(now.fields.resolve, kind.argument), options[name])
            for name, kind in unclear.items()
        }
    return {**options, **codes}


def _is_clear(kind: Named, written: str | tuple[str, ...] | None) -> bool:
    """Tell whether nothing was written, or whole codes, or the command resolves it."""
    shape = _WHOLE.get(kind.argument)
    texts = (written,) if isinstance(written, str) else written or ()
    return kind.later or all(
        "/" in text or (shape is not None and shape.fullmatch(text)) for text in texts
    )


def _each(
    resolve: Callable[[str], str], written: str | tuple[str, ...]
) -> str | tuple[str, ...]:
    if isinstance(written, tuple):
        return tuple(str(_each(resolve, text)) for text in written)
    try:
        return resolve(written)
    except InputRefused as refusal:
        if written.isascii() and refusal.code != InputCode.SEVERAL_FIT:
            return written
        raise
