"""What a rating must be to come in: known things, fit text, a time that has been."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.clock import day_to_come
from huimin_flow.errors import InputRefused
from huimin_flow.model.organization import Unit
from huimin_flow.model.rating import Rating
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.text import accepted, showable
from huimin_flow.model.verdict import Plain, Reason
from huimin_flow.personal import (
    SHORTEST,
    code_names_a_person,
    is_code,
    may_name_a_person,
)
from huimin_flow.store.history import moment_text
from huimin_flow.store.ratings import day_of_hour

#: No service was rated before; an older time is a slip of a clock.
_EARLIEST = "2000-01-01T00:00:00.000000Z"

_LONGEST = 100

_TEXTS = ("transaction", "window", "person", "who")

#: What must not tell who somebody is.
_CODES = ("transaction", "person", "who")

#: A rating as it will lie in the store, behind batch and line.
Admitted = tuple[str, str, str, str, str, str, str, str, str]


class Admission:
    """The door for ratings under one rulebook at one moment."""

    def __init__(
        self,
        book: Rulebook,
        now: datetime,
        *,
        only_units: frozenset[str] | None = None,
    ) -> None:
        """Look up once what every row asks for; ``only_units`` keeps others out."""
        self._only_units = only_units
        self._now = moment_text(now)
        self._items = _keys(book)
        self._windows = {(one.unit, one.code) for one in book.services.windows}
        self._levels = {one: one.value for one in RatingLevel}
        self._channels: dict[str, str] = {}
        for key, name in book.channels.service.items():
            self._channels |= {key: key, name: key}
        self._units: dict[str, list[Unit]] = {}
        for unit in book.organization.units:
            self._units.setdefault(unit.code, []).append(unit)
        self._lasting = {
            code
            for code, units in self._units.items()
            if any(one.valid_from is one.valid_to is None for one in units)
        }
        # one text for each, however often it comes: such are counted faster
        self._same = {
            one: one for one in (*self._units, *(code for _, code in self._windows))
        }

    def admit(self, rating: Rating) -> Admitted | Reason:
        """Return a rating as it will be stored, or why it may not come in."""
        unit, item = rating.unit, self._items.get(rating.item)
        transaction, window, person, who, telling = _texts(rating)
        channel = self._channels.get(rating.channel)
        level = self._levels.get(rating.level)
        at = _moment(rating.at)
        if (
            transaction
            and window is not None
            and person is not None
            and who is not None
            and not telling
            and channel is not None
            and level is not None
            and _EARLIEST <= at <= self._now
            and item is not None
            and (unit in self._lasting or self._exists(unit, at))
            and (self._only_units is None or unit in self._only_units)
            and (not window or (unit, window) in self._windows)
        ):
            unit, window = self._same.get(unit, unit), self._same.get(window, window)
            return (transaction, unit, item, window, person, who, channel, level, at)
        return self._flaw(rating, at)

    def _flaw(self, rating: Rating, at: str) -> Reason:
        unfit = next((one for one in _TEXTS if not _fit(rating, one)), None)
        if unfit is not None:
            return Reason(code=RatingCode.TEXT_UNFIT, values={"field": unfit})
        telling = next((one for one in _CODES if _tells(rating, one)), None)
        if telling is not None:
            return Reason(code=RatingCode.PERSONAL, values={"field": telling})
        if rating.channel not in self._channels:
            return _reason(RatingCode.UNKNOWN_CHANNEL, rating.channel)
        if rating.level not in self._levels:
            return _reason(RatingCode.UNKNOWN_LEVEL, rating.level)
        if not _EARLIEST <= at <= self._now:
            return _untimely(rating, at)
        return self._unknown(rating, at)

    def _unknown(self, rating: Rating, at: str) -> Reason:
        if rating.item not in self._items:
            return _reason(RatingCode.UNKNOWN_ITEM, rating.item)
        if rating.unit not in self._lasting and not self._exists(rating.unit, at):
            day = day_of_hour(at[:13])
            return _reason(RatingCode.UNKNOWN_UNIT, rating.unit, day=day)
        if self._only_units is not None and rating.unit not in self._only_units:
            return _reason(RatingCode.OTHER_UNIT, rating.unit)
        return _reason(RatingCode.UNKNOWN_WINDOW, rating.window, unit=rating.unit)

    def _exists(self, unit: str, at: str) -> bool:
        day = date.fromisoformat(day_of_hour(at[:13]))
        return any(one.exists_on(day) for one in self._units.get(unit, ()))


def _keys(book: Rulebook) -> dict[str, str]:
    """Return the items by their keys, and by names that are one item's alone."""
    items = book.services.items
    names = Counter(one.name for one in items)
    return {one.name: one.key for one in items if names[one.name] == 1} | {
        one.key: one.key for one in items
    }


def _texts(
    rating: Rating,
) -> tuple[str | None, str | None, str | None, str | None, bool]:
    """Return the fit texts of a rating, and whether one tells who somebody is.

    Nearly all are plain: one look at the four together shows it.
    """
    transaction, window = rating.transaction, rating.window
    person, who = rating.person, rating.who
    whole = f"{transaction}|{window}|{person}|{who}"
    if (
        len(whole) <= _LONGEST
        and whole.isascii()
        and whole.isprintable()
        and "@" not in whole
        and " " not in person
        and " " not in who
        and not may_name_a_person(
            # codes too short for a number need no search, the dearest look of all;
            # no number runs on over the mark between two texts
            transaction
            if len(window) < SHORTEST > len(person) and len(who) < SHORTEST
            else whole
        )
    ):
        return transaction.strip(), window.strip(), person, who, False
    telling = any(_tells(rating, one) for one in _CODES)
    return clean(transaction), clean(window), clean(person), clean(who), telling


def clean(text: str) -> str | None:
    r"""Return text as ``accepted`` does, None for more than one fit line.

    >>> clean(" 3号 "), clean("a\u202eb")
    ('3号', None)

    """
    if text.isascii() and text.isprintable() and len(text) <= _LONGEST:
        return text.strip()
    try:
        kept = accepted(text, "", longest=_LONGEST, apart=True)
    except InputRefused:
        return None
    return None if "\n" in kept or "\t" in kept else kept


def _fit(rating: Rating, field: str) -> bool:
    text = clean(getattr(rating, field))
    return bool(text) if field == "transaction" else text is not None


def _untimely(rating: Rating, at: str) -> Reason:
    given = rating.at.isoformat()
    if rating.at.tzinfo is None:
        return _reason(RatingCode.TIME_UNREADABLE, given)
    if at < _EARLIEST:
        return _reason(RatingCode.TIME_TOO_EARLY, given)
    future = _reason(RatingCode.TIME_IN_FUTURE, given)
    return replace(future, earliest=day_to_come(rating.at))


def _tells(rating: Rating, field: str) -> bool:
    """Tell whether a fit field names a person: a number, or no mere code."""
    text = clean(getattr(rating, field)) or ""
    if field == "transaction":
        return code_names_a_person(text)
    return text != "" and not is_code(text)


def _moment(at: datetime) -> str:
    """Return an aware moment as text; one without a zone or sense as none."""
    if at.tzinfo is None:
        return ""
    if not 2 <= at.year <= 9998:
        return f"{at.year:04d}"
    return moment_text(at)


def _reason(code: RatingCode, given: str, **more: Plain) -> Reason:
    return Reason(code=code, values={"given": showable(given), **more})
