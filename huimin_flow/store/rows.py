"""SQLModel classes of the tables' rows, for embedders' own reads through the ORM.

The package itself uses the plain tables: SQLModel and the ORM double the time that a
command needs to start. A class has the columns of its table and no rules: the engine
writes the rows, others read them.
"""

from __future__ import annotations

from types import new_class
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from huimin_flow.store.core import tables


class Row(SQLModel, registry=registry(metadata=tables.METADATA)):
    """The base of all rows, with the MetaData of the tables."""


def _row(name: str, table: Table) -> Any:
    """Return the class of a table's rows; it reads and writes the table's columns."""
    parts: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"A row of {table.name}.",
        "__tablename__": table.name,
        "__table__": table,
        "__annotations__": {
            column.name: column.type.python_type | None
            if column.nullable
            else column.type.python_type
            for column in table.columns
        },
        **{column.name: Field(sa_column=column) for column in table.columns},
    }
    return new_class(name, (Row,), {"table": True}, lambda body: body.update(parts))


AnswerRow = _row("AnswerRow", tables.ANSWERS)
AnswerTextRow = _row("AnswerTextRow", tables.ANSWER_TEXTS)
AppealRow = _row("AppealRow", tables.APPEALS)
AppealTextRow = _row("AppealTextRow", tables.APPEAL_TEXTS)
PostingRow = _row("PostingRow", tables.POSTINGS)
GatheredRow = _row("GatheredRow", tables.GATHERED)
AttachmentRow = _row("AttachmentRow", tables.ATTACHMENTS)
BusinessRow = _row("BusinessRow", tables.BUSINESS)
CounterRow = _row("CounterRow", tables.COUNTERS)
DataKeyRow = _row("DataKeyRow", tables.DATA_KEYS)
CursorRow = _row("CursorRow", tables.CURSORS)
DeliveryRow = _row("DeliveryRow", tables.DELIVERIES)
DestinationRow = _row("DestinationRow", tables.DESTINATIONS)
EventRow = _row("EventRow", tables.EVENTS)
HeartbeatRow = _row("HeartbeatRow", tables.HEARTBEATS)
ItemRow = _row("ItemRow", tables.ITEMS)
JobFailureRow = _row("JobFailureRow", tables.FAILURES)
JobRunRow = _row("JobRunRow", tables.RUNS)
LinkRow = _row("LinkRow", tables.LINKS)
MetaRow = _row("MetaRow", tables.META)
OwnFieldRow = _row("OwnFieldRow", tables.OWN_FIELDS)
PayloadRow = _row("PayloadRow", tables.PAYLOADS)
ProgressRow = _row("ProgressRow", tables.PROGRESS)
RatingCoverageRow = _row("RatingCoverageRow", tables.COVERAGE)
RatingMonthRow = _row("RatingMonthRow", tables.MONTHS)
RatingRow = _row("RatingRow", tables.RATINGS)
RatingScoreRow = _row("RatingScoreRow", tables.SCORES)
RecordRow = _row("RecordRow", tables.RECORDS)
RefusalRow = _row("RefusalRow", tables.REFUSALS)
RequestRow = _row("RequestRow", tables.REQUESTS)
SurveyAnswerRow = _row("SurveyAnswerRow", tables.SURVEY_ANSWERS)
SurveyCodeRow = _row("SurveyCodeRow", tables.SURVEY_CODES)
RulebookRow = _row("RulebookRow", tables.RULEBOOKS)
