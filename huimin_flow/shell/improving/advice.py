"""advice and forecast: a running measure decided on, and what was expected (B9, N3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.reports.core.lists import Listing, Sight, cell_text
from huimin_flow.reports.improving import forecasts
from huimin_flow.reports.improving.advice import LISTING, advice_lines
from huimin_flow.reports.lives import posts_of
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Shown, View, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.improving.advice import Advice

listing("advice list", LISTING)


@view("advice show")
def _advice(view: View) -> Shown:
    known: Advice = view.answer
    organization = view.now.rulebook.active().organization
    posts = posts_of(organization)
    item = view.now.items.get(known.item)
    lines = [
        (say("编号"), known.key),
        (say("事项"), f"{item.number} {item.title}"),
        *advice_lines(known, organization.names, posts),
    ]
    return known, facts(lines)


@view("item grounds")
def _grounds(view: View) -> Shown:
    verdict = view.answer
    good = say("依据达标") if verdict.passed else say("有依据未达标")
    lines = [sentence(reason.code, dict(reason.values)) for reason in verdict.reasons]
    return verdict, *lines, good


@view("forecast calibration")
def _calibration(view: View) -> Shown:
    return view.answer, _table(view, forecasts.CALIBRATION)


@view("forecast cases")
def _cases(view: View) -> Shown:
    return view.answer, _table(view, forecasts.CASES)


def _table(view: View, of: Listing) -> screens.Table:
    """Return the rows that the list's page has, too."""
    names = view.now.rulebook.active().organization.names
    sight = Sight(view.now, names)
    rows = [tuple(map(cell_text, of.row(sight, line))) for line in view.answer]
    return screens.Table(tuple(of.head), rows, of.empty)
