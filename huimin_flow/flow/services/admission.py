"""The checks of a rating: known keys, fit text, a moment in the past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import islice, repeat
from operator import attrgetter

from huimin_flow.catalogue.reasons import RatingCode, RowCode
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.clock import at_hour, day_to_come
from huimin_flow.errors import InputRefused
from huimin_flow.flow.sensing.appeals import keys_and_names
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.events import Plain, Reason
from huimin_flow.model.core.periods import EARLIEST
from huimin_flow.model.core.texts import accepted, damage, showable
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import Rating, RatingRow
from huimin_flow.personal import (
    SHORTEST,
    code_names_a_person,
    is_code,
    may_name_a_person,
)
from huimin_flow.store.core.history import moment_text, moment_texts
from huimin_flow.store.services.ratings import day_of_hour

#: No service was rated before; an earlier moment is a wrong clock.
_EARLIEST = moment_text(at_hour(EARLIEST, 0))

_LONGEST = 100

_TEXTS = ("transaction", "window", "person", "who")

#: Fields that must not identify a person.
_CODES = ("transaction", "person", "who")

#: The years of which every moment has a text, whatever its offset.
_YEARS = frozenset(range(2, 9_999))

#: The number of ratings that are checked at once, by columns.
_BLOCK = 256

_fields = attrgetter(*(field.name for field in fields(Rating)))

#: Makes a row in a third of the time of its own constructor.
_new_row = tuple.__new__


class Admission:
    """The check of ratings by one rulebook at one moment."""

    def __init__(
        self, book: Rulebook, now: datetime, *, only_units: frozenset[str] | None = None
    ) -> None:
        """Look up once what every row needs; ``only_units`` None accepts all units."""
        self._only_units = only_units
        self._now = moment_text(now)
        self._items = keys_and_names(
            (item.key, item.name) for item in book.services.items
        )
        self._windows = {(window.unit, window.code) for window in book.services.windows}
        self._levels = {level: level.value for level in RatingLevel}
        self._channels: dict[str, str] = {}
        for key, name in book.channels.service.items():
            self._channels |= {key: key, name: key}
        self._directory = Directory(book.organization)
        self._lasting = {
            unit.code: unit.code
            for unit in book.organization.units
            if unit.valid_from is unit.valid_to is None
        }
        self._units: dict[tuple[str, str], str] = {}
        # one text object for each window: equal objects are counted faster
        self._same = {code: code for _, code in self._windows}

    def admit(self, rating: Rating) -> RatingRow | Reason:
        """Return the row to store, or the reason for a refusal."""
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
                return _new_row(
                    RatingRow,
                    (transaction, unit, item, window, person, who, channel, level, at),
                )
        return next(self._flaws(rating, at))

    def admit_all(self, ratings: Sequence[Rating]) -> Iterator[RatingRow | Reason]:
        """Yield for each rating what ``admit`` returns."""
        waiting = iter(ratings)
        while block := list(islice(waiting, _BLOCK)):
            yield from self._quickly(block) or map(self.admit, block)

    def _quickly(self, block: Sequence[Rating]) -> list[RatingRow] | None:
        """Return the rows of plain ratings, None if a rating is not plain or not fit.

        It checks whole columns, in a third of the time of ``admit``, which returns
        the same rows for such ratings.
        """
        transactions, written, items, channels, levels, moments, *texts = zip(
            *map(_fields, block), strict=True
        )
        windows, people, raters = texts
        keys = list(map(self._items.get, items))
        ways = list(map(self._channels.get, channels))
        words = list(map(self._levels.get, levels))
        if not (
            _are_plain(transactions, windows, people, raters)
            and all(keys)
            and all(ways)
            and all(words)
            and None not in {at.tzinfo for at in moments}
            and _YEARS.issuperset([at.year for at in moments])
        ):
            return None
        ats = moment_texts(moments)
        lasting = self._lasting.get
        units = [
            lasting(unit) or self._unit(unit, at)
            for unit, at in zip(written, ats, strict=True)
        ]
        own = self._only_units
        if (
            not _EARLIEST <= min(ats) <= max(ats) <= self._now
            or Reason in set(map(type, units))
            or (own is not None and not own.issuperset(units))
            or any(
                window
                for _, window in set(zip(units, windows, strict=True)) - self._windows
            )
        ):
            return None
        same = map(self._same.get, windows, windows)
        columns = transactions, units, keys, same, people, raters, ways, words, ats
        return list(map(_new_row, repeat(RatingRow), zip(*columns, strict=True)))

    def _flaws(self, rating: Rating, at: str) -> Iterator[Reason]:
        """Yield the flaws of a refused rating; the refusal names the first."""
        yield from _text_flaws(rating)
        if rating.channel not in self._channels:
            yield _reason(RatingCode.UNKNOWN_CHANNEL, rating.channel)
        if rating.level not in self._levels:
            yield _reason(RatingCode.UNKNOWN_LEVEL, rating.level)
        written = rating.at.isoformat()
        if rating.at.tzinfo is None:
            yield _reason(RowCode.TIME_UNREADABLE, written)
        if at < _EARLIEST:
            yield _reason(RowCode.TIME_TOO_EARLY, written)
        if at > self._now:
            future = _reason(RowCode.TIME_IN_FUTURE, written)
            yield replace(future, earliest=day_to_come(rating.at))
        if rating.item not in self._items:
            lost = _lost_zeros(rating.item, "item", self._items)
            yield lost or _reason(RatingCode.UNKNOWN_ITEM, rating.item)
        unit = self._unit(rating.unit, at)
        if isinstance(unit, Reason):
            yield _lost_zeros(rating.unit, "unit", self._lasting) or unit
            return
        if self._only_units is not None and unit not in self._only_units:
            yield _reason(RatingCode.OTHER_UNIT, rating.unit)
        windows = {code for own, code in self._windows if own == unit}
        yield _lost_zeros(rating.window, "window", windows) or _reason(
            RatingCode.UNKNOWN_WINDOW, rating.window, unit=unit
        )

    def _unit(self, written: str, at: str) -> str | Reason:
        """Return the code of the unit that a code or a name means on the day.

        Devices of a merged district are rated as long as its organs work. The
        successor of the day is responsible for these ratings.
        """
        day = day_of_hour(at[:13])
        if (written, day) not in self._units:
            try:
                unit = self._directory.unit(
                    showable(written), date.fromisoformat(day), exact=True
                )
            except InputRefused as refusal:
                return refusal.reasons[0]
            self._units[written, day] = unit.code
        return self._units[written, day]


def _are_plain(
    transactions: Sequence[str],
    windows: Sequence[str],
    people: Sequence[str],
    raters: Sequence[str],
) -> bool:
    """Tell whether ``_texts`` would accept and keep all of these as they are."""
    columns = transactions, windows, people, raters
    longest = [max(map(len, column)) for column in columns]
    numbers = "|".join(transactions)
    whole = "|".join([numbers, *windows, *people, *raters])
    return (
        sum(longest) + len(columns) <= _LONGEST
        and whole.isascii()
        and whole.isprintable()
        and all(transactions)
        and not any(sign in whole for sign in " @.+")
        and not may_name_a_person(whole if max(longest[1:]) >= SHORTEST else numbers)
    )


def _texts(rating: Rating) -> tuple[str, str, str, str] | None:
    """Return the stripped texts of a rating, None if one is unfit.

    Nearly all texts are plain, so one check of the four together is enough.
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
            # the search is the slowest check: skip it where all codes are shorter than
            # a number; a number never crosses the mark between two texts
            transaction
            if len(window) < SHORTEST > len(person) and len(who) < SHORTEST
            else whole
        )
    ):
        transaction = transaction.strip()
        return (transaction, window.strip(), person, who) if transaction else None
    if any(
        _is_personal(rating, field) or damage(getattr(rating, field))
        for field in _CODES
    ):
        return None
    kept = clean(transaction), clean(window), clean(person), clean(who)
    transaction, window, person, who = (text or "" for text in kept)
    return (transaction, window, person, who) if None not in kept and kept[0] else None


def _text_flaws(rating: Rating) -> Iterator[Reason]:
    for field in _TEXTS:
        text = clean(getattr(rating, field))
        if text is None or (not text and field == "transaction"):
            yield Reason(code=RowCode.TEXT_UNFIT, values={"field": field})
    for field in _CODES:
        if _is_personal(rating, field):
            yield Reason(code=RatingCode.PERSONAL, values={"field": field})
    for field in ("unit", "item", *_TEXTS):
        key = getattr(rating, field)
        code = damage(key)
        if code is not None:
            yield _reason(code, key, field=field)


def _lost_zeros(key: str, field: str, known: Iterable[str]) -> Reason | None:
    """Return the reason if a key is a known one without its leading zeros, or None."""
    if not (key.isascii() and key.isdigit()):
        return None
    meant = [code for code in known if code.isdigit() and code.lstrip("0") == key]
    if not meant:
        return None
    return _reason(RatingCode.KEY_ZEROS_LOST, key, field=field, known=meant[0])


def clean(text: str) -> str | None:
    r"""Return text as ``accepted`` does, None if it is unfit or has several lines.

    >>> clean(" 3号 "), clean("a\u202eb")
    ('3号', None)

    """
    if text.isascii() and text.isprintable() and len(text) <= _LONGEST:
        return text.strip()
    try:
        kept = accepted(text, "", longest=_LONGEST, private=True)
    except InputRefused:
        return None
    return None if "\n" in kept or "\t" in kept else kept


def _is_personal(rating: Rating, field: str) -> bool:
    """Return whether a fit field names a person: it holds a number, or is no code."""
    text = clean(getattr(rating, field)) or ""
    if field == "transaction":
        return code_names_a_person(text)
    return text != "" and not is_code(text)


def _moment(at: datetime) -> str:
    """Return a moment as text: "" without a zone, the year alone outside 2–9998."""
    if at.tzinfo is None:
        return ""
    if at.year not in _YEARS:
        return f"{at.year:04d}"
    return moment_text(at)


def _reason(code: RatingCode | RowCode, text: str, **more: Plain) -> Reason:
    return Reason(code=code, values={"given": showable(text), **more})
