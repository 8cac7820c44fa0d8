"""The nouns of the public API that are about the engine itself, not about demands.

They are what two people do together, the records, jobs, people, the rulebook, the clock
and the fields of acts; ``facets`` has the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.flow.methods import Facet, Rooms

if TYPE_CHECKING:
    from huimin_flow.catalogue.terms import StreamKind
    from huimin_flow.flow import contents, proposals
    from huimin_flow.flow import fields as act_fields
    from huimin_flow.flow.core import clock as core_clock
    from huimin_flow.flow.core import names, reads
    from huimin_flow.flow.core import rulebook as core_rulebook
    from huimin_flow.flow.deciding import freezing
    from huimin_flow.flow.outbox import changes, deliveries
    from huimin_flow.flow.scoring import what_if as trials
    from huimin_flow.flow.todo import bulk as many
    from huimin_flow.flow.todo import mine as waiting
    from huimin_flow.model.core.changes import FeedChange
else:
    act_fields = Rooms("fields")
    changes = Rooms("outbox.changes")
    deliveries = Rooms("outbox.deliveries")
    contents = Rooms("contents")
    core_clock = Rooms("core.clock")
    core_rulebook = Rooms("core.rulebook")
    freezing = Rooms("deciding.freezing")
    many = Rooms("todo.bulk")
    names = Rooms("core.names")
    proposals = Rooms("proposals")
    reads = Rooms("core.reads")
    trials = Rooms("scoring.what_if")
    waiting = Rooms("todo.mine")


class ProposalQuestions(Facet):
    """Acts of two people that wait for the second."""

    list = proposals.proposals
    count = proposals.count
    waiting = proposals.waiting
    queue = proposals.queue
    stale = proposals.stale
    get = proposals.shown


class Proposals(ProposalQuestions):
    """Acts of two people at two desks."""

    propose = proposals.propose
    propose_rulebook = proposals.propose_rulebook
    approve = proposals.approve
    withdraw = proposals.withdraw


class Bulk(Facet):
    """Many acts of one kind at once."""

    do = many.do_many


class ChangeQuestions(Facet):
    """The feed of changes for other systems; ``flow.changes(after)`` reads it."""

    after = changes.changes_after
    schema = changes.schema
    cursors = changes.cursors

    def __call__(
        self,
        after: int = 0,
        *,
        kinds: tuple[StreamKind, ...] = (),
        limit: int = 500,
    ) -> tuple[FeedChange, ...]:
        """Return the changes after a position, as ``after`` does."""
        return self.after(after, kinds=kinds, limit=limit)


class Changes(ChangeQuestions):
    """The feed of changes, and how far its consumers have read it."""

    acknowledge = changes.acknowledge


class DeliveryQuestions(Facet):
    """Deliveries of changes to other systems, by file, mail and webhook."""

    list = deliveries.deliveries
    count = deliveries.count
    destinations = deliveries.destinations


class Deliveries(DeliveryQuestions):
    """Deliveries of changes, and what people decide about those that failed."""

    retry = deliveries.retry
    abandon = deliveries.abandon


class Records(Facet):
    """Streams: what was recorded, event by event."""

    events = reads.events
    refusals = reads.refusals
    count_refusals = reads.count_refusals
    last_recorded = reads.last_recorded


class Timetable(Facet):
    """Jobs: what ran, what failed, and by which rulebooks they fall due."""

    runs = core_clock.runs
    wrong_runs = core_clock.wrong_runs
    failures = core_clock.failures
    heartbeat = core_clock.heartbeat
    acted_since = core_clock.acted_since
    activations = core_clock.activations


class Fields(Facet):
    """What an argument may be, and which value a person's text means."""

    choices = names.choices
    resolve = names.resolve
    of = act_fields.of
    schema = act_fields.schema


class People(Facet):
    """Posts and units of the organization."""

    actor = reads.actor
    unit = reads.unit
    identify = reads.identify
    todo = waiting.todo


class ClockQuestions(Facet):
    """The clock: whether it is trusted, and which records have a wrong time."""

    status = core_clock.status
    records = core_clock.records


class Clocks(ClockQuestions):
    """The clock, and what people say of it."""

    confirm = core_clock.confirm
    declare = core_clock.declare


class RulebookQuestions(Facet):
    """The rulebook, and what another would change."""

    active = reads.rulebook
    diff = contents.rules_diff
    effects = freezing.effects
    what_if = trials.what_if


class Rulebooks(RulebookQuestions):
    """The rulebook, and its activation."""

    activate = core_rulebook.activate
