"""Golden figures: what a rule publishes, it publishes again (X3)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import UnitKind
from huimin_flow.errors import NotFound
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.executing.plans import Indicator, Progress
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import MonthlyColors, MonthlyScore
from huimin_flow.model.scoring.rules import IndexRule, PlanCurve, Scoring
from huimin_flow.model.scoring.scores import Node, Reading, Score
from huimin_flow.model.services.catalogue import FollowUpRule
from huimin_flow.rules.core.due import Activation
from huimin_flow.rules.executing import pacing
from huimin_flow.rules.executing.running import Running, run_step
from huimin_flow.rules.publication import COLORING, RANKING
from huimin_flow.rules.revisions import (
    CONTRIBUTION,
    LATE,
    MEASURING,
    OWING,
    PACING,
    Revisions,
)
from huimin_flow.rules.scoring.late import AfterCut
from huimin_flow.rules.scoring.measuring import MonthFacts
from huimin_flow.settings import load_rulebook
from tests.rules.test_golden import GOLDEN, RELEASED

ALL: tuple[Revisions[Any], ...] = (
    CONTRIBUTION,
    COLORING,
    LATE,
    MEASURING,
    OWING,
    PACING,
    RANKING,
)
NAMED = [(one.rule, number) for one in ALL for number in sorted(one.by_revision)]

Kept = dict[str, Any]


def shape(score: Score, *, tree: bool) -> Kept:
    """A score and its tree, without sources and reasons, which only tell of it."""
    plain: Kept = to_plain(replace(score, tree=None))
    del plain["reasons"]
    if tree and score.tree is not None:
        plain["tree"] = _shape(score.tree)
    return plain


def _shape(node: Node) -> list[Any]:
    return [node.name, node.op, node.value, [_shape(one) for one in node.inputs]]


def _contribution(kept: Kept, revisions: dict[str, int]) -> tuple[Any, Any]:
    contribution = CONTRIBUTION.of(revisions)
    rules = from_plain(dict[str, IndexRule], kept["rules"])
    found = [
        [
            shape(score, tree=expected["tree"] is not None)
            for score, expected in zip(
                contribution(
                    tuple(case["group"]),
                    from_plain(dict[str, dict[str, Reading]], case["readings"]),
                    case["sizes"],
                    rules[case["rule"]],
                    period="2023-11",
                ),
                case["scores"],
                strict=True,
            )
        ]
        for case in kept["cases"]
    ]
    return found, [case["scores"] for case in kept["cases"]]


def _coloring(kept: Kept, revisions: dict[str, int]) -> tuple[Any, Any]:
    colored = COLORING.of(revisions)
    books = _books(kept)
    found = [
        colored(
            UnitKind.DISTRICT,
            from_plain(MonthlyScore, case["scores"]),
            from_plain(MonthlyColors | None, case["before"]),  # type: ignore[arg-type]
            from_plain(MonthlyScore | None, case["scores_before"]),  # type: ignore[arg-type]
            books[case["book"]],
            books.__getitem__,
        )
        for case in kept["cases"]
    ]
    return to_plain(found), [case["colors"] for case in kept["cases"]]


def _ranking(kept: Kept, revisions: dict[str, int]) -> tuple[Any, Any]:
    places = RANKING.of(revisions)
    books = _books(kept)
    found = [
        places(
            "2023Q4",
            from_plain(list[MonthlyScore | None], case["months"]),
            UnitKind.DISTRICT,
            books[case["book"]],
            books.__getitem__,
        )
        for case in kept["cases"]
    ]
    return to_plain(found), [case["places"] for case in kept["cases"]]


def _books(kept: Kept) -> dict[str, Rulebook]:
    """The rulebooks of a golden file."""
    config = load_rulebook(Path(__file__).parents[2] / "config")
    scorings = from_plain(dict[str, Scoring], kept["books"])
    return {
        name: replace(config, scoring=one, digest=name)
        for name, one in scorings.items()
    }


def _pacing(kept: Kept, revisions: dict[str, int]) -> tuple[Any, Any]:
    standing = PACING.of(revisions)
    curves = from_plain(dict[str, PlanCurve], kept["curves"])
    found = [
        standing(
            from_plain(Indicator, case["indicator"]),
            from_plain(list[Progress], case["reports"]),
            curves[case["curve"]],
            begun=date.fromisoformat(case["begun"]),
            due=date.fromisoformat(case["due"]),
            day=date.fromisoformat(case["day"]),
            tolerance=case["tolerance"],
            leeway=case["leeway"],
            limit=case["limit"],
        )
        for case in kept["cases"]
    ]
    return to_plain(found), [case["standing"] for case in kept["cases"]]


def with_steps(facts: Kept) -> Kept:
    """The facts of a month with the steps of the kept events."""
    steps = {
        number: [to_plain(run_step(from_plain(Event, each))) for each in events]
        for number, events in facts["histories"].items()
    }
    return facts | {"histories": steps}


def _measuring(kept: Kept, revisions: dict[str, int]) -> tuple[Any, Any]:
    """Ask of the config's units, by the kept table and deadlines."""
    config = load_rulebook(Path(__file__).parents[2] / "config")
    book = replace(
        config,
        digest="measured",
        scoring=from_plain(Scoring, kept["scoring"]),
        services=replace(
            config.services, follow_up=from_plain(FollowUpRule, kept["follow_up"])
        ),
    )
    activations = (Activation(since=datetime(2023, 1, 1, tzinfo=UTC), book=book),)
    found = [
        MEASURING.of(revisions)(
            replace(
                from_plain(MonthFacts, with_steps(case["facts"])),
                activations=activations,
            ),
            book,
            pacing.indicator_pace,
        )
        for case in kept["cases"]
    ]
    return to_plain(found), [case["readings"] for case in kept["cases"]]


def _owing(kept: Kept, revisions: dict[str, int]) -> tuple[Any, Any]:
    organization = load_rulebook(Path(__file__).parents[2] / "config").organization
    found = [
        OWING.of(revisions)(
            [
                from_plain(Running, {k: v for k, v in item.items() if k != "title"})
                for item in case["running"]
            ],
            {
                (report["item"], report["task"], report["indicator"])
                for reports in case["reports"].values()
                for report in reports
                if report["month"] == case["period"]
            },
            organization,
            last_day(case["period"]),
        )
        for case in kept["cases"]
    ]
    return to_plain(found), [case["owing"] for case in kept["cases"]]


def _late(kept: Kept, revisions: dict[str, int]) -> tuple[Any, Any]:
    found = [
        LATE.of(revisions)(
            from_plain(AfterCut, with_steps(case["after"])), case["channels"]
        )
        for case in kept["cases"]
    ]
    return to_plain(found), [case["late"] for case in kept["cases"]]


AGAIN: dict[str, Callable[[Kept, dict[str, int]], tuple[Any, Any]]] = {
    "contribution": _contribution,
    "coloring": _coloring,
    "late": _late,
    "measuring": _measuring,
    "owing": _owing,
    "pacing": _pacing,
    "ranking": _ranking,
}


def _read(rule: str, revision: int) -> Kept:
    text = (GOLDEN / f"{rule}-{revision}.json").read_text(encoding="utf-8")
    kept: Kept = json.loads(text)
    return kept


@pytest.mark.parametrize(("rule", "revision"), NAMED)
def test_a_released_revision_makes_the_figures_it_made(
    rule: str, revision: int
) -> None:
    assert f"{rule}-{revision}.json" in RELEASED
    found, expected = AGAIN[rule](_read(rule, revision), {rule: revision})
    assert expected
    assert found == expected


def test_the_golden_figures_reach_every_way_of_making_one() -> None:
    ops: Counter[str] = Counter()

    def walk(node: list[Any]) -> None:
        ops[node[1]] += 1
        for one in node[3]:
            walk(one)

    for case in _read("contribution", 1)["cases"]:
        for score in case["scores"]:
            if score["tree"] is not None:
                walk(score["tree"])
    assert {"wilson_low", "wilson_high", "curve_higher", "curve_lower"} <= set(ops)
    assert {"percentile_higher", "percentile_lower"} <= set(ops)
    assert {"beside_higher", "beside_lower"} <= set(ops)
    assert {"ratio", "difference", "median", "weighted", "rounded"} <= set(ops)
    paces = {case["standing"]["pace"] for case in _read("pacing", 1)["cases"]}
    assert paces == {"ahead", "on_time", "behind", "unknown"}


def test_the_golden_colors_and_places_give_every_reason_of_theirs() -> None:
    codes = {
        reason["code"]
        for name, number, of in (("coloring", 1, "colors"), ("ranking", 1, "places"))
        for case in _read(name, number)["cases"]
        for one in case[of]
        for reason in one["reasons"]
    }
    colors = {one for one in ScoreCode if one.startswith(("color_", "part_"))}
    places = {
        ScoreCode.LEADS_AT,
        ScoreCode.TRAILS_AT,
        ScoreCode.EVENLY_FIRST,
        ScoreCode.EVEN_AT,
        ScoreCode.ALONE_AT,
        ScoreCode.WITHOUT_THESE,
    }
    assert colors | places | {ScoreCode.BANDS_CHANGED, ScoreCode.LEFT_OUT} <= codes


def test_a_revision_that_nobody_knows_is_refused_in_words() -> None:
    with pytest.raises(NotFound, match="第99版"):
        COLORING.of({"coloring": 99})
