"""Good practices, 好经验, and their replication by other units, 复制推广 (D1)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import PracticeState, ReplicationState
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import value


@value
class Effect:
    """The measured effect of a measure: None and 0 are what nobody has measured.

    ``fulfilment`` is decimal text in percent. Of the agreed ``outcomes`` so many are
    ``met``. Of the ``answers`` of citizens so many are ``satisfied``; ``source`` says
    where they come from: "survey" or "ratings". ``evaluated`` is true after the final
    evaluation.
    """

    evaluated: bool = False
    fulfilment: str | None = None
    outcomes: int = 0
    met: int = 0
    source: str = ""
    answers: int = 0
    satisfied: int = 0


@value
class Practice:
    """A good practice on the shelf: what was done, for whom, with what effect.

    ``item`` was on the good board of the quarter ``period``, in that ``edition``; the
    ``effect`` and the ``verdict`` rest on it. ``files`` are digests of the item's
    files. ``reason`` says why it was withdrawn.
    """

    key: str
    item: str
    title: str
    unit: str
    state: PracticeState
    period: str
    edition: int
    taken: str
    whom: str
    effect: Effect
    verdict: Verdict | None
    shelved_on: date
    shelved_by: str
    files: tuple[str, ...] = ()
    reason: str = ""
    withdrawn_on: date | None = None
    version: int = 1


@value
class Replication:
    """A practice that is proposed to another unit, its answer, and what came of it.

    ``item`` is that of the practice, ``successor`` the unit's own item after it has
    adopted. ``reason`` says why it was declined or recalled. ``effect`` is that of the
    unit's own item, as last compared by the ``verdict``. ``reminders`` counts how
    often the office has reminded, last on ``reminded_on``.
    """

    key: str
    practice: str
    item: str
    unit: str
    state: ReplicationState
    proposed_on: date
    proposed_by: str
    note: str = ""
    reminders: int = 0
    reminded_on: date | None = None
    answered_on: date | None = None
    answered_by: str = ""
    reason: str = ""
    successor: str = ""
    effect: Effect | None = None
    verdict: Verdict | None = None
    compared_on: date | None = None
    version: int = 1


@value
class ReplicationLine:
    """A replication, with the last day to answer it.

    ``overdue`` counts the working days by which the answer is or was late. Without the
    calendar of its year there is no due day (``calendar_missing``).
    """

    replication: Replication
    due: date | None = None
    overdue: int = 0
    calendar_missing: bool = False

    @property
    def key(self) -> str:
        """The key of the replication."""
        return self.replication.key
