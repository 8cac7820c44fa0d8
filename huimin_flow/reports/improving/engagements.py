"""Engagements of third parties in words: their list, their pages, findings (D4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_list,
    say_note,
    say_pair,
)
from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file
from huimin_flow.reports.core.render import Page
from huimin_flow.reports.deciding.assessments import staff_words

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.improving.engagements import Engagement, ReportFinding


def engagement_file(key: str) -> str:
    """Return the file of the page of an engagement."""
    return f"engagement-{StreamKind.parse(key)[1].replace('/', '-')}.html"


def _row(_: Sight, made: Engagement) -> Row:
    """Return an engagement: who judges what until when, and how it stands."""
    return (
        Ref(made.key, engagement_file(made.key)),
        Ref(made.item, item_file(made.item)),
        made.assessor,
        say_list(made.outcomes),
        made.due,
        made.state.spoken,
        len(made.findings) or "",
        len(made.unanswered()) or "",
        len(made.undone()) or "",
    )


#: The list of all engagements: its page, its files and its command.
LISTING: Final = Listing(
    name="engagements",
    title="第三方评估项目",
    question="engagements.list",
    head=(
        "评估项目", "事项", "评估机构", "评估的效果", "报告期限", "状态", "意见",
        "未回应", "措施未办结",
    ),
    empty="没有这样的评估项目",
    row=_row,
    labels={"item": "事项编号", "state": "状态"},
)  # fmt: skip


def engagement_lines(
    made: Engagement, posts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield an engagement in lines of a label and a text; ``posts`` names people."""
    yield say("评估机构"), made.assessor
    yield say("评估的效果"), say_list(made.outcomes)
    yield say("评估方案"), made.approach
    yield say("期间"), say("{begins}至{due}", begins=made.begins, due=made.due)
    yield say("状态"), made.state.spoken
    if made.staff:
        yield say("评估人员"), staff_words(made.staff)
    sample = made.sample
    if sample is not None:
        text = "{population}{served}个中抽取{drawn}个,种子{seed}"
        seed = sample.seed[:12]
        drawn = say(
            text,
            population=sample.population,
            served=sample.served,
            drawn=sample.drawn,
            seed=seed,
        )
        yield say("样本"), drawn
    if made.report:
        who = posts.get(made.corrected_by or made.reported_by, "")
        file = say_clauses(made.report[:12], str(made.reported_on))
        yield say("评估报告"), say_note(file, who)
        yield (
            say("各项效果的结果"),
            say_list(
                say_pair(
                    result.outcome,
                    result.grade.spoken
                    if result.grade is not None
                    else str(result.value)
                    if result.value is not None
                    else say("不可衡量"),
                )
                for result in made.results
            ),
        )
    if made.corrections:
        times = say("更正{count}次", count=made.corrections)
        yield say("更正"), say_clauses(times, made.reason)
    elif made.reason:
        yield say("取消理由"), made.reason


def engagements_of(
    now: Questions, number: str, posts: Mapping[str, str]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the engagements of an item: the page of each, and its lines."""
    return tuple(
        (engagement_file(made.key), tuple(engagement_lines(made, posts)))
        for made in now.engagements.list(item=number)
    )


#: The columns of the findings of a report.
FINDINGS: Final = (
    "第几条", "轻重", "针对哪项效果", "意见", "回应", "责任", "期限", "办理情况",
)  # fmt: skip


def finding_rows(made: Engagement, names: Mapping[str, str]) -> Iterator[Row]:
    """Yield the findings of a report, each with its answer and what was done."""
    for finding in made.findings:
        action = finding.action
        about = finding.outcome or say("整个事项")
        said = (finding.number, finding.severity.spoken, about, finding.text)
        if action is None:
            no = say("不采纳:{reason}", reason=finding.declined)
            yield *said, no if finding.declined else say("未回应"), "", "", ""
            continue
        owner = names.get(action.unit, action.unit)
        yield (
            *said,
            action.measures,
            say_note(owner, action.post) if action.post else owner,
            action.due,
            "" if action.done_on is None else say_note(action.done, action.done_on),
        )


def in_short(now: Questions, key: str) -> tuple[str, str]:
    """Return an engagement in one line, and its page."""
    made = now.engagements.get(key)
    lines = say_clauses(*(text for _, text in engagement_lines(made, {})))
    open_ = [_short(finding) for finding in made.unanswered() or made.undone()]
    return say_clauses(made.item, lines, *open_), engagement_file(key)


def _short(finding: ReportFinding) -> str:
    return say("第{number}条{text}", number=finding.number, text=finding.text[:40])


def engagement_page(now: Snapshot, number: str) -> Page:
    """Return the page of an engagement by its number, with findings and answers.

    Raises:
        NotFound: if there is none.

    """
    item, _, nth = number.rpartition("-")
    key = StreamKind.ENGAGEMENT.key(item, nth)
    made = now.engagements.get(key)
    organization = now.rulebook.active().organization
    posts = {
        person.id: say_note(person.id, organization.name_of(person.unit))
        for person in organization.people
    }
    facts = [say_pair(label, text) for label, text in engagement_lines(made, posts)]
    rows = list(finding_rows(made, organization.names))
    return Page(
        file=engagement_file(key),
        template="tables.html.j2",
        title=say("事项{item}的第三方评估", item=made.item),
        values={
            "note": say_clauses(*facts),
            "leads": ((item_file(made.item), say("事项{number}", number=made.item)),),
            "tables": [
                (
                    say("评估意见"),
                    [say(text) for text in FINDINGS],
                    rows,
                    say("没有意见"),
                )
            ],
        },
    )
