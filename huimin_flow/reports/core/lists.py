"""A list, described once for its page, its files and its command, and its filters.

The filters are the fields of its question; the address of a page has them by name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from huimin_flow.catalogue.language import in_english, say, say_list, say_sentences
from huimin_flow.catalogue.reasons import DoorCode, InputCode, reason_of, sentence
from huimin_flow.catalogue.terms import Argument, Duty, FieldKind
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.model.core.texts import accepted, showable
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.histories import list_name

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.flow.core.names import Choice
    from huimin_flow.flow.fields import Field
    from huimin_flow.model.rulebook import Rulebook

#: How many rows a page has by default, and how many at most.
ROWS, MOST = 50, 200

#: How many choices a form offers; where there are more, a person writes.
_OFFERED = 200

#: The longest text that is sought, and that a form repeats.
_LONGEST = 200

#: How many filters that there aren't are named.
_NAMED = 5

#: What says which part of a list is shown, besides its filters.
_PART = frozenset({"after", "skip", "limit", "numbers"})

#: Of which arguments there are too many values to offer each.
_MANY = frozenset({Argument.NUMBER, Argument.ITEM, Argument.APPEAL_KEY})


#: The cells of a row.
Row = Sequence[object]


class Ref(str):
    """The text of a cell that leads to a page."""

    __slots__ = ("file", "key")
    file: str
    key: str

    def __new__(cls, text: str, file: str, key: str = "") -> Self:
        """Return a text with the file of its page, and the key that leads there."""
        made = super().__new__(cls, text)
        made.file, made.key = file, key
        return made


def item_file(number: str) -> str:
    """Return the file of an item's page.

    >>> item_file("2026-000001")
    'item-2026-000001.html'

    """
    return f"item-{number}.html"


def list_file(key: str) -> str:
    """Return the file of a list's page.

    >>> list_file("list/2026/city"), list_file("list/2026Q4/500101")
    ('list-2026.html', 'list-2026Q4-500101.html')

    """
    return f"{key.removesuffix('/city').replace('/', '-')}.html"


@dataclass(frozen=True)
class Sight:
    """What a row needs besides its value: the snapshot, and the names of units.

    ``act`` returns the label of an act by the name of its function.
    """

    now: Snapshot
    names: Mapping[str, str]
    act: Callable[[str], str] = str

    @cached_property
    def book(self) -> Rulebook:
        """The active rulebook."""
        return self.now.rulebook.active()

    def unit(self, code: str) -> str:
        """Return the name of a unit or town, or what is written for it."""
        return self.names.get(code) or self.book.organization.town(code) or code


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list, described once.

    Its page is ``name`` with ``.html``. ``question`` answers its rows; ``count`` is the
    question beside it that counts them, "" if the first answers all at once. A row has
    a cell for each of ``head``, which may be a ``Ref`` or a tuple of texts. ``empty``
    is said of no rows. ``fixed`` are the values of filters that nobody wrote, or what
    returns them from a snapshot. ``words`` are the words of filters whose values have
    other codes, ``labels`` their other labels. With ``newest`` the last answer comes
    first, where all come at once. ``duty`` is what a reader must have. ``of_town`` is
    the filter to whose own town a town's post is held. ``own_first`` is a duty: whoever
    has it for their own unit alone begins with the rows of that ``unit``.
    """

    name: str
    title: str
    question: str
    head: Sequence[str]
    row: Callable[[Sight, Any], Row]
    empty: str
    count: str = "count"
    fixed: Mapping[str, str | Callable[[Snapshot], str]] = dataclass_field(
        default_factory=dict
    )
    words: Mapping[str, Argument] = dataclass_field(default_factory=dict)
    labels: Mapping[str, str] = dataclass_field(default_factory=dict)
    newest: bool = False
    duty: Duty | None = None
    of_town: str = ""
    own_first: Duty | None = None

    @property
    def kept(self) -> tuple[str, ...]:
        """The filters that an address names even if they are empty."""
        return *self.fixed, *(("unit",) if self.own_first else ())

    @property
    def file(self) -> str:
        """The file of its page."""
        return f"{self.name}.html"

    def named(self, name: str, field: Field) -> Field:
        """Return the field of a filter with this list's word and label for it."""
        if word := self.words.get(name):
            field = replace(field, word=word.value, kind=FieldKind.CODE)
        if label := self.labels.get(name):
            field = replace(field, label=say(label), english=say(label))
        return field


def listed(**described: Any) -> Callable[[Callable[..., Row]], Listing]:
    """Make a list of the function that returns its row; see ``Listing``."""
    return lambda row: Listing(row=row, **described)


@value
class Filter:
    """A field of the form: ``problem`` says what is wrong with what was ``typed``.

    ``kind`` is "select", "check", "date", "number" or "text".
    """

    name: str
    label: str
    kind: str
    typed: str
    choices: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass
class Asked:
    """What a reader asked of a list, as far as it can be answered."""

    filters: list[Filter]
    arguments: dict[str, Any]
    page: int = 1
    rows: int = ROWS
    problems: list[str] = dataclass_field(default_factory=list)

    @property
    def is_clear(self) -> bool:
        """Tell whether everything was understood."""
        return not (self.problems or any(each.problem for each in self.filters))

    def query(self, fixed: Iterable[str]) -> dict[str, str]:
        """Return what was asked, as an address has it; ``fixed`` are always in it."""
        plain = {
            each.name: each.typed
            for each in self.filters
            if not each.problem
            and each.typed != (str(ROWS) if each.name == "limit" else "")
        }
        return plain | {name: plain.get(name, "") for name in fixed}


def cell_text(cell: object) -> str:
    """Return a cell as one text."""
    return say_list(cell) if isinstance(cell, tuple) else str(cell)


def whole_row(row: Row) -> Row:
    """Return a row in which a cell of several texts is one."""
    return [cell_text(cell) if isinstance(cell, tuple) else cell for cell in row]


def cell_value(cell: object) -> object:
    """Return a cell for a file: a whole number, a day, or one text."""
    return cell if type(cell) in {int, date} else cell_text(cell)


def ended_note(now: Snapshot, asked: Mapping[str, Any]) -> str:
    """Return that the unit that is asked for has ended, and its successors, or ""."""
    organization, day = now.rulebook.active().organization, local_day(now.moment())
    former = [
        unit for unit in organization.ended(day) if unit.code == asked.get("unit")
    ]
    heirs = [
        f"{organization.name_of(code)}({code})"
        for unit in former
        for code in organization.answering(unit, day)
    ]
    if not heirs:
        return ""
    unit = f"{former[0].name}({former[0].code})"
    values = {"unit": unit, "day": former[0].valid_to, "successors": sorted(heirs)}
    reason = reason_of(InputCode.UNIT_ENDED, values)
    return sentence(reason.code, dict(reason.values))


def asked_of(
    now: Snapshot,
    listing: Listing,
    query: Mapping[str, str],
    held: Mapping[str, str] = MappingProxyType({}),
) -> Asked:
    """Return what a query asks of a list; what is wrong stands beside its field.

    ``held`` are the filters that its reader may not choose, with their codes.
    """
    asked = Asked([], {})
    known = {"page", "limit"}
    for described in now.fields.of(listing.question):
        outer, _, inner = described.path.partition("[")[0].partition(".")
        if outer in _PART:
            continue
        name = {"states": "state"}.get(outer, inner or outer)
        known.add(name)
        field = listing.named(name, described)
        of_list = listing.fixed.get(name, "")
        fixed = of_list if isinstance(of_list, str) else of_list(now)
        typed = query.get(name, fixed)
        if field.required:
            typed = typed.strip() or fixed
        problem, plain = "", held.get(name)
        if plain is not None:
            typed = plain
        elif typed.strip():
            try:
                plain = _plain(now, field, typed)
            except (InputRefused, NotFound) as refusal:
                problem = say_sentences([str(refusal), refusal.remedy])
        asked.filters.append(_filter(now, field, name, typed, plain, problem))
        if problem and field.required:  # without it there is no answer
            plain = fixed
        if plain is not None and inner:
            asked.arguments.setdefault(outer, {})[inner] = plain
        elif plain is not None:
            asked.arguments[outer] = plain
    asked.filters.sort(key=lambda each: each.name != "text")  # a search comes first
    asked.rows, problem = _whole(query.get("limit", ""), ROWS, MOST)
    asked.filters.append(
        Filter(
            name="limit",
            label=say("每页条数"),
            kind="number",
            typed=query["limit"][:_LONGEST] if problem else str(asked.rows),
            problem=problem,
        )
    )
    asked.page, problem = _whole(query.get("page", ""), 1, 10**6)
    asked.problems += [problem] if problem else []
    strange = [name for name in query if name not in known]
    asked.problems += [
        say("没有“{name}”这个条件,没有用它", name=showable(name))
        for name in strange[:_NAMED]
    ]
    return asked


def _plain(now: Snapshot, field: Field, typed: str) -> Any:
    """Return the plain value that a text means for a field.

    Raises:
        InputRefused: if it means none.

    """
    if field.many:
        return [_single(now, field, part) for part in typed.split(",") if part.strip()]
    return _single(now, field, typed)


def _single(now: Snapshot, field: Field, typed: str) -> Any:
    text = accepted(typed, field.word, longest=_LONGEST)
    plain = unicodedata.normalize("NFKC", text)
    if field.kind is FieldKind.TERM:
        for choice in field.choices:
            if plain in {choice.code, choice.name, *choice.also}:
                return choice.code
        names = [choice.name for choice in field.choices]
        raise InputRefused(
            InputCode.WORD_UNKNOWN, text=showable(typed), choices=say_list(names)
        )
    if field.kind is FieldKind.CODE:
        return now.fields.resolve(Argument(field.word), text)
    if field.kind is FieldKind.YES_NO:
        return plain.lower() not in {"no", "0", "false", say("否")} or None
    if field.kind is FieldKind.DAY:
        try:
            return date.fromisoformat(plain).isoformat()
        except ValueError:
            raise InputRefused(DoorCode.NOT_A_DAY, text=showable(typed)) from None
    if field.kind in {FieldKind.WHOLE, FieldKind.PERCENT}:
        if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
            raise InputRefused(
                DoorCode.NOT_WHOLE, name=_label(field), text=showable(typed)
            )
        return int(plain)
    return text


def _whole(typed: str, default: int, most: int) -> tuple[int, str]:
    """Return a whole number from 1 to ``most``, and what is wrong with its text."""
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST]).strip()
    if not plain:
        return default, ""
    if plain.isascii() and plain.isdigit() and 1 <= int(plain[:9]) <= most:
        return int(plain[:9]), ""
    text = "“{text}”不是1至{most}的整数,按{default}计"
    return default, say(text, text=showable(typed), most=most, default=default)


def _filter(
    now: Snapshot, field: Field, name: str, typed: str, plain: Any, problem: str
) -> Filter:
    """Return a field of the form with what was typed, or the code that it means."""
    kinds = {
        FieldKind.YES_NO: "check",
        FieldKind.DAY: "text" if problem else "date",
        FieldKind.WHOLE: "number",
    }
    kind = kinds.get(field.kind, "text")
    offered: Sequence[Choice] = field.choices
    if field.kind is FieldKind.CODE and field.word in _MANY:
        offered = ()
    elif field.kind is FieldKind.CODE:
        offered = now.fields.choices(Argument(field.word), limit=_OFFERED)
    choices = [(choice.code, choice.name or choice.code) for choice in offered]
    if field.word == Argument.LIST:
        names = now.rulebook.active().organization.names
        choices = [(choice.code, list_name(choice.code, names)) for choice in offered]
    if 0 < len(choices) < _OFFERED:
        kind = "select"
        if not field.required and field.default is None:
            choices.insert(0, ("", say("全部")))
    shown = typed[:_LONGEST]
    if plain is not None and not problem:
        codes = plain if isinstance(plain, list) else [plain]
        shown = "yes" if plain is True else ",".join(map(str, codes))
        names = dict(choices)
        if kind == "select" and shown not in names:
            name_of = now.rulebook.active().organization.name_of
            label = say_list(
                names.get(str(code)) or name_of(str(code)) for code in codes
            )
            choices.append((shown, label))
    elif kind == "select" and problem:
        choices.append((shown, shown))
    return Filter(
        name=name,
        label=_label(field),
        kind=kind,
        typed=shown,
        choices=tuple(choices) if kind == "select" else (),
        problem=problem,
    )


def _label(field: Field) -> str:
    return field.english if in_english() else field.label
