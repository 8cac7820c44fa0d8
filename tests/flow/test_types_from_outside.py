"""What checkers and editors tell a host's program about the public API is true."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pydoc import plain, render_doc
from typing import Any

import jedi
import pytest

from huimin_flow.api import Flow
from huimin_flow.flow.methods import methods
from tests.flow import public_api
from tests.sampled import NIGHTLY

METHODS = methods(Flow)

#: A program of a host: each comment is the type that is revealed, or an error.
PROGRAM = """\
from datetime import date

from huimin_flow import Flow
from huimin_flow.api import (
    Actor, Answer, Area, Argument, AssessmentKind, Attribute, Criterion, Demand, Judgment,
    Misrating, Origin, Progress, Question, Recommendation, Rulebook, State, StepRefused, Via,
)

demand = Demand(title="t", origin=Origin.PROBLEM, area=Area.TALENT, unit="500101")
answers = {Question.WANTED: Answer(yes=True, reason="r")}
judgment = Judgment(answers=answers, scores={Attribute.POSSIBILITY: 80})
wrong = Demand(title="t")  # error

def day(flow: Flow, clerk: Actor, head: Actor, book: Rulebook) -> None:
    with flow.acting(clerk, request="r-7") as act:
        reveal_type(act)  # Flow
        item = act.items.collect(demand)
        reveal_type(item)  # Item
        reveal_type(item.state)  # State
        act.items.screen(item.number, {Criterion.URGENCY: 80})
        reveal_type(act.items.judge(item.number, "1", judgment, version=2))  # Item
        reveal_type(act.items.carry_over(item.number))  # tuple[Item, Item]
        reveal_type(act.lists.confirm("k", second=head))  # Edition
        reveal_type(act.meetings.hold(held_on=date(2026, 1, 2), chair="c", participants=["p"], agenda=[], minutes="m"))  # Deliberation
        reveal_type(act.assessments.request("1", AssessmentKind.LEGALITY, "a"))  # Assessment
        reveal_type(act.tasks.report([]))  # Intake
        reveal_type(act.ratings.object_to("t", next(iter(Misrating)), "g"))  # FollowUp
        reveal_type(act.rulebook.activate(book, second=head))  # str
        act.lists.confirm("k")  # error
        act.items.screen(item.number, {"urgency": 80})  # error
        act.items.adjust(item.number, "stop", "g")  # error
        act.items.collect({"title": "t"})  # error
        act.appeals.link(item.number, [["channel", "key"]])  # error
        act.tasks.report([Progress(item="1", task="T1")])  # error
    with flow.snapshot() as now:
        reveal_type(now)  # Snapshot
        reveal_type(now.items.list(State.JUDGED, unit="500101", limit=5))  # list[Item]
        reveal_type(now.items.count(area=Area.TALENT))  # int
        reveal_type(now.items.possible("1", clerk))  # tuple[Possibility, ...]
        reveal_type(now.items.possible("1", clerk)[0].who[0].post)  # str
        reveal_type(now.appeals.list(after=("c", "k")))  # tuple[AppealSummary, ...]
        reveal_type(now.scores.month_if_any("2026-10"))  # MonthlyScore | None
        reveal_type(now.proposals.waiting())  # tuple[Proposal, ...]
        reveal_type(now.records.last_recorded())  # datetime | None
        reveal_type(now.people.actor("office-1", Via.HOST))  # Actor
        reveal_type(now.todo(clerk))  # tuple[Todo, ...]
        reveal_type(now.fields.of("items.judge"))  # tuple[Field, ...]
        reveal_type(now.fields.of("items.judge")[0].choices)  # tuple[Choice, ...]
        reveal_type(now.fields.schema("items.judge"))  # Mapping[str, Any]
        reveal_type(now.fields.resolve(Argument.UNIT, "w"))  # str
        now.items.close("1")  # error
        now.items.list("judged")  # error
        now.fields.resolve("unit", "w")  # error
        now.nouns  # error
    with flow.dry() as dry:
        reveal_type(dry.items.close("1", by=clerk).state)  # State
        reveal_type(dry.events())  # tuple[Event, ...]
    flow.items.close(1, by=clerk)  # error
    flow.items.close(by=clerk)  # error
    flow.items.close("1", clerk)  # error
    flow.items.adjust("1", Recommendation.STOP, "g", by=clerk, second=head)  # error
    reveal_type(flow.todo())  # tuple[Todo, ...]
    flow.once("r").items.undo(1)  # error
    try:
        flow.items.close("1", by=clerk)
    except StepRefused as refused:
        reveal_type(refused.reasons)  # tuple[Reason, ...]

def every(flow: Flow) -> None:
"""


@dataclass
class Told:
    """What a checker tells: types by line and the lines with an error."""

    types: dict[int, str]
    errors: set[int]


def mypy(folder: Path, cache: Path) -> Told:
    """The strict mypy on the program, with nothing of our own configuration."""
    lines = _run(
        *("-m", "mypy", "--strict", "--config-file=", f"--cache-dir={cache}"),
        str(folder / "program.py"),
    ).splitlines()
    types: dict[int, str] = {}
    errors: set[int] = set()
    for line in lines:
        where, _, message = line.partition(": ")
        if message.startswith("note: Revealed type is"):
            kind = message.split('"')[1]
            silent = kind.startswith("def ") and " -> " not in kind
            types[int(where.rpartition(":")[2])] = kind + " -> None" * silent
        elif message.startswith("error: "):
            errors.add(int(where.rpartition(":")[2]))
    return Told(types, errors)


def pyright(folder: Path, _cache: Path) -> Told:
    """Pyright in its standard mode on the program."""
    config = json.dumps({"typeCheckingMode": "standard"})
    (folder / "pyrightconfig.json").write_text(config, encoding="utf-8")
    report = _run(
        *("-m", "basedpyright", "--outputjson", f"--pythonpath={sys.executable}"),
        *("-p", str(folder)),
    )
    types: dict[int, str] = {}
    errors: set[int] = set()
    for message in json.loads(report)["generalDiagnostics"]:
        line = message["range"]["start"]["line"] + 1
        if message["severity"] == "information":
            types[line] = re.fullmatch(
                'Type of ".*" is "(.*)"', message["message"], re.DOTALL
            )[1]  # type: ignore[index]
        else:
            errors.add(line)
    return Told(types, errors)


def _run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr  # the errors we ask for
    return done.stdout


#: By day pyright sees the signatures; mypy sees our own calls in ``make check``.
CHECKERS = [mypy, pyright] if NIGHTLY else [pyright]


@pytest.fixture(
    scope="module", params=CHECKERS, ids=[check.__name__ for check in CHECKERS]
)
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Told:
    folder = tmp_path_factory.mktemp("host")
    every = "".join(f"    reveal_type(flow.{name})\n" for name in METHODS)
    (folder / "program.py").write_text(PROGRAM + every, encoding="utf-8")
    check: Callable[[Path, Path], Told] = request.param
    cached = request.config.pluginmanager.hasplugin("cacheprovider")
    cache = request.config.cache.mkdir("mypy") if cached else folder / "cache"
    return check(folder, cache)


def test_a_checker_sees_each_signature_as_it_is_at_run_time(told: Told) -> None:
    first = len(PROGRAM.splitlines()) + 1
    seen = {name: _shown(told.types[n]) for n, name in enumerate(METHODS, first)}
    assert seen == {
        name: _shown(public_api.signature(method)) for name, method in METHODS.items()
    }


def test_a_checker_sees_true_types_and_refuses_wrong_arguments(told: Told) -> None:
    lines = PROGRAM.splitlines()
    comments = {n: line.partition("  # ")[2] for n, line in enumerate(lines, 1)}
    expected = {n: kind for n, kind in comments.items() if kind not in {"", "error"}}
    assert {n: _shown(told.types[n]) for n in expected} == expected
    assert told.errors == {n for n, kind in comments.items() if kind == "error"}


def _shown(text: str) -> str:
    """Return a type without modules, values of defaults and marks of one checker."""
    text = public_api.plain(text).removeprefix("def ")
    text = re.sub(r" =(?: \(\)| [^,)]*)?", " =", text)
    text = re.sub(r"tuple\[[^\[\]]*, fallback=(\w+)\]", r"\1", text)
    return re.sub(r"-> \((.*)\)$", r"-> \1", text)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_tells_its_own_parameters_and_where_it_stands(name: str) -> None:
    method: Any = METHODS[name]
    case = inspect.unwrap(method)
    shown = list(inspect.signature(method).parameters.values())[1:]
    own = list(inspect.signature(case).parameters.values())[1:]
    assert [(part.name, part.kind, part.default) for part in shown] == [
        (part.name, part.kind, part.default) for part in own
    ]
    assert inspect.getsource(method) == inspect.getsource(case)
    page = plain(render_doc(method))
    assert public_api.plain(str(inspect.signature(method))) in public_api.plain(page)
    assert case.__doc__.splitlines()[0] in page


def test_an_editor_goes_to_the_noun_and_from_there_to_the_use_case(
    tmp_path: Path,
) -> None:
    program = 'from huimin_flow import Flow\nflow = Flow.open("x")\nflow.items.judge\n'
    script = jedi.Script(program, path=tmp_path / "program.py")
    (noun,) = script.goto(3, len("flow.items.j"), follow_imports=True)
    assert noun.module_path.parent.name == "facets"
    text = noun.module_path.read_text(encoding="utf-8").splitlines()[noun.line - 1]
    assert text.strip() == "judge = closing.judge"
    column = text.index(".judge") + 2
    (case,) = jedi.Script(path=noun.module_path).goto(
        noun.line, column, follow_imports=True
    )
    judge = inspect.unwrap(METHODS["items.judge"]).__code__
    assert (str(case.module_path), case.name) == (judge.co_filename, "judge")
