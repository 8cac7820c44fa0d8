"""Appeals come in and come together: by the engine first, then by the office (A6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huimin_flow.catalogue.terms import Gathering as Outcome
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.gathering import GatheringProposal
from huimin_flow.rehearsal.stage import Stage
from huimin_flow.timetable.ledger import SCHEDULER

#: Why the office reads the texts of a proposal.
_READ = "归并确认"
_READ_AT_ONCE = 500

#: Besides those about items, the office answers so many proposals at once.
_AT_ONCE = 8

#: One of so many proposals is put off, and waits until the end.
_PUT_OFF = 20


def pair_of(appeal: Appeal) -> tuple[str, str]:
    """Return what names an appeal."""
    return appeal.channel, appeal.key


class Gathering:
    """The intake of appeals; the engine links them, the office answers proposals."""

    def __init__(self, stage: Stage) -> None:
        """Begin without appeals."""
        self._stage = stage
        self._waiting: list[Appeal] = []
        self._answered = 0
        # A yes ends the other proposals of its appeal.
        self._confirmed: set[tuple[str, str]] = set()

    def collect(self, demand: Demand, appeals: list[Appeal], by: Actor) -> Item:
        """Collect an item from an early appeal with a title; the others come in later.

        It tells of the problem of the first of ``appeals``.
        """
        flow, problems = self._stage.flow, self._stage.crowd.problems
        problem = problems[pair_of(appeals[0])]
        appeals = sorted(appeals, key=lambda appeal: (appeal.at, appeal.key))
        first = next(
            each
            for each in appeals
            if each.title and problems[pair_of(each)] == problem
        )
        self.wait(each for each in appeals if each is not first)
        flow.appeals.add(first, by=by)
        return flow.gathering.collect(pair_of(first), demand, by=self._stage.office)

    def wait(self, appeals: Iterable[Appeal]) -> None:
        """Leave appeals to a later intake."""
        self._waiting += appeals

    def take_in_part(self, share: int) -> None:
        """Take in one of so many of the appeals that wait."""
        part = self._waiting[::share]
        del self._waiting[::share]
        self.take_in(part)

    def take_in(self, appeals: list[Appeal]) -> None:
        """Take in appeals."""
        self._stage.flow.appeals.add_all(appeals, by=self._stage.office)

    def compare(self) -> None:
        """Let the service compare what came in; the office answers the proposals.

        The service of a bureau does it every minute, and here at times, to be quick.
        """
        stage = self._stage
        stage.flow.gathering.run(by=SCHEDULER)
        waiting = stage.flow.gathering.mine(limit=1000, by=stage.office)
        others = [each for each in waiting if not each.item and not each.later]
        self._answer([each for each in waiting if each.item and not each.later])
        self._answer(others[:_AT_ONCE])

    def _answer(self, proposals: Sequence[GatheringProposal]) -> None:
        """Answer as a reader of both texts would; some are put off."""
        stage, problems = self._stage, self._stage.crowd.problems
        flow, by = stage.flow, stage.office
        pairs = [pair for each in proposals for pair in (each.appeal, each.near)]
        if pairs:
            flow.appeals.read(pairs[:_READ_AT_ONCE], _READ, by=by)
        for each in proposals:
            if each.appeal in self._confirmed:
                continue
            self._answered += 1
            if self._answered % _PUT_OFF == 0:
                flow.gathering.later(each.appeal, each.near, by=by)
            elif problems[each.appeal] == problems[each.near]:
                flow.gathering.yes(each.appeal, each.near, by=by)
                self._confirmed.add(each.appeal)
            else:
                flow.gathering.no(each.appeal, each.near, by=by)

    def undo_unlike(self, appeal: Appeal) -> None:
        """Undo the link of an appeal that tells of another problem than its item.

        With the texts of some seeds the engine only proposes this link. Then the office
        has said no before, and there is nothing to undo.
        """
        stage = self._stage
        pair = pair_of(appeal)
        stage.flow.appeals.read([pair], _READ, by=stage.office)
        last = stage.flow.gathering.explain(pair)[-1:]
        if any(each.outcome is Outcome.LINK for each in last):
            stage.flow.gathering.undo(pair, by=stage.office)
