"""meeting and assessment: what is recorded before a decision (B1, B7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.language import (
    say,
    say_list,
)
from huimin_flow.catalogue.terms import MeetingState
from huimin_flow.reports import listings
from huimin_flow.reports.agreements import (
    finding_words,
    treated_words,
)
from huimin_flow.reports.deciding import assessments as assessed
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.commands import Shown, View, facts, listing, view
from huimin_flow.shell.core.values import PATH

if TYPE_CHECKING:
    from huimin_flow.model.deciding.assessments import Assessment, ThirdParty
    from huimin_flow.model.deciding.deliberations import Deliberation, Funnel, Pack
    from huimin_flow.model.deciding.resources import Resources


listing("meeting list", listings.meetings)


def _minutes(view: View) -> Shown:
    from huimin_flow.reports.deciding import meetings  # noqa: PLC0415 - heavy

    shown = view.answer
    held: Deliberation = shown.deliberation
    items = view.now.items.list(numbers=held.agenda)
    titles = {item.number: item.title for item in items}
    lines = [
        ("会议", held.key),
        ("日期", held.held_on.isoformat()),
        ("状态", held.state.spoken),
        ("主持人", held.chair),
        ("到会", say_list(held.participants)),
        *([("请假", say_list(held.prevented))] if held.prevented else ()),
        ("纪要", held.minutes),
    ]
    for number in held.agenda:
        lines.append(("议题", f"{number} {titles[number]}"))
        if number in held.postponed:
            lines.append(("缓议", held.postponed[number]))
        for judged in (each for each in shown.judged if each.item == number):
            lines += meetings.words_of_answers(judged)
    if held.state is MeetingState.CLOSED:
        lines += [
            (say("附件"), meetings.file_words(file))
            for file in view.now.items.attachments(held.key)
        ]
    return shown, facts(lines)


view("meeting show")(_minutes)
view("meeting answers")(_minutes)


@view(
    "meeting pack",
    more=[click.Option(["--out"], type=PATH, help="写到哪个文件:另存为 xlsx。")],
)
def _pack(view: View) -> Shown:
    from huimin_flow.exchange.core import tables  # noqa: PLC0415 - heavy
    from huimin_flow.exchange.executing import sheets  # noqa: PLC0415 - heavy
    from huimin_flow.reports.deciding import meetings  # noqa: PLC0415 - heavy

    pack: Pack = view.answer
    held, lines = pack.deliberation, meetings.agenda_lines(view.now, pack)
    rows: list[tuple[str, object]] = [
        ("会议", held.key),
        ("日期", held.held_on.isoformat()),
        ("状态", held.state.spoken),
        ("主持人", held.chair),
    ]
    for line in lines:
        rows.append(("议题", f"{line.number} {line.title}"))
        rows += [*line.facts, *line.answers]
    more = []
    if path := view.typed["out"]:
        made = [
            tables.Grid(name=name, head=tuple(head), rows=tuple(map(tuple, cells)))
            for name, (head, *cells) in meetings.grids(view.now, pack)
        ]
        written = sheets.write_new(path, tables.workbook(made))
        more.append(say("已写 {written},{count} 行", written=written, count=len(lines)))
    return pack, facts(rows), *more


@view("meeting funnel")
def _funnel(view: View) -> Shown:
    from huimin_flow.reports.deciding import funnel  # noqa: PLC0415 - heavy

    counted: Funnel = view.answer
    lines = funnel.fall_lines(view.now, counted)
    why = [(line.number, line.title, line.question, line.reason) for line in lines]
    rows = funnel.rows_of(view.now, counted)
    return (
        counted,
        screens.Table(funnel.head(), rows),
        *([screens.Table(funnel.fall_head(), why)] if why else ()),
    )


@view("resource show")
def _resources(view: View) -> Shown:
    from huimin_flow.reports.deciding import resources  # noqa: PLC0415 - heavy

    known: Resources = view.answer
    return known, screens.Table(resources.head(), resources.rows_of(known))


listing("assessment list", assessed.assessments)


@view("assessment show")
def _finding(view: View) -> Shown:
    made: Assessment = view.answer
    item = view.now.items.get(made.item)
    lines = [
        ("评估", made.key),
        ("事项", f"{item.number} {item.title}"),
        ("类别", made.kind.spoken),
        (
            "状态",
            say(
                "{state}(第{version}版)", state=made.state.spoken, version=made.version
            ),
        ),
        ("评估机构", made.assessor),
        ("评估方案", made.approach or "—"),
        ("评估人员", assessed.staff_words(made.staff) or "—"),
        ("结论", made.finding or say("尚未提交")),
        ("高风险", say("是") if made.high_risk else say("否")),
        ("提交人", made.submitted_by or "—"),
    ]
    names = view.now.rulebook.active().organization.names
    lines += [("退回理由", made.note)] if made.note else []
    for each in view.now.assessments.findings(made.key):
        lines.append((say("第{number}稿", number=each.number), finding_words(each)))
        lines += [("风险处置", treated_words(one, names)) for one in each.treatments]
    return made, facts(lines)


@view("assessment findings")
def _findings(view: View) -> Shown:
    kept = view.answer
    names = view.now.rulebook.active().organization.names
    rows: list[tuple[object, ...]] = []
    for each in kept:
        rows.append((each.number, each.day, each.by, finding_words(each)))
        rows += [
            (say("风险处置"), one.day, one.by, treated_words(one, names))
            for one in each.treatments
        ]
    return kept, screens.Table(("稿次", "日期", "提交人", "结论"), rows)


listing("third-party list", assessed.third_parties)


@view("third-party show")
def _third_party(view: View) -> Shown:
    party: ThirdParty = view.answer
    lines = [
        ("编号", party.key),
        ("机构", party.name),
        ("类别", party.kind.spoken),
        ("状态", party.state.spoken),
        ("上级机构", party.parent or "—"),
        ("评估经验", party.experience),
        ("对领域的理解", party.understanding),
    ]
    lines += [("终止理由", party.reason)] if party.reason else []
    return party, facts(lines)
