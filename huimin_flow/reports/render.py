"""One Jinja2 environment: autoescape on, a missing value is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Return the environment of our own templates."""
    return Environment(
        loader=PackageLoader("huimin_flow.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, *, rehearsal: bool, **values: Any) -> str:
    """Return a self-contained page that opens from a file, without a network.

    A page of a ``rehearsal`` says so: its figures are of nobody (X5).
    """
    return environment().get_template(template).render(rehearsal=rehearsal, **values)


def write_page(path: Path, text: str) -> None:
    """Write a page whole or not at all: beside its place, then moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
