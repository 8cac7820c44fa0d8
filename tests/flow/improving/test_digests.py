"""Digests of months and quarters: issued by a job, corrected, sent, drawn up again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    CheckWay,
    Color,
    DigestKind,
    DigestReach,
    DigestStep,
    RatingLevel,
    RecordStep,
    SenderKind,
    Severity,
    State,
    StreamKind,
    TodoKind,
    UnitKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.reviewing import digests
from huimin_flow.model.improving.reviews import DigestLine, UnitPart
from huimin_flow.model.scoring.published import MonthlyColors
from huimin_flow.model.scoring.scores import Colored
from huimin_flow.rules.improving import digests as rules
from huimin_flow.rules.improving.spot_checks import digest_of
from huimin_flow.settings.outbox import DestinationSettings, OutboxSettings
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import SCHEDULER, tick
from huimin_flow.timetable.sending import send_due
from tests.flow.core.engaged import with_report
from tests.ratings import rating
from tests.timetable.receivers import mail_server

OTHER = "500102"

BAD = RatingLevel.VERY_DISSATISFIED


@pytest.fixture
def decided(desk: Desk) -> str:
    """Decide something that is late by the end of April, and return its key."""
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    key = desk.flow.reviews.call(desk.today(), "leader-1", by=desk.office).key
    held = desk.flow.reviews.hold(key, ["office-1"], by=desk.office).key
    due = date(2024, 4, 22)
    made = desk.flow.decisions.decide(held, "补齐", UNIT, due, by=desk.office).key
    desk.flow.decisions.decide(held, "再查", OTHER, due, by=desk.office)
    return made


@pytest.fixture
def issued(desk: Desk, decided: str) -> str:
    """Issue the digests of April, in which a decision was late, and return its key."""
    desk.clock.set(at_hour(date(2024, 5, 13), 9))
    issue(desk, "2024-04")
    return decided


def issue(desk: Desk, period: str) -> None:
    """Issue the digests of a period as its job does, without the jobs before it."""
    door_of(desk.flow).perform(
        lambda work: digests.issue(work, period, work.head, work.rulebook, by=SCHEDULER)
    )


def mail(port: int, **recipients: str) -> OutboxSettings:
    destination = DestinationSettings(
        name="mail",
        sender=SenderKind.MAIL,
        host="127.0.0.1",
        port=port,
        plain=True,
        mail_from="huimin@example.gov.cn",
        recipients={name.replace("_", "-"): to for name, to in recipients.items()},
        from_start=True,
    )
    return OutboxSettings(destinations=(destination,), hosts=("127.0.0.1",))


def test_a_digest_reaches_a_mail_server_with_its_page_and_documents(
    desk: Desk, issued: str
) -> None:
    """A unit gets its own and nothing of others; the office gets all in one mail."""
    addresses = {
        UNIT: "wanzhou@example.gov.cn",
        desk.office.id: "office@example.gov.cn",
    }
    with mail_server() as box:
        send_due(desk.flow, mail(box.port, **addresses), "a")
    letters: dict[str, list[EmailMessage]] = {}
    for to, lines in box.mails:
        letter = message_from_bytes(lines, policy=default)
        if "月报" in letter["Subject"]:
            letters.setdefault(to[0], []).append(letter)
    (own,), (all_,) = letters[addresses[UNIT]], letters[addresses[desk.office.id]]
    assert "2024年4月月报" in own["Subject"]
    page = own.get_body(("html",))
    assert page is not None
    body = page.get_content()
    assert issued in body
    assert "<script" not in body
    assert "http" not in body
    files = {str(each.get_filename()): each for each in own.iter_attachments()}
    assert sorted(files) == [f"digest-2024-04-{UNIT}.{k}" for k in ("docx", "json")]
    from docx import Document

    paper = Document(BytesIO(files[f"digest-2024-04-{UNIT}.docx"].get_content()))
    cells = [c.text for table in paper.tables for row in table.rows for c in row.cells]
    assert issued in cells
    plain = json.loads(files[f"digest-2024-04-{UNIT}.json"].get_content())
    assert plain["digest"] == desk.flow.digests.get("2024-04", UNIT).digest
    assert "补齐" not in str(own)
    assert OTHER not in str(plain)
    assert issued.replace("/01", "/02") not in own.as_string()
    overview = all_.get_body(("html",))
    assert overview is not None
    assert {issued, issued.replace("/01", "/02")} <= set(
        overview.get_content().replace("<", " ").replace(">", " ").split()
    )
    reached = {each.unit: each.reach for each in desk.flow.digests.reached("2024-04")}
    assert reached == {UNIT: DigestReach.SENT, OTHER: DigestReach.NOWHERE}
    waits = [e for e in desk.flow.todo(desk.office) if e.kind is TodoKind.DIGEST]
    assert [(e.subject, e.act) for e in waits] == [(f"2024-04/{OTHER}", "digests.send")]
    assert TodoKind.DIGEST not in {e.kind for e in desk.flow.todo(desk.operator)}


@pytest.mark.usefixtures("issued")
def test_the_same_digest_is_the_same_mail(desk: Desk) -> None:
    with mail_server() as box:
        settings = mail(box.port, **{UNIT: "a@x.cn"})
        send_due(desk.flow, settings, "a")
        first = len(box.mails)
        desk.flow.digests.send("2024-04", UNIT, by=desk.office)
        send_due(desk.flow, settings, "a")
    again = [lines for _, lines in box.mails[first:]]
    assert len(again) == 1
    contents = []
    for lines in (box.mails[first - 1][1], again[0]):
        letter = message_from_bytes(lines, policy=default)
        contents.append([part.get_content() for part in letter.iter_attachments()])
    assert contents[0] == contents[1]
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_correction_is_a_new_edition_and_changes_only_what_differs(
    desk: Desk, issued: str
) -> None:
    flow, period = desk.flow, "2024-04"
    with pytest.raises(InputRefused, match="没有变化"):
        flow.digests.reissue(period, "核对", by=desk.office)
    flow.decisions.drop(issued, "不必再办", by=desk.office)
    with pytest.raises(StepRefused):
        flow.digests.reissue(period, "核对", by=desk.operator)
    made = flow.digests.reissue(period, "决定已撤销", by=desk.office)
    assert (made.version, made.units) == (2, (UNIT,))
    before, after = (flow.digests.get(period, UNIT, edition=n) for n in (1, 2))
    assert (before.counts.late, after.counts.late, after.note) == (1, 0, "决定已撤销")
    assert flow.digests.get(period, OTHER).edition == 1
    with pytest.raises(NotFound, match="没有第3版"):
        flow.digests.get(period, UNIT, edition=3)
    assert door_of(flow).read(verify).findings == ()


def test_a_job_that_runs_again_adds_nothing_and_a_missed_one_is_made_up(
    desk: Desk, decided: str
) -> None:
    desk.clock.set(at_hour(date(2024, 6, 12), 9))
    tick(desk.flow)
    head = len(desk.flow.changes(limit=1000))
    tick(desk.flow)
    assert len(desk.flow.changes(limit=1000)) == head
    periods = desk.flow.digests.periods()
    assert periods[-4:] == ("2024-03", "2024Q1", "2024-04", "2024-05")
    may = desk.flow.digests.get("2024-05", UNIT)
    assert may.before is not None
    (line,) = (x for x in may.part.late if x.kind is DigestKind.DECISION)
    assert (line.subject, may.before.late) == (decided, 1)
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_bureau_that_mails_no_digest_lacks_none(desk: Desk, issued: str) -> None:
    assert desk.flow.digests.get("2024-04", UNIT).part.late[0].subject == issued
    assert TodoKind.DIGEST not in {e.kind for e in desk.flow.todo(desk.office)}


def test_the_audit_finds_a_digest_that_says_something_else(
    desk: Desk, issued: str
) -> None:
    """An insider leaves a late decision out, and gives the rest its SHA-256."""
    door = door_of(desk.flow)
    made = desk.flow.digests.editions("2024-04")[-1]

    def forge(work: Work) -> None:
        part = made.parts[0]
        lines = replace(part.part, late=())
        forged = replace(made, units=(UNIT,), parts=(
            replace(part, part=lines, counts=rules.counts_of(lines), edition=2),
            *made.parts[1:],
        ), note="核对")  # fmt: skip
        acting = acting_as(work, desk.office)
        keep_record(
            work, DigestStep.REISSUE, forged, made, acting, about=made.period,
            rulebook=made.rulebook,
        )  # fmt: skip

    assert issued in {line.subject for line in made.parts[0].part.late}
    door.perform(forge)
    found = door.read(verify).findings
    assert {(f.law, f.place.rpartition(" ")[2]) for f in found} >= {
        ("digests 1", "parts")
    }


def test_a_spot_check_is_told_once_it_is_done_and_not_before(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    checks, office, group = (
        desk.flow.spot_checks,
        desk.office,
        desk.actor("supervision-1"),
    )
    day = at_hour(date(2024, 3, 15), 9)
    rated = [rating(n, window="W01", at=day) for n in range(6)]
    desk.flow.ratings.add(rated, by=office)
    key, secrets = (
        checks.plan("暗访", by=office).key,
        (digest_of("甲"), digest_of("乙")),
    )
    for secret, by in zip(secrets, (office, group), strict=True):
        checks.commit(key, digest_of(secret), by=by)
    checks.cut(key, by=office)
    for secret, by in zip(secrets, (office, group), strict=True):
        checks.reveal(key, secret, by=by)
    drawn = checks.draw(key, by=office).drawn
    for line in drawn:
        way, grave = CheckWay.ONLINE, Severity.SERIOUS
        checks.find(key, line.id, way, grave, "无人", by=office)
    issue(desk, "2024-04")
    hidden = desk.flow.digests.editions("2024-04")[-1]
    assert key not in str(hidden)
    checks.finish(key, by=office)
    told = desk.flow.digests.reissue("2024-04", "抽查已完成", by=office)
    part = told.part(drawn[0].unit)
    assert part is not None
    assert [(x.kind, x.subject) for x in part.part.faults] == [
        (DigestKind.FINDING, key)
    ]
    assert "无人" not in str(told)
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_report_without_answers_and_overdue_ratings_are_told(
    desk: Desk,
) -> None:
    """Findings wait for an answer, then for their action; ratings are late at once."""
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    key = with_report(desk, desk.bring(State.EXECUTED).number).key
    rated = [rating(n, BAD, at=at_hour(date(2024, 3, 4 + n), 9)) for n in range(3)]
    desk.flow.ratings.add(rated, by=desk.office)
    desk.flow.ratings.answer("T2", "已重办", by=desk.operator)
    issue(desk, "2024-04")

    def told() -> tuple[set[Any], ...]:
        part = desk.flow.digests.editions("2024-04")[-1].part(UNIT)
        assert part is not None
        return tuple(
            {(x.kind, x.subject, x.count, x.days) for x in lines}
            for lines in (part.part.late, part.part.owed)
        )

    report = (DigestKind.UNANSWERED_REPORT, key, 2, 8)  # due on 22 April
    late, _ = told()
    assert {report, (DigestKind.RATINGS, "", 2, 36)} <= late
    pack = desk.flow.reviews.digest("2024-03", unit=UNIT)  # before the report
    assert DigestKind.UNANSWERED_REPORT not in {x.kind for x in pack[0].late}
    due = date(2024, 5, 10)
    acts = desk.flow.engagements
    acts.answer(key, 1, "补齐台账", UNIT, due, by=desk.operator)
    acts.decline(key, 2, "已有指引", by=desk.operator)
    desk.flow.digests.reissue("2024-04", "已答复", by=desk.office)
    late, owed = told()
    assert report not in late
    assert (DigestKind.UNDONE_REPORT, key, 1, 0) in owed
    assert door_of(desk.flow).read(verify).findings == ()


@pytest.mark.usefixtures("decided")
def test_a_digest_made_up_later_tells_of_colors_that_were_made_up_too(
    desk: Desk,
) -> None:
    """Both are due on the same days: the chart comes after the cut of the digest."""
    desk.clock.set(at_hour(date(2024, 6, 12), 9))

    def made_up(work: Work) -> None:
        before, acting = work.head, acting_as(work, SCHEDULER)
        risen = Colored(unit=UNIT, index="70", color=Color.GREEN, before=Color.RED)
        chart = MonthlyColors(
            key=StreamKind.COLORS.key("2024-04"),
            period="2024-04",
            groups={UnitKind.DISTRICT: (risen,)},
            revisions={},
            rulebook=work.rulebook.digest,
            scored=(),
        )
        keep_record(work, RecordStep.COLOR, chart, None, acting, about="2024-04")
        digests.issue(work, "2024-04", before, work.rulebook, by=SCHEDULER)

    door_of(desk.flow).perform(made_up)
    made = desk.flow.digests.editions("2024-04")[-1]
    part = made.part(UNIT)
    assert part is not None
    assert made.colors == (1,)
    assert DigestKind.COLOR in {line.kind for line in part.part.well}
    laws = {each.law for each in door_of(desk.flow).read(verify).findings}
    assert not {law for law in laws if law.startswith("digests")}


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 3))), st.booleans())
def test_every_line_is_counted_once_and_what_is_unchanged_keeps_its_edition(
    told: list[tuple[str, int]],
    again: bool,  # noqa: FBT001 - drawn
) -> None:
    lines: dict[str, list[DigestLine]] = {}
    for unit, many in told:
        line = DigestLine(kind=DigestKind.IN_TIME, subject="", count=many)
        lines.setdefault(unit, []).append(line)
    parts = [UnitPart(unit=u, well=tuple(own)) for u, own in sorted(lines.items())]
    fixed: dict[str, Any] = {"day": date(2024, 4, 30), "cut": 1, "rulebook": "r"}
    first = rules.drawn_up("2024-04", parts, None, None, **fixed)
    assert sum(p.counts.well for p in first.parts) == sum(many for _, many in told)
    assert first.units == tuple(sorted(lines))
    changed = parts if again else parts[1:]
    second = rules.drawn_up("2024-04", changed, None, first, **fixed | {"cut": 2})
    assert second.units == (() if again else first.units[:1])
    assert [p for p in second.parts if p.unit not in second.units] == [
        p for p in first.parts if p.unit not in second.units
    ]
    may = rules.drawn_up("2024-05", [], second, None, **fixed)
    assert {p.unit: p.before for p in may.parts} == {
        p.unit: p.counts for p in second.parts if p.counts.well
    }
