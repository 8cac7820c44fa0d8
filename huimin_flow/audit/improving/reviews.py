"""Review meetings and what they decided, held to their days and owners (F3).

1. A meeting is called for that day or a coming one. It is held on that day or later,
   and not on one to come.
2. Whoever attends a meeting or owns a decision is a post of the time; the chair is the
   first of those present, and nobody is named twice.
3. The minutes of a closed meeting were attached to it; it has some.
4. A decision is made while its meeting is held. Its due day isn't over then; a return
   leaves it, or sets one that isn't over.
5. The unit of a decision is there that day, and has the post that owns it.
6. No other open decision of the same owner says the same.
7. A report has files, which were attached to the decision. Each reminder counts.
"""

from __future__ import annotations

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import (
    DecisionStep,
    Flaw,
    ReviewMeetingState,
    ReviewMeetingStep,
)
from huimin_flow.clock import local_day
from huimin_flow.model.improving.reviews import Decision, ReviewMeeting
from huimin_flow.rules.improving import reviews as rules


def hold_review_meeting(act: Applied, made: ReviewMeeting) -> None:
    """Hold a step with a review meeting to the laws."""
    ledger, event, day = act.ledger, act.event, local_day(act.event.at)
    organization = ledger.books[str(event.rulebook)].organization
    posts = {post.id for post in organization.people}
    if event.step == ReviewMeetingStep.CALL:
        if made.held_on < day:
            act.hold("held_on", day, law="reviews 1")
        if made.chair not in posts:
            act.hold("chair", "", law="reviews 2")
    elif event.step == ReviewMeetingStep.HOLD:
        if not act.before.held_on <= made.held_on <= day:
            act.hold("held_on", act.before.held_on, law="reviews 1")
        present = made.participants
        strange = not posts.issuperset(present) or len({*present}) < len(present)
        if strange or present[:1] != (made.chair,):
            act.hold("participants", (made.chair,), law="reviews 2")
    elif event.step == ReviewMeetingStep.CLOSE:
        act.hold_attached(made.key, "minutes", law="reviews 3")


def hold_decision(act: Applied, made: Decision) -> None:
    """Hold a step with a decision of a review meeting to the laws."""
    event, old = act.event, act.before
    day = local_day(event.at)
    if (old is None or made.due != old.due) and made.due < day:
        act.hold("due", day, law="reviews 4")
    if event.step == DecisionStep.DECIDE:
        _hold_decided(act, made)
    elif event.step == DecisionStep.REPORT:
        act.hold_attached(made.key, "files", law="reviews 7")
    elif event.step == DecisionStep.REMIND:
        act.hold("reminders", old.reminders + 1, law="reviews 7")


def _hold_decided(act: Applied, made: Decision) -> None:
    """Hold a new decision to its meeting, its owner and what else was decided."""
    ledger, day = act.ledger, local_day(act.event.at)
    organization = ledger.books[str(act.event.rulebook)].organization
    meeting = ledger.values.get(made.meeting)
    if getattr(meeting, "state", None) is not ReviewMeetingState.HELD:
        act.hold("meeting", "", law="reviews 4")
    if organization.unit(made.unit, day) is None:
        act.hold("unit", "", law="reviews 5")
    if made.post:
        post = organization.post(made.post)
        if post is None:
            act.hold("post", "", law="reviews 2")
        else:
            act.hold("unit", post.unit, law="reviews 5")
    known = (each for each in ledger.values.values() if isinstance(each, Decision))
    other = rules.alike(made, (each for each in known if each.key != made.key))
    if other is not None:
        act.flag(Flaw.STEP_NOT_ALLOWED, other.key, part="decided", law="reviews 6")
