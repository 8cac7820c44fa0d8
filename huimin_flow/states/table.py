"""The life of an item: the workflow as data, one row an arc.

Read this table to know the workflow. A step without an arc is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.terms import State, Step
from huimin_flow.states.guards import advice, tasks
from huimin_flow.states.guards import items as guards
from huimin_flow.states.life import Arc, Guard, Life, Selector


def _arc(
    step: Step,
    source: State | None,
    target: State,
    *needs: Guard,
    when: Selector | None = None,
) -> Arc:
    return Arc(step=step, source=source, target=target, guards=needs, when=when)


def _stays(step: Step, sources: tuple[State, ...], *needs: Guard) -> tuple[Arc, ...]:
    return tuple(_arc(step, state, state, *needs) for state in sources)


#: The nine states of the main line, in their order.
MAIN_LINE = (
    State.COLLECTED,
    State.SCREENED,
    State.JUDGED,
    State.STARRED,
    State.LISTED,
    State.ASSIGNED,
    State.EXECUTED,
    State.EVALUATED,
    State.ADJUSTED,
)

#: The states that end an item's life; only ``reopen`` leaves them.
ENDS = (State.CLOSED, State.REJECTED)

#: All other states.
OPEN_STATES = tuple(state for state in State if state not in ENDS)

#: Items that run: a successor begins their next round, they keep their state.
_RUNNING = (State.ASSIGNED, State.EXECUTED, State.EVALUATED, State.ADJUSTED)

#: Items to whose demand another unit may respond.
_ANSWERABLE = (State.JUDGED, State.STARRED, State.LISTED, *_RUNNING, State.DEFERRED)

#: A step that takes an item off a list, or back from its end.
_BY_TWO = (guards.is_reasoned, guards.two_may_confirm)

#: A result or a recommendation; until the next step the same person may replace it.
_EVALUATES = (guards.has_result, guards.has_figures, guards.plan_holds)
_ADJUSTS = (guards.has_recommendation, guards.fits_result, guards.evaluation_holds)

LIFE: tuple[Arc, ...] = (
    # first events
    _arc(Step.COLLECT, None, State.COLLECTED),
    _arc(Step.RESPOND, None, State.JUDGED, guards.has_other),
    # the main line
    _arc(Step.SCREEN, State.COLLECTED, State.SCREENED, guards.is_screened),
    _arc(
        Step.JUDGE,
        State.SCREENED,
        State.JUDGED,
        guards.is_judged,
        guards.screening_holds,
    ),
    _arc(
        Step.STAR, State.JUDGED, State.STARRED, guards.has_stars, guards.screening_holds
    ),
    _arc(Step.ENLIST, State.STARRED, State.LISTED, guards.is_selected),
    _arc(Step.ASSIGN, State.LISTED, State.ASSIGNED, guards.is_ready, tasks.is_covered),
    _arc(
        Step.EXECUTE,
        State.ASSIGNED,
        State.EXECUTED,
        guards.is_carried_out,
        tasks.is_borne_out,
        tasks.has_no_open_return,
        guards.is_excused_by_another,
        guards.has_no_open_risk,
        guards.plan_holds,
    ),
    _arc(Step.EVALUATE, State.EXECUTED, State.EVALUATED, *_EVALUATES),
    _arc(Step.ADJUST, State.EVALUATED, State.ADJUSTED, *_ADJUSTS),
    _arc(
        Step.CLOSE,
        State.ADJUSTED,
        State.CLOSED,
        advice.has_nothing_to_mend,
        guards.has_no_open_order,
        guards.has_no_open_rectification,
        guards.has_no_open_finding,
        guards.evaluation_holds,
    ),
    # what a final evaluation rests on was corrected: it is made again
    *_stays(Step.DOUBT, (State.EVALUATED, State.ADJUSTED), guards.names_a_cause),
    _arc(
        Step.EVALUATE,
        State.ADJUSTED,
        State.EVALUATED,
        guards.is_in_doubt,
        *_EVALUATES,
    ),
    # a final evaluation that failed
    _arc(Step.REWORK, State.EVALUATED, State.ASSIGNED, guards.has_failed),
    # one demand, several items
    _arc(Step.MERGE, State.COLLECTED, State.MERGED, guards.has_partner),
    _arc(Step.MERGE, State.SCREENED, State.MERGED, guards.has_partner),
    _arc(Step.UNMERGE, State.MERGED, State.COLLECTED, when=guards.was_collected),
    _arc(Step.UNMERGE, State.MERGED, State.SCREENED, when=guards.was_screened),
    *_stays(Step.SPLIT, (State.COLLECTED, State.SCREENED), guards.has_children),
    # deferred or rejected; a negative verdict counts in the state of its own step
    _arc(
        Step.REJECT,
        State.COLLECTED,
        State.REJECTED,
        guards.is_screened_out,
        guards.names_the_body,
    ),
    _arc(
        Step.REJECT,
        State.SCREENED,
        State.REJECTED,
        guards.is_judged_out,
        guards.names_the_body,
    ),
    _arc(
        Step.REJECT,
        State.JUDGED,
        State.REJECTED,
        guards.is_reasoned,
        guards.names_the_body,
    ),
    _arc(Step.DEFER, State.SCREENED, State.DEFERRED, guards.is_judged_out),
    _arc(Step.DEFER, State.JUDGED, State.DEFERRED, guards.is_reasoned),
    _arc(Step.DEFER, State.STARRED, State.DEFERRED, guards.is_reasoned),
    _arc(Step.DEFER, State.LISTED, State.DEFERRED, *_BY_TWO),
    _arc(Step.REVIVE, State.DEFERRED, State.SCREENED),
    # sent back by the holder of the next step
    _arc(Step.RETURN, State.SCREENED, State.COLLECTED, guards.is_reasoned),
    _arc(Step.RETURN, State.JUDGED, State.SCREENED, guards.is_reasoned),
    _arc(Step.RETURN, State.STARRED, State.JUDGED, guards.is_reasoned),
    _arc(Step.RETURN, State.ASSIGNED, State.LISTED, guards.is_reasoned),
    _arc(Step.RETURN, State.EXECUTED, State.ASSIGNED, guards.is_reasoned),
    # taken off the list by two people
    _arc(Step.CANCEL, State.LISTED, State.CLOSED, *_BY_TWO),
    _arc(Step.CANCEL, State.ASSIGNED, State.CLOSED, *_BY_TWO),
    # taken back from its end by two people
    _arc(
        Step.REOPEN, State.REJECTED, State.COLLECTED, *_BY_TWO, guards.is_only_successor
    ),
    _arc(
        Step.REOPEN,
        State.CLOSED,
        State.ADJUSTED,
        *_BY_TWO,
        guards.is_only_successor,
        guards.was_adjusted,
    ),
    # corrected, continued, responded to: the item keeps its state
    *_stays(Step.EVALUATE, (State.EVALUATED,), *_EVALUATES),
    *_stays(Step.ADJUST, (State.ADJUSTED,), *_ADJUSTS),
    *_stays(Step.AMEND, OPEN_STATES, guards.corrects),
    *_stays(Step.ANNOTATE, OPEN_STATES, guards.enters_own),
    *_stays(
        Step.ADVISE,
        (State.ASSIGNED, State.EXECUTED),
        advice.has_advice,
        advice.fits_grounds,
        advice.has_none_undecided,
    ),
    *_stays(
        Step.CARRY_OVER,
        _RUNNING,
        guards.has_other,
        guards.has_no_successor,
        advice.is_not_stopped,
    ),
    *_stays(Step.RESPOND, _ANSWERABLE, guards.was_judged, guards.has_other),
    *_stays(Step.TRANSFER, OPEN_STATES, guards.goes_to_another),
    *_stays(Step.REASSIGN, (State.ASSIGNED,), guards.is_reasoned, tasks.keeps_covered),
)


ITEM = Life(LIFE, ends=ENDS)

#: The step that takes each step back, or the same step if another time replaces it.
#: None if the book has none: what was split, continued or responded to is another item
#: by then, and a step back is taken forward.
COUNTER_STEPS: Mapping[Step, Step | None] = {
    Step.COLLECT: Step.REJECT,
    Step.SCREEN: Step.RETURN,
    Step.JUDGE: Step.RETURN,
    Step.STAR: Step.RETURN,
    Step.ENLIST: Step.DEFER,
    Step.ASSIGN: Step.RETURN,
    Step.EXECUTE: Step.RETURN,
    Step.EVALUATE: Step.EVALUATE,
    Step.ADJUST: Step.ADJUST,
    Step.ADVISE: None,
    Step.CLOSE: Step.REOPEN,
    Step.REWORK: None,
    Step.MERGE: Step.UNMERGE,
    Step.UNMERGE: Step.MERGE,
    Step.SPLIT: None,
    Step.REJECT: Step.REOPEN,
    Step.DEFER: Step.REVIVE,
    Step.REVIVE: Step.DEFER,
    Step.RETURN: None,
    Step.AMEND: Step.AMEND,
    Step.CANCEL: None,
    Step.REOPEN: None,
    Step.CARRY_OVER: None,
    Step.RESPOND: None,
    Step.TRANSFER: Step.TRANSFER,
    Step.REASSIGN: Step.REASSIGN,
    Step.DOUBT: Step.EVALUATE,
    Step.ANNOTATE: Step.ANNOTATE,
}
