"""The lists of assessments, and of the organizations that make them (B7, D4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_count, say_list, say_note
from huimin_flow.catalogue.terms import ThirdPartyState
from huimin_flow.reports.core.lists import Ref, Row, Sight, item_file, listed
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huimin_flow.flow import Snapshot
    from huimin_flow.model.deciding.assessments import Assessment, Staff, ThirdParty


@listed(
    name="assessments",
    title="四项评估",
    question="assessments.list",
    head=("评估", "类别", "状态", "风险", "评估机构"),
    empty="没有这样的评估",
)
def assessments(_: Sight, made: Assessment) -> Row:
    """Return an assessment and its state."""
    key, risk = Ref(made.key, item_file(made.item)), "高风险" if made.high_risk else ""
    return key, made.kind.spoken, made.state.spoken, say(risk), made.assessor


@listed(
    name="third-parties",
    title="评估机构名册",
    question="third_parties.list",
    head=("编号", "机构", "类别", "状态", "上级机构", "评估经验", "对领域的理解"),
    empty="名册中没有这样的机构",
)
def third_parties(_: Sight, party: ThirdParty) -> Row:
    """Return an organization of the register of assessors."""
    return (
        party.key,
        party.name,
        party.kind.spoken,
        party.state.spoken,
        party.parent or "—",
        party.experience,
        party.understanding,
    )


def register_page(now: Snapshot) -> Page:
    """Return the page of the register by state, for a site without a server."""
    sight = Sight(now, now.rulebook.active().organization.names)
    rows: dict[ThirdPartyState, list[Row]] = {state: [] for state in ThirdPartyState}
    for party in now.third_parties.list():
        rows[party.state].append(third_parties.row(sight, party))
    return Page(
        file=third_parties.file,
        template="items.html.j2",
        title=say(third_parties.title),
        values={
            "head": [say(text) for text in third_parties.head],
            "groups": [(state, lines) for state, lines in rows.items() if lines],
            "note": say("共{total}家机构", total=sum(map(len, rows.values()))),
        },
    )


def staff_words(staff: Sequence[Staff]) -> str:
    """Return the staff of an engagement: how many of which role and qualification."""
    return say_list(
        say_count(
            "{role}{count}人",
            each.count,
            role=say_note(each.role, each.qualification or each.role),
        )
        for each in staff
    )
