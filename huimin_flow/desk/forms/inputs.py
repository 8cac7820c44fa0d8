"""The inputs of a form: what is drawn of each value that an act asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.fields import FIELDS
from huimin_flow.catalogue.language import in_english, say, say_note, say_phrase
from huimin_flow.catalogue.terms import Argument, FieldKind, Term
from huimin_flow.desk.forms.nodes import NO, YES, nodes_of, way_to
from huimin_flow.flow.core.names import SHOWN
from huimin_flow.model.core.values import value
from huimin_flow.model.items import LARGEST_FILE

if TYPE_CHECKING:
    from huimin_flow.desk.forms.form import Drawn, Form, Refusal
    from huimin_flow.desk.forms.nodes import Node
    from huimin_flow.errors import HuiminError

#: How many choices a list to choose from has; with more, one writes a part of it.
_CHOSEN: Final = 120

#: Texts that may have several lines.
_LONG: Final = frozenset(
    {
        *(Argument.DESCRIPTION, Argument.TEXT, Argument.MINUTES),
        *(Argument.ANSWER, Argument.FINDING, Argument.ENTRY_TEXT),
        *(Argument.APPROACH, Argument.MEASURES),
        *(Argument.EXPERIENCE, Argument.UNDERSTANDING),
    }
)

#: The arguments whose values are items: too many to choose from a list.
_ITEMS: Final = frozenset(
    {Argument.NUMBER, Argument.ITEM, Argument.INTO, Argument.AGENDA}
    | {Argument.ARISES_FROM}
)

#: The arguments of which several values have one name: the code tells them apart.
_SAME: Final = frozenset(
    {Argument.CHAIR, Argument.PARTICIPANTS, Argument.PREVENTED, Argument.SECOND}
    | {Argument.PERSON, Argument.BY, Argument.DELIBERATION}
)

#: The words whose help line is for a form as well as for a command.
_HELPED: Final = frozenset(
    {
        *(Argument.OCCURRED_ON, Argument.MONTH, Argument.VALUE, Argument.DENOMINATOR),
        *(Argument.WHO, Argument.DISTRICT, Argument.AT),
    }
)

#: Optional fields that few acts need: they stand behind the others.
_SELDOM: Final = frozenset(
    {
        *(Argument.TOLERANCE, Argument.DENOMINATOR, Argument.MEMBERS, Argument.CURVE),
        *(Argument.UNMEASURED, Argument.OCCURRED_ON),
        *(Argument.ARISES_FROM, Argument.NOTE),
    }
)

#: The values of a reason that name an input.
_NAMED: Final = frozenset(
    {"argument", "path", "fact", "field", "criterion", "attribute", "question"}
    | {"dimension", "name"}
)

_WIDGETS: Final = {
    FieldKind.TERM: "select",
    FieldKind.CODE: "select",
    FieldKind.WHOLE: "number",
    FieldKind.PERCENT: "number",
    FieldKind.DAY: "date",
    FieldKind.MOMENT: "moment",
    FieldKind.YES_NO: "yes_no",
    FieldKind.FILE: "file",
}


@value
class Input:
    """An input of a form: its name is the path of its field.

    ``widget`` is how it is drawn: ``line``, ``area``, ``number``, ``date``,
    ``moment``, ``select``, ``list``, ``yes_no``, ``file`` or ``hidden``. A form
    can't be sent without a ``required`` input; a row that is used needs its ``marked``
    ones. ``options`` are codes with names. ``refusals`` stand beside it. ``suggested``
    says what its text is taken from, or what else it might be; ``taken`` if it is that.
    """

    name: str
    label: str
    widget: str
    word: str
    text: str
    required: bool = False
    marked: bool = False
    options: tuple[tuple[str, str], ...] = ()
    help: str = ""
    refusals: tuple[Refusal, ...] = ()
    seldom: bool = False
    suggested: str = ""
    taken: bool = False


@value
class Group:
    """Inputs that belong together. ``rows`` is the name of its count of rows.

    A group that is a ``row`` can be removed under its name, unless it is ``fixed``.
    What is needed ``seldom`` is drawn behind the rest.
    """

    name: str
    label: str
    parts: tuple[Input | Group, ...]
    rows: str = ""
    count: int = 0
    row: bool = False
    fixed: bool = False
    help: str = ""
    refusals: tuple[Refusal, ...] = ()
    seldom: bool = False


def draw(form: Form) -> tuple[Input | Group, ...]:
    """Return the inputs and groups of a form, in their order."""
    return tuple(
        drawn
        for node in form.nodes
        for drawn in _draw(form, node, node.key, must=not node.optional)
    )


def _draw(
    form: Form, node: Node, name: str, row: int = 0, label: str = "", *, must: bool
) -> Iterator[Input | Group]:
    """Yield what is drawn of a node; ``must`` if the act can't do without it."""
    if not form.layout.without.isdisjoint((node.path, name)):
        return
    label = label or node.label
    if node.kind == "rows":  # each row and its buttons name a single thing
        label = label.removeprefix("各项")
    if node.kind == "leaf":
        made = input_of(form, node, name, row, label, must=must)
        yield _as_laid_out(made, form.layout.drawn.get(name))
        return
    count, drawn = 0, list[Input | Group]()
    if node.kind in {"rows", "map"}:
        inner, count = node.parts[0], len(form.rows(name))
        drawn += (
            part
            for n in form.rows(name)
            for row in [f"{name}[{n}]"]
            for made in [
                row_of(form, inner, row, n, form.layout.labels.get(row, f"{label} {n}"))
            ]
            for part in (made.parts if f"{row}[2]" in form.layout.drawn else (made,))
        )
    else:
        for part in node.parts:
            place = f"[{part.key}]" if node.kind == "tuple" else f".{part.key}"
            needed = must and not part.optional
            drawn += _draw(form, part, name + place, row, must=needed)
    rows = f"{name}[]" if node.kind in {"rows", "map"} else ""
    if drawn or rows:
        yield Group(
            name=name,
            label=label,
            parts=tuple(drawn),
            rows=rows,
            count=count,
            fixed=f"{name}[1]" in form.layout.labels,
            help=say("依次回答;第一个“否”即决定,其后的不必填写")
            if node.word == Argument.ANSWERS and node.term is None
            else "",
            refusals=_said(form, name),
            seldom=node.optional and node.word in _SELDOM,
        )


def _as_laid_out(made: Input, drawn: Drawn | None) -> Input:
    """Return an input as its layout draws it; what it has stays to be chosen."""
    if drawn is None:
        return made
    options = drawn.options
    if options and made.text and made.text not in dict(options):
        options = (*options, (made.text, made.text))
    return replace(
        made,
        widget=drawn.widget,
        label=drawn.label,
        options=options,
        marked=drawn.must,
        help=drawn.help,
    )


def row_of(form: Form, inner: Node, name: str, row: int, label: str) -> Group:
    """Return a row of a group as a group of its own."""
    alone = inner.kind == "leaf"  # its label says already what the row is
    drawn = tuple(_draw(form, inner, name, 0 if alone else row, label, must=False))
    whole = drawn[0] if len(drawn) == 1 else None
    parts = whole.parts if isinstance(whole, Group) and not whole.rows else drawn
    fixed = name in form.layout.labels
    return Group(name=name, label=label, parts=parts, row=True, fixed=fixed)


def input_of(
    form: Form, node: Node, name: str, row: int, label: str, *, must: bool
) -> Input:
    """Return an input with its text: as sent, or as it begins."""
    kind, word = form.kind_of(node), node.word
    options: Sequence[tuple[str, str]] = ()
    widget = _WIDGETS.get(kind, "line")
    if kind is FieldKind.TERM:
        options = [(term.value, term.spoken) for term in node.hint]
    elif kind is FieldKind.CODE:
        described = form.fields[node.path]
        choices = described.choices
        if word not in _ITEMS and (len(choices) == SHOWN or described.word != word):
            choices = form.now.fields.choices(Argument(word), "", 10 * SHOWN)
        barred = form.layout.barred.get(node.path, ())
        options = [(c.code, c.name) for c in choices if c.code not in barred]
        if word in _ITEMS or not 0 < len(options) <= _CHOSEN:
            widget = "list"
        elif word in _SAME:
            options = [(code, say_note(name, code)) for code, name in options]
    elif kind is FieldKind.TEXT and word in _LONG:
        widget = "area"
    if node.path in form.layout.choices:
        widget, options = "select", form.layout.choices[node.path]
    if node.path in form.layout.hidden:
        widget = "hidden"
    chosen = kind is FieldKind.YES_NO and form.begun
    text = form.texts.get(name, "" if chosen else form.first(name))
    if widget == "select" and text and text not in dict(options):
        options = [*options, (text, text)]
    proposed, grounds = form.suggested.get(name, ("", ""))
    return Input(
        name=name,
        label=label,
        widget=widget,
        word=word,
        text=text,
        required=must and widget != "hidden",
        marked=row > 0 and not node.optional,
        options=tuple(options),
        help=help_line(word, widget, kind),
        refusals=_said(form, name),
        seldom=node.optional and word in _SELDOM and kind is not FieldKind.WHOLE,
        suggested=grounds,
        taken=text == proposed != form.first(name) and bool(proposed),
    )


def _said(form: Form, name: str) -> tuple[Refusal, ...]:
    return tuple(form.refusals.get(name, ()))


def place(form: Form, refusal: HuiminError) -> None:
    """Put each reason of an act's refusal beside the input that it names.

    A reason that names none, or one of several, stands at the top.
    """
    drawn = list(flat(draw(form)))
    for reason in refusal.reasons:
        named = {str(reason.values[key]) for key in _NAMED & reason.values.keys()}
        exact = [part.name for part in drawn if part.name in named]
        groups = [
            part.name
            for part in drawn
            if isinstance(part, Group) and part.name.rpartition(".")[2] in named
        ]
        inputs = [
            part.name
            for part in drawn
            if isinstance(part, Input)
            and part.widget != "hidden"
            and named & {part.word, part.label, *part.name.split(".")}
        ]
        beside = next(filter(None, (exact, groups, inputs)), [])
        name = beside[0] if len(beside) == 1 else ""
        alone = len(refusal.reasons) == 1
        form.refuse(name, refusal if alone else type(refusal)((reason,)))


def is_used(parts: Iterable[Input | Group]) -> bool:
    """Tell whether a text or a refusal stands in one of the inputs."""
    return any(
        part.refusals or (isinstance(part, Input) and part.text.strip())
        for part in flat(parts)
    )


def flat(parts: Iterable[Input | Group]) -> Iterator[Input | Group]:
    """Yield inputs and groups with all parts of theirs."""
    for part in parts:
        yield part
        if isinstance(part, Group):
            yield from flat(part.parts)


def help_line(word: str, widget: str, kind: FieldKind) -> str:
    """Return the help line of an input, "" if its label says enough."""
    if kind is FieldKind.PERCENT:
        return say("0至100的整数")
    if kind is FieldKind.FILE:
        return say("不超过{size}MB", size=LARGEST_FILE // 2**20)
    if widget == "list":
        return say("可写编号、代码、名称,或其中一部分")
    if word not in _HELPED:
        return ""
    line, label = say(FIELDS[word][0]), Argument(word).spoken
    return line if in_english() else line.removeprefix(f"{label},")


def as_sent(act: str, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield labels and texts of what was sent for an act, in the order of its form.

    Unlike ``typed``, it looks nothing up: whoever sent it may not be allowed to read.

    Raises:
        InputRefused: if there is no such act.

    """
    nodes = nodes_of(act)
    for name, text in texts.items():
        way = way_to(nodes, name)
        if not way or not text.strip() or way[-1][1].kind != "leaf":
            continue
        node, within = way[-1][1], ""
        for (_, group), (row, _) in pairwise(way):
            if group.kind in {"rows", "map"}:
                within = f"{group.label} {row}"
        label = say_phrase(within, f" {node.label}") if within else node.label
        words = {YES: say("是"), NO: say("否")} if node.hint is bool else {}
        if isinstance(node.hint, type) and issubclass(node.hint, Term):
            words = {each.value: each.spoken for each in node.hint}
        yield label, words.get(text, text)


def typed(
    parts: Iterable[Input | Group], within: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield labels and texts of what was typed and chosen, in words."""
    for part in parts:
        label = say_phrase(within, f" {part.label}") if within else part.label
        if isinstance(part, Group):
            yield from typed(part.parts, part.label if part.row else within)
        elif part.text.strip() and part.widget != "hidden":
            words = (
                {"yes": say("是"), "no": say("否")} if part.widget == "yes_no" else {}
            )
            named = {**words, **dict(part.options)}.get(part.text, "")
            plain = part.widget in {"select", "yes_no"}
            text = part.text if not named or named == part.text else named
            text = text if plain or not named else say_note(named, part.text)
            yield label, say_note(text, say("系统建议")) if part.taken else text
