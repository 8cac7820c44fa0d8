"""engagement: a third party's plan, field work, report, and what follows (D4)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huimin_flow.catalogue.language import say
from huimin_flow.reports.improving.engagements import (
    FINDINGS,
    LISTING,
    engagement_lines,
    finding_rows,
)
from huimin_flow.reports.lives import posts_of
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.commands import Shown, View, act, facts, listing, view

if TYPE_CHECKING:
    from huimin_flow.model.improving.engagements import Engagement

listing("engagement list", LISTING)


def _frame(path: Path) -> tuple[str, ...]:
    """Return the codes of a file of the whole population."""
    from huimin_flow.exchange.executing import surveys  # noqa: PLC0415 - heavy

    return surveys.read_frame(surveys.source_of_survey(path))


_FILE: Mapping[str, Any] = {
    "type": values.PATH,
    "callback": values.reading(_frame),
    "multiple": False,
}


def _several(read: Any) -> Mapping[str, Any]:
    return {
        "required": False,
        "type": None,
        "multiple": True,
        "callback": values.reading(read),
    }


act(
    "engagement enter",
    settings={"staff": _several(values.staff), "frame": _FILE},
    options=frozenset({"staff"}),
    says=lambda _, made, __: say(
        "{key} 已进场:{served}个中抽取{drawn}个;见 huimin engagement sample {key}",
        key=made.key,
        served=made.sample.served,
        drawn=made.sample.drawn,
    ),
)
for _path in ("report", "correct"):
    act(
        f"engagement {_path}",
        settings={
            "outcomes": _several(values.outcomes),
            "findings": _several(values.findings),
        },
        says=lambda _, made, __: say(
            "{key} 报告已记入:结果{results}项,意见{findings}条",
            key=made.key,
            results=len(made.results),
            findings=len(made.findings),
        ),
    )


@view("engagement show")
def _engagement(view: View) -> Shown:
    known: Engagement = view.answer
    organization = view.now.rulebook.active().organization
    item = view.now.items.get(known.item)
    lines = [
        (say("编号"), known.key),
        (say("事项"), f"{item.number} {item.title}"),
        *engagement_lines(known, posts_of(organization)),
    ]
    rows = list(finding_rows(known, organization.names))
    return known, facts(lines), screens.Table(FINDINGS, rows, say("没有意见"))


@view("engagement sample")
def _sample(view: View) -> Shown:
    return view.answer, *view.answer


@view("engagement redraw", settings={"frame": _FILE}, options=frozenset({"frame"}))
def _redraw(view: View) -> Shown:
    known = list(view.now.engagements.sample(view.typed["key"]))
    same = list(view.answer) == known
    said = say("与记录的样本一致") if same else say("与记录的样本不一致")
    return {"same": same, "codes": view.answer}, said
