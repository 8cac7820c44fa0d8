"""forecast: what was expected, beside what was measured (N3)."""

from __future__ import annotations

from huimin_flow.reports.core.lists import Listing, Sight, cell_text
from huimin_flow.reports.improving import forecasts
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Shown, View, view


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
