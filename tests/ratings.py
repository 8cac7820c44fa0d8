"""Ratings for tests: one by one, by chance, and as rows of the catalogue."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.model.services.ratings import Rating

#: When the first one was given: a Monday, ten in the morning in Shanghai.
BEGUN = datetime(2023, 9, 4, 2, tzinfo=UTC)

CHANNELS = ("pc", "kiosk", "qr_code", "app", "hotline", "hall_device")


def rating(
    number: int = 1,
    level: RatingLevel = RatingLevel.SATISFIED,
    *,
    unit: str = "500101",
    item: str = "startup_grant",
    channel: str = "hall_device",
    at: datetime = BEGUN,
    window: str = "",
    person: str = "",
    who: str = "",
) -> Rating:
    return Rating(
        transaction=f"T{number}",
        unit=unit,
        item=item,
        channel=channel,
        level=level,
        at=at,
        window=window,
        person=person,
        who=who,
    )


def some(count: int, *, begun: datetime = BEGUN) -> list[Rating]:
    """Return ratings that differ in everything, an hour and a half apart."""
    levels = list(RatingLevel)
    return [
        rating(
            k,
            levels[k * 7 % 5],
            unit=("500101", "500102", "AG-SBJ")[k % 3],
            item=("startup_grant", "resident_pension")[k % 2],
            channel=CHANNELS[k % 6],
            at=begun + timedelta(minutes=90 * k),
            window="W01" if k % 4 else "",
            person=f"p{k % 5}" if k % 3 else "",
            who=f"c{k}" if k % 2 else "",
        )
        for k in range(count)
    ]


def _is_fit(key: str) -> bool:
    """Return whether a key is no address, nor one that a sheet wrote as 5E+17 or 1.0."""
    number = re.fullmatch(r"[0-9.]+(E[+-]?[0-9]+)?", key, re.IGNORECASE)
    return number is None and "@" not in key


def _fit(key: str) -> str:
    """Return a key that is fit, made of one that need not be."""
    return key if _is_fit(key) else f"T{key}".replace("@", "")


def any_ratings() -> st.SearchStrategy[list[Rating]]:
    """Return lists of fit ratings, each of a transaction of its own."""
    text = st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cc", "Cn", "Cs", "Cf", "Zl", "Zp")
        ),
        max_size=12,
    )
    # A pseudonym is visible ASCII in one piece, with no number of a person in it.
    code = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=9)
    return st.lists(
        st.builds(
            Rating,
            transaction=text.map(lambda one: _fit(one if one.strip() else f"T{one}T")),
            unit=st.sampled_from(["500101", "500102", "AG-SBJ"]),
            item=st.sampled_from(["startup_grant", "resident_pension"]),
            channel=st.sampled_from(CHANNELS),
            level=st.sampled_from(list(RatingLevel)),
            at=st.datetimes(
                datetime(2023, 1, 1),  # noqa: DTZ001 - timezones says which
                datetime(2023, 10, 1),  # noqa: DTZ001
                timezones=st.just(UTC),
            ),
            window=st.sampled_from(["", "W01"]),
            person=code.map(_fit),
            who=code.map(_fit),
        ),
        max_size=40,
        unique_by=lambda one: one.transaction,
    )
