"""Appeals, 诉求, which gather into items (A1, A6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Any, Final

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import (
    AnswerKind,
    AnswerStep,
    Argument,
    Ending,
    Gathering,
    LifeStage,
    Recommendation,
    Role,
    State,
    Step,
    Tie,
    WayPart,
)
from huimin_flow.model.core.values import closed, opened, value

_NO_SIGN = re.compile(r"[\W_]+")
#: A number of eleven digits, with or without the country's prefix.
_PREFIXED = re.compile(r"(?:00)?86(?=1[0-9]{10}$)")


#: What stands for the part of a place that nobody knows: a name of a person may be in
#: it, so it is stored only sealed, with the contact.
UNKNOWN_PLACE: Final = "?"


@value
class Contact:
    """How a person is reached and named; each field may be ""; stored only sealed."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    other: str = field(default="", repr=False)


def trait_of(contact: Contact | None) -> str:
    """Return what tells a person from all others, "" if nothing does.

    It is the identity number, else the phone number, else name and address together:
    many people have the same name.

    >>> trait_of(Contact(phone="+86 138-0013-8000")), trait_of(Contact(name="张三"))
    ('phone/13800138000', '')

    """
    if contact is None:
        return ""
    if identity := _bare(contact.identity):
        return f"identity/{identity}"
    if phone := _bare(contact.phone):
        return f"phone/{_PREFIXED.sub('', phone)}"
    name, address = _bare(contact.name), _bare(contact.address)
    return f"name/{name}/{address}" if name and address else ""


def _bare(part: str) -> str:
    """Return the letters and digits of a part of a contact, each in its one form."""
    if not part or (part.isascii() and part.isdecimal()):  # as most are
        return part
    return _NO_SIGN.sub("", unicodedata.normalize("NFKC", part)).upper()


@value
class Appeal:
    """One appeal, as a channel brings it.

    ``who`` is a keyed pseudonym, "" for an anonymous appeal, which counts as one
    person. ``key`` is the channel's own number; a second import of the same appeal
    adds nothing. ``district`` is a unit code, or of an unknown place what is written
    up to 区, 县 or 市; ``town`` is a town's code or ""; ``village`` is a listed name or
    "". What nobody knows is ``UNKNOWN_PLACE`` there, and stands in the contact.
    ``point`` is the direct-report point that took it, by key or name, or "".
    ``at`` is aware; None means the moment of the intake. Title, text and contact are
    stored only encrypted.
    """

    key: Annotated[str, Argument.APPEAL_KEY]
    channel: str
    who: str = ""
    district: str
    text: str = field(repr=False)
    at: datetime | None = None
    life_stage: LifeStage = LifeStage.ALL
    title: str = field(default="", repr=False)
    town: str = ""
    village: str = ""
    contact: Contact | None = field(default=None, repr=False)
    point: Annotated[str, Argument.POINT] = ""


_OPEN = opened(Appeal)


def appeal_of(
    key: str,
    channel: str,
    who: str,
    district: str,
    text: str,
    at: datetime | None,
    life_stage: LifeStage,
    title: str,
    town: str,
    village: str,
    contact: Contact | None,
    point: str = "",
) -> Appeal:
    """Return the appeal with these twelve fields, in the order of ``Appeal``.

    It takes a third of the time of the constructor; see ``values.opened``.
    """
    new: Any = object.__new__(_OPEN)
    new.key, new.channel, new.who, new.district = key, channel, who, district
    new.text, new.at, new.life_stage, new.title = text, at, life_stage, title
    new.town, new.village, new.contact, new.point = town, village, contact, point
    return closed(Appeal, new)


@value
class Content:
    """What an appeal says and who says it: the part that is stored only encrypted."""

    title: str = field(repr=False)
    text: str = field(repr=False)
    contact: Contact | None = field(default=None, repr=False)


@value
class Tally:
    """How often an item's appeals repeat (A6): counts of distinct values.

    ``unplaced`` of the ``appeals`` are of unknown places; they may be in ``places`` or
    in more. ``inherited`` of the ``appeals`` are linked to items that it continues.
    """

    appeals: int = 0
    people: int = 0
    places: int = 0
    channels: int = 0
    days: int = 0
    inherited: int = 0
    unplaced: int = 0

    @property
    def own(self) -> int:
        """Return the number of appeals linked to it, or to items merged into it."""
        return self.appeals - self.inherited


@value
class AppealMonth:
    """The number of a month's appeals by channel; channels without one are absent."""

    month: str
    channels: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return the number of the month's appeals."""
        return sum(self.channels.values())


@value
class FrequentItem:
    """An item and the number of its appeals in a span of days."""

    number: str
    title: str
    unit: str
    state: State
    appeals: int


@value
class StageCoverage:
    """What is known of a stage of life (X1): its appeals of some months, its items.

    ``people`` are distinct, ``linked`` are the appeals with an item. ``items`` are
    all that are open, ``listed`` those of them that are on a list or beyond.
    """

    life_stage: LifeStage
    appeals: int = 0
    people: int = 0
    linked: int = 0
    items: int = 0
    listed: int = 0


@value
class AppealSummary:
    """An appeal without personal data: neither its person nor its text.

    ``at`` is its aware moment. ``item`` is the number of the item to which it is
    linked now, or None.
    """

    channel: str
    key: str
    at: datetime
    district: str
    life_stage: LifeStage
    item: str | None = None
    town: str = ""
    village: str = ""


@value
class StepTaken:
    """A step of an item on the day on which it happened.

    ``at`` is the aware moment of its record, ``actor`` the post.
    """

    day: date
    step: Step
    state: State
    at: datetime
    actor: str


@value
class TrailItem:
    """An item to which an appeal led: its state or its ending, its lists, its result.

    ``fulfilment`` and ``satisfaction`` are decimal text, percent; both are None before
    the final evaluation. ``of`` is the item before it on the trail, "" for the first.
    """

    tie: Tie
    of: str
    number: str
    title: str
    unit: str
    state: State | Ending
    lists: tuple[str, ...] = ()
    fulfilment: str | None = None
    satisfaction: str | None = None
    evaluation_passed: bool | None = None
    recommendation: Recommendation | None = None
    steps: tuple[StepTaken, ...] = ()


@value
class WayStep:
    """A step of an appeal's way from intake to result, in the order of time.

    ``day`` is the Shanghai day on which it happened, ``at`` the aware moment of its
    record. ``roles`` and ``unit`` are those that the post ``actor`` has today, none if
    there is no such post any more; for an answer ``unit`` is the one that answers.
    ``gathered``, ``answer`` or ``step`` say what was done; the others are None.
    ``reasons`` say why the rule brought it to ``item`` or near another appeal;
    ``score`` is the likeness in per mille.
    """

    part: WayPart
    day: date
    at: datetime
    actor: str = ""
    roles: tuple[Role, ...] = ()
    unit: str = ""
    item: str = ""
    near: tuple[str, str] = ("", "")
    gathered: Gathering | None = None
    answer: AnswerStep | None = None
    kind: AnswerKind | None = None
    step: Step | None = None
    state: State | None = None
    score: int = 0
    reasons: Reasons = ()


@value
class WayCount:
    """A part of the way of an item's appeals together: how many, when, by whom.

    ``first`` and ``last`` are Shanghai days. Of appeals that wait for an answer
    (ANSWER without ``answer``), ``overdue`` are late. ``least`` and ``most`` are the
    likeness of those that were linked by it, in per mille. For a step of the item,
    ``count`` is 0.
    """

    part: WayPart
    first: date
    last: date
    count: int = 0
    channels: int = 0
    roles: tuple[Role, ...] = ()
    unit: str = ""
    gathered: Gathering | None = None
    answer: AnswerStep | None = None
    step: Step | None = None
    state: State | None = None
    overdue: int = 0
    least: int = 0
    most: int = 0


@value
class Trail:
    """An appeal, the moments of its intake and last link, and its items in order.

    ``way`` has every step from intake to result in the order of time.
    """

    appeal: AppealSummary
    kept_at: datetime
    linked_at: datetime | None = None
    items: tuple[TrailItem, ...] = ()
    way: tuple[WayStep, ...] = ()
