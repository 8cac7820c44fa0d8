"""What citizens said of an item: its survey, and ratings of its service items (D0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.terms import State, Step, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.flow.core.work import Work
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.executing.surveys import PublicWord, Survey
from huimin_flow.model.items import Item, ItemFilter
from huimin_flow.model.services.ratings import Rating
from huimin_flow.rules.executing import surveys as rules
from huimin_flow.rules.executing.running import runs
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository
from huimin_flow.store.executing import surveys as stored


def of_round(work: Work, item: Item) -> Survey | None:
    """Return the last survey of an item's present round, None if there is none."""
    return rules.of_round(
        repository.records(work.connection, Survey, item.number), item
    )


def public_word(work: Work, item: Item, begun: date | None, day: date) -> PublicWord:
    """Return what citizens said of an item in this round, until the end of a day (D0).

    Ratings count since ``begun``, the day of the assignment.
    """
    said = rules.word_of(of_round(work, item))
    plan = item.plan or Plan()
    if not plan.service_items or begun is None:
        return said
    units = rules.rating_units(item, work.rulebook.organization, day)
    ratings, good = stored.rated(work.connection, plan.service_items, units, begun, day)
    return replace(said, ratings=ratings, good=good)


def rests_on_rating(work: Work, rating: Rating) -> Iterator[Item]:
    """Yield the items whose final evaluation counted a rating of a service item."""
    day, organization = local_day(rating.at), work.rulebook.organization
    wanted = ItemFilter(states=(State.EVALUATED, State.ADJUSTED))
    for item in [*listings.items(work.connection, wanted)]:
        if item.plan is None or rating.item not in item.plan.service_items:
            continue
        events = history.events_of(work.connection, StreamKind.ITEM.key(item.number))
        begun = runs(events)[-1].begun
        judged = [each for each in events if each.step == Step.EVALUATE][-1]
        units = rules.rating_units(item, organization, judged.occurred_on)
        ours = units is None or rating.unit in units
        if ours and begun <= day <= judged.occurred_on:
            yield item
