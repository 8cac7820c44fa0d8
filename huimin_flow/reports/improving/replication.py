"""Good practices and their replication in words: lists, and a practice's page (D1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_clauses,
    say_note,
    say_pair,
)
from huimin_flow.catalogue.terms import PracticeState, StreamKind
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.reports.core.histories import in_words
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight, item_file

if TYPE_CHECKING:
    from huimin_flow.flow import Questions, Snapshot
    from huimin_flow.model.core.events import Verdict
    from huimin_flow.model.improving.replication import (
        Effect,
        Practice,
        ReplicationLine,
    )
    from huimin_flow.model.items import Item
    from huimin_flow.reports.core.render import Page


def page_of(key: str) -> str:
    """Return the file of the page of a practice."""
    return f"practice-{key.partition('/')[2]}.html"


def effect_words(effect: Effect | None) -> str:
    """Return a measured effect in words; what nobody measured is not measurable."""
    parts = []
    if effect is not None and effect.fulfilment is not None:
        parts.append(say_pair(say("落实度"), effect.fulfilment))
    if effect is not None and effect.outcomes:
        met = {"outcomes": effect.outcomes, "met": effect.met}
        parts.append(say("约定效果{outcomes}项达成{met}项", **met))
    if effect is not None and effect.answers:
        said = {"answers": effect.answers, "satisfied": effect.satisfied}
        parts.append(say("群众评价{answers}份,满意{satisfied}份", **said))
    return say_clauses(*parts) if parts else say("不可测评")


def _why(verdict: Verdict | None) -> str:
    """Return what a verdict rests on, or how effects compare."""
    return "" if verdict is None else in_words(verdict)


def _practice(sight: Sight, made: Practice) -> Row:
    """Return a practice: of whom, what was done for whom, with what effect."""
    return (
        Ref(made.key, page_of(made.key)),
        Ref(made.item, item_file(made.item)),
        made.title,
        sight.unit(made.unit),
        made.taken,
        made.whom,
        effect_words(made.effect),
        period_in_words(made.period),
        made.state.spoken,
        made.shelved_on,
    )


#: The list of all practices: its page, its files and its command.
PRACTICES: Final = Listing(
    name="practices",
    title="好经验",
    question="practices.list",
    head=(
        "好经验", "事项", "标题", "单位", "做法", "惠及对象", "实测效果", "好评榜",
        "状态", "列入",
    ),
    empty="没有这样的好经验",
    row=_practice,
    labels={"item": "事项编号", "unit": "单位", "state": "状态"},
)  # fmt: skip


def _replication(sight: Sight, line: ReplicationLine) -> Row:
    """Return a replication: to whom, until when, the answer, what came of it."""
    made = line.replication
    own = made.successor and Ref(made.successor, item_file(made.successor))
    return (
        Ref(made.key, page_of(made.practice)),
        made.practice,
        sight.unit(made.unit),
        made.proposed_on,
        line.due or "",
        line.overdue or "",
        made.state.spoken,
        made.answered_on or "",
        made.reason,
        own,
        "" if made.verdict is None else effect_words(made.effect),
        _why(made.verdict),
    )


#: The list of all replications: its page, its files and its command.
REPLICATIONS: Final = Listing(
    name="replications",
    title="复制推广",
    question="replications.list",
    head=(
        "推广", "好经验", "推荐给", "推荐", "答复期限", "逾期工作日", "状态", "答复",
        "理由", "由此立的事项", "推广后的效果", "与好经验对比",
    ),
    empty="没有这样的复制推广",
    row=_replication,
    labels={
        "practice": "好经验编号",
        "item": "由此立的事项编号",
        "unit": "推荐给",
        "state": "状态",
    },
)  # fmt: skip


def practice_lines(
    made: Practice, names: Mapping[str, str], posts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield a practice in lines of a label and a text; ``posts`` names people."""
    yield say("好经验"), say_note(made.key, made.state.spoken)
    yield say("事项"), f"{made.item} {made.title}"
    yield say("单位"), names.get(made.unit, made.unit)
    yield say("做法"), made.taken
    yield say("惠及对象"), made.whom
    yield say("实测效果"), effect_words(made.effect)
    yield say("依据"), _why(made.verdict)
    if made.files:
        yield say("佐证"), " ".join(digest[:12] for digest in made.files)
    yield say("列入"), say_note(str(made.shelved_on), posts.get(made.shelved_by, ""))
    if made.withdrawn_on is not None:
        yield say("撤回"), say_note(made.reason, str(made.withdrawn_on))


def replication_lines(
    line: ReplicationLine, names: Mapping[str, str], posts: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield a replication in lines of a label and a text; ``posts`` names people."""
    made = line.replication
    yield say("推广"), say_note(made.key, made.state.spoken)
    yield say("好经验"), say_note(made.practice, made.item)
    unit = names.get(made.unit, made.unit)
    yield say("推荐给"), say_clauses(unit, str(made.proposed_on), made.note)
    if line.due is not None:
        yield say("答复期限"), str(line.due)
    if line.overdue:
        yield say("逾期工作日"), str(line.overdue)
    if made.reminded_on is not None:
        yield say("催办次数"), say_note(str(made.reminders), str(made.reminded_on))
    if made.answered_on is not None:
        who = posts.get(made.answered_by, made.answered_by)
        yield say("答复"), say_note(str(made.answered_on), who)
    if made.reason:
        yield say("理由"), made.reason
    if made.successor:
        yield say("由此立的事项"), made.successor
    if made.verdict is not None:
        yield say("推广后的效果"), effect_words(made.effect)
        yield say("与好经验对比"), _why(made.verdict)


def replicated(
    now: Questions, item: Item, names: Mapping[str, str], posts: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield the lines of an item's practices, and of what it replicates.

    Only a measure becomes a practice, and only a response replicates one.
    """
    if item.plan is not None:
        for made in now.practices.list(item=item.number):
            yield tuple(practice_lines(made, names, posts))
    if item.responds_to is not None:
        for line in now.replications.list(item=item.number):
            yield tuple(replication_lines(line, names, posts))


def in_short(now: Questions, key: str) -> tuple[str, str]:
    """Return a practice or a replication in one line, and the page that shows it."""
    names = now.rulebook.active().organization.names
    if StreamKind.parse(key)[0] is StreamKind.PRACTICE:
        practice = now.practices.get(key)
        lines, page = practice_lines(practice, names, {}), page_of(practice.key)
    else:
        known = now.replications.get(key)
        lines = replication_lines(known, names, {})
        page = page_of(known.replication.practice)
    return say_clauses(*(text for _, text in lines)), page


def practices_page(now: Snapshot) -> Page:
    """Return the page of the shelf by state, for a site without a server."""
    from huimin_flow.reports.core.render import Page  # noqa: PLC0415 - heavy

    sight = Sight(now, now.rulebook.active().organization.names)
    rows: dict[PracticeState, list[Row]] = {state: [] for state in PracticeState}
    for made in now.practices.list():
        rows[made.state].append(PRACTICES.row(sight, made))
    return Page(
        file=PRACTICES.file,
        template="items.html.j2",
        title=say(PRACTICES.title),
        values={
            "head": [say(text) for text in PRACTICES.head],
            "groups": [(state, lines) for state, lines in rows.items() if lines],
            "note": say("共{total}条好经验", total=sum(map(len, rows.values()))),
        },
    )


def practice_page(now: Snapshot, number: str) -> Page:
    """Return the page of a practice by its number, with its replications.

    Raises:
        NotFound: if there is none.

    """
    from huimin_flow.reports.core.render import Page  # noqa: PLC0415 - heavy

    made = now.practices.get(StreamKind.PRACTICE.key(number))
    sight = Sight(now, now.rulebook.active().organization.names)
    rows = [
        REPLICATIONS.row(sight, line)
        for line in now.replications.list(practice=made.key)
    ]
    return Page(
        file=page_of(made.key),
        template="tables.html.j2",
        title=say("好经验 {number}", number=number),
        values={
            "note": made.title,
            "leads": [(item_file(made.item), made.item)],
            "tables": [
                (
                    say("做法与效果"),
                    (say("项目"), say("内容")),
                    list(practice_lines(made, sight.names, {})),
                    "",
                ),
                (
                    say(REPLICATIONS.title),
                    [say(text) for text in REPLICATIONS.head],
                    rows,
                    say("还没有推荐给其他单位"),
                ),
            ],
        },
    )
