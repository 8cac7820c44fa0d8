"""Class Flow: the engine's public door, five stages behind one way.

Every act takes ``by``, an ``Actor``, and returns frozen values. What may not
happen is refused with a typed error, and then nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import State, Via
from huimin_flow.errors import NotFound, StoreRefused
from huimin_flow.flow import (
    assessing,
    deciding,
    evidence,
    executing,
    focusing,
    follow_up,
    founding,
    hearing,
    identity,
    improving,
    intake,
    listing,
    owed,
    progress,
    promptness,
    proposals,
    published,
    rating,
    regrouping,
    scoring,
    sensing,
    standings,
    waits,
)
from huimin_flow.flow.door import Door
from huimin_flow.flow.typed import fitting, typed
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.attachment import Attachment
from huimin_flow.model.edition import Edition
from huimin_flow.model.item import Item
from huimin_flow.model.text import showable
from huimin_flow.store import repository
from huimin_flow.store.attachments import attachments_of

P = ParamSpec("P")
R = TypeVar("R")


def _act(
    function: Callable[Concatenate[Work, P], R],
) -> Callable[Concatenate[Flow, P], R]:
    """Make a use case a method of Flow, with its own transaction if it is ours."""

    @wraps(function)
    def method(self: Flow, *args: P.args, **kwargs: P.kwargs) -> R:
        fitting(function, args, kwargs)
        return self.perform(function, *args, **kwargs)

    return cast("Callable[Concatenate[Flow, P], R]", method)


def _question(
    function: Callable[Concatenate[Work, P], R],
) -> Callable[Concatenate[Flow, P], R]:
    """Make a reading use case a method of Flow; it changes nothing."""

    @wraps(function)
    def method(self: Flow, *args: P.args, **kwargs: P.kwargs) -> R:
        fitting(function, args, kwargs)
        return self.ask(function, *args, **kwargs)

    return cast("Callable[Concatenate[Flow, P], R]", method)


class Flow(Door):
    """The workflow on one database: every step of an item's life, as methods."""

    # sensing
    collect = _act(sensing.collect)
    add_appeals = _act(intake.add_appeals)
    link = _act(intake.link)
    trail = _question(hearing.trail)
    appeals = _question(hearing.appeals)
    screen = _act(sensing.screen)
    merge = _act(regrouping.merge)
    unmerge = _act(regrouping.unmerge)
    split = _act(regrouping.split)
    # focusing
    deliberate = _act(focusing.deliberate)
    judge = _act(focusing.judge)
    star = _act(focusing.star)
    set_aside = _act(focusing.set_aside)
    revive = _act(focusing.revive)
    # deciding
    supplement = _act(deciding.supplement)
    confirm = _act(deciding.confirm)
    publish = _act(deciding.publish)
    assess = _act(assessing.assess)
    submit_assessment = _act(assessing.submit_assessment)
    settle_assessment = _act(assessing.settle_assessment)
    cancel = _act(deciding.cancel)
    edition = _question(waits.list_of)
    carry_over = _act(deciding.continued)
    respond = _act(deciding.respond)
    enter_opening = _act(listing.enter_opening)
    # executing
    assign = _act(executing.assign)
    report_progress = _act(progress.report_progress)
    excuse = _act(executing.excuse)
    execute = _act(executing.execute)
    attach = _act(evidence.attach)
    # improving
    fulfilments = _question(improving.fulfilments)
    evaluate = _act(improving.evaluate)
    rework = _act(improving.rework)
    adjust = _act(improving.adjust)
    amend = _act(improving.amend)
    close_item = _act(improving.close)
    # ratings of services
    add_ratings = _act(rating.add_ratings)
    answer_rating = _act(follow_up.answer_rating)
    verify_answer = _act(follow_up.verify_answer)
    appeal_rating = _act(follow_up.appeal_rating)
    settle_appeal = _act(follow_up.settle_appeal)
    bad_ratings = _question(owed.bad_ratings)
    callback_rate = _question(owed.callback_rate)
    answer_rate = _question(promptness.answer_rate)
    follow_ups_by_unit = _question(promptness.follow_ups_by_unit)
    service_year = _question(promptness.service_year)
    month_of_units = _question(rating.month_of_units)
    ratings_by = _question(rating.ratings_by)
    coverage = _question(rating.coverage)
    savings = _question(rating.savings)
    service_items = _question(rating.service_items)
    # scores
    progress_sheet = _question(progress.progress_sheet)
    progress_owing = _question(progress.progress_owing)
    monthly_score = _question(scoring.monthly_score)
    score_if_any = _question(scoring.month_if_any)
    explain = _question(scoring.explain)
    late_facts = _question(scoring.late_facts)
    monthly_colors = _question(standings.monthly_colors)
    quarterly_ranking = _question(standings.quarterly_ranking)
    correct_score = _act(scoring.correct_score)
    correct_standings = _act(standings.correct_standings)
    correct = _act(standings.correct)
    scores_of_colors = _question(standings.scores_of_colors)
    published_editions = _question(published.editions)
    # the rulebook
    activate = _act(founding.activate)
    # who acts, and two people at two desks
    identify = _act(identity.identify)
    propose = _act(proposals.propose)
    propose_rulebook = _act(proposals.propose_rulebook)
    approve = _act(proposals.approve)
    withdraw = _act(proposals.withdraw)
    waiting_proposals = _act(proposals.waiting)

    @typed
    def item(self, number: str) -> Item:
        """Return an item as it stands.

        Raises:
            NotFound: if no item bears the number.

        """
        return self.read(lambda connection: repository.item(connection, number))

    @typed
    def items(
        self, *states: State, unit: str | None = None, limit: int | None = None
    ) -> list[Item]:
        """Return items by state and unit, oldest number first.

        Raises:
            InputRefused: for a code that no unit ever bore.

        """
        self.ask(identity.known_unit, unit)
        return self.read(
            lambda connection: repository.items(
                connection, states=states, unit=unit, limit=limit
            )
        )

    @typed
    def attachments(self, number: str) -> tuple[Attachment, ...]:
        """Return what is attached to an item, by name."""
        return self.read(lambda connection: attachments_of(connection, number))

    @typed
    def attached(self, digest: str) -> bytes:
        """Return an attachment's content by its hex SHA-256.

        Raises:
            NotFound: if it isn't there.
            StoreRefused: if it was changed, or no shelf is known.

        """
        if self.shelf is None:
            raise StoreRefused("没有指定附件目录", remedy="打开时请给出 attachments")
        return self.shelf.get(digest)

    def editions(self) -> list[Edition]:
        """Return every list as it stands, by period and then by unit."""
        found = self.read(lambda c: repository.records(c, Edition))
        return sorted(found, key=lambda one: (one.period, one.key))

    @typed
    def actor(self, person: str, via: Via = Via.HOST) -> Actor:
        """Return the actor for a staff pseudonym of the active organization.

        Raises:
            NotFound: if nobody bears it.

        """
        found = self.rulebook().organization.actor(person, via)
        if found is None:
            raise NotFound(InputCode.PERSON_UNKNOWN, person=showable(person))
        return found
