"""Fill the page docs/explanation/performance.md from bench.json and growth.json.

``python -m bench.page`` writes the parts between the page's marks; a part whose
file is missing, or is that of a tiny run, stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bench import growth, harness

PAGE = harness.ROOT / "docs" / "explanation" / "performance.md"


def filled(text: str, parts: Mapping[str, str]) -> str:
    """Return a page with new texts between its marks.

    Raises:
        ValueError: if the page lacks a mark.

    """
    for name, part in parts.items():
        first, last = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, mark, rest = text.partition(first)
        _, end, after = rest.partition(last)
        if not mark or not end:
            raise ValueError(f"the page lacks {first} or {last}")
        text = f"{before}{first}\n\n{part}\n\n{last}{after}"
    return text


def of_bench(plain: Mapping[str, Any]) -> dict[str, str]:
    """Return the parts that bench.json fills: the machine and the table."""
    rows = [line.cells() for line in harness.lines_of(plain["lines"])]
    rule = ["---"] * len(harness.HEAD)
    cells = [harness.HEAD, rule, *rows]
    blocks = f"{plain['blocks']} paired blocks"
    return {
        "machine": f"{plain['machine']}; {blocks}.",
        "table": "\n".join(f"| {' | '.join(row)} |" for row in cells),
    }


def of_growth(plain: Mapping[str, Any]) -> dict[str, str]:
    """Return the part that growth.json fills: a plot of each series."""
    plots = map(growth.plot, growth.series_of(plain["series"]))
    drawn = "\n\n".join(f"```text\n{drawing}\n```" for drawing in plots)
    return {"growth": f"{plain['machine']}.\n\n{drawn}"}


def main() -> None:
    """Fill the page from the result files that exist."""
    text = PAGE.read_text(encoding="utf-8")
    for path, parts in ((harness.RESULT, of_bench), (growth.RESULT, of_growth)):
        plain = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if plain.get("tiny", True):
            print(f"{path.name} is missing or tiny: its part of the page stays")
            continue
        text = filled(text, parts(plain))
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
