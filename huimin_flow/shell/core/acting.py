"""The context of an acting command: engine, actor and output."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from huimin_flow.catalogue.language import say, say_pair
from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import Argument, StreamKind, Via
from huimin_flow.catalogue.typography import full_width
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.model.core.values import to_plain
from huimin_flow.reports.core.histories import event_lines, event_words
from huimin_flow.reports.items import stands
from huimin_flow.reports.steps import asks, last_finding, preview_line
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import Place, shared, timed

if TYPE_CHECKING:
    from huimin_flow.flow import Flow, Questions, Snapshot
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.core.proposals import Proposal
    from huimin_flow.model.items import Item, Preview

#: The answers that confirm.
_YES = frozenset({"是", "确认", "y", "yes"})

F = TypeVar("F", bound=Callable[..., Any])


def require_yes() -> None:
    """Ask a person at the terminal to confirm; an empty line means no.

    Raises:
        InputRefused: for every other answer than yes.

    """
    answer = click.prompt(full_width(say("确认?(是/否)")), default=say("否"), err=True)
    if unicodedata.normalize("NFKC", answer).strip().lower() not in _YES:
        raise InputRefused(DoorCode.NOT_CONFIRMED)


@dataclass(frozen=True, kw_only=True)
class Act:
    """An acting command: an open engine and the actor's post.

    ``flow`` is the door for the command's act, with the request id if there is one;
    ``plain`` is the door for everything else. With ``dry`` nothing remains of its
    acts, and the command writes no file.
    """

    place: Place
    flow: Flow
    plain: Flow
    by: Actor
    request: str | None = None
    dry: bool = False

    def part(self, name: object) -> Flow:
        """Return the door for a further act of the command.

        Each act has its own request id, derived from the command's: a retry continues
        where the first attempt was refused or lost.
        """
        if self.request is None:
            return self.plain
        return self.plain.once(f"{self.request}/{name}")

    def say(self, value: object, text: str) -> None:
        """Print the result."""
        self.place.show(value, text)

    def item(self, item: Item, still: str = "") -> None:
        """Print an item after its step, the rule's finding, and what is still due."""
        with self.plain.snapshot() as now:
            finding = last_finding(now, item.number, self.by)
        lines = [f"{item.number} {stands(item)}"]
        lines += [say_pair(say("规则结论"), finding)] if finding else []
        lines += [still] if still else []
        self.say(item, "\n".join(lines))

    def sure(
        self, ahead: Callable[[Snapshot], Preview], *, yes: bool, more: str = ""
    ) -> int | None:
        """Show what a step would do to an item; ask before it ends something.

        It returns the version that the person saw. Without a terminal, with ``yes``
        or in a trial, it shows nothing and returns None. ``more`` is added to the line.

        Raises:
            InputRefused: if the person doesn't confirm.

        """
        if yes or self.dry or not sys.stdin.isatty():
            return None
        try:
            with self.plain.snapshot() as now:
                preview = ahead(now)
        except HuiminError:
            return None  # the step itself refuses, and its refusal is recorded
        if preview.target is None:
            return None
        screens.echo(preview_line(preview) + more, err=True)
        if asks(preview):
            require_yes()
        return preview.item.version

    def second(self, person: str | None) -> Actor | None:
        """Return the second person of --second, which only a rehearsal accepts.

        Raises:
            InputRefused: on a production database, where they use their own account.

        """
        if person is None:
            return None
        if self.by.via is not Via.REHEARSAL:
            raise InputRefused(DoorCode.SECOND_PRESENT)
        return self.plain.people.identify("", person)

    def propose(
        self, name: str, fields: Mapping[str, str], version: int | None = None
    ) -> None:
        """Propose an act of two people on the ``version`` that --seen names."""
        seen = {} if version is None else {"version": str(version)}
        self.proposed(self.flow.proposals.propose(name, {**fields, **seen}, by=self.by))

    def proposed(self, proposal: Proposal, first: str = "") -> None:
        """Print a new proposal after a ``first`` line, and how it is confirmed."""
        text = say(
            "已提请 {proposal},待另一人复核:\n"
            "huimin proposal approve {proposal} --seen {seen}",
            proposal=proposal.key,
            seen=proposal.seen[:12],
        )
        self.say(proposal, f"{first}\n{text}" if first else text)


BY_SETTINGS: dict[str, Any] = {
    "type": Named(Argument.PERSON),
    "envvar": "HUIMIN_BY",
    "show_envvar": True,
    "help": "以哪个岗位办理(岗位代号);默认自己。",
}


def acts(function: F) -> F:
    """Add --by, --request and --dry-run to a command; pass it an ``Act`` first."""

    @wraps(function)
    def command(
        place: Place,
        by: str | None,
        request: str | None,
        *,
        dry_run: bool,
        **options: Any,
    ) -> Any:
        place.changes()

        def run(flow: Flow) -> Any:
            act = Act(
                place=place,
                flow=flow.once(request) if request else flow,
                plain=flow,
                by=flow.people.identify(account(), by),
                request=request,
                dry=dry_run,
            )
            return function(act, **options)

        with place.flow() as flow:
            return _try(place, flow, run) if dry_run else run(flow)

    wrapped: Any = command
    wrapped.acts = True  # its input is kept if it is refused
    for option in (
        click.option("--by", **BY_SETTINGS),
        click.option("--request", help="请求编号;同一编号重试只办一次。"),
        click.option("--dry-run", is_flag=True, help="只试算:将会怎样;不作任何改动。"),
    ):
        wrapped = option(wrapped)
    made: F = shared(timed(wrapped))
    return made


#: Who asks, for a question about what a person may do.
BY = click.Option(["--by"], **BY_SETTINGS)


def _try(place: Place, flow: Flow, run: Callable[[Flow], Any]) -> Any:
    """Run a command whose acts are undone, then print what would have come.

    It prints after the end, so that a slow terminal doesn't hold the write lock.
    """
    printed, ended = io.StringIO(), None
    with redirect_stdout(printed), flow.dry() as dry:
        try:
            code = run(dry)
        except click.exceptions.Exit as failure:
            code, ended = None, failure
        events = dry.events()
    text = printed.getvalue().rstrip("\n")
    if place.as_json:
        would = {"would": json.loads(text or "null"), "events": to_plain(events)}
        screens.echo_json(json.dumps(would, ensure_ascii=False, indent=2))
    else:
        rows = []
        book = flow.rulebook.active()
        words = partial(event_words, book=book, names=book.organization.names)
        lines = event_lines(events, words=words)
        for event, line in zip(events, lines, strict=True):
            kind, subject = StreamKind.parse(event.stream)
            named = f"{kind.spoken if kind else event.stream} {subject}"
            rows.append((named, line.step, line.target, event.n, line.words))
        table = screens.Table(("将记入", "步骤", "之后", "第几版", "内容"), rows)
        screens.echo(f"{say('试算,未作任何改动。若办理,将会:')}\n{text}\n\n{table}")
    if ended is not None:
        raise ended
    return code


#: For who needs no preview.
YES = click.Option(["--yes"], is_flag=True, help="不再询问:不预览,直接办理。")


def account(now: Questions | None = None) -> str:
    """Return the operating-system account that runs this process.

    Of the questions that a service answers, it is the account that the service knows:
    what this process says of itself may be a lie.
    """
    from huimin_flow.flow.core.door import door_of  # noqa: PLC0415 - heavy
    from huimin_flow.store.core import failures  # noqa: PLC0415 - heavy

    known = None if now is None else getattr(door_of(now), "account", None)
    return known or failures.account()


def fill(
    fills: Callable[[Any, dict[str, Any]], None] | None,
    now: Snapshot,
    act: str,
    typed: dict[str, Any],
) -> None:
    """Fill in what a layout adds to what was typed, and hold it to the caller's town.

    Raises:
        StepRefused: if what was typed names the appeal of another place.

    """
    if fills is not None:
        fills(now, typed)
    hold_to_town(now, act, typed)


#: The nouns whose questions are held to a town: those of ``towns.HELD``.
OF_APPEALS: Final = frozenset({"appeals", "answers", "gathering"})


def hold_to_town(now: Snapshot, act: str, typed: dict[str, Any]) -> None:
    """Hold an account that has posts of one town only to the appeals of that town.

    Raises:
        StepRefused: if what was typed names the appeal of another place.

    """
    if act.partition(".")[0] not in OF_APPEALS:
        return  # another room's page does not load this one
    from huimin_flow.reports.sensing import towns  # noqa: PLC0415 - heavy

    if act in towns.HELD:
        towns.hold(now, towns.town_of_account(now, account(now)), act, typed)


def born(parent: Item, *children: Item) -> str:
    """Return an item and the items created from it, one per line."""
    lines = [f"{parent.number} {stands(parent)}"]
    lines += [
        say(
            "新事项 {number} {state}:{title}",
            number=new.number,
            state=new.state.spoken,
            title=new.title,
        )
        for new in children
    ]
    return "\n".join(lines)
