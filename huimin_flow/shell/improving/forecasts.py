"""forecast: what was expected, beside what was measured (N3)."""

from __future__ import annotations

from huimin_flow.reports.improving import forecasts
from huimin_flow.shell.core.commands import listing

listing("forecast calibration", forecasts.CALIBRATION)
listing("forecast cases", forecasts.CASES)
