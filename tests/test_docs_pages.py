"""What the pages say, read without running them: commands, language, links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from huimin_flow.shell.main import huimin
from tests.test_docs import DOCS, ROOT, blocks

PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])

#: What generates the commands' own page holds it; the changelog tells of the past.
SHOWN = [one for one in PAGES if one.name not in {"commands.md", "CHANGELOG.md"}]


def test_the_page_on_mistakes_names_every_act_command_and_what_takes_it_back() -> None:
    def commands(group: click.Group, path: str) -> Iterator[tuple[str, bool]]:
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                yield from commands(command, f"{path} {name}")
            else:
                yield f"{path} {name}", getattr(command.callback, "acts", False)

    known = dict(commands(huimin, "huimin"))
    page = (DOCS / "how-to" / "take-it-back.zh-CN.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(huimin [^`]+)` \| (.+?) \|", page, re.MULTILINE))
    assert sorted(rows) == sorted(name for name, acts in known.items() if acts)
    back = {way.strip("`") for way in rows.values() if way.startswith("`")}
    assert back <= {*known}


def shown_commands() -> Iterator[tuple[str, str]]:
    for path in SHOWN:
        text = path.read_text(encoding="utf-8")
        lines = [one for block in blocks(path, "sh") for one in block.splitlines()]
        lines += [one.strip() for one in text.splitlines() if one.startswith("    ")]
        lines += re.findall(r"`([^`\n]+)`", text)
        for line in lines:
            if line.startswith("huimin ") and "·" not in line and "…" not in line:
                yield path.name, line


@pytest.mark.parametrize(("page", "line"), sorted(set(shown_commands())))
def test_a_command_that_a_page_shows_exists_with_its_options(
    page: str, line: str
) -> None:
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = huimin
    while isinstance(command, click.Group) and words and words[0][0] != "-":
        command = command.commands[words.pop(0)]
    known = {name for one in command.params for name in one.opts} | {"--help"}
    told = {one.partition("=")[0] for one in words if one.startswith("--")}
    assert told <= known, page


@pytest.mark.parametrize(
    "name",
    [
        "change-the-rules",
        "import-appeals.zh-CN",
        "import-ratings",
        "a-clerks-day.zh-CN",
        "read-a-page.zh-CN",
        "take-it-back.zh-CN",
        "the-offices-december.zh-CN",
        "report-progress",
        "run-the-scheduler",
        "install-for-a-bureau.zh-CN",
        "work-in-the-browser.zh-CN",
    ],
)
def test_a_page_for_operators_is_chinese(name: str) -> None:
    text = (DOCS / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    for line in re.sub(r"`[^`]*`", "", text).splitlines():
        words = re.findall(r"[a-z]{2,}", line.partition("](")[0])
        assert line.startswith("    ") or len(words) < 4, line


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_a_link_leads_to_a_file(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_index_leads_to_every_page() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    for path in DOCS.rglob("*.md"):
        if path.name != "index.md":
            assert f"({path.relative_to(DOCS)})" in index, path.name


#: What a host imports; the last one has the rows of tables, which it only reads.
PUBLIC = {
    *("huimin_flow", "huimin_flow.api", "huimin_flow.testing", "huimin_flow.django"),
    *("huimin_flow.desk.acts", "huimin_flow.store.rows"),
}


def test_hosts_import_public_modules_only() -> None:
    pages = [page for page in PAGES if page.name != "CHANGELOG.md"]
    programs = {page.name: "\n".join(blocks(page, "python")) for page in pages}
    for path in (ROOT / "examples").rglob("*.py"):
        programs[str(path)] = path.read_text("utf-8")
    line = re.compile(
        r"^\s*(?:from|import) (huimin_flow[\w.]*)(?: import (.+))?", re.MULTILINE
    )
    inside = {
        (where, module)
        for where, program in programs.items()
        for module, names in line.findall(program)
        if module not in PUBLIC and f"{module}.{names}" not in PUBLIC
    }
    assert inside == set()
