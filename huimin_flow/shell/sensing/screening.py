"""item suggest: what a text suggests, with the terms that speak for it (X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say
from huimin_flow.reports.sensing.suggestions import proposed_words
from huimin_flow.shell.core.commands import Shown, View, facts, view

if TYPE_CHECKING:
    from huimin_flow.model.sensing.suggestions import Suggestion


@view("item suggest", csv=False)
def _suggested(view: View) -> Shown:
    made: Suggestion = view.answer
    lines = list(proposed_words(made, view.book))
    note = say("建议只供参考:采集时由您选定,不会自动填入")
    return made, facts(lines), note
