"""The command tree, one-shot; the interactive shell serves the same."""

from __future__ import annotations

import io
import sys

import click

from huimin_flow.shell import drafts
from huimin_flow.shell.appeals import appeal
from huimin_flow.shell.asides import ASIDES
from huimin_flow.shell.auditing import audit
from huimin_flow.shell.edge import answer
from huimin_flow.shell.editions import edition, proposal
from huimin_flow.shell.executing import EXECUTING
from huimin_flow.shell.follow_ups import FOLLOW_UPS
from huimin_flow.shell.founding import demo, init
from huimin_flow.shell.health import doctor
from huimin_flow.shell.items import item
from huimin_flow.shell.meetings import assessment, meeting
from huimin_flow.shell.progress import progress
from huimin_flow.shell.prompt import shell
from huimin_flow.shell.ratings import rating
from huimin_flow.shell.reporting import report
from huimin_flow.shell.rulebooks import rules
from huimin_flow.shell.scores import score
from huimin_flow.shell.steps import STEPS
from huimin_flow.shell.timing import scheduler, timetable
from huimin_flow.shell.usage import reword


@click.group(help="惠民有感:从一条诉求到可以重放、可以证明的办理历史。")
@click.version_option(package_name="huimin-flow", message="%(version)s")
def huimin() -> None:
    """Be the root of all commands."""


for command in (
    init, demo, doctor, shell, appeal, item, meeting, assessment, edition, proposal,
    progress, rating, score, report, rules, timetable, scheduler, audit,
    drafts.drafts_command,
):  # fmt: skip
    huimin.add_command(command)
for command in (*STEPS, *EXECUTING, *ASIDES):
    item.add_command(command)

for command in FOLLOW_UPS:
    rating.add_command(command)

reword(huimin)


def invoke(given: list[str], *, piped: bool = False) -> int:
    """Run one line of the tree; see ``edge.answer``."""
    return answer(huimin, given, piped=piped)


def run(arguments: list[str] | None = None) -> None:
    """Run the process's command line and exit with its code."""
    words = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the terminal can't write
            stream.reconfigure(errors="backslashreplace")
    sys.exit(invoke(words, piped=sys.stdin is not None and not sys.stdin.isatty()))
