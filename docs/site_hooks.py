"""What MkDocs calls while it builds the site; ``mkdocs.yml`` names this file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File
from site_pages import API, ROOMS, pages, room_of

HERE = Path(__file__).parent
INDEX = HERE / "index.md"

#: The parts of the site, and the folder of each.
PARTS = {
    "Tutorials": "tutorial",
    "How-to": "how-to",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decisions": "decisions",
}

#: A link of a page to another file.
LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\((?!https?:|#)([^)#\s]+)[^)\s]*\)")

#: What stands under no folder of a part.
_BESIDE = {"architecture.md": "explanation"}


def on_config(config: Any) -> Any:
    """Give the site its navigation: the pages of the index, part by part."""
    links = re.findall(r"\[([^\]]+)\]\(([\w./-]+\.md)\)", INDEX.read_text("utf-8"))
    named = {path: name[0].upper() + name[1:] for name, path in reversed(links)}
    nav: list[dict[str, Any]] = [{"Documentation": "index.md"}]
    for part, folder in PARTS.items():
        under = [
            {named[path]: path}
            for path in dict.fromkeys(path for _, path in links)
            if _BESIDE.get(path, path.partition("/")[0]) == folder
        ]
        if folder == "reference":
            under.append({"Python API": list(_api())})
        nav.append({part: under})
    config.nav = nav
    return config


def _api() -> Iterator[Any]:
    """Yield the navigation of the pages of the API, room by room."""
    made = pages()
    yield f"{API}/index.md"
    yield {"Flow": f"{API}/flow.md"}
    named = {path.split("/")[-1].removesuffix(".md"): path for path in made}
    nouns = [name for name, path in named.items() if made[path][:7] == "# flow."]
    for room in ROOMS:
        own = [{f"flow.{n}": named[n]} for n in nouns if room_of(n) == room]
        yield {room.capitalize(): [*own, {"Values": named[f"values-{room}"]}]}
    yield {"Functions": f"{API}/functions.md"}
    yield {"Terms": f"{API}/terms.md"}
    yield {"Errors and codes": f"{API}/errors.md"}
    told = [path for path in made if "/examples/" in path]
    yield {"Examples": [{path.split("/")[-1][:-3]: path} for path in told]}


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that only the site has."""
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(text: str, page: Any, **_: Any) -> str:
    """Return a page as the site can show it.

    A link to a file that the site hasn't becomes its text, and a diagram that a
    browser would load a script for becomes a table.
    """
    if page.file.src_uri == "reference/acts.md":  # the site has the same by noun
        page.meta["search"] = {"exclude": True}
    text = re.sub(r"```mermaid\n(.*?)```", _table, text, flags=re.DOTALL)
    if page.file.generated_by:
        return text
    folder = (HERE / page.file.src_uri).parent

    def linked(link: re.Match[str]) -> str:
        target = (folder / link[2]).resolve()
        return link[0] if target.is_relative_to(HERE) else link[1]

    return LINK.sub(linked, text)


def _table(block: re.Match[str]) -> str:
    """Return the table of the arcs in a state diagram."""
    names = dict(re.findall(r"^  (\w+): (.+)$", block[1], re.MULTILINE))
    rows = ["| from | step | to |", "|---|---|---|"]
    arcs = re.findall(r"^  (\S+) --> (\S+)(?:: (.+))?$", block[1], re.MULTILINE)
    for source, target, step in arcs:
        begun, end = (names.get(one, "") for one in (source, target))
        rows.append(f"| {begun or '(birth)'} | {step or '(end)'} | {end} |")
    return "\n".join(rows)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Say that a page of Chinese text is Chinese, for fonts and for screen readers."""
    text = re.sub(r"`[^`]*`", "", page.markdown or "")
    chinese = len(re.findall("[\u4e00-\u9fff]", text))
    if chinese > len(re.findall("[A-Za-z]", text)):
        return output.replace('<html lang="en"', '<html lang="zh-CN"', 1)
    return output
