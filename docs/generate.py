"""Write the documents, and the parts of documents, that follow from the code.

``python docs/generate.py`` writes them; ``--check`` exits 1 where they differ. A
Chinese page, written by hand or not, gets full-width marks (GB/T 15834).
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from pathlib import Path

from feed import SCHEMAS, changes, schemas
from listings import acts, commands, glossary, refusals
from lives import drawing, life, mermaid

from huimin_flow.catalogue.typography import full_width
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


def main() -> int:
    """Write or check every document."""
    documents = {
        "reference/life-of-an-item.md": life(),
        "reference/refusals.md": refusals(),
        "reference/changes.md": changes(),
        SCHEMAS: schemas(),
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


if __name__ == "__main__":
    sys.exit(main())
