"""The whole table of an item's life, written from the design and from nothing else.

Plain words, so that the code under test has no part in it: every step, from which
states, to which, and what it asks for. Births leave no state.
"""

from __future__ import annotations

BIRTH = "unborn"

MAIN_LINE = (
    "collected", "screened", "judged", "starred", "listed",
    "assigned", "executed", "evaluated", "adjusted",
)  # fmt: skip

ENDS = ("closed", "rejected")

OPEN = (*MAIN_LINE, "merged", "deferred")

STATES = (*OPEN, *ENDS)

RUNNING = ("assigned", "executed", "evaluated", "adjusted")

#: Where a demand is that another unit may take up: it was judged, and has no end.
TAKEN_UP = ("judged", "starred", "listed", *RUNNING, "deferred")

Road = tuple[str, str, str]

_MOVES: dict[str, dict[str, str]] = {
    "collect": {BIRTH: "collected"},
    "screen": {"collected": "screened"},
    "judge": {"screened": "judged"},
    "star": {"judged": "starred"},
    "enlist": {"starred": "listed"},
    "assign": {"listed": "assigned"},
    "execute": {"assigned": "executed"},
    "evaluate": dict.fromkeys(("executed", "evaluated", "adjusted"), "evaluated"),
    "adjust": {"evaluated": "adjusted", "adjusted": "adjusted"},
    "advise": {"assigned": "assigned", "executed": "executed"},
    "close": {"adjusted": "closed"},
    "rework": {"evaluated": "assigned"},
    "merge": {"collected": "merged", "screened": "merged"},
    "split": {"collected": "collected", "screened": "screened"},
    "reject": dict.fromkeys(("collected", "screened", "judged"), "rejected"),
    # Decision 3: a deliberation that says "not yet" puts off what stands screened.
    "defer": dict.fromkeys(("screened", "judged", "starred", "listed"), "deferred"),
    "revive": {"deferred": "screened"},
    "return_": {
        "screened": "collected",
        "judged": "screened",
        "starred": "judged",
        "assigned": "listed",
        "executed": "assigned",
    },
    "amend": {state: state for state in OPEN},
    "annotate": {state: state for state in OPEN},
    "cancel": {"listed": "closed", "assigned": "closed"},
    # The only way back from an end.
    "reopen": {"rejected": "collected", "closed": "adjusted"},
    "carry_over": {state: state for state in RUNNING},
    "respond": {BIRTH: "judged"} | {state: state for state in TAKEN_UP},
    "transfer": {state: state for state in OPEN},
    "reassign": {"assigned": "assigned"},
    # What an evaluation rests on was corrected: it is made again.
    "doubt": {state: state for state in ("evaluated", "adjusted")},
}

#: "merged → where it was": the one step with two ends.
_BACK = {("unmerge", "merged", "collected"), ("unmerge", "merged", "screened")}

#: Every road there is.
ROADS: frozenset[Road] = frozenset(
    {(step, source, to) for step, ways in _MOVES.items() for source, to in ways.items()}
    | _BACK
)

STEPS = (*_MOVES, "unmerge")

#: Those that need no extension of a host.
PLAIN = tuple(step for step in STEPS if step != "annotate")

#: What each step asks for, besides that the table has it; "defer" of a listed item
#: asks for a second person as well.
ASKS: dict[str, frozenset[str]] = {
    "collect": frozenset(),
    "screen": frozenset({"is_screened"}),
    "judge": frozenset({"is_judged", "screening_holds"}),
    "star": frozenset({"has_stars", "screening_holds"}),
    "enlist": frozenset({"is_selected"}),
    "assign": frozenset({"is_ready", "is_covered"}),
    "execute": frozenset(
        {"is_carried_out", "is_excused_by_another", "has_no_open_risk", "plan_holds"}
        | {"is_borne_out", "has_no_open_return"}
    ),
    "evaluate": frozenset({"has_result", "has_figures", "plan_holds"}),
    "adjust": frozenset({"has_recommendation", "fits_result", "evaluation_holds"}),
    "advise": frozenset({"has_advice", "fits_grounds", "has_none_undecided"}),
    "close": frozenset(
        {
            "has_nothing_to_mend",
            "has_no_open_order",
            "has_no_open_rectification",
            "has_no_open_finding",
            "evaluation_holds",
        }
    ),
    "rework": frozenset({"has_failed"}),
    "merge": frozenset({"has_partner"}),
    "unmerge": frozenset(),
    "split": frozenset({"has_children"}),
    "reject": frozenset({"is_reasoned", "names_the_body"}),
    "defer": frozenset({"is_reasoned"}),
    "revive": frozenset(),
    "return_": frozenset({"is_reasoned"}),
    "amend": frozenset({"corrects"}),
    "annotate": frozenset({"enters_own"}),
    "cancel": frozenset({"is_reasoned", "two_may_confirm"}),
    "reopen": frozenset({"is_reasoned", "two_may_confirm", "is_only_successor"}),
    "carry_over": frozenset({"has_other", "has_no_successor", "is_not_stopped"}),
    "respond": frozenset({"was_judged", "has_other"}),
    "transfer": frozenset({"goes_to_another"}),
    "reassign": frozenset({"is_reasoned", "keeps_covered"}),
    "doubt": frozenset({"names_a_cause"}),
}


#: Where a negative verdict stands for a reason code: where its own step begins.
_FOUND = {"collected": "is_screened_out", "screened": "is_judged_out"}


def asks(step: str, source: str) -> frozenset[str]:
    """What one road asks for."""
    if step in ("reject", "defer") and source in _FOUND:
        return ASKS[step] - {"is_reasoned"} | {_FOUND[source]}
    if (step, source) == ("defer", "listed"):
        return ASKS[step] | {"two_may_confirm"}
    if (step, source) == ("reopen", "closed"):
        return ASKS[step] | {"was_adjusted"}
    if (step, source) == ("evaluate", "adjusted"):
        return ASKS[step] | {"is_in_doubt"}
    if (step, source) == ("respond", BIRTH):
        return frozenset({"has_other"})
    return ASKS[step]


def leads(step: str, source: str) -> frozenset[str]:
    """Where a step leads from a state: nowhere, if the table lacks it."""
    return frozenset(to for one, at, to in ROADS if (one, at) == (step, source))
