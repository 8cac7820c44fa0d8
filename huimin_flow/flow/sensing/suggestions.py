"""Questions on what a text suggests: area, life stage, and who is in charge (X1)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Argument
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.texts import required
from huimin_flow.model.sensing.suggestions import Suggestion
from huimin_flow.rules.sensing import suggesting


@question
def suggest(work: Work, title: str, description: str = "") -> Suggestion:
    """Return what a title and a description suggest, by the terms of the rulebook.

    It is a default that a person sees with its grounds; no act takes it by itself.

    Raises:
        InputRefused: for an empty title.

    """
    named = required(title, Argument.TITLE, longest=200, private=True)
    return suggesting.suggest(named, description, work.rulebook.suggestions)
