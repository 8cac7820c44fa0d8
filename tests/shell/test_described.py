"""Signature, help, schema, fields, command, prompt and reference say the same."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.commands import COMMANDS
from huimin_flow.catalogue.fields import FIELDS
from huimin_flow.catalogue.terms import Argument, Criterion, FieldKind, Question
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.fields import Field, fields_of, schema
from huimin_flow.flow.methods import methods
from huimin_flow.flow.sensing.items import MADE
from huimin_flow.model.core.organization import Actor
from huimin_flow.shell.asking import Asker
from huimin_flow.shell.core.parameters import LONG, Named, arguments_of, asked
from huimin_flow.shell.core.values import Scored, Word
from huimin_flow.shell.main import huimin, places
from tests.shell.core.test_chinese import commands

METHODS = methods(Flow)
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "acts.md"
HAN = re.compile("[\u4e00-\u9fff]")

#: By path, every command but the groups.
COMMAND = {
    " ".join(path[1:]): command
    for path, command in commands(huimin)
    if not isinstance(command, click.Group)
}
#: By path: the act or question from which the command's parameters come.
ACT_OF = {path: act for _, (_, path, act, _) in places() if act}

#: Acts without a command of their own, and why.
NO_COMMAND = {
    "answers.give_all": "a host's answers in batches; a person gives one",
    "appeals.add_all": "a host's intake in batches; a person adds one",
    "bulk.do": "`bulk do` reads its rows from a sheet",
    "proposals.propose": "every act of two people proposes itself",
    "proposals.propose_rulebook": "`rules activate` proposes it",
}

#: By act: fields that its command fills in itself, and why.
FILLED = {
    "items.collect": {"continues", "responds_to", "split_from"},  # other steps' links
    "gathering.collect": {"continues", "responds_to", "split_from"},
    "items.attach": {"name", "content"},  # of the file
    "meetings.attach": {"name", "content"},
    "spot_checks.attach": {"name", "content"},
    "reviews.attach": {"name", "content"},
    "decisions.attach": {"name", "content"},
    "engagements.attach": {"name", "content"},
    "tasks.report": {"places", "feed", "measured_at"},  # of a sheet; of a feed
    "surveys.add_answers": {"answers", "lines", "refused", "source"},  # of the file
    "points.add_all": {"points"},  # of the file
    "feeds.deliver": {"figures", "measured_at", "lines", "refused", "source"},  # same
    "ratings.add": {"ratings", "lines", "refused", "source"},  # of the file
    "lists.enter_opening": {"opening", "numbers"},  # of the file
    "rulebook.activate": {"book"},  # the one of config/
    "rulebook.diff": {"book"},
    "burden.price": {"book"},
    "rulebook.what_if": {"book"},  # the one of another folder
    "rulebook.active": {"digest", "on"},  # the active one
    "items.list": {"numbers"},  # for programs
    "ratings.coverage": {"cut"},  # the present
    "ratings.by": {"cut"},
}

#: By act: fields that the door does not require, and why.
LENIENT = {
    "items.collect": {"unit"},  # one's own unit
    "items.execute": {"results"},  # excused tasks need none
    "ratings.by": {"dimension"},  # by unit
}

#: Arguments that no prompt asks for: a second person, a file, facts by their names.
UNASKED = {"second", "content", "corrections"}

#: Prints by path which module lays a command out, in a process that has loaded none.
LAID = """
import importlib, json, sys
from huimin_flow.shell.core.command_line import LAYOUTS
laid = {}
for module in sys.argv[1:]:
    importlib.import_module(f"huimin_flow.shell.{module}")
    laid |= dict.fromkeys(LAYOUTS.keys() - laid.keys(), module)
print(json.dumps(laid))
"""

#: What is computed, and links that steps of their own make, with their labels.
DERIVED = {
    each.value: each.label
    for each in (Criterion.PREVALENCE, *(word for word in Argument if word in MADE))
}

#: Commands that a question only describes in part.
PARTLY = {"next", "appeal export"}


def words(act: str) -> list[inspect.Parameter]:
    _, *parameters = inspect.signature(METHODS[act]).parameters.values()
    return [one for one in parameters if one.name != "by"]


def leaves(act: str) -> dict[str, Field]:
    return {field.path: field for field in fields_of(act)}


def test_the_catalogue_has_a_line_for_each_in_both_languages() -> None:
    assert ACTS.keys() == METHODS.keys()
    paths = {path.replace(" ", ".") for path in COMMAND}
    groups = {path.split()[0] for path in COMMAND if " " in path}
    shown = {path.replace(" ", ".") for path in ACT_OF}
    assert paths - shown <= COMMANDS.keys() <= paths | groups | {"huimin"}
    for chinese, english in [*ACTS.values(), *COMMANDS.values(), *FIELDS.values()]:
        assert HAN.search(chinese), chinese
        assert chinese.endswith("。"), chinese
        assert not HAN.search(english), english
        assert english.endswith("."), english


def test_exactly_the_fields_that_say_so_read_the_standard_input() -> None:
    said = {word for word, (line, _) in FIELDS.items() if "标准输入" in line}
    assert said == LONG


def test_a_command_is_laid_out_in_the_module_that_the_tree_names() -> None:
    """Otherwise it has its layout only if another command has loaded the module."""
    named = {path: module for _, (module, path, _, _) in places() if module}
    words = [sys.executable, "-c", LAID, *sorted(set(named.values()))]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == named


def test_every_act_is_a_command_or_says_why_not() -> None:
    done = {name for name, method in METHODS.items() if method.case.kind is Kind.ACT}
    assert done - set(ACT_OF.values()) == NO_COMMAND.keys()


@pytest.mark.parametrize("act", METHODS)
def test_signature_help_schema_and_fields_say_the_same(act: str) -> None:
    parameters = words(act)
    method = METHODS[act]
    for parameter in parameters:
        assert parameter.name in str(inspect.signature(method))
    made: Any = schema.function(None, act)  # type: ignore[arg-type]
    assert list(made.get("properties", {})) == [one.name for one in parameters]
    several = inspect.Parameter.VAR_POSITIONAL
    required = {
        one.name
        for one in parameters
        if one.default is one.empty and one.kind is not several
    }
    assert set(made.get("required", ())) == required
    assert made["description"] == ACTS[act][0]
    known = fields_of(act)
    roots = [re.split(r"[.\[]", field.path)[0] for field in known]
    assert list(dict.fromkeys(roots)) == [one.name for one in parameters]
    for field in known:
        root = re.split(r"[.\[]", field.path)[0]
        assert not field.required or root in required, field.path
        assert field.label
        assert field.english
        if field.kind is FieldKind.TERM:
            assert field.choices


@pytest.mark.parametrize("path", sorted(ACT_OF.keys() - PARTLY))
def test_a_command_takes_what_its_act_or_question_asks_for(path: str) -> None:
    act = ACT_OF[path]
    known, command = leaves(act), COMMAND[path]
    single = {"reports"} if act == "tasks.report" else set()
    taken = {param.name: param for param in command.params}
    wanted = {
        field.name: field
        for field in asked(act, single)
        if field.name not in FILLED.get(act, set())
    }
    assert wanted.keys() <= taken.keys()
    for name, field in wanted.items():
        param = taken[name]
        same = [
            leaf
            for leaf in known.values()
            if leaf.word == field.word
            and leaf.path.startswith(field.path.split(".")[0])
        ]
        assert same or isinstance(param.type, Scored | click.Path) or field.many, name
        must = field.hint is not Actor and any(leaf.required for leaf in same)
        lenient = name in LENIENT.get(act, set()) or getattr(param, "is_flag", False)
        if same and not lenient and param.default is None:
            assert param.required is must, name
        for leaf in same:
            if leaf.kind is FieldKind.TERM:
                assert isinstance(param.type, Word), name
                codes = [term.value for term in param.type.kind]
                assert [choice.code for choice in leaf.choices] == codes
            if leaf.kind is FieldKind.CODE:
                assert isinstance(param.type, Named), name
        if isinstance(param.type, Scored):
            terms = {part for path in known for part in path.split(".")}
            assert {term.value for term in param.type.kind} - DERIVED.keys() <= terms


@pytest.mark.parametrize("path", sorted(ACT_OF.keys() - PARTLY))
def test_only_what_limits_a_list_says_so(path: str) -> None:
    acts = METHODS[ACT_OF[path]].case.kind is Kind.ACT
    helps = [getattr(param, "help", None) or "" for param in COMMAND[path].params]
    assert not acts or not any(line.endswith(":只看它的。") for line in helps)


def test_the_reference_has_every_act_question_and_field() -> None:
    text = REFERENCE.read_text("utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    shown = {part.split("\n", 1)[0]: part for part in parts}
    own = {head for head in shown if head.startswith(("Flow.", "Trial."))}
    shown = {head: part for head, part in shown.items() if head not in own}
    for name in DERIVED:  # nobody enters them
        assert f".{name}` |" not in text, name
    assert shown.keys() == METHODS.keys()
    for act, part in shown.items():
        assert part.count("\n| `") == len(leaves(act))
        for field in leaves(act).values():
            assert f"| `{field.path}` | {field.label} | {field.english} |" in part


@pytest.mark.parametrize("act", [name for name in METHODS if name.startswith("items.")])
def test_the_prompt_asks_for_the_fields_by_their_labels(
    act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels: list[str] = []

    def answer(_: Asker, label: str, *__: object, **___: object) -> str:
        labels.append(label)
        return ""

    monkeypatch.setattr(Asker, "_line", answer)
    known = leaves(act)
    told = {field.label for field in known.values()}
    told |= {part for label in told for part in label.split()}
    asker = Asker(lambda: None)
    for field in arguments_of(act):
        if field.path not in UNASKED:
            asker.ask(field)
    plain = {re.split(r"[(?]", label)[0] for label in labels}
    plain = {one for one in plain if not re.match("再?加一项", one)}
    answers = {f"{word.label}的理由" for word in Question} | {w.label for w in Question}
    assert plain <= told | answers | {*DERIVED.values()}, plain - told
