"""The page of an engagement with its forms, and what the forms begin with (D4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say, say_clauses, say_phrase
from huimin_flow.catalogue.terms import EngagementState, StreamKind
from huimin_flow.desk.forms.acting import act_file, may, title_of
from huimin_flow.model.executing.plans import Plan
from huimin_flow.reports.agreements import agreed_words
from huimin_flow.reports.improving.engagements import engagement_page

if TYPE_CHECKING:
    from huimin_flow.desk.forms.form import Layout
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.improving.engagements import Engagement
    from huimin_flow.model.items import Item
    from huimin_flow.reports.core.render import Page

_PAGE: Final = re.compile("engagement-([0-9]{4}-[0-9]{6,9}-[0-9]{2,9})", re.ASCII)

_E: Final = EngagementState

#: By state of an engagement, the acts on it as a whole.
_ON_ENGAGEMENT: Final[Mapping[EngagementState, tuple[str, ...]]] = {
    _E.PLANNED: ("enter", "call_off"),
    _E.IN_FIELD: ("attach", "report", "call_off"),
    _E.REPORTED: ("attach", "correct", "follow"),
    _E.FOLLOWED: ("attach", "correct"),
}


def engagements_page(now: Snapshot, name: str, by: Actor) -> Page | None:
    """Return the page of an engagement with its forms; None for another name.

    Raises:
        NotFound: if there is none of that number.

    """
    named = _PAGE.fullmatch(name)
    if named is None:
        return None
    built = engagement_page(now, named[1])
    item, _, nth = named[1].rpartition("-")
    made = now.engagements.get(StreamKind.ENGAGEMENT.key(item, nth))
    leads = (*built.values["leads"], *_forms(now, made, by))
    return replace(built, values={**built.values, "leads": leads})


def _forms(now: Snapshot, made: Engagement, by: Actor) -> list[tuple[str, str]]:
    """Return the forms that an actor may use on an engagement, with their titles."""
    forms = [
        (act_file(act, key=made.key), title_of(act))
        for act in (f"engagements.{v}" for v in _ON_ENGAGEMENT.get(made.state, ()))
        if may(by, act, now)
    ]
    open_ = made.unanswered() if made.state is _E.REPORTED else ()
    asked = {"answer": open_, "decline": open_, "complete": made.undone()}
    forms += [
        (
            act_file(act, key=made.key, finding=str(finding.number)),
            say("{act}:第{number}条", act=title_of(act), number=finding.number),
        )
        for act, findings in ((f"engagements.{v}", f) for v, f in asked.items())
        if may(by, act, now)
        for finding in findings
    ]
    return forms


def plan(
    _: Questions, layout: Layout, item: Item | None, __: Actor, ___: Mapping[str, str]
) -> Layout:
    """Begin with all outcomes that the item's plan agrees."""
    agreed = () if item is None else (item.plan or Plan()).outcomes
    begins = {f"outcomes[{n}]": each.key for n, each in enumerate(agreed, 1)}
    return layout.beginning(begins, rows={"outcomes": len(agreed)})


def report(
    now: Questions, layout: Layout, _: Item | None, __: Actor, about: Mapping[str, str]
) -> Layout:
    """Ask for the result of each outcome that is judged, and offer the files."""
    if "key" not in about:
        return layout
    made = now.engagements.get(about["key"])
    agreed = (now.items.get(made.item).plan or Plan()).outcomes
    judged = [each for each in agreed if each.key in made.outcomes]
    begins: dict[str, str] = {}
    labels: dict[str, str] = {}
    without = set(layout.without)
    for n, each in enumerate(judged, 1):
        row = f"outcomes[{n}]"
        begins[f"{row}.outcome"] = each.key
        without |= {f"{row}.{'grade' if each.counted else 'value'}"}
        words = say_phrase(f"{each.key} ", each.statement)
        labels[row] = say_clauses(words, agreed_words(each))
    files = tuple((f.digest, f.name) for f in now.engagements.files(made.key))
    rows = {"outcomes": len(judged), "findings": 1}
    return replace(
        layout.beginning(begins, rows=rows, labels=labels),
        hidden=layout.hidden | ({"outcomes[].outcome"} if judged else set()),
        without=frozenset(without),
        choices={"file": files} if files else {},
    )


def enter(
    _: Questions, layout: Layout, __: Item | None, ___: Actor, ____: Mapping[str, str]
) -> Layout:
    """Ask for one role of staff."""
    return layout.beginning({}, rows={"staff": 1})


#: By act on engagements: what its form begins with.
BEGINS: Final = {
    "engagements.plan": plan,
    "engagements.enter": enter,
    "engagements.report": report,
    "engagements.correct": report,
}
