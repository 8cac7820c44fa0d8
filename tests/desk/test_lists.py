"""Lists and pages on the desk: filters, files, who may read, hostile words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    AssessmentKind,
    Duty,
    MeetingState,
    Role,
    State,
    StreamKind,
    Term,
)
from huimin_flow.clock import FollowingClock, at_hour
from huimin_flow.desk.pages import download
from huimin_flow.exchange.core.workbooks import sheet_in
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.texts import visible
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.reports.listings import LISTINGS
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.desk.asking import Answer, asking
from tests.flow.core.test_two_desks import with_accounts
from tests.kept import rehearsal
from tests.sampled import sampled

T = TypeVar("T")

#: Texts that a careless page, table or file would run, or show otherwise.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "=1+1",
    "\uff1d1+1",
    "@SUM(A1)",
    "javascript:alert(1)",
)

#: What no door accepts, and only an edited database has.
HIDDEN = "甲\u202e乙\u2066丙\u200b丁"

#: What pages and files show of it.
SEEN = visible(HIDDEN)

#: The first page and the contents of the others.
CONTENTS = ("index", "lists", "months", "quarters", "progress", "services")


def worded(written: T, text: str) -> T:
    """Return a value with a text before each of its own texts in Chinese."""
    made: Any = written
    if isinstance(written, Term | date):
        return written
    if isinstance(written, str):
        made = text + written if re.search("[\u4e00-\u9fff]", written) else written
    elif isinstance(written, tuple):
        made = tuple(worded(part, text) for part in written)
    elif is_dataclass(written) and not isinstance(written, type):
        parts = ((part.name, getattr(written, part.name)) for part in fields(written))
        made = replace(written, **{name: worded(part, text) for name, part in parts})
    return made  # type: ignore[no-any-return]


class World:
    """A rehearsal with hostile words in every field, and who asks its desk."""

    def __init__(self, desk: Desk) -> None:
        self.engine, flow = desk, desk.flow
        number = self.number = desk.bring(State.CLOSED, "零工市场").number
        kind = AssessmentKind.LEGALITY
        for text in HOSTILE:
            other = desk.collect(text).number
            flow.assessments.request(other, kind, text, by=desk.office)
            flow.items.amend(other, {"description": text}, by=desk.operator)
            held = desk.meet([desk.bring(State.SCREENED, "候工").number])
            flow.meetings.amend(held.key, minutes=text, by=desk.office)
            planned = desk.bring(State.LISTED, text).number
            desk.assign(planned, worded(desk.plan(), text))
        flow.items.attach(number, "名册.html", b"<script>1</script>", by=desk.operator)
        self.digest = flow.items.attachments(number)[0].digest
        desk.clock.set(at_hour(date(2024, 1, 20), 9))
        tick(flow, desk.clock.now())
        self.edited = desk.collect("MARK").number
        with door_of(flow).own.begin() as connection:
            query = "UPDATE huimin_item SET body = replace(body, 'MARK', ?)"
            connection.exec_driver_sql(query, (HIDDEN,))
        self.asker = asking(flow, FollowingClock(desk.clock.now(), stands=True))

    def posts(self) -> Iterator[tuple[Role, str]]:
        """Yield each role with two of its posts, of other units if there are."""
        people = self.engine.flow.rulebook.active().organization.people
        for role in Role:
            own = [post for post in people if role in post.roles]
            for post in {own[0].id: own[0], own[-1].id: own[-1]} if own else ():
                yield role, post


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with rehearsal() as desk:
        yield World(desk)


def addresses(world: World) -> list[str]:
    """Every kind of page that there is, and the files of some."""
    lists = [f"{name}.{end}" for name in LISTINGS for end in ("html", "csv", "xlsx")]
    periods = ["month-2023-12", "quarter-2023Q4", "services-2023", "progress-2023-12"]
    pages = [f"{name}.html" for name in (*CONTENTS, *periods)]
    files = [f"{name}.{end}" for name in periods[:3] for end in ("csv", "xlsx")]
    units = world.engine.flow.rulebook.active().organization.units_on(date(2024, 1, 20))
    own = [f"unit-{unit.code}.html" for unit in (units[0], units[-1])]
    item = f"item-{world.number}.html"
    kept = f"attachment-{world.number}-{world.digest}"
    return [*lists, *pages, *files, *own, "units.html", item, kept]


def cells(answer: Answer, tmp_path: Path) -> list[list[str]]:
    """Return the cells of a file, as a reader sees them."""
    if "text/csv" in answer.headers["content-type"]:
        return list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    path = tmp_path / "seen.xlsx"
    path.write_bytes(answer.body)
    return [[str(cell) for cell in row] for row in sheet_in(path).rows]


def test_who_may_read_what_is_exactly_the_table(world: World) -> None:
    """Every post asks for what one duty opens; each page is asked for with and without.

    By night every post asks for every page, and one of each role for every file.
    """
    organization = world.engine.flow.rulebook.active().organization
    cells: list[tuple[str, str, bool]] = []
    duties = {f"{of.name}.": of.duty for of in LISTINGS.values() if of.duty is not None}
    held: dict[str, set[Duty]] = {}
    whole = set[Role]()
    for role, post in world.posts():
        held[post] = {
            Duty(duty)
            for each in next(p for p in organization.people if p.id == post).roles
            for permission in organization.roles[each]
            for duty in permission.duties
        }
        may_audit = Duty.AUDIT in held[post]
        files = role not in whole  # one post of each role asks for the files, too
        whole.add(role)
        asked = (each for each in addresses(world) if files or each.endswith(".html"))
        cells += [(post, address, may_audit) for address in asked]
    assert {may_audit for *_, may_audit in cells} == {True, False}
    chosen = sampled(
        cells,
        lambda cell: cell[1:],
        lambda cell: (cell[0], cell[1].rpartition(".")[2]),
        lambda cell: cell if cell[1].startswith((*duties, "items.")) else None,
    )
    for post, address, may_audit in chosen:
        asker = world.asker.acting_as(post)
        answer = asker.get(address)
        needed = duties.get(address.partition(".")[0] + ".")
        closed = needed is not None and needed not in held[post]
        assert answer.status == (403 if closed else 200), (post, address)
        if address == "items.html":  # no list leads to what is closed
            assert ('href="refusals.html"' in answer.text) == may_audit
    assert world.asker.get("refusals.html").status == 403  # nobody's post is chosen


def test_a_visitor_without_a_post_reads_nothing_but_how_to_sign_in(
    world: World, book: Rulebook, tmp_path: Path
) -> None:
    every = addresses(world)
    url = f"sqlite:///{tmp_path}/huimin.db"
    with Flow.found(url, with_accounts(book, auditor_1="root")) as flow:
        for address in every:
            nobody = asking(flow).get(address)
            assert (nobody.status, nobody.headers["location"]) == (303, "/sign-in.html")
            stranger = asking(flow, uid=1).get(address)
            assert stranger.status == 403, address
            assert not re.search("<table|attachment", stranger.text)
        assert asking(flow, uid=1).get("sign-in.html").status == 200
        assert asking(flow, uid=0).get("refusals.html").status == 200


@pytest.mark.parametrize(
    "file",
    [
        "month-2023-13.html",
        "month-2030-01.html",
        "month-2023-12-edition-9.html",
        "quarter-2023Q5.html",
        "quarter-2030Q1.html",
        "progress-2030-01.html",
        "item-2099-000001.html",
        "list-2098.html",
        "nothing.html",
        "nothing.xlsx",
        "month-2030-01.csv",
        "item-2023-000001",
        "%2e%2e/etc/passwd",
        "items.html/",
        "attachment-2023-000001-00",
        "\u202e.html",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so_and_what_to_do(
    world: World, file: str
) -> None:
    answer = world.asker.get(file)
    assert answer.status == 404
    assert re.search("没有|尚未|不是", answer.text)
    assert "回到首页" in answer.text
    assert "\u202e" not in answer.text
    assert 'href="index.html"' in answer.text


def test_filters_come_from_the_address_and_go_into_the_files(
    world: World, tmp_path: Path
) -> None:
    page = world.asker.get("items.html?state=collected&state=closed&text=&limit=2")
    assert page.status == 200
    assert '<option value="collected,closed" selected>' in page.text
    files = re.findall(r'href="(items\.(?:csv|xlsx)[^"]*)"', page.text)
    listed = world.engine.flow.items.list(State.COLLECTED, State.CLOSED)
    for file in files:
        head, *rows = cells(world.asker.get(file), tmp_path)
        assert head[:3] == ["编号", "标题", "状态"]
        assert [row[0] for row in rows] == [item.number for item in listed]
    assert len(files) == 2
    following = re.search(r'rel="next" href="([^"]*)"', page.text)
    assert following is not None
    assert "state=collected%2Cclosed" in following[1]
    second = world.asker.get(following[1])
    assert second.text.count('<th scope="row"') == 2
    assert 'rel="prev"' in second.text


def test_a_filter_that_is_not_clear_keeps_what_was_typed_and_gives_no_file(
    world: World,
) -> None:
    query = "state=foo&stars=x&text=%E9%9B%B6%E5%B7%A5&due=2023-13-01&zzz=1"
    page = world.asker.get(f"items.html?{query}")
    assert page.status == 400
    for name in ("state", "stars", "due"):
        assert f'id="why-{name}"' in page.text
        assert f'aria-describedby="why-{name}"' in page.text
    assert 'value="x"' in page.text
    assert 'value="零工"' in page.text
    assert page.text.count('<th scope="row"') == 1  # the title still counts
    file = world.asker.get(f"items.csv?{query}")
    assert file.status == 400
    assert "“foo”" in file.text
    for odd in ("%ff%00", "%E2%80%AEabc", "a" * 10_000, "&" * 5000, "=" * 99):
        answer = world.asker.get(f"items.html?text={odd}")
        assert answer.status in {200, 400}
        assert "\u202e" not in answer.text


@pytest.mark.parametrize("name", ["items", "assessments", "all-lists"])
def test_hostile_words_are_texts_on_a_page_and_in_files(
    world: World, name: str, tmp_path: Path
) -> None:
    page = world.asker.get(f"{name}.html?limit=200")
    for text in (page.body.decode(), page.text):
        assert "\u202e" not in text
        assert "\u200b" not in text
    raw = page.body.decode()
    assert "<script" not in raw
    assert "<img" not in raw
    expected = {"items": (*HOSTILE, SEEN), "assessments": HOSTILE}.get(name, ())
    for text in expected:
        assert text in page.text
    marked = "=+-@\t\uff1d\uff0b\uff0d\uff20"
    csv_cells = cells(world.asker.get(f"{name}.csv"), tmp_path)
    xlsx_cells = cells(world.asker.get(f"{name}.xlsx"), tmp_path)  # refuses formulas
    flat_csv = [cell for row in csv_cells for cell in row]
    flat_xlsx = [cell for row in xlsx_cells for cell in row]
    assert not [cell for cell in flat_csv if cell[:1] and cell[0] in marked]
    for text in expected:
        assert (f"'{text}" if text[0] in marked else text) in flat_csv
        assert text in flat_xlsx
    assert len(csv_cells) == len(xlsx_cells)


def test_hostile_words_are_texts_on_every_page(world: World) -> None:
    items = world.engine.flow.items.list()
    own = [f"item-{item.number}.html" for item in items]
    asker = world.asker.acting_as(world.engine.operator.id)
    pages = [name for name in addresses(world) if name.endswith(".html")]
    seen = 0
    for address in (*pages, *own, "todo.html", "proposals.html"):
        answer = asker.get(address)
        raw = answer.body.decode()
        assert not re.search("<script|<img|javascript:[^a]", raw), address
        assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069]", raw), address
        assert not re.search("(href|src)=.?javascript", raw), address
        seen += HOSTILE[0] in answer.text
    assert seen > len(HOSTILE)  # they do stand there


@settings(deadline=None)
@given(
    st.sampled_from(sorted(LISTINGS)),
    st.dictionaries(
        st.sampled_from(
            ["state", "unit", "text", "stars", "due", "period", "limit", "page", "after",
             "item", "channel", "order", "kind", "person", "numbers", "skip", "x"]
        ),
        st.text(max_size=30),
        max_size=5,
    ),
)  # fmt: skip
def test_no_query_of_a_list_breaks_its_page_or_its_file(
    world: World, name: str, query: dict[str, str]
) -> None:
    encoded = urlencode(query, errors="replace")
    # Who follows changes sees where they are sent; the auditor sees the other lists.
    followed = name in {"deliveries", "destinations"}
    asker = world.asker.acting_as("office-1" if followed else "auditor-1")
    page = asker.get(f"{name}.html?{encoded}")
    file = asker.get(f"{name}.csv?{encoded}")
    assert page.status in {200, 400}
    assert file.status == page.status


def test_the_file_of_a_page_has_the_tables_that_the_page_shows(
    world: World, tmp_path: Path
) -> None:
    for name in ("month-2023-12", "services-2023"):
        page = world.asker.get(f"{name}.html")
        assert f'href="{name}.xlsx"' in page.text
        book = cells(world.asker.get(f"{name}.xlsx"), tmp_path)
        whole = cells(world.asker.get(f"{name}.csv"), tmp_path)
        heads = re.findall(r"<thead>.*?</thead>", page.text, re.DOTALL)
        assert heads
        for row in book:
            assert row[0] in page.text
        assert [row for row in whole if row == book[0]]


@pytest.mark.parametrize(
    "name",
    [
        "名册.html",
        "../../etc/passwd",
        "a\r\nSet-Cookie: x=1.csv",
        'a"; filename="b.exe',
        "\u202egnp.exe",
        "..",
        "",
        "长" * 500 + ".xlsx",
        "COM1\x00.txt",
        "\ud800.txt",
    ],
)
def test_a_file_is_kept_under_a_safe_name_and_never_shown(name: str) -> None:
    answer = download(b"<script>1</script>", name, "application/octet-stream")
    shown = answer.headers["content-disposition"]
    assert shown.isascii()
    assert shown.isprintable()
    match = re.fullmatch(
        r"attachment; filename=\"([^\"]*)\"; filename\*=UTF-8''([!-~]*)", shown
    )
    assert match is not None
    for kept in (match[1], unquote(match[2])):
        assert kept
        assert kept.strip(". ") == kept
        assert not re.search(r"[/\\\"\r\n\x00\u202e]", kept)
        assert len(kept) <= 100


def test_an_attachment_is_downloaded_whole_and_never_runs(world: World) -> None:
    address = f"attachment-{world.number}-{world.digest}"
    answer = world.asker.get(address)
    assert answer.body == b"<script>1</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert quote("名册.html") in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]
    leads = f'<a href="{address}">名册.html</a>'
    assert leads in world.asker.get(f"item-{world.number}.html").text
    assert world.asker.get(address[:-1] + "0").status == 404
    other = f"attachment-{world.edited}-{world.digest}"
    assert world.asker.get(other).status == 404  # it is another item's


def test_the_minutes_of_a_meeting_are_linked_and_downloaded(world: World) -> None:
    held = world.engine.flow.meetings.list(state=MeetingState.CLOSED)[0]
    (minutes,) = world.engine.flow.items.attachments(held.key)
    _, number = StreamKind.parse(held.key)
    address = f"meeting-file-{number}-{minutes.digest}"
    leads = f'<a href="{address}">{minutes.name}</a>'
    assert leads in world.asker.get(f"meeting-{number}.html").text
    assert world.asker.get(address).body == world.engine.flow.items.attached(
        minutes.digest
    )
    assert world.asker.get(address[:-1] + "g").status == 404
