"""Differences of values in words, for those who confirm them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.keys import key_words
from huimin_flow.catalogue.language import say, say_list, say_pair
from huimin_flow.catalogue.terms import (
    Argument,
    EntryField,
    ProposalField,
    StreamKind,
    Term,
)
from huimin_flow.catalogue.terms.term import kinds
from huimin_flow.model.core.values import Difference, value
from huimin_flow.reports.core.histories import list_name

if TYPE_CHECKING:
    from huimin_flow.model.rulebook import Rulebook

#: How many signs a whole digest has; a reader compares the first twelve.
_DIGEST: Final = 64

#: How many slashes the key of a list has.
_PARTS: Final = 2


@value
class Change:
    """A change of a field in words: from ``old``, "" if it is new, to ``new``."""

    label: str
    old: str
    new: str


def changes(
    content: Sequence[Difference], book: Rulebook, first: Sequence[type[Term]] = ()
) -> Iterator[Change]:
    """Yield differences in words: fields by their labels, codes by their names.

    A field's label is that of one of the kinds of words that come ``first``, if any.
    """
    for change in content:
        parts = change.path.replace("[", ".").replace("]", "").split(".")
        yield Change(
            label=" ".join(
                _name(part, book, first) for part in parts if part and part != "value"
            ),
            old="" if change.old is None else _words(parts[-1], change.old, book),
            new=_words(parts[-1], change.new, book),
        )


def _name(part: str, book: Rulebook, first: Sequence[type[Term]] = ()) -> str:
    if StreamKind.parse(part)[0] is StreamKind.LIST and part.count("/") == _PARTS:
        return list_name(part, book.organization.names)
    known: list[type[Term]] = [*first, EntryField, Argument, ProposalField]
    terms = (term.spoken for kind in known for term in kind if term.value == part)
    return next(terms, book.organization.names.get(part) or key_words(part, {}))


def _words(field: str, plain: Any, book: Rulebook) -> str:
    """Return a plain value of a field in words."""
    if isinstance(plain, list):
        return say_list(_words(field, part, book) for part in plain) or "—"
    if isinstance(plain, dict):
        pairs = ((_name(key, book), part) for key, part in plain.items())
        return say_list(
            say_pair(key, _words(key, part, book)) for key, part in pairs if part
        )
    if isinstance(plain, bool):
        return say("是") if plain else say("否")
    text = "—" if plain is None else str(plain)
    if field == EntryField.DIGEST and len(text) == _DIGEST:
        return text[:12]
    rules, names = book.rules, book.organization.names
    known = dict(names)
    if field in {ProposalField.REASON, Argument.REASON_CODE}:
        known |= {**rules.reject_reasons, **rules.return_reasons}
        known |= rules.transfer_reasons
    if StreamKind.parse(text)[0] is StreamKind.LIST and text.count("/") == _PARTS:
        known[text] = list_name(text, names)
    ending = field.replace("_", "")
    named = (
        term.spoken
        for kind in kinds()
        if kind.__name__.lower().endswith(ending)
        for term in kind
        if term.value == text
    )
    return known.get(text) or next(named, text)
