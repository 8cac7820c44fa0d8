"""How far the answers to appeals are, one by one: who answers, and each step (A7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from huimin_flow.catalogue.terms import AnswerState, AnswerStep
from huimin_flow.clock import local_day
from huimin_flow.flow.core.reads import answered_for
from huimin_flow.flow.core.work import Work
from huimin_flow.model.sensing.answers import AnswerAct, Answering
from huimin_flow.rules.sensing import answers as rules
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.sensing import answers as store


def answerings(work: Work, received: Sequence[store.Received]) -> list[Answering]:
    """Return how far the answers to some appeals are, in the same order."""
    due = rules.answers_due(work.activations)
    today = work.today
    return [
        rules.dated(rules.followed(start, acts), due, today)
        for start, acts in histories(work, received)
    ]


def histories(
    work: Work, received: Sequence[store.Received]
) -> list[tuple[Answering, tuple[AnswerAct, ...]]]:
    """Return each of some appeals before any step, and its steps."""
    connection = work.connection
    pairs = [(each.channel, each.key) for each in received]
    taken, links = store.acts(connection, pairs), store.links(connection, pairs)
    items = {link.item for link in links.values()}
    carriers, answerer = store.carriers(connection, items), answerer_of(work, items)
    known = []
    for each in received:
        pair = each.channel, each.key
        acts, link = taken.get(pair, ()), links.get(pair)
        # Before the first step it was with the unit that no later link has named.
        first = next((act for act in acts if act.step is AnswerStep.TRANSFER), None)
        later = first is not None and link is not None and link.batch > first.batch
        carried = "" if link is None or later else link.item
        at = moment_of(each.at)
        start = Answering(
            channel=each.channel,
            key=each.key,
            at=at,
            district=each.district,
            town=each.town,
            unit=answerer(each.town, each.district, carried),
            state=AnswerState.RECEIVED,
            since=local_day(at),
            item=carriers.get(link.item, ("", ""))[0] if link else "",
        )
        known.append((start, acts))
    return known


def answerer_of(work: Work, items: Iterable[str]) -> Callable[[str, str, str], str]:
    """Return what tells who answers without any step: by town, district and item.

    The ``items`` are those that may be asked for; "" is none.
    """
    carriers = store.carriers(work.connection, {*items} - {""})
    organization, today = work.rulebook.organization, work.today

    @cache
    def answerer(town: str, district: str, item: str) -> str:
        _, owner = carriers.get(item, ("", ""))
        carried = (owner, 0) if owner else None
        return rules.answerer((town, district), carried, (), organization, today)

    return answerer


def units_of(work: Work, unit: str | None) -> frozenset[str] | None:
    """Return the units for which a unit answers, None for all; a town is its own.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    if unit is not None and work.rulebook.organization.town(unit, work.today):
        return frozenset({unit})
    return answered_for(work, unit, work.today)
