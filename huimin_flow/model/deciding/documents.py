"""A document about an edition of a list, as it is laid out (C3)."""

from __future__ import annotations

from datetime import date

from huimin_flow.model.core.values import value


@value
class Table:
    """A table of a document: its name, its heads, and its cells as texts."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@value
class Document:
    """A document about an edition, every text in the language of its reader.

    ``number`` is that of the document, "" without one. ``entries`` is the list,
    ``sources`` says where each entry comes from, ``changes`` what made this edition,
    one sentence a row. ``signed`` are the lines below the list: who signs, and the
    day. ``mark`` says that it is not in force, or not real, "" otherwise; ``notes`` say
    which edition it is, what it replaces, and who had not proposed; ``code`` is the
    check code of its content. ``about`` is the name of the sheet with all of these.
    """

    title: str
    number: str
    entries: Table
    sources: Table
    changes: Table
    signature: str
    dated: date | None
    signed: tuple[str, ...]
    mark: str
    notes: tuple[str, ...]
    about: str
    code: str
