"""survey: draw a sample, collect answers, close, and see what was found (D0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.reasons import SurveyCode
from huimin_flow.errors import InputRefused
from huimin_flow.reports.executing.surveys import LISTING, share_words, survey_lines
from huimin_flow.reports.lives import posts_of
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import Act, acts
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.commands import (
    ActLayout,
    Shown,
    View,
    facts,
    lay,
    listing,
    view,
)
from huimin_flow.shell.core.screens import Table
from huimin_flow.shell.sensing import portions as filing

if TYPE_CHECKING:
    from huimin_flow.exchange.core.portions import Portion
    from huimin_flow.flow import Flow
    from huimin_flow.model.core.events import RefusedRow
    from huimin_flow.model.executing.surveys import Survey, SurveyAnswer, SurveyIntake

listing("survey list", LISTING)


def _frame(path: Path) -> tuple[str, ...]:
    """Return the codes of a file of the people served."""
    from huimin_flow.exchange.executing import surveys  # noqa: PLC0415 - heavy

    return surveys.read_frame(surveys.source_of_survey(path))


_FILE: Mapping[str, Any] = {
    "type": values.PATH,
    "callback": values.reading(_frame),
    "multiple": False,
}


@view("survey show")
def _survey(view: View) -> Shown:
    known: Survey = view.answer
    posts = posts_of(view.book.organization)
    item = view.now.items.get(known.item)
    about = (say("事项"), f"{item.number} {item.title}")
    return known, facts([about, *survey_lines(known, posts)])


@view(
    "survey sample",
    more=[click.Option(["--unanswered"], is_flag=True, help="只看未答的。")],
)
def _sample(view: View) -> Shown:
    drawn = [
        one for one in view.answer if not (view.typed["unanswered"] and one.answered)
    ]
    rows = [
        (one.code, say("作废") if one.aside else say("已答") if one.answered else "")
        for one in drawn
    ]
    return drawn, Table(("代号", "答卷"), rows, "")


@view("survey redraw", settings={"frame": _FILE}, options=frozenset({"frame"}))
def _redraw(view: View) -> Shown:
    known = [one.code for one in view.now.surveys.sample(view.typed["key"])]
    same = list(view.answer) == known
    said = say("与记录的样本一致") if same else say("与记录的样本不一致")
    return {"same": same, "codes": view.answer}, said


def _drawn(_: Act, made: Survey, __: Mapping[str, Any]) -> str:
    text = "{key} 已从名册{served}人中抽取{drawn}人;样本见 huimin survey sample {key}"
    return say(text, key=made.key, served=made.served, drawn=made.drawn)


def _found(_: Act, made: Survey, __: Mapping[str, Any]) -> str:
    if made.result is None:
        return f"{made.key} {made.state.spoken}"
    text = "{key} {state}:有效答卷{replies}份,满意度{share}"
    return say(
        text,
        key=made.key,
        state=made.state.spoken,
        replies=made.result.replies,
        share=share_words(made.result.share),
    )


lay("survey draw", ActLayout(settings={"frame": _FILE}, says=_drawn))
for _path in ("survey close", "survey set-aside", "survey call-off"):
    lay(_path, ActLayout(says=_found))


@plain("survey answer")
@click.argument("key", metavar=say("调查编号"))
@values.FILE
@acts
def survey_answer(act: Act, key: str, file: Path) -> None:
    """Import a file of answers, batch by batch; exit 1 if a row was refused."""
    from huimin_flow.exchange.core.refusals import Refusals  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.executing import surveys  # noqa: PLC0415 - heavy

    read = surveys.source_of_survey(file)
    first, portions = filing.peeked(surveys.read_answers(read))
    if first is None or not (first.facts or first.refused):
        raise InputRefused(SurveyCode.NO_ROWS, file=file.name)
    source = f"{file.name} {read.digest[:16]}"

    def add(
        door: Flow, portion: Portion[SurveyAnswer]
    ) -> tuple[SurveyIntake, Sequence[RefusedRow]]:
        intake = door.surveys.add_answers(
            key,
            portion.facts,
            by=act.by,
            lines=portion.lines,
            refused=portion.refused,
            source=source,
        )
        return intake, intake.refused

    beside = Refusals(read)
    tally = filing.bring(act, read, portions, beside, add)
    act.say(
        tally.plain(beside, dry=act.dry),
        "\n".join(tally.texts(beside, dry=act.dry)),
    )
    filing.end(tally)
