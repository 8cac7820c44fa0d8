"""A rating that is made the quick way is one like any other."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import datetime
from typing import Any

import pytest

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.clock import SHANGHAI
from huimin_flow.model.services.ratings import Rating, rating_of

AT = datetime(2023, 10, 9, 10, tzinfo=SHANGHAI)
LEVEL = RatingLevel.SATISFIED


def test_made_quickly_it_equals_one_made_by_name_and_is_as_frozen() -> None:
    """Type, fields, hash and text are the same; no field can be set."""
    named = Rating(
        transaction="t", unit="u", item="i", channel="c", level=LEVEL, at=AT,
        window="w", person="p", who="o",
    )  # fmt: skip

    quick = rating_of("t", "u", "i", "c", LEVEL, AT, "w", "p", "o")

    assert type(quick) is Rating
    assert (quick, hash(quick), repr(quick)) == (named, hash(named), repr(named))
    assert replace(quick, who="x") == replace(named, who="x")
    with pytest.raises(FrozenInstanceError):
        quick.unit = "v"  # type: ignore[misc]


def test_its_fields_are_given_in_the_order_of_a_rating() -> None:
    """A field that is added or moved breaks here, not in the rows."""
    names: list[Any] = [one.name for one in fields(Rating)]

    quick = rating_of(*names)

    assert [getattr(quick, name) for name in names] == names
