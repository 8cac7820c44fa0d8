"""The command tree for one-shot commands and the interactive shell."""

from __future__ import annotations

import io
import sys

import click

from huimin_flow.shell.audit import audit
from huimin_flow.shell.core import drafts
from huimin_flow.shell.core.command_line import answer
from huimin_flow.shell.core.prompt import shell
from huimin_flow.shell.core.usage import reword
from huimin_flow.shell.deciding.editions import EDITIONS
from huimin_flow.shell.deciding.judgment import JUDGMENT
from huimin_flow.shell.deciding.lists import edition, proposal
from huimin_flow.shell.deciding.meetings import assessment, meeting
from huimin_flow.shell.executing.plans import PLANS
from huimin_flow.shell.executing.progress import progress
from huimin_flow.shell.founding import demo, init
from huimin_flow.shell.health import doctor
from huimin_flow.shell.improving.evaluation import EVALUATION
from huimin_flow.shell.items import item
from huimin_flow.shell.reports import report
from huimin_flow.shell.rulebook import rules
from huimin_flow.shell.scoring.scores import score
from huimin_flow.shell.sensing.appeals import appeal
from huimin_flow.shell.sensing.items import SENSING
from huimin_flow.shell.services.follow_ups import FOLLOW_UPS
from huimin_flow.shell.services.ratings import rating
from huimin_flow.shell.timetable import scheduler, timetable


@click.group(help="惠民有感:从一条诉求到可以重放、可以证明的办理历史。")
@click.version_option(package_name="huimin-flow", message="%(version)s")
def huimin() -> None:
    """Define the root of all commands."""


for command in (
    init, demo, doctor, shell, appeal, item, meeting, assessment, edition, proposal,
    progress, rating, score, report, rules, timetable, scheduler, audit,
    drafts.drafts_command,
):  # fmt: skip
    huimin.add_command(command)
for command in (*SENSING, *JUDGMENT, *EDITIONS, *PLANS, *EVALUATION):
    item.add_command(command)

for command in FOLLOW_UPS:
    rating.add_command(command)

reword(huimin)


def invoke(arguments: list[str], *, piped: bool = False) -> int:
    """Run a line of the tree; see ``command_line.answer``."""
    return answer(huimin, arguments, piped=piped)


def run(arguments: list[str] | None = None) -> None:
    """Run the process's command line and exit with its code."""
    words = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # escape what it cannot write
            stream.reconfigure(errors="backslashreplace")
    sys.exit(invoke(words, piped=sys.stdin is not None and not sys.stdin.isatty()))
