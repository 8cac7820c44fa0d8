"""How the work of each unit stands now: what is late, and what it owes (F3).

A pack tells it as of the moment of its question. A digest tells the same lines as known
at its cut: ``store.pasts.standing`` and ``followed``.
"""

from __future__ import annotations

from huimin_flow.catalogue.terms import DigestKind
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.demands.awaited import silent_at
from huimin_flow.flow.executing.progress import owing_at
from huimin_flow.flow.improving.boards import bad_entries
from huimin_flow.flow.sensing.answering.waiting import rates
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.improving.reviews import DigestLine, UnitPart
from huimin_flow.store.pasts import followed, standing
from huimin_flow.store.pasts.followed import Lines


def units_now(work: Work, unit: str | None = None) -> tuple[UnitPart, ...]:
    """Return how the work of each unit stands now, by code; of one unit if named.

    Progress is owed for the last whole month.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    day, late, owed = work.today, Lines(list), Lines(list)
    book, connection, month = work.rulebook, work.connection, f"{day:%Y-%m}"
    organization = book.organization
    standing.add_tasks(connection, late, month, day, None, book)
    followed.add_followed(connection, late, owed, day, None, book)
    followed.add_asked(connection, late, owed, day, None, book, work.activations)
    followed.add_judged(connection, late, owed, day, None, book, work.activations)
    followed.add_rated(connection, late, day, None, book, work.activations)
    for rate in rates(work, first=month_before(month), last=month):
        if rate.overdue:
            line = DigestLine(
                kind=DigestKind.ANSWERS, subject=rate.channel, count=rate.overdue
            )
            late[rate.unit].append(line)
    for entry in bad_entries(work):
        line = DigestLine(kind=DigestKind.BOARD, subject=entry.entry.item)
        late[organization.heir(entry.entry.unit, day)].append(line)
    for owing in owing_at(work, month_before(month), work.head, organization):
        subject = f"{owing.item}/{owing.task}"
        line = DigestLine(kind=DigestKind.PROGRESS, subject=subject)
        owed[owing.unit].append(line)
    for silent in silent_at(work, work.head, book, day):
        line = DigestLine(kind=DigestKind.RESPONSES, subject=silent.item)
        owed[silent.unit].append(line)
    parts = standing.parts_of(late, owed, Lines(list), Lines(list))
    return tuple(part for part in parts if unit in {None, part.unit})
