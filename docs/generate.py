"""Write the documents, and the parts of documents, that follow from the code.

``python docs/generate.py`` writes them; ``--check`` exits 1 where they differ. A
Chinese page, written by hand or not, gets full-width marks (GB/T 15834).
"""

from __future__ import annotations

import ast
import html
import inspect
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from huimin_flow.catalogue import terms
from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.reasons import CODES
from huimin_flow.catalogue.terms import State, Step
from huimin_flow.catalogue.typography import full_width
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.facade import Trial
from huimin_flow.flow.fields import fields_of
from huimin_flow.flow.methods import methods
from huimin_flow.shell.main import huimin, places
from huimin_flow.states.life import Arc, Life
from huimin_flow.states.table import LIFE, MAIN_LINE
from huimin_flow.streams import STREAMS

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "huimin_flow"

#: What a newcomer looks for, and the definition where it stands.
SOUGHT = {
    "satisfaction rate": "COUNTED",
    "“a unit without complaints has 0 only if”": "_Month",
    "role check": "authorize",
    "“database is read-only”": "store/_REFUSALS",
    "`huimin item close`": "flow/improving/close",
    "excusing a task": "flow/excuse",
    "one list by key": "list_of",
    "idempotency": "answered",
    "what a proposal needs": "TwoPersonAct",
    "rulebook ⇄ bytes": "rulebook_text",
    "what a rating must be": "Admission",
    "the December choice": "select",
    "working days": "working_day_after",
    "the table of states": "LIFE",
}

#: The parts of the loop, in their order: a later one may read an earlier one.
ROOMS = {
    "core": "what all stand on",
    "sensing": "appeals, gathering, screening",
    "deciding": "deliberation, judgment, stars, lists",
    "executing": "plans, tasks, progress",
    "services": "the catalogue, ratings, follow-ups",
    "scoring": "index, colors, ranking",
    "improving": "evaluation, adjustment",
}

#: Where each state stands in the drawing: column and row.
_PLACES = {state: (k, 1) for k, state in enumerate(MAIN_LINE)} | {
    State.MERGED: (0.5, 0),
    State.REJECTED: (1.5, 2),
    State.DEFERRED: (3, 0),
    State.CLOSED: (7, 2),
}
_WIDE, _HIGH, _BOX = 164, 170, (104, 46)


def main() -> int:
    """Write or check every document."""
    documents = {
        "reference/life-of-an-item.md": life(),
        "reference/refusals.md": refusals(),
        "reference/life-of-an-item.svg": drawing(),
        "reference/glossary.md": glossary(),
        "reference/commands.md": commands(),
        "reference/acts.md": acts(),
        "architecture.md": architecture(),
    }
    for path in (*HERE.rglob("*.md"), HERE.parent / "README.zh-CN.md"):
        name = os.path.relpath(path, HERE)
        page = documents.get(name) or path.read_text(encoding="utf-8")
        if is_chinese(page):
            documents[name] = wide(page)
    differing = []
    for name, text in documents.items():
        path = HERE / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            differing.append(name)
    for name in differing:
        print(f"docs/{name} differs from the code: run `make docs`")
    return bool(differing)


#: Of a page, what keeps its marks: code, addresses, tags, emphasis, pictures.
_KEPT = re.compile(
    r"^```.*?^```|^    [^\n]*|`[^`\n]*`|!?\[|\]\([^)\n]*\)|<[^>\n]*>|\*\*",
    re.MULTILINE | re.DOTALL,
)


def is_chinese(page: str) -> bool:
    """Tell whether a page has more Chinese characters than Latin ones, code aside."""
    text = _KEPT.sub("", page)
    return len(re.findall("[\u4e00-\u9fff]", text)) > len(re.findall("[A-Za-z]", text))


def wide(page: str) -> str:
    """Return a page with full-width marks beside Chinese characters and code.

    >>> wide("甲,乙(见 [丙](a.md)、`b,c`)")
    '甲\uff0c乙\uff08见 [丙](a.md)、`b,c`\uff09'

    """
    plain = _KEPT.sub(lambda kept: "文" * len(kept[0]), page)
    parts = [(kept.start(), kept[0]) for kept in _KEPT.finditer(page)]
    text = full_width(plain)
    for place, kept in parts:
        text = text[:place] + kept + text[place + len(kept) :]
    return text


def architecture() -> str:
    """Return the page of the architecture with its generated parts."""
    text = (HERE / "architecture.md").read_text(encoding="utf-8")
    parts = {"map": map_(), "rooms": rooms(), "lives": lives(), "answers": answers()}
    for name, part in parts.items():
        before, _, rest = text.partition(f"<!-- {name} -->")
        _, _, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}<!-- {name} -->\n\n{part}\n\n<!-- /{name} -->{after}"
    return text


def map_() -> str:
    """Return the layers, top to bottom, and the other contracts of imports."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))
    layers, *others = project["tool"]["importlinter"]["contracts"]
    rows = [
        "<br>".join(f"`{name}` {_about(name)}" for name in re.split(r" [|:] ", layer))
        for layer in layers["layers"]
    ]
    return "\n".join(
        ["| layers of `huimin_flow` |", "|---|", *(f"| {row} |" for row in rows), ""]
        + [f"- Held, too: {one['name']}." for one in others]
    )


def _about(name: str) -> str:
    """Return the first line of a layer's docstring."""
    module = PACKAGE / f"{name}.py"
    if not module.exists():
        module = PACKAGE / name / "__init__.py"
    doc = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return doc.splitlines()[0].rstrip(".")


def rooms() -> str:
    """Return the modules of each room, layer by layer; those of no room come first."""
    layers = (
        "model",
        "rules",
        "store",
        "flow",
        "exchange",
        "audit",
        "reports",
        "shell",
    )
    names = ("", *ROOMS)
    lines = [f"| | {' | '.join(f'`{layer}`' for layer in layers)} |", "|---" * 9 + "|"]
    for room in names:
        cells = [
            ", ".join(
                sorted(
                    path.stem
                    for path in (PACKAGE / layer / room).glob("*.py")
                    if path.stem != "__init__"
                )
            )
            for layer in layers
        ]
        lines.append(
            f"| {f'**{room}** {ROOMS[room]}' if room else ''} | {' | '.join(cells)} |"
        )
    return "\n".join(lines)


def lives() -> str:
    """Return the lives of all streams that have one, as diagrams."""
    lives = {one.life: one.kind for one in STREAMS.values() if len(one.life.states) > 1}
    return "\n\n".join(
        f"{kind.english[0].upper()}{kind.english[1:]}, {kind.label}:"
        f"\n\n```mermaid\n{mermaid(life)}\n```"
        for life, kind in lives.items()
    )


def answers() -> str:
    """Return where each thing that is looked for stands.

    Raises:
        LookupError: if a definition stands nowhere, or at several places.

    """
    rows = ["| | file | definition |", "|---|---|---|"]
    for thing, sought in SOUGHT.items():
        room, _, name = sought.rpartition("/")
        homes = [
            path.relative_to(PACKAGE.parent).as_posix()
            for path in sorted((PACKAGE / room).rglob("*.py"))
            if name in _defined(path)
        ]
        if len(homes) != 1:
            raise LookupError(f"{thing}: {name} is defined in {homes}; mend SOUGHT")
        rows.append(f"| {thing} | [{homes[0]}](../{homes[0]}) | `{name}` |")
    return "\n".join(rows)


def _defined(path: Path) -> set[str]:
    """Return what a module defines at its top level."""
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        names.add(getattr(node, "name", ""))
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        names |= {one.id for one in targets if isinstance(one, ast.Name)}
    return names


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


_EVERYWHERE = {"as_json", "database", "config"}


def acts() -> str:
    """Return every act and question of the library with its fields."""
    commands = {act: path for _, (_, path, act, _) in reversed([*places()])}
    return (
        "# Acts and questions\n\nWritten by `make docs` from `huimin_flow/flow/` and "
        "`huimin_flow/catalogue/`; not by hand. The methods of `Flow`, by noun and "
        "verb, after those of `Flow` itself.\n"
        + "".join("\n".join(_own(kind)) for kind in (Flow, Questions, Trial))
        + "".join(
            "\n".join(_act(name, method, commands.get(name, "")))
            for name, method in methods(Flow).items()
        )
    )


def _own(kind: type) -> Iterator[str]:
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


def _act(name: str, method: Any, command: str) -> Iterator[str]:
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


def life() -> str:
    """Return the table of an item's life with its diagram."""
    rows = "\n".join(_row(arc) for arc in LIFE)
    return (
        "# The life of an item\n\n"
        "Written by `make docs` from `huimin_flow/states/table.py`; not by hand.\n\n"
        "![The states and their steps](life-of-an-item.svg)\n\n"
        "| step | 步骤 | from | to | asked before it |\n|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def mermaid(life: Life) -> str:
    """Return a life as a Mermaid state diagram; arcs that stay are left out."""
    lines = ["stateDiagram-v2", "  direction LR"]
    lines += [f"  {state.value}: {state.label}" for state in life.states.values()]
    for arc in life.arcs:
        if arc.source is not arc.target:
            begun = "[*]" if arc.source is None else arc.source.value
            lines.append(f"  {begun} --> {arc.target.value}: {arc.step.label}")
    lines += [f"  {end.value} --> [*]" for end in life.ends]
    return "\n".join(lines)


def _row(arc: Arc) -> str:
    asked = [(one.__doc__ or "").splitlines()[0] for one in arc.guards]
    if arc.when is not None:
        asked.append((arc.when.__doc__ or "").splitlines()[0])
    source = (
        "(birth)" if arc.source is None else f"{arc.source.value} {arc.source.label}"
    )
    return (
        f"| `{arc.step.value}` | {arc.step.label} | {source} "
        f"| {arc.target.value} {arc.target.label} | {' '.join(asked)} |"
    )


def drawing() -> str:
    """Return the states as an SVG: the main line, and what lies beside it."""
    width, height = _WIDE * len(MAIN_LINE) + 20, _HIGH * 3
    shapes = [_roads(), *(_box(state) for state in _PLACES)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif">\n'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#5b6579"/>'
        "</marker></defs>\n"
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def _center(state: State) -> tuple[float, float]:
    column, row = _PLACES[state]
    return column * _WIDE + _WIDE / 2 + 10, row * _HIGH + _HIGH / 2


def _box(state: State) -> str:
    x, y = _center(state)
    wide, high = _BOX
    fill = "#fbeceb" if state in MAIN_LINE else "#eef1f6"
    return (
        f'<rect x="{x - wide / 2}" y="{y - high / 2}" width="{wide}" height="{high}" '
        f'rx="8" fill="{fill}" stroke="#5b6579"/>'
        f'<text x="{x}" y="{y + 6}" text-anchor="middle" font-size="17" '
        f'fill="#1d2433">{html.escape(state.label)}</text>'
    )


def _roads() -> str:
    labels: dict[tuple[State, State], list[Step]] = {}
    for arc in LIFE:
        if arc.source is not None and arc.source is not arc.target:
            steps = labels.setdefault((arc.source, arc.target), [])
            if arc.step not in steps:
                steps.append(arc.step)
    return "\n".join(_road(pair, steps) for pair, steps in labels.items())


def _road(pair: tuple[State, State], steps: list[Step]) -> str:
    (x, y), (to_x, to_y) = _center(pair[0]), _center(pair[1])
    text = "、".join(step.label for step in steps)
    half, rise = _BOX[0] / 2, _BOX[1] / 2
    back = y == to_y and to_x < x
    if y == to_y and not back:
        path, at = f"M{x + half} {y}L{to_x - half} {to_y}", ((x + to_x) / 2, y - 6)
    elif back:
        path = (
            f"M{x - 18} {y + rise}Q{(x + to_x) / 2} {y + 62} {to_x + 18} {to_y + rise}"
        )
        at = ((x + to_x) / 2, y + 58)
    else:
        down = 1 if to_y > y else -1
        lean = 14 if down > 0 else -14
        path = f"M{x + lean} {y + down * rise}L{to_x + lean} {to_y - down * rise}"
        along = 0.45 if abs(to_x - x) < 2 * _WIDE else 0.66
        at = (x + (to_x - x) * along + lean, y + (to_y - y) * along)
    return (
        f'<path d="{path}" fill="none" stroke="#5b6579" marker-end="url(#tip)"/>'
        f'<text x="{at[0]}" y="{at[1]}" text-anchor="middle" font-size="12" '
        f'fill="#a3262a" stroke="#fff" stroke-width="4" paint-order="stroke">'
        f"{html.escape(text)}</text>"
    )


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


if __name__ == "__main__":
    sys.exit(main())
