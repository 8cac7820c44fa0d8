"""The parameters of commands, from the descriptions of acts and questions.

A person writes a name, a part of a title, a short number; the command gets the code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

import click
from click.shell_completion import CompletionItem

from huimin_flow.catalogue.acts import label
from huimin_flow.catalogue.fields import FIELDS
from huimin_flow.catalogue.language import LINES
from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Term
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.exchange.core import cells
from huimin_flow.flow import Flow
from huimin_flow.flow.core.arguments import bare, types_of, word_of
from huimin_flow.flow.core.names import CODED
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.deciding.deliberations import Answer
from huimin_flow.model.items import Effectiveness
from huimin_flow.shell.core import values
from huimin_flow.shell.core.values import Month, Scored, Word

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


_ITEM = re.compile(r"[0-9]{4}-[0-9]{6}", re.ASCII)
_POST = re.compile(r"[a-z]+-[A-Za-z0-9-]+", re.ASCII)

#: By argument: what is a whole code by its shape, besides a key with a slash.
_WHOLE = {
    **dict.fromkeys((Argument.NUMBER, Argument.INTO, Argument.ITEM), _ITEM),
    **dict.fromkeys((Argument.PERSON, Argument.CHAIR, Argument.PARTICIPANTS), _POST),
    Argument.PREVENTED: _POST,
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


#: By word of an argument, or by its path: its option, where that has another name.
_OPTIONS: Final = {
    **dict.fromkeys(("reason_code", "return_reason", "objection"), "--reason"),
    "return_code": "--reason",
    **{word: f"--{word[:-1]}" for word in ("scores", "answers", "participants")},
    **{word: f"--{word[:-1]}" for word in ("members", "states")},
    "targets": "--target",
    "senses": "--sense",
    "service_items": "--service-item",
    "survey_person": "--code",
    "promises": "--promise",
    "undertakings": "--undertaking",
    "fed_indicators": "--fed-indicator",
    "feed_name": "--feed-name",
    "items": "--item",
    "supporting_units": "--supporting",
    "appeal_key": "--key",
    "into": "--keep",
    "occurred_on": "--on",
    "held_on": "--on",
    "called_back_on": "--called-back",
    "version": "--seen",
    "expected_count": "--count",
    "deliberation": "--meeting",
    "corrections": "--set",
    "agenda": "--item",
    "ground": "--kind",
    "kinds": "--kind",
    "answer": "--text",
    "expected.value": "--expected",
    "results": "--met",
    "outcomes": "--outcome",
    "report_findings": "--remark",
    "report_file": "--report",
    "finding_number": "--which",
    "new_targets": "--new-target",
    "accept": "--return",
    "refused_act": "--act",
    "dimension": "--per",
    "title": "--title",
    "list": "--list",
}

#: Texts that may be long: a dash stands for the standard input.
LONG: Final = frozenset(
    {
        *(Argument.DESCRIPTION, Argument.TEXT, Argument.MINUTES),
        *(Argument.ANSWER, Argument.FINDING, Argument.ENTRY_TEXT),
        *(Argument.APPROACH, Argument.MEASURES),
    }
)

#: How many terms a help line lists.
_LISTED = 6


@dataclass(frozen=True, kw_only=True)
class Field:
    """An argument of a use case, or a field of one, as a command takes it.

    ``path`` is its place in the arguments, ``hint`` its type without ``None``,
    ``default`` is ``MISSING`` if it is required. It is a part of an ``owner``, which
    may be one of several.
    """

    path: str
    word: str
    hint: Any
    default: Any
    many: bool = False
    positional: bool = False
    owner: Any = None
    several: bool = False

    @property
    def name(self) -> str:
        """Return its name among the values of a command line."""
        outer, _, inner = self.path.rpartition(".")
        return outer if inner == "value" and outer == "expected" else inner


def method_of(act: str) -> Any:
    """Return the method of ``Flow`` that an act or a question is; it is loaded."""
    noun, _, verb = act.partition(".")
    return getattr(getattr(Flow, noun).facet, verb)


def arguments_of(act: str) -> Iterator[Field]:
    """Yield the arguments of an act or a question but its actor, in order."""
    _, *parameters = inspect.signature(method_of(act)).parameters.values()
    for parameter in parameters:
        if parameter.name == "by":
            continue
        default = MISSING if parameter.default is parameter.empty else parameter.default
        if parameter.kind is parameter.VAR_POSITIONAL or parameter.annotation is Actor:
            default = None  # a second person may confirm later
        bound = parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        yield replace(
            _field(parameter.name, parameter.annotation, default), positional=bound
        )


def asked(act: str, single: Container[str] = ()) -> Iterator[Field]:
    """Yield what a command of an act or a question asks for, in order.

    Of the arguments in ``single``, which take several values, it asks for one.
    """
    for field in arguments_of(act):
        if field.path in single or _is_flat(field):
            yield from parts_of(field)
        else:
            yield field


def _field(path: str, hint: Any, default: Any) -> Field:
    kind = bare(hint)
    word = word_of(hint, path.rpartition(".")[2])
    many = get_origin(kind) is Sequence or get_args(kind)[1:] == (...,)
    return Field(
        path=path,
        word=word,
        hint=bare(get_args(kind)[0]) if many else kind,
        default=default,
        many=many,
    )


def parts_of(outer: Field) -> Iterator[Field]:
    """Yield the fields of a value's parts."""
    hints = types_of(outer.hint)
    for part in fields(outer.hint):
        default = part.default
        if default is MISSING and part.default_factory is not MISSING:
            default = ()
        inner = _field(f"{outer.path}.{part.name}", hints[part.name], default)
        yield replace(inner, owner=outer.hint, several=outer.many)


def _is_flat(field: Field) -> bool:
    """Tell whether a value's parts can be options; an optional one may be a file."""
    if not is_dataclass(field.hint) or field.hint is Actor or field.many:
        return False
    needed = (part for part in parts_of(field) if part.default is not None)
    return not any(is_dataclass(part.hint) for part in needed)


def help_of(field: Field, *, only: bool = False) -> str:
    """Return the help line of a field; ``only`` says that it limits a list.

    Its English is known as that of the Chinese line.
    """
    inside = FIELDS.get(field.path) if field.owner else None
    word = Argument(field.word)
    pair = inside or FIELDS.get(word) or (word.label, word.english.capitalize())
    hint = field.hint
    terms = list(hint) if isinstance(hint, type) and issubclass(hint, Term) else []
    lines: list[str] = []
    for text, (sign, between, end, each) in zip(pair, _SIGNS, strict=True):
        line = text.rstrip(end)
        if only and word not in PAGING and not text.startswith(("只看", "Only")):
            line = f"{each} {word.english}" if lines else f"{label(text)}{sign}{each}"
        elif terms and not _SAID.search(line):
            names = [term.english if lines else term.label for term in terms]
            names[_LISTED:] = ["…"] if len(names) > _LISTED else []
            line = f"{line}{sign}{between.join(names)}"
        lines.append(line + end)
    LINES[lines[0]] = lines[1]
    return lines[0]


#: Of each language: what follows a label, what parts words, and what ends a line.
_SIGNS = ((":", "、", "。", "只看它的"), (": ", ", ", ".", "Only those with this"))

#: What a line has if it says already what to write.
_SAID = re.compile("[:;,]")
PAGING = frozenset({"after", "skip", "limit", "order"})

#: By type: the settings of click.
_SIMPLE: Final[Mapping[Any, Mapping[str, Any]]] = {
    str: {},
    bool: {"is_flag": True},
    date: {"callback": values.reading(values.day)},
    datetime: {"callback": values.reading(values.moment)},
    int: {"type": values.Whole(0)},
    Actor: {"type": Named(Argument.PERSON)},
}


def _settings(field: Field) -> dict[str, Any]:
    """Return the settings of click for a field's type."""
    hint, settings = field.hint, dict(_SIMPLE.get(field.hint, {}))
    if hint is str and field.word in CODED:
        settings = {"type": Named(Argument(field.word))}
    elif hint is str and field.word in _MONTHLY:
        settings = {"type": Month(), **_PERIOD}
    elif hint is str and field.word in {"period", "list_period"}:
        settings = dict(_PERIOD)
    elif hint is int and field.owner is Effectiveness:
        settings = {"type": values.PERCENT}
    elif hint is int and field.word == "year":
        settings = {"type": values.Whole(2000, 2999)}
    elif hint is int and field.word in _FROM_ONE:
        settings = {"type": values.Whole(1)}
    elif isinstance(hint, type) and issubclass(hint, Term):
        settings = {"type": Word(hint)}
    elif hint not in _SIMPLE:
        settings = _settings_of_parts(field)
    return settings


def _settings_of_parts(field: Field) -> dict[str, Any]:
    """Return the settings of click for a pair, several pairs, or a file's value."""
    if is_dataclass(field.hint):
        read = values.reading(values.from_file, field.hint)
        return {"type": values.PATH, "callback": read}
    if get_origin(field.hint) is tuple:
        pair = partial(values.pair, example="hotline_12333=A001")
        if field.many:
            return {"callback": lambda _, __, texts: tuple(map(pair, texts))}
        return {"callback": values.reading(pair)}
    key, inner = get_args(field.hint)
    scores: Callable[..., Any] = partial(values.scores, key)
    read_all = {Answer: values.answers, str: values.corrections}.get(inner, scores)
    settings = {"multiple": True, "callback": values.reading(read_all)}
    if key is str:
        return settings
    # The rule names each score that is missing.
    return {**settings, "type": Scored(key), "required": False}


_PERIOD: Final = {"callback": values.reading(cells.period)}
_MONTHLY = frozenset({"month", "first", "last"})
_FROM_ONE = frozenset({"version", "edition", "limit", "rank", "drawn"})


def parameter(field: Field, *, only: bool = False, **rest: Any) -> click.Parameter:
    """Return the option of a field, or its argument if it is ``positional``."""
    settings = _settings(field)
    if field.positional:
        if field.word == "period":
            settings = {"type": Month(), "metavar": "月份", **_PERIOD}
        metavar = f"{Argument(field.word).label}{'…' if field.many else ''}"
        if field.many:
            settings["nargs"] = -1
        settings.pop("is_flag", None)
        settings = {"required": True, "metavar": metavar, **settings, **rest}
        return click.Argument([field.name], **settings)
    name = _OPTIONS.get(field.path) or _OPTIONS.get(field.word)
    name = name or f"--{field.name.replace('_', '-')}"
    settings.setdefault("multiple", field.many and "callback" not in settings)
    required = field.default is MISSING and not settings.get("is_flag")
    if not settings["multiple"] and not required:
        empty = field.default in {MISSING, None, ()}
        settings["default"] = None if empty else field.default
        if settings.get("is_flag"):
            settings["default"] = False
    settings = {"required": required, "help": help_of(field, only=only), **settings}
    return click.Option([name, field.name], **{**settings, **rest})
