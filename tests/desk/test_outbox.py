"""Deliveries on the desk and at a terminal: who sees them, and what is done there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from huimin_flow.catalogue.terms import Fault, TodoKind
from huimin_flow.clock import FollowingClock
from huimin_flow.exchange.core.senders import Parcel, SendFailed
from huimin_flow.shell.main import huimin
from huimin_flow.testing import Desk
from huimin_flow.timetable import metronome
from huimin_flow.timetable.sending import send_due
from tests.desk.asking import Asker, asking
from tests.timetable.receivers import webhook
from tests.timetable.test_sending import later, ours, outbox, to_portal


def refuses(parcel: Parcel) -> None:
    """Refuse the first change, and take all others."""
    if parcel.position == 1:
        raise SendFailed(Fault.REFUSED)


@pytest.fixture
def dead(file_desk: Desk) -> Desk:
    """A desk with one dead letter, and a consumer that reads no more."""
    file_desk.collect()
    settings = outbox(to_portal(1), attempts=ours(1))
    send_due(file_desk.flow, settings, "a", senders={"portal": refuses})
    file_desk.flow.changes.acknowledge("warehouse", 1, by=file_desk.office)
    return file_desk


@pytest.fixture
def asker(dead: Desk) -> Asker:
    return asking(dead.flow, FollowingClock(dead.clock.now(), stands=True))


def test_the_office_sees_deliveries_and_leads_to_their_forms(asker: Asker) -> None:
    office = asker.acting_as("office-1")
    page = office.get("deliveries.html?state=dead")
    assert page.status == 200
    assert "对方拒收" in page.text
    forms = re.findall(r'href="(act-deliveries\.[^"]+)"', page.text)
    assert len(forms) == 2
    for form in forms:
        shown = office.get(form)
        assert shown.status == 200
        assert 'value="portal"' in shown.text
    whole = office.get("destinations.html")
    assert "portal" in whole.text
    csv = office.get("deliveries.csv")
    assert (csv.status, b"portal/1" in csv.body) == (200, True)


@pytest.mark.parametrize("page", ["deliveries.html", "destinations.html"])
def test_who_may_not_follow_changes_sees_no_deliveries(asker: Asker, page: str) -> None:
    assert asker.acting_as("op-500101").get(page).status == 403


def test_a_dead_letter_waits_for_those_who_decide(dead: Desk, asker: Asker) -> None:
    def kinds(person: str) -> list[tuple[str, str]]:
        entries = dead.flow.todo(dead.actor(person))
        return [(x.subject, x.act) for x in entries if x.kind is TodoKind.DELIVERY]

    assert kinds("office-1") == [("portal/1", "deliveries.retry")]
    assert kinds("op-500101") == []
    page = asker.acting_as("office-1").get("todo.html").text
    assert "act-deliveries.retry.html?destination=portal&position=1" in page
    dead.flow.deliveries.abandon("portal", 1, "门户停用", by=dead.office)
    assert kinds("office-1") == []


def test_the_checkup_names_dead_letters_and_who_reads_no_more(
    dead: Desk, file_url: str
) -> None:
    later(dead, days=3)
    words = ["doctor", "--db", file_url, "--json", "--now"]
    words.append(f"{dead.today()}T12:00")
    found = json.loads(CliRunner().invoke(huimin, words).output)
    checks = {check["name"]: check for check in found}
    assert checks["投递 portal"]["health"] == "red"
    assert "失败1件" in checks["投递 portal"]["found"]
    assert "huimin outbox list" in checks["投递 portal"]["remedy"]
    assert checks["读取变更 warehouse"]["health"] == "yellow"


def test_the_checkup_names_a_secret_that_others_can_read(
    dead: Desk, file_url: str, config: Path, tmp_path: Path
) -> None:
    del dead
    secret, own = tmp_path / "secret", tmp_path / "config"
    secret.write_text("k" * 32)
    secret.chmod(0o664)
    shutil.copytree(config, own)
    with (own / "huimin.yaml").open("a", encoding="utf-8") as file:
        portal = (
            f"name: portal, sender: webhook, url: 'https://a.cn', secret_file: {secret}"
        )
        file.write(f"outbox:\n  hosts: [a.cn]\n  destinations: [{{{portal}}}]\n")
    words = ["doctor", "--db", file_url, "--config", str(own), "--json"]
    found = json.loads(CliRunner().invoke(huimin, words).output)
    (check,) = [each for each in found if each["name"] == "投递 portal 的密钥文件"]
    assert (check["health"], "chmod 600" in check["remedy"]) == ("red", True)


def test_each_change_is_one_line_of_json(dead: Desk, file_url: str) -> None:
    words = ["changes", "list", "--db", file_url, "--after", "1", "--json"]
    lines = CliRunner().invoke(huimin, words).output.splitlines()
    changes = dead.flow.changes(1)
    assert [json.loads(line)["key"] for line in lines] == [x.key for x in changes]


def test_the_log_says_what_was_sent_without_addresses(
    dead: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIMIN_OUTBOX_PORTAL", "s" * 32)
    log = tmp_path / "log"
    dead.collect()
    with webhook() as received, log.open("w") as into:
        received.status = 400
        settings = outbox(to_portal(received.port))
        assert not metronome.send(dead.flow, into, settings, "a")
        later(dead, hours=2)
        assert not metronome.send(dead.flow, into, settings, "a")
        later(dead, hours=2)
        metronome.send(dead.flow, into, settings, "a")
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [line["event"] for line in lines] == [
        "delivery_failed", "delivery_failed", "delivery_dead",
    ]  # fmt: skip
    assert {line["fault"] for line in lines} == {"refused"}
    assert "127.0.0.1" not in log.read_text("utf-8")
