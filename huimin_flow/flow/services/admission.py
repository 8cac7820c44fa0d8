"""What a rating must be to come in: known things, fit text, a time that has been."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.clock import at_hour, day_to_come
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.events import Plain, Reason
from huimin_flow.model.core.organization import Directory
from huimin_flow.model.core.periods import EARLIEST
from huimin_flow.model.core.texts import accepted, showable
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import Rating, RatingRow
from huimin_flow.personal import (
    SHORTEST,
    code_names_a_person,
    is_code,
    may_name_a_person,
)
from huimin_flow.store.core.history import moment_text
from huimin_flow.store.services.ratings import day_of_hour

#: No service was rated before; an older time is a slip of a clock.
_EARLIEST = moment_text(at_hour(EARLIEST, 0))

_LONGEST = 100

_TEXTS = ("transaction", "window", "person", "who")

#: What must not tell who somebody is.
_CODES = ("transaction", "person", "who")

#: What a spreadsheet makes of a long number, or of any: 5.00101E+17, 500101.0.
_ROUNDED = re.compile(
    r"[0-9](?:\.[0-9]+)?E[+-][0-9]{1,3}|[0-9]\.[0-9]+E[0-9]{1,3}",
    re.ASCII | re.IGNORECASE,
)
_DECIMAL = re.compile(r"[0-9]+\.0+", re.ASCII)

#: How many digits of a number a spreadsheet keeps; zeros stand for the others.
_KEPT_DIGITS = 15

#: Makes a row in a third of the time that its own constructor takes.
_made = tuple.__new__


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
        units = book.organization.units
        self._directory = Directory(book.organization)
        self._lasting = {
            unit.code: unit.code
            for unit in units
            if unit.valid_from is unit.valid_to is None
        }
        self._found: dict[tuple[str, str], str] = {}
        # one text for each, however often it comes: such are counted faster
        self._same = {code: code for _, code in self._windows}

    def admit(self, rating: Rating) -> RatingRow | Reason:
        """Return a rating as it will be stored, or why it may not come in."""
        texts = _texts(rating)
        item = self._items.get(rating.item)
        channel = self._channels.get(rating.channel)
        level = self._levels.get(rating.level)
        at = _moment(rating.at)
        if (
            texts is not None
            and channel is not None
            and level is not None
            and _EARLIEST <= at <= self._now
            and item is not None
        ):
            transaction, window, person, who = texts
            unit = self._lasting.get(rating.unit) or self._unit(rating.unit, at)
            if (
                not isinstance(unit, Reason)
                and (self._only_units is None or unit in self._only_units)
                and (not window or (unit, window) in self._windows)
            ):
                window = self._same.get(window, window)
                return _made(
                    RatingRow,
                    (transaction, unit, item, window, person, who, channel, level, at),
                )
        return self._flaw(rating, at)

    def _flaw(self, rating: Rating, at: str) -> Reason:
        unfit = _text_flaw(rating)
        if unfit is not None:
            return unfit
        if rating.channel not in self._channels:
            return _reason(RatingCode.UNKNOWN_CHANNEL, rating.channel)
        if rating.level not in self._levels:
            return _reason(RatingCode.UNKNOWN_LEVEL, rating.level)
        if not _EARLIEST <= at <= self._now:
            return _untimely(rating, at)
        return self._unknown(rating, at)

    def _unknown(self, rating: Rating, at: str) -> Reason:
        if rating.item not in self._items:
            lost = _lost_zeros(rating.item, "item", self._items)
            return lost or _reason(RatingCode.UNKNOWN_ITEM, rating.item)
        unit = self._unit(rating.unit, at)
        if isinstance(unit, Reason):
            return _lost_zeros(rating.unit, "unit", self._lasting) or unit
        if self._only_units is not None and unit not in self._only_units:
            return _reason(RatingCode.OTHER_UNIT, rating.unit)
        windows = {code for own, code in self._windows if own == unit}
        return _lost_zeros(rating.window, "window", windows) or _reason(
            RatingCode.UNKNOWN_WINDOW, rating.window, unit=unit
        )

    def _unit(self, written: str, at: str) -> str | Reason:
        """Return the code of the unit that a code or a name means on the day.

        The devices of a district that was merged are rated as long as its organs go
        on: those of the day answer for it.
        """
        day = day_of_hour(at[:13])
        if (written, day) not in self._found:
            try:
                unit = self._directory.unit(
                    showable(written), date.fromisoformat(day), exact=True
                )
            except InputRefused as refusal:
                return refusal.reasons[0]
            self._found[written, day] = unit.code
        return self._found[written, day]


def _keys(book: Rulebook) -> dict[str, str]:
    """Return the items by their keys, and by names that are one item's alone."""
    items = book.services.items
    names = Counter(one.name for one in items)
    return {one.name: one.key for one in items if names[one.name] == 1} | {
        one.key: one.key for one in items
    }


def _texts(rating: Rating) -> tuple[str, str, str, str] | None:
    """Return the texts of a rating in their form, None where one may not come in.

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
        and "." not in whole
        and "+" not in whole
        and not may_name_a_person(
            # codes too short for a number need no search, the dearest look of all;
            # no number runs on over the mark between two texts
            transaction
            if len(window) < SHORTEST > len(person) and len(who) < SHORTEST
            else whole
        )
    ):
        transaction = transaction.strip()
        return (transaction, window.strip(), person, who) if transaction else None
    if any(_tells(rating, one) or _damage(getattr(rating, one)) for one in _CODES):
        return None
    fit = clean(transaction), clean(window), clean(person), clean(who)
    transaction, window, person, who = (text or "" for text in fit)
    return (transaction, window, person, who) if None not in fit and fit[0] else None


def _text_flaw(rating: Rating) -> Reason | None:
    for field in _TEXTS:
        if not _fit(rating, field):
            return Reason(code=RatingCode.TEXT_UNFIT, values={"field": field})
    for field in _CODES:
        if _tells(rating, field):
            return Reason(code=RatingCode.PERSONAL, values={"field": field})
    for field in ("unit", "item", *_TEXTS):
        key = getattr(rating, field)
        code = _damage(key)
        if code is not None:
            return _reason(code, key, field=field)
    return None


def _damage(key: str) -> RatingCode | None:
    """Return what a spreadsheet did to a key, or None where nothing shows."""
    text = key.strip()
    if _ROUNDED.fullmatch(text):
        return RatingCode.KEY_ROUNDED
    return RatingCode.KEY_DECIMAL if _DECIMAL.fullmatch(text) else None


def _lost_zeros(key: str, field: str, known: Iterable[str]) -> Reason | None:
    """Return the reason of a number that lacks the zeros of a known one, or None."""
    if not (key.isascii() and key.isdigit()):
        return None
    meant = [one for one in known if one.isdigit() and one.lstrip("0") == key]
    if not meant:
        return None
    return _reason(RatingCode.KEY_ZEROS_LOST, key, field=field, known=meant[0])


def lost_digits(key: str) -> bool:
    """Tell whether a number has only zeros where a spreadsheet keeps no digits.

    >>> lost_digits("500101202611021000"), lost_digits("500101202611021034")
    (True, False)

    """
    rest = key[_KEPT_DIGITS:]
    return bool(rest) and key.isdigit() and not rest.strip("0")


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
