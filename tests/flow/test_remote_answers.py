"""Every question of the demo's year, asked of its file and behind a service."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import (
    Argument,
    Attribute,
    Criterion,
    Question,
    State,
    Step,
    StreamKind,
    Via,
)
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.clock import ClockStatus
from huimin_flow.flow.methods import methods
from huimin_flow.model.deciding.deliberations import Answer, Judgment
from huimin_flow.model.items import ItemTraits
from huimin_flow.rehearsal.story import SERVED
from tests.desk.serving import serving
from tests.flow.test_wire import same

QUESTIONS = [
    name for name, one in methods(Flow).items() if one.case.kind is Kind.QUESTION
]


#: Questions about what the demo's last day has none of, or with values of their own.
#: What follows a plan is asked of its rehearsal: tests/acceptance/test_carried_out.py.
NOTHING_THERE = {
    "items.screening", "items.judging", "lists.preview", "proposals.get",
    "advice.get", "items.grounds", "items.starring", "ledgers.demand_changes", "lists.overrides", "third_parties.get",
    "proposals.stale", "appeals.receipt", "screening.get", "policies.get",
    "policies.review", "measures.get", "points.get", "gathering.explain",
    "answers.proposal", "feeds.get", "feeds.figures", "orders.get", "tasks.returned",
    "spot_checks.get", "spot_checks.view", "spot_checks.show", "spot_checks.record",
    "rectifications.get", "reviews.get", "reviews.files", "reviews.pack",
    "decisions.get", "decisions.files", "practices.get", "replications.get",
    "engagements.get", "engagements.files", "engagements.sample", "engagements.redraw",
}  # fmt: skip


@pytest.fixture(scope="module")
def both(
    played: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flow, Flow]]:
    """The demo's database, opened and behind a service."""
    path = tmp_path_factory.mktemp("service") / "desk.sock"
    with (
        Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}", read_only=True) as near,
        serving(near, path) as service,
        Flow.open(service.url) as far,
    ):
        yield near, far
        assert service.failures == []


@pytest.fixture(scope="module")
def known(both: tuple[Flow, Flow]) -> dict[str, list[Any]]:
    """Values of the demo for each argument of a question, by its name."""
    flow, _ = both
    edition = next(each for each in flow.lists.list() if each.dated)
    items = [place.item for place in edition.places]
    appeal = flow.appeals.list(limit=1)[0]
    book = flow.rulebook.active()
    posts = {who.id: who for who in map(flow.people.actor, ("office-1", "op-500230"))}
    meeting = flow.meetings.list(limit=1)[0].key
    assessment = flow.assessments.list(limit=1)[0].key
    answers = dict.fromkeys(Question, Answer(yes=True, reason="甲"))
    board, survey = flow.boards.list()[0].key, flow.surveys.list(limit=1)[0]
    digests = [file.digest for item in items for file in flow.items.attachments(item)]
    return {
        "number": [items[0], flow.items.list(State.CLOSED)[0].number],
        "numbers": [None, items[:3]],
        "states": [State.CLOSED, State.EXECUTED],
        "traits": [None, ItemTraits()],
        "by": list(posts.values()),
        "step": [Step.REOPEN],
        "scores": [{Criterion.URGENCY: 80}],
        "deliberation": [meeting],
        "judgment": [Judgment(answers=answers, scores=dict.fromkeys(Attribute, 80))],
        "digest": digests[:1] or ["0" * 64],
        "beginning": ["2023-"],
        "key": [
            *(survey.key, board, edition.key, appeal.key, "score/2023-10"),
            *(meeting, assessment),
        ],
        "frame": [[f"{survey.item}-{n:03d}" for n in range(SERVED)]],
        "edition": [None],
        "period": ["2023-10", "2023Q3", "2023"],
        "year": [2023],
        "first": ["2023-01"],
        "last": ["2023-03"],
        "unit": [None, "500230"],
        "dimension": ["unit", "channel"],
        "first_record": [1],
        "last_record": [9],
        "person": ["office-1"],
        "account": ["root"],
        "via": [Via.HOST],
        "written": ["50", "巫山县"],
        "argument": [Argument.UNIT, Argument.NUMBER],
        "act": ["items.judge", None],
        "stream": [f"item/{items[0]}", "rulebook"],
        "book": [book],
        "colors": [flow.scores.colors("2023-10")],
        "since": [flow.items.history(items[0])[0].event.at, None, "2023Q4", "2023-10"],
        "until": ["2023-12"],
        "limit": [3],
        "channel": [None, appeal.channel],
        "item": [items[0], None],
        "appeal": [(appeal.channel, appeal.key)],
        "title": ["社保卡补办"],
        "kind": [StreamKind.ITEM],
    }


def calls(known: dict[str, list[Any]], name: str) -> Iterator[dict[str, Any]]:
    """Yield arguments for a question: the required ones, then one more at a time."""
    _, *parameters = inspect.signature(methods(Flow)[name]).parameters.values()
    needed = [
        one.name
        for one in parameters
        if one.default is one.empty and one.kind is not one.VAR_POSITIONAL
    ]
    needed += ["by"] if any(one.name == "by" for one in parameters) else []
    least = {part: known[part][0] for part in needed if known[part]}
    for part in [None, *(one.name for one in parameters)]:
        for value in known.get(part or "", [None]):
            yield {**least, **({} if part is None else {part: value})}


def asked(now: Questions, name: str, arguments: dict[str, Any]) -> Any:
    noun, _, verb = name.partition(".")
    given = dict(arguments)
    states = given.pop("states", None)
    more = () if states is None else (states,)
    try:
        return getattr(getattr(now, noun), verb)(*more, **given)
    except HuiminError as refusal:
        return type(refusal), refusal.reasons, refusal.earliest
    except TypeError:
        return None  # an argument is missing, or None where a value must be


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_answered_alike_behind_a_service(
    both: tuple[Flow, Flow], known: dict[str, list[Any]], name: str
) -> None:
    near, far = both
    tried = answered = 0
    with near.snapshot() as here, far.snapshot() as there:
        for arguments in calls(known, name):
            if name == "people.identify":
                arguments["account"] = "nobody"  # who calls the service of the tests
            expected, told = asked(here, name, arguments), asked(there, name, arguments)
            if isinstance(expected, ClockStatus):  # it names the present moment
                told = replace(told, moment=expected.moment)
            assert same(expected, told, texts=True), (arguments, expected, told)
            tried += expected is not None
            answered += not (
                isinstance(expected, tuple)
                and expected[:1]
                and isinstance(expected[0], type)
            )
    assert tried
    assert answered or name in NOTHING_THERE
