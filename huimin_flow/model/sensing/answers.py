"""Answers to appeals: what was done, what is due, and how promptly (A7)."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Annotated

from huimin_flow.catalogue.terms import (
    AnswerKind,
    AnswerState,
    AnswerStep,
    Argument,
    Ending,
    Occasion,
    ReceiptWord,
    State,
)
from huimin_flow.model.core.values import Share, value


@value
class AnswerAct:
    """One step with an appeal's answer, without its text.

    ``n`` numbers the steps of an appeal from 1. ``unit`` answers after it. ``days`` are
    the working days by which it extends the deadline. ``batch`` is that of the step;
    ``item`` is the item about which everyone on it was told, or "".
    """

    n: int
    step: AnswerStep
    unit: str
    at: datetime
    batch: int
    kind: AnswerKind | None = None
    days: int | None = None
    reason: str = ""
    item: str = ""


@value
class Answering:
    """How far the answer to an appeal is.

    ``unit`` answers it now. ``version`` is the number of its steps so far. ``since`` is
    the day from which its deadline counts, ``extended`` the working days granted. When
    it is answered, ``answered`` is the day of the last answer. ``due`` is None if the
    channel has no limit, and with ``calendar_missing`` if a year's calendar is missing.
    """

    channel: str
    key: str
    at: datetime
    district: str
    town: str
    unit: str
    state: AnswerState
    since: date
    version: int = 0
    item: str = ""
    extended: int = 0
    extensions: int = 0
    answered: date | None = None
    due: date | None = None
    overdue: bool = False
    calendar_missing: bool = False


@value
class AnswerHistory:
    """An appeal's answer with all its steps, in their order."""

    answering: Answering
    acts: tuple[AnswerAct, ...] = ()


@value
class AnswerRound:
    """An answer that is due, or was given: from reception or reopening on.

    ``answered`` is None while it is open; ``unit`` answered it, or answers it now. It
    had it from the day ``taken`` on if another unit was asked first; ``given`` is the
    day on which it gave it to another unit instead of an answer.
    """

    since: date
    unit: str
    extended: int = 0
    answered: date | None = None
    taken: date | None = None
    given: date | None = None


@value
class AnswerRate:
    """How promptly a unit answers the appeals of a channel.

    ``answered`` counts answers, ``in_time`` those before the end of their due day,
    ``undated`` those without a due day: no limit, or no calendar. ``open`` counts what
    waits for an answer, ``overdue`` of these what is late, and what the unit gave to
    another when it was late: the lateness stays with it. ``median`` and
    ``ninetieth`` are percentiles (nearest rank) of the working days from reception to
    the answer, over ``measured`` answers; None without any.
    """

    unit: str
    channel: str
    received: int
    answered: int
    in_time: int
    undated: int
    open: int
    overdue: int
    measured: int
    median: int | None
    ninetieth: int | None

    @property
    def in_time_share(self) -> Share:
        """Return the answers in time, of those given and those open and overdue."""
        due = self.answered - self.undated + self.overdue
        return Share(part=self.in_time, whole=due)


@value
class AnswerProposal:
    """An item of whose last turn the people on it were not told yet.

    ``since`` is the day of the ``occasion``. Of its ``appeals``, ``open`` wait for an
    answer, ``told`` were answered since; the others were answered before. ``text`` is
    the draft of what to tell everyone.
    """

    item: str
    title: str
    unit: str
    occasion: Occasion
    since: date
    appeals: int
    open: int
    told: int
    text: str
    due: date | None = None

    @property
    def left(self) -> int:
        """Return how many appeals are still to be told."""
        return self.appeals - self.told


@value
class GivenAnswer:
    """An answer to give: to which appeal, and what it says; ``text`` is private."""

    channel: str
    key: Annotated[str, Argument.APPEAL_KEY]
    text: Annotated[str, Argument.ANSWER] = field(repr=False)
    kind: AnswerKind = AnswerKind.RESULT


@value
class AnswerIntake:
    """The result of a batch of steps: its number, count and hex root.

    ``informed`` of them had an answer before, and were told what became of it.
    """

    batch: int
    count: int
    root: str
    informed: int = 0


@value
class ReturnedAnswer:
    """An answer as its channel gets it back; ``at`` is aware, ``text`` private."""

    key: Annotated[str, Argument.APPEAL_KEY]
    receipt: str
    at: datetime
    kind: AnswerKind
    unit: str
    text: str = field(repr=False)


@value
class AnswerReturn:
    """A hand-over of answers to their channel; each is a version of its record.

    It has the answers after the position ``after``, up to ``through``, ``count`` of
    them. ``unit`` answered them, None for all units.
    """

    key: str
    channel: str
    unit: str | None
    after: int
    through: int
    count: int
    version: int = 0


@value
class ReturnedAnswers:
    """A recorded hand-over, and the answers that the channel gets."""

    record: AnswerReturn
    answers: tuple[ReturnedAnswer, ...]


@value
class ReceiptStatus:
    """How far an appeal is, for whoever holds its receipt: no person and no text.

    ``unit`` is the name of the unit that answers. ``linked`` says whether it is
    gathered in an item, ``matter`` and ``lists`` what became of that: its state, and
    the lists on which it stands. ``due`` is None if it is answered, or without a limit.
    """

    received: date
    channel: str
    unit: str
    word: ReceiptWord
    due: date | None = None
    answered: date | None = None
    linked: bool = False
    matter: State | Ending | None = None
    lists: tuple[str, ...] = ()
