"""All roles try all acts on their own and others' things: exactly the table passes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from typing import Any

import pytest

from huimin_flow.catalogue.terms import Role
from huimin_flow.desk.forms.acting import FORMLESS
from huimin_flow.desk.forms.nodes import Node, nodes_of
from huimin_flow.model.core.values import to_plain
from tests.desk.client import Served, Shown, serving
from tests.flow.core.attempts import ACTS, LACK, arguments
from tests.flow.core.test_permissions import UNREADY, may
from tests.flow.core.test_permissions import world as world  # noqa: PLC0414 - a fixture
from tests.flow.core.world import UNITS, World
from tests.sampled import sampled

#: What one of two parties does: the secret that is revealed is the office's.
ONE_PARTYS = {("spot_checks.reveal", Role.SUPERVISION)}


@pytest.fixture(scope="module")
def served(world: World) -> Iterator[Served]:
    with serving(world.desk) as served:
        yield served


def sent(node: Node, name: str, plain: Any) -> Iterator[tuple[str, str]]:
    """What a browser sends for a plain value."""
    if plain is None:
        return
    if node.kind in {"rows", "map"}:
        for n, part in enumerate(plain.items() if node.kind == "map" else plain, 1):
            yield from sent(node.parts[0], f"{name}[{n}]", part)
    elif node.kind == "tuple":
        for part, of in zip(plain, node.parts, strict=True):
            yield from sent(of, f"{name}[{of.key}]", part)
    elif node.parts:
        for part in node.parts:
            yield from sent(part, f"{name}.{part.key}", plain.get(part.key))
    elif isinstance(plain, bool):
        yield name, "yes" if plain else "no"
    else:
        yield name, str(plain)


def posted(browser: Any, act: str, values: dict[str, Any], do: str) -> Shown:
    """Send the form of an act; a file is uploaded."""
    about = "&".join(
        f"{name}={values[name]}"
        for name in ("number", "key", "transaction")
        if name in values
    )
    plain = {n: to_plain(v) for n, v in values.items() if not isinstance(v, bytes)}
    plain.pop("second", None)
    nodes = {node.key: node for node in nodes_of(act)}
    fields = {"do": do, "sure": "yes", "request": f"r-{act}"}
    for name, value in plain.items():
        fields |= dict(sent(nodes[name], name, value))
    file = f"act-{act}.html?{about}"
    shown: Shown
    if "content" in values:
        content = values["content"]
        shown = browser.upload(file, fields, "content", "a.txt", content)
    else:
        shown = browser.post(file, fields)
    return shown


def logged(world: World) -> tuple[int, str]:
    """How many refusals the log itself has, and whose the last one is."""
    with closing(sqlite3.connect(world.database)) as connection:
        last = "SELECT count(*), (SELECT actor FROM huimin_refusal "
        last += "ORDER BY id DESC LIMIT 1) FROM huimin_refusal"
        count, actor = connection.execute(last).fetchone()
    return int(count), str(actor)


def test_exactly_the_table_decides_who_may_do_which_act_at_the_desk(
    world: World, served: Served
) -> None:
    """The lead unit and the office try what the table answers otherwise for them.

    Each form is allowed and refused, and each post in every unit where it can be; by
    night each post tries each form. The library's own matrix is whole by day, too.
    """
    forms = sorted(ACTS.keys() - FORMLESS - {"items.attach"})
    cells = [
        (act, role, whose, can)
        for act, role, whose in product(forms, Role, UNITS)
        for can in [may(world, act, role, whose)]
        if whose in {"own", "other"} or can is not may(world, act, role, "other")
    ]
    assert len(cells) > len(Role) * 2 * 70
    assert 300 < sum(can for *_, can in cells) < len(cells) / 2
    wanted = arguments(world)
    chosen = sampled(
        cells,
        lambda cell: (cell[0], cell[3]),
        lambda cell: (cell[1], cell[2], cell[3]),
    )
    for act, role, whose, can in chosen:
        browser = served.browser(f"{role.value}-{whose}")
        shown = posted(browser, act, wanted[act], "preview")
        lacks = bool(shown.codes() & LACK)
        assert lacks is not can, (role, whose, act, shown.text)
        if act not in UNREADY and (act, role) not in ONE_PARTYS:
            assert ("还没有办理" in shown.text) is can, (role, whose, act)


@pytest.mark.parametrize("act", sorted(ACTS.keys() - FORMLESS))
def test_a_refused_act_is_in_the_log_and_changes_nothing(
    world: World, served: Served, act: str
) -> None:
    """Somebody who has the address of a form, but no right."""
    role = next(role for role in Role if not may(world, act, role, "other"))
    post = f"{role.value}-other"
    flow, wanted = world.desk.flow, arguments(world)[act]
    told, kept = flow.records.count_refusals(), logged(world)
    head = [item.version for item in flow.items.list()]
    shown = posted(served.browser(post), act, wanted, "done")
    assert shown.status == 403, shown.text
    assert shown.codes() & LACK
    assert logged(world) == (kept[0] + 1, post)
    about = str(wanted.get("key", ""))
    sealed = about.startswith("spot_check/") and about != world.known["checked"]
    # Nobody reads in the log about a spot check that isn't done.
    assert flow.records.count_refusals() == told + (not sealed)
    assert [item.version for item in flow.items.list()] == head


@pytest.mark.parametrize("act", sorted(FORMLESS))
def test_what_comes_from_files_or_has_a_page_of_its_own_has_no_form(
    served: Served, act: str
) -> None:
    browser = served.browser("office-1")
    assert browser.get(f"act-{act}.html").status == 404
    assert browser.post(f"act-{act}.html", {"do": "done"}).status == 404
