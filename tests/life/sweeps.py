"""What is tried at the end of a life, state by state: no road, no guard goes untried."""

from __future__ import annotations

from functools import partial
from typing import Any

from huimin_flow.catalogue.reasons import Reason, TaskCode
from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    Question,
    Recommendation,
    State,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.executing.plans import TaskResult
from tests import workflow
from tests.life.acts import excused_by
from tests.life.machine import LOOKED, TRIED, Lives
from tests.life.model import why_not
from tests.life.world import Known

#: Whose hands try what isn't theirs.
PEOPLE = (
    "leader-1", "deputy-1", "coordination-1", "publicity-1", "information-1",
    "supervision-1", "scheduler", "auditor-1", "op-500101", "head-500101",
    "op-500102", "head-DIV-JYC", "head-AG-SBJ",
)  # fmt: skip

#: Steps that have a use case of their own.
ACTS = tuple(one for one in workflow.PLAIN if one != "collect")

#: Steps by two people, who are of the unit if only its lists name the item.
OF_LISTS = frozenset({"enlist", "cancel", "defer", "reopen"})

#: Grounds that speak against a measure.
UNFIT = Verdict(
    rule="advising", revision=1, passed=False, score="0.00", reasons=(), inputs={}
)

#: What belongs to another body, which the evidence leaves open.
NOT_OURS = {"reason_code": "not_ours", "known": {"not_ours": "不属本局职责"}}

#: What a road's guard refuses, and with which code, when all else is there.
LACKS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "is_screened": (({"verdict": None}, "verdict_missing"),),
    "is_judged": (
        ({"deliberation": None}, "fact_missing"),
        ({"verdict": None}, "verdict_missing"),
    ),
    "has_stars": (({"verdict": None}, "verdict_missing"),),
    "is_selected": (
        ({"edition": None}, "freeze_needed"),
        ({"second": None}, "second_person_needed"),
    ),
    "is_ready": (
        ({"plan": None}, "fact_missing"),
        ({"verdict": None}, "verdict_missing"),
    ),
    "is_carried_out": (
        ({"results": ()}, "task_unsettled"),
        ({"results": (TaskResult(task="T1", met=False),)}, "task_unsettled"),
    ),
    "is_in_doubt": (({}, "not_in_doubt"),),
    "is_covered": (({"coverage": None}, "verdict_missing"),),
    "keeps_covered": (
        ({"verdict": None}, "verdict_missing"),
        ({"changed": False}, "nothing_changed"),
        ({"lost": (Reason.of(TaskCode.SHARE_ABOVE),)}, "share_above"),
    ),
    "is_borne_out": (({"unmet": (Reason.of(TaskCode.NO_FIGURE),)}, "task_no_figure"),),
    "has_no_open_return": (({"returned": ("T1",)}, "task_returns_open"),),
    "is_excused_by_another": (({"excuses": excused_by}, "same_person"),),
    "has_no_open_risk": (
        ({"risks": (AssessmentKind.LEGALITY,)}, "assessment_high_risk"),
    ),
    "has_figures": (({"owing": ("候工区",)}, "figures_owed"),),
    "has_result": (({"verdict": None}, "verdict_missing"),),
    "has_recommendation": (
        ({"recommendation": None}, "fact_missing"),
        ({"grounds": ""}, "fact_missing"),
    ),
    "has_partner": (
        ({"into": None}, "fact_missing"),
        ({"into_state": State.LISTED}, "merge_target_closed"),
    ),
    "has_children": (({"children": ()}, "fact_missing"),),
    "is_screened_out": (
        ({"reason_code": None}, "fact_missing"),
        ({"reason_code": "whim"}, "unknown_reason_code"),
    ),
    "is_judged_out": (
        ({"reason_code": None}, "fact_missing"),
        ({"reason_code": "whim"}, "unknown_reason_code"),
    ),
    "is_reasoned": (
        ({"reason_code": None}, "fact_missing"),
        ({"reason_code": "whim"}, "unknown_reason_code"),
    ),
    "names_the_body": (
        ({"referred_to": "health"}, "body_unasked"),
        (NOT_OURS, "body_missing"),
        ({**NOT_OURS, "referred_to": "whom"}, "body_unknown"),
    ),
    "corrects": (
        ({"changes": {}}, "fact_missing"),
        ({"changes": {"unit": "500106"}}, "not_amendable"),
    ),
    "two_may_confirm": (({"second": None}, "second_person_needed"),),
    "has_other": (({"other": None}, "fact_missing"),),
    "goes_to_another": (
        ({"unit": "500101"}, "transfer_same_unit"),
        ({"unit": "500099"}, "transfer_to_nobody"),
        ({"reason_code": "whim"}, "unknown_reason_code"),
        ({"by_job": True}, "no_succession"),
    ),
    "has_advice": (
        ({"recommendation": None}, "fact_missing"),
        ({"verdict": None}, "verdict_missing"),
    ),
    "fits_grounds": (
        ({"recommendation": Recommendation.CONTINUE, "verdict": UNFIT}, "advice_unfit"),
    ),
    "has_none_undecided": (({"undecided": "advice/2023-000001/01"}, "advice_open"),),
    "names_a_cause": (({"cause": None}, "fact_missing"),),
    "has_nothing_to_mend": (({"mending": ("advice/2023-000001/01",)}, "mending_open"),),
    "has_no_open_order": (
        ({"orders": ("supervision_order/2023-0001",)}, "order_open"),
    ),
    "has_no_open_finding": (
        (
            {"engagements": ("engagement/2023-000001/01",)},
            "engagement_not_followed",
        ),
    ),
    "has_no_open_rectification": (
        (
            {"rectifications": ("rectification/2023-0001",)},
            "rectification_open_yet",
        ),
    ),
    "is_not_stopped": (({"stopped": "advice/2023-000001/01"}, "measure_stopped"),),
    "is_only_successor": (({"successor": "2023-999998"}, "successor_open"),),
    "has_no_successor": (({"successor": "2023-999998"}, "successor_open"),),
}


#: What puts a part in doubt, and the step that asks for it, by where an item stands.
DOUBTS = {
    "screened": ("origin", "opinion", "judge"),
    "judged": ("origin", "opinion", "star"),
    "assigned": ("area", "social_security", "execute"),
    "executed": ("area", "social_security", "evaluate"),
}

#: Other ways of taking a step than the usual one.
WAYS: dict[str, tuple[dict[str, Any], ...]] = {
    "screen": ({}, {"level": 30}),
    "judge": ({}, *({"no": one} for one in Question)),
    "star": ({}, {"level": 30}),
    "evaluate": ({}, {"satisfaction": 50}),
    "adjust": ({}, {"recommendation": Recommendation.IMPROVE}),
    "amend": (
        {},
        {"field": "area", "text": "social_security"},
        {"field": "area", "text": "employment"},
        {"field": "origin", "text": "opinion"},
    ),
}

#: Steps whose negative finding takes the item elsewhere, but from its own place only.
FINDING = {"screen", "judge"}

#: All sweeps, in their order.
SWEEPS = ("nothing_else", "lacking", "strangers", "unready", "some_roads")


class Sweeps(Lives):
    """Tries that leave nothing to chance but where an item stands by then."""

    #: Which sweeps go over every state before a life begins.
    first: tuple[str, ...] = ()

    def sweep(self, states: int) -> None:
        """Try everything on an item of some states; other lives take other ones."""
        begun = self.story.position
        for n in range(begun, begun + states):
            for one in SWEEPS:
                self.over(one, n)

    def sweep_first(self) -> None:
        """Go over every state in the ways that are asked for."""
        count = len(workflow.STATES)
        for k, one in enumerate(self.first):
            for n in range(k * count, (k + 1) * count):
                self.over(one, n)

    def over(self, sweep: str, n: int) -> None:
        """Sweep over an item of one state."""
        state = workflow.STATES[n * 5 % len(workflow.STATES)]
        numbers = [m for m in sorted(self.known) if self.known[m].state == state]
        if numbers:
            getattr(self, sweep)(numbers[n % len(numbers)], n)

    def nothing_else(self, number: str, _: int = 0) -> None:
        """Expect that what the table lacks is refused for lack of a road."""
        others = sorted(set(workflow.PLAIN) - set(self.roads_from(number)))
        TRIED.update((step, self.known[number].state) for step in others)
        self.all_refused((self.whole(step, number), ["no_such_arc"]) for step in others)
        for step in FINDING & set(others):
            self.attempt(self.trial(step, number, **WAYS[step][-1]))

    def lacking(self, number: str, _: int = 0) -> None:
        """Expect that each guard refuses what lacks what it asks for."""
        known = self.known[number]
        self.all_refused(
            (partial(self.whole(step, number), **lack), [code])
            for step in self.roads_from(number)
            if step != "respond" or known.judged
            if (step, known.state) != ("reopen", "closed") or known.adjusted
            for guard in sorted(self.guards(step, known))
            for lack, code in LACKS[guard]
        )

    def guards(self, step: str, known: Known) -> frozenset[str]:
        """The guards of a road that refuse by themselves, as an item stands."""
        asked = workflow.asks(step, known.state) & LACKS.keys()
        if "is_in_doubt" not in asked:
            return frozenset() if known.doubt else asked
        if not known.doubt:  # nothing but this doubt opens the road
            return frozenset({"is_in_doubt"})
        return asked - {"is_in_doubt"} if known.doubt == {"result"} else frozenset()

    def strangers(self, number: str, n: int) -> None:
        """Expect that a step is refused to everybody who may not take it."""
        roads = [one for one in self.roads_from(number) if one in ACTS]
        if not roads:
            return
        step = roads[n % len(roads)]
        if step in OF_LISTS and not self.of_the_city(number):
            return
        tries = [
            self.trial(step, number, by=self.desk.actor(person)) for person in PEOPLE
        ]
        self.prepared(self.trial(step, number))
        refused = [(one, why_not(one, self.known)) for one in tries]
        acts = [(partial(self.hand.take, one), why) for one, why in refused if why]
        self.all_refused(acts)
        LOOKED["a stranger was refused"] += len(acts)

    def unready(self, number: str, _: int = 0) -> None:
        """Expect that nothing is built upon what is in doubt, or isn't there."""
        known = self.known[number]
        if known.state == "assigned":
            self.attempt(self.trial("reassign", number))
        if known.state in DOUBTS:
            field, text, step = DOUBTS[known.state]
            self.attempt(self.trial("amend", number, field=field, text=text))
            self.attempt(self.trial(step, number))
        if known.state == "listed":
            self.attempt(self.trial("cancel", number))
            self.attempt(self.trial("reopen", number))
        self.rework_all(number)
        for one in self.others(number) if known.state == "deferred" else ():
            if not self.known[one].judged:
                self.attempt(self.trial("respond", one))

    def rework_all(self, number: str, _: int = 0) -> None:
        """Send back whatever was evaluated: only what failed goes back."""
        evaluated = self.known[number].state == "evaluated"
        for one in self.others(number) if evaluated else ():
            if self.known[one].failed:
                self.attempt(self.trial("adjust", one))
            self.attempt(self.trial("rework", one))

    def doubted(self, number: str, _: int = 0) -> None:
        """Doubt all evaluations: nothing is adjusted by one before the next one."""
        evaluated = self.known[number].state == "evaluated"
        for one in self.others(number) if evaluated else ():
            self.attempt(self.trial("doubt", one))
            self.attempt(self.trial("adjust", one))

    def main_road(self, number: str, _: int = 0) -> None:
        """Take the step of the main line that comes next."""
        state = self.known[number].state
        if state in workflow.MAIN_LINE:
            at = workflow.MAIN_LINE.index(state)
            self.attempt(self.trial((*ACTS[:8], "close")[at], number))

    def some_roads(self, number: str, n: int) -> None:
        """Take roads that leave a state, with each item that stands there."""
        self.take_roads(number, self.ways_from(number), 3 * n)

    def rare_roads(self, number: str, n: int) -> None:
        """Take them from the last one on, others in each round."""
        ways = self.ways_from(number)[::-1]
        self.take_roads(number, ways, n // len(workflow.STATES) * 2)

    def ways_from(self, number: str) -> list[tuple[str, dict[str, Any]]]:
        """All ways of taking the roads that leave where an item stands."""
        return [
            (step, way)
            for step in sorted(self.roads_from(number))
            for way in WAYS.get(step, ({},))
        ]

    def take_roads(
        self, number: str, ways: list[tuple[str, dict[str, Any]]], begun: int
    ) -> None:
        """Take a road with each of up to three items that stand in one state."""
        state = self.known[number].state
        for k, one in enumerate(self.others(number)[:3] if ways else []):
            step, way = ways[(begun + k) % len(ways)]
            if self.known[one].state == state:
                self.attempt(self.trial(step, one, **way))

    def others(self, number: str) -> list[str]:
        """An item and all others that stand where it stands."""
        state = self.known[number].state
        found = [n for n in sorted(self.known) if self.known[n].state == state]
        return [number, *(n for n in found if n != number)]

    def of_the_city(self, number: str) -> bool:
        """Whether no unit's lists alone name an item; areas' proposals don't count."""
        owners = {
            row["key"].rpartition("/")[2]
            for row in self.seen.rows("record")
            if row["kind"] == "Edition" and f'"item":"{number}"' in row["body"]
        } - {area.value for area in Area}
        return len(owners) != 1 or owners == {"city"}
