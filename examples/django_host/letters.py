"""A letter becomes an item, in two ways; each keeps its promise in another case.

``keep``: one database has both tables. Letter and item are there, or neither is; a
refusal by the engine is a refusal of the letter.

``forward``: the engine's database is another one, or on another server. The letter is
committed first, and then the item is collected under the letter's key. A crash between
the two leaves a letter without an item, and ``send_rest`` sends it again.
"""

from __future__ import annotations

from functools import cache, partial

from django.conf import settings
from django.db import transaction

import huimin_flow.django
from examples.django_host.models import Letter
from huimin_flow import Demand, Flow


@cache
def opened() -> Flow:
    """Return the open Flow of this process: for questions, and for ``forward``."""
    return Flow.open(huimin_flow.django.url(), clock=settings.CLOCK)


def keep(letter: Letter, demand: Demand) -> None:
    """Keep a letter with its item; the same letter again changes nothing."""
    with transaction.atomic():
        flow = huimin_flow.django.bind(clock=settings.CLOCK)
        by = flow.people.actor(letter.post)
        item = flow.once(letter.request).items.collect(demand, by=by)
        if not Letter.objects.filter(request=letter.request).exists():
            letter.item = item.number
            letter.save()


def forward(letter: Letter, demand: Demand) -> None:
    """Keep a letter, and collect its item once the letter is committed."""
    with transaction.atomic():
        if not Letter.objects.filter(request=letter.request).exists():
            letter.save()
            transaction.on_commit(partial(send, letter, demand))


def send(letter: Letter, demand: Demand) -> None:
    """Collect the item of a letter that was committed; a repetition collects none."""
    flow = opened()
    by = flow.people.actor(letter.post)
    item = flow.once(letter.request).items.collect(demand, by=by)
    Letter.objects.filter(pk=letter.pk).update(item=item.number)


def send_rest() -> int:
    """Send again what has no item yet; return how many letters that were."""
    rest = list(Letter.objects.filter(item=""))
    for letter in rest:
        send(letter, letter.demand)
    return len(rest)
