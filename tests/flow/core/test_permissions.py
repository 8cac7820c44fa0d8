"""Every role tries every act on its own unit's and others' things: the table decides.

The table is what ``huimin permissions`` prints, and what an act needs is its own
description. Nothing else says who may.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Reason
from huimin_flow.catalogue.terms import (
    Role,
    Step,
)
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.settings import extensions as registry
from huimin_flow.shell.main import invoke, places
from huimin_flow.testing import UNIT, Desk
from tests.flow.core.attempts import ACTS, LACK, arguments, tried
from tests.flow.core.words import FILES, TABLES, WORDS
from tests.flow.core.world import UNITS, World, posts, prepare
from tests.life.world import BEGUN, OTHER_UNIT, copied
from tests.sampled import sampled

#: Acts on the city's things; on what the actor brings; on the unit of an argument.
CITY = {
    "meetings.hold", "meetings.amend", "lists.supplement", "lists.confirm",
    "lists.confirm_all", "lists.drop", "lists.publish", "lists.enter_opening",
    "lists.consolidate", "scores.correct", "items.cancel",
    "boards.publish", "boards.correct",
    "items.reopen", "rulebook.activate", "proposals.propose_rulebook",
    "proposals.propose", "proposals.approve", "proposals.withdraw",
    "clock.confirm", "clock.declare",
    "changes.acknowledge", "deliveries.retry", "deliveries.abandon",
    "third_parties.register", "third_parties.amend", "third_parties.end",
    "resources.state", "appeals.erase", "gathering.run",
    "policies.register", "policies.amend", "policies.withdraw",
    *(f"engagements.{verb}" for verb in ("plan", "enter", "attach", "report")),
    *(f"engagements.{verb}" for verb in ("correct", "follow", "call_off")),
    "surveys.draw", "surveys.add_answers", "surveys.close", "surveys.set_aside",
    "surveys.call_off",
}  # fmt: skip
BROUGHT = {"appeals.add", "appeals.add_all", "ratings.add", "tasks.report"}
OF_LEAD = {"lists.arrange", "lists.describe", "lists.leave_out", "lists.propose"}
OF_OTHER = {"items.respond", "ledgers.decline", "ledgers.reconsider", "tasks.return_"}
OF_OTHER |= {"replications.adopt", "replications.decline"}
#: By act, whose thing it is about, if it is none of the units that try.
OF_ASKED = {
    "replications.remind": OTHER_UNIT,
    "replications.recall": OTHER_UNIT,
    "replications.propose": "500106",
    "replications.compare": "500104",
}
#: Acts about a rated unit or on advice, and who may do them beside the duty's scope.
RATED = {
    "ratings.answer": {"own", "office"}, "ratings.object_to": {"own", "office"},
    "ratings.verify": {"own", "office"}, "ratings.settle": {"office"},
    "advice.adopt": {"office"}, "advice.decline": {"office"},
    "advice.verify": {"office"}, "advice.return_": {"office"},
    "orders.receive": {"office"}, "orders.remind": {"office"},
    "orders.return_": {"office"}, "orders.discharge": {"office"},
    "orders.withdraw": {"office"}, "spot_checks.answer": {"own"},
    # Of another unit than the checked one.
    "spot_checks.find": {"other", "lead", "office"},
    "spot_checks.correct": {"other", "lead", "office"},
    "tasks.return_": {"other"},  # by whom it is a task of
    "practices.shelve": {"office"}, "practices.withdraw": {"office"},
    "replications.propose": {"office"}, "replications.remind": {"office"},
    "replications.recall": {"office"}, "replications.compare": {"office"},
    "rectifications.open": {"office"},
    "rectifications.return_": {"office"}, "rectifications.accept": {"office"},
    "decisions.decide": {"office"}, "decisions.remind": {"office"},
    "decisions.return_": {"office"}, "decisions.accept": {"office"},
    "decisions.drop": {"office"},
    "reviews.call": {"office"}, "reviews.hold": {"office"},
    "reviews.attach": {"office"}, "reviews.close": {"office"},
    "reviews.call_off": {"office"},
    "digests.reissue": {"office"}, "digests.send": {"office"},
}  # fmt: skip


#: The beginnings of acts for which the office needs the duty for all units.
OF_THE_OFFICE = (
    *("advice.", "orders.", "rectifications.open", "decisions.", "reviews."),
    *("practices.", "replications.", "spot_checks.correct", "digests."),
)

#: Acts for which something else is missing here, whoever tries.
UNREADY = {
    "items.assign", "lists.drop", "lists.publish",
    "lists.enter_opening", "scores.correct", "boards.correct", "ledgers.decline",
    "rectifications.accept", "rectifications.acknowledge",
    "ledgers.reconsider", "lists.arrange", "lists.describe", "lists.leave_out",
    "appeals.read", "answers.give_back",  # never tried: who reads is recorded
    "answers.close",  # nothing was answered long enough ago
}  # fmt: skip


class Ticking(RehearsalClock):
    """A clock that goes on while an act runs, as a machine's does."""

    def now(self) -> datetime:
        self.advance(timedelta(milliseconds=1))
        return self.moment


@contextmanager
def installed(folder: Path, place: str) -> Iterator[None]:
    """Let every door of this process find the extension ``funds`` at a place."""
    site = folder / "site"
    info = site / "funds-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: funds\nVersion: 1.0\n", "utf-8")
    group = f"[huimin_flow.extensions]\nfunds = {place}\n"
    (info / "entry_points.txt").write_text(group, "utf-8")
    sys.path.insert(0, str(site))
    registry.installed.cache_clear()
    try:
        yield
    finally:
        sys.path.remove(str(site))
        registry.installed.cache_clear()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    folder = copied()
    database = folder / "life.db"
    clock = Ticking(BEGUN, seed=5)
    with (
        installed(folder, "tests.audit.worlds:FUNDS"),
        Flow.open(f"sqlite:///{database}", clock=clock) as flow,
    ):
        desk = Desk(flow, clock)
        posts(desk)
        items = [item for item in flow.items.list() if item.unit == UNIT]
        numbers = {item.state: item.number for item in reversed(items)}
        shown = io.StringIO()
        with redirect_stdout(shown):
            assert invoke(["permissions", "--json", "--db", str(database)]) == 0
        table = json.loads(shown.getvalue())
        world = World(desk, table, numbers, str(database))
        prepare(world)
        yield world
    shutil.rmtree(folder)


def reaches(name: str, right: str, scopes: set[str], whose: str) -> bool:
    """Whether one of the scopes has what an act is about."""
    if name in RATED:
        city = "all" in scopes or not name.startswith(OF_THE_OFFICE)
        return bool(scopes) and city and whose in RATED[name]
    if "all" in scopes:
        return True
    if name in CITY:
        return False
    owner = "other" if name in OF_OTHER else whose if name in BROUGHT else "own"
    owner = "lead" if name in OF_LEAD else owner
    led = right in {step.value for step in Step} and whose == "lead"
    return ("own" in scopes and whose == owner) or ("area" in scopes and led)


def may(world: World, name: str, role: Role, whose: str) -> bool:
    """Whether the table and the act's description let a post do it."""
    # What a proposal asks for is the right of its act, here to cancel an item.
    needs = [right.value for right in ACTS[name].rights] or ["confirm"]
    if name == "proposals.propose":
        needs.append("cancel")
    if name == "bulk.do":  # exactly that of each of its acts
        needs = ["screen"]
    if name in {
        "feeds.deliver",
        "gathering.run",
        "screening.run",
    }:  # or who serves the timetable
        return any(
            reaches(name, one, world.granted(role, one), whose)
            for one in (*needs, "timetable")
        )
    can = all(reaches(name, need, world.granted(role, need), whose) for need in needs)
    if name == "tasks.report" and whose != "own":  # or who may execute the item
        right = "execute"
        can = can and reaches("", right, world.granted(role, right), whose)
    return can


def says_who_may(world: World, name: str, reason: Reason) -> bool:
    """Whether a refusal names exactly the roles, or the unit, that may."""
    if reason.code in {"other_units_item", "own_case"}:
        of_lead = UNITS["lead"] if name in OF_LEAD else UNIT
        of_other = OTHER_UNIT if name in OF_OTHER else of_lead
        return reason.values["unit"] == OF_ASKED.get(name, of_other)
    if reason.code == "other_units_place":
        return reason.values["units"] == "万州区"
    if reason.code in {
        "not_the_office",
        "order_not_the_office",
        "rectification_not_the_office",
        "rectification_not_a_judge",
        "rectification_own_case",
        "replication_not_the_office",
        "review_not_the_office",
        "spot_check_own_unit",
        "task_not_theirs",
    }:
        return name in RATED
    right = str(reason.values.get("step", reason.values.get("duty")))
    wanted = {"all"} if reason.code == "duty_not_city_wide" else {"all", "own", "area"}
    roles = [role.value for role in Role if world.granted(role, right) & wanted]
    return str(reason.values["may"]).split("、") == roles


def test_exactly_the_table_decides_who_may_do_which_act(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    asked = arguments(world)
    assert asked.keys() == ACTS.keys()
    seen: Counter[bool] = Counter()
    done: set[str] = set()
    cells = [
        (name, role, whose, may(world, name, role, whose))
        for name, role, whose in product(ACTS, Role, UNITS)
    ]
    assert len(cells) == len(ACTS) * len(Role) * len(UNITS) > 2_500
    chosen = sampled(  # each act of each post, allowed and refused; by night all
        cells,
        lambda cell: (cell[0], cell[1], cell[3]),
        lambda cell: (cell[1], cell[2], cell[3]),
    )
    for name, role, whose, can in chosen:
        reasons = tried(world.desk.flow, name, asked[name], world.actor(role, whose))
        lack = [reason for reason in reasons if reason.code in LACK]
        assert can is (not lack), (name, role, whose, reasons)
        for reason in lack:
            assert says_who_may(world, name, reason), (name, reason)
        seen[can] += 1
        done |= set() if reasons else {name}
    record_property("permissions tried", dict(seen))
    assert sum(seen.values()) == len(chosen) > 1_000
    assert ACTS.keys() - done == UNREADY


def test_exactly_the_table_decides_who_may_give_which_command(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    named = {path: act for _, (_, path, act, _) in places() if act in ACTS}
    assert WORDS.keys() == named.keys()
    known = {state.value: number for state, number in world.numbers.items()}
    known |= {"today": str(world.desk.today()), **world.known}
    for name, text in FILES.items():
        known[name] = str(tmp_path / f"{name}.{'csv' if name in TABLES else 'yaml'}")
        body = text.replace("STARRED", known["starred"])
        Path(known[name]).write_text(body, encoding="utf-8")
    seen: Counter[bool] = Counter()
    cells = [
        (path, role, whose, may(world, named[path], role, whose))
        for path, role, whose in product(WORDS, Role, ("own", "other"))
    ]
    assert len(cells) == len(WORDS) * len(Role) * 2 > 1_100
    chosen = sampled(  # each command and each post, allowed and refused; by night all
        cells,
        lambda cell: (cell[0], cell[3]),
        lambda cell: (cell[1], cell[2], cell[3]),
    )
    for path, role, whose, can in chosen:
        words = [
            word.format_map(known) for word in [*path.split(), *WORDS[path].split()]
        ]
        by = world.actor(role, whose).id
        said = io.StringIO()
        with redirect_stdout(io.StringIO()), redirect_stderr(said):
            code = invoke(
                [*words, "--by", by, "--db", world.database, "--json", "--dry-run"]
            )
        assert code < 2, (words, said.getvalue())
        told = json.loads(said.getvalue() or '{"reasons": []}')
        lack = LACK & {reason["code"] for reason in told["reasons"]}
        assert can is (not lack), (path, role, whose, told)
        seen[can] += 1
    record_property("commands tried", dict(seen))
    met = {(path, can) for path, *_, can in chosen}
    assert met == {(path, can) for path, *_, can in cells}


def test_the_audit_is_clean_of_every_act_whose_clock_goes_on(world: World) -> None:
    flow, office = world.desk.flow, world.desk.office
    done = set()
    for name, values in arguments(world).items():
        noun, verb = name.split(".")
        with suppress(HuiminError):
            getattr(getattr(flow, noun), verb)(**values, by=office)
            done.add(name)
    assert len(done) > 60
    assert {"answers.give", "gathering.run", "policies.register"} <= done
    found = door_of(flow).read(verify).findings
    assert [(f.place, f.law, f.detail) for f in found] == []
