"""Files of surveys: the codes of the people served, and their answers (D0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from operator import itemgetter
from pathlib import Path

from huimin_flow.catalogue.language import say_note
from huimin_flow.catalogue.reasons import FileCode, RowCode, SurveyCode, reason_of
from huimin_flow.catalogue.terms import RatingLevel, Sense, SurveyColumn
from huimin_flow.errors import InputRefused
from huimin_flow.exchange.core.cells import LEVELS, half_width
from huimin_flow.exchange.core.portions import Portion, cells_of, entries_of, portions
from huimin_flow.exchange.core.sources import Source, column_of
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.texts import showable
from huimin_flow.model.executing.surveys import SurveyAnswer

#: The number of rows of one portion, which becomes one batch.
PORTION = 50_000

#: The name of a column → its field.
COLUMNS: Mapping[str, str] = {
    written: column.value
    for column in SurveyColumn
    for written in (column.value, column.label)
} | {"满意度": SurveyColumn.LEVEL.value, "评价等级": SurveyColumn.LEVEL.value}

_SENSES = tuple(Sense)
_FIELDS = (SurveyColumn.CODE, SurveyColumn.LEVEL, *map(SurveyColumn, _SENSES))


def source_of_survey(path: Path) -> Source:
    """Return a file of codes or answers.

    Raises:
        InputRefused: if the file is missing, has another kind, or has an unknown
            encoding.

    """
    return Source(path, COLUMNS)


def read_frame(source: Source) -> tuple[str, ...]:
    """Return the codes of a file with one column, or one key a line: 代号, ``code``.

    Raises:
        InputRefused: for another column, which might name a person, for a row that
            can't be read, or for a file without rows.

    """
    if source.kind != "jsonl":
        names = [name for name in source.head if name.strip()]
        known = [COLUMNS.get(column_of(name, COLUMNS), "") for name in names]
        if known != [SurveyColumn.CODE]:
            raise InputRefused(
                SurveyCode.FRAME_COLUMNS,
                file=showable(source.path.name),
                columns=[showable(name) for name in names],
            )
    parse = partial(_code, source=source)
    codes: list[str] = []
    for portion in portions(source, parse, PORTION):
        if portion.refused:
            raise InputRefused((portion.refused[0].reason,))
        codes += portion.facts
    if not codes:
        raise InputRefused(SurveyCode.NO_ROWS, file=showable(source.path.name))
    return tuple(codes)


def read_answers(
    source: Source, *, portion: int = PORTION
) -> Iterator[Portion[SurveyAnswer]]:
    """Yield a file's answers in portions; the columns of the senses may be missing.

    Raises:
        InputRefused: if the columns of code or level are missing, or a field has two.

    """
    if source.kind == "jsonl":
        yield from portions(source, _object, portion)
        return
    columns = [COLUMNS.get(column_of(name, COLUMNS), "") for name in source.head]
    missing = [field for field in _FIELDS[:2] if field not in columns]
    twice = [field for field in _FIELDS if columns.count(field) > 1]
    if missing or twice:
        raise InputRefused(
            FileCode.COLUMNS_WRONG,
            file=source.path.name,
            line=source.line,
            missing=[say_note(each.label, each.value) for each in missing] or ["-"],
            twice=[say_note(each.label, each.value) for each in twice] or ["-"],
        )
    # a missing column is the empty field after the last column
    places = [
        columns.index(field) if field in columns else len(columns) for field in _FIELDS
    ]
    pick = itemgetter(*places)

    def parse(record: str) -> SurveyAnswer | Reason:
        cells = cells_of(record, len(columns))
        return cells if isinstance(cells, Reason) else _answer(*pick([*cells, ""]))

    yield from portions(source, parse, portion)


def _code(record: str, source: Source) -> str | Reason:
    """Return the code of a row; a number of a sheet is read as it is written."""
    if source.kind == "jsonl":
        entries = entries_of(record, COLUMNS, SurveyColumn.CODE)
        if isinstance(entries, Reason):
            return entries
        if entries.keys() != {SurveyColumn.CODE.value}:
            given = {"file": source.path.name, "columns": [*map(showable, entries)]}
            return reason_of(SurveyCode.FRAME_COLUMNS, given)
        return str(entries[SurveyColumn.CODE.value])
    cells = cells_of(record, len(source.head))
    return cells if isinstance(cells, Reason) else "".join(cells).strip()


def _object(line: str) -> SurveyAnswer | Reason:
    entries = entries_of(line, COLUMNS, SurveyColumn.LEVEL)
    if isinstance(entries, Reason):
        return entries
    texts = [entries.get(field.value, "") for field in _FIELDS]
    for field, text in zip(_FIELDS, texts, strict=True):
        if not isinstance(text, str):
            return Reason(code=RowCode.TEXT_UNFIT, values={"field": field.value})
    return _answer(*texts)


def _answer(code: str, level: str, *senses: str) -> SurveyAnswer | Reason:
    """Return the answer of a row; a level is a label, an identifier or stars."""
    marks: list[RatingLevel | None] = []
    for written in (level, *senses):
        text = half_width(written).strip()
        known = LEVELS.get(text)
        if known is None and (text or written is level):
            given = {"given": showable(text)}
            return Reason(code=SurveyCode.LEVEL_UNKNOWN, values=given)
        marks.append(known)
    first, *others = marks
    if first is None:
        return Reason(code=SurveyCode.LEVEL_UNKNOWN, values={"given": ""})
    return SurveyAnswer(
        code=code.strip(),
        level=first,
        senses={
            sense: mark
            for sense, mark in zip(_SENSES, others, strict=True)
            if mark is not None
        },
    )
