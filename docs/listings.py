"""The listings of the reference: acts, commands, terms and refusals."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import click

from huimin_flow.catalogue import terms
from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.reasons import CODES
from huimin_flow.catalogue.typography import full_width
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.facade import Trial
from huimin_flow.flow.fields import fields_of
from huimin_flow.flow.methods import methods
from huimin_flow.shell.main import huimin, places

_EVERYWHERE = {"as_json", "database", "config"}


def commands() -> str:
    """Return every command with its arguments and options."""
    return (
        "# Commands\n\nWritten by `make docs` from `huimin_flow/shell/`; not by hand. "
        "Every command takes `--json`, and `--help`. JSON has codes; its texts are "
        "Chinese in every language. A refusal is one object on the error stream, with "
        "the file of the kept line as `draft`.\n" + "".join(_command(huimin, ""))
    )


def _command(command: click.Command, path: str) -> Iterator[str]:
    name = f"{path} {command.name}".strip()
    if not isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        arguments = " ".join(command.collect_usage_pieces(context)[1:])
        yield f"\n## {name} {arguments}".rstrip() + f"\n\n{command.help}\n\n"
        for one in command.params:
            if isinstance(one, click.Option) and one.name not in _EVERYWHERE:
                must = "(必填)" if one.required else ""
                yield f"- `{', '.join(one.opts)}` {one.help}{must}\n"
        return
    for _, below in sorted(command.commands.items()):
        yield from _command(below, name)


def acts() -> str:
    """Return every act and question of the library with its fields."""
    commands = {act: path for _, (_, path, act, _) in reversed([*places()])}
    return (
        "# Acts and questions\n\nWritten by `make docs` from `huimin_flow/flow/` and "
        "`huimin_flow/catalogue/`; not by hand. The methods of `Flow`, by noun and "
        "verb, after those of `Flow` itself.\n"
        + "".join("\n".join(own_methods(kind)) for kind in (Flow, Questions, Trial))
        + "".join(
            "\n".join(entry(name, method, commands.get(name, "")))
            for name, method in methods(Flow).items()
        )
    )


def own_methods(kind: type) -> Iterator[str]:
    """Yield the lines of the methods that stand under no noun."""
    for name, member in vars(kind).items():
        called = getattr(member, "fget", getattr(member, "__func__", member))
        if inspect.isfunction(called) and not name.startswith("_"):
            about, _, raised = (inspect.getdoc(called) or "").partition("Raises:\n")
            owner = "Trial" if kind is Trial else "Flow"
            yield f"\n## {owner}.{name}\n"
            if not isinstance(member, property):
                yield f"`{name}{_arguments(called)}`\n"
            yield about.strip()
            yield from _refuses(raised)
            yield ""


def _arguments(called: Any) -> str:
    """Return the parameters of a method in Python, with their defaults."""
    parts = inspect.signature(called).parameters.values()
    shown = [part.replace(annotation=part.empty) for part in parts]
    text = str(
        inspect.Signature([part for part in shown if part.name not in {"self", "cls"}])
    )
    return re.sub(r"<(\w+\.\w+): '[^']*'>", r"\1", text)


def _refuses(raised: str) -> Iterator[str]:
    """Yield the line of what a method refuses, from its docstring."""
    if raised:
        yield f"\nRefuses: {' '.join(raised.split())}"


def entry(name: str, method: Any, command: str) -> Iterator[str]:
    """Yield the lines of an act or a question."""
    chinese, english = ACTS[name]
    case = method.case
    rights = ", ".join(f"{right.label} `{right.value}`" for right in case.rights)
    facts = [case.kind.value, f"`huimin {command}`" if command else ""]
    facts += [f"needs {rights}" if rights else "", "two people" if case.two else ""]
    yield f"\n## {name}\n"
    yield f"{chinese} {english}\n"
    yield f"`flow.{name}{_arguments(method)}`\n"
    yield f"{'; '.join(filter(None, facts))}. Returns `{_type(method)}`.\n"
    if fields := fields_of(name):
        yield "| field | 中文 | English | kind | required | choices |"
        yield "|---|---|---|---|---|---|"
    for field in fields:
        choices = "、".join(
            f"`{choice.code}` {choice.name}" for choice in field.choices
        )
        many = ", several" if field.many else ""
        must = "yes" if field.required else ""
        yield (
            f"| `{field.path}` | {field.label} | {field.english} "
            f"| {field.kind.english}{many} | {must} | {choices} |"
        )
    yield from _refuses((inspect.getdoc(method) or "").partition("Raises:\n")[2])
    yield ""


def _type(method: Any) -> str:
    """Return the type of a method's answer without the names of modules."""
    text = inspect.formatannotation(inspect.signature(method).return_annotation)
    return re.sub(r"(?:\w+\.)+(?=\w)", "", text)


def glossary() -> str:
    """Return every word of the house with both labels."""
    parts = [
        (
            "# Glossary\n\n"
            "Written by `make docs` from `huimin_flow/catalogue/terms/`; not by hand.\n"
        )
    ]
    for kind in terms.kinds():
        about = (kind.__doc__ or "").splitlines()[0]
        rows = "\n".join(
            f"| `{word.value}` | {full_width(word.label)} | {word.english} |"
            for word in kind
        )
        parts.append(
            f"\n## {kind.__name__}\n\n{about}\n\n"
            f"| identifier | 中文 | English |\n|---|---|---|\n{rows}\n"
        )
    return "".join(parts)


def refusals() -> str:
    """Return every code of a refusal or finding with its sentences and ways out."""
    parts = [
        (
            "# Refusals\n\n"
            "Written by `make docs` from `huimin_flow/catalogue/reasons/`; not by hand."
            "\n\nA host branches on `refusal.code`, or on `reason.code` of each of "
            "`refusal.reasons`; of a `ConfigRefused` on `problem.reason.code`, which "
            "stands at `problem.file`, `line` and `key`. `reason.values` has the "
            "values in braces. A code never changes its meaning; its sentences may. "
            "A code without a way out is a finding of a rule: it stands in verdicts "
            "and explanations, and refuses nothing.\n"
        )
    ]
    for kind in {type(code): None for code in CODES.values()}:
        about = (kind.__doc__ or "").splitlines()[0]
        rows = "\n".join(
            f"| `{code.value}` | {full_width(code.label)} | {code.english} "
            f"| {full_width(code.way)} | {code.way_english} |"
            for code in kind
        )
        parts.append(
            f"\n## {kind.__name__}\n\n{about}\n\n"
            "| code | 理由 | reason | 办法 | way out |\n|---|---|---|---|---|\n"
            f"{rows}\n"
        )
    return "".join(parts)
