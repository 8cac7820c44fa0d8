"""``verify``, as a host calls it: open, bound, on one moment, through a service."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text

from huimin_flow import verify
from huimin_flow.api import (
    AuditPart,
    AuditReport,
    Flaw,
    Flow,
    State,
    StoreRefused,
    from_plain,
    send,
    to_plain,
)
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.testing import Desk


def test_a_host_audits_as_the_command_does(desk: Desk) -> None:
    desk.bring(State.LISTED)
    report = verify(desk.flow)
    assert report.clean
    assert report.events > 0
    assert [part.part for part in report.parts] == [*AuditPart]
    assert from_plain(AuditReport, json.loads(json.dumps(to_plain(report)))) == report
    (part,) = verify(desk.flow, decisions=False).parts
    assert part.part is AuditPart.EVIDENCE
    with desk.flow.snapshot() as now:
        assert verify(now) == report


def test_a_bound_flow_is_audited_in_the_hosts_transaction(
    file_desk: Desk, file_url: str
) -> None:
    number = file_desk.collect().number
    host = create_engine(file_url)
    with host.begin() as connection:
        bound = Flow.bind(connection, clock=file_desk.clock)
        bound.items.amend(number, {"title": "甲"}, by=file_desk.operator)
        seen = verify(bound)
        assert seen.clean
        assert connection.in_transaction()
        with pytest.raises(StoreRefused) as refused:
            send(bound)
        assert refused.value.code == StoreCode.BOUND
        connection.execute(text("UPDATE huimin_item SET version = 9"))
        (finding,) = verify(bound).findings
        assert finding.flaw is Flaw.ROW_MISMATCH
        connection.rollback()
    host.dispose()
    assert verify(file_desk.flow).events == seen.events - 1


def test_what_is_closed_is_refused(file_desk: Desk, file_url: str) -> None:
    flow = Flow.open(file_url, clock=file_desk.clock)
    flow.close()
    with pytest.raises(StoreRefused) as refused:
        verify(flow)
    assert refused.value.code == StoreCode.CLOSED
    assert refused.value.remedy


def test_an_embedder_loads_no_audit_and_no_timetable_before_it_calls_them() -> None:
    program = (
        "import sys, huimin_flow, huimin_flow.api\n"
        "heavy = ('huimin_flow.audit.verify', 'huimin_flow.timetable', 'alembic',\n"
        "         'apscheduler', 'jinja2', 'multiprocessing.pool')\n"
        "assert not [name for name in heavy if name in sys.modules]\n"
        "assert huimin_flow.verify is huimin_flow.api.verify\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
