"""The form of an act: its inputs, what a browser sends back, and the act's arguments.

A form follows from the description of the act (``flow.fields``). The name of an input
is the path of its field, with the number of the row where there are several:
``plan.tasks[1].title``. People write names, parts of names and full-width signs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, field, replace
from typing import Any, Final

from pydantic import ValidationError

from huimin_flow.catalogue.language import in_english, say, say_sentences
from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.reasons.reason import reason_of
from huimin_flow.catalogue.terms import FieldKind, Term
from huimin_flow.desk.forms.nodes import NO, READ, YES, Node, nodes_of, way_to
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.flow import Questions
from huimin_flow.flow.core.names import CODED
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import from_plain, value
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text

#: The most rows of a group: what a person can fill in one form.
_MOST_ROWS: Final = 200

_ROW: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
_NUMBERS: Final = re.compile(r"\[([0-9]+)\]")

#: A command of the shell in a way out: a page leads there by itself.
_COMMAND: Final = re.compile(r" ?[(\uff08]huimin [^)\uff09]*[)\uff09]")


@value
class Refusal:
    """A refusal in words, with its way out and the codes of its reasons."""

    text: str
    way: str
    codes: str = ""


def in_words(refusal: HuiminError) -> Refusal:
    """Return a refusal in words; its way out leads to pages, not to the shell.

    A clause that names another command is left out if there are others.
    """
    codes = " ".join(reason.code for reason in refusal.reasons)
    way = _COMMAND.sub("", refusal.remedy)
    pages = {
        "item list": say("“事项”页"),
        "list list": say("“清单”页"),
        "proposal list": say("“待复核”页"),
        "rating bad": say("“我的待办”"),
        "item files": say("事项的页面"),
        "item attach": say("“上传附件”的表单"),
        "item return": say("“退回”的表单"),
        "list supplement": say("“增补”的表单"),
    }
    space = " " if in_english() else ""
    for command, page in pages.items():
        way = re.sub(rf" ?huimin {command} ?", f"{space}{page}{space}", way).strip()
    clauses = re.split(r"[;\uff1b] ?", way)
    plain = [clause for clause in clauses if "huimin " not in clause]
    if plain and len(plain) < len(clauses):
        way = say_sentences(plain)
    return Refusal(text=str(refusal), way=way, codes=codes)


@value
class Sent:
    """What a browser sent: texts, and files with their names and contents."""

    texts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


@value
class Drawn:
    """How one input is drawn, if its type does not say it; an empty text means one.

    ``widget`` and ``options`` are as of an ``Input``; ``must`` says that it is needed.
    """

    widget: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    must: bool = False
    help: str = ""


@value
class Layout:
    """What the description of an act doesn't say of its form.

    ``hidden`` are the paths of fields that the page says already, ``without`` those
    that the form leaves out, or names of inputs of one row. ``begins`` has the texts
    with which inputs begin, by name; or by path for those of every row, with ``{}``
    for its number. ``rows`` are the numbers of rows with which groups begin, by name
    or path; ``labels`` is what rows are called, by name. ``choices`` are codes and
    names for texts, by path; ``barred`` are codes that are not offered, by path.
    ``meant`` are groups whose rows count as they begin, by name. ``drawn`` says how
    inputs are drawn, by name.
    """

    hidden: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    begins: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    barred: Mapping[str, frozenset[str]] = field(default_factory=dict)
    meant: frozenset[str] = frozenset()
    drawn: Mapping[str, Drawn] = field(default_factory=dict)

    def beginning(self, begins: Mapping[str, str], **rest: Any) -> Layout:
        """Return a layout whose inputs begin with further texts, and other parts."""
        return replace(self, begins={**self.begins, **begins}, **rest)


class Form:
    """The form of an act on one moment, with what a browser sent.

    ``suggested`` are texts for inputs, with their grounds in words; ``notes`` are what
    else is said above the inputs.
    """

    def __init__(
        self, now: Questions, act: str, layout: Layout, sent: Sent | None = None
    ) -> None:
        """Describe the act; ``sent`` is None if the form is opened.

        Raises:
            InputRefused: if there is no such act.

        """
        self.now, self.act, self.layout = now, act, layout
        self.fields = {field.path: field for field in now.fields.of(act)}
        self.nodes = nodes_of(act)
        self.begun = sent is not None
        self.texts = {} if sent is None else dict(sent.texts)
        self.files = {} if sent is None else sent.files
        self.refusals: dict[str, list[Refusal]] = {}
        self.suggested: dict[str, tuple[str, str]] = {}
        self.notes: list[str] = []
        self._kept: dict[str, list[int]] = {}

    # ---- the arguments

    def read(self) -> dict[str, Any] | None:
        """Return the arguments of the act, None if an input is refused.

        Each refusal stands in ``refusals`` under the name of its input.
        """
        arguments: dict[str, Any] = {}
        for node in self.nodes:
            plain = self._read(node, node.key, needed=not node.optional)
            if plain is not MISSING and not self.refusals:
                arguments[node.key] = self._value(node, plain)
        return None if self.refusals else arguments

    def _value(self, node: Node, plain: Any) -> Any:
        """Return the value of an argument; refuse what is none beside its input."""
        if node.hint in {Actor, Rulebook}:
            return plain
        try:
            return from_plain(node.hint, plain)
        except ValidationError as failure:
            for error in failure.errors(include_url=False):
                name = node.key
                for step in error["loc"]:
                    rows = self._kept.get(name, [])
                    at = rows[step] if isinstance(step, int) and rows else step
                    name += f"[{at}]" if isinstance(step, int) else f".{at}"
                self._unfit(node, name, error["type"], str(error["input"]))
        return MISSING

    def _unfit(self, node: Node, name: str, wanted: str, was: str) -> None:
        """Refuse a text or a file that is no value of its type."""
        place = {"argument": node.label, "path": name}
        code, kinds = InputCode.NOT_OF_KIND, {"wanted": wanted, "was": showable(was)}
        self.refuse(name, InputRefused((reason_of(code, {**place, **kinds}),)))

    def _read(self, node: Node, name: str, *, needed: bool = False) -> Any:
        """Return the plain value of a node, ``MISSING`` if nothing was sent for it.

        What is ``needed`` and was not sent is refused.
        """
        if not self.layout.without.isdisjoint((node.path, name)):
            return MISSING
        if node.kind in {"rows", "map"}:
            rows = [n for n in self.rows(name) if self._filled(f"{name}[{n}]")]
            self._kept[name] = rows
            each = node.parts[0]
            made = [self._read(each, f"{name}[{n}]", needed=True) for n in rows]
            if not made and not needed:
                return MISSING
            pairs = (pair for pair in made if MISSING not in pair)
            return dict(pairs) if node.kind == "map" else made
        if node.kind == "leaf":
            plain = self.leaf(node, name)
        elif needed or self._filled(name):
            plain = self._parts(node, name)
        else:
            plain = MISSING
        if needed and plain in (MISSING, {}) and node.kind in {"leaf", "keys"}:
            self._lack(node, name)
        return plain

    def _parts(self, node: Node, name: str) -> Any:
        """Return the plain value of a node with parts."""
        if node.kind == "tuple":
            return [
                self._read(part, f"{name}[{part.key}]", needed=True)
                for part in node.parts
            ]
        parts = {
            part.key: self._read(part, f"{name}.{part.key}", needed=not part.optional)
            for part in node.parts
        }
        return {key: plain for key, plain in parts.items() if plain is not MISSING}

    def _lack(self, node: Node, name: str) -> None:
        """Refuse an input without which the act can't be done."""
        if name not in self.refusals:
            refusal = InputRefused(InputCode.TEXT_EMPTY, argument=node.label)
            self.refuse(name, refusal)

    def rows(self, name: str) -> range:
        """Return the numbers of a group's rows: as counted, or as named by inputs.

        Otherwise it has those with which it begins, at least one if it is needed.
        """
        beginning, counted = f"{name}[", self.texts.get(f"{name}[]")
        numbers = [counted or "0"]
        numbers += (
            sent[len(beginning) :].partition("]")[0]
            for sent in (*self.texts, *self.files)
            if sent.startswith(beginning)
        )
        if counted is None:
            begins, node = self.layout.rows, self.node_of(name)
            least = 0 if node is None or node.optional else 1
            path = "" if node is None else node.path
            numbers.append(str(begins.get(name, begins.get(path, least))))
        known = (int(number) for number in numbers if _ROW.fullmatch(number))
        return range(1, min(max(known, default=0), _MOST_ROWS) + 1)

    def _filled(self, name: str) -> bool:
        """Tell whether a row or a group has more than what it begins with.

        A row of a ``meant`` group needs no more than that.
        """
        meant = name.rpartition("[")[0] in self.layout.meant
        return any(
            text.strip() not in {"", "" if sent == name or meant else self.first(sent)}
            or (sent in self.layout.drawn and text != self.first(sent))
            for sent, text in self.texts.items()
            if sent == name or sent.startswith((f"{name}.", f"{name}["))
            if not sent.endswith("[]")
        )

    def first(self, name: str) -> str:
        """Return the text with which an input begins."""
        node, begins = self.node_of(name), self.layout.begins
        path = "" if node is None else node.path
        if name in begins:
            return begins[name]
        if path in begins:
            return begins[path].replace("{}", _NUMBERS.findall(name)[-1])
        described = self.fields.get(path)
        default = None if described is None else described.default
        if isinstance(default, bool):
            return YES if default else NO
        return "" if default is None else str(default)

    def node_of(self, name: str) -> Node | None:
        """Return the node that an input or a group of this name is drawn from."""
        way = way_to(self.nodes, name)
        return way[-1][1] if way else None

    def leaf(self, node: Node, name: str) -> Any:
        """Return the plain value of an input; refuse a text that means none."""
        kind = self.kind_of(node)
        if kind is FieldKind.FILE:
            return self._file(node, name)
        text = self.texts.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
        if node.keyed or name in self.layout.drawn:  # an empty text corrects, too
            same = self.texts.get(name) in {None, self.first(name)}
        else:
            same = not text.strip()
        if same:
            return MISSING
        try:
            plain = READ[kind](self.now, node, text)
            return self.now.people.identify("", plain) if node.hint is Actor else plain
        except HuiminError as refusal:
            self.refuse(name, refusal)
        return MISSING

    def _file(self, node: Node, name: str) -> Any:
        sent_as, content = self.files.get(name, ("", b""))
        if not sent_as:
            return MISSING
        if node.hint is not Rulebook:
            return content
        try:
            return rulebook_from_text(content)
        except ValueError:
            self._unfit(node, name, "Rulebook", sent_as)
        return MISSING

    def kind_of(self, node: Node) -> FieldKind:
        """Return the kind of an input."""
        described = self.fields.get(node.path)
        if isinstance(node.hint, type) and issubclass(node.hint, Term):
            return FieldKind.TERM
        if described is not None and described.word == node.word:
            return described.kind
        if node.word in CODED:
            return FieldKind.CODE
        return FieldKind.WHOLE if node.hint is int else FieldKind.TEXT

    # ---- refusals and rows

    def refuse(self, name: str, refusal: HuiminError) -> None:
        """Put a refusal beside an input, or at the top under an empty name."""
        self.refusals.setdefault(name, []).append(in_words(refusal))

    def change_rows(self, add: str = "", remove: str = "") -> None:
        """Add a row to a group, or remove a row; what was sent moves with its row."""
        if add:
            self.texts[f"{add}[]"] = str(len(self.rows(add)) + 1)
        group, _, number = remove.removesuffix("]").rpartition("[")
        if not group or not _ROW.fullmatch(number):
            return
        gone, count = int(number), len(self.rows(group))
        moved: dict[str, str] = {}
        for name, text in self.texts.items():
            row, inside, rest = name.removeprefix(f"{group}[").partition("]")
            if not name.startswith(f"{group}[") or not _ROW.fullmatch(row):
                moved[name] = text
            elif int(row) != gone:
                at = int(row) - (int(row) > gone)
                moved[f"{group}[{at}{inside}{rest}"] = text
        self.texts = {**moved, f"{group}[]": str(max(count - 1, 0))}
