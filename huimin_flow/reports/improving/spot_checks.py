"""Spot checks in words: their list, and the page of one for everybody or a party."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_pair
from huimin_flow.catalogue.reasons import SpotCheckCode, reason_of, spoken
from huimin_flow.catalogue.terms import (
    Argument,
    Risk,
    Severity,
    SpotCheckState,
    StreamKind,
)
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.flow.improving.spot_checks.questions import SpotCheckView
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.improving.spot_checks import PopulationLine, SpotCheck

#: The columns of what was drawn, and of a population by stratum.
DRAWN: Final = ("被查对象", "单位", "风险", "方式", "结果", "查到的情况", "回应")
STRATA: Final = ("风险", "总体", "抽取")

#: The file of the page of all spot checks, which only its parties see.
MINE: Final = "spot-checks-mine"


def spot_check_file(key: str) -> str:
    """Return the file of the page of a spot check.

    >>> spot_check_file("spot_check/2026-0001")
    'spot-check-2026-0001.html'

    """
    return f"spot-check-{key.partition('/')[2]}.html"


def _row(_: Sight, check: SpotCheck) -> Row:
    """Return a spot check: what of how much was drawn, and what was found."""
    wrong = [each for each in check.findings if each.severity is not Severity.NONE]
    return (
        Ref(check.key, spot_check_file(check.key), check.key),
        check.title,
        check.state.spoken,
        check.cut_on or "—",
        sum(check.counts.values()),
        len(check.drawn),
        len(wrong),
        check.done_on or "—",
        *(say_list(party.spoken for party in check.failed) or "—",),
    )


#: The list of spot checks that are done or void.
LISTING: Final = Listing(
    name="spot-checks",
    title="抽查",
    question="spot_checks.list",
    head=(
        "编号", "标题", "状态", "固定总体", "总体件数", "抽中", "查出问题", "完成",
        "未揭示的一方",
    ),
    empty="没有已完成的抽查",
    count="",
    row=_row,
    words={"unit": Argument.UNIT},
    newest=True,
)  # fmt: skip


def subject_words(subject: str) -> str:
    """Return a thing that may be checked in words.

    >>> subject_words("item/2026-000001/T1"), subject_words("window/500101/3号")
    ('事项2026-000001任务T1', '窗口3号')

    """
    kind, _, rest = subject.partition("/")
    of, _, name = rest.partition("/")
    if kind == StreamKind.ITEM:
        return say("事项{number}任务{task}", number=of, task=name)
    return say("窗口{window}", window=name)


def facts_of(shown: SpotCheckView) -> Iterator[tuple[str, str]]:
    """Yield what is known of a spot check in lines of a label and a text each."""
    check = shown.check
    yield say("标题"), check.title
    yield say("状态"), check.state.spoken
    if check.repeats:
        yield say("重抽哪一次"), check.repeats
    for each in check.commitments:
        yield say("{party}的承诺值", party=each.party.spoken), each.digest
    if check.cut_on is not None:
        cut = say("{day},位置{position}", day=check.cut_on, position=check.position)
        yield say("固定总体"), cut
        yield say("总体摘要"), check.population
    for told in check.reveals:
        yield say("{party}的随机数", party=told.party.spoken), told.secret
    if check.state is SpotCheckState.CUT and shown.reveal_by is not None:
        yield say("揭示期限"), str(shown.reveal_by)
    if check.seed:
        yield say("种子"), check.seed
    if check.state is SpotCheckState.VOID:
        missing = [
            spoken(
                reason_of(
                    SpotCheckCode.REVEAL_MISSING,
                    {"party": party, "due": shown.reveal_by or "—"},
                )
            )
            for party in check.failed
        ]
        yield say("作废"), say_clauses(*missing, *filter(None, [check.reason]))
    if check.done_on is not None:
        yield say("完成"), str(check.done_on)
    if check.open_findings() and shown.answer_by is not None:
        yield say("回应期限"), str(shown.answer_by)


def strata_of(check: SpotCheck) -> list[Row]:
    """Return by stratum how many there are, and how many are drawn."""
    return [
        (risk.spoken, check.counts[risk], check.sizes[risk])
        for risk in Risk
        if risk in check.counts
    ]


def drawn_of(check: SpotCheck, names: Mapping[str, str]) -> list[Row]:
    """Return what was drawn, what was found there, and what its unit says."""
    said = {each.subject: each.text for each in check.answers}
    rows: list[Row] = []
    for line in check.drawn:
        found = check.finding(line.id)
        rows.append(
            (
                line.id,
                names.get(line.unit, line.unit),
                _risk(line),
                found.way.spoken if found else "—",
                found.severity.spoken if found else say("待查"),
                say_clauses(*filter(None, (found.what, found.reason)))
                if found
                else "—",
                said.get(line.id, "—"),
            )
        )
    return rows


def _risk(line: PopulationLine) -> str:
    grounds = say_list(each.spoken for each in line.grounds)
    return say_pair(line.risk.spoken, grounds) if grounds else line.risk.spoken


def spot_check_page(now: Snapshot, number: str, by: Actor | None = None) -> Page:
    """Return the page of a spot check; to a party ``by`` also of one under way.

    Raises:
        NotFound: if there is none of that number for the reader.

    """
    key = StreamKind.SPOT_CHECK.key(number)
    asked = now.spot_checks
    shown = asked.view(key) if by is None else asked.show(key, by=by)
    check, names = shown.check, now.rulebook.active().organization.names
    tables: list[tuple[str, Sequence[str], Sequence[Row], str]] = [
        (say("承诺、总体与抽取"), (say("项目"), say("内容")), [*facts_of(shown)], ""),
    ]
    if check.counts:
        strata = tuple(say(text) for text in STRATA)
        tables.append((say("各层件数"), strata, strata_of(check), ""))
    if check.drawn:
        head = tuple(say(text) for text in DRAWN)
        rows = [
            (Ref(subject_words(line.id), _place(line.id)), *row[1:])
            for line, row in zip(check.drawn, drawn_of(check, names), strict=True)
        ]
        tables.append((say("抽中的与检查结果"), head, rows, ""))
    return Page(
        file=spot_check_file(key),
        template="tables.html.j2",
        title=say("抽查 {number}", number=number),
        values={
            "note": say(
                "种子是双方随机数的SHA-256,承诺在先、固定总体在后;任何人可重做抽取"
            ),
            "leads": _leads(check),
            "tables": tables,
        },
    )


def _place(subject: str) -> str:
    """Return the page of what was drawn, or of the unit of a window."""
    kind, _, rest = subject.partition("/")
    of = rest.partition("/")[0]
    return item_file(of) if kind == StreamKind.ITEM else f"unit-{of}.html"


def _leads(check: SpotCheck) -> list[tuple[str, str]]:
    """Return the pages that belong to a spot check: the one that it repeats."""
    if not check.repeats:
        return []
    return [(spot_check_file(check.repeats), check.repeats)]


def mine_page(now: Snapshot, by: Actor) -> Page:
    """Return the page of all spot checks, for a party.

    Raises:
        StepRefused: if the actor lacks the duty.

    """
    sight = Sight(now, now.rulebook.active().organization.names)
    values: dict[str, Any] = {
        "notes": [say("进行中的抽查不公开,完成后才通知被查单位")],
        "head": [say(text) for text in LISTING.head],
        "rows": [
            LISTING.row(sight, check) for check in reversed(now.spot_checks.mine(by=by))
        ],
        "empty": say("还没有抽查"),
    }
    name, template = f"{MINE}.html", "rows.html.j2"
    return Page(file=name, template=template, title=say("全部抽查"), values=values)
