"""The lives of streams as tables and drawings."""

from __future__ import annotations

import html

from huimin_flow.catalogue.terms import State, Step
from huimin_flow.states.life import Arc, Life
from huimin_flow.states.table import LIFE, MAIN_LINE

#: Where each state stands in the drawing: column and row.
_PLACES = {state: (k, 1) for k, state in enumerate(MAIN_LINE)} | {
    State.MERGED: (0.5, 0),
    State.REJECTED: (1.5, 2),
    State.DEFERRED: (3, 0),
    State.CLOSED: (7, 2),
}
_WIDE, _HIGH, _BOX = 164, 170, (104, 46)


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
