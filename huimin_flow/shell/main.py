"""The command tree for one-shot commands and the interactive shell.

The tree names each command's module and its act, so that a help page or a command
loads only what it needs. Helps are lines of the catalogue.
"""

from __future__ import annotations

import io
import sys

import click

from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.commands import COMMANDS
from huimin_flow.catalogue.language import (
    LANGUAGE_OPTION,
    LANGUAGE_VARIABLE,
    Language,
)
from huimin_flow.shell.core.command_line import answer
from huimin_flow.shell.core.usage import Branch, Where

#: By command: the module of its layout, and the act or question that describes it.
_TREE = {
    "init": ("founding", ""),
    "demo": ("founding", ""),
    "doctor": ("health", ""),
    "next": ("next", ""),
    "shell": ("core.prompt", ""),
    "todo": ("todo", "people.todo"),
    "whoami": ("todo", ""),
    "permissions": ("todo", ""),
    "drafts": ("core.drafts", ""),
    "scheduler": ("timetable", ""),
    "appeal add": ("acts", "appeals.add"),
    "appeal list": ("sensing.appeals", "appeals.list"),
    "appeal show": ("sensing.appeals", "appeals.trail"),
    "assessment accept": ("", "assessments.accept"),
    "assessment list": ("deciding.meetings", "assessments.list"),
    "assessment request": ("", "assessments.request"),
    "assessment return": ("", "assessments.return_"),
    "assessment show": ("deciding.meetings", "assessments.get"),
    "assessment submit": ("", "assessments.submit"),
    "audit refusals": ("audit", "records.refusals"),
    "audit replay": ("audit", ""),
    "audit verify": ("audit", ""),
    "item adjust": ("", "items.adjust"),
    "item amend": ("", "items.amend"),
    "item assign": ("", "items.assign"),
    "item attach": ("acts", "items.attach"),
    "item cancel": ("acts", "items.cancel"),
    "item carry-over": ("", "items.carry_over"),
    "item close": ("acts", "items.close"),
    "item collect": ("acts", "items.collect"),
    "item defer": ("acts", "items.defer"),
    "item evaluate": ("", "items.evaluate"),
    "item excuse": ("acts", "tasks.excuse"),
    "item execute": ("acts", "items.execute"),
    "item explain": ("todo", "items.possible"),
    "item files": ("items", "items.attachments"),
    "item history": ("items", "items.history"),
    "item judge": ("acts", "items.judge"),
    "item link": ("acts", "appeals.link"),
    "item list": ("items", "items.list"),
    "item merge": ("acts", "items.merge"),
    "item progress": ("acts", "tasks.report"),
    "item reject": ("acts", "items.reject"),
    "item reopen": ("", "items.reopen"),
    "item respond": ("acts", "items.respond"),
    "item return": ("", "items.return_"),
    "item revive": ("", "items.revive"),
    "item rework": ("", "items.rework"),
    "item screen": ("acts", "items.screen"),
    "item show": ("items", "items.get"),
    "item split": ("acts", "items.split"),
    "item star": ("", "items.star"),
    "item undo": ("items", "items.undo"),
    "item unlink": ("acts", "appeals.unlink"),
    "item unmerge": ("", "items.unmerge"),
    "list confirm": ("", "lists.confirm"),
    "list list": ("deciding.lists", "lists.list"),
    "list preview": ("deciding.lists", "lists.preview"),
    "list publish": ("", "lists.publish"),
    "list show": ("deciding.lists", "lists.get"),
    "list supplement": ("", "lists.supplement"),
    "meeting amend": ("acts", "meetings.amend"),
    "meeting hold": ("acts", "meetings.hold"),
    "meeting list": ("deciding.meetings", "meetings.list"),
    "meeting show": ("deciding.meetings", "meetings.get"),
    "progress import": ("executing.progress", ""),
    "progress owing": ("executing.progress", "tasks.owing"),
    "progress show": ("executing.progress", "tasks.sheet"),
    "progress template": ("executing.progress", ""),
    "proposal approve": ("acts", "proposals.approve"),
    "proposal list": ("deciding.lists", "proposals.list"),
    "proposal show": ("deciding.lists", "proposals.get"),
    "proposal withdraw": ("", "proposals.withdraw"),
    "rating answer": ("", "ratings.answer"),
    "rating bad": ("services.follow_ups", "ratings.bad"),
    "rating callback": ("services.follow_ups", "ratings.callback_rate"),
    "rating coverage": ("services.ratings", "ratings.coverage"),
    "rating import": ("services.imports", "ratings.add"),
    "rating items": ("services.ratings", "ratings.service_items"),
    "rating object": ("", "ratings.object_to"),
    "rating savings": ("services.ratings", "ratings.savings"),
    "rating settle": ("acts", "ratings.settle"),
    "rating show": ("services.ratings", "ratings.by"),
    "rating verify": ("acts", "ratings.verify"),
    "report item": ("reports", ""),
    "report list": ("reports", ""),
    "report month": ("reports", ""),
    "report progress": ("reports", ""),
    "report quarter": ("reports", ""),
    "report services": ("reports", ""),
    "report site": ("reports", ""),
    "rules activate": ("rulebook", "rulebook.activate"),
    "rules check": ("rulebook", ""),
    "rules diff": ("rulebook", "rulebook.diff"),
    "rules show": ("rulebook", "rulebook.active"),
    "score correct": ("acts", "scores.correct"),
    "score editions": ("scoring.scores", "scores.editions"),
    "score explain": ("scoring.scores", "scores.explain"),
    "score month": ("scoring.scores", "scores.month"),
    "score quarter": ("scoring.scores", "scores.ranking"),
    "timetable calls": ("timetable", "tasks.calls"),
    "timetable due": ("timetable", ""),
    "timetable list": ("timetable", ""),
    "timetable run": ("timetable", ""),
    "timetable status": ("timetable", ""),
}


def _branch(name: str, group: str = "") -> Branch:
    """Return the root of all commands, or a group of them."""
    places: dict[str, Where] = {}
    for path, (module, act) in _TREE.items():
        before, _, last = path.rpartition(" ")
        if before == group:
            pair = ACTS.get(act) or COMMANDS[path.replace(" ", ".")]
            places[last] = (module, path, act, pair[0])
    return Branch(name, help=COMMANDS[name][0], places=places)


huimin = _branch("huimin")
click.version_option(package_name="huimin-flow", message="%(version)s")(huimin)
click.option(
    LANGUAGE_OPTION,
    type=click.Choice([word.value for word in Language], case_sensitive=False),
    envvar=LANGUAGE_VARIABLE,
    show_envvar=True,
    expose_value=False,
    help="语言:zh 中文(默认),en 英文;可写在命令的任何位置。",
)(huimin)
for _group in dict.fromkeys(path.split()[0] for path in _TREE if " " in path):
    huimin.add_command(_branch(_group, _group))


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
