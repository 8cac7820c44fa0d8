"""review, decision, digest: meetings, what they decided, and what units get (F3)."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say, say_list
from huimin_flow.reports.core.lists import Sight
from huimin_flow.reports.improving import burden, digests, reviews
from huimin_flow.reports.lives import posts_of
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import Act
from huimin_flow.shell.core.commands import (
    Shown,
    View,
    act,
    facts,
    listing,
    view,
)

if TYPE_CHECKING:
    from huimin_flow.model.improving.digests import Digest, Digests
    from huimin_flow.model.improving.reviews import (
        Decision,
        ReviewMeeting,
        ReviewPack,
        UnitBurden,
        UnitPart,
    )

listing("review list", reviews.MEETINGS)
listing("decision list", reviews.DECISIONS)


@view("review show")
def _meeting(view: View) -> Shown:
    held: ReviewMeeting = view.answer
    posts = posts_of(view.now.rulebook.active().organization)
    return held, facts(list(reviews.meeting_lines(held, posts)))


@view("review pack", timed=True)
def _pack(view: View) -> Shown:
    pack: ReviewPack = view.answer
    shown: list[str | screens.Table] = []
    for title, head, rows, nothing in reviews.pack_tables(view.now, pack):
        shown += [title, screens.Table(tuple(head), rows) if rows else nothing]
    return pack, *shown


@view("decision show")
def _decision(view: View) -> Shown:
    made: Decision = view.answer
    organization = view.now.rulebook.active().organization
    lines = [
        (say("编号"), made.key),
        (say("调度会"), made.meeting),
        *reviews.decision_lines(made, organization.names, posts_of(organization)),
    ]
    return made, facts(lines)


@view("burden show")
def _burden(view: View) -> Shown:
    lines: tuple[UnitBurden, ...] = view.answer
    names = view.now.rulebook.active().organization.names
    return lines, screens.Table(
        tuple(map(say, burden.BURDEN_HEAD)),
        [burden.burden_row(line, names) for line in lines],
        say("没有"),
    )


@view("review digest", timed=True)
def _digest(view: View) -> Shown:
    parts: tuple[UnitPart, ...] = view.answer
    names = reviews.subject_names(view.now.rulebook.active())
    head = tuple(map(say, reviews.PARTS_HEAD))
    shown: list[str | screens.Table] = []
    for heading, title in reviews.headings():
        rows = reviews.part_rows(parts, heading, names)
        shown += [title, screens.Table(head, rows) if rows else say("没有")]
    return parts, *shown


@view("digest list")
def _digests(view: View) -> Shown:
    sight = Sight(view.now, view.names)
    rows = [digests.DIGESTS.row(sight, made) for made in view.answer]
    return view.answer, screens.Table(
        tuple(map(say, digests.DIGESTS.head)), rows, say(digests.DIGESTS.empty)
    )


_INTO = click.Option(["--into"], type=values.PATH, help="写到哪个目录。")


@view("digest show", more=[_INTO])
def _unit_digest(view: View) -> Shown:
    made: Digest = view.answer
    names = reviews.subject_names(view.now.rulebook.active())
    paper = digests.paper_of([made], names)
    shown: list[str | screens.Table] = [paper.title, *paper.notes]
    for title, head, rows, nothing in paper.tables:
        shown += ["", title, screens.Table(head, rows) if rows else nothing]
    if into := view.typed["into"]:
        shown += [say("已写 {path}", path=path) for path in _written(view, into)]
    return made, *shown, "", paper.code


def _written(view: View, into: Path) -> list[Path]:
    """Write a digest in its three forms; without the extra for documents no docx."""
    from huimin_flow.exchange.improving.digests import files  # noqa: PLC0415 - heavy
    from huimin_flow.reports.core.render import write_page  # noqa: PLC0415 - heavy

    made: Digest = view.answer
    names = reviews.subject_names(view.now.rulebook.active())
    paper = digests.paper_of([made], names)
    page = partial(digests.paper_html, paper, rehearsal=view.now.rehearsal)
    name = digests.digest_file(made.period, made.unit, made.edition)
    paths = []
    for kind, write in files([made], paper, page).items():
        if kind != "docx" or find_spec("docx") is not None:
            paths.append(into / name.replace(".html", f".{kind}"))
            write_page(paths[-1], write())
    return paths


@view("digest editions")
def _digest_editions(view: View) -> Shown:
    made: tuple[Digests, ...] = view.answer
    rows = [
        (each.version, each.cut, len(each.parts), len(each.units), each.note)
        for each in made
    ]
    head = ("版次", "截点", "单位", "内容有变的单位", "更正理由")
    return made, screens.Table(head, rows)


@view("digest reached")
def _reached(view: View) -> Shown:
    sight = Sight(view.now, view.names)
    rows = [digests.reached_row(sight, line) for line in view.answer]
    return view.answer, screens.Table(digests.REACHED, rows)


def _issued(_: Act, made: Digests, __: Any) -> str:
    return say(
        "{name}第{edition}版,发给{units}",
        name=digests.digest_name(made.period),
        edition=made.version,
        units=say_list(made.units),
    )


for _path in ("digest reissue", "digest send"):
    act(_path, says=_issued)
