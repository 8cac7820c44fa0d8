"""The bench's rulebook and its file of ratings, as dense as a year of 10,000,000."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from huimin_flow.catalogue.terms import RatingLevel, ServiceMode, UnitKind
from huimin_flow.model.core.organization import Unit
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.model.services.catalogue import ServiceItem, Window
from huimin_flow.settings import load_rulebook

CONFIG = Path(__file__).parent.parent / "config"
FIELDS = (
    "transaction", "unit", "item", "window", "person", "who", "channel", "level", "at",
)  # fmt: skip
BEGUN = datetime.fromisoformat("2025-01-01T00:00:00+08:00")
YEAR, WHOLE = timedelta(days=365), 10_000_000
UNITS = [f"U{k:02d}" for k in range(80)]
ITEMS = [f"item_{k:03d}" for k in range(200)]


def book() -> Rulebook:
    """Return the bureau's rulebook with the bench's units, items and windows."""
    plain = load_rulebook(CONFIG)
    units = tuple(
        Unit(code=one, name=one, kind=UnitKind.DIVISION, source="ours") for one in UNITS
    )
    items = tuple(
        ServiceItem(
            key=one, name=one, unit=UNITS[0], mode=ServiceMode.SINGLE_WINDOW,
            online=True, source="ours",
        )
        for one in ITEMS
    )  # fmt: skip
    windows = tuple(
        Window(code=f"W{k:02d}", unit=one, name=f"{k}号窗口", source="ours")
        for one in UNITS
        for k in range(10)
    )
    organization = replace(
        plain.organization, units=(*plain.organization.units, *units)
    )
    services = replace(plain.services, items=items, windows=windows)
    made = replace(plain, organization=organization, services=services)
    return rulebook_from_text(rulebook_text(made))  # under its own digest


def write(path: Path, rows: int, *, first: int = 0) -> None:
    """Write ratings in the order of their times, as dense as the whole year's.

    ``first`` is the number of the first one; numbers below it are in other files.
    """
    dice = random.Random(7 + first)
    channels = list(load_rulebook(CONFIG).channels.service)
    levels = [one.value for one in RatingLevel]
    weights = (70, 20, 8, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(FIELDS)
        for k in range(first, first + rows):
            at = BEGUN + YEAR * (k / WHOLE)
            unit = dice.choice(UNITS)
            out.writerow((
                f"{at:%Y%m%d}-{unit}-{k:09d}", unit, dice.choice(ITEMS),
                f"W{dice.randrange(10):02d}", f"{unit}-p{dice.randrange(40)}",
                f"c{dice.randrange(3_000_000):07d}", dice.choice(channels),
                dice.choices(levels, weights)[0], at.isoformat(timespec="seconds"),
            ))  # fmt: skip
