"""What all rooms share: two people, many rows at once, posts, the rulebook, forms."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect
from tempfile import TemporaryDirectory

from huimin_flow.api import (
    Argument,
    BulkAct,
    Criterion,
    Deputy,
    Flow,
    OwnRole,
    Person,
    ProposalState,
    Role,
    State,
    StepRefused,
    TwoPeople,
    draw_own,
    to_plain,
    verify,
)
from huimin_flow.testing import UNIT, Desk


def propose_and_approve(desk: Desk) -> None:
    """Propose what needs two people; the second sees it and approves what they saw."""
    flow, office, second = desk.flow, desk.office, desk.second
    number = desk.bring(State.LISTED).number

    values = {"item": number, "reason": "not_ours"}
    proposal = flow.proposals.propose(TwoPeople.CANCEL, values, by=office)
    assert proposal in flow.proposals.waiting()
    assert proposal.key in {each.proposal.key for each in flow.proposals.queue()}
    assert not flow.proposals.stale(proposal.key)

    shown = flow.proposals.get(proposal.key)
    for line in shown.content:
        print(line.path, line.old, line.new)
    done = flow.proposals.approve(proposal.key, proposal.seen, by=second)
    assert done.state is ProposalState.APPROVED


def propose_a_rulebook(desk: Desk) -> None:
    """See what another rulebook changes, propose it, withdraw, and activate it."""
    flow, office, second = desk.flow, desk.office, desk.second
    book = flow.rulebook.active()
    reasons = {**book.rules.reject_reasons, "elsewhere": "已由其他渠道解决"}
    other = replace(book, rules=replace(book.rules, reject_reasons=reasons), digest="")

    assert [line.new for line in flow.rulebook.diff(other)] == ["已由其他渠道解决"]
    for effect in flow.rulebook.effects(other):
        print(effect)

    proposal = flow.proposals.propose_rulebook(other, by=office)
    flow.proposals.withdraw(proposal.key, by=office)
    assert flow.proposals.count() == len(flow.proposals.list())

    away = Deputy(
        post="head-500101",
        deputy="op-500101",
        valid_from=desk.today(),
        valid_to=desk.today() + timedelta(days=14),
        source="ours",
    )
    organization = replace(other.organization, deputies=(away,))
    other = replace(other, organization=organization)
    digest = flow.rulebook.activate(other, by=office, second=second)
    assert flow.rulebook.active(digest).rules.reject_reasons == reasons


def do_many_at_once(desk: Desk) -> None:
    """Screen several items by one confirmation: shown before, then done."""
    flow, office = desk.flow, desk.office
    numbers = [desk.collect().number for _ in range(3)]
    scores = {Criterion.URGENCY: 100, Criterion.FUNDAMENTALITY: 100}
    rows = [{"number": number, "scores": scores} for number in numbers]

    with flow.dry() as dry:
        shown = dry.bulk.do(BulkAct.SCREEN, rows, by=office)
    done = flow.bulk.do(BulkAct.SCREEN, rows, seen=shown.seen, by=office)
    assert [line.about for line in done.lines] == numbers

    try:
        flow.bulk.do(BulkAct.SCREEN, rows, by=office)
    except StepRefused as refused:
        print(refused.reasons)


def know_people(desk: Desk) -> None:
    """Find the actor of a post, the post of an account, and a unit by its name."""
    flow = desk.flow

    clerk = flow.people.actor("op-500101")
    assert flow.people.unit("万州区").code == clerk.unit == UNIT
    assert flow.people.identify("zhang", "office-1").id == "office-1"
    for todo in flow.people.todo(clerk):
        print(todo.subject, todo.act, todo.due)


def make_a_form(desk: Desk) -> None:
    """Make a form of an act: its fields, a schema, choices, and what a person wrote."""
    flow = desk.flow

    (title, *_) = flow.fields.of("items.collect")
    assert (title.path, title.required) == ("demand.title", True)
    assert flow.fields.schema("items.collect")["required"] == ["demand"]
    units = flow.fields.choices(Argument.UNIT, "万州", limit=5)
    assert units[0].code == UNIT
    assert flow.fields.resolve(Argument.UNIT, "万州区") == UNIT


def map_a_role_of_your_own(desk: Desk) -> None:
    """Map a role of your program on roles of the rulebook; a post may do as much."""
    flow, book = desk.flow, desk.flow.rulebook.active()

    caseworker = OwnRole(
        label="经办人",
        english="caseworker",
        source="ours",
        roles=frozenset({Role.OPERATOR}),
    )
    post = Person(
        id="case-1",
        unit=UNIT,
        roles=frozenset(),
        own_roles=frozenset({"caseworker"}),
    )
    organization = replace(
        book.organization,
        people=(*book.organization.people, post),
        own_roles={"caseworker": caseworker},
    )
    mapped = replace(book, organization=organization, digest="")
    flow.rulebook.activate(mapped, by=desk.office, second=desk.second)

    by = flow.people.actor("case-1")
    assert by.own_roles == {"caseworker"}
    number = desk.collect().number
    item = flow.items.amend(number, {"title": "室内候工区"}, by=by)
    assert item.title == "室内候工区"


def audit_the_database(desk: Desk) -> None:
    """Verify the whole database; see what was edited behind the engine's back."""
    book, clock = desk.flow.rulebook.active(), desk.clock
    with TemporaryDirectory() as folder:
        file = Path(folder) / "host.db"
        flow = Flow.found(f"sqlite:///{file}", book, rehearsal=True, clock=clock)
        Desk(flow, clock).collect()
        report = verify(flow)
        assert report.clean
        print(to_plain(report))

        with closing(connect(file)) as hand, hand:
            hand.execute("UPDATE huimin_item SET version = 9")
        for finding in verify(flow, decisions=False).findings:
            print(finding.flaw.label, finding.place, finding.law)
        flow.close()


def draw_a_page_of_your_own(desk: Desk) -> None:
    """Draw a page by a template of yours; a sandbox keeps it from all else."""
    items = desk.flow.items.list(limit=5)

    with TemporaryDirectory() as folder:
        template = "{% for item in items %}<li>{{ item.title }}</li>{% endfor %}"
        (Path(folder) / "page.html").write_text(template, encoding="utf-8")
        print(draw_own(Path(folder), "page.html", {"items": items}))
