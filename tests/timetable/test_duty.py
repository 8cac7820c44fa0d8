"""Who may run the timetable: the service account, or a post with the duty (S12)."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.shell.core.acting import account
from huimin_flow.shell.main import invoke
from huimin_flow.timetable.ledger import heartbeat
from tests.desk.server import configured
from tests.flow.core.test_two_desks import with_accounts


@pytest.fixture
def ours(tmp_path: Path, config: Path) -> Path:
    return configured(config, tmp_path / "config", service_account="huimin")


@pytest.mark.parametrize("posts", [(), ("office_1",), ("leader_1", "auditor_1")])
@pytest.mark.parametrize("words", [["timetable", "run"], ["scheduler"]])
def test_an_account_without_the_duty_runs_no_job_and_the_log_says_so(
    words: list[str],
    posts: tuple[str, ...],
    ours: Path,
    book: Rulebook,
    file_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = with_accounts(book, **dict.fromkeys(posts, account()))
    Flow.found(file_url, held).close()
    assert invoke([*words, "--db", file_url, "--config", str(ours), "--json"]) == 1
    assert json.loads(capsys.readouterr().err)["code"] == "service_without_duty"
    with Flow.open(file_url) as flow:
        assert heartbeat(flow) is None
        (refusal,) = flow.records.refusals()
    assert (refusal.act, refusal.about) == ("run_timetable", account())
    assert invoke(["audit", "refusals", "--db", file_url, "--config", str(ours)]) == 0
    assert "没有带“运行时间表”权限的岗位" in capsys.readouterr().out


def test_the_service_account_runs_what_is_due(
    tmp_path: Path, config: Path, book: Rulebook, file_url: str
) -> None:
    Flow.found(file_url, book).close()
    own = configured(config, tmp_path / "own", service_account=account())
    assert invoke(["timetable", "run", "--db", file_url, "--config", str(own)]) == 0


def test_a_post_with_the_duty_runs_what_is_due(
    ours: Path, book: Rulebook, file_url: str
) -> None:
    Flow.found(file_url, with_accounts(book, scheduler=account())).close()
    assert invoke(["timetable", "run", "--db", file_url, "--config", str(ours)]) == 0


def test_a_duty_for_one_unit_is_not_enough(
    ours: Path, book: Rulebook, file_url: str
) -> None:
    held = with_accounts(book, scheduler=account())
    roles = dict(held.organization.roles)
    scheduler = next(role for role in roles if role.value == "scheduler")
    own = next(iter(roles[next(r for r in roles if r.value == "operator")])).scope
    roles[scheduler] = tuple(replace(each, scope=own) for each in roles[scheduler])
    narrow = replace(held, organization=replace(held.organization, roles=roles))
    Flow.found(file_url, narrow).close()
    assert invoke(["timetable", "run", "--db", file_url, "--config", str(ours)]) == 1


def test_everybody_runs_a_rehearsal(ours: Path, book: Rulebook, file_url: str) -> None:
    Flow.found(file_url, book, rehearsal=True).close()
    assert invoke(["timetable", "run", "--db", file_url, "--config", str(ours)]) == 0


def test_a_desk_with_a_socket_is_a_service_too(
    ours: Path,
    book: Rulebook,
    file_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Flow.found(file_url, with_accounts(book, office_1=account())).close()
    path = tmp_path / "run" / "desk.sock"
    words = ["desk", "--db", file_url, "--config", str(ours), "--socket", str(path)]
    assert invoke(words) == 1
    assert "也没有带“运行时间表”权限的岗位" in capsys.readouterr().err
    assert not path.parent.exists()
    with sqlite3.connect(file_url.removeprefix("sqlite:///")) as own:
        kept = own.execute("SELECT count(*) FROM huimin_refusal").fetchone()
    own.close()
    assert kept == (1,)
