"""What programs on Django do first: tests of their own, and ordinary mistakes."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client, TestCase
from sqlalchemy import make_url

import huimin_flow.django
from huimin_flow import Flow
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.testing import Desk
from tests.flow.core.test_host import DEMAND
from tests.flow.test_public_api import public_modules
from tests.hosts import django_program
from tests.test_docs import ROOT


@pytest.fixture
def host(desk: Desk, url: str) -> Iterator[None]:
    with django_program.on(url, desk.clock):
        yield


def test_the_tests_of_the_example_run_as_its_page_says(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", "test", "examples.django_host"],
        cwd=ROOT,
        env=os.environ
        | {"HOST_URL": url, "DJANGO_SETTINGS_MODULE": "examples.django_host.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 4 tests" in done.stderr


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_hooks_that_a_test_runs_early_leave_its_transaction_alone(desk: Desk) -> None:
    with transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):
            flow = huimin_flow.django.bind(clock=desk.clock)
            first = flow.items.collect(DEMAND, by=desk.operator)
        again = huimin_flow.django.bind(clock=desk.clock)
        second = again.items.collect(DEMAND, by=desk.operator)
    numbers = {item.number for item in desk.flow.items.list()}
    assert numbers == {first.number, second.number}
    assert len(desk.flow.items.history(first.number)) == 1


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_request_within_a_test_leaves_its_transaction_alone(desk: Desk) -> None:
    with transaction.atomic():
        flow = huimin_flow.django.bind(clock=desk.clock)
        item = flow.items.collect(DEMAND, by=desk.operator)
        assert Client().get("/nowhere").status_code == 404
        assert flow.items.list() == [item]
        transaction.set_rollback(True)
    assert desk.flow.items.list() == []


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_its_address_is_that_of_the_database_in_use(desk: Desk, url: str) -> None:
    item = desk.collect()
    with Flow.open(huimin_flow.django.url(), clock=desk.clock) as flow:
        assert flow.items.list() == [item]
    with django_program.on(url, desk.clock):
        known: dict[str, Any] = connection.settings_dict
        known |= {"PASSWORD": "a@b:/ %c?", "HOST": "/run/a b", "PORT": "6543"}
        made = make_url(huimin_flow.django.url(schema="huimin"))
        assert made.password == known["PASSWORD"]
        place = {"host": "/run/a b", "port": "6543", "schema": "huimin"}
        assert made.query.items() >= place.items()
        assert made.database == str(known["NAME"])


@pytest.mark.usefixtures("host")
def test_djangos_own_connection_is_refused_with_the_call_that_takes_it() -> None:
    for given in (connection, connections["default"]):
        with pytest.raises(InputRefused) as refused:
            Flow.bind(given)
        assert refused.value.code == "django_given"
        assert "huimin_flow.django.bind()" in refused.value.remedy


def test_what_hosts_call_stays() -> None:
    """The promise of docs/how-to/release.md; the frozen API is made without Django."""
    known = public_modules()["huimin_flow.django"]
    calls = (huimin_flow.django.bind, huimin_flow.django.url, huimin_flow.django.settle)
    assert [[*inspect.signature(each).parameters] for each in calls] == [
        ["using", "clock", "attachments", "key", "schema", "extensions"],
        ["using", "schema"],
        ["using"],
    ]
    assert known == {each.__name__ for each in calls}


def test_a_test_database_in_memory_is_refused_with_its_setting(desk: Desk) -> None:
    with django_program.on("sqlite:///:memory:", desk.clock):
        for call in (huimin_flow.django.url, huimin_flow.django.bind):
            with pytest.raises(StoreRefused) as refused, transaction.atomic():
                call()
            assert refused.value.code == "in_memory"
            assert 'TEST["NAME"]' in refused.value.remedy
