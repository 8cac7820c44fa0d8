"""The pages of spot checks at a desk: to a party also those under way, with forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import (
    Duty,
    SpotCheckState,
    SpotCheckStep,
    StreamKind,
    Term,
)
from huimin_flow.desk.forms.acting import act_file, lacks, may, title_of
from huimin_flow.reports.improving.spot_checks import (
    MINE,
    mine_page,
    spot_check_page,
    subject_words,
)
from huimin_flow.states.spot_checks import SPOT_CHECK

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.improving.spot_checks import SpotCheck
    from huimin_flow.reports.core.render import Page

_PAGE: Final = re.compile("spot-check-([0-9]{4}-[0-9]{4,9})", re.ASCII)

#: By step, the act whose form does it; a secret is made at a terminal only.
_ACTS: Final[Mapping[Term, str]] = {
    SpotCheckStep.COMMIT: "spot_checks.commit",
    SpotCheckStep.CUT: "spot_checks.cut",
    SpotCheckStep.REVEAL: "spot_checks.reveal",
    SpotCheckStep.DRAW: "spot_checks.draw",
    SpotCheckStep.FINISH: "spot_checks.finish",
    SpotCheckStep.VOID: "spot_checks.void",
}


def spot_checks_page(now: Snapshot, name: str, by: Actor) -> Page | None:
    """Return the page of a spot check, or of all to a party; None for another name.

    Raises:
        NotFound: if there is none of that number for the actor.
        StepRefused: if all are asked for by somebody who makes none.

    """
    if name == MINE:
        plan = "spot_checks.plan"
        forms = [(act_file(plan), title_of(plan))]
        built = mine_page(now, by)
        return replace(built, values={**built.values, "forms": forms})
    named = _PAGE.fullmatch(name)
    if named is None:
        return None
    built = spot_check_page(now, named[1], by)
    check = now.spot_checks.show(StreamKind.SPOT_CHECK.key(named[1]), by=by).check
    forms = [*built.values["leads"], *_forms(now, check, by)]
    return replace(built, values={**built.values, "leads": forms})


def _forms(now: Snapshot, check: SpotCheck, by: Actor) -> list[tuple[str, str]]:
    """Return the forms that an actor may use on a spot check, with their titles."""
    forms = [
        (act_file(_ACTS[step], key=check.key), title_of(_ACTS[step]))
        for step in SPOT_CHECK.leaving(check.state)
        if step in _ACTS and may(by, _ACTS[step], now)
    ]
    asked = {
        "spot_checks.find": [each.id for each in check.unchecked()],
        "spot_checks.answer": [
            each.subject
            for each in check.open_findings()
            if not lacks(by, Duty.REPORT, now, each.unit)
        ],
        "spot_checks.correct": [each.subject for each in check.findings],
    }
    if check.state is SpotCheckState.DRAWN:
        attach = "spot_checks.attach"
        forms.append((act_file(attach, key=check.key), title_of(attach)))
        del asked["spot_checks.answer"], asked["spot_checks.correct"]
    elif check.state is not SpotCheckState.DONE:
        asked = {}
    forms += [
        (
            act_file(act, key=check.key, checked=subject),
            say("{act}:{subject}", act=title_of(act), subject=subject_words(subject)),
        )
        for act, subjects in asked.items()
        if may(by, act, now)
        for subject in subjects
    ]
    if check.state is SpotCheckState.VOID and may(by, "spot_checks.plan", now):
        plan = "spot_checks.plan"
        forms.append((act_file(plan, repeats=check.key), say("重抽")))
    return forms
