"""Screening of items by the criteria of their origin, and suggestions (A3–A5, X1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import (
    Argument,
    Criterion,
    Step,
    StreamKind,
    UnitKind,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import advance
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import trails
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.texts import accepted, required
from huimin_flow.model.evidence import Evidence, ReasonEvidence
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Item, Preview
from huimin_flow.model.sensing.suggestions import Proposed, Suggestion
from huimin_flow.rules.improving import advising
from huimin_flow.rules.sensing import screening, suggesting
from huimin_flow.states.table import ITEM
from huimin_flow.store.core import history, repository
from huimin_flow.store.sensing import tallies, texts
from huimin_flow.stream_names import nth


@question
def suggest(
    work: Work,
    title: str,
    description: str = "",
    *,
    unit: Annotated[str | None, Argument.UNIT] = None,
) -> Suggestion:
    """Return what a title and a description suggest, by the rulebook's terms and names.

    It is a default that a person sees with its grounds; no act takes it by itself.
    ``unit`` is whose channel it came by: names of towns are looked for there, too.

    Raises:
        InputRefused: for no text at all, or a code that no unit ever had.

    """
    fit = accepted if description.strip() else required
    named = fit(title, Argument.TITLE, longest=200, private=True)
    if unit is not None and work.rulebook.organization.town(unit) is None:
        known_unit(work, unit)
    made = suggesting.suggest(named, description, work.rulebook.suggestions)
    within = _around(work, unit, work.today)
    place = _placed(work, named, description, "", within, work.today)
    return replace(made, place=place)


@question
def suggest_for(
    work: Work, key: Annotated[str, Argument.APPEAL_KEY], *, channel: str | None = None
) -> Suggestion:
    """Return what an appeal's text suggests, by the terms and names of the rulebook.

    It shows terms and names of the rulebook, their part and their points, and nothing
    else of the text. A place is suggested only if the appeal has no known one. An
    erased appeal suggests nothing.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several appeals have the key; it names their channels.
        StoreRefused: without the master key.

    """
    known, batch = trails.kept_appeal(work, key, channel)
    pair = (known.channel, known.key)
    content = texts.opened(work, [pair]).get(pair)
    title, text = ("", "") if content is None else (content.title, content.text)
    made = suggesting.suggest(title, text, work.rulebook.suggestions)
    organization, day = work.rulebook.organization, local_day(known.at)
    if resolver_of(organization).stored(known.district, known.town, day).district:
        return made
    written = f"{known.district} {known.town}".strip()
    stream = StreamKind.BATCH.key(nth(StreamKind.BATCH, batch))
    brought = history.events_of(work.connection, stream)[0].actor
    units = [post.unit for post in organization.people if post.id == brought]
    within = _around(work, units[0] if units else None, day)
    place = _placed(work, title, text, written, within, day)
    return replace(made, place=place)


def _around(work: Work, unit: str | None, day: date) -> frozenset[str]:
    """Return the district of a unit or a town on a day; the office has none."""
    organization = work.rulebook.organization
    home = "" if unit is None else resolver_of(organization).resolve(unit, day).district
    known = organization.unit(home, day)
    local = known is not None and known.kind is UnitKind.DISTRICT
    return frozenset({home}) if local else frozenset()


def _placed(
    work: Work, title: str, text: str, written: str, within: frozenset[str], day: date
) -> Proposed | None:
    """Return the place that a text suggests; ``written`` is an unknown place."""
    book = work.rulebook
    resolver, rule = resolver_of(book.organization), book.suggestions
    return suggesting.suggest_place(
        title, text, rule, resolver, day, written=written, within=within
    )


@act(Step.SCREEN)
def screen(
    work: Work,
    number: str,
    scores: Mapping[Criterion, int],
    *,
    by: Actor = ACTING,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Screen an item by the criteria of its origin (A3, A4, A5).

    Prevalence is computed from the linked appeals, and from those of the items that
    it continues; the caller can't pass it. A
    score below the pass mark rejects the item, with the verdict as evidence.

    Raises:
        InputRefused: if ``scores`` contain the prevalence.
        StepRefused: if a score is missing or the step may not happen.

    """
    own, inherited = tallies.family(work.connection, number)
    held = sorted([*own, *inherited])
    repository.hold_items(work.connection, held)  # no appeal is linked meanwhile
    item = repository.item(work.connection, number)
    step, verdict, prevalence = _decide(work, item, scores)
    changes: dict[str, object]
    if step is Step.REJECT:
        evidence: Evidence = ReasonEvidence(verdict=verdict, known={})
        changes = {"reason_code": "below_pass_mark"}
    else:
        evidence = Evidence(verdict=verdict)
        changes = {"prevalence": prevalence, "screening_score": verdict.score}
    return advance(
        work,
        number,
        step,
        evidence,
        by=by,
        changes=changes,
        version=version,
        occurred_on=work.happened(occurred_on),
        of=Step.SCREEN,
    )


@question
def preview_screening(
    work: Work, number: str, scores: Mapping[Criterion, int]
) -> Preview:
    """Return what screening an item with these scores would give (A3, A4, A5).

    Raises:
        NotFound: if no item has the number.
        InputRefused: if ``scores`` contain the prevalence.

    """
    item = repository.item(work.connection, number)
    step, verdict, prevalence = _decide(work, item, scores)
    return Preview(
        item=item,
        step=step,
        target=None if verdict.score is None else ITEM.target(item.state, step),
        tally=tallies.tally(work.connection, number, work.rulebook.organization),
        verdict=verdict,
        prevalence=prevalence,
    )


def _decide(
    work: Work, item: Item, scores: Mapping[Criterion, int]
) -> tuple[Step, Verdict, int | None]:
    """Return the step of a screening, its verdict, and the prevalence if it counts."""
    if Criterion.PREVALENCE in scores:
        raise InputRefused(InputCode.PREVALENCE_COMPUTED)
    rule = work.rulebook.rules.screening
    known: dict[Criterion, int | None] = dict(scores)
    prevalence = None
    if Criterion.PREVALENCE in rule.criteria[item.origin].weights:
        tally = tallies.tally(work.connection, item.number, work.rulebook.organization)
        prevalence = screening.prevalence(tally, rule.prevalence)
        known[Criterion.PREVALENCE] = prevalence
    interim = None
    if item.continues is not None:
        advice = repository.records(work.connection, Advice, item.continues)
        parent = repository.item(work.connection, item.continues)
        interim = advising.interim_of(parent, advice, work.rulebook.improving.advising)
    verdict = screening.screen(item.origin, known, rule, interim)
    negative = not verdict.passed and verdict.score is not None
    return Step.REJECT if negative else Step.SCREEN, verdict, prevalence
