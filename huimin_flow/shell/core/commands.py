"""Commands made from the descriptions of acts and questions.

An act's signature says what its command takes: each argument has a type, a word of
the catalogue and perhaps a default. What a description doesn't say, such as what is
printed, is the layout of a command; a room registers it by the command's path.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, replace
from dataclasses import field as dataclass_field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.commands import COMMANDS
from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import ProposalField
from huimin_flow.flow.core.acts import Case, Kind
from huimin_flow.model.items import Item
from huimin_flow.reports.core.lists import Listing, Row, Sight, cell_text, ended_note
from huimin_flow.shell.core import acting, screens, values
from huimin_flow.shell.core.acting import BY, YES, Act, account, acts, born
from huimin_flow.shell.core.command_line import LAYOUTS
from huimin_flow.shell.core.parameters import (
    LONG,
    PAGING,
    Field,
    asked,
    method_of,
    parameter,
)
from huimin_flow.shell.core.place import Place, shared, tabled, timed
from huimin_flow.streams import TWO_PERSON_ACTS

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.items import Preview
    from huimin_flow.model.rulebook import Rulebook

#: What a layout prints: the value for --json, then the parts of a screen.
Shown = tuple[Any, ...]

#: How many entries a screen shows by default of a list without pages.
_SCREEN = 50


@dataclass(frozen=True, kw_only=True)
class Described(ABC):
    """The layout of a command whose parameters come from a description.

    ``settings`` are click's settings by parameter, where they differ; ``without`` are
    the fields that the command doesn't ask for, of those in ``single`` it takes one of
    several, and those in ``options`` are options; ``more`` are its parameters besides.
    ``fills`` changes what was typed before the act or the question gets it.
    """

    settings: Mapping[str, Mapping[str, Any]] = dataclass_field(default_factory=dict)
    without: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    more: Sequence[click.Parameter] = ()
    options: frozenset[str] = frozenset()
    fills: Callable[[Any, dict[str, Any]], None] | None = None

    @abstractmethod
    def command(self, path: str, act: str) -> click.Command:
        """Return the command of a path, which an act or a question describes."""

    def asked(self, act: str) -> list[Field]:
        """Return the fields that the command asks for."""
        return [
            replace(
                field,
                positional=bool(self.settings.get(field.name, {}).get("nargs"))
                or (
                    field.positional
                    and field.default is MISSING
                    and field.name not in self.options
                ),
            )
            for field in asked(act, self.single)
            if field.name not in self.without
        ]

    def parameters(
        self, asked: Sequence[Field], *, only: bool = False
    ) -> list[click.Parameter]:
        """Return the parameters of a command; ``only`` says that they limit a list."""
        return [
            *(
                parameter(field, only=only, **self.settings.get(field.name, {}))
                for field in asked
            ),
            *self.more,
        ]


@dataclass(frozen=True, kw_only=True)
class ActLayout(Described):
    """The layout of an act.

    ``ahead`` is the question about an item that says what the act would do; a person
    sees its answer before, ``foretells`` adds to it. ``says`` is or returns what is
    printed about the result ``made``, of an item what follows it. The act needs a
    second person if its description says so, or ``two`` does; ``proposal`` is its name
    as a proposal.
    """

    ahead: str = ""
    foretells: Callable[[Mapping[str, Any]], str] = lambda _: ""
    says: str | Callable[[Act, Any, Mapping[str, Any]], str] = ""
    two: Callable[[Act, Mapping[str, Any]], bool] | None = None
    proposal: str = ""

    def command(self, path: str, act: str) -> click.Command:
        """Return the command that does the act."""
        noun, _, verb = act.partition(".")
        case: Case[..., Any] = method_of(act).case
        taken = [
            field
            if not n or self.settings.get(field.name, {}).get("nargs")
            else replace(field, positional=False)
            for n, field in enumerate(self.asked(act))
        ]

        def run(by: Act, **typed: Any) -> None:
            if self.fills is not None:
                self.fills(by, typed)
            arguments = _arguments(taken, typed)
            if self.ahead:
                ahead = partial(self._ahead, case, arguments)
                told = self.foretells(typed)
                seen = by.sure(ahead, yes=typed["yes"], more=told)
                if "version" in arguments:
                    arguments["version"] = arguments["version"] or seen
            if "second" in arguments:
                arguments["second"] = by.second(typed["second"])
                needs = case.two or (self.two is not None and self.two(by, typed))
                if arguments["second"] is None and needs:
                    by.propose(*self._proposal(verb, arguments))
                    return
            do = getattr(getattr(by.flow, noun), verb)
            self._say(by, do(**arguments, by=by.by), typed)

        command = _command(path, act, acts(run))
        added = [YES] if self.ahead else []
        command.params[:0] = [*self.parameters(taken), *added]
        return command

    def _ahead(
        self, case: Case[..., Any], arguments: Mapping[str, Any], now: Snapshot
    ) -> Preview:
        question = getattr(now.items, self.ahead)
        known = {**arguments, "step": case.rights[0]}
        names = inspect.signature(question).parameters
        shown: Preview = question(**{name: known[name] for name in names})
        return shown

    def _proposal(
        self, verb: str, arguments: Mapping[str, Any]
    ) -> tuple[str, dict[str, str], int | None]:
        """Return an act of two people as a proposal: its name, values and version."""
        name = self.proposal or verb
        needs = TWO_PERSON_ACTS[name].needs
        texts = dict(zip(map(str, needs), map(str, arguments.values()), strict=False))
        if arguments.get("with_colors"):
            texts[ProposalField.COLORS] = "yes"
        return name, texts, arguments.get("version")

    def _say(self, act: Act, result: Any, typed: Mapping[str, Any]) -> None:
        text = self.says
        if callable(text):
            text = text(act, result, typed)
        elif text:
            text = say(text, **typed, made=result)
        if isinstance(result, Item):
            act.item(result, text)
        elif text:
            act.say(result, text)
        elif isinstance(result, tuple):
            act.say(result, born(*result))
        else:
            name = getattr(result, "transaction", None)
            end = "" if name is None else say("(第{version}版)", version=result.version)
            act.say(result, f"{name or result.key} {result.state.spoken}{end}")


@dataclass(frozen=True)
class View:
    """What a layout draws: the answer of a question, and what else it needs.

    ``typed`` are the values of the command line; ``act`` returns an act's label.
    """

    place: Place
    now: Snapshot
    ask: Callable[[], Any]
    typed: Mapping[str, Any]
    act: Callable[[str], str] = str

    @cached_property
    def answer(self) -> Any:
        """The answer of the question."""
        return self.ask()

    @cached_property
    def book(self) -> Rulebook:
        """The active rulebook."""
        return self.now.rulebook.active()

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of units by code, short ones on a terminal."""
        return screens.unit_names(self.book.organization)

    def unit(self, code: str) -> str:
        """Return the name of a unit, or what is written for it if it has none."""
        return self.names.get(code, code)

    @property
    def first(self) -> Sequence[Any]:
        """The first entries of the answer: those of --limit."""
        return list(self.answer[: self.typed["limit"] or _SCREEN])

    def rows(self, listing: Listing, lines: Iterable[Any]) -> list[Row]:
        """Return the rows of a list, with plain texts as cells."""
        sight = Sight(self.now, self.names, self.act)
        return [tuple(map(cell_text, listing.row(sight, line))) for line in lines]

    def table(self, of: Listing, empty: str = "") -> screens.Table:
        """Return the answer as the rows of a list; ``empty`` is said of none."""
        return screens.Table(of.head, self.rows(of, self.answer), empty or of.empty)

    def page(self, table: screens.Table) -> Shown:
        """Return the first entries with how many more there are."""
        total, first = len(self.answer), self.first
        more = total - len(first)
        listed = self.answer if self.typed["limit"] is None else first
        notes = [say("另有 {count} 条", count=more)] if more else []
        return {"total": total, "rows": listed, "next": None}, table, *notes


@dataclass(frozen=True, kw_only=True)
class ViewLayout(Described):
    """The layout of a question: ``draw`` returns what is shown of its answer.

    With ``timed`` it takes the moment of a rehearsal; without ``csv`` no tables.
    """

    draw: Callable[[View], Shown]
    timed: bool = False
    csv: bool = True

    def command(self, path: str, act: str) -> click.Command:
        """Return the command that asks the question."""
        taken, (noun, _, verb) = self.asked(act), act.partition(".")

        def run(place: Place, **typed: Any) -> None:
            with place.now(shows=not self.timed) as now:
                acting.fill(self.fills, now, act, typed)
                arguments = _arguments(taken, typed)
                if "by" in typed:
                    arguments["by"] = now.people.identify(account(), typed["by"])
                ask = partial(getattr(getattr(now, noun), verb), **arguments)
                shown = self.draw(View(place, now, ask, typed))
                shown += tuple(filter(None, [ended_note(now, typed)]))
            place.show(*shown)

        door = tabled(run) if self.csv else shared(run)
        command = _command(path, act, timed(door) if self.timed else door)
        by = [BY] if "by" in inspect.signature(method_of(act)).parameters else []
        command.params[:0] = [*self.parameters(taken), *by]
        return command


@dataclass(frozen=True, kw_only=True)
class FreeLayout(Described):
    """The layout of a function that gets what was typed, and asks what it wants."""

    function: Callable[..., Any]

    def command(self, path: str, act: str) -> click.Command:
        """Return the function as a command with the parameters of a question."""
        command = _command(path, act, self.function)
        only = method_of(act).case.kind is Kind.QUESTION
        command.params[:0] = self.parameters(self.asked(act), only=only)
        return command


@dataclass(frozen=True, kw_only=True)
class ListLayout(Described):
    """The layout of a list: its description, and how many rows a page has.

    ``last`` returns of a row what --after takes, by default its first cell. ``act`` is
    that of ``View``.
    """

    listing: Listing
    limit: int = 50
    last: Callable[[Any], str] | None = None
    act: Callable[[str], str] = str

    def command(self, path: str, act: str) -> click.Command:
        """Return the command that lists."""
        (noun, _, verb), taken, of = act.partition("."), self.asked(act), self.listing
        filters = [field for field in taken if field.word not in PAGING]

        def run(place: Place, **typed: Any) -> None:
            with place.now(shows=True) as now:
                acting.fill(self.fills, now, act, typed)
                facet = getattr(now, noun)
                listed = getattr(facet, verb)(**_arguments(taken, typed))
                page = {"total": getattr(facet, of.count)(**_arguments(filters, typed))}
                view = View(place, now, lambda: listed, typed, self.act)
                rows, ended = view.rows(of, listed), ended_note(now, typed)
            last = "" if self.last is None else "".join(map(self.last, listed[-1:]))
            skipped = None if "after" in typed else typed["skip"] or 0
            page |= {"limit": typed["limit"], "last": last, "skipped": skipped}
            place.page(listed, of.head, rows, empty=say(of.empty), **page)
            if ended and not (place.as_json or place.as_csv):
                screens.echo(ended)

        command = _command(path, act, tabled(run))
        settings: Any = {"limit": {"default": self.limit}, **self.settings}
        paged = replace(self, settings=settings)
        command.params[:0] = paged.parameters(taken, only=True)
        return command


def _arguments(taken: Sequence[Field], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of an act or a question from what was typed."""
    arguments: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for field in taken:
        text = typed[field.name]
        if field.word in LONG and isinstance(text, str):
            text = values.text_or_stdin(text)
        if field.many and field.default is None and not text:
            text = None
        outer, inside, inner = field.path.partition(".")
        if inside:
            parts.setdefault(outer, {})[inner] = text
            arguments[outer] = field
        else:
            arguments[outer] = text
    for outer, inner_values in parts.items():
        field = arguments[outer]
        value = field.owner(**inner_values)
        arguments[outer] = (value,) if field.several else value
    return arguments


def _command(path: str, act: str, function: Callable[..., Any]) -> click.Command:
    pair = COMMANDS.get(path.replace(" ", ".")) or ACTS[act]
    return click.command(path.rpartition(" ")[2], help=pair[0])(function)


def lay(path: str, layout: Described) -> None:
    """Register the layout of a command."""
    LAYOUTS[path] = layout


def act(path: str, **rest: Any) -> None:
    """Register the layout of an act; see ``ActLayout``."""
    lay(path, ActLayout(**rest))


def view(path: str, **rest: Any) -> Callable[[Callable[[View], Shown]], None]:
    """Register a function as the drawing of a question; see ``ViewLayout``."""
    return lambda draw: lay(path, ViewLayout(draw=draw, **rest))


def listing(path: str, of: Listing, **rest: Any) -> None:
    """Register the layout of a list; see ``ListLayout``."""
    lay(path, ListLayout(listing=of, **rest))


def free(path: str, **rest: Any) -> Callable[[Callable[..., Any]], None]:
    """Register a function that a question only describes; see ``FreeLayout``."""
    return lambda function: lay(path, FreeLayout(function=function, **rest))


def facts(lines: Sequence[tuple[str, object]]) -> screens.Table:
    """Return the facts of one thing as a table."""
    rows = [(say(name), *cells) for name, *cells in lines]
    return screens.Table(("项目", "内容"), rows)


def made(path: str, act: str) -> click.Command:
    """Return the command of a path: from its layout, or from its act alone."""
    layout = LAYOUTS.get(path) or ActLayout()
    if isinstance(layout, Described):
        return layout.command(path, act)
    return _command(path, act, layout)
