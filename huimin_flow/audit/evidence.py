"""The evidence of every step made again from the history, as its act once had it.

What a value was about, who held a duty for whom, what had been excused or asked for:
all of it stands in events before, so that nothing is taken as told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Table, select

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Duty, ProposalField, Role, Step, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.proposals import TWO_PERSON_ACTS
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.deciding.lists import Edition, unit_of_list
from huimin_flow.model.evidence import (
    AdjustmentEvidence,
    AmendmentEvidence,
    Evidence,
    ExcuseEvidence,
    JudgmentEvidence,
    LinkEvidence,
    ListingEvidence,
    MergeEvidence,
    PlanEvidence,
    ProposalEvidence,
    RatedEvidence,
    ReasonEvidence,
    RequestEvidence,
    ResultEvidence,
    SplitEvidence,
)
from huimin_flow.model.executing.plans import Excuse, Plan
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.states.authority import only_units
from huimin_flow.states.table import ENDS
from huimin_flow.store.core.facts import FACT_TABLES
from huimin_flow.store.core.tables import LINKS, PROGRESS, RATINGS


class Seen(NamedTuple):
    """An event as it is looked at: the value before and after it, who acted.

    ``book`` is the rulebook under whose organization the act is asked for.
    """

    ledger: Ledger
    event: Event
    kind: StreamKind
    before: Any
    after: Any
    verdict: Verdict | None
    book: Rulebook
    actor: Actor

    @property
    def changes(self) -> Mapping[str, Any]:
        """Return what an item's step set."""
        found: Mapping[str, Any] = self.event.public["changes"]
        return found


def by_job(actor: Actor) -> bool:
    """Tell whether the scheduler acted: its act rests on a rule, not on two people."""
    return actor.via is Via.SERVICE and Role.SCHEDULER in actor.roles


def evidence_of(seen: Seen) -> Evidence:
    """Return what a step rested on."""
    made = _OF_RECORDS.get(seen.kind)
    if seen.kind is StreamKind.ITEM:
        made = _OF_STEPS.get(Step(seen.event.step))
    return Evidence(verdict=seen.verdict) if made is None else made(seen)


def units_of(seen: Seen) -> tuple[str | None, ...]:
    """Return the units whose thing a step is about, None for the whole city."""
    found = _UNITS.get(seen.kind)
    return (None,) if found is None else found(seen)


def _executed(seen: Seen) -> Evidence:
    excuses = seen.ledger.of(Excuse, seen.after.number)
    held = tuple(one for one in excuses if one.rounds == seen.after.rounds)
    return ResultEvidence(results=seen.after.results, excuses=held)


def _merged(seen: Seen) -> Evidence:
    into = seen.after.merged_into
    other = seen.ledger.items.get(into or "")
    state = None if other is None else other.state
    return MergeEvidence(into=into, into_state=state)


def _reasoned(seen: Seen) -> Evidence:
    rules = seen.book.rules
    sent_back = seen.event.step == Step.RETURN
    return ReasonEvidence(
        verdict=seen.verdict,
        reason_code=seen.changes.get("reason_code"),
        known=rules.return_reasons if sent_back else rules.reject_reasons,
    )


def _continued(seen: Seen) -> Evidence:
    number = seen.after.number
    for one in seen.ledger.items.values():
        if one.continues == number and one.state not in ENDS:
            successor = one.number
            break
    else:
        successor = None
    other = seen.event.public.get("successor")
    return LinkEvidence(other=other, successor=successor)


def _responded(seen: Seen) -> Evidence:
    born = seen.before is None
    other = seen.after.responds_to if born else seen.event.public.get("successor")
    return LinkEvidence(other=other)


_Made = Callable[[Seen], Evidence]

_OF_STEPS: Final[Mapping[Step, _Made]] = {
    Step.JUDGE: lambda seen: JudgmentEvidence(
        verdict=seen.verdict, deliberation=seen.after.deliberation
    ),
    Step.ENLIST: lambda seen: ListingEvidence(
        verdict=seen.verdict, edition=seen.after.edition, by_job=by_job(seen.actor)
    ),
    Step.ASSIGN: lambda seen: PlanEvidence(verdict=seen.verdict, plan=seen.after.plan),
    Step.EXECUTE: _executed,
    Step.ADJUST: lambda seen: AdjustmentEvidence(
        recommendation=seen.after.recommendation, grounds=seen.after.grounds
    ),
    Step.MERGE: _merged,
    Step.SPLIT: lambda seen: SplitEvidence(
        children=tuple(seen.event.public.get("children", ()))
    ),
    Step.REJECT: _reasoned,
    Step.DEFER: _reasoned,
    Step.RETURN: _reasoned,
    Step.CANCEL: _reasoned,
    Step.AMEND: lambda seen: AmendmentEvidence(
        changes={name: one for name, one in seen.changes.items() if name != "stale"}
    ),
    Step.CARRY_OVER: _continued,
    Step.RESPOND: _responded,
}


def _requested(seen: Seen) -> Evidence:
    """Return the assessment of the same kind before one; later steps ask for none."""
    mine = [
        one
        for one in seen.ledger.of(Assessment, seen.after.item)
        if one.kind is seen.after.kind and one.key != seen.after.key
    ]
    return RequestEvidence(before=mine[-1] if mine else None)


_OF_RECORDS: Final[Mapping[StreamKind, _Made]] = {
    StreamKind.ASSESSMENT: _requested,
    StreamKind.EXCUSE: lambda seen: ExcuseEvidence(
        item=seen.ledger.items[seen.after.item], task=seen.after.task
    ),
    StreamKind.FOLLOW_UP: lambda seen: RatedEvidence(rated=seen.after.unit),
    StreamKind.PROPOSAL: lambda seen: ProposalEvidence(
        duty=TWO_PERSON_ACTS[seen.after.act].duty
    ),
}


def _of_an_item(seen: Seen) -> tuple[str | None, ...]:
    """Return whose list an item enters, or leaves where two people take it off."""
    if seen.event.step == Step.ENLIST:
        return (unit_of_list(seen.after.edition or ""),)
    return (_of_its_lists(seen, seen.after.number),)


def _of_its_lists(seen: Seen, number: str) -> str | None:
    units = {
        unit_of_list(key)
        for key, held in seen.ledger.values.items()
        if isinstance(held, Edition) and any(one.item == number for one in held.places)
    }
    return units.pop() if len(units) == 1 else None


def _of_a_batch(seen: Seen) -> tuple[str | None, ...]:
    """Return whom a batch concerns: its ratings' units, its links' items.

    Anybody may hear any voice; of progress ``reported`` tells.
    """
    public = seen.event.public
    table, number = FACT_TABLES.get(str(public["kind"])), int(public["batch"])
    if table is LINKS:
        items = seen.ledger.items
        told = _of_rows(seen, LINKS, "item", number)
        return tuple(items[one].unit for one in told if one in items)
    organization, day = seen.book.organization, local_day(seen.event.at)
    own = only_units(seen.actor, Duty.IMPORT, organization, day)
    if table is RATINGS and own is not None:
        return tuple(_of_rows(seen, RATINGS, "unit", number))
    return (seen.actor.unit,)


def _of_rows(seen: Seen, table: Table, column: str, batch: int) -> Iterator[str]:
    query = select(table.c[column]).where(table.c.batch == batch).distinct()
    return map(str, seen.ledger.connection.execute(query).scalars())


def reported(seen: Seen) -> Iterator[tuple[Item, str]]:
    """Yield the items and accountable units of what a batch of progress is about."""
    public = seen.event.public
    if FACT_TABLES.get(str(public.get("kind"))) is not PROGRESS:
        return
    query = select(PROGRESS.c.item, PROGRESS.c.task).where(
        PROGRESS.c.batch == int(public["batch"])
    )
    for number, key in seen.ledger.connection.execute(query.distinct()):
        item = seen.ledger.items[number]
        tasks = {one.key: one.unit for one in (item.plan or Plan()).tasks}
        yield item, tasks[key]


def _concerned(seen: Seen) -> tuple[str | None, ...]:
    """Return the unit for which a file is attached: theirs, if it has a part in it."""
    item = seen.ledger.items[StreamKind.parse(seen.event.stream)[1]]
    owners = {item.unit, *(task.unit for task in (item.plan or Plan()).tasks)}
    day = local_day(seen.event.at)
    own = seen.book.organization.acts_for(seen.actor.unit, day)
    return (min(owners & own, default=item.unit),)


def _of_a_proposal(seen: Seen) -> tuple[str | None, ...]:
    told = seen.after.values
    if ProposalField.EDITION in told:
        return (unit_of_list(told[ProposalField.EDITION]),)
    if ProposalField.ITEM in told:
        return (_of_its_lists(seen, told[ProposalField.ITEM]),)
    return (seen.actor.unit if ProposalField.TRANSACTION in told else None,)


_UNITS: Final[Mapping[StreamKind, Callable[[Seen], tuple[str | None, ...]]]] = {
    StreamKind.LIST: lambda seen: (unit_of_list(seen.event.stream),),
    StreamKind.ITEM: _of_an_item,
    StreamKind.ASSESSMENT: lambda seen: (seen.ledger.items[seen.after.item].unit,),
    StreamKind.EXCUSE: lambda seen: (seen.ledger.items[seen.after.item].unit,),
    StreamKind.FOLLOW_UP: lambda seen: (seen.actor.unit,),
    StreamKind.BATCH: _of_a_batch,
    StreamKind.ATTACHMENT: _concerned,
    StreamKind.PROPOSAL: _of_a_proposal,
}
