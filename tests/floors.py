"""Print the lowest release of everything that the floor tests install.

``make floors`` makes an environment of them, so that the lower bounds of
pyproject.toml are bounds that somebody has tried.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

#: What the tests themselves need beside the package and its extras.
TOOLS = ("hypothesis", "openpyxl", "pytest>")


def main() -> None:
    """Print one requirement a line, each held to its lower bound."""
    file = Path(__file__).parent.parent / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [line for line in extras.pop("dev") if line.startswith(TOOLS)]
    for others in ("bench", "docs", "django", "hosts"):  # peers, the site, hosts
        extras.pop(others, None)
    lines += [
        *project["dependencies"],
        *(one for some in extras.values() for one in some),
    ]
    for line in sorted(set(lines)):
        if not line.startswith("huimin-flow"):
            print(line.partition(",")[0].replace(">=", "=="))  # noqa: T201 - its work


if __name__ == "__main__":
    main()
