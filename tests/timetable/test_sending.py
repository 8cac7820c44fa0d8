"""Changes are sent at least once, in order for each recipient, by one sender."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import (
    DeliveryState,
    Fault,
    SenderKind,
    State,
    StreamKind,
)
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.exchange.core.senders import Parcel, SendFailed, to_folder
from huimin_flow.flow import Flow
from huimin_flow.model.core.changes import SendResult
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.settings.outbox import DestinationSettings, OutboxSettings
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from huimin_flow.timetable.sending import send_due, sender_of
from tests.timetable.receivers import free_port, mail_server, webhook

SECRET = "k" * 32


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIMIN_OUTBOX_PORTAL", SECRET)


def ours(number: int) -> Figure:
    return Figure(value=number, source="ours")


def outbox(*destinations: DestinationSettings, **more: Any) -> OutboxSettings:
    usual: dict[str, Any] = {"attempts": ours(3), "timeout_seconds": ours(2)}
    return OutboxSettings(
        destinations=destinations, hosts=("127.0.0.1",), **{**usual, **more}
    )


def to_portal(port: int, **more: Any) -> DestinationSettings:
    return DestinationSettings(
        name="portal",
        sender=SenderKind.WEBHOOK,
        url=f"http://127.0.0.1:{port}/changes",
        from_start=True,
        **more,
    )


def positions(got: list[tuple[dict[str, str], bytes]]) -> list[int]:
    return [json.loads(body)["position"] for _, body in got]


def later(desk: Desk, **span: float) -> None:
    desk.clock.advance(timedelta(**span))


def test_a_receiver_that_dies_and_comes_back_gets_each_in_order(desk: Desk) -> None:
    desk.item(State.SCREENED)
    with webhook() as first:
        settings = outbox(to_portal(first.port))
        assert send_due(desk.flow, settings, "a")[0].sent == len(first.got) > 0
    desk.item(State.SCREENED)  # while nobody listens
    assert [each.fault for each in send_due(desk.flow, settings, "a")[0].failed] == [
        Fault.UNREACHABLE
    ]
    assert send_due(desk.flow, settings, "a") == [SendResult(destination="portal")]
    assert desk.flow.deliveries.destinations()[0].failing is not None
    later(desk, minutes=1)
    with webhook(first.port, first):
        send_due(desk.flow, settings, "a")
    head = desk.flow.changes(limit=1000)[-1].position
    assert positions(first.got) == list(range(1, head + 1))
    (known,) = desk.flow.deliveries.destinations()
    assert (known.waiting, known.dead, known.failing, known.lag) == (0, 0, None, 0)


def test_a_receiver_that_is_away_for_days_gets_each_in_order(desk: Desk) -> None:
    desk.item(State.SCREENED)
    settings = outbox(to_portal(free_port()), attempts=ours(2))
    for _ in range(4):
        (made,) = send_due(desk.flow, settings, "a")
        assert [each.fault for each in made.failed] == [Fault.UNREACHABLE]
        later(desk, hours=20)
    assert desk.flow.deliveries.count(state=DeliveryState.DEAD) == 0
    got: list[int] = []

    def takes(parcel: Parcel) -> None:
        got.append(parcel.position)

    send_due(desk.flow, settings, "a", senders={"portal": takes})
    assert got == list(range(1, desk.flow.changes(limit=1000)[-1].position + 1))


def test_a_fault_of_a_sender_holds_up_no_other_destination(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    other = replace(to_portal(1), name="other")
    got: list[int] = []

    def breaks(_: Parcel) -> None:
        raise UnicodeEncodeError("ascii", "密码", 0, 1, "why")

    def takes(parcel: Parcel) -> None:
        got.append(parcel.position)

    senders = {"portal": breaks, "other": takes}
    broken, whole = send_due(
        desk.flow, outbox(to_portal(1), other), "a", senders=senders
    )
    assert [each.fault for each in broken.failed] == [Fault.UNFORESEEN]
    assert whole.sent == len(got) > 0
    assert "UnicodeEncodeError" in caplog.text
    assert "密码" not in caplog.text
    assert desk.flow.deliveries.destinations()[1].failing is not None


def test_each_request_is_signed_and_has_the_key_of_its_change(desk: Desk) -> None:
    with webhook() as received:
        send_due(desk.flow, outbox(to_portal(received.port)), "a")
    changes = desk.flow.changes()
    for (headers, body), change in zip(received.got, changes, strict=True):
        second = headers["Huimin-Timestamp"]
        made = hmac.new(SECRET.encode(), second.encode() + b"." + body, sha256)
        assert headers["Huimin-Signature"] == f"v1={made.hexdigest()}"
        assert headers["Huimin-Key"] == change.key == json.loads(body)["key"]
        assert int(second) == int(desk.clock.now().timestamp())


def test_what_is_sent_but_not_marked_is_sent_again_with_its_key(desk: Desk) -> None:
    got: list[str] = []

    def dies(parcel: Parcel) -> None:
        got.append(parcel.key)
        if len(got) == 1:
            raise KeyboardInterrupt  # sent, and killed before the mark

    settings = outbox(to_portal(1))
    with pytest.raises(KeyboardInterrupt):
        send_due(desk.flow, settings, "a", senders={"portal": dies})
    assert send_due(desk.flow, settings, "a", senders={"portal": dies})[0].sent == 1
    assert got == [desk.flow.changes()[0].key] * 2


def test_after_the_last_attempt_it_is_a_dead_letter_and_the_next_goes(
    desk: Desk,
) -> None:
    desk.collect()
    first = desk.flow.changes()[0].position

    def refuses(parcel: Parcel) -> None:
        if parcel.position == first:
            raise SendFailed(Fault.REFUSED)

    settings, senders = outbox(to_portal(1)), {"portal": refuses}
    for _ in range(3):
        assert desk.flow.deliveries.count(state=DeliveryState.SENT) == 0
        send_due(desk.flow, settings, "a", senders=senders)
        later(desk, hours=2)
    (dead,) = desk.flow.deliveries.list(state=DeliveryState.DEAD)
    assert (dead.position, dead.attempts, dead.fault) == (first, 3, Fault.REFUSED)
    head = desk.flow.changes()[-1].position
    assert desk.flow.deliveries.count(state=DeliveryState.SENT) == head - 1


@pytest.fixture
def dead(desk: Desk) -> Callable[[], SendResult]:
    """Make the first change a dead letter; return what sends with success."""

    def refuses(_: Parcel) -> None:
        raise SendFailed(Fault.REFUSED)

    settings = outbox(to_portal(1), attempts=ours(1))
    send_due(desk.flow, settings, "a", senders={"portal": refuses})
    return lambda: send_due(desk.flow, settings, "a", senders={"portal": _takes})[0]


def _takes(_: Parcel) -> None:
    """Take everything."""


def test_a_dead_letter_is_sent_again_when_a_person_says_so(
    desk: Desk, dead: Callable[[], SendResult]
) -> None:
    assert dead().sent == 0
    made = desk.flow.deliveries.retry("portal", 1, by=desk.office)
    assert made.state is DeliveryState.WAITING
    assert desk.flow.records.events(made.key)[0].event.step == "retry"
    assert dead().sent == 2  # this one, and the change that says so
    with pytest.raises(InputRefused):
        desk.flow.deliveries.retry("portal", 1, by=desk.office)


def test_a_dead_letter_is_given_up_with_a_reason(
    desk: Desk, dead: Callable[[], SendResult]
) -> None:
    with pytest.raises(InputRefused):
        desk.flow.deliveries.abandon("portal", 1, " ", by=desk.office)
    with pytest.raises(StepRefused):
        desk.flow.deliveries.abandon("portal", 1, "门户已停用", by=desk.operator)
    made = desk.flow.deliveries.abandon("portal", 1, "门户已停用", by=desk.office)
    assert made.state is DeliveryState.ABANDONED
    assert dead().sent == 1  # the change about it, without the reason
    assert "门户" not in str(desk.flow.changes(limit=1000)[-1].data)
    assert desk.flow.deliveries.destinations()[0].dead == 0


def test_only_the_chosen_kinds_go_and_a_new_destination_begins_now(desk: Desk) -> None:
    got: list[Parcel] = []
    kinds = (StreamKind.ITEM,)
    settings = OutboxSettings(
        destinations=(
            DestinationSettings(
                name="portal", sender=SenderKind.WEBHOOK, url="x", kinds=kinds
            ),
        )
    )
    desk.collect()
    send_due(desk.flow, settings, "a", senders={"portal": got.append})
    assert got == []
    item = desk.item(State.SCREENED)
    send_due(desk.flow, settings, "a", senders={"portal": got.append})
    assert {parcel.kind for parcel in got} == {"item"}
    assert json.loads(got[0].body)["stream"] == f"item/{item.number}"


def test_a_file_is_whole_and_its_name_sorts_by_position(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "changes"
    settings = outbox(
        DestinationSettings(
            name="files", sender=SenderKind.FILE, folder=str(folder), from_start=True
        )
    )
    assert send_due(desk.flow, settings, "a")[0].failed[0].fault is Fault.NO_FOLDER
    folder.mkdir()
    later(desk, minutes=1)
    send_due(desk.flow, settings, "a")
    files = sorted(folder.iterdir())
    read = [json.loads(file.read_text())["key"] for file in files]
    assert read == [change.key for change in desk.flow.changes()]
    assert all(file.stat().st_mode & 0o777 == 0o640 for file in files)


def mail(port: int, **recipients: str) -> DestinationSettings:
    return DestinationSettings(
        name="mail",
        sender=SenderKind.MAIL,
        host="127.0.0.1",
        port=port,
        plain=True,
        mail_from="huimin@example.gov.cn",
        recipients={name.replace("_", "-"): to for name, to in recipients.items()},
        from_start=True,
    )


def test_a_proposal_is_mailed_to_those_who_may_confirm_it(desk: Desk) -> None:
    item = desk.item(State.LISTED)
    with mail_server() as box:
        addresses = {
            desk.office.id: "first@example.gov.cn",
            desk.second.id: "second@example.gov.cn",
            "auditor-1": "auditor@example.gov.cn",
        }
        to = mail(box.port)
        settings = outbox(
            DestinationSettings(
                **{
                    name: getattr(to, name)
                    for name in to.__dataclass_fields__
                    if name != "recipients"
                },
                recipients=addresses,
            )
        )
        send_due(desk.flow, settings, "a")
        box.mails.clear()
        made = desk.flow.proposals.propose(
            "cancel", {"item": item.number, "reason": "张三来电要求"},
            by=desk.office,
        )  # fmt: skip
        send_due(desk.flow, settings, "a")
    assert [to for to, _ in box.mails] == [["second@example.gov.cn"]]
    letter = message_from_bytes(box.mails[0][1], policy=default)
    said = letter.get_content()
    assert made.key in letter["Subject"]
    assert f"huimin proposal show {made.key}" in said
    assert "张三" not in said
    assert desk.flow.changes(limit=1000)[-1].key in letter["Message-ID"]


def test_a_refused_address_holds_up_no_other_one(desk: Desk) -> None:
    with mail_server() as box:
        box.refuses.add("gone@example.gov.cn")
        settings = outbox(
            mail(box.port, **{"500101": "gone@example.gov.cn", "500102": "b@x.cn"})
        )
        desk.collect(unit="500101")
        desk.collect(unit="500102")
        (result,) = send_due(desk.flow, settings, "a")
    assert [to for to, _ in box.mails] == [["b@x.cn"]]
    assert [made.recipient for made in result.failed] == ["500101"]


def test_another_sender_waits_for_the_lease(desk: Desk, url: str) -> None:
    """One sends while another looks: the other one leaves it to the first."""
    settings, others = outbox(to_portal(1)), list[SendResult]()

    def looks(_: Parcel) -> None:
        with Flow.open(url, clock=desk.clock) as other:
            others.extend(send_due(other, settings, "b", senders={"portal": _takes}))

    send_due(desk.flow, settings, "a", senders={"portal": looks})
    assert [each.elsewhere for each in others] == [True] * len(others)
    assert others
    (free,) = send_due(desk.flow, settings, "b", senders={"portal": _takes})
    assert not free.elsewhere, "the first has released it"


def test_a_sender_that_was_replaced_marks_nothing(desk: Desk, url: str) -> None:
    """The lease expires while a sender sends; another takes over and marks."""
    settings = outbox(to_portal(1), lease_seconds=ours(0))
    taken: list[SendResult] = []

    def stalls(_: Parcel) -> None:
        with Flow.open(url, clock=desk.clock) as other:
            taken.extend(send_due(other, settings, "b", senders={"portal": _takes}))

    desk.collect()
    (late,) = send_due(desk.flow, settings, "a", senders={"portal": stalls})
    assert late.fenced
    assert late.sent == 0
    assert taken[0].sent == len(desk.flow.changes())


def test_a_late_success_does_not_end_what_its_successor_has_to_try_again(
    desk: Desk, url: str
) -> None:
    """Only the lease decides: the delivery itself still waits for the successor."""
    settings = outbox(to_portal(1), lease_seconds=ours(0))

    def refuses(_: Parcel) -> None:
        raise SendFailed(Fault.REFUSED)

    def stalls(_: Parcel) -> None:
        with Flow.open(url, clock=desk.clock) as other:
            send_due(other, settings, "b", senders={"portal": refuses})

    (late,) = send_due(desk.flow, settings, "a", senders={"portal": stalls})
    assert late.fenced
    (line,) = desk.flow.deliveries.list()
    assert (line.state, line.attempts) == (DeliveryState.WAITING, 1)
    assert desk.flow.deliveries.destinations()[0].failing is not None


def test_what_was_sent_long_ago_is_forgotten_and_what_failed_is_kept(
    desk: Desk,
) -> None:
    settings = outbox(to_portal(1), attempts=ours(1), keep_days=ours(90))

    def refuses(parcel: Parcel) -> None:
        if parcel.position == 1:
            raise SendFailed(Fault.REFUSED)

    desk.collect()
    send_due(desk.flow, settings, "a", senders={"portal": refuses})
    later(desk, days=89)
    send_due(desk.flow, settings, "a", senders={"portal": refuses})
    assert desk.flow.deliveries.count() == len(desk.flow.changes())
    later(desk, days=2)
    send_due(desk.flow, settings, "a", senders={"portal": refuses})
    assert [line.position for line in desk.flow.deliveries.list()] == [1]


def test_a_file_is_written_through_no_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("whole")
    folder = tmp_path / "changes"
    folder.mkdir()
    for number in (os.getpid(), *range(300)):
        (folder / f".000000000008.json.{number}").symlink_to(victim)
    at = datetime(2026, 12, 1, tzinfo=UTC)
    to_folder(folder)(Parcel(key="8", position=8, kind="item", body=b"{}", at=at))
    assert victim.read_text() == "whole"
    assert [each.name for each in folder.iterdir()] == ["000000000008.json"]
    assert not (folder / "000000000008.json").is_symlink()


def test_a_rehearsal_calls_nobody_but_this_machine(desk: Desk) -> None:
    to = replace(to_portal(1), url="https://portal.example.cn/")
    settings = replace(outbox(to), hosts=("portal.example.cn",))
    assert send_due(desk.flow, settings, "a")[0].failed[0].fault is Fault.UNLISTED


def test_a_production_service_calls_only_what_the_settings_list(desk: Desk) -> None:
    with webhook() as received:
        settings = replace(outbox(to_portal(received.port)), hosts=())
        (change,) = desk.flow.changes(limit=1)
        parcel = Parcel(
            key=change.key, position=1, kind="rulebook", body=b"{}", at=change.at
        )
        send = sender_of(settings.destinations[0], settings, rehearsal=False)
        with pytest.raises(SendFailed) as refused:
            send(parcel)
        assert refused.value.fault is Fault.UNLISTED
        assert received.got == []


def test_nothing_listens_is_unreachable_and_no_secret_is_its_own_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = outbox(to_portal(free_port()))
    assert send_due(desk.flow, settings, "a")[0].failed[0].fault is Fault.UNREACHABLE
    monkeypatch.delenv("HUIMIN_OUTBOX_PORTAL")
    later(desk, minutes=1)
    assert send_due(desk.flow, settings, "a")[0].failed[0].fault is Fault.SECRET


def test_who_has_to_answer_an_appeal_now_is_told_by_mail(file_desk: Desk) -> None:
    desk = file_desk
    said = "办事难,电话没人接"
    appeal = Appeal(
        key="k", channel="hotline_12333", who="p1", district="500101", text=said
    )
    desk.flow.appeals.add_all([appeal], by=desk.office)
    with mail_server() as box:
        settings = outbox(mail(box.port, **{"500101": "a@x.cn", "500102": "b@x.cn"}))
        send_due(desk.flow, settings, "a")
        box.mails.clear()
        desk.flow.answers.transfer("k", "500102", "wrong_unit", by=desk.operator)
        send_due(desk.flow, settings, "a")
    assert [to for to, _ in box.mails] == [["b@x.cn"]]
    letter = message_from_bytes(box.mails[0][1], policy=default)
    assert "答复" in letter["Subject"]
    assert "电话" not in letter.get_content()


def test_units_that_owe_a_report_are_reminded_by_mail(file_desk: Desk) -> None:
    desk = file_desk
    desk.bring(State.ASSIGNED)
    with mail_server() as box:
        settings = outbox(mail(box.port, **{"500101": "a@x.cn"}))
        send_due(desk.flow, settings, "a")
        box.mails.clear()
        desk.clock.set(datetime(2024, 2, 1, tzinfo=UTC))
        tick(desk.flow)
        send_due(desk.flow, settings, "a")
    subjects = [
        message_from_bytes(lines, policy=default)["Subject"] for _, lines in box.mails
    ]
    assert any("进展追报" in each and "未报送" in each for each in subjects), subjects


def test_another_machines_clock_takes_no_lease_away(desk: Desk, url: str) -> None:
    """A lease goes by the database's clock, whatever the sender's own shows."""
    settings = outbox(to_portal(1))
    seen: list[bool] = []

    def looks(_: Parcel) -> None:
        ahead = RehearsalClock(desk.clock.now() + timedelta(days=400))
        with Flow.open(url, clock=ahead) as other:
            (made,) = send_due(other, settings, "b", senders={"portal": _takes})
            seen.append(made.elsewhere)

    send_due(desk.flow, settings, "a", senders={"portal": looks})
    assert set(seen) == {True}
